"""Somebody else writes to a file while a command or the app replaces it: no version is lost, and the person is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import ChangedOnDisk, InputError, ProjectError
from ner_tui.formats.files.project_files import own_name
from ner_tui.formats.files.replacing import Replacement
from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.session.found_files import FoundFiles, found_files
from ner_tui.session.transfer.file_import import open_for
from ner_tui.store.project import Project

Capture = pytest.CaptureFixture[str]
GOLD = "Ada B-PER\nleft O\n\n"
THEIRS = "Ada B-PER\nleft B-LOC\n\n"
OURS = GOLD.replace("PER", "ORG")
OUTPUTS = (
    ["export", "p.ner", "-o", "out"],
    ["export", "p.ner", "--to", "jsonl", "-o", "out"],
    ["export", "p.ner", "--to", "jsonl", "-o", "folder/"],
    ["dump", "p.ner", "-o", "out"],
    ["convert", "a.conll", "-o", "out"],
    ["convert", "a.conll", "--to", "jsonl", "-o", "out"],
    ["convert", "a.conll", "--to", "jsonl", "-o", "folder/"],
    ["check", "a.conll", "--repair", "discard", "-o", "out"],
    ["predict", "a.conll", "--model", "model", "-o", "out"],
    ["predict", "a.conll", "--model", "model", "--to", "jsonl", "-o", "out"],
)
IN_PLACE = ["convert", "a.conll", "--scheme", "bilou", "-o", "a.conll"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project and its source."""
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text(GOLD, encoding="utf-8")
    sit("a.conll").close()
    Path("folder").mkdir()
    return tmp_path


def sit(*paths: str) -> Session:
    return open_session(paths, SessionOptions(project="p.ner", annotator="a"))


