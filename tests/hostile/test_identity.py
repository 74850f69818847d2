"""Outputs that are inputs, projects with two names, files planted where temporary ones go: nothing is lost by any."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import InputError, ProjectError
from ner_tui.formats.files.project_files import LOCK, SIDE_FILES
from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.store.file.locking import Lock

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links are made the POSIX way")
Capture = pytest.CaptureFixture[str]
GOLD = "Ada B-PER\nleft O\n\n"


def sit(project: str = "p.ner") -> Session:
    return open_session([], SessionOptions(project=project, annotator="a"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project, its source, a record file, guidelines, and other names for each."""
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text(GOLD, encoding="utf-8")
    Path("a.jsonl").write_text('{"text": "Ada left.", "spans": []}\n', encoding="utf-8")
    open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a")).close()
    Path("sub").mkdir()
    return tmp_path


def by_itself(path: str) -> str:
    return path


def by_folder(path: str) -> str:
    return f"sub/../{path}"


def by_absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100


def by_link(path: str) -> str:
    Path("link").symlink_to(path)
    return "link"


def by_links(path: str) -> str:
    Path("sub/link").symlink_to(Path("..") / path)
    Path("link").symlink_to("sub/link")
    return "link"


def by_hard_link(path: str) -> str:
    os.link(path, "hard")
    return "hard"


NAMES = (by_itself, by_folder, by_absolute, by_link, by_links, by_hard_link)
OVER_A_PROJECT = (
    ["export", "p.ner", "-o"],
    ["export", "p.ner", "--to", "jsonl", "-o"],
    ["dump", "p.ner", "-o"],
    ["backup", "p.ner", "-o"],
    ["convert", "a.conll", "-o"],
    ["convert", "a.conll", "--to", "jsonl", "-o"],
    ["check", "a.conll", "--repair", "discard", "-o"],
    ["check", "p.ner", "--rebuild", "-o"],
    ["load", "a.jsonl", "--project"],
    ["predict", "a.conll", "--model", "model", "-o"],
    ["predict", "a.conll", "--model", "model", "--to", "jsonl", "-o"],
    ["predict", "a.conll", "--model", "model", "--to", "wordpieces", "-o"],
    ["score", "a.conll", "a.conll", "--log"],
)
OVER_AN_INPUT = (
    (["convert", "a.conll", "--to", "jsonl", "-o"], "a.conll"),
    (["convert", "a.jsonl", "--to", "conll", "-o"], "a.jsonl"),
    (["check", "a.conll", "--repair", "discard", "-o"], "a.conll"),
    (["export", "p.ner", "-o"], "a.conll"),
    (["export", "p.ner", "--to", "patterns", "-o"], "a.conll"),
    (["report", "p.ner", "-o"], "a.conll"),
    (["dump", "p.ner", "-o"], "a.conll"),
    (["backup", "p.ner", "-o"], "a.conll"),
    (["audit", "p.ner", "-o"], "a.conll"),
    (["predict", "a.conll", "--model", "model", "-o"], "a.conll"),
    (["predict", "a.conll", "--model", "model", "--to", "wordpieces", "-o"], "a.conll"),
    (["predict", "a.conll", "--model", "model", "--to", "conll", "-o"], "model/config.json"),
)


@pytest.mark.parametrize("name", [by_folder, by_links, by_hard_link])
@pytest.mark.parametrize("command", OVER_A_PROJECT, ids=" ".join)
def test_no_command_writes_over_a_project(
    command: list[str], name: Callable[[str], str], folder: Path, tiny_onnx: Path, capsys: Capture
) -> None:
    shutil.copytree(tiny_onnx, "model")
    before = Path("p.ner").read_bytes()
    assert main([*command, name("p.ner")]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("ner-tui: ")
    assert Path("p.ner").read_bytes() == before
    assert not list(Path().glob("*.partial*"))
    assert not list(Path().glob(".*.tmp"))


@pytest.mark.parametrize("name", [by_folder, by_links, by_hard_link])
@pytest.mark.parametrize(("command", "path"), OVER_AN_INPUT, ids=str)
def test_no_command_writes_over_what_it_reads(
    command: list[str], path: str, name: Callable[[str], str], folder: Path, tiny_onnx: Path, capsys: Capture
) -> None:
    shutil.copytree(tiny_onnx, "model")
    before = Path(path).read_bytes()
    assert main([*command, name(path)]) == 2
    assert "one of the files that are read" in capsys.readouterr().err
    assert Path(path).read_bytes() == before


def test_a_file_is_changed_in_its_place_where_that_is_what_is_asked_for(folder: Path) -> None:
    assert main(["convert", "a.conll", "--scheme", "bilou", "-o", by_link("a.conll")]) == 0
    assert Path("a.conll").read_text(encoding="utf-8") == GOLD.replace("B-PER", "U-PER")
    assert Path("link").is_symlink()


@pytest.mark.parametrize("end", [*SIDE_FILES, LOCK])
@pytest.mark.parametrize("name", [by_itself, by_folder, by_links])
def test_what_is_kept_beside_a_project_is_not_written_over(
    end: str, name: Callable[[str], str], folder: Path, capsys: Capture
) -> None:
    session = sit()
    session.corrections.flag(0)
    beside = Path(f"p.ner{end}")
    beside.touch()
    before = beside.stat().st_ino
    for command in (
        ["dump", "p.ner", "-o"],
        ["backup", "p.ner", "-o"],
        ["convert", "a.conll", "-o"],
        ["score", "a.conll", "a.conll", "--log"],
    ):
        assert main([*command, name(beside.name)]) == 2
        assert "belongs to" in capsys.readouterr().err
        Path("link").unlink(missing_ok=True)
        Path("sub/link").unlink(missing_ok=True)
    assert beside.stat().st_ino == before
    session.corrections.flag(0)
    session.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["p.ner", "a.conll"])
