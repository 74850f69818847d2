"""Doubts in the project file: which places are found for which reason, in which order, and until when."""

from __future__ import annotations

import pytest
from store.made import predict, project_of
from store.statements import traced

from ner_tui.domain.annotation.doubts import Doubt, DoubtFilter, Reason
from ner_tui.domain.annotation.edits import Decision, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.store import doubts as doubts_module
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXTS = ("Ada met Bo. ", "Eve left Rome. ", "Bo sat.")
ADA, BO, ROME, LAST = Span(0, 3, "PER"), Span(8, 10, "PER"), Span(21, 25, "LOC"), Span(27, 29, "PER")


@pytest.fixture
def project() -> Project:
    """Each kind of doubt once: narrow at Ada, faint at Bo, a conflict at Rome, a problem at Eve; and a sure one."""
    made = project_of(TEXTS, ["Bo ran."])
    made.items.put(1, Decision(Span(21, 25, "PER"), "file"))
    made.bulk_insert.add_problems(1, [(12, 15, "odd tag")])
    run = made.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    block = made.predictions.block_at(1, 0)
    assert block is not None
    said = [
        Suggestion(ADA, 0.6, 0.2, (), run),
        Suggestion(BO, 0.3, -0.4, (), run),
        Suggestion(ROME, 0.7, 0.6, (), run),
        Suggestion(LAST, 0.9, 0.8, (), run),
    ]
    assert made.predictions.save(block, 0, run, said)
    return made


def found(project: Project, **wanted: object) -> list[tuple[str, int]]:
    return [(each.reason, each.start) for each in project.doubts.find(DoubtFilter(**wanted))]  # type: ignore[arg-type]


def test_the_weightiest_come_first_or_the_first_of_the_document(project: Project) -> None:
    assert list(project.doubts.find(DoubtFilter())) == [
        Doubt("source", 1.0, 1, 12, 15, None, 0, "odd tag"),
        Doubt("model", 0.7, 1, 21, 25, "LOC", 0.7),
        Doubt("unsure", 0.4, 1, 0, 3, "PER", 0.6),
    ]
    assert found(project, order="document") == [("unsure", 0), ("source", 12), ("model", 21)]


def test_what_is_below_the_threshold_is_listed_where_it_is_asked_for_and_nowhere_counted(project: Project) -> None:
    assert list(project.doubts.find(DoubtFilter(reason="below"))) == [Doubt("below", 0.3, 1, 8, 10, "PER", 0.3)]
    assert found(project, reason="below", order="document") == [("below", 8)]
    assert project.suggestions.next_doubt(1, 0, 1) == (1, 21)
    assert project.tallies(1)["doubt", ""] == 2


@pytest.mark.parametrize(
    ("wanted", "starts"),
    [
        ({"reason": "unsure"}, [0]),
        ({"reason": "source"}, [12]),
        ({"status": "suggested"}, [0]),
        ({"status": "decided"}, [12, 21]),
        ({"status": "yours"}, []),
        ({"label": "PER"}, [0, 21]),
        ({"label": "LOC"}, [21]),
        ({"text": "o"}, [21]),
        ({"text": "ROM"}, [21]),
        ({"text": "ev"}, [12]),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"text": "o", "label": "PER", "reason": "below"}, [8]),
    ],
)
def test_a_filter_lets_through_what_meets_all_of_it(
    project: Project, wanted: dict[str, object], starts: list[int]
) -> None:
    assert [start for _, start in found(project, order="document", **wanted)] == starts
    assert sorted(start for _, start in found(project, **wanted)) == starts


def test_a_doubt_holds_until_it_is_answered(project: Project) -> None:
    source, conflict, narrow, faint = every = [
        *project.doubts.find(DoubtFilter()),
        *project.doubts.find(DoubtFilter(reason="below")),
    ]
    assert all(project.doubts.holds(doubt) for doubt in every)
    project.items.put(1, Rejection(ADA))
    project.items.put(1, Decision(BO))
    project.items.restate(1, 0, 12)
    assert [project.doubts.holds(doubt) for doubt in every] == [True, True, False, False]
    project.items.put(1, SentenceState(12, "confirmed"))
    project.items.restate(1, 12, 27)
    assert not any(project.doubts.holds(doubt) for doubt in (source, conflict, narrow, faint))
    assert found(project) == []


