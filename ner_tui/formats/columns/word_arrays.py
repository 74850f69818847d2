"""Plain lines of columns as arrays: for who measures millions of words and has no use for each sentence (numpy).

A piece of a file is cut by where its line ends and separators are, and no object is made for a line of it. Which lines
hold no word is for ``sentence_reader`` to say; a piece with a word's line that is not plain, or with tags that break
the scheme, is read as ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ner_tui.domain.evaluation.labelled_texts import Flags, Numbers, WordRows
from ner_tui.domain.schemes import begins_span, objection, split_tag
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.column_layout import cut
from ner_tui.formats.columns.plain import may_be_plain, may_mislead, pieces, plain_batches
from ner_tui.formats.columns.sentence_batches import RowBatch, SentenceBatch
from ner_tui.formats.columns.sentence_reader import line_kind, read_sentences
from ner_tui.formats.columns.tag_numbers import LONGEST, Bytes, TagNumbers

if TYPE_CHECKING:
    from ner_tui.formats.base import Inference
    from ner_tui.formats.files.source import Source

_PIECE = 1 << 17
"""About how many characters are read at a time."""
_LINE_END, _SPACE, _TAB = b"\n \t"
_MAY_BE_NO_WORD = np.zeros(256, np.bool_)
_MAY_BE_NO_WORD[list(b"#-0")] = True
"""Whether a line that begins with a byte has to be looked at."""
_HIGHEST, _CONTINUES = 0xC0, 0x80
"""The highest two bits of a byte of UTF-8, and what they are where it goes on with a character."""


def read_sentences_or_rows(
    source: Source, inference: Inference
) -> Iterator[SentenceLines | DocumentMark | SentenceBatch | RowBatch]:
    """Yield what ``read_sentences`` does, plain lines as rows.

    Raises:
        FormatError: see ``read_sentences``.
    """
    if not may_be_plain(inference):
        yield from read_sentences(source, inference)
        return
    number, arrays = 1, WordArrays(inference)
    for section in source.sections():
        for piece in pieces(section.replace("\r\n", "\n") if source.newline == "\r\n" else section, _PIECE):
            found = arrays.rows(piece, number)
            if found is None:
                batches = plain_batches(inference)
                yield from read_sentences(source.with_text(piece), inference, batches, first_line=number)
            else:
                yield from found
            number += piece.count("\n")


class _Lines(NamedTuple):
    """A piece of a file, cut; comments are left out."""

    numbers: Numbers
    """Of the lines, counted from 0."""
    is_word: Flags
    """Whether a line is a word's; all others end a sentence."""
    marks: Numbers
    """Which of the lines begin documents."""
    words: tuple[Numbers, Numbers]
    """Where the words begin and end, in bytes."""
    tags: Numbers
    """The number of each line's tag, 0 where it has none."""


