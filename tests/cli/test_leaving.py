"""Ending: a signal, a disk without space and a model that hangs end a command at once, in one sentence, tidily."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from patience import HANGS

from ner_tui.cli import failures as failing
from ner_tui.cli import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent the POSIX way")

GOLD = "Ada B-PER\nleft O\n. O\n\n"


def slowly(where: str, what: str) -> str:
    """A program that stops for ever, with a word, where a command calls ``what`` of the module ``where``."""
    return (
        f"import sys, time, {where} as module; from ner_tui.cli import main\n"
        "def stop(*_, **__):\n print('there', flush=True); time.sleep(60)\n"
        f"module.{what} = stop; sys.exit(main())"
    )


def run(program: str, *words: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *words]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True, preexec_fn=_heed_signals)
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    return process


def _heed_signals() -> None:
    """Take signals as a shell's commands do, even where the tests run in the background and ignore some."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_a_command_and_leaves_nothing_half_written(tmp_path: Path, number: int, code: int) -> None:
    (tmp_path / "gold.conll").write_text(GOLD, encoding="utf-8")
    program = slowly("ner_tui.formats.records.jsonl", "write")
    process = run(program, "convert", "gold.conll", "--to", "jsonl", "-o", "out.jsonl", folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    # As from a key that is held down.
    for _ in range(3):
        process.send_signal(number)
        time.sleep(0.01)
    _, said = process.communicate(timeout=HANGS)
    # One that comes when the interpreter is about to end is the system's, which says the same to a shell.
    assert process.returncode in (code, -number)
    assert said.splitlines()[1:] == (["ner-tui: interrupted"] if code == 130 else [])
    assert [path.name for path in tmp_path.iterdir()] == ["gold.conll"]


def test_a_project_that_was_interrupted_while_it_was_made_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"kind":"project","version":1}\n', encoding="utf-8")
    program = slowly("ner_tui.session.transfer.loading", "_ProjectBuilder.take")
    process = run(program, "load", "p.jsonl", "--project", "p.ner", folder=tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=HANGS)
    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["p.jsonl"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device without space is asked for")
def test_output_that_finds_no_space_is_told(tmp_path: Path) -> None:
    (tmp_path / "gold.conll").write_text(GOLD * 100, encoding="utf-8")
    for words in (["score", "gold.conll", "gold.conll"], ["convert", "gold.conll", "--to", "jsonl", "-o", "-"]):
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-m", "ner_tui", *words]
            ran = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
        assert ran.returncode == 2
        assert "ner-tui: No space left on device: " in ran.stderr.splitlines()[-1]


@pytest.mark.parametrize("gone", ["reader", "space"])
def test_what_is_told_to_nobody_keeps_no_file_from_being_written(tmp_path: Path, gone: str) -> None:
    """As in ``2>&1 | head -1``."""
    if gone == "space" and not Path("/dev/full").exists():
        pytest.skip("a device without space is asked for")
    (tmp_path / "gold.conll").write_text(GOLD, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe, Path("/dev/full" if gone == "space" else os.devnull).open("w") as full:
        command = [sys.executable, "-m", "ner_tui", "convert", "gold.conll", "-o", "out.conll"]
        ran = subprocess.run(command, cwd=tmp_path, stdout=pipe, stderr=full if gone == "space" else pipe)
    assert ran.returncode == 0
    assert (tmp_path / "out.conll").read_text(encoding="utf-8") == GOLD


@pytest.mark.thorough
def test_a_model_that_hangs_does_not_hold_up_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada left.\n", encoding="utf-8")
    program = slowly("ner_tui.predictors.windowed", "WindowedPredictor._run")
    process = run(program, "predict", "a.txt", "-o", "out.conll", folder=tmp_path)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=8)
    except subprocess.TimeoutExpired:
        # Python loses one that comes while it clears something away; whoever sees nothing happen presses again.
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=HANGS)
    assert process.returncode in (130, -signal.SIGINT)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_ctrl_c_that_a_library_makes_another_error_of_is_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def importing(_: object) -> int:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as pressed:
            raise ImportError("initialization failed") from pressed

    monkeypatch.setattr("ner_tui.cli.score.run", importing)
    assert main(["score", "a", "b"]) == 130
    assert capsys.readouterr().err == "ner-tui: interrupted\n"


def test_what_nobody_foresaw_is_a_sentence_that_says_where_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gold.conll").write_text(GOLD, encoding="utf-8")
    for error, said in ((ZeroDivisionError("by\nzero"), "a fault of the program"), (MemoryError(), "out of memory")):

        def broken(*_: object, error: Exception = error) -> int:
            raise error

        monkeypatch.setattr("ner_tui.cli.score.run", broken)
        assert main(["score", str(tmp_path / "gold.conll"), str(tmp_path / "gold.conll")]) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert said in told
    assert "by zero" in failing.sentence(ZeroDivisionError("by\nzero"))


@pytest.mark.thorough
def test_a_sitting_whose_terminal_is_gone_ends_even_where_no_signal_says_so(tmp_path: Path) -> None:
    import pty

    (tmp_path / "a.txt").write_text("Ada left.\n", encoding="utf-8")
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(tmp_path)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-m", "ner_tui", "review", "a.txt"])
    seen = b""
    while b"Ada" not in seen:
        seen += os.read(terminal, 65536)
    os.close(terminal)
    deadline = time.monotonic() + HANGS
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            pytest.fail("it goes on without a terminal")
        time.sleep(0.1)
    assert (tmp_path / "annotations.ner").exists()


def test_errors_that_are_behind_each_other_are_told_all_the_same() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__context__ = second, first
    assert not failing.was_interrupted(first)
    second.__cause__ = KeyboardInterrupt()
    assert failing.was_interrupted(first)
