"""Blocks: all sentences in order, none too large, and cut by what stands before alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.blocks import BLOCK_WORDS, blocks, packed_blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence


def sentence(words: int) -> Sentence:
    return Sentence(0, "w " * words, tuple(Token(2 * i, 2 * i + 1) for i in range(words)))


@given(st.lists(st.integers(1, 2 * BLOCK_WORDS), max_size=12))
def test_blocks_hold_all_sentences_and_stay_small(sizes: list[int]) -> None:
    cut = list(blocks(map(sentence, sizes)))
    assert [len(s.tokens) for block in cut for s in block] == sizes
    for block in cut:
        assert block
        assert len(block) == 1 or sum(len(s.tokens) for s in block) <= BLOCK_WORDS


@given(st.lists(st.integers(1, 600), max_size=30), st.integers(1, 2_000))
def test_blocks_do_not_depend_on_what_follows(sizes: list[int], more: int) -> None:
    before = list(blocks(map(sentence, sizes)))[:-1]
    after = list(blocks(map(sentence, [*sizes, more])))
    assert after[: len(before)] == before


@given(st.lists(st.integers(1, 600), max_size=30))
def test_packed_sentences_are_cut_into_the_same_blocks(sizes: list[int]) -> None:
    cut = [len(block) for block in blocks(map(sentence, sizes))]
    assert [len(block) for block in packed_blocks(AnnotatedSentence(sentence(size)) for size in sizes)] == cut
