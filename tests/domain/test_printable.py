"""Printable text: nothing that a terminal would obey, and nothing lost silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.printable import printable


@given(st.text())
def test_what_comes_out_is_printable_and_as_long_as_what_went_in(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Łódź 👍", "Łódź 👍"), ("\x1b[31m", "␛[31m"), ("a\u00a0b\u200b", "a␣b¦"), ("\x7f\u2028\u0085", "␡¶\ufffd")],
)
def test_each_kind_has_its_stand_in(text: str, shown: str) -> None:
    assert printable(text) == shown
