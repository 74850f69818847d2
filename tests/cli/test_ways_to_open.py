"""Opening: by a project, by texts, by a pipe or by nothing at all; at a terminal, whichever streams lead to it."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from opened import CONLL, names, project, write_texts

from ner_tui.cli import main
from ner_tui.domain.labels import LabelSet
from ner_tui.errors import InputError, ProjectError
from ner_tui.formats.files.project_files import is_project
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.naming import named
from ner_tui.session.transfer.indexing import main as reading_on
from ner_tui.store.project import Project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_texts()
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that is refused says, which is one sentence."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (last,) = [line for line in err.splitlines() if line.startswith("ner-tui: ")]
    return last.removeprefix("ner-tui: ")


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_beside_no_project_no_word_is_a_request_for_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("usage: ner-tui [-h] [--version] COMMAND ...")


def test_beside_a_project_no_word_is_review(capsys: pytest.CaptureFixture[str]) -> None:
    project("annotations.ner")
    assert "review needs a terminal" in told(capsys)


NO_PROJECT = "{} is not a project of ner-tui"
NO_TEXT = "{} is a project of ner-tui or another database, no text"
REFUSED = {
    "export of columns": ("export t.conll", NO_PROJECT.format("t.conll")),
    "info of columns called .ner": ("info text.ner", NO_PROJECT.format("text.ner")),
    "dump of text": ("dump t.txt", NO_PROJECT.format("t.txt")),
    "export of a folder": ("export .", ". is a folder, not a project"),
    "info of an empty file": ("info empty.ner", "empty.ner: an empty file, no project"),
    "info of another database": ("info other.db", "other.db: a database, but no project"),
    "review with text for a project": ("review --project t.txt", NO_PROJECT.format("t.txt")),
    "rebuilding text": ("check t.conll --rebuild -o new.ner", "--rebuild is for a project"),
    "load of text": ("load t.txt --project new.ner", "t.txt:1: this is no dump of a project"),
    "load of a project": ("load p.ner --project new.ner", NO_TEXT.format("p.ner")),
    "convert of a project": ("convert p.ner -o out.conll", NO_TEXT.format("p.ner")),
    "convert of a project by any name": ("convert renamed.conll -o out.conll", NO_TEXT.format("renamed.conll")),
    "predict on a project": ("predict p.ner", NO_TEXT.format("p.ner")),
    "two projects": ("review p.ner renamed.conll", "one project is opened at a time, and 2 are named"),
    "another project besides": ("review p.ner --project renamed.conll", "one project is opened at a time"),
    "a file for a command": ("t.txt", "t.txt is no command: ner-tui review t.txt opens it"),
    "nothing to review": ("review", "there is no annotations.ner here to go on with"),
    "a project that is not there": ("review --project no.ner", "no.ner does not exist: name what to review"),
}


@pytest.mark.parametrize(("line", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_project_for_a_text_and_a_text_for_a_project_are_told_as_what_they_are(
    line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project("p.ner")
    Path("renamed.conll").write_bytes(Path("p.ner").read_bytes())
    Path("text.ner").write_text(CONLL, encoding="utf-8")
    Path("empty.ner").touch()
    with closing(sqlite3.connect("other.db")) as other:
        other.execute("CREATE TABLE t (x)")
    before = names()
    assert told(capsys, *line.split()).startswith(words)
    assert names() == before


MISSING = (
    "review no.txt", "review t.txt no.txt", "review p.ner no.txt", "review no.ner", "review p.ner no.txt --read-only",
    "predict t.txt no.txt", "convert no.txt -o -", "check t.conll no.conll", "score p.ner no.conll",
    "diff t.conll no.conll", "train no.conll --base bundled -o m",
    "train t.conll --base bundled -o m --dev no.conll",
    "models add bundled --text no.txt", "load no.jsonl --project new.ner",
)  # fmt: skip


@pytest.mark.parametrize("line", MISSING)
def test_a_path_that_does_not_exist_is_told_before_anything_else(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project("p.ner", "t.txt", "t.conll")
    before = names()
    monkeypatch.setitem(sys.modules, "ner_tui.training.finetune", None)
    assert main(line.split()) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert re.match(r"ner-tui: no\.\w+ does not exist", said)
    assert names() == before


@pytest.mark.parametrize("line", ["review t.txt", "predict t.txt", "train t.conll -o model"])
def test_a_model_that_is_not_there_is_told_before_anything_is_made(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ner_tui.training.finetune", None)
    option = "--base" if line.startswith("train") else "--model"
    assert told(capsys, *line.split(), option, "./nowhere") == "./nowhere: there is no such folder"
    assert names() == ["t.conll", "t.txt"]


def test_a_file_that_is_gone_is_found_in_the_project_that_holds_it() -> None:
    project("p.ner", "t.txt", "t.conll")
    Path("t.txt").unlink()
    assert named(["p.ner", "t.txt"]) == ("p.ner", ("t.txt",))
    Path("texts").mkdir()
    Path("texts/u.txt").write_text("Bob left.\n", encoding="utf-8")
    session = open_session(["t.txt", "texts"], SessionOptions(project="p.ner"))
    assert [row.name for row in session.rows()] == ["t.txt", "t.conll", "texts/u.txt"]
    session.close()


def test_what_a_file_holds_says_whether_it_is_a_project() -> None:
    project("p.ner", "t.conll")
    Path("renamed.txt").write_bytes(Path("p.ner").read_bytes())
    Path("text.ner").write_text(CONLL, encoding="utf-8")
    Path("wide.ner").write_text(CONLL, encoding="utf-16")
    Path("broken.ner").write_bytes(b"\0" * 100)
    Path("empty.ner").touch()
    Path("noise.txt").write_bytes(b"\0" * 100)
    kinds = {name: is_project(name) for name in names()}
    assert [name for name, told in kinds.items() if told] == ["broken.ner", "empty.ner", "p.ner", "renamed.txt"]
    assert named(["renamed.txt", "t.txt"]) == ("renamed.txt", ("t.txt",))
    assert named(["text.ner"]) == ("annotations.ner", ("text.ner",))
    assert not is_project("none.ner")
    assert not is_project(".")


@pytest.mark.parametrize("one", ["p.ner", "renamed.txt"])
def test_score_and_diff_take_projects_and_texts_by_any_name(one: str, capsys: pytest.CaptureFixture[str]) -> None:
    project("p.ner", "t.conll")
    Path("renamed.txt").write_bytes(Path("p.ner").read_bytes())
    Path("text.ner").write_text(CONLL, encoding="utf-8")
    assert main(["diff", one, "text.ner"]) == 0
    assert main(["score", "text.ner", one]) == 0
    assert main(["check", one]) == 0
    assert f"{one}: nothing found" in capsys.readouterr().err


READING = (
    "export p.ner",
    "info p.ner",
    "dump p.ner",
    "check p.ner",
    "score p.ner t.conll",
    "diff p.ner p.ner --sentences all",
)


@pytest.mark.parametrize("line", READING)
def test_commands_that_only_read_a_project_leave_it_as_it_is_and_nothing_beside_it(line: str) -> None:
    project("p.ner", "t.conll")
    before = names(), Path("p.ner").read_bytes(), Path("p.ner").stat().st_mtime_ns
    assert main(line.split()) == 0
    assert (names(), Path("p.ner").read_bytes(), Path("p.ner").stat().st_mtime_ns) == before


def test_a_reader_that_outlasts_the_session_leaves_nothing_beside_the_project_either() -> None:
    session = open_session(["t.txt"], SessionOptions(project="p.ner"))
    reader = Project.open(Path("p.ner"), read_only=True)
    session.corrections.label(0, 3, "PER", cursor=0)
    assert reader.tallies()["decision", "PER"] == 1
    session.close()
    assert "p.ner-wal" in names()
    with pytest.raises(ProjectError):
        reader.label_list.labels = LabelSet.of(["GENE"])
    reader.close()
    assert names() == ["p.ner", "t.conll", "t.txt"]


def test_a_project_in_a_session_that_was_killed_is_read_with_its_last_edit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = (
        "import os; from ner_tui.session import SessionOptions, open_session\n"
        "session = open_session(['t.txt'], SessionOptions(project='p.ner'))\n"
        "session.corrections.label(0, 3, 'PER', cursor=0); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", program], check=False)
    left = names()
    assert "p.ner-wal" in left
    assert main(["check", "p.ner"]) == 0
    assert names() == left
    capsys.readouterr()
    assert main(["info", "p.ner", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["spans"] == 1
    assert not [name for name in names() if name.endswith(("-wal", "-shm"))]


def test_what_is_piped_is_known_again_by_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    options = SessionOptions(project="p.ner")
    pipe("Ada met Bob.\n")
    session = open_session(["-"], options)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.close()
    pipe("Ada met Bob.\n")
    session = open_session(["-"], options)
    assert [row.spans for row in session.rows()] == [1]
    with pytest.raises(InputError, match="came by standard input"):
        session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    pipe("Eve left.\n")
    with pytest.raises(InputError, match="holds none of these files: add them with --add"):
        open_session(["-"], options)
    pipe("Eve left.\n")
    session = open_session(["-"], replace(options, add=True))
    assert session.document.text == "Eve left.\n"
    assert len(list(session.rows())) == 2
    session.close()


@pytest.mark.thorough
def test_what_is_piped_is_in_the_project_whole_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    words = 50_000
    text = "".join(f"w{number} O\n{'' if number % 20 else chr(10)}" for number in range(words))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    open_session(["-"], SessionOptions(project="p.ner")).close()
    before = Project.open(Path("p.ner"), read_only=True)
    assert before.content.source_text(1) == text
    assert [unread.sentences < words / 20 for unread in before.bulk_insert.unread()] == [True]
    before.close()
    reading_on(str(Path("p.ner").absolute()))
    assert main(["dump", "p.ner", "-o", "dump.jsonl"]) == 0
    assert f"w{words - 1}" in Path("dump.jsonl").read_text(encoding="utf-8")
    assert main(["load", "dump.jsonl", "--project", "again.ner"]) == 0
    assert main(["dump", "again.ner", "-o", "again.jsonl"]) == 0
    assert Path("again.jsonl").read_bytes() == Path("dump.jsonl").read_bytes()