def before(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Have something done once, right before a step of replacing a file."""
    step = getattr(Replacement, name)

    def late(self: Replacement, *names: Path) -> None:
        monkeypatch.setattr(Replacement, name, step)
        act()
        step(self, *names)

    monkeypatch.setattr(Replacement, name, late)


def write(path: str = "a.conll") -> Callable[[], object]:
    return lambda: Path(path).write_text(THEIRS, encoding="utf-8")


@pytest.mark.parametrize("appears", [False, True])
@pytest.mark.parametrize("command", OUTPUTS, ids=" ".join)
def test_what_was_written_where_a_command_writes_is_kept_beside(
    command: list[str], appears: bool, tiny_onnx: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    shutil.copytree(tiny_onnx, "model")
    name = "folder/a.jsonl" if command[-1] == "folder/" else "out"
    if not appears:
        Path(name).write_text("as it was", encoding="utf-8")
    before(monkeypatch, "put", write(name))
    assert main(command) == 0
    told = capsys.readouterr().err
    assert f"{name} was changed by somebody else while it was written: that version is" in told
    assert Path(f"{name}.other").read_text(encoding="utf-8") == THEIRS
    assert Path(name).read_text(encoding="utf-8") not in (THEIRS, "as it was")
    assert not list(Path().rglob("*.tmp"))
    assert not list(Path().glob("*.partial*"))


def test_a_file_that_is_changed_in_place_is_left_alone_if_it_is_another_by_then(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    before(monkeypatch, "put", write())
    assert main(IN_PLACE) == 2
    assert "a.conll has changed on disk since it was read: nothing is written" in capsys.readouterr().err
    assert Path("a.conll").read_text(encoding="utf-8") == THEIRS
    assert not Path("a.conll.other").exists()


def test_what_is_written_into_it_in_that_moment_is_kept_beside(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    before(monkeypatch, "_exchange", write())
    assert main(IN_PLACE) == 0
    assert "that version is" in capsys.readouterr().err
    assert Path("a.conll").read_text(encoding="utf-8") == GOLD.replace("B-PER", "U-PER")
    assert Path("a.conll.other").read_text(encoding="utf-8") == THEIRS


def test_saving_leaves_alone_what_changed_while_it_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    session = sit()
    session.corrections.relabel(0, "ORG")
    before(monkeypatch, "put", write())
    with pytest.raises(ChangedOnDisk, match="nothing is written"):
        session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    assert Path("a.conll").read_text(encoding="utf-8") == THEIRS


def test_saving_keeps_what_changed_in_the_moment_of_replacing(monkeypatch: pytest.MonkeyPatch) -> None:
    session = sit()
    session.corrections.relabel(0, "ORG")
    before(monkeypatch, "_exchange", write())
    report = session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    assert report is not None
    (told,) = report.changes
    assert told.endswith("a.conll.other")
    assert Path("a.conll").read_text(encoding="utf-8") == OURS
    assert Path("a.conll.other").read_text(encoding="utf-8") == THEIRS
    assert main(["check", "p.ner"]) == 0


def test_what_is_written_right_after_a_save_is_not_taken_for_what_was_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    session = sit()
    session.corrections.relabel(0, "ORG")
    opened = iter((lambda: None, write()))

    def late(project: Project, path: str, encoding: str | None) -> object:
        next(opened)()
        return open_for(project, path, encoding)

    monkeypatch.setattr("ner_tui.session.transfer.saving.open_for", late)
    with pytest.raises(ChangedOnDisk, match="was written, and changed again by somebody else"):
        session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    # They wrote over what was decided, which the project still knows, and theirs is taken in.
    session = sit("a.conll")
    marks = session.document.spans(0, session.document.length)
    assert {mark.span.label for mark in marks} >= {"LOC"}
    session.close()
    assert Path("a.conll").read_text(encoding="utf-8") == THEIRS


def test_an_export_from_the_app_says_what_is_kept_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    session = sit()
    before(monkeypatch, "put", write("out"))
    report = session.writing.exporting("out", WriteRequest(fmt="jsonl")).run()
    session.close()
    assert report is not None
    assert report.changes[0].endswith("out.other")


@pytest.mark.parametrize(
    "command", [["check", "p.ner", "--rebuild", "-o"], ["load", "d.jsonl", "--project"]], ids=" ".join
)
def test_a_new_project_is_made_where_nothing_is_at_that_moment(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    main(["dump", "p.ner", "-o", "d.jsonl"])

    def late(path: Path) -> Path:
        shutil.copy("p.ner", path)
        return own_name(path)

    monkeypatch.setattr("ner_tui.store.file.creation.own_name", late)
    assert main([*command, "new.ner"]) == 2
    assert "new.ner is there already" in capsys.readouterr().err
    assert Path("new.ner").read_bytes() == Path("p.ner").read_bytes()


def test_who_finds_a_project_that_was_made_meanwhile_does_not_take_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(paths: list[str], *, is_new: bool) -> FoundFiles:
        found = found_files(paths, is_new=is_new)
        if is_new:
            shutil.copy("p.ner", "q.ner")
        return found

    Path("b.conll").write_text(GOLD, encoding="utf-8")
    monkeypatch.setattr("ner_tui.session.opening.found_files", slow)
    with pytest.raises(InputError, match="holds none of these files"):
        open_session(["b.conll"], SessionOptions(project="q.ner", annotator="a"))
    assert Path("q.ner").exists()


def test_the_copy_of_an_old_project_takes_no_place_that_was_taken_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    old = Path(__file__).parents[1] / "store" / "projects"
    shutil.copy(next(old.glob("version-1*.ner")), "old.ner")
    monkeypatch.setattr(os, "fsync", lambda _: Path("old.v1.ner").write_text("theirs", encoding="utf-8"))
    with pytest.raises(ProjectError, match="nothing was changed"):
        Project.open(Path("old.ner"))
    assert Path("old.v1.ner").read_text(encoding="utf-8") == "theirs"
    assert not list(Path().glob(".*.tmp"))
