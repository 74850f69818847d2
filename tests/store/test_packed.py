"""Packed sentences: what is asked of one is what a sentence with its tokens says."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import pack_tokens
from ner_tui.domain.spans import Token
from ner_tui.store.packed import PackedSentence


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    """Draw a text of words and spaces, and tokens anywhere in it."""
    text = draw(st.text(st.sampled_from("ab  \n\t"), min_size=1, max_size=12))
    edges = sorted(draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8)))
    base = draw(st.integers(0, 3))
    tokens = [Token(base + start, base + end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return Sentence(base, text, tuple(tokens), draw(st.integers(1, 9)))


def of(text: str, *tokens: tuple[int, int], start: int = 0) -> Sentence:
    return Sentence(start, text, tuple(Token(*token) for token in tokens))


@given(sentences())
@example(of("Ada left\n", (5, 8), (9, 13), start=5))
@example(of("aa b cc", (0, 2), (4, 5), (5, 7)))
@example(of("a b c", (1, 2), (2, 3), (4, 5)))
@example(of("a\tb c", (0, 1), (2, 5)))
@example(of("w" * 300 + " a", (0, 300), (301, 302)))
@example(of("\n"))
def test_words_and_tokens_are_those_that_were_packed(sentence: Sentence) -> None:
    packed = PackedSentence(sentence.start, sentence.text, pack_tokens(sentence.tokens, sentence.start), sentence.line)
    assert packed.words == sentence.words
    assert packed.tokens == sentence.tokens
    assert packed.words == sentence.words
    assert (packed.start, packed.end, packed.text, packed.line) == (
        sentence.start, sentence.end, sentence.text, sentence.line,
    )  # fmt: skip
