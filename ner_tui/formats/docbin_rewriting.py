"""A DocBin written again with other entities: whatever else its documents hold stays.

Documents, their order, tokens, attributes, categories, span groups and data of the user's own are those of the file; so
are entities that did not change, with their ids, and tokens of which the file says that none may be there. Where some
tokens are known to be in no entity and others are not, these stay unknown until a person has confirmed the document.
Where no entity changes it is the same bytes, unless such a document was confirmed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import docbin
from ner_tui.formats.base import Inference
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.source import Source
from ner_tui.formats.standoff.offset_spans import short_name
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_BEGINS = 3
"""spaCy's number for the first token of an entity."""


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem]) -> Iterator[str]:
    """Yield the text of a source with the spans of ``new``; see ``rewriting``.

    Raises:
        FormatError: the documents are not those of the source, or a span is none of whole tokens.
    """
    box, docs = docbin.opened(source)
    read, wanted = _with_text(docbin.read(source, inference)), _with_text(new)
    changed = False
    for number, doc in enumerate((doc for doc in docs if doc.text.strip()), 1):
        before, after = next(read, None), next(wanted, None)
        if before is None or after is None or not before.text == after.text == doc.text:
            raise FormatError(source.path, 1, f"document {number:,} is another one: the file has changed")
        changed |= _change(source.path, doc, set(before.spans), set(after.spans), is_known=after.confirmed)
    if next(wanted, None) is not None:
        raise FormatError(source.path, 1, "documents are missing here: the file has changed")
    if not changed:
        yield from source.sections()
        return
    names = {number: name for name, number in sys.modules["spacy.attrs"].IDS.items()}
    attrs = [names[number] for number in box.attrs]
    # A file that was made without columns for entities has them from now on.
    attrs += [name for name in ("ENT_IOB", "ENT_TYPE") if name not in attrs]
    has_data = any(doc.user_data for doc in docs)
    again = docbin.import_spacy().tokens.DocBin(attrs=attrs, store_user_data=has_data, docs=docs)
    yield again.to_bytes().decode(BINARY)


def _with_text(items: Iterable[StreamItem]) -> Iterator[WholeDocument]:
    return (document for document in documents(items, whole=True) if document.text.strip())


def _change(path: str, doc: Doc, before: set[Span], after: set[Span], *, is_known: bool) -> bool:
    """Give a document other entities, and return whether it needed that.

    Args:
        is_known: whether a person has looked at all of it, so that what is in no entity is known to be in none.
    """
    is_partial = any(not token.ent_iob for token in doc)
    if before == after and not (is_partial and is_known):
        return False
    touched = before ^ after
    kept = [
        each for each in doc.ents if all(each.end_char <= span.start or span.end <= each.start_char for span in touched)
    ]
    for span in after - before:
        made = doc.char_span(span.start, span.end, label=span.label)
        if made is None:
            where = f"{short_name(span.label)} [{span.start}, {span.end})"
            raise FormatError(path, 1, f"{where} begins or ends within a token of spaCy: export with --to spacy-jsonl")
        kept.append(made)
    # What spaCy calls missing stays so where the file says it of some tokens only; a document without a word on
    # entities is taken as one in which they are now marked.
    stays = is_partial and not is_known and doc.has_annotation("ENT_IOB")
    taken = {token.i for span in kept for token in span}
    free = [doc[token.i : token.i + 1] for token in doc if token.i not in taken]
    gone = {token.i for span in doc.ents for token in span} - taken
    doc.set_ents(
        kept,
        blocked=[each for each in free if _is_blocked(each[0])],
        outside=[each for each in free if each.start in gone],
        default="unmodified" if stays else "outside",
    )
    return True


def _is_blocked(token: Token) -> bool:
    """Whether the file says that no entity may be there."""
    return bool(token.ent_iob == _BEGINS and not token.ent_type)