def test_an_export_from_a_session_goes_neither_over_its_project_nor_over_a_source(
    path: str, name: Callable[[str], str], folder: Path
) -> None:
    session = sit()
    session.corrections.flag(0)
    before = Path(path).read_bytes()
    with pytest.raises(InputError, match=r"is a project|files that are read"):
        session.writing.exporting(name(path), WriteRequest("conll")).run()
    assert Path(path).read_bytes() == before
    session.close()


def test_what_is_written_to_standard_output_does_not_go_into_what_is_read(folder: Path) -> None:
    for words in (["export", "p.ner"], ["info", "p.ner"], ["dump", "p.ner"]):
        before = Path("p.ner").read_bytes()
        with Path("p.ner").open("ab") as out:
            command = [sys.executable, "-m", "ner_tui", *words]
            ran = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True)
        assert ran.returncode == 2
        assert "send it elsewhere" in ran.stderr
        assert Path("p.ner").read_bytes() == before


@pytest.mark.thorough
@pytest.mark.parametrize("first", ["p.ner", "sub/../p.ner", "link", "hard"])
@pytest.mark.parametrize("second", ["p.ner", "sub/../p.ner", "link", "hard"])
def test_a_project_is_held_by_all_of_its_names(first: str, second: str, folder: Path) -> None:
    by_link("p.ner"), by_hard_link("p.ner")
    session = sit(first)
    with pytest.raises(ProjectError, match=r"open already|has another name"):
        sit(second)
    assert _opened_elsewhere(second) == 2
    session.corrections.flag(0)
    with pytest.raises(ProjectError, match=r"open already|has another name"):
        sit(second)
    session.close()
    again = sit(second)
    assert again.row().flagged == 1
    again.close()
    assert not list(Path().glob(f"*{LOCK}"))


def _opened_elsewhere(project: str) -> int:
    """Return the exit code of another process that opens a project to change it."""
    program = (
        "import sys; from ner_tui.errors import ProjectError\n"
        "from ner_tui.session import SessionOptions, open_session\n"
        "try: open_session([], SessionOptions(project=sys.argv[1]))\nexcept ProjectError: sys.exit(2)"
    )
    return subprocess.run([sys.executable, "-c", program, project]).returncode


def test_a_lock_that_was_deleted_is_taken_again_before_the_next_edit(folder: Path) -> None:
    session = sit()
    Path(f"p.ner{LOCK}").unlink()
    session.corrections.flag(0)
    assert Path(f"p.ner{LOCK}").exists()
    with pytest.raises(ProjectError, match="open already"):
        sit()
    session.close()


def test_nothing_is_changed_any_more_when_another_has_the_lock_that_was_deleted(folder: Path) -> None:
    session = sit()
    Path(f"p.ner{LOCK}").unlink()
    # As where the system has no lock on the project itself.
    other = Lock(Path("p.ner"), "grace", on_project=False)
    with pytest.raises(ProjectError, match="grace"):
        session.corrections.flag(0)
    assert session.row().flagged == 0
    other.release()
    session.corrections.flag(0)
    session.close()


@pytest.mark.parametrize("plant", [os.symlink, os.link])
def test_a_lock_is_written_into_no_file_of_others(plant: Callable[[str, str], None], folder: Path) -> None:
    Path("precious").write_text("keep", encoding="utf-8")
    plant("precious", f"p.ner{LOCK}")
    with pytest.raises(ProjectError):
        sit()
    assert Path("precious").read_text(encoding="utf-8") == "keep"
