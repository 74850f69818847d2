"""Decoding against its definition: the chain, enumerated word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ner_tui.domain.annotation.suggestions import FLOOR, Suggestion
from ner_tui.domain.decoding import REACH, decode_block
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.spans import Token
from ner_tui.domain.tag_chain import TagColumns

IOB = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
BIOES = ("O", "B-PER", "I-PER", "E-PER", "S-PER")
IO = ("O", "PER", "LOC")

Spans = tuple[tuple[int, int, str], ...]
"""(first word, last word + 1, label), ascending."""


def sentence(words: int) -> Sentence:
    """Words ``w`` with a space between: word i is the character 2 i."""
    return Sentence(0, "w " * words, tuple(Token(2 * i, 2 * i + 1) for i in range(words)))


def rows(*values: dict[str, float], tags: Sequence[str] = IOB) -> NDArray[np.float32]:
    return np.array([[value.get(tag, 0.0) for tag in tags] for value in values], dtype=np.float32)


def decode(
    words: Sentence, probabilities: NDArray[np.float32], columns: TagColumns, floor: float = FLOOR
) -> tuple[Suggestion, ...]:
    return decode_block([words], [probabilities], columns, floor)[0]


def in_words(suggestions: Sequence[Suggestion]) -> Spans:
    return tuple((s.span.start // 2, (s.span.end + 1) // 2, s.span.label) for s in suggestions)


def readings(probabilities: NDArray[np.float32], tags: Sequence[str]) -> Iterator[tuple[Spans, float]]:
    """Yield every reading of a sentence with its probability, from the definition of the chain.

    A word is O, or has a label; a word whose label is that of the word before either continues or begins anew.
    """
    values = probabilities.astype(float) / probabilities.sum(axis=1, keepdims=True)
    chances = [dict(zip(tags, row, strict=True)) for row in values]
    labels = sorted({tag[-3:] for tag in tags if tag != "O"})

    def mass(word: int, label: str, prefixes: str) -> float:
        return float(sum(p for tag, p in chances[word].items() if tag[-3:] == label and (tag[:-4] or "I") in prefixes))

    def cut(word: int, label: str) -> float:
        voices = []
        whole, before = mass(word, label, "BIES"), mass(word - 1, label, "BIES")
        if any(tag[:2] in ("B-", "S-") for tag in tags):
            voices.append(mass(word, label, "BS") / whole if whole else 0.0)
        if any(tag[:2] in ("E-", "S-") for tag in tags):
            voices.append(mass(word - 1, label, "ES") / before if before else 0.0)
        return sum(voices) / len(voices) if voices else 0.0

    for path in product(["O", *labels], repeat=len(chances)):
        same = [i for i in range(1, len(path)) if path[i] == path[i - 1] != "O"]
        for cuts in product([False, True], repeat=len(same)):
            begins = dict(zip(same, cuts, strict=True))
            chance, spans, start = 1.0, [], 0
            for i, label in enumerate(path):
                whole = chances[i]["O"] if label == "O" else mass(i, label, "BIES")
                if i in begins:
                    whole *= cut(i, label) if begins[i] else 1 - cut(i, label)
                chance *= whole
                if i not in begins or begins[i]:
                    start = i
                if label != "O" and (i + 1 == len(path) or i + 1 not in begins or begins[i + 1]):
                    spans.append((start, i + 1, label))
            yield tuple(spans), chance


def distributions(tags: Sequence[str], longest: int) -> st.SearchStrategy[NDArray[np.float32]]:
    row = st.lists(st.integers(0, 20), min_size=len(tags), max_size=len(tags)).filter(any)
    return st.lists(row, min_size=1, max_size=longest).map(
        lambda values: np.array([[v / sum(r) for v in r] for r in values], dtype=np.float32)
    )


anything = st.one_of(
    distributions(IOB, 4).map(lambda p: (IOB, p)),
    distributions(BIOES, 5).map(lambda p: (BIOES, p)),
    distributions(IO, 5).map(lambda p: (IO, p)),
)


@settings(deadline=None)
@given(anything)
def test_the_readings_of_a_sentence_have_probability_one_together(
    case: tuple[Sequence[str], NDArray[np.float32]],
) -> None:
    tags, probabilities = case
    assert sum(chance for _, chance in readings(probabilities, tags)) == pytest.approx(1.0)


@settings(deadline=None)
@given(anything)
def test_the_best_reading_is_the_most_probable_one(case: tuple[Sequence[str], NDArray[np.float32]]) -> None:
    tags, probabilities = case
    found = in_words(decode(sentence(len(probabilities)), probabilities, TagColumns.of(tags), floor=0.0))
    every = dict(readings(probabilities, tags))
    assert every[found] == pytest.approx(max(every.values()), rel=1e-6)


def test_a_label_that_is_second_at_its_word_is_read_where_the_next_word_goes_better_with_it() -> None:
    """PER would be likelier at the first word, but the second is a PER that hardly goes on from it."""
    hesitant = rows({"B-PER": 0.52, "B-LOC": 0.48}, {"B-PER": 0.5, "I-PER": 0.5}, {"B-LOC": 1.0})
    found = in_words(decode(sentence(3), hesitant, TagColumns.of(IOB), floor=0.0))
    assert found == ((0, 1, "LOC"), (1, 2, "PER"), (2, 3, "LOC"))


@settings(deadline=None)
@given(anything)
def test_scores_are_the_probability_of_all_readings_that_hold_the_span(
    case: tuple[Sequence[str], NDArray[np.float32]],
) -> None:
    tags, probabilities = case
    every = list(readings(probabilities, tags))

    def chance_of(start: int, end: int, label: str | None) -> float:
        first, last = start // 2, (end + 1) // 2
        if label is None:
            return sum(p for spans, p in every if not any(s < last and first < e for s, e, _ in spans))
        return sum(p for spans, p in every if (first, last, label) in spans)

    for suggestion in decode(sentence(len(probabilities)), probabilities, TagColumns.of(tags), floor=0.0):
        span = suggestion.span
        assert suggestion.score == pytest.approx(chance_of(span.start, span.end, span.label), abs=2e-6)
        for other in suggestion.alternatives:
            assert other.score == pytest.approx(chance_of(other.start, other.end, other.label), abs=2e-6)


@settings(deadline=None)
@given(distributions(IOB, 4))
def test_alternatives_are_the_three_best_other_readings_of_the_place(probabilities: NDArray[np.float32]) -> None:
    every = list(readings(probabilities, IOB))
    n = len(probabilities)
    for suggestion in decode(sentence(n), probabilities, TagColumns.of(IOB), floor=0.0):
        (own,) = in_words([suggestion])
        start, end, _ = own
        near = {
            (a, b, label): sum(p for spans, p in every if (a, b, label) in spans)
            for a in range(max(0, start - REACH), end)
            for b in range(max(a, start) + 1, min(n, end + REACH) + 1)
            for label in ("PER", "LOC")
            if (a, b, label) != own
        }
        none = sum(p for spans, p in every if not any(s < end and start < e for s, e, _ in spans))
        best = sorted([*near.values(), none], reverse=True)[:3]
        assert [other.score for other in suggestion.alternatives] == pytest.approx(
            [chance for chance in best if round(chance, 6) >= 1e-6], abs=2e-6
        )
        assert suggestion.margin == pytest.approx(suggestion.score - max(best, default=0.0), abs=4e-6)


@pytest.mark.parametrize(
    ("what", "tags", "spans"),
    [
        ("IOB2", ("B-PER", "I-PER", "O", "B-LOC", "B-LOC"), ((0, 2, "PER"), (3, 4, "LOC"), (4, 5, "LOC"))),
        ("IOB1", ("I-PER", "I-PER", "O", "I-LOC", "B-LOC"), ((0, 2, "PER"), (3, 4, "LOC"), (4, 5, "LOC"))),
        ("a change of label", ("B-PER", "I-LOC"), ((0, 1, "PER"), (1, 2, "LOC"))),
        ("nothing", ("O", "O"), ()),
    ],
)
def test_certain_tags_read_as_their_spans(what: str, tags: Sequence[str], spans: Spans) -> None:
    assert in_words(decode(sentence(len(tags)), rows(*({tag: 1.0} for tag in tags)), TagColumns.of(IOB))) == spans


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        (("S-PER", "S-PER"), ((0, 1, "PER"), (1, 2, "PER"))),
        (("B-PER", "E-PER", "S-PER"), ((0, 2, "PER"), (2, 3, "PER"))),
        (("B-PER", "I-PER", "E-PER", "O"), ((0, 3, "PER"),)),
    ],
)
def test_certain_bioes_tags_read_as_their_spans(tags: Sequence[str], spans: Spans) -> None:
    values = rows(*({tag: 1.0} for tag in tags), tags=BIOES)
    assert in_words(decode(sentence(len(tags)), values, TagColumns.of(BIOES))) == spans


def test_mass_split_between_begin_and_inside_is_one_span_still() -> None:
    values = rows({"O": 0.4, "B-PER": 0.3, "I-PER": 0.3})
    assert in_words(decode(sentence(1), values, TagColumns.of(IOB))) == ((0, 1, "PER"),)


@pytest.mark.parametrize(("chance", "spans"), [(0.39, ()), (0.41, ((0, 1, "PER"),))])
def test_a_span_that_would_rather_hurt_is_not_suggested(chance: float, spans: Spans) -> None:
    values = rows({"B-PER": chance, "O": 0.3, "B-LOC": 0.7 - chance})
    assert in_words(decode(sentence(1), values, TagColumns.of(IOB))) == spans


def test_mapped_labels_share_their_mass_and_dropped_ones_give_it_to_nothing() -> None:
    tags = ("O", "B-GPE", "B-LOC", "B-DATE")
    columns = TagColumns.of(tags, LabelMap.parse("GPE=LOC,DATE="))
    values = rows({"O": 0.4, "B-GPE": 0.3, "B-LOC": 0.3}, {"O": 0.1, "B-DATE": 0.9}, tags=tags)
    (found,) = decode(sentence(2), values, columns)
    assert found.span.label == "LOC"
    assert found.score == pytest.approx(0.6)
    assert columns.labels == ("LOC",)


def test_a_model_of_dropped_labels_finds_nothing() -> None:
    columns = TagColumns.of(("O", "B-DATE"), LabelMap.parse("DATE="))
    assert decode(sentence(1), rows({"B-DATE": 1.0}, tags=("O", "B-DATE")), columns) == ()


def test_tags_that_say_outside_with_a_prefix_are_outside() -> None:
    tags = ("B-O", "I-O", "B-PER")
    assert TagColumns.of(tags).labels == ("PER",)


@settings(deadline=None)
@given(st.lists(distributions(IOB, 6) | st.just(np.zeros((0, 5), dtype=np.float32)), max_size=5))
def test_sentences_decoded_together_read_as_they_do_alone(block: list[NDArray[np.float32]]) -> None:
    sentences = [sentence(len(values)) for values in block]
    columns = TagColumns.of(IOB)
    together = decode_block(sentences, block, columns, floor=0.0)
    alone = [decode(s, values, columns, floor=0.0) for s, values in zip(sentences, block, strict=True)]
    assert together == alone


def test_a_sentence_of_fifty_thousand_words_is_decoded_whole() -> None:
    values = np.tile(rows({"B-PER": 0.9, "O": 0.1}, {"I-PER": 0.8, "O": 0.2}, {"O": 1.0}), (17_000, 1))
    found = decode(sentence(len(values)), values, TagColumns.of(IOB))
    assert len(found) == 17_000
    assert found[0].score == found[-1].score == pytest.approx(0.72, abs=1e-3)


def faint(probabilities: NDArray[np.float32], least: float = 0.15, floor: float = FLOOR) -> list[tuple[int, int, str]]:
    words = sentence(len(probabilities))
    (found,) = decode_block([words], [probabilities], TagColumns.of(IOB), floor, faint=least)
    return list(in_words(found))


@pytest.mark.parametrize(
    ("rows_", "spans"),
    [
        # The model says O, and hesitates: the likeliest label over the stretch is shown.
        ([{"O": 0.7, "B-PER": 0.2, "B-LOC": 0.1}], [(0, 1, "PER")]),
        ([{"O": 0.7, "B-PER": 0.1, "B-LOC": 0.2}], [(0, 1, "LOC")]),
        ([{"O": 0.9, "B-PER": 0.1}], []),
        ([{"O": 0.85, "B-PER": 0.14, "B-LOC": 0.01}], []),
        ([{"O": 0.6, "B-PER": 0.4}, {"O": 0.5, "I-PER": 0.5}, {"O": 1.0}], [(0, 2, "PER")]),
        ([{"O": 0.6, "B-PER": 0.4}, {"O": 1.0}, {"O": 0.6, "B-LOC": 0.4}], [(0, 1, "PER"), (2, 3, "LOC")]),
        ([{"O": 0.6, "B-PER": 0.4}, {"B-LOC": 1.0}], [(0, 1, "PER"), (1, 2, "LOC")]),
        ([{"O": 1.0}, {"O": 0.6, "B-PER": 0.4}], [(1, 2, "PER")]),
    ],
)
def test_where_the_model_hesitated_before_it_said_nothing_a_faint_span_is_shown(
    rows_: list[dict[str, float]], spans: list[tuple[int, int, str]]
) -> None:
    assert faint(rows(*rows_)) == spans


def test_a_faint_span_has_to_be_as_probable_as_is_asked_for() -> None:
    one = rows({"O": 0.75, "B-PER": 0.2, "B-LOC": 0.05})
    assert faint(one, 0.2) == [(0, 1, "PER")]
    assert faint(one, 0.21) == []
    # Without the floor there is no faint.
    assert faint(one, 0.5, floor=0.2) == []


def test_faint_spans_are_found_in_every_sentence_of_a_block() -> None:
    block = [rows({"O": 1.0}, {"O": 0.7, "B-PER": 0.3}), rows({"O": 0.7, "B-LOC": 0.3}), rows({"B-PER": 1.0})]
    words = [sentence(len(each)) for each in block]
    found = decode_block(words, block, TagColumns.of(IOB), faint=0.15)
    assert [in_words(each) for each in found] == [((1, 2, "PER"),), ((0, 1, "LOC"),), ((0, 1, "PER"),)]
    assert [round(each[0].score, 3) for each in found] == [0.3, 0.3, 1.0]
