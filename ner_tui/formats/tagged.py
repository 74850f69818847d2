"""What the writers of spans share: a stream's sentences with their spans, as token positions or offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence


def written_spans(item: AnnotatedSentence) -> list[Span]:
    """Return what is exported of a sentence, ascending: decisions and open suggestions."""
    return sorted([*item.spans, *(suggestion.span for suggestion in item.suggestions)])


def tag_spans(item: AnnotatedSentence) -> list[TagSpan]:
    """Return the exported spans as positions in ``item.sentence.tokens``.

    Raises:
        ValueError: a span does not begin and end with a token of the sentence.
    """
    spans = written_spans(item)
    if not spans:
        return []
    starts = {token.start: at for at, token in enumerate(item.sentence.tokens)}
    ends = {token.end: at + 1 for at, token in enumerate(item.sentence.tokens)}
    try:
        return [TagSpan(starts[span.start], ends[span.end], span.label) for span in spans]
    except KeyError as error:
        raise ValueError(f"offset {error} is no edge of a token") from None


def offset_spans(spans: Iterable[TagSpan], tokens: Sequence[Token]) -> tuple[Span, ...]:
    """Return spans over tokens as spans of the text; the inverse of ``tag_spans``."""
    return tuple(Span(tokens[span.start].start, tokens[span.end - 1].end, span.label) for span in spans)
