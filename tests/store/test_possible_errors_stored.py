"""Possible errors in the project file: which are listed, for which filter, and until when."""

from __future__ import annotations

import pytest
from store.made import project_of, source

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.edits import Decision, Rejection
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.spans import Span
from ner_tui.store.project import Project

ADA, EVE, ROME = Span(0, 3, "PER"), Span(12, 15, "PER"), Span(21, 25, "LOC")
LABEL = PossibleError(1, 0, 3, (ADA,), (Span(0, 3, "ORG"),), 0.4, ("odd",), (1.5,))
MISSING = PossibleError(1, 12, 15, (), (EVE,), 0.9)
NOTHING = PossibleError(1, 21, 25, (ROME,), (), 0.6)


@pytest.fixture
def project() -> Project:
    made = project_of(("Ada met Bo. ", "Eve left Rome. ", "Bo sat."))
    for span in (ADA, ROME):
        made.items.put(1, Decision(span, "file"))
    assert made.possible_errors.replace([LABEL, MISSING, NOTHING]) == 3
    return made


def found(project: Project, **wanted: object) -> list[int]:
    return [each.start for each in project.doubts.find(DoubtFilter(reason="error", **wanted))]  # type: ignore[arg-type]


def test_the_likeliest_come_first_or_the_first_of_the_document(project: Project) -> None:
    assert (found(project), found(project, order="document")) == ([12, 21, 0], [0, 12, 21])
    doubts = project.doubts.find(DoubtFilter(reason="error"))
    assert [each.note for each in doubts] == ["no entity → PER", "LOC → no entity", "PER → ORG"]


@pytest.mark.parametrize(
    ("wanted", "starts"),
    [
        ({"text": "ada"}, [0]),
        ({"text": "e"}, [12, 21]),
        ({"text": "left"}, []),
        ({"label": "PER"}, [12, 0]),
        ({"label": "ORG"}, [0]),
        ({"label": "LOC", "text": "a"}, []),
        ({"status": "suggested"}, [12]),
        ({"status": "decided"}, [21, 0]),
        ({"status": "yours"}, []),
    ],
)
def test_a_filter_looks_at_the_words_and_at_the_labels_of_both_readings(
    project: Project, wanted: dict[str, object], starts: list[int]
) -> None:
    assert found(project, **wanted) == starts


def test_one_waits_until_a_person_has_said_something_of_its_place(project: Project) -> None:
    assert project.possible_errors.at(1, 14) == MISSING
    assert project.possible_errors.at(1, 15) is None
    project.items.put(1, Rejection(EVE))
    project.items.take(1, Decision(ADA, "file"))
    project.items.put(1, Decision(Span(0, 3, "ORG")))
    assert found(project) == [21]
    assert list(project.possible_errors.answered()) == [(LABEL, True), (MISSING, False)]
    assert project.possible_errors.is_any_left()
    project.items.put(1, Rejection(ROME))
    assert not project.possible_errors.is_any_left()


def test_what_waits_gives_way_to_what_is_found_anew_and_what_was_answered_stays(project: Project) -> None:
    project.items.put(1, Rejection(EVE))
    later = PossibleError(1, 27, 29, (), (Span(27, 29, "PER"),), 0.3)
    assert project.possible_errors.replace([MISSING, later]) == 1
    assert sorted(each.start for each in project.possible_errors.all()) == [12, 27]


def test_another_probability_is_another_place_in_the_list(project: Project) -> None:
    project.possible_errors.weigh([(LABEL, 0.95)])
    assert found(project) == [0, 12, 21]


def test_the_files_with_labels_are_audited_or_all_if_no_file_has_any() -> None:
    project = project_of(("Ada met Bo. ",), ("Eve left.",))
    labelled = project.content.add_source(source("/b.conll"))
    project.content.add_document(labelled, "d3", "tokens")
    assert project.possible_errors.audited_documents() == [1, 2, 3]
    project.bulk_insert.note_labels(3)
    assert project.possible_errors.audited_documents() == [3]
    project.bulk_insert.note_labels(1)
    assert project.possible_errors.audited_documents() == [1, 2, 3]
