"""Standing: the sentences that are to be in a source, beside those that are there, to tell which stay as they are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ner_tui.domain.schemes import EDGE, CannotEncode, TagSpan, decode, encode
from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.columns.assembly import EMPTY_WORD, SentenceLines
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.places import places


class Expected:
    """The sentences that are to be in a source, in its order."""

    def __init__(self, path: str, items: Iterable[StreamItem], scheme: str) -> None:
        """Take them.

        Args:
            path: of the source, for errors.
            items: sentences without a word do not count.
            scheme: of the source's tags.
        """
        self._path = path
        self._scheme = scheme
        self._held = deque[tuple[AnnotatedSentence, list[str]]]()
        self._items = _with_words(items)

    def next(self, block: SentenceLines) -> list[TagSpan]:
        """Return the spans that the next sentence is to have, the one in ``block``.

        Raises:
            FormatError: it is another one.
        """
        words = [word or EMPTY_WORD for word in block.words] if "" in block.words else block.words
        item, expected = self._held.popleft() if self._held else next(self._items, (None, None))
        if item is None or expected != words:
            raise FormatError(self._path, block.lines[0], "another sentence stands here: the file has changed")
        return list(places(item, words))

    def stands(self, run: SentenceBatch) -> bool:
        """Pass over the sentences of a run if all are as they are to be; otherwise pass over none."""
        self._held.extend(islice(self._items, max(0, run.sentences - len(self._held))))
        words, spans = list[str](), list[TagSpan]()
        for item, some in islice(self._held, run.sentences):
            at = len(words)
            spans += [TagSpan(start + at, end + at, label) for start, end, label in places(item, some)]
            words += some
            words.append("")
        if words != run.words or not (self._as_written(run, spans) or decode(run.tags) == spans):
            return False
        for _ in range(run.sentences):
            self._held.popleft()
        return True

    def _as_written(self, run: SentenceBatch, spans: Sequence[TagSpan]) -> bool:
        """Whether the tags are those that we would write; nearly all are, and that is soon told."""
        try:
            tags = encode(spans, len(run.words), self._scheme)
        except CannotEncode:
            return False
        for _, end, _ in run.bounds():
            tags[end] = EDGE
        return tags == run.tags

    def is_over(self) -> bool:
        """Whether there are no more."""
        return not self._held and next(self._items, None) is None


def _with_words(items: Iterable[StreamItem]) -> Iterator[tuple[AnnotatedSentence, list[str]]]:
    for item in items:
        if isinstance(item, AnnotatedSentence) and (words := item.sentence.words):
            yield item, words


def blocks_of(run: SentenceBatch) -> Iterator[SentenceLines]:
    """Yield the sentences of a run."""
    for first, last, line in run.bounds():
        yield SentenceLines(run.words[first:last], run.tags[first:last], range(line, line + last - first))
