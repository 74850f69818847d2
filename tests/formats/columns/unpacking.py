"""What comes many sentences at a time, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import PackedSentences, pack_tokens, unpack_tokens
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, StreamItem


def unpacked(items: Iterable[StreamItem | PackedSentences]) -> Iterator[StreamItem]:
    """Yield what ``read_packed`` does as ``read`` yields it, and check what is kept beside the sentences."""
    for item in items:
        if isinstance(item, PackedSentences):
            yield from _sentences(item)
        else:
            yield item


def _sentences(packed: PackedSentences) -> Iterator[AnnotatedSentence]:
    assert not packed.states
    assert not packed.notes
    spans = list(packed.spans)
    for start, text, tokens, words, line in zip(
        packed.starts, packed.texts, packed.tokens, packed.words, packed.lines, strict=True
    ):
        sentence = Sentence(start, text, unpack_tokens(tokens, start), line)
        assert len(sentence.tokens) == words
        assert pack_tokens(sentence.tokens, start) == tokens
        own: list[Span] = []
        while spans and spans[0].start < sentence.end:
            span = spans.pop(0)
            assert text[span.start - start : span.end - start] == span.text
            own.append(Span(span.start, span.end, span.label))
        yield AnnotatedSentence(sentence, tuple(own))
    assert not spans
