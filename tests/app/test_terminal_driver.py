"""What goes to the terminal takes the cells that were counted on, and can be encoded."""

from __future__ import annotations

import os

import pytest

from ner_tui.app.terminal_driver import PatientFile

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the driver is for Unix")


@pytest.mark.parametrize("text", ["plain", "Łódź 🙂", "a\udcffb", "\ud800\udc00"])
def test_halves_of_pairs_go_to_the_terminal_as_one_stand_in_each(text: str) -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as reader, os.fdopen(theirs, "w", encoding="utf-8") as writer:
        PatientFile(writer).write(text)
        drawn = os.read(reader.fileno(), 100).decode()
    assert len(drawn) == len(text)
    assert drawn == "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text)
