"""Printable text: nothing that a terminal would obey, and nothing lost silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.printable import printable, printable_lines


@given(st.text())
def test_what_comes_out_is_printable_and_as_long_as_what_went_in(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Łódź 👍", "Łódź 👍"),
        ("\x1b[31m", "␛[31m"),
        ("a\u00a0b\u200b", "a␣b¦"),
        ("\x7f\u2028\u0085", "␡¶\ufffd"),
        ("a\u3164\u034fb", "a¦¦b"),
    ],
)
def test_each_kind_has_its_stand_in(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_lines_keep_their_tabs_and_ends_and_nothing_else_that_a_terminal_would_obey(text: str) -> None:
    shown = printable_lines(text)
    assert len(shown) == len(text)
    for given_character, character in zip(text, shown, strict=True):
        assert character.isprintable() or (character == given_character and character in "\t\n\r")
    assert shown.count("\r") == shown.count("\r\n")
