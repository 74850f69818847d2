"""The table of verbs: what journals hold of it never changes, and nobody forgets to say what a verb counts as."""

from __future__ import annotations

import pytest

from ner_tui.domain.annotation.verb_table import Verb

STORED = """
label relabel extend_left extend_right shrink_left shrink_right reject delete take_reading fix_all accept keep confirm
flag unflag show_suggestions note remove_note split_token merge_tokens split_sentence join_sentences add_label
describe_label recolour_label delete_label rename_label merge_labels undo redo file_changed
"""
"""The names that journals hold, with _ for a blank. A new verb is added here; none is ever changed or taken away."""
CORRECTING = """
label relabel extend_left extend_right shrink_left shrink_right reject delete take_reading fix_all
"""
"""Those that the statistics count as corrections."""


def names(listed: str) -> list[str]:
    return [name.replace("_", " ") for name in listed.split()]


def test_the_names_in_journals_are_those_they_always_were() -> None:
    assert [verb.stored for verb in Verb if verb is not Verb.OTHER] == names(STORED)


def test_what_counts_as_a_correction() -> None:
    assert [verb.stored for verb in Verb if verb.corrects] == names(CORRECTING)


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_is_found_by_its_name_and_is_told(verb: Verb) -> None:
    assert Verb.named(verb.stored) is verb
    assert verb.words


def test_a_verb_of_a_later_version_is_read_as_another_edit() -> None:
    assert Verb.named("bless") is Verb.OTHER
    assert not Verb.OTHER.corrects
