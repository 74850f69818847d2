"""The learner as a whole: a pure function of lessons."""

from __future__ import annotations

import numpy as np
import pytest

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.features import Projection
from ner_tui.learning.gate import SHUT
from ner_tui.learning.gate_finding import GateFinder
from ner_tui.learning.learner import fit
from ner_tui.learning.lessons import Lesson
from ner_tui.learning.prior import ModelView

NEWS = ["O", "B-PER", "I-PER"]
DRUGS = {"aspirin": 0, "codeine": 0, "warfarin": 0, "ibuprofen": 0}
"""Words whose states have the first channel."""


def known(*words: str, says: str = "") -> ModelView:
    """Return what a model says of words: it finds one person, and its states tell drugs from the rest."""
    draw = np.random.default_rng([ord(word[0]) + len(word) for word in words])
    states = (0.1 * draw.standard_normal((len(words), 6))).astype(np.float16)
    probabilities = np.tile(np.array([0.98, 0.01, 0.01], np.float32), (len(words), 1))
    for at, word in enumerate(words):
        states[at, 0] += 4 if word.lower() in DRUGS else 0
        if word == says:
            probabilities[at] = (0.1, 0.89, 0.01)
    return ModelView(probabilities, states)


def taught(*texts: str) -> tuple[list[Lesson], list[ModelView]]:
    rows = [tuple(text.split()) for text in texts]
    lessons = [
        Lesson(words, tuple((at, at + 1, "DRUG") for at, word in enumerate(words) if word in DRUGS)) for words in rows
    ]
    return lessons, [known(*words) for words in rows]


TEXTS = ("she took aspirin today", "no codeine at all", "aspirin and codeine were given", "he slept well")


def best(learner: object, *words: str, says: str = "") -> list[str]:
    (probabilities,) = learner.probabilities([words], [known(*words, says=says)])  # type: ignore[attr-defined]
    return [learner.table.tags[column] for column in probabilities.argmax(axis=1)]  # type: ignore[attr-defined]


def test_a_new_label_is_learnt_from_a_few_sentences() -> None:
    learner = fit(*taught(*TEXTS), TagColumns.of(["O"]))
    assert best(learner, "then", "warfarin", "was", "tried") == ["O", "B-DRUG", "O", "O"]


def test_what_the_model_knows_stays_beside_what_is_learnt() -> None:
    learner = fit(*taught(*TEXTS), TagColumns.of(NEWS), ["PER", "DRUG"])
    assert best(learner, "Ada", "took", "ibuprofen", says="Ada") == ["B-PER", "O", "B-DRUG"]


def test_before_the_third_sentence_strings_alone_are_remembered() -> None:
    lessons, said = taught(*TEXTS[:2])
    more = Lesson(("aspirin", "again"), ((0, 1, "DRUG"),), is_whole=False)
    learner = fit([*lessons, more], [*said, known("aspirin", "again")], TagColumns.of(["O"]))
    assert best(learner, "more", "aspirin") == ["O", "B-DRUG"]
    assert best(learner, "then", "warfarin") == ["O", "O"]


def test_a_model_without_states_is_helped_by_memory() -> None:
    lessons, said = taught(*TEXTS)
    bare = [ModelView(each.probabilities, None) for each in said]
    learner = fit(lessons, bare, TagColumns.of(["O"]))
    words = ("more", "aspirin", "please")
    (rows,) = learner.probabilities([words], [ModelView(known(*words).probabilities, None)])
    assert [learner.table.tags[tag] for tag in rows.argmax(axis=1)] == ["O", "B-DRUG", "O"]


def test_probabilities_are_probabilities() -> None:
    learner = fit(*taught(*TEXTS), TagColumns.of(NEWS))
    (rows,) = learner.probabilities([("Ada", "took", "codeine")], [known("Ada", "took", "codeine")])
    assert rows.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert (rows >= 0).all()


