"""Models that a person has chosen: remembered by what they are, outside of projects, and told without looking."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ner_tui.predictors.chosen import choose, chosen_file, is_chosen


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("spec", [None, "", "bundled", "fast", "none"])
def test_what_comes_along_is_chosen_and_not_written_down(spec: str | None) -> None:
    assert is_chosen(spec)
    choose(spec or "bundled")
    assert not chosen_file().exists()


@pytest.mark.parametrize(
    "spec", ["somebody/model", "model", "./model", "~/model", "/far/model", "~other/model", "a\0b"]
)
def test_nothing_else_is_chosen_before_a_person_does(spec: str) -> None:
    assert not is_chosen(spec)


@pytest.mark.parametrize("spec", ["somebody/model", "model"])
def test_a_name_on_a_hub_is_chosen_in_every_folder(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(spec)
    Path("sub").mkdir()
    monkeypatch.chdir("sub")
    assert is_chosen(spec)
    assert not is_chosen("somebody/else")


def test_a_folder_is_chosen_and_not_those_that_are_called_like_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("model").mkdir()
    Path("sub/model").mkdir(parents=True)
    choose("./model")
    for spec in ("model", "./model", "sub/../model", str(folder / "model")):
        assert is_chosen(spec), spec
    assert not is_chosen("sub/model")
    monkeypatch.chdir("sub")
    assert is_chosen("../model")
    assert not is_chosen("model")


@pytest.mark.parametrize("planted", ["folder", "link"])
def test_a_folder_that_is_called_like_a_chosen_name_on_a_hub_is_another_model(planted: str) -> None:
    choose("somebody/model")
    if planted == "folder":
        Path("somebody/model").mkdir(parents=True)
    else:
        Path("somebody").symlink_to("/net/evil/somebody")
    assert not is_chosen("somebody/model")


def test_the_home_of_another_user_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("pwd.getpwnam", asked.append)
    assert not is_chosen("~other/model")
    assert asked == []


def test_several_are_remembered_side_by_side(folder: Path) -> None:
    Path("one").mkdir()
    for spec in ("one", "somebody/model", "somebody/else"):
        choose(spec)
    assert all(map(is_chosen, ("one", "somebody/model", "somebody/else")))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"hub": 1, "folders": []}', "[" * 100_000, "\udcff"])
def test_a_broken_file_chooses_nothing_and_is_written_anew(content: str) -> None:
    choose("somebody/model")
    chosen_file().write_text(content, encoding="utf-8", errors="surrogateescape")
    assert not is_chosen("somebody/model")
    choose("somebody/model")
    assert is_chosen("somebody/model")


def test_where_nothing_can_be_remembered_nothing_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", os.fspath(folder / "file"))
    choose("somebody/model")
    assert not is_chosen("somebody/model")
