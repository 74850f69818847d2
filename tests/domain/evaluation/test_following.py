"""Who was followed, and where readers err: each conflict and each span is counted once."""

from __future__ import annotations

from ner_tui.domain.evaluation.following import Following, ReaderFigures
from ner_tui.domain.schemes import TagSpan


def test_a_conflict_follows_all_who_read_the_gold_and_the_others_err_in_a_way_that_is_named() -> None:
    found = Following([ReaderFigures(name) for name in ("ana", "bo", "cy")])
    york, new_york = TagSpan(4, 5, "LOC"), TagSpan(3, 5, "LOC")
    ada = TagSpan(0, 2, "PER")
    found.add([ada, new_york], [[ada, new_york], [ada, york], [TagSpan(0, 2, "ORG")]])
    found.add([], [[TagSpan(1, 2, "ORG")], [], []])
    ana, bo, cy = found.readers
    assert (found.conflicts, found.gold) == (3, 2)
    assert [each.followed for each in found.readers] == [2, 2, 1]
    assert (ana.same, ana.spurious) == (2, {"ORG": 1})
    assert (bo.same, bo.boundaries) == (1, {"LOC": 1})
    assert (cy.same, cy.labels, cy.missed) == (0, {("ORG", "PER"): 1}, {"LOC": 1})
    assert found.f1(ana) == 2 * 2 / (2 + 3)


def test_what_all_read_alike_is_no_conflict_even_where_the_gold_is_something_else() -> None:
    found = Following([ReaderFigures("ana"), ReaderFigures("bo")])
    found.add([TagSpan(0, 1, "PER")], [[TagSpan(0, 1, "LOC")], [TagSpan(0, 1, "LOC")]])
    assert found.conflicts == 0
    assert [each.labels for each in found.readers] == [{("LOC", "PER"): 1}] * 2


def test_there_is_something_to_tell_as_soon_as_the_gold_or_a_reader_has_a_span() -> None:
    span = TagSpan(0, 1, "PER")
    assert [is_empty([], [[]]), is_empty([span], [[]]), is_empty([], [[span]])] == [True, False, False]


def is_empty(gold: list[TagSpan], said: list[list[TagSpan]]) -> bool:
    found = Following([ReaderFigures("ana")])
    found.add(gold, said)
    return found.is_empty