def test_a_sentence_reads_the_same_by_itself_and_among_others_without_words() -> None:
    learner = fit(*taught(*TEXTS), TagColumns.of(NEWS))
    words, nothing = ("Ada", "took", "codeine"), ModelView(np.zeros((0, 3), np.float32), None)
    (alone,) = learner.probabilities([words], [known(*words)])
    before, among, after = learner.probabilities([(), words, ()], [nothing, known(*words), nothing])
    assert among == pytest.approx(alone, abs=1e-5)
    assert before.shape == after.shape == (0, len(learner.table.tags))
    assert [rows.shape for rows in learner.probabilities([()], [nothing])] == [before.shape]


def test_the_same_lessons_teach_the_same() -> None:
    first, second = (fit(*taught(*TEXTS), TagColumns.of(NEWS)) for _ in range(2))
    words = ("Ada", "took", "codeine")
    (one,), (other,) = (learner.probabilities([words], [known(*words)]) for learner in (first, second))
    assert (one == other).all()


def test_a_gate_that_was_found_before_is_the_one_that_the_lessons_have() -> None:
    columns, gates, found = TagColumns.of(NEWS), GateFinder(), set()
    rows = [tuple(f"Ada took {drug} today".split()) for drug in sorted(DRUGS)] * 20
    said = [known(*words, says="Ada") for words in rows]
    right, wrong = ([Lesson(words, (*spans, (2, 3, "DRUG"))) for words in rows] for spans in (((0, 1, "PER"),), ()))
    for lessons in (right[:70], right[:75], wrong[:75], [*wrong[:64], *right[64:75]], right[:75], wrong[:80]):
        number = len(lessons)
        gate = fit(lessons, said[:number], columns, gates=gates).gate
        assert gate == fit(lessons, said[:number], columns).gate
        found.add(gate)
    # Where the model is right it stays shut, and else it opens.
    assert SHUT in found
    assert len(found) > 1


def test_a_rejected_span_is_suggested_less() -> None:
    lessons, said = taught(*TEXTS)
    columns = TagColumns.of(["O"])
    words = ("then", "warfarin", "came")
    (before,) = fit(lessons, said, columns).probabilities([words], [known(*words)])
    no = Lesson(words, (), ((1, 2, "DRUG"),), is_whole=False)
    learner = fit([*lessons, no], [*said, known(*words)], columns)
    column = learner.table.begin("DRUG")
    (after,) = learner.probabilities([words], [known(*words)])
    assert after[1, column] < before[1, column]


def test_what_a_person_said_weighs_more_than_what_was_swept() -> None:
    lessons, said = taught(*TEXTS)
    words = ("then", "warfarin", "came")

    def learnt(swept: str) -> float:
        """Of two who disagree about a word, the word of one was only swept."""
        both = [Lesson(words, ((1, 2, label),), swept=frozenset({(1, 2, swept)})) for label in ("DRUG", "POISON")]
        learner = fit([*lessons, *both], [*said, *[known(*words)] * 2], TagColumns.of(["O"]))
        (rows,) = learner.probabilities([("some", "ibuprofen", "came")], [known("some", "ibuprofen", "came")])
        return float(rows[1, learner.table.begin("DRUG")])

    assert learnt(swept="POISON") > learnt(swept="DRUG") + 0.01


def test_states_that_are_all_alike_teach_nothing_and_break_nothing() -> None:
    lessons, said = taught(*TEXTS)
    projection = Projection.of(np.ones((9, 6), np.float16))
    flat = [
        ModelView(each.probabilities, projection.own(np.ones((len(each.probabilities), 6), np.float16)))
        for each in said
    ]
    learner = fit(lessons, flat, TagColumns.of(NEWS))
    (rows,) = learner.probabilities([("she", "took", "warfarin", "today")], flat[:1])
    assert np.isfinite(rows).all()
    assert (rows.argmax(axis=1) == 0).all()
