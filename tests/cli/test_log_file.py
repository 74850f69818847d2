"""``--log FILE``: what a report of a fault needs, and not a word of the texts unless ``--log-text`` asks for them."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import subprocess
import sys
from argparse import _SubParsersAction
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.cli.log_file import run_logged
from ner_tui.cli.parser import build_parser
from ner_tui.errors import ModelError, ProjectError

GOLD = "Zephyrine B-PER\nvisited O\nKestrel B-ORG\n. O\n\n"
BROKEN = "Zephyrine B-PER\nvisited\nKestrel B-ORG\n"
WORDS = ("Zephyrine", "visited", "Kestrel")


def commands() -> list[str]:
    return list(next(action.choices for action in build_parser()._actions if isinstance(action, _SubParsersAction)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gold.conll").write_text(GOLD, encoding="utf-8")
    (tmp_path / "broken.conll").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def logged(folder: Path) -> str:
    return (folder / "it.log").read_text(encoding="utf-8")


def failing(error: Exception, log: Path, *, text: bool) -> str:
    """Return what is logged of a command that fails with ``error``."""

    def run() -> int:
        raise error

    with pytest.raises(type(error)):
        run_logged(run, str(log), [], frozenset(), text=text, command="check")
    return log.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", commands())
def test_every_command_takes_it(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert re.search(r"^  --log FILE .*\n  --log-text ", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.parametrize("words", [["--log", "it.log"], ["remove", "nonesuch", "--log", "it.log"]])
def test_models_takes_it_before_and_behind_its_action(folder: Path, words: list[str]) -> None:
    main(["models", *words])
    assert "command: models" in logged(folder)


def test_it_holds_versions_platform_command_and_times(folder: Path) -> None:
    assert main(["score", "gold.conll", "gold.conll", "--errors=3", "--scheme", "iob2", "--log", "it.log"]) == 0
    log = logged(folder)
    assert re.search(r"ner-tui log of ner-tui \d", log)
    assert re.search(rf"Python {sys.version_info.major}\.\d+\.\d+ on ", log)
    assert f"SQLite {sqlite3.sqlite_version}" in log
    assert re.search(r"textual \d.*onnxruntime \d", log)
    file = f"FILE.conll({len(GOLD)} bytes)"
    assert f"command: score {file} {file} --errors=3 --scheme iob2 --log FILE.log(" in log
    assert "exit code 0\n" in log
    assert re.search(r"score: \d+\.\d{3} s\n$", log)


def test_names_that_a_person_gave_are_left_out_of_the_command(folder: Path) -> None:
    main(["check", "gold.conll", "--labels", "SECRET,OTHER", "--log", "it.log"])
    assert "--labels … --log" in logged(folder)
    main(["check", "gold.conll", "--labels", "SECRET,OTHER", "--log", "it.log", "--log-text"])
    assert "command: check gold.conll --labels SECRET,OTHER --log it.log --log-text\n" in logged(folder)


@pytest.mark.parametrize("words", [["check", "gold.conll"], ["convert", "broken.conll", "--to", "jsonl", "-o", "-"]])
def test_no_word_label_or_name_of_a_file_is_in_it(
    folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*words, "--from", "conll", "--log", "it.log"])
    assert not any(word in logged(folder) for word in (*WORDS, "PER", "gold", "broken"))


def test_an_error_is_there_with_its_frames_and_without_its_words(folder: Path) -> None:
    assert main(["score", "gold.conll", "nonesuch.conll", "--log", "it.log"]) == 2
    log = logged(folder)
    assert re.search(r"ner_tui/cli/score\.py:\d+ in run", log)
    assert "ner_tui.errors.InputError: (--log-text writes what it says)" in log
    assert "nonesuch" not in log
    assert str(folder) not in log
    assert main(["score", "gold.conll", "nonesuch.conll", "--log", "it.log", "--log-text"]) == 2
    assert re.search(r"ner_tui\.errors\.InputError: .*nonesuch", logged(folder))


def test_what_sqlite_says_is_there_but_for_what_it_quotes(tmp_path: Path) -> None:
    try:
        sqlite3.connect(":memory:").execute("SELECT * FROM t WHERE Zephyrine visited")
    except sqlite3.Error as error:
        log = failing(error, tmp_path / "it.log", text=False)
    assert 'sqlite3.OperationalError: SQLITE_ERROR near "…": syntax error' in log
    assert "visited" not in log


def test_a_file_that_onnxruntime_names_is_left_out(tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    path = tmp_path / "Zephyrine.onnx"
    path.write_bytes(b"visited")
    with pytest.raises(Exception, match="Zephyrine") as caught:
        onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert isinstance(caught.value, Exception)
    log = failing(caught.value, tmp_path / "it.log", text=False)
    assert "INVALID_PROTOBUF" in log
    assert "Zephyrine" not in log


def test_a_failure_that_the_app_lives_through_is_there_with_what_is_behind_it(tmp_path: Path) -> None:
    def run() -> int:
        try:
            try:
                raise sqlite3.OperationalError("disk I/O error")
            except sqlite3.Error as error:
                raise ProjectError("Zephyrine.ner cannot be written") from error
        except ProjectError:
            return 0

    log = tmp_path / "it.log"
    assert run_logged(run, str(log), [], frozenset(), text=False, command="check") == 0
    assert "ProjectError, because of\n" in log.read_text()
    assert "sqlite3.OperationalError: disk I/O error" in log.read_text()
    assert "Zephyrine" not in log.read_text()


def test_errors_that_stand_behind_each_other_end(tmp_path: Path) -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert failing(first, tmp_path / "it.log", text=True).count("builtins.KeyError: 'b'") == 1


def test_runs_are_logged_one_behind_the_other(folder: Path) -> None:
    for _ in range(2):
        main(["check", "gold.conll", "--log", "it.log"])
    assert logged(folder).count("ner-tui log of") == 2


def test_nothing_is_logged_any_more_when_the_command_is_over(folder: Path) -> None:
    before = ModelError.__init__
    main(["check", "gold.conll", "--log", "it.log"])
    log = logged(folder)
    logging.getLogger("ner_tui").error("later")
    assert logged(folder) == log
    assert ModelError.__init__ is before


@pytest.mark.parametrize("name", ["gold.conll", ".", "no/such/folder.log", "pipe", "a\0b"])
def test_a_log_that_cannot_be_written_is_a_sentence(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
    else:
        (folder / "pipe").write_text("somebody's", encoding="utf-8")
    assert main(["check", "gold.conll", "--log", name]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "with --log" in said
    assert (folder / "gold.conll").read_text(encoding="utf-8") == GOLD


@pytest.mark.skipif(os.name == "nt", reason="the size of files is limited the POSIX way")
def test_a_disk_that_is_full_ends_no_command(folder: Path) -> None:
    # A limit on the size of files makes writing fail as a full disk does.
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "from ner_tui.cli import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", program, "check", "gold.conll", "--log", "it.log"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert (folder / "it.log").stat().st_size <= 100


def test_text_without_a_log_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "gold.conll", "--log-text"]) == 2
    assert "--log FILE" in capsys.readouterr().err


def test_nothing_of_it_is_loaded_when_it_is_not_asked_for(folder: Path) -> None:
    program = (
        "import sys; from ner_tui.cli import main; main(['check', 'gold.conll'])\n"
        "print([name for name in ('ner_tui.cli.log_file', 'platform') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=folder, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
