"""Labels in the project file: the list, what models call them, and what carries them when they are renamed."""

from __future__ import annotations

import sqlite3

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Alias, Decision, LabelEntry, LabelRename, Rejection
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.labels import Label, LabelSet
from ner_tui.domain.spans import Span
from ner_tui.store.project import Project

ADA, BO = Span(0, 3, "PER"), Span(8, 10, "PER")
READINGS = (Alternative(0, 3, "LOC", 0.2), Alternative(0, 3, None, 0.1))


@pytest.fixture
def project() -> Project:
    made = project_of(["Ada met Bo."], ["Eve sat."])
    made.labels = LabelSet.of(["PER", "LOC"])
    return made


def test_labels_are_put_at_their_places_and_taken(project: Project) -> None:
    table, date = project.label_list, Label("DATE", "7", 5, "days")
    table.put(LabelEntry(date, 1))
    assert list(table.labels) == [Label("PER", "1", 1), date, Label("LOC", "2", 2)]
    table.take(LabelEntry(date, 1))
    assert table.labels.names == ("PER", "LOC")
    assert Project.scratch().labels == LabelSet()


def test_aliases_are_put_and_taken_by_what_a_model_says(project: Project) -> None:
    table = project.label_list
    table.put(Alias("PERSON", "PER"))
    table.put(Alias("GPE", "LOC"))
    assert table.aliases == {"PERSON": "PER", "GPE": "LOC"}
    table.put(Alias("GPE", "ORG"))
    table.take(Alias("PERSON", "PER"))
    assert table.aliases == {"GPE": "ORG"}


def test_what_a_model_says_is_told_in_the_names_of_now(project: Project) -> None:
    table, said = project.label_list, [Suggestion(ADA, 0.9, 0.7, READINGS)]
    assert list(table.in_current_names(said)) == said
    table.put(Alias("LOC", "PLACE"))
    table.put(Alias("PER", "HUMAN"))
    (named,) = table.in_current_names(said)
    assert named.span == Span(0, 3, "HUMAN")
    assert [each.label for each in named.alternatives] == ["PLACE", None]
    assert (named.score, named.margin) == (0.9, 0.7)


def test_readings_of_labels_that_were_merged_are_read_as_the_others(project: Project) -> None:
    table, said = project.label_list, Suggestion(ADA, 0.9, 0.7, READINGS)
    table.put(Alias("LOC", "PER"))
    assert table.merged(table.labels) == {}
    assert table.with_listed_readings(said) == said
    table.take(LabelEntry(Label("LOC", "2", 2), 1))
    assert table.merged(table.labels) == {"LOC": "PER"}
    listed = table.with_listed_readings(said)
    assert (listed.span, [each.label for each in listed.alternatives]) == (ADA, ["PER", None])
    assert table.with_listed_readings(said, {"LOC": "X"}).alternatives[0].label == "X"
    assert table.with_listed_readings(said, {}) == said
    bare = Suggestion(Span(0, 3, "LOC"), 0.9, 0.7)
    assert table.with_listed_readings(bare) == bare


def test_what_carries_a_label_is_counted_and_found_by_document(project: Project) -> None:
    project.items.put(1, Decision(ADA))
    project.items.put(2, Rejection(Span(0, 3, "PER")))
    predict(project, 1, BO)
    predict(project, 2, Span(0, 3, "LOC"))
    table = project.label_list
    assert [table.carried(name) for name in ("PER", "LOC", "DATE")] == [3, 1, 0]
    assert [table.documents_with(name) for name in ("PER", "LOC", "DATE")] == [[1, 2], [2], []]


def test_a_label_is_read_where_an_alternative_has_it_whole(project: Project) -> None:
    project.suggestions.add(1, [Suggestion(ADA, 0.9, 0.7, READINGS)])
    assert [project.label_list.is_read(name) for name in ("LOC", "LO", "PER")] == [True, False, False]


def test_a_rename_takes_everything_along_and_is_taken_back(project: Project) -> None:
    project.items.put(1, Decision(ADA))
    project.items.put(1, Rejection(BO))
    project.suggestions.add(1, [Suggestion(BO, 0.9, 0.7, READINGS)])
    change = LabelRename("PER", "HUMAN")
    project.label_list.put(change)
    decisions, rejections, suggestions = project.items.carrying(1, ["HUMAN"])
    assert (decisions, rejections) == ([Decision(Span(0, 3, "HUMAN"))], [Rejection(Span(8, 10, "HUMAN"))])
    assert [each.span.label for each in suggestions] == ["HUMAN"]
    project.label_list.put(LabelRename("LOC", "PLACE"))
    assert project.label_list.is_read("PLACE")
    assert not project.label_list.is_read("LOC")
    project.label_list.take(LabelRename("LOC", "PLACE"))
    project.label_list.take(change)
    decisions, rejections, suggestions = project.items.carrying(1, ["PER"])
    assert (decisions, rejections, suggestions) == (
        [Decision(ADA)],
        [Rejection(BO)],
        [Suggestion(BO, 0.9, 0.7, READINGS)],
    )


def test_what_says_the_same_twice_after_a_rename_is_said_once(project: Project) -> None:
    project.items.put(1, Rejection(BO))
    project.items.put(1, Rejection(Span(8, 10, "HUMAN")))
    project.label_list.put(LabelRename("PER", "HUMAN"))
    assert project.items.known(1, 0, 11).rejections == [Rejection(Span(8, 10, "HUMAN"))]


def test_settings_are_kept_by_name(project: Project) -> None:
    assert project.setting("theme") is None
    project.set_setting("theme", "nord")
    project.set_setting("theme", "dark")
    assert project.setting("theme") == "dark"


def test_a_read_only_project_lets_go_of_what_is_only_remembered(project: Project) -> None:
    project.read_only = True
    project.set_setting("theme", "nord")
    project.labels = LabelSet()
    assert (project.setting("theme"), project.labels.names) == (None, ("PER", "LOC"))


def test_what_is_read_in_a_snapshot_is_not_written(project: Project) -> None:
    with project.snapshot(), pytest.raises(sqlite3.OperationalError):
        project._database.execute("BEGIN")
    with project.snapshot():
        project.set_setting("theme", "nord")
    assert project.setting("theme") is None
