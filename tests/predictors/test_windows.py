from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.predictors.base import Context
from ner_tui.predictors.windows import LEFT_WORDS, OVERLAP, Limits, Window, batches, plan

LIMITS = Limits(words=12, pieces=20)
CONTEXTS: tuple[Context, ...] = ("document", "sentence")


# Sub-tokens of each word of each sentence of a block.
texts = st.lists(st.lists(st.integers(0, LIMITS.word_pieces), max_size=60), max_size=8)


def windows_of(text: list[list[int]], context: Context, limits: Limits = LIMITS) -> list[Window]:
    return plan([len(words) for words in text], [count for words in text for count in words], limits, context)


@given(texts, st.sampled_from(CONTEXTS))
def test_every_word_is_owned_once_and_in_order(text: list[list[int]], context: Context) -> None:
    owned = [word for window in windows_of(text, context) for word in range(window.own_start, window.own_end)]
    assert owned == list(range(sum(map(len, text))))


@given(texts, st.sampled_from(CONTEXTS))
def test_no_window_is_over_a_limit_or_outside_the_block(text: list[list[int]], context: Context) -> None:
    counts = [count for words in text for count in words]
    for window in windows_of(text, context):
        assert 0 <= window.start <= window.own_start < window.own_end <= window.end <= len(counts)
        assert window.end - window.start <= LIMITS.words
        assert sum(counts[window.start : window.end]) <= LIMITS.pieces


@given(texts)
def test_alone_a_sentence_sees_nothing_of_its_neighbours(text: list[list[int]]) -> None:
    bounds = list(accumulate(map(len, text), initial=0))
    for window in windows_of(text, "sentence"):
        assert any(first <= window.start and window.end <= last for first, last in pairwise(bounds))


@given(texts, st.sampled_from(CONTEXTS))
def test_a_sentence_that_fits_a_window_is_not_cut(text: list[list[int]], context: Context) -> None:
    bounds = list(accumulate(map(len, text), initial=0))
    windows = windows_of(text, context)
    for words, first, last in zip(text, bounds, bounds[1:], strict=False):
        if words and len(words) <= LIMITS.words and sum(words) <= LIMITS.pieces:
            assert any(window.own_start <= first and last <= window.own_end for window in windows)


@given(st.lists(st.integers(0, LIMITS.word_pieces), min_size=13, max_size=300))
def test_windows_over_a_long_sentence_share_a_quarter_and_words_go_where_they_are_central(words: list[int]) -> None:
    windows = windows_of([words], "document")
    for left, right in pairwise(windows):
        shared = range(right.start, left.end)
        share = max(len(shared) / LIMITS.words, sum(words[word] for word in shared) / LIMITS.pieces)
        assert share >= OVERLAP
        for word in shared:
            margins = {left: left.end - 1 - word, right: word - right.start}
            owner = left if word < left.own_end else right
            assert margins[owner] == max(margins.values())


def test_windows_begin_with_a_little_of_what_stands_before() -> None:
    limits = Limits(words=160, pieces=510)
    first, second = windows_of([[1] * 50] * 4, "document", limits)
    assert first == Window(0, 0, 150, 150)
    assert second == Window(150 - LEFT_WORDS, 150, 200, 200)


@given(st.lists(st.integers(1, 100), max_size=60))
def test_batches_hold_every_window_once_and_keep_to_the_budget(lengths: list[int]) -> None:
    groups = batches(lengths, budget=64)
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or len(group) * max(lengths[index] for index in group) <= 64
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)


@pytest.mark.parametrize("pieces", [14, 30, 62, 126, 510])
def test_a_window_holds_at_least_four_of_the_longest_words(pieces: int) -> None:
    limits = Limits(160, pieces)
    assert 4 * limits.word_pieces <= pieces or limits.word_pieces == 1
    assert limits.word_pieces <= 200
