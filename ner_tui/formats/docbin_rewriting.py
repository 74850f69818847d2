"""A DocBin written again with other entities: whatever else its documents hold stays.

Documents, their order, tokens, attributes, categories, span groups and data of the user's own are those of the file; so
are entities that did not change, with their ids. Where no entity changes it is the same bytes, unless a person has
confirmed a document of which it was not known what is in no entity.
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
    from spacy.tokens import Doc


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
    if before == after and (doc.has_annotation("ENT_IOB") or not is_known):
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
    doc.set_ents(kept)
    return True
