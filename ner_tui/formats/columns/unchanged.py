"""Which sentences of a file stay as they are: those that it is to have, compared with those that it has."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ner_tui.domain.schemes import EDGE, CannotEncode, TagSpan, decode, encode
from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.columns.assembly import EMPTY_WORD, SentenceLines
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.tagged import word_spans


class ExpectedSentences:
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

    def next(self, sentence: SentenceLines) -> list[TagSpan]:
        """Return the spans that the next sentence is to have, the one in ``sentence``.

        Raises:
            FormatError: it is another one.
        """
        words = [word or EMPTY_WORD for word in sentence.words] if "" in sentence.words else sentence.words
        item, expected = self._held.popleft() if self._held else next(self._items, (None, None))
        if item is None or expected != words:
            raise FormatError(self._path, sentence.lines[0], "another sentence stands here: the file has changed")
        return list(word_spans(item, words))

    def skip_unchanged(self, batch: SentenceBatch) -> bool:
        """Pass over the sentences of a batch if all are as they are to be; otherwise pass over none."""
        self._held.extend(islice(self._items, max(0, batch.sentences - len(self._held))))
        words, spans = list[str](), list[TagSpan]()
        for item, some in islice(self._held, batch.sentences):
            at = len(words)
            spans += [TagSpan(start + at, end + at, label) for start, end, label in word_spans(item, some)]
            words += some
            words.append("")
        if words != batch.words or not (self._is_as_we_write(batch, spans) or decode(batch.tags) == spans):
            return False
        for _ in range(batch.sentences):
            self._held.popleft()
        return True

    def _is_as_we_write(self, batch: SentenceBatch, spans: Sequence[TagSpan]) -> bool:
        """Whether the tags are those that we would write; nearly all are, and that is quickly seen."""
        try:
            tags = encode(spans, len(batch.words), self._scheme)
        except CannotEncode:
            return False
        for _, end, _ in batch.bounds():
            tags[end] = EDGE
        return tags == batch.tags

    def is_over(self) -> bool:
        """Whether there are no more."""
        return not self._held and next(self._items, None) is None


def _with_words(items: Iterable[StreamItem]) -> Iterator[tuple[AnnotatedSentence, list[str]]]:
    for item in items:
        if isinstance(item, AnnotatedSentence) and (words := item.sentence.words):
            yield item, words


def unpacked(batch: SentenceBatch) -> Iterator[SentenceLines]:
    """Yield the sentences of a batch."""
    for first, last, line in batch.bounds():
        yield SentenceLines(batch.words[first:last], batch.tags[first:last], range(line, line + last - first))
