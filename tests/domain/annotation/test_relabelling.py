"""Relabelling: what the list of labels, the aliases and the items of a document come to."""

from __future__ import annotations

import pytest

from ner_tui.domain.annotation import relabelling
from ner_tui.domain.annotation.edits import Alias, Decision, Edit, LabelEntry, LabelRename, Rejection
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.labels import COLOUR_SLOTS, Label, LabelSet
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused

LABELS = LabelSet.of(["PER", "ORG", "LOC"])
PER, ORG, LOC = LABELS


def test_a_label_is_added_at_the_end_with_the_next_key() -> None:
    edit = relabelling.add_label(LABELS, " DATE ", " days and years ")
    assert (edit.verb, edit.removed) == (Verb.ADD_LABEL, ())
    assert edit.added == (LabelEntry(Label("DATE", "4", 4, "days and years"), 3),)


def test_a_description_is_changed_in_place() -> None:
    edit = relabelling.describe_label(LABELS, "ORG", " firms ")
    assert edit.verb is Verb.DESCRIBE_LABEL
    assert edit.removed == (LabelEntry(ORG, 1),)
    assert edit.added == (LabelEntry(Label("ORG", ORG.key, ORG.slot, "firms"), 1),)


def test_a_label_gets_the_next_colour_and_the_first_after_the_last() -> None:
    edit = relabelling.recolour_label(LABELS, "ORG")
    assert edit.added == (LabelEntry(Label("ORG", ORG.key, ORG.slot + 1), 1),)
    last = LabelSet((Label("X", "1", COLOUR_SLOTS),))
    assert relabelling.recolour_label(last, "X").added == (LabelEntry(Label("X", "1", 1), 0),)


def test_a_deleted_label_leaves_the_list_and_nothing_else_changes() -> None:
    edit = relabelling.delete_label(LABELS, "ORG")
    assert edit == Edit(Verb.DELETE_LABEL, (LabelEntry(ORG, 1),), ())


def test_a_renamed_label_keeps_its_key_colour_and_place_and_what_a_model_calls_so_follows() -> None:
    aliases = {"PERSON": "PER", "GPE": "LOC"}
    edit = relabelling.rename_label(LABELS, aliases, "PER", " HUMAN ")
    assert edit.verb is Verb.RENAME_LABEL
    assert edit.removed == (LabelEntry(PER, 0), Alias("PERSON", "PER"))
    renamed = LabelEntry(Label("HUMAN", PER.key, PER.slot), 0)
    assert edit.added == (renamed, Alias("PERSON", "HUMAN"), Alias("PER", "HUMAN"), LabelRename("PER", "HUMAN"))


def test_a_name_that_is_an_alias_of_something_already_is_not_made_one_twice() -> None:
    edit = relabelling.rename_label(LABELS, {"PER": "PER"}, "PER", "HUMAN")
    assert [item for item in edit.added if isinstance(item, Alias)] == [Alias("PER", "HUMAN")]


def test_a_merged_label_leaves_the_list_and_is_taken_as_the_other() -> None:
    edit = relabelling.unlist_merged(LABELS, {"GPE": "LOC"}, "LOC", "ORG")
    assert edit.verb is Verb.MERGE_LABELS
    assert edit.removed == (LabelEntry(LOC, 2), Alias("GPE", "LOC"))
    assert edit.added == (Alias("GPE", "ORG"), Alias("LOC", "ORG"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda: relabelling.add_label(LABELS, "PER"), "there is a label PER already"),
        (lambda: relabelling.describe_label(LABELS, "PER", " "), "the description is as it was"),
        (lambda: relabelling.describe_label(LABELS, "DATE", "x"), "there is no label DATE"),
        (lambda: relabelling.rename_label(LABELS, {}, "PER", " PER "), "the name is as it was"),
        (lambda: relabelling.rename_label(LABELS, {}, "PER", "ORG"), "there is a label ORG already: merge PER"),
        (lambda: relabelling.rename_label(LABELS, {}, "DATE", "DAY"), "there is no label DATE"),
        (lambda: relabelling.unlist_merged(LABELS, {}, "PER", "PER"), "merged into itself"),
        (lambda: relabelling.unlist_merged(LABELS, {}, "DATE", "PER"), "there is no label DATE"),
        (lambda: relabelling.unlist_merged(LABELS, {}, "PER", "DATE"), "there is no label DATE"),
    ],
)
def test_what_makes_no_sense_is_refused(change: object, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        change()  # type: ignore[operator]


def merged(
    decisions: list[Decision], rejections: list[Rejection] | None = None, suggestions: list[Suggestion] | None = None
) -> Edit:
    edit = relabelling.merge_items(decisions, rejections or [], suggestions or [], "GPE", "LOC")
    assert edit is not None
    assert edit.verb is Verb.MERGE_LABELS
    return edit


def test_a_document_without_the_label_is_left_alone() -> None:
    other = Span(0, 3, "LOC")
    said = [Suggestion(other, 0.9, 0.9)]
    assert relabelling.merge_items([Decision(other)], [Rejection(other)], said, "GPE", "LOC") is None


def test_decisions_take_the_other_label_and_keep_who_decided() -> None:
    others = [Decision(Span(4, 6, "LOC")), Decision(Span(9, 12, "PER"))]
    edit = merged([Decision(Span(0, 3, "GPE"), "file"), *others])
    assert edit.removed == (Decision(Span(0, 3, "GPE"), "file"),)
    assert edit.added == (Decision(Span(0, 3, "LOC"), "file"),)


@pytest.mark.parametrize(
    ("decided", "rejected", "left"),
    [
        ([], [], [Rejection(Span(0, 3, "LOC"))]),
        ([], [Span(0, 3, "LOC")], []),
        ([Span(0, 3, "LOC")], [], []),
        ([Span(0, 3, "PER")], [], [Rejection(Span(0, 3, "LOC"))]),
    ],
)
def test_a_rejection_is_kept_unless_the_other_label_was_decided_or_rejected_there(
    decided: list[Span], rejected: list[Span], left: list[Rejection]
) -> None:
    mine = Rejection(Span(0, 3, "GPE"))
    edit = merged([Decision(span) for span in decided], [mine, *map(Rejection, rejected)])
    assert edit.removed == (mine,)
    assert edit.added == tuple(left)


def test_a_rejection_of_what_becomes_a_decision_is_dropped() -> None:
    edit = merged([Decision(Span(0, 3, "GPE"))], [Rejection(Span(0, 3, "GPE"))])
    assert edit.added == (Decision(Span(0, 3, "LOC")),)


@pytest.mark.parametrize(("mine", "theirs", "left"), [(0.9, 0.5, 0.9), (0.5, 0.9, None), (0.5, 0.5, None)])
def test_of_two_suggestions_that_become_one_the_likelier_stays(mine: float, theirs: float, left: float | None) -> None:
    old, other = Suggestion(Span(0, 3, "GPE"), mine, 0.1), Suggestion(Span(0, 3, "LOC"), theirs, 0.1)
    edit = merged([], suggestions=[old, other])
    assert edit.removed == ((old, other) if left else (old,))
    assert [item.score for item in edit.added if isinstance(item, Suggestion)] == ([left] if left else [])


def test_a_suggestion_without_a_rival_takes_the_other_label_with_all_it_says() -> None:
    old = Suggestion(Span(0, 3, "GPE"), 0.7, 0.2, run=4)
    edit = merged([], suggestions=[old, Suggestion(Span(0, 3, "PER"), 0.9, 0.1)])
    assert (edit.removed, edit.added) == ((old,), (Suggestion(Span(0, 3, "LOC"), 0.7, 0.2, run=4),))
