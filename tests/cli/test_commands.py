"""The commands as a person runs them: output on stdout, everything else on stderr, one sentence for each mistake."""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session
from ner_tui.store import audits

CONLL = "-DOCSTART- -X- O O\n\nAda NNP I-NP I-PER\nsaw VBD I-VP O\nYork NNP I-NP I-LOC\n\nBob NNP I-NP I-PER\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tags(text: str) -> list[list[str]]:
    return [line.split(" ") for line in text.split("\n") if line]


def test_predict_writes_every_word_once_in_two_columns(tiny_onnx: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text("Ada met Bob. He's in New York City.")
    assert main(["predict", "a.txt", "--model", str(tiny_onnx)]) == 0
    out, err = capfd.readouterr()
    assert [word for word, _ in tags(out)] == "Ada met Bob . He 's in New York City .".split()
    assert "a.txt" in err


def test_predict_replaces_the_tags_of_the_file_and_keeps_its_scheme(
    tiny_onnx: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("a.conll").write_text(CONLL)
    assert main(["predict", "a.conll", "--model", str(tiny_onnx), "--map", "PER=,LOC=,ORG=,MISC="]) == 0
    out, _ = capfd.readouterr()
    assert [row for row in tags(out) if row[0] != "-DOCSTART-"] == [
        ["Ada", "O"],
        ["saw", "O"],
        ["York", "O"],
        ["Bob", "O"],
    ]


def test_predict_writes_a_file_each_into_a_folder(tiny_onnx: Path) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text("Ada met Bob.")
    Path("in/b.txt").write_text("Bob met Eve.")
    assert main(["predict", "in", "-o", "out/", "--to", "jsonl", "--model", str(tiny_onnx)]) == 0
    records = [json.loads(path.read_text()) for path in sorted(Path("out").iterdir())]
    assert [record["text"] for record in records] == ["Ada met Bob.", "Bob met Eve."]
    for record in records:
        for span in record["spans"]:
            assert span["source"] == "suggested"
            assert 0 <= span["score"] <= 1


def test_a_folder_gets_a_file_for_each_document_whatever_file_it_is_in(
    tiny_onnx: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text("Ada met Bob.")
    texts = [{"text": "Bob met Eve.", "name": "../x/a.txt"}, {"text": "Eve left.", "name": "b"}]
    Path("two.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in texts))
    command = ["predict", "in", "two.jsonl", "--model", str(tiny_onnx)]
    assert main([*command, "-o", "out/", "--to", "brat"]) == 0
    assert {path.name: path.read_text() for path in Path("out").glob("*.txt")} == {
        "a.txt": "Ada met Bob.", "a-2.txt": "Bob met Eve.", "b.txt": "Eve left.",
    }  # fmt: skip
    assert sorted(path.name for path in Path("out").iterdir() if path.suffix != ".txt") == ["a-2.ann", "a.ann", "b.ann"]
    assert "../x/a.txt is written as a-2.ann: there is another a.ann" in capfd.readouterr().err
    assert main([*command, "-o", "out/", "--shard", "1/2"]) == 2


def test_a_folder_that_holds_the_inputs_is_no_place_for_what_would_replace_them(
    tiny_onnx: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("a.conll").write_text(CONLL)
    for command in (["predict", "a.conll", "--model", str(tiny_onnx)], ["convert", "a.conll", "--scheme", "bioes"]):
        assert main([*command, "-o", "."]) == 2
        assert "a.conll is one of the files that are read: choose another place" in capfd.readouterr().err
    assert Path("a.conll").read_text() == CONLL


@pytest.mark.parametrize(
    "command",
    [
        ["predict", "a.conll", "a.txt", "--model", "fast", "--shard", "1/2"],
        ["predict", "a.conll", "--model", "./no-model"],
        ["predict", "a.conll", "--model", "./no-model", "--to", "wordpieces"],
        ["deal", "a.conll", "--annotators", "ada,bo", "--guidelines", "none.md"],
        ["deal", "none.conll", "--annotators", "ada,bo"],
    ],
    ids=["shard", "model", "wordpieces", "guidelines", "input"],
)
def test_a_folder_that_was_made_for_nothing_goes_again(folder: Path, command: list[str]) -> None:
    Path("a.conll").write_text(CONLL)
    Path("a.txt").write_text("Ada left.\n")
    assert main([*command, "-o", "out/in/"]) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["a.conll", "a.txt"]


def test_a_shard_is_not_written_over_another_one(tiny_onnx: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text(CONLL)
    command = ["predict", "a.conll", "--model", str(tiny_onnx), "--shard"]
    assert main([*command, "1/2", "-o", "out.conll"]) == 0
    first = Path("out.conll").read_bytes()
    assert main([*command, "2/2", "-o", "out.conll"]) == 2
    assert "out.conll is there already, maybe of another shard: name a file for each, such as -o out.2.conll" in (
        capfd.readouterr().err
    )
    assert Path("out.conll").read_bytes() == first
    # What tells its shard may be made again, as may what is no shard.
    for again in (["1/2", "-o", "out.001.conll"], ["1/1", "-o", "out.conll"]):
        assert [main([*command, *again]) for _ in range(2)] == [0, 0]


def test_predict_reads_standard_input(
    tiny_onnx: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Łódź is a city.".encode())))
    assert main(["predict", "-", "--model", str(tiny_onnx)]) == 0
    assert [word for word, _ in tags(capfd.readouterr().out)] == ["Łódź", "is", "a", "city", "."]


def test_the_same_run_twice_gives_the_same_bytes(tiny_onnx: Path) -> None:
    Path("a.txt").write_text("Ada met Bob in New York City. " * 300)
    for name in ("one.jsonl", "two.jsonl"):
        assert main(["predict", "a.txt", "-o", name, "--to", "jsonl", "--model", str(tiny_onnx)]) == 0
    assert Path("one.jsonl").read_bytes() == Path("two.jsonl").read_bytes()


def test_export_says_how_many_of_each_and_info_how_far(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text(CONLL)
    session = open_session(["a.conll"], SessionOptions(project="p.ner"))
    session.corrections.confirm(0)
    session.close()
    for name in ("confirmed", "reviewed"):
        assert main(["export", "p.ner", "--only", name, "--scheme", "bioes"]) == 0
        out, err = capfd.readouterr()
        assert tags(out)[-3:] == [["Ada", "S-PER"], ["saw", "O"], ["York", "S-LOC"]]
        assert "2 decisions in 1 sentence to -; 1 sentence that is not confirmed and 0 open suggestions" in err
    assert main(["export", "p.ner"]) == 0
    out, err = capfd.readouterr()
    assert out == CONLL
    assert "3 decisions in 2 sentences to -; 0 open suggestions left out" in err
    assert main(["info", "p.ner", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["confirmed"] == 1


def test_info_says_how_many_errors_remain_by_those_that_chance_has_found(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of so few sentences each one may be drawn.
    monkeypatch.setattr(audits, "SHARE", 1)
    Path("a.conll").write_text(CONLL)
    session = open_session(["a.conll"], SessionOptions(project="p.ner"))
    session._project.audits.draw(1, 0)
    session.corrections.relabel(0, "ORG")
    session.corrections.confirm(0)
    session.close()
    assert main(["info", "p.ner", "--json"]) == 0
    # The label of one of the three entities may be another.
    f1 = 2 * 2 / (2 * 2 + 1 + 1)
    assert json.loads(capfd.readouterr().out)["errors_left"] == {
        "checked": 1, "wrong": 1, "left": 1, "low": 0, "high": 1, "f1": [f1, 1.0], "sway": None,
    }  # fmt: skip
    assert main(["info", "p.ner"]) == 0
    assert "of the 1 others between 0 and 1 do, at 95%" in capfd.readouterr().out


MISTAKES = {
    "missing file": (["predict", "no.txt"], "does not exist"),
    "empty folder": (["predict", "empty"], "holds no file to read"),
    "binary file": (["predict", "binary.txt"], "binary"),
    "wrong encoding": (["predict", "latin.txt"], "--encoding latin-1"),
    "empty file": (["predict", "empty.txt"], "empty"),
    "short line": (["predict", "short.conll"], "short.conll:2"),
    "no such checkpoint": (["predict", "a.txt", "--model", "./nowhere"], "no such folder"),
    "checkpoint without weights": (["predict", "a.txt", "--model", "./empty"], "./empty"),
    "no such project": (["export", "no.ner"], "no such project"),
    "project that is none": (["export", "a.txt"], "not a project"),
    "bad map": (["predict", "a.txt", "--map", "PER"], "--map"),
    "bad encoding": (["predict", "a.txt", "--encoding", "klingon"], "klingon"),
    "no terminal": (["review", "a.txt"], "needs a terminal"),
    "no such configuration": (["review", "a.txt", "--config", "none.toml"], "none.toml: cannot be read"),
    "an unknown setting": (["review", "a.txt", "--config", "bad.toml"], "bad.toml:1: the configuration has no 'key'"),
    "a key of two commands": (["review", "a.txt", "--config", "clash.toml"], "clash.toml:2: x is a key of span.remove"),
    "a file of labels with a mistake": (["review", "a.txt", "--labels", "bad.toml"], "bad.toml:1: a file of labels"),
    "a label with a space": (["review", "a.txt", "--labels", "New York"], "--labels: a label has no white space"),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence_and_exit_code_2(
    arguments: list[str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("a.txt").write_text("Ada met Bob. " * 20)
    Path("empty").mkdir()
    Path("empty.txt").write_text("")
    Path("binary.txt").write_bytes(b"\x7fELF\x00\x00\x01")
    Path("latin.txt").write_bytes("café".encode("latin-1"))
    Path("short.conll").write_text("Ada NNP B-PER\nsaw\nBob NNP B-PER\n")
    Path("bad.toml").write_text('[key]\n"span.accept" = "y"\n')
    Path("clash.toml").write_text('[keys]\n"span.accept" = "x"\n')
    assert main(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    lines = [line for line in err.split("\n") if line.startswith("ner-tui: ")]
    assert len(lines) == 1
    assert words in lines[0]
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "command",
    [
        ["load", "latin.dump", "--project", "new.ner"],
        ["merge", "latin.dump", "latin.dump", "latin.dump"],
        ["train", "latin.dump", "--base", "bundled", "-o", "model"],
        ["train", "good.conll", "--dev", "latin.dump", "--base", "bundled", "-o", "model"],
        ["predict", "good.conll", "--model", "none", "--patterns", "latin.dump", "--label", "PER", "-o", "out.conll"],
        ["deal", "good.conll", "--annotators", "a,b", "--patterns", "latin.dump", "--label", "PER", "-o", "out"],
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("raw", ["PER B-Zoë\n".encode("latin-1"), b"A\0B"], ids=["latin-1", "nul"])
def test_no_encoding_is_asked_for_where_none_can_be_named(
    capfd: pytest.CaptureFixture[str], command: list[str], raw: bytes
) -> None:
    if command[0] == "train":
        pytest.importorskip("torch")
    Path("good.conll").write_text(CONLL)
    Path("latin.dump").write_bytes(raw)
    assert main(command) == 2
    told = capfd.readouterr().err
    assert "--encoding" not in told.splitlines()[-1]
    assert "save the file as UTF-8" in told or "no dump of a project" in told


def test_one_of_something_is_not_told_as_several(tiny_onnx: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("one.conll").write_text("Ada I-PER\n\n")
    Path("two.conll").write_text("Ada B-PER\n\n")
    with closing(open_session(["two.conll"], SessionOptions(project="one.ner", model=None))):
        pass
    for command in (
        "check one.conll --scheme iob2", "check one.ner", "score two.conll one.conll", "dump one.ner -o one.dump",
        "load one.dump --project new.ner", "report one.ner -o one.html", "export one.ner -o out.conll",
        "agree one.ner one.ner", "agree two.conll one.conll",
        "predict two.conll --model none --patterns one.conll --label A --label B",
    ):  # fmt: skip
        main(command.split())
    told = "".join(capfd.readouterr())
    assert "1 sentence, 1 word" in told
    assert "1 finding:" in told
    several = r"\b1 (\w*(sentence|word|finding|span|decision|document|file|label|list|conflict|difference)s)\b"
    assert re.findall(several, told) == []


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("predict a --shard 3/2", "ner-tui predict: argument --shard: give a part and how many"),
        ("deal a --annotators a,b -o out --shared 3", "ner-tui deal: unrecognized arguments: --shared 3"),
        ("convert a", "ner-tui convert: the following arguments are required: -o"),
        ("models info", "ner-tui models info: the following arguments are required: SPEC"),
        ("models info fast --fast", "ner-tui models info: unrecognized arguments: --fast"),
        ("frobnicate", "ner-tui: argument COMMAND: invalid choice: 'frobnicate'"),
    ],
)
def test_arguments_that_cannot_be_used_are_told_in_a_line(
    capfd: pytest.CaptureFixture[str], command: str, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command.split())
    assert ended.value.code == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(told)
    assert line.endswith(f"`{told.partition(':')[0]} --help` says what it takes")
