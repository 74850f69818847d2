"""How files were read is kept for the next time; of a file of which nothing is kept it is how all are read."""

from __future__ import annotations

from ner_tui.domain.spelling import spelling_of
from ner_tui.session.transfer.asked_for import (
    AskedFor,
    asked_for,
    keep_asked_for,
    keep_tag_names,
    kept_tag_names,
    spelling_shown,
)
from ner_tui.store.project import Project


def test_what_was_asked_for_is_kept_for_each_source() -> None:
    project, asked = Project.scratch(), AskedFor(7, True, "text", ("B_PER", "O"))
    keep_asked_for(project, 2, asked)
    assert asked_for(project, 2) == asked
    assert asked_for(project, 1) == AskedFor(after=0, ignore_tags=False, text=None, tags_as=())


def test_names_of_tags_that_are_numbers_are_kept() -> None:
    project = Project.scratch()
    assert kept_tag_names(project) == ()
    keep_tag_names(project, ["O", "B-ŁÓDŹ"])
    assert kept_tag_names(project) == ("O", "B-ŁÓDŹ")


def test_examples_show_a_spelling_and_none_show_none() -> None:
    assert spelling_shown(("B_PER", "O")) == spelling_of(["B_PER", "O"])
    assert spelling_shown(()) is None
