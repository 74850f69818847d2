"""Runs and blocks: what was predicted by whom, what is wanted next, and whose words stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, SentenceState
from ner_tui.domain.annotation.suggestions import LEARNING, Suggestion, SuggestionState
from ner_tui.domain.spans import Span
from ner_tui.store.predictions import PredictionRun, SentenceBlock
from ner_tui.store.project import Project

ADA, BO = Span(0, 3, "PER"), Span(8, 10, "PER")


def in_blocks(*documents: int) -> Project:
    """A project of documents with so many blocks, of ten characters and three words each."""
    project = project_of(*(["Ada met Bo" * blocks] for blocks in documents))
    for document, blocks in enumerate(documents, 1):
        project._database.execute("DELETE FROM block WHERE document = ?", (document,))
        cut = [SentenceBlock(document, 10 * at, 10 * at + 10, 3) for at in range(blocks)]
        project.predictions.add_blocks(document, cut)
    return project


def shown(project: Project, document: int = 1) -> list[tuple[Span, int]]:
    return [(each.span, each.run) for each, _ in project.items.suggestions(document, 0, 99)]


def test_the_same_source_with_the_same_settings_is_one_run() -> None:
    project = project_of(["Ada met Bo."])
    runs, first = project.predictions, PredictionRun("model", "m (int8)", "1", "s")
    number = runs.begin(first, time=5.0)
    assert runs.run(number) == (first, 5.0)
    assert runs.begin(first, time=7.0) == number
    assert runs.run(number) == (first, 7.0)
    assert runs.run(number + 1) is None
    later = runs.begin(PredictionRun("model", "m", "2", "s"), time=9.0)
    last = runs.begin(PredictionRun("model", "m", "3", "s"), time=8.0)
    runs.begin(PredictionRun("model", "m", "2", "other"), time=8.0)
    runs.begin(PredictionRun("terms", "m", "2", "s"), time=8.0)
    assert runs.other_versions(number) == (later, last)
    assert runs.run_names()[number] == "m (int8)"


@pytest.mark.parametrize(("offset", "start"), [(0, 0), (9, 0), (10, 10), (29, 20), (99, 20)])
def test_a_character_is_predicted_with_its_block(offset: int, start: int) -> None:
    assert in_blocks(3).predictions.block_at(1, offset) == SentenceBlock(1, start, start + 10, 3)
    assert in_blocks(3).predictions.block_at(2, offset) is None


def order(project: Project, document: int, offset: int, within: int | None = None) -> list[tuple[int, int]]:
    """Predict block after block as they are wanted."""
    places = []
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    while (block := project.predictions.next_block([run], document, offset, within)) is not None:
        places.append((block.document, block.start))
        assert project.predictions.save(block, 0, run, [])
    return places


@pytest.mark.parametrize(
    ("within", "places"),
    [
        (None, [(2, 10), (2, 20), (2, 0), (3, 0), (1, 0), (1, 10)]),
        (100, [(2, 10), (2, 20), (2, 0), (3, 0)]),
        (5, [(2, 10), (2, 0), (3, 0)]),
        (4, [(2, 10), (3, 0)]),
        (6, [(2, 10), (2, 0), (3, 0)]),
        (7, [(2, 10), (2, 20), (2, 0), (3, 0)]),
    ],
)
def test_a_reader_wants_what_is_under_them_then_ahead_then_behind_then_elsewhere(
    within: int | None, places: list[tuple[int, int]]
) -> None:
    assert order(in_blocks(2, 3, 1), 2, 14, within) == places


def test_what_one_of_several_runs_has_predicted_is_wanted_no_more() -> None:
    project = in_blocks(2)
    one = project.predictions.begin(PredictionRun("a", "a", "", ""), time=0.0)
    other = project.predictions.begin(PredictionRun("b", "b", "", ""), time=0.0)
    project.predictions.save(SentenceBlock(1, 0, 10, 3), 0, one, [])
    project.predictions.save(SentenceBlock(1, 10, 20, 3), 0, other, [])
    assert project.predictions.next_block([one, other], 1, 0) is None
    assert project.predictions.next_block([other], 1, 0) == SentenceBlock(1, 0, 10, 3)
    assert [project.predictions.words(runs) for runs in (None, [one], [one, other], [])] == [6, 3, 6, 0]


def test_a_block_counts_as_predicted_when_its_last_part_is_saved() -> None:
    project = in_blocks(1)
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    block = SentenceBlock(1, 0, 10, 3)
    assert project.predictions.save(block, 0, run, [Suggestion(ADA, 0.9, 0.9, (), run)], part=(0, 8))
    assert (project.predictions.words([run]), shown(project)) == (0, [(ADA, run)])
    assert project.predictions.save(block, 0, run, [Suggestion(BO, 0.9, 0.9, (), run)], part=(8, 10))
    assert (project.predictions.words([run]), shown(project)) == (3, [(ADA, run), (BO, run)])


def test_what_was_predicted_for_other_sentences_is_dropped() -> None:
    project = in_blocks(1)
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    said = [Suggestion(ADA, 0.9, 0.9, (), run)]
    assert not project.predictions.save(SentenceBlock(1, 0, 10, 3), 1, run, said)
    assert not project.predictions.save(SentenceBlock(9, 0, 10, 3), 0, run, said)
    assert (shown(project), project.predictions.words([run])) == ([], 0)


def test_a_source_that_speaks_again_replaces_its_own_words_alone() -> None:
    project = project_of(["Ada met Bo."])
    first, terms = predict(project, 1, ADA, model="m"), predict(project, 1, BO, model="terms")
    assert shown(project) == [(ADA, first), (BO, terms)]
    assert predict(project, 1, Span(4, 7, "PER"), model="m") == first
    assert shown(project) == [(Span(4, 7, "PER"), first), (BO, terms)]
    predict(project, 1, model="m")
    assert shown(project) == [(BO, terms)]


def test_of_two_sources_the_likelier_word_is_shown_and_the_other_comes_back_when_it_goes() -> None:
    project = project_of(["Ada met Bo."])
    faint, sure = predict(project, 1, Span(0, 7, "ORG"), model="a", score=0.5), predict(project, 1, ADA, model="b")
    ((shown_one, _),) = project.items.suggestions(1, 0, 99)
    assert (shown_one.span, shown_one.origins) == (ADA, (sure, faint))
    predict(project, 1, model="b")
    ((shown_one, _),) = project.items.suggestions(1, 0, 99)
    assert (shown_one.span, shown_one.origins, shown_one.score) == (Span(0, 7, "ORG"), (faint,), 0.5)


def test_a_suggestion_that_an_edit_took_comes_back_unless_its_source_spoke_again() -> None:
    project = project_of(["Ada met Bo."])
    run = predict(project, 1, ADA)
    ((said, _),) = project.items.suggestions(1, 0, 99)
    project.suggestions.take(1, ADA)
    project.suggestions.restore(1, said)
    assert shown(project) == [(ADA, run)]
    project.suggestions.take(1, ADA)
    newer = project.predictions.begin(PredictionRun("m", "m", "2", ""), time=2.0)
    project.predictions.save(SentenceBlock(1, 0, 11, 4), 0, newer, [])
    project.suggestions.restore(1, said)
    assert shown(project) == []


@pytest.mark.parametrize(
    ("since", "shown_then"),
    [((), ADA), ((BO,), ADA), ((Span(0, 3, "ORG"),), ADA), ((Span(0, 7, "ORG"),), Span(0, 7, "ORG"))],
)
def test_with_and_without_learning_a_model_is_one_source_of_which_one_word_stands_at_a_place(
    since: tuple[Span, ...], shown_then: Span
) -> None:
    project = project_of(["Ada met Bo."])
    predict(project, 1, ADA)
    ((said, _),) = project.items.suggestions(1, 0, 99)
    project.suggestions.take(1, ADA)
    alone = project.predictions.run(said.run)
    assert alone is not None
    learnt = project.predictions.begin(replace(alone[0], settings=alone[0].settings + LEARNING), time=2.0)
    project.predictions.save(
        SentenceBlock(1, 0, 11, 4), 0, learnt, [Suggestion(span, 0.9, 0.9, (), learnt) for span in since]
    )
    project.suggestions.restore(1, said)
    assert [span for span, _ in shown(project) if span.start == 0] == [shown_then]


def test_a_suggestion_that_comes_back_beside_another_source_s_is_combined_with_it() -> None:
    project = project_of(["Ada met Bo."])
    run = predict(project, 1, ADA, model="a", score=0.95)
    ((said, _),) = project.items.suggestions(1, 0, 99)
    project.suggestions.take(1, ADA)
    other = predict(project, 1, Span(0, 7, "ORG"), BO, model="b")
    project.suggestions.restore(1, said)
    assert shown(project) == [(ADA, run), (BO, other)]
    ((combined, _), _) = project.items.suggestions(1, 0, 99)
    assert combined.origins == (run, other)


def test_predictions_leave_decisions_and_set_what_suggestions_are_to_a_reviewer() -> None:
    project = project_of(["Ada met Bo. ", "Eve sat."])
    project.items.put(1, Decision(Span(0, 7, "ORG"), "file"))
    project.items.put(1, SentenceState(12, "confirmed"))
    predict(project, 1, ADA, BO, Span(12, 15, "PER"))
    assert [state for _, state in project.items.suggestions(1, 0, 99)] == [
        SuggestionState.CONFLICT,
        SuggestionState.OPEN,
        SuggestionState.SETTLED,
    ]
    assert project.items.known(1, 0, 20).decisions == [Decision(Span(0, 7, "ORG"), "file")]


def test_what_a_file_brought_is_the_word_of_the_model_it_names() -> None:
    project = in_blocks(1, 1)
    said = [Suggestion(ADA, 0.9, 0.9, model="theirs"), Suggestion(BO, 0.8, 0.7)]
    project.predictions.add_given(1, 0, 10, said, "a.json", time=3.0)
    runs = project.predictions.given_runs()
    assert sorted(runs.values()) == ["a.json", "theirs"]
    assert [(span, runs[run]) for span, run in shown(project)] == [(ADA, "theirs"), (BO, "a.json")]
    assert [each.model for each, _ in project.items.suggestions(1, 0, 99)] == ["", ""]
    mine = predict(project, 2, ADA)
    assert mine not in project.predictions.given_runs()
    # Both documents are of the file that brought some.
    assert project.predictions.next_block([mine], 1, 0, beside_given=False) is None
    assert project.predictions.next_block([mine], 1, 0) == SentenceBlock(1, 0, 10, 3)
    assert (project.predictions.words(), project.predictions.words(beside_given=False)) == (6, 0)


def test_what_a_file_brings_again_stands_in_place_of_what_it_brought_there() -> None:
    project = in_blocks(1)
    for span in (ADA, BO):
        project.predictions.add_given(1, 0, 10, [Suggestion(span, 0.9, 0.9)], "a.json", time=3.0)
    assert [span for span, _ in shown(project)] == [BO]


def test_what_a_file_suggests_beside_its_own_tags_is_a_conflict() -> None:
    project = in_blocks(1)
    project.items.put(1, Decision(Span(0, 3, "ORG"), "file"))
    project.predictions.add_given(1, 0, 10, [Suggestion(ADA, 0.9, 0.9), Suggestion(BO, 0.9, 0.9)], "a.json", time=3.0)
    states = [state for _, state in project.items.suggestions(1, 0, 99)]
    assert states == [SuggestionState.CONFLICT, SuggestionState.OPEN]


def test_all_that_some_runs_say_is_told_shown_or_covered_with_their_names() -> None:
    project = project_of(["Ada met Bo."])
    faint = predict(project, 1, Span(0, 7, "ORG"), model="a", score=0.5)
    sure = predict(project, 1, ADA, BO, model="b")

    def said(end: int, **names: int) -> list[tuple[Span, str]]:
        found = project.suggestions.of_runs(1, 0, end, {run: name for name, run in names.items()}, tuple)
        return [(each.span, each.model) for each in found]

    assert said(99, A=faint, B=sure) == [(ADA, "B"), (Span(0, 7, "ORG"), "A"), (BO, "B")]
    assert said(8, A=faint, B=sure) == [(ADA, "B"), (Span(0, 7, "ORG"), "A")]
    assert (said(99, A=faint), said(99)) == ([(Span(0, 7, "ORG"), "A")], [])


def test_the_first_blocks_are_so_many_that_they_have_the_words_that_are_wanted() -> None:
    project = in_blocks(2, 1)
    first, second, third = (SentenceBlock(1, 0, 10, 3), SentenceBlock(1, 10, 20, 3), SentenceBlock(2, 0, 10, 3))
    assert project.predictions.first_blocks(3) == [first]
    assert project.predictions.first_blocks(4) == [first, second]
    assert project.predictions.first_blocks(99) == [first, second, third]


def test_a_suggestion_that_comes_back_is_no_word_of_a_run_with_other_settings() -> None:
    project = project_of(["Ada met Bo."])
    predict(project, 1, ADA)
    ((said, _),) = project.items.suggestions(1, 0, 99)
    project.suggestions.take(1, ADA)
    first = project.predictions.run(said.run)
    assert first is not None
    since = project.predictions.begin(replace(first[0], settings="other"), time=2.0)
    project.predictions.save(SentenceBlock(1, 0, 11, 4), 0, since, [])
    project.suggestions.restore(1, said)
    assert shown(project) == []