def test_a_problem_is_solved_by_a_persons_decision_over_it_alone(project: Project) -> None:
    assert project.doubts.problems(1, 0, 40) == [(12, 15, "odd tag")]
    assert project.doubts.problems(1, 12, 13) == [(12, 15, "odd tag")]
    assert project.doubts.problems(1, 13, 40) == project.doubts.problems(1, 0, 12) == []
    project.items.put(1, Decision(Span(8, 10, "PER")))
    assert project.doubts.problems(1, 0, 40)
    project.items.put(1, Decision(Span(12, 15, "PER"), "file"))
    assert project.doubts.problems(1, 0, 40)
    project.items.take(1, Decision(Span(12, 15, "PER")))
    project.items.put(1, Decision(Span(12, 15, "PER")))
    assert project.doubts.problems(1, 0, 40) == []


def test_a_problem_has_the_label_that_is_decided_there(project: Project) -> None:
    project.items.put(1, Decision(Span(12, 15, "ORG"), "file"))
    (doubt,) = project.doubts.find(DoubtFilter(reason="source"))
    assert doubt.label == "ORG"
    assert found(project, reason="source", label="ORG") == [("source", 12)]
    assert found(project, reason="source", label="PER") == []


def test_what_is_labelled_otherwise_elsewhere_is_told_at_the_rarer_label() -> None:
    made = project_of(["Bo met Bo and Bo. ", "Bo left."])
    for start, label, source in ((0, "PER", "file"), (7, "PER", "file"), (14, "ORG", "file"), (18, "PER", "person")):
        made.items.put(1, Decision(Span(start, start + 2, label), source))  # type: ignore[arg-type]
    (doubt,) = made.doubts.find(DoubtFilter())
    assert (doubt.reason, doubt.start, doubt.end, doubt.label) == ("mixed", 14, 16, "ORG")
    assert (doubt.number, doubt.note, doubt.weight) == (3, "PER", 3 / 5)
    assert found(made, order="document") == found(made, label="ORG") == found(made, text="bo") == [("mixed", 14)]
    assert found(made, label="PER") == found(made, text="left") == found(made, status="suggested") == []
    assert made.doubts.holds(doubt)
    made.items.put(1, SentenceState(0, "confirmed"))
    assert (found(made), made.doubts.holds(doubt)) == ([], False)


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("order", ["doubt", "document"])
def test_in_batches_each_place_is_found_once_and_in_the_same_order(
    project: Project, batch: int, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    predict(project, 2, Span(0, 2, "PER"), Span(3, 6, "PER"), score=0.6)
    whole = found(project, order=order)
    monkeypatch.setattr(doubts_module, "BATCH", batch)
    assert found(project, order=order) == whole
    assert len(whole) == 5


def test_each_batch_goes_on_behind_the_one_before(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    spans = [Span(0, 2, "PER"), Span(3, 6, "PER"), Span(6, 7, "PER")]
    predict(project, 2, *spans, score=0.6)
    monkeypatch.setattr(doubts_module, "BATCH", 2)
    with traced(project._database) as statements:
        assert len(found(project, reason="unsure", order="document")) == 4
    # Two and two, and nothing more.
    assert len(statements) == 3


@pytest.mark.parametrize(
    ("document", "offset", "step", "place"),
    [
        (1, -1, 1, (1, 0)),
        (1, 0, 1, (2, 0)),
        (2, 0, 1, (2, 3)),
        (2, 1, 1, (2, 3)),
        (2, 3, 1, None),
        (2, 9, -1, (2, 3)),
        (2, 3, -1, (2, 0)),
        (2, 0, -1, (1, 0)),
        (1, 0, -1, None),
    ],
)
def test_the_next_doubt_of_a_begun_sentence_is_found_from_inside_of_it(
    project: Project, document: int, offset: int, step: int, place: tuple[int, int] | None
) -> None:
    predict(project, 2, Span(0, 2, "PER"), Span(3, 6, "PER"), score=0.6)
    project.items.put(1, Rejection(BO))
    project.items.restate(1, 8, 10)
    project.items.put(1, SentenceState(0, "in progress"))
    project.items.put(1, SentenceState(12, "confirmed"))
    project.items.put(2, SentenceState(0, "in progress"))
    assert project.doubts.next_in_begun(document, offset, step) == place


def test_doubts_of_a_kind_are_as_many_as_are_found(project: Project) -> None:
    kinds: tuple[Reason, ...] = ("source", "model", "unsure", "below", "mixed")
    assert [project.doubts.number(kind) for kind in kinds] == [1, 1, 1, 1, 0]
