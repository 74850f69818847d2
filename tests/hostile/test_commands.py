"""Every command on hostile text: nothing of it reaches a terminal, all of it reaches a file."""

from __future__ import annotations

import json
import os
import pty
import shutil
import sys
import threading
from argparse import _SubParsersAction
from pathlib import Path

import pytest

from hostile.command_lines import GLINER, MODEL, lines_of_commands
from hostile.conftest import TAGS, Scene
from hostile.payloads import CANARY, NAME, WORDS, obeyed, taken_for_markup
from ner_tui.cli import main, progress
from ner_tui.cli.parser import build_parser

Capture = pytest.CaptureFixture[str]


def commands() -> list[str]:
    actions = build_parser()._actions
    return list(next(action.choices for action in actions if isinstance(action, _SubParsersAction)))


@pytest.fixture
def ready(scene: Scene, tiny_onnx: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A scene with a model whose tags are hostile, and a fast copy of one with a hostile name."""
    shutil.copytree(tiny_onnx, MODEL)
    shutil.copytree(Path(__file__).parents[1] / "predictors" / "gliner" / "models" / "span", GLINER)
    config = Path(MODEL, "config.json")
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["id2label"] = dict(enumerate(TAGS))
    config.write_text(json.dumps(settings), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(scene.folder))
    copy = scene.folder / "ner-tui" / "models" / "x"
    copy.mkdir(parents=True)
    note = {"spec": NAME, "source": NAME, "key": "0", "equal_tags": 1.0, "words": 1}
    (copy / "fast-copy.json").write_text(json.dumps(note), encoding="utf-8")
    return scene


def run(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as left:
        return int(left.code or 0)


def on_terminal(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run a command whose output and errors go to a pseudo-terminal; return its exit code and what was sent."""
    ours, theirs = pty.openpty()
    sent: list[bytes] = []

    def listen() -> None:
        try:
            while data := os.read(ours, 1 << 16):
                sent.append(data)
        except OSError:
            pass

    listener = threading.Thread(target=listen)
    listener.start()
    with monkeypatch.context() as patch, os.fdopen(theirs, "w", encoding="utf-8", newline="") as terminal:
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", terminal)
        patch.setenv("TERM", "xterm-256color")
        # A machine that is slow has bars drawn, which move the cursor.
        patch.setattr(progress, "DELAY", float("inf"))
        code = run(arguments)
    listener.join()
    os.close(ours)
    return code, b"".join(sent).decode("utf-8", "surrogateescape")


def test_every_command_is_tried(ready: Scene) -> None:
    assert list(lines_of_commands(ready)) == commands()


@pytest.mark.parametrize("command", commands())
def test_nothing_of_the_text_is_obeyed_by_a_terminal(
    command: str, ready: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ""
    for arguments in lines_of_commands(ready)["dump"] if command in ("load", "merge") else []:
        run(arguments)
    for arguments in lines_of_commands(ready)[command]:
        code, sent = on_terminal(arguments, monkeypatch)
        assert "Traceback" not in sent, sent
        assert obeyed(sent) == [], arguments
        assert taken_for_markup(sent) == [], arguments
        assert code in (0, 1, 2), arguments
        told += sent
    assert CANARY in told, "what is not shown at all cannot fail"


@pytest.mark.parametrize("command", commands())
def test_nothing_is_obeyed_in_what_is_told_beside_a_pipe(command: str, ready: Scene, capfd: Capture) -> None:
    for arguments in lines_of_commands(ready)["dump"] if command == "load" else []:
        run(arguments)
    for arguments in lines_of_commands(ready)[command]:
        capfd.readouterr()
        run(arguments)
        out, err = capfd.readouterr()
        assert obeyed(err) == [], arguments
        if command not in ("predict", "export", "convert", "dump"):
            assert obeyed(out) == [], arguments


def test_what_is_exported_into_a_pipe_is_unchanged(ready: Scene, capfd: Capture) -> None:
    source = ready.conll.read_bytes().decode()
    assert run(["convert", str(ready.conll), "-o", "-"]) == 0
    assert capfd.readouterr().out == source
    assert run(["export", str(ready.project)]) == 0
    out = capfd.readouterr().out
    assert all(f"\n{word} " in f"\n{out}" for word in WORDS.values())
    assert run(["predict", str(ready.text), "--model", MODEL, "--to", "jsonl"]) == 0
    records = [json.loads(line) for line in capfd.readouterr().out.split("\n") if line]
    assert "".join(record["text"] for record in records) == ready.text.read_bytes().decode()


def test_a_dump_holds_everything_unchanged(ready: Scene, capfd: Capture) -> None:
    assert run(["dump", str(ready.project), "-o", "one.jsonl"]) == 0
    assert run(["load", "one.jsonl", "--project", "two.ner"]) == 0
    assert run(["dump", "two.ner", "-o", "two.jsonl"]) == 0
    assert Path("one.jsonl").read_bytes() == Path("two.jsonl").read_bytes()
    dumped = Path("one.jsonl").read_text(encoding="utf-8")
    assert all(json.dumps(word, ensure_ascii=False)[1:-1] in dumped for word in WORDS.values())


def test_halves_of_pairs_and_nul_are_told_where_they_stand(scene: Scene, capfd: Capture) -> None:
    Path("half.jsonl").write_text('{"text": "a \\ud800 b", "spans": []}\n', encoding="utf-8")
    Path("nul.txt").write_bytes(b"a\0b in Paris\n")
    for arguments in (["convert", "half.jsonl", "-o", "x.conll", "--to", "conll"], ["check", "half.jsonl"]):
        assert run(arguments) in (1, 2)
        out, err = capfd.readouterr()
        assert "half.jsonl:1:" in out + err
    assert run(["convert", "nul.txt", "-o", "x.conll", "--to", "conll"]) == 2
    assert "byte 1 is NUL" in capfd.readouterr().err
    assert run(["convert", "nul.txt", "--encoding", "utf-8", "-o", "-", "--to", "jsonl"]) == 0
    assert json.loads(capfd.readouterr().out)["text"] == "a\0b in Paris\n"


def test_a_line_of_millions_of_characters_fills_no_terminal(scene: Scene, capfd: Capture) -> None:
    long = "\x1b[31mx" * 250_000
    for name, label in (("one.conll", "A"), ("two.conll", "B")):
        Path(name).write_text(f"a O\n{long} B-{label}\n\n{long} I-{long}\n", encoding="utf-8", newline="")
    for arguments in (["check", "one.conll"], ["diff", "one.conll", "two.conll"]):
        assert run(arguments) == 1
        out, err = capfd.readouterr()
        assert len(out) + len(err) < 100_000
        assert obeyed(out + err) == []
