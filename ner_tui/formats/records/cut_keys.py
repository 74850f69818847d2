"""Words and sentences in records that have a text: ``tokens`` and ``sents``, as spaCy's ``Doc.to_json`` has them.

Both are lists of objects with ``start`` and ``end``, code points of the text. What others keep under these keys in
another shape is metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from ner_tui.formats.records.records import SENTS, Record, are_ranges
from ner_tui.formats.standoff.cuts import sentences_differ, words_differ
from ner_tui.formats.standoff.given_sentences import sentences_at
from ner_tui.formats.standoff.offset_spans import MarkedText
from ner_tui.formats.standoff.whole_documents import WholeDocument


def read_sentences(marked: MarkedText, record: Record, value: Mapping[str, object]) -> None:
    """Give a text the sentences that are under ``sents`` in ``value``, if there are any."""
    if are_ranges(given := value.get(SENTS)):
        starts = [record.offsets(each, "a sentence")[0] for each in cast(list[object], given)]
        if (sentences := sentences_at(starts, marked.text, marked.tokens)) is not None:
            marked.sentences = [sentence._replace(status=marked.status) for sentence in sentences]


def read_cuts(marked: MarkedText, record: Record, value: Mapping[str, object]) -> None:
    """Give a text the words too, from a format that has none of its own: their offsets are ours, thus code points."""
    if are_ranges(given := value.get("tokens")):
        marked.origin = "tokens"
        marked.tokens = record.tokens_at(cast(list[object], given))
    marked.cuts_are_code_points = True
    read_sentences(marked, record, value)


def written_sentences(document: WholeDocument) -> dict[str, object]:
    """Return the sentences of a document as keys of a record with its tokens; none where they would be found."""
    return {SENTS: _ranges(_sentences(document))} if sentences_differ(document) else {}


def written_cuts(document: WholeDocument) -> dict[str, object]:
    """Return the words and sentences of a document as keys of a record; none where they would be found."""
    if words_differ(document):
        return {"tokens": _ranges(document.tokens), SENTS: _ranges(_sentences(document))}
    return written_sentences(document)


def _sentences(document: WholeDocument) -> Iterable[tuple[int, int]]:
    return ((item.sentence.start, item.sentence.end) for item in document.sentences)


def _ranges(pairs: Iterable[tuple[int, int]]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in pairs]
