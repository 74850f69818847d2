"""Two runs of a command at one output, and what a killed run leaves: no half of anything is taken for whole."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import InputError
from ner_tui.formats.files import resumable
from ner_tui.formats.files.file_locks import WriteLock
from ner_tui.formats.files.replacing import Replacement
from ner_tui.formats.files.resumable import Resumable, resumable_writer
from ner_tui.training.folder import drafted

Capture = pytest.CaptureFixture[str]
KILLED = """
import os, signal, sys
from pathlib import Path
from ner_tui.training.folder import drafted
with drafted(Path("made")) as draft:
    (draft / "model.safetensors").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked there")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("begun", [0, 3], ids=["anew", "gone on with"])
def test_a_second_predict_into_the_same_file_is_refused_and_the_first_goes_on(
    tiny_onnx: Path, begun: int, capsys: Capture
) -> None:
    Path("a.txt").write_text("Ada met Bob in Paris.\n", encoding="utf-8")
    if begun:
        Path("out.conll.partial").write_text("abc", encoding="utf-8")
        Path("out.conll.partial.json").write_text('{"key": "first", "blocks": 1, "bytes": 3}', encoding="utf-8")
    with resumable_writer("out.conll", "first") as first:
        first.out.write("whole\n")
        assert main(["predict", "a.txt", "--model", str(tiny_onnx), "-o", "out.conll"]) == 2
        assert "out.conll is being written by another run: wait" in capsys.readouterr().err
    assert Path("out.conll").read_text(encoding="utf-8") == "abc"[:begun] + "whole\n"
    assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "out.conll"]
    assert main(["predict", "a.txt", "--model", str(tiny_onnx), "-o", "out.conll"]) == 0


def test_a_run_that_finds_the_file_moved_to_its_place_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other run is done between the moment in which its file is found and that in which it is locked."""
    moved = list[Path]()

    def late(path: Path, handle: int | None = None) -> WriteLock:
        if not moved:
            moved.append(path.replace("out.conll"))
        return WriteLock(path, handle)

    monkeypatch.setattr(resumable, "WriteLock", late)
    Path("out.conll.partial").write_text("theirs\n", encoding="utf-8")
    Path("out.conll.partial.json").write_text('{"key": "x", "blocks": 1, "bytes": 7}', encoding="utf-8")
    with resumable_writer("out.conll", "x") as kept:
        assert (kept.done, Path("out.conll").read_text(encoding="utf-8")) == (0, "theirs\n")
        kept.out.write("ours\n")
    assert Path("out.conll").read_text(encoding="utf-8") == "ours\n"


def test_a_run_that_begins_while_another_is_put_in_its_place_keeps_its_file_and_its_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others, exchange = list[Resumable](), Replacement._exchange
    Path("out.conll").write_text("as it was\n", encoding="utf-8")

    def begin_before(replacement: Replacement, new: Path) -> None:
        others.append(Resumable(Path("out.conll").resolve(), "second"))
        exchange(replacement, new)

    monkeypatch.setattr(Replacement, "_exchange", begin_before)
    with resumable_writer("out.conll", "first") as first:
        first.out.write("whole\n")
    assert Path("out.conll").read_text(encoding="utf-8") == "whole\n"
    names = ["out.conll", "out.conll.partial", "out.conll.partial.json"]
    assert sorted(path.name for path in Path().iterdir()) == names
    others[0].abandon()
    assert [path.name for path in Path().iterdir()] == ["out.conll"]


def test_a_run_that_fails_when_another_has_begun_leaves_that_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    others = list[Resumable]()
    Path("out.conll").write_text("as it was\n", encoding="utf-8")

    def fail(_: Replacement, __: Path) -> None:
        others.append(Resumable(Path("out.conll").resolve(), "second"))
        others[0].out.write("theirs\n")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Replacement, "_exchange", fail)
    with pytest.raises(InputError), resumable_writer("out.conll", "first") as first:
        first.out.write("ours\n")
    monkeypatch.undo()
    monkeypatch.chdir(others[0].partial.parent)
    names = ["out.conll", "out.conll.partial", "out.conll.partial.json"]
    assert sorted(path.name for path in Path().iterdir()) == names
    others[0].finish()
    assert Path("out.conll").read_text(encoding="utf-8") == "theirs\n"
    assert [path.name for path in Path().iterdir()] == ["out.conll"]


def test_a_second_run_that_makes_the_same_folder_is_refused_before_it_does_anything() -> None:
    with drafted(Path("made")) as first:
        (first / "config.json").write_text("{}", encoding="utf-8")
        with pytest.raises(InputError, match="made: another run is making it"), drafted(Path("made")):
            raise AssertionError("two runs would be at it, and one of them in vain")
    assert [str(path) for path in Path().rglob("*")] == ["made", "made/config.json"]


def test_the_draft_of_a_run_that_was_killed_goes_with_the_next_run_and_nothing_else_does() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not Path("made").exists()
    assert [path.name for path in Path().glob(".made.*.draft")]
    kept = [".made.unfinished", ".made.20240101", ".made.0123abcd.draft.old", ".other.0123abcd.draft"]
    for name in kept:
        Path(name).mkdir()
    with drafted(Path("made")):
        pass
    assert sorted(path.name for path in Path().iterdir()) == sorted(["made", *kept])
