"""Places: the spans of a sentence as positions among its words, without a look at its tokens where that can be."""

from __future__ import annotations

from collections.abc import Sequence

from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats.tagged import tag_spans, written_spans


def places(item: AnnotatedSentence, words: Sequence[str]) -> Sequence[TagSpan]:
    """Return the exported spans as positions in ``words``, those of the sentence; see ``tag_spans``.

    Raises:
        ValueError: a span does not begin and end with a token of the sentence.
    """
    if not item.spans and not item.suggestions:
        return ()
    found = places_by_spaces(item, words)
    return tag_spans(item) if found is None else found


def places_by_spaces(item: AnnotatedSentence, words: Sequence[str]) -> list[TagSpan] | None:
    """Return the same from the number of spaces before each span.

    None where something else than one space stands between words, a span cuts a word, or two overlap.
    """
    text, before = item.sentence.text.removesuffix("\n"), item.sentence.start
    if text.split(" ") != words:
        return None
    # Each word has a space before it now, and the offset of that is the word's in the text.
    text, size = f" {text} ", len(text)
    spans, at, passed = list[TagSpan](), 0, 0
    for span in written_spans(item):
        start, end = span.start - before, span.end - before
        if not (at <= start and end <= size and text[start] == " " == text[end + 1]):
            return None
        first = passed + text.count(" ", at, start)
        at, passed = end + 1, first + text.count(" ", start, end + 1)
        spans.append(TagSpan(first, passed, span.label))
    return spans
