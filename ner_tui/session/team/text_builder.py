"""An annotator's document, put together of many sentences at a time."""

from __future__ import annotations

import numpy as np

from ner_tui.domain.evaluation.labelled_texts import Flags, LabelledText, Numbers, WordNote, WordRows
from ner_tui.domain.packing import PackedSentences, unpack_edges


class TextBuilder:
    """A document that is read."""

    def __init__(self, name: str, *, only_confirmed: bool) -> None:
        self._name = name
        self._only_confirmed = only_confirmed
        self._characters: list[str] = []
        self._lengths: list[Numbers] = []
        self._sentences: list[Numbers] = []
        self._spans: list[Numbers] = []
        self._counts: list[Flags] = []
        self._notes: list[WordNote] = []
        self._words = 0

    @property
    def has_words(self) -> bool:
        """Whether there is anything to measure."""
        return self._words > 0

    def add(self, packed: PackedSentences, labels: dict[str, int]) -> None:
        """Add sentences."""
        words = np.array(packed.words, np.int64)
        starts, ends = _edges(packed, words)
        self._characters.append(_characters(packed, starts, ends))
        self._lengths.append(ends - starts)
        self._sentences.append(np.cumsum(words) + self._words)
        self._counts.append(np.repeat(self._confirmed(packed), words))
        spans = sorted(packed.spans)
        for span in packed.spans:
            if span[2] not in labels:
                labels[span[2]] = len(labels)
        places = np.array([(span[0], span[1]) for span in spans], np.int64).reshape(len(spans), 2)
        first = np.searchsorted(ends, places[:, 0], side="right")
        last = np.searchsorted(starts, places[:, 1], side="left")
        numbers = np.array([labels[span[2]] for span in spans], np.int64)
        self._spans.append(np.stack([first + self._words, last + self._words, numbers], axis=1))
        for note in packed.notes:
            begin = int(np.searchsorted(ends, note.start, side="right"))
            behind = int(np.searchsorted(starts, note.end, side="left"))
            self._notes.append((begin + self._words, max(behind, begin + 1) + self._words, note.text))
        self._words += len(starts)

    def add_rows(self, rows: WordRows, labels: dict[str, int]) -> None:
        """Add sentences of a file, in which everything counts."""
        self._characters.append(rows.characters)
        self._lengths.append(rows.lengths)
        self._sentences.append(rows.sentence_ends + self._words)
        self._counts.append(np.ones(len(rows.lengths), np.bool_))
        numbers = np.zeros(len(rows.labels), np.int64)
        # Labels are numbered in the order in which they are met.
        for label in dict.fromkeys(rows.spans[:, 2].tolist()):
            numbers[label] = labels.setdefault(rows.labels[label], len(labels))
        self._spans.append(np.column_stack([rows.spans[:, :2] + self._words, numbers[rows.spans[:, 2]]]))
        self._words += len(rows.lengths)

    def built(self) -> LabelledText:
        """Return the document, which has words. A note that no word follows is on the last one."""
        spans = np.concatenate(self._spans)
        return LabelledText(
            self._name,
            "".join(self._characters),
            np.cumsum(np.concatenate(self._lengths)),
            np.concatenate(self._sentences),
            spans[spans[:, 1] > spans[:, 0]],
            np.concatenate(self._counts),
            tuple((min(first, self._words - 1), min(last, self._words), note) for first, last, note in self._notes),
        )

    def _confirmed(self, packed: PackedSentences) -> Flags:
        if not self._only_confirmed:
            return np.ones(len(packed), np.bool_)
        confirmed = {start for start, status, _ in packed.states if status == "confirmed"}
        return np.array([start in confirmed for start in packed.starts], np.bool_)


def _edges(packed: PackedSentences, words: Numbers) -> tuple[Numbers, Numbers]:
    """Return where the words of sentences start and end in the document's text."""
    if any(each[:1] != b"\0" for each in packed.tokens):
        edges = [
            edge
            for tokens, start in zip(packed.tokens, packed.starts, strict=True)
            for edge in unpack_edges(tokens, start)
        ]
        found = np.array(edges, np.int64)
        return found[0::2], found[1::2]
    steps = np.frombuffer(b"".join([each[1:] for each in packed.tokens]), np.uint8)
    found = np.cumsum(steps, dtype=np.int64)
    # Each sentence's steps begin at its own start.
    before = np.concatenate(([0], np.cumsum(2 * words)[:-1]))
    passed = np.concatenate(([0], found))[before]
    found = found + np.repeat(np.array(packed.starts, np.int64) - passed, 2 * words)
    return found[0::2], found[1::2]


def _characters(packed: PackedSentences, starts: Numbers, ends: Numbers) -> str:
    """Return the characters of all words of sentences, which start and end there in the document's text."""
    text = "".join(packed.texts)
    bounds = np.zeros(len(text) + 1, np.int8)
    bounds[starts - packed.starts[0]] += 1
    # A word may start where another ends.
    bounds[ends - packed.starts[0]] -= 1
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return characters[np.cumsum(bounds[:-1]) > 0].tobytes().decode("utf-32-le", "surrogatepass")
