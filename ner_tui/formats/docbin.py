"""spaCy DocBin: what ``spacy train`` reads and ``spacy convert`` writes, ``.spacy``; MessagePack packed by zlib.

No sample of it can be read by eye. As a table of MessagePack, before it is packed::

    {"version": "0.1", "attrs": [65, 67, 73, …], "tokens": a uint64 for each attribute of each token,
     "spaces": a byte for each token, "lengths": tokens of each document, "strings": ["Ada", "PER", …], "cats": […], …}

It is read and written by spaCy itself, an extra (``[spacy]``). Read: each document with its text, tokens (white space
left out), sentences if they are set, and entities. What is in no entity counts as none. Span groups, knowledge base ids
and the ids of entities are left out and told. Parts of speech, lemmas, parses, categories and data of the user's own
are lost where it becomes another format; where entities are changed in it, all that stays: see ``docbin_rewriting``.

Written: tokens, entities and sentences; decisions and open suggestions alike. ``spacy train config.cfg --paths.train
train.spacy`` takes it as it is. JSON of spaCy is read under the name ``spacy`` too: see ``spacy_json``.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.encodings import BINARY, HEAD, is_binary
from ner_tui.formats.files.source import Source
from ner_tui.formats.standoff.extras import require_extra, said_by
from ner_tui.formats.standoff.given_sentences import sentences_at
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, short_name
from ner_tui.formats.standoff.placing import read_marked
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents

if TYPE_CHECKING:
    from spacy.tokens import Doc

JSON = "spacy-jsonl"
"""The format of spaCy's JSON."""
_ATTRS = ("ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "SENT_START")
_TOKEN_ATTRS = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD")
"""What tokens may have besides those."""
_MOST_TIMES = 1000
"""How many times its own size what is packed may hold, and as many megabytes in any case."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a file that begins as one; see ``base.Format.infer``.

    Raises:
        InputError: also where spaCy is not installed.
    """
    head = next(source.chunks(), "")[:HEAD]
    if head.lstrip()[:1] in ("{", "[") and sure:
        from ner_tui.formats.records import spacy_json

        return spacy_json.infer(source, JSON, sure=True)
    if source.encoding != BINARY or not is_binary(head.encode(BINARY)):
        if sure:
            raise FormatError(source.path, 1, f"this is no DocBin of spaCy: write it anew, or name it --from {JSON}")
        return None
    require_extra("spacy", "spacy", f"{source.path} is a DocBin of spaCy")
    return Inference(name, f"{source.path}: read as {name}, a DocBin of spaCy")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each of its documents; see ``base.Format.read``."""
    return read_marked(source, inference, lambda: _texts(source))


def _texts(source: Source) -> Iterator[MarkedText]:
    return (marked_of(source.path, doc) for doc in opened(source)[1])


def opened(source: Source) -> tuple[Any, list[Doc]]:
    """Return a ``DocBin`` and its documents.

    Raises:
        FormatError: it is broken.
    """
    packed = source.text.encode(BINARY)
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed, max(1 << 26, _MOST_TIMES * len(packed)))
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise FormatError(source.path, 1, "this is no whole DocBin, or it holds too much for its size")
        tokens = import_spacy().tokens
        box = tokens.DocBin(store_user_data=True).from_bytes(packed)
        return box, list(box.get_docs(import_spacy().vocab.Vocab()))
    except FormatError:
        raise
    except Exception as error:  # spaCy has no errors of its own for what is broken
        raise FormatError(source.path, 1, f"this is no whole DocBin of spaCy: {said_by(error)}") from error


def left_out(source: Source, inference: Inference) -> list[str]:
    """Return what the documents have that is no annotation of entities, in a phrase; see ``base.Format.left_out``."""
    box, docs = opened(source)
    names = {number: name for name, number in sys.modules["spacy.attrs"].IDS.items()}
    columns = [names.get(number, "") for number in box.attrs]
    found = {columns[at] for rows in box.tokens for at in rows.any(axis=0).nonzero()[0]}
    rest = [name for name in _TOKEN_ATTRS if name in found]
    rest += [name for name in ("cats", "user_data") if any(getattr(doc, name) for doc in docs)]
    return [", ".join(rest)] if rest else []


def marked_of(path: str, doc: Doc) -> MarkedText:
    """Return the text of a document of spaCy with its entities, and what of it is left out."""
    text = str(doc.text)
    marked = MarkedText(1, text, [], origin="tokens")
    marked.tokens = [Token(token.idx, token.idx + len(token)) for token in doc if len(token)]
    if doc.has_annotation("SENT_START"):
        starts = [token.idx for token in doc if token.is_sent_start]
        marked.sentences = sentences_at([0, *starts], text, marked.tokens)
    for entity in doc.ents:
        if not entity.label_.strip():
            marked.problems.append((1, f"an entity without a label, at {entity.start_char}, is left out"))
            continue
        marked.marks.append(OffsetSpan(entity.start_char, entity.end_char, entity.label_, 1, entity.text))
        if entity.kb_id_ or entity.ent_id_:
            what = entity.kb_id_ or entity.ent_id_
            marked.problems.append((1, f"the id {short_name(what)} of {short_name(entity.label_)} is left out"))
    for name, group in doc.spans.items():
        if len(group):
            marked.problems.append((1, f"left out: {counted(len(group), 'span')} of the group {short_name(str(name))}"))
    return marked


def import_spacy() -> Any:
    """Return the package, without torch, which it would load where that is installed: seconds, for nothing here."""
    import importlib

    hidden = "torch" not in sys.modules
    if hidden:
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("spacy.tokens")
        importlib.import_module("spacy.vocab")
        return sys.modules["spacy"]
    finally:
        if hidden:
            del sys.modules["torch"]


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write all documents when the last is complete, a character for each byte; scheme and separator do not count.

    Raises:
        InputError: also where spaCy is not installed.
    """
    require_extra("spacy", "spacy", f"{options.fmt} is written by spaCy itself")
    spacy = import_spacy()
    vocabulary = spacy.vocab.Vocab()
    box = spacy.tokens.DocBin(attrs=_ATTRS)
    for document in documents(items):
        box.add(doc_of(document, options, spacy.tokens, vocabulary))
    out.write(box.to_bytes().decode(BINARY))


def doc_of(document: WholeDocument, options: WriteOptions, tokens: Any, vocabulary: Any) -> Doc:
    """Return a document as one of spaCy.

    Args:
        document: its decisions and suggestions are entities alike.
        options: what is told where spaCy has tokens that are none here.
        tokens: the module ``spacy.tokens``.
        vocabulary: the ``Vocab`` that the document belongs to.
    """
    text = document.text
    words, spaces, starts = list[str](), list[bool](), list[bool]()
    firsts = {item.sentence.tokens[0].start for item in document.sentences if item.sentence.tokens}
    index: dict[int, int] = {}
    end = 0
    for token in [*document.tokens, Token(len(text), len(text))]:
        gap = text[end : token.start]
        # A space after a token is its own; whatever else stands between two is a token for spaCy.
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            if not gap.isspace():
                _tell_gap(document.name, gap, options)
            words.append(gap)
            spaces.append(False)
            starts.append(False)
        end = token.end
        if token.start < token.end:
            index[token.start] = len(words)
            words.append(text[token.start : token.end])
            spaces.append(False)
            starts.append(token.start in firsts)
    doc: Doc = tokens.Doc(vocabulary, words=words, spaces=spaces, sent_starts=_known(starts))
    edges = {token.end: index[token.start] + 1 for token in document.tokens}
    doc.set_ents([tokens.Span(doc, index[each.start], edges[each.end], label=each.label) for each in document.spans])
    return doc


def _known(starts: Sequence[bool]) -> list[bool]:
    """Return where sentences start, the first at the first token, be that white space."""
    first = starts.index(True) if True in starts else 0
    return [at == 0 or (begins and at != first) for at, begins in enumerate(starts)]


def _tell_gap(name: str, gap: str, options: WriteOptions) -> None:
    reason = f"{gap!r} is in no token here, and a token in spaCy"
    if options.lossy is None:
        raise FormatError(name, 1, reason)
    options.lossy(f"{name}: {reason}")
