"""Files planted where temporary ones go, pipes that nobody reads and closed streams: nothing is lost by any."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import HANGS

from ner_tui.cli import main
from ner_tui.formats.files import atomic, resumable
from ner_tui.session import SessionOptions, open_session

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links are made the POSIX way")
Capture = pytest.CaptureFixture[str]
GOLD = "Ada B-PER\nleft O\n\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of columns and its project."""
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text(GOLD, encoding="utf-8")
    open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a")).close()
    return tmp_path


def _pipe(_: str, path: str) -> None:
    os.mkfifo(path)


def _file(_: str, path: str) -> None:
    Path(path).write_text("mine", encoding="utf-8")


def _folder(_: str, path: str) -> None:
    Path(path).mkdir()


PLANTED = (os.symlink, os.link, _pipe, _file, _folder)


@pytest.mark.parametrize("plant", PLANTED)
@pytest.mark.parametrize("end", [".partial", ".partial.json", ".partial.json.new"])
def test_predict_writes_into_no_file_that_was_planted_beside_its_output(
    end: str, plant: Callable[[str, str], None], folder: Path, tiny_onnx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumable, "EVERY", 0.0)
    Path("precious").write_text("keep", encoding="utf-8")
    plant("precious", f"out.conll{end}")
    code = main(["predict", "a.conll", "--model", str(tiny_onnx), "-o", "out.conll"])
    assert code == (0 if end.endswith(".new") else 2)
    assert Path("precious").read_text(encoding="utf-8") == "keep"
    left = Path(f"out.conll{end}")
    assert os.path.lexists(left)
    assert plant is not _file or left.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("command", [["export", "p.ner"], ["dump", "p.ner"], ["convert", "a.conll"]], ids=" ".join)
def test_a_pipe_that_nobody_reads_is_given_up(
    command: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(atomic, "TIME_LIMIT", 0.1)
    os.mkfifo("pipe")
    assert main([*command, "-o", "pipe"]) == 2
    assert "nobody reads" in capsys.readouterr().err


def test_a_pipe_that_somebody_reads_gets_everything(folder: Path) -> None:
    os.mkfifo("pipe")
    reader = subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE)
    assert main(["convert", "a.conll", "-o", "pipe"]) == 0
    assert reader.communicate(timeout=HANGS)[0] == GOLD.encode()


@pytest.mark.parametrize("plant", PLANTED)
def test_what_the_program_keeps_for_itself_takes_the_place_of_a_link(
    plant: Callable[[str, str], None], folder: Path
) -> None:
    Path("precious").write_text("keep", encoding="utf-8")
    plant("precious", "note.json")
    if plant is _folder:
        with pytest.raises(OSError, match="directory"):
            atomic.put_text(Path("note.json"), "{}")
    else:
        atomic.put_text(Path("note.json"), "{}")
        assert Path("note.json").read_text(encoding="utf-8") == "{}"
    assert Path("precious").read_text(encoding="utf-8") == "keep"
    assert not list(Path().glob(".*.tmp"))


@pytest.mark.parametrize("words", [["info", "p.ner"], ["dump", "p.ner"], ["--help"], ["export", "--help"], ["models"]])
def test_a_stream_that_is_closed_is_one_sentence(words: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", "ner_tui", *words]
    ran = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *command], stderr=subprocess.PIPE, text=True)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert "standard input or output is closed" in ran.stderr
