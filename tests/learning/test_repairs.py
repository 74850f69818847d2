"""Repairs: edges and labels of a model that strings decided elsewhere put right."""

from __future__ import annotations

import numpy as np
import pytest

from ner_tui.learning.lessons import Lesson, TagTable, WordSpan
from ner_tui.learning.memory import Memory
from ner_tui.learning.repairs import Repairs

TABLE = TagTable(["PER", "ORG"])
KNOWN = frozenset({"PER", "ORG"})
WORDS = tuple("then Kestrel Labs left".split())
LABS: WordSpan = (1, 3, "ORG")
SHORT: WordSpan = (2, 3, "ORG")
OTHER: WordSpan = (1, 3, "PER")


def learnt(times: int, said: WordSpan, right: WordSpan = LABS) -> tuple[Repairs, Memory]:
    """Learn from so many sentences in which something was decided, and where the model said something else."""
    lessons = [Lesson(WORDS, (right,)) for _ in range(times)]
    alone = [frozenset({said})] * times
    memory = Memory.of(lessons, alone, KNOWN)
    return Repairs.of(lessons, alone, memory, KNOWN), memory


def tags(repairs: Repairs, memory: Memory, said: WordSpan) -> list[str]:
    """What is made of what the model says."""
    scores = np.full((len(WORDS), len(TABLE.tags)), -4, np.float32)
    for word in range(len(WORDS)):
        inside = said[0] <= word < said[1]
        scores[word, TABLE.begin(said[2]) + (word > said[0]) if inside else 0] = -0.1
    made = repairs.applied(scores, WORDS, frozenset({said}), memory, TABLE)
    return [TABLE.tags[tag] for tag in made.argmax(axis=1)]


RIGHT = ["O", "B-ORG", "I-ORG", "O"]


@pytest.mark.parametrize(("times", "said"), [(2, SHORT), (3, OTHER)])
def test_what_a_model_gets_wrong_each_time_is_put_right(times: int, said: WordSpan) -> None:
    assert tags(*learnt(times, said), said) == RIGHT


@pytest.mark.parametrize(("times", "said"), [(1, SHORT), (2, OTHER)])
def test_a_kind_of_repair_waits_until_it_would_have_been_right(times: int, said: WordSpan) -> None:
    assert tags(*learnt(times, said), said) != RIGHT


def test_what_the_model_says_beyond_the_string_is_taken_away() -> None:
    repairs, memory = learnt(2, SHORT)
    beyond: WordSpan = (2, 4, "ORG")
    assert tags(repairs, memory, beyond) == RIGHT


def test_a_longer_span_of_the_model_is_left_alone() -> None:
    longer: WordSpan = (0, 4, "ORG")
    repairs, memory = learnt(3, SHORT)
    assert tags(repairs, memory, longer) == ["B-ORG", "I-ORG", "I-ORG", "I-ORG"]


def test_a_kind_that_would_have_been_wrong_is_made_no_more() -> None:
    lessons = [Lesson(WORDS, (LABS,)), Lesson(WORDS, (LABS,)), Lesson(WORDS, (SHORT,)), Lesson(WORDS, (SHORT,))]
    alone = [frozenset({SHORT})] * 4
    memory = Memory.of(lessons, alone, KNOWN)
    assert not Repairs.of(lessons, alone, memory, KNOWN).trusted
