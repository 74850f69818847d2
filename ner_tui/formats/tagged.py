"""The spans of a sentence that are exported, as offsets in the text and as positions among the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ner_tui.domain.annotation.combining import likeliest
from ner_tui.domain.schemes import CannotEncode, TagSpan, encode, merged
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import FormatError


def exported_spans(item: AnnotatedSentence) -> list[Span]:
    """Return decisions and open suggestions, of several models the likeliest, ascending."""
    if not item.suggestions:
        return sorted(item.spans)
    return sorted([*item.spans, *(suggestion.span for suggestion in likeliest(item.suggestions))])


def word_spans(item: AnnotatedSentence, words: Sequence[str]) -> Sequence[TagSpan]:
    """Return the exported spans as positions in ``words``, those of the sentence.

    Millions of sentences pass here: a look at the tokens, which takes longer, is for those that need it.

    Raises:
        ValueError: a span does not begin and end with a token of the sentence.
    """
    if not item.spans and not item.suggestions:
        return ()
    found = word_spans_by_spaces(item, words)
    return tag_spans(item) if found is None else found


def word_spans_by_spaces(item: AnnotatedSentence, words: Sequence[str]) -> list[TagSpan] | None:
    """Return the same from the number of spaces before each span.

    None where something else than one space stands between words, a span cuts a word, or two overlap.
    """
    text, before = item.sentence.text.removesuffix("\n"), item.sentence.start
    if text.split(" ") != words:
        return None
    # Each word has a space before it now, and the offset of that is the word's in the text.
    text, size = f" {text} ", len(text)
    spans, at, passed = list[TagSpan](), 0, 0
    for span in exported_spans(item):
        start, end = span.start - before, span.end - before
        if not (at <= start and end <= size and text[start] == " " == text[end + 1]):
            return None
        first = passed + text.count(" ", at, start)
        at, passed = end + 1, first + text.count(" ", start, end + 1)
        spans.append(TagSpan(first, passed, span.label))
    return spans


def tag_spans(item: AnnotatedSentence) -> list[TagSpan]:
    """Return the exported spans as positions in ``item.sentence.tokens``.

    Raises:
        ValueError: a span does not begin and end with a token of the sentence.
    """
    if not item.spans and not item.suggestions:
        return []
    starts, ends = token_edges(item)
    try:
        return [TagSpan(starts[span.start], ends[span.end], span.label) for span in exported_spans(item)]
    except KeyError as error:
        raise ValueError(f"offset {error} is no edge of a token") from None


def token_edges(item: AnnotatedSentence) -> tuple[dict[int, int], dict[int, int]]:
    """Return which token begins at an offset, and behind how many tokens an offset is that ends one."""
    tokens = item.sentence.tokens
    return {token.start: at for at, token in enumerate(tokens)}, {token.end: at for at, token in enumerate(tokens, 1)}


def text_spans(spans: Iterable[TagSpan], tokens: Sequence[Token]) -> tuple[Span, ...]:
    """Return spans over tokens as spans of the text; the inverse of ``tag_spans``."""
    return tuple(Span(tokens[span.start].start, tokens[span.end - 1].end, span.label) for span in spans)


def encode_or_merge(
    spans: Sequence[TagSpan], size: int, scheme: str, path: str, line: int, report: Callable[[str], None] | None
) -> list[str]:
    """Return the tags of a sentence of ``size`` words; two spans that the scheme cannot keep apart become one.

    Args:
        report: takes a sentence for each pair that becomes one; None: such a pair is an error.

    Raises:
        FormatError: see ``report``.
    """
    try:
        return encode(spans, size, scheme)
    except CannotEncode as error:
        if report is None:
            raise cannot_encode(path, line, error) from error
        report(f"{path}:{line}: {error}: they become one")
        return encode(merged(spans), size, scheme)


def cannot_encode(path: str, line: int, error: CannotEncode) -> FormatError:
    """Return the error for a sentence whose spans a scheme has no tags for."""
    return FormatError(path, line, f"{error}: choose another --scheme")
