"""How a person likes the screen is there the next time, each for its kind of window, whatever the file has become."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ner_tui.session.kept_view import KeptView


def test_what_is_chosen_is_there_the_next_time_for_windows_of_its_kind() -> None:
    view = KeptView.of_person()
    assert (view.panes(wide=True), view.roomy(wide=True), view.theme) == (None, None, "")
    view.keep_panes(True, wide=True)
    view.keep_panes(False, wide=False)
    view.keep_roomy(True, wide=False)
    view.theme = "dark"
    again = KeptView.of_person()
    assert again.panes(wide=True) is True
    assert again.panes(wide=False) is False
    assert again.roomy(wide=True) is None
    assert again.roomy(wide=False) is True
    assert again.theme == "dark"
    again.keep_roomy(False, wide=False)
    assert KeptView.of_person().roomy(wide=False) is False


@pytest.mark.parametrize("content", ["", "[]", "nonsense", "[" * 50_000, '{"theme": 1, "panes, large window": true}'])
def test_what_is_no_file_of_choices_is_as_if_nothing_was_chosen(content: str) -> None:
    path = KeptView.of_person().path
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    view = KeptView.of_person()
    assert (view.panes(wide=True), view.theme) == (None, "")
    view.theme = "light"
    assert json.loads(path.read_text()) == {"theme": "light"}


def test_where_nothing_can_be_written_choices_last_as_long_as_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for view in (KeptView(), KeptView(tmp_path / "file" / "view.json")):
        view.keep_panes(False, wide=True)
        assert view.panes(wide=True) is False
