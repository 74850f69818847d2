"""Every command on hostile text: nothing of it reaches a terminal, all of it reaches a file."""

from __future__ import annotations

import json
import os
import pty
import shutil
import sys
import threading
from argparse import _SubParsersAction
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from hostile.conftest import TAGS, Scene
from hostile.payloads import CANARY, NAME, WORDS, obeyed, taken_for_markup
from ner_tui.cli import main, progress
from ner_tui.cli.parser import build_parser

Capture = pytest.CaptureFixture[str]
MODEL = "model"
GLINER = f"{NAME}-gliner"
QUOTED = json.dumps(WORDS["colour"])
CONFIGS = (f"theme = {QUOTED}\n", f"{QUOTED} = 1\n", f"[keys]\n{QUOTED} = [{QUOTED}]\n", f"x{WORDS['clipboard']}\n")
LABEL_FILES = (
    f"[[label]]\nname = {QUOTED}\n",
    f'[[label]]\nname = "A"\nkey = {QUOTED}\n',
    f"[[{QUOTED}]]\n",
    WORDS["bidi"],
)


def commands() -> list[str]:
    actions = build_parser()._actions
    return list(next(action.choices for action in actions if isinstance(action, _SubParsersAction)))


def written(contents: Iterable[str], name: str) -> Iterator[Path]:
    """Write files of settings."""
    for number, content in enumerate(contents):
        path = Path(f"{name}{number}.toml")
        path.write_text(content, encoding="utf-8")
        yield path