class WordArrays:
    """Reads the pieces of a file, one after the other."""

    def __init__(self, inference: Inference) -> None:
        """Take how the file is read: its lines may be plain."""
        self._inference = inference
        self._tags = TagNumbers()
        self._labels: dict[str, int] = {}

    def transitions(self, text: str) -> Counter[tuple[str, str]] | None:
        """Count the pairs of neighbouring tags of a piece, see ``schemes.transitions``, in the order of the first ones.

        Ends of sentences that touch are a transition too.

        Returns:
            None where the piece cannot be read so.
        """
        lines = self._cut(text, _bytes(text)) if self._inference.tag_column is not None else None
        if lines is None:
            return None
        pairs, names = _Pairs(lines.tags, len(self._tags.names)), self._names()
        found: Counter[tuple[str, str]] = Counter()
        for before, tag, number in pairs.different():
            found[names[before], names[tag]] += number
        return found

    def rows(self, text: str, number: int) -> Iterator[DocumentMark | RowBatch] | None:
        """Return the sentences and document marks of a piece; None where it cannot be read so.

        Args:
            text: ends with a sentence.
            number: of its first line, counted from 1.
        """
        raw = _bytes(text)
        lines = self._cut(text, raw)
        if lines is None:
            return None
        spans: Numbers | None = np.empty((0, 3), np.int64)
        if self._inference.scheme is not None and self._inference.tag_column is not None:
            spans = self._spans(lines.tags, self._inference.scheme)
        if spans is None:
            return None
        before = np.concatenate(([0], np.cumsum(lines.is_word)))
        spans[:, :2] = before[spans[:, :2]]
        lengths = lines.words[1] - lines.words[0]
        characters = _between(raw, *lines.words)
        if not text.isascii():
            passed = np.concatenate(([0], np.cumsum((raw & _HIGHEST) == _CONTINUES)))
            lengths -= passed[lines.words[1]] - passed[lines.words[0]]
        ends = before[np.append(np.flatnonzero(~lines.is_word), len(lines.is_word))]
        ends = ends[np.diff(ends, prepend=0) > 0]
        at_words = lines.numbers[lines.is_word] + number
        at_marks = (lines.numbers[lines.marks] + number).tolist()
        whole = WordRows(characters, lengths, ends, spans, tuple(self._labels))
        return _documents(whole, [0, *before[lines.marks].tolist(), len(lengths)], at_marks, at_words)

    def _cut(self, text: str, raw: Bytes) -> _Lines | None:
        """Return the lines of a piece; None where one that holds a word is not plain."""
        inference, tag_column = self._inference, self._inference.tag_column
        if may_mislead(text, inference) or "\0" in text or (self._separator == _SPACE and "\t" in text):
            return None
        ends = np.flatnonzero(raw == _LINE_END)
        starts = np.concatenate(([0], ends[:-1] + 1))
        separates = raw == self._separator
        is_word, kept, marks = starts < ends, np.ones(len(ends), np.bool_), list[int]()
        for at in np.flatnonzero(_MAY_BE_NO_WORD[raw[starts]]).tolist():
            line = _text(raw[starts[at] : ends[at]])
            kind = line_kind(line, cut(line, inference.separator), inference)
            if kind == "word":
                continue
            separates[starts[at] : ends[at]] = False
            is_word[at], kept[at] = False, kind != "comment"
            marks += [at] if kind == "mark" else []
        cells = self._cells(raw, starts[is_word], ends[is_word], np.flatnonzero(separates))
        numbers = self._tags.of(raw, *cells[tag_column]) if cells and tag_column is not None else None
        if cells is None or (numbers is None and tag_column is not None):
            return None
        tags = np.zeros(len(ends), np.int64)
        if numbers is not None:
            tags[is_word] = numbers
        at_marks = (np.cumsum(kept) - 1)[np.array(marks, np.int64)]
        return _Lines(np.flatnonzero(kept), is_word[kept], at_marks, cells[inference.word_column], tags[kept])

    @property
    def _separator(self) -> int:
        return _TAB if self._inference.separator == "\t" else _SPACE

    def _cells(
        self, raw: Bytes, starts: Numbers, ends: Numbers, separators: Numbers
    ) -> list[tuple[Numbers, Numbers]] | None:
        """Return where the cells of each column begin and end; None where a line has others than plain ones have."""
        (width,) = self._inference.columns
        if len(separators) != len(starts) * (width - 1):
            return None
        between = separators.reshape(len(starts), width - 1).T
        cells = list(zip([starts, *(between + 1)], [*between, ends], strict=True))
        if not all((first < last).all() for first, last in cells):
            return None
        if self._separator == _TAB:
            tag = self._inference.tag_column
            # No cell begins with a blank, and those behind a tag are none of it.
            if any((raw[first] == _SPACE).any() for first, _ in cells):
                return None
            if tag is not None and (raw[cells[tag][1] - 1] == _SPACE).any():
                return None
        return cells

    def _spans(self, tags: Numbers, scheme: str) -> Numbers | None:
        """Return the spans over lines; None where tags break the scheme."""
        pairs, names = _Pairs(tags, len(self._tags.names)), self._names()
        begins = np.zeros(len(names) ** 2, np.bool_)
        for before, tag, _ in pairs.different():
            if objection(names[before], names[tag], scheme):
                return None
            begins[before * len(names) + tag] = begins_span(names[before], names[tag])
        labels = [split_tag(name)[1] for name in names]
        numbers = [self._labels.setdefault(label, len(self._labels)) if label else -1 for label in labels]
        found = np.array(numbers, np.int64)[tags]
        inside = np.flatnonzero(found >= 0)
        first = np.flatnonzero(begins[pairs.codes[inside]])
        last = np.append(first[1:], len(inside))[: len(first)] - 1
        return np.column_stack((inside[first], inside[last] + 1, found[inside[first]]))

    def _names(self) -> list[str]:
        """Return the tags as ``schemes.encode`` writes them, by number."""
        return [self._tags.names[0], *self._inference.spelling.normalised(self._tags.names[1:])]


