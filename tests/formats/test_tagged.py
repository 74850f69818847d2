"""Spans as positions among words, found by counting spaces or token by token: the same either way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats.tagged import tag_spans, word_spans, word_spans_by_spaces


@st.composite
def annotated(draw: st.DrawFn) -> AnnotatedSentence:
    """Draw a sentence, nearly always with one space between words, and spans that fit and do not fit its words."""
    start = draw(st.integers(0, 3))
    tokens, text = list[Token](), ""
    for _ in range(draw(st.integers(1, 5))):
        word = draw(st.sampled_from(["a", "bc", "def", "a b"]))
        tokens.append(Token(start + len(text), start + len(text) + len(word)))
        text += word + draw(st.sampled_from([" ", " ", " ", "  ", ""]))
    text = draw(st.sampled_from([text, text.rstrip(" ") + "\n"]))
    edges = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(1, 6)), max_size=3))
    spans = [Span(start + at, start + at + size, "X") for at, size in edges]
    whole = draw(st.lists(st.tuples(st.sampled_from(tokens), st.sampled_from(tokens)), max_size=3))
    spans += [Span(first.start, last.end, "Y") for first, last in whole if first.start < last.end]
    return AnnotatedSentence(Sentence(start, text, tuple(tokens)), tuple(sorted(spans)))


@given(annotated())
def test_spans_are_where_their_tokens_are(item: AnnotatedSentence) -> None:
    try:
        expected = tag_spans(item)
    except ValueError:
        with pytest.raises(ValueError, match="is no edge of a token"):
            word_spans(item, item.sentence.words)
    else:
        assert list(word_spans(item, item.sentence.words)) == expected


def test_spaces_are_counted_only_where_they_tell() -> None:
    """Not where something else stands between words, where a span cuts a word, and where two overlap."""

    def found(text: str, *spans: Span) -> list[TagSpan] | None:
        tokens = (Token(4, 7), Token(8, 12))
        item = AnnotatedSentence(Sentence(4, text, tokens), spans)
        return word_spans_by_spaces(item, item.sentence.words)

    ada, both = Span(4, 7, "PER"), Span(4, 12, "LOC")
    assert found("Ada left\n", ada) == [TagSpan(0, 1, "PER")]
    assert found("Ada left", both) == [TagSpan(0, 2, "LOC")]
    assert found("Ada\tleft\n", ada) is None
    assert found("Ada left\n", Span(4, 6, "PER")) is None
    assert found("Ada left\n", Span(8, 13, "PER")) is None
    assert found("Ada left\n", ada, both) is None