def lines_of_commands(scene: Scene) -> dict[str, list[list[str]]]:
    """Return for each command how it is called, so that all it has to say is of hostile text."""
    conll, text, records, project = map(str, (scene.conll, scene.text, scene.records, scene.project))
    other, missing, broken = f"{NAME}-other.conll", f"{NAME}-missing", f"{NAME}-broken.conll"
    lines = scene.conll.read_bytes().decode().split("\n")
    Path(other).write_text("\n".join(lines).replace(" B-", " O-", 3), encoding="utf-8", newline="")
    Path(broken).write_text(f"a O\n{WORDS['colour']} x y B-{WORDS['bidi']}\n", encoding="utf-8", newline="")
    dumped = f"{NAME}-dump.jsonl"
    (described,) = written([f'[[label]]\nname = "X"\ndescription = {QUOTED}\n'], f"{NAME}-described")
    return {
        "review": [
            ["review", missing],
            ["review", text, "--config", missing],
            *(["review", text, "--config", str(path)] for path in written(CONFIGS, f"{NAME}-config")),
            *(["review", text, "--labels", str(path)] for path in written(LABEL_FILES, f"{NAME}-labels")),
            ["review", text, "--labels", WORDS["colour"]],
        ],
        "serve": [
            ["serve", missing],
            ["serve", text, "--model", missing],
            ["serve", text, "--project", text],
        ],
        "predict": [
            ["predict", text, "--model", MODEL],
            ["predict", text, "--model", MODEL, "--to", "jsonl"],
            ["predict", text, "--model", MODEL, "--to", "wordpieces"],
            ["predict", conll, "--model", MODEL, "--map", f"{WORDS['colour']}=X", "-o", f"{NAME}.out"],
            ["predict", text, "--model", missing],
            *(["predict", text, "--model", MODEL, "--labels", str(path)] for path in written(LABEL_FILES, NAME)),
            ["predict", text, "--model", MODEL, "--labels", WORDS["colour"]],
            ["predict", text, "--model", GLINER, "--labels", str(described)],
            ["predict", broken, "--model", MODEL],
            ["predict", text, "--model", MODEL, "--ray", WORDS["colour"], "-o", "-"],
        ],
        "export": [
            ["export", project],
            ["export", project, "--to", "jsonl"],
            ["export", project, "--to", "conll2003", "-o", f"{NAME}.out"],
            ["export", missing],
            ["export", text],
        ],
        "report": [
            ["report", project],
            ["report", project, "-o", f"{NAME}.html"],
            ["report", project, "-o", project],
            ["report", missing],
        ],
        "convert": [
            ["convert", conll, "-o", "-"],
            ["convert", conll, "-o", "-", "--scheme", "bilou"],
            ["convert", conll, "-o", "-", "--to", "jsonl"],
            ["convert", records, "-o", "-", "--to", "conll"],
            ["convert", broken, "-o", "-"],
            ["convert", missing, "-o", "-"],
            ["convert", text, "-o", "-", "--encoding", WORDS["colour"]],
        ],
        "score": [
            ["score", conll, other],
            ["score", conll, other, "--json"],
            ["score", conll, missing],
            ["score", project, text],
        ],
        "diff": [
            ["diff", conll, other],
            ["diff", conll, other, "--json"],
            ["diff", project, project],
            ["diff", conll, broken],
        ],
        "audit": [
            ["audit", conll, "--model", MODEL],
            ["audit", conll, "--model", MODEL, "--json", "--at-least", "0"],
            ["audit", conll, "--model", missing],
            ["audit", project, "--model", MODEL],
            ["audit", broken, "--model", MODEL],
            ["audit", missing],
            ["audit", conll, "--model", MODEL, "--project", f"{NAME}-audit.ner"],
            ["audit", project, "--model", MODEL, "--project", f"{NAME}-audit.ner"],
        ],
        "deal": [
            ["deal", conll, "--annotators", "ana,bo", "-o", f"{NAME}-team"],
            ["deal", conll, text, "--annotators", "ana,bo", "--overlap", "50%", "-o", f"{NAME}-team"],
            ["deal", text, "--annotators", f"ana,{WORDS['colour']}", "-o", f"{NAME}-team"],
            ["deal", missing, "--annotators", "ana,bo", "-o", f"{NAME}-team"],
        ],
        "agree": [
            ["agree", conll, other],
            ["agree", conll, other, "--json"],
            ["agree", project, text, "--sentences", "all"],
            ["agree", conll, missing],
            ["agree", conll],
        ],
        "adjudicate": [
            ["adjudicate", conll, missing, "--project", f"{NAME}-gold.ner"],
            ["adjudicate", conll, "--project", f"{NAME}-gold.ner"],
            ["adjudicate", conll, text, "--project", f"{NAME}-gold.ner"],
            ["adjudicate", conll, other, "--project", project, "--sentences", WORDS["colour"]],
        ],
        "check": [
            ["check", conll, other],
            ["check", conll, "--json"],
            ["check", "."],
            ["check", conll, "--repair", "discard", "-o", f"{NAME}-fixed.conll"],
            ["check", project],
            ["check", project, "--json"],
            ["check", project, "--rebuild", "-o", f"{NAME}-new.ner"],
            ["check", broken],
            ["check", missing],
        ],
        "info": [["info", project], ["info", project, "--json"], ["info", text]],
        "backup": [
            ["backup", project, "-o", f"{NAME}-backup.ner"],
            ["backup", project, "-o", project],
            ["backup", missing, "-o", f"{NAME}.out"],
            ["backup", text, "-o", f"{NAME}.out"],
        ],
        "dump": [["dump", project], ["dump", project, "-o", dumped]],
        "merge": [
            ["merge", dumped, dumped, dumped, "-o", f"{NAME}-merged.jsonl"],
            ["merge", dumped, text, dumped],
            ["merge", dumped, missing, dumped],
        ],
        "load": [["load", dumped, "--project", f"{NAME}-loaded.ner"], ["load", text, "--project", "x.ner"]],
        "train": [
            ["train", missing, "--base", missing, "-o", missing],
            ["train", broken, "--base", MODEL, "-o", f"{NAME}-out"],
        ],
        "models": [
            ["models"],
            ["models", "--json"],
            ["models", "remove", missing],
            ["models", "add", missing],
            ["models", "add", GLINER],
            ["models", "info", missing],
            ["models", "info", MODEL],
            ["models", f"--{NAME}"],
        ],
        "completion": [["completion", NAME], ["completion", "bash"]],
    }


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