class _Pairs:
    """The pairs of neighbouring tags, those of the edges included."""

    def __init__(self, tags: Numbers, kinds: int) -> None:
        self._kinds = kinds
        self.codes: Numbers = np.append(tags, 0) + kinds * np.concatenate(([0], tags))
        """A number for each pair, at its second tag."""

    def different(self) -> list[tuple[int, int, int]]:
        """Return the different ones with how often each occurs, in the order of the first ones."""
        counts = np.bincount(self.codes, minlength=self._kinds**2)
        first = np.zeros(self._kinds**2, np.int64)
        first[self.codes[::-1]] = np.arange(len(self.codes) - 1, -1, -1)
        found = np.flatnonzero(counts)
        found = found[np.argsort(first[found])]
        return [(*divmod(code, self._kinds), int(counts[code])) for code in found.tolist()]


def _documents(
    whole: WordRows, bounds: Sequence[int], at_marks: Sequence[int], at_words: Numbers
) -> Iterator[DocumentMark | RowBatch]:
    """Yield the parts of a piece.

    Args:
        whole: all of it.
        bounds: 0, how many words stand before each document mark, and how many there are.
        at_marks: the lines of the marks.
        at_words: the lines of the words.
    """
    edges = np.concatenate(([0], np.cumsum(whole.lengths)))[bounds].tolist()
    first_spans = np.searchsorted(whole.spans[:, 0], bounds).tolist()
    first_ends = np.searchsorted(whole.sentence_ends, bounds, side="right").tolist()
    for at, (first, behind) in enumerate(pairwise(bounds)):
        if at:
            yield DocumentMark(at_marks[at - 1])
        if first < behind:
            rows = WordRows(
                whole.characters[edges[at] : edges[at + 1]],
                whole.lengths[first:behind],
                whole.sentence_ends[first_ends[at] : first_ends[at + 1]] - first,
                whole.spans[first_spans[at] : first_spans[at + 1]] - (first, first, 0),
                whole.labels,
            )
            yield RowBatch(int(at_words[first]), rows)


def _bytes(text: str) -> Bytes:
    """Return a text as UTF-8, its last line ended, with as many NULs behind it as a tag is long."""
    encoded = text.encode("utf-8", "surrogatepass")
    return np.frombuffer(encoded + b"\n" * (not text.endswith("\n")) + bytes(LONGEST), np.uint8)


def _text(raw: Bytes) -> str:
    return raw.tobytes().decode("utf-8", "surrogatepass")


def _between(raw: Bytes, starts: Numbers, ends: Numbers) -> str:
    """Return what stands between starts and ends; something is between an end and the next start."""
    steps = np.zeros(len(raw), np.int8)
    steps[starts] = 1
    steps[ends] = -1
    return _text(raw[np.cumsum(steps, dtype=np.int8).view(np.bool_)])
