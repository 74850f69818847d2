"""Blocks: all sentences in order, none too large, and cut by what stands before alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.blocks import (
    BLOCK_WORDS,
    LANDMARK_EVERY,
    LANDMARK_PARAGRAPHS,
    LANDMARK_QUIET,
    Landmarks,
    blocks,
    packed_blocks,
)
from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence

QUIET = LANDMARK_QUIET


def found(rest: int) -> str:
    """A sentence by its checksum."""
    return next(text for at in count() if crc32((text := f"s{at}").encode()) % LANDMARK_EVERY == rest)


PLAIN, MARKED, AFTER_BLANK_LINE = found(1), found(0), found(LANDMARK_PARAGRAPHS)


def landmarks(*texts: str) -> list[int]:
    """Which of a document's sentences are landmarks."""
    known = Landmarks()
    return [at for at, text in enumerate(texts) if known.is_next(text)]


def sentence(words: int) -> Sentence:
    return Sentence(0, "w " * words, tuple(Token(2 * i, 2 * i + 1) for i in range(words)))


def cut(sentences: Iterable[Sentence]) -> list[int]:
    """How many sentences each block has, packed or not."""
    runs = [AnnotatedSentence(each) for each in sentences]
    together = PackedSentences()
    for run in runs:
        together.add(run)
    sizes = [len(block) for block in blocks(run.sentence for run in runs)]
    for given_as in (runs, [together]):
        assert [len(block) for block in packed_blocks(given_as)] == sizes
    return sizes


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
def test_packed_sentences_are_cut_into_the_same_blocks_however_they_come(sizes: list[int]) -> None:
    assert sum(cut(map(sentence, sizes))) == len(sizes)


def test_a_marked_sentence_begins_a_block_where_those_before_it_are_not_marked() -> None:
    quiet = [PLAIN] * QUIET
    assert landmarks(MARKED, *quiet, MARKED, *quiet, f" {MARKED}\n") == [QUIET + 1, 2 * QUIET + 2]
    assert landmarks(MARKED, *quiet[1:], MARKED, *quiet, MARKED) == [2 * QUIET + 1]
    assert landmarks(MARKED, *quiet, AFTER_BLANK_LINE) == []


def test_the_first_sentence_of_a_document_counts_as_marked() -> None:
    assert landmarks(*[PLAIN] * QUIET, MARKED) == []
    assert landmarks(PLAIN, *[PLAIN] * QUIET, MARKED) == [QUIET + 1]


@pytest.mark.parametrize(
    ("end", "expected"), [("\n\n", [QUIET + 1]), (" \n \n", [QUIET + 1]), ("\n", []), ("\n\n ", [])]
)
def test_after_a_blank_line_more_sentences_are_marked(end: str, expected: list[int]) -> None:
    assert landmarks(*[PLAIN] * QUIET, PLAIN + end, AFTER_BLANK_LINE) == expected


def test_a_landmark_and_a_sentence_that_is_too_much_begin_a_block() -> None:
    words = [BLOCK_WORDS - 1, 1, 1, BLOCK_WORDS - 1, *[1] * QUIET, 1, BLOCK_WORDS - 1, 1]
    texts = [*[PLAIN] * (QUIET + 4), MARKED, PLAIN, PLAIN]
    whole = [replace(sentence(size), text=text) for size, text in zip(words, texts, strict=True)]
    assert cut(whole) == [2, 2, QUIET, 2, 1]
