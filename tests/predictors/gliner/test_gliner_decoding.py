"""From scores to spans: which candidates there are, which are taken, and how words become tokens."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.suggestions import Alternative
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.predictors.gliner.decoding import LONGEST, Candidates, of_spans, of_words, on_tokens, suggestions

SENTENCE = Sentence(10, "aa bb cc dd", tuple(Token(10 + 3 * at, 12 + 3 * at) for at in range(4)))
WORDS = list(SENTENCE.tokens)


def candidates(*rows: tuple[int, int, int, float]) -> Candidates:
    places = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    return Candidates(places[:, 0], places[:, 1], places[:, 2], np.array([row[3] for row in rows], dtype=np.float32))


def rows_of(found: Candidates) -> list[tuple[int, int, int, float]]:
    columns = (found.starts.tolist(), found.ends.tolist(), found.labels.tolist(), found.scores.tolist())
    return [(start, end, label, round(score, 4)) for start, end, label, score in zip(*columns, strict=True)]


def picked(*rows: tuple[int, int, int, float], floor: float = 0.4) -> list[tuple[int, int, str, float]]:
    snapped = on_tokens(candidates(*rows), WORDS, SENTENCE)
    found = suggestions(snapped, SENTENCE, ["A", "B"], floor)
    return [(s.span.start, s.span.end, s.span.label, round(s.score, 4)) for s in found]


def test_spans_that_reach_past_the_text_are_none() -> None:
    scores = np.full((3, 2, 1), 0.9, dtype=np.float32)
    assert [row[:2] for row in rows_of(of_spans(scores, 2, 0.5))] == [(0, 0), (0, 1), (1, 1)]


def test_a_span_of_words_scores_as_its_weakest_part() -> None:
    scores = np.zeros((4, 1, 3), dtype=np.float32)
    scores[0, 0, 0], scores[2, 0, 1], scores[3, 0, 1] = 0.9, 0.8, 0.7
    scores[:, 0, 2] = 0.95, 0.6, 0.99, 0.99
    assert rows_of(of_words(scores, 4, 0.5)) == [(0, 2, 0, 0.6), (0, 3, 0, 0.6)]
    scores[1, 0, 2] = 0.4
    assert rows_of(of_words(scores, 4, 0.5)) == []


def test_a_span_of_words_ends_where_it_is_longer_than_a_name() -> None:
    scores = np.full((LONGEST + 50, 1, 3), 0.9, dtype=np.float32)
    found = of_words(scores, LONGEST + 50, 0.5)
    assert int((found.ends - found.starts).max()) == LONGEST - 1


@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_spans_of_words_are_those_of_the_definition(words: int, labels: int, seed: int) -> None:
    scores = np.random.default_rng(seed).random((words + 2, labels, 3)).astype(np.float32)
    wanted = {
        (start, end, label, round(float(min(*scores[start : end + 1, label, 2], *edges)), 4))
        for label in range(labels)
        for start in range(words)
        for end in range(start, words)
        if min(edges := (scores[start, label, 0], scores[end, label, 1])) >= 0.3
        and min(scores[start : end + 1, label, 2]) >= 0.3
    }
    assert set(rows_of(of_words(scores, words, 0.3))) == wanted


def test_the_best_of_those_that_share_a_word_is_taken_and_of_equals_the_first() -> None:
    assert picked((0, 1, 0, 0.5), (1, 2, 1, 0.9), (2, 3, 0, 0.8), (3, 3, 0, 0.6)) == [
        (13, 18, "B", 0.9),
        (19, 21, "A", 0.6),
    ]
    assert picked((0, 0, 1, 0.7), (0, 0, 0, 0.7)) == [(10, 12, "B", 0.7)]


def test_what_scores_less_than_asked_is_left_out() -> None:
    assert picked((0, 0, 0, 0.5), (2, 2, 0, 0.39), floor=0.4) == [(10, 12, "A", 0.5)]


def test_other_readings_stand_beside_with_the_one_that_nothing_is_there() -> None:
    found = on_tokens(candidates((0, 1, 0, 0.75), (0, 1, 1, 0.5), (0, 0, 0, 0.125), (3, 3, 0, 0.9)), WORDS, SENTENCE)
    first, second = suggestions(found, SENTENCE, ["A", "B"], 0.4)
    assert first.alternatives == (
        Alternative(10, 15, "B", 0.5),
        Alternative(10, 15, None, 0.25),
        Alternative(10, 12, "A", 0.125),
    )
    assert first.margin == 0.25
    assert second.alternatives == (Alternative(19, 21, None, 0.1),)
    assert second.margin == 0.8


def test_a_span_that_ends_inside_a_token_is_given_the_whole_of_it() -> None:
    """“U.S.” is one token of ours and four words of GLiNER's; “don't” two and three."""
    text = "U.S. don't"
    sentence = Sentence(0, text, (Token(0, 4), Token(5, 7), Token(7, 10)))
    words = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 8), (8, 9), (9, 10)]
    found = on_tokens(candidates((2, 2, 0, 0.9), (0, 3, 1, 0.8), (4, 4, 0, 0.7), (6, 6, 1, 0.6)), words, sentence)
    assert rows_of(found) == [(0, 0, 0, 0.9), (0, 0, 1, 0.8), (1, 2, 0, 0.7), (2, 2, 1, 0.6)]
    assert [(s.span.start, s.span.end, s.span.label) for s in suggestions(found, sentence, ["A", "B"], 0.4)] == [
        (0, 4, "A"),
        (5, 10, "A"),
    ]


def test_a_span_that_touches_no_token_is_none() -> None:
    sentence = Sentence(0, "a \u200b b", (Token(0, 1), Token(4, 5)))
    assert len(on_tokens(candidates((1, 1, 0, 0.9)), [(0, 1), (2, 3), (4, 5)], sentence)) == 0
