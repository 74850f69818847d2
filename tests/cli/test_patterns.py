"""``--patterns`` of ``predict`` and ``review``, and ``export --to patterns``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session

TEXT = "Ada met Bob in New  York. Ada left Paris.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text(TEXT)
    Path("names.txt").write_text("Ada\nNew York\n")
    Path("p.jsonl").write_text('{"label": "LOC", "pattern": [{"LOWER": "new"}, {"LOWER": "york"}]}\n')
    return tmp_path


def tagged(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.endswith(" O")]


def test_patterns_alone_label_files(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["predict", "text.txt", "--model", "none", "--patterns", "p.jsonl"]
    assert main([*command, "--patterns", "names.txt", "--label", "PER"]) == 0
    assert tagged(capsys.readouterr().out) == ["Ada B-PER", "New B-LOC", "York I-LOC", "Ada B-PER"]


def test_patterns_come_before_the_model_and_each_suggestion_names_its_source(
    tiny_onnx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["predict", "text.txt", "--model", str(tiny_onnx), "--to", "jsonl"]
    assert main(command) == 0
    alone = json.loads(capsys.readouterr().out)["spans"]
    assert main([*command, "--patterns", "names.txt", "--label", "PER"]) == 0
    both = json.loads(capsys.readouterr().out)["spans"]
    matches = [(0, 3), (15, 24), (26, 29)]
    assert [(each["start"], each["end"]) for each in both if each["model"] == "names.txt"] == matches
    assert all((each["label"], each["score"]) == ("PER", 1.0) for each in both if each["model"] == "names.txt")
    untouched = [each for each in alone if all(each["end"] <= start or end <= each["start"] for start, end in matches)]
    assert [each for each in both if each["model"] != "names.txt"] == untouched


def test_other_patterns_are_another_run_of_an_interrupted_prediction(tiny_onnx: Path) -> None:
    command = ["predict", "text.txt", "--model", "none", "--label", "PER", "-o", "out.conll", "--patterns"]
    assert main([*command, "names.txt"]) == 0
    first = Path("out.conll").read_text()
    Path("names.txt").write_text("Paris\n")
    assert main([*command, "names.txt"]) == 0
    assert tagged(first) != tagged(Path("out.conll").read_text()) == ["Paris B-PER"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["predict", "text.txt", "--model", "none"], "--model none: predict needs a model, or --patterns FILE"),
        (["predict", "text.txt", "--patterns", "names.txt"], "names.txt is a list of terms"),
        (["review", "text.txt", "--patterns", "names.txt"], "names.txt is a list of terms"),
        (["review", "text.txt", "--label", "PER"], "--patterns has 0 lists, --label 1 label"),
        (["predict", "text.txt", "--patterns", "gone.jsonl"], "gone.jsonl does not exist"),
        (["review", "text.txt", "--patterns", "gone.jsonl"], "gone.jsonl does not exist"),
        (["review", "text.txt", "--patterns", "bad.jsonl"], "bad.jsonl:1: the token attribute 'POS'"),
        (["predict", "text.txt", "--model", "none", "--patterns", "bad.jsonl"], "bad.jsonl:1: the token attribute"),
        (["predict", "text.txt", "-o", "p.jsonl", "--to", "conll", "--patterns", "p.jsonl"], "is one of the files"),
    ],
)
def test_patterns_that_cannot_be_used_are_refused_in_a_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.jsonl").write_text('{"label": "A", "pattern": [{"POS": "NOUN"}]}\n')
    before = sorted(Path().iterdir())
    assert main(arguments) == 2
    assert told in capsys.readouterr().err.splitlines()[-1]
    assert sorted(Path().iterdir()) == before


def test_what_a_project_decided_is_exported_as_patterns_that_find_it_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    session = open_session(["text.txt"], SessionOptions(project="p.ner"))
    for words, label in (("Ada", "PER"), ("New  York", "LOC"), ("Bob", "PER")):
        start = TEXT.index(words)
        session.corrections.label(start, start + len(words), label, cursor=start)
    start = TEXT.rindex("Ada")
    session.corrections.label(start, start + 3, "PER", cursor=start)
    session.corrections.confirm(start)
    session.close()
    assert main(["export", "p.ner", "--to", "patterns", "-o", "found.jsonl"]) == 0
    assert [json.loads(line) for line in Path("found.jsonl").read_text().splitlines()] == [
        {"label": "PER", "pattern": "Ada"},
        {"label": "PER", "pattern": "Bob"},
        {"label": "LOC", "pattern": "New York"},
    ]
    assert main(["export", "p.ner", "--to", "patterns", "--only", "confirmed"]) == 0
    capsys.readouterr()
    assert main(["predict", "text.txt", "--model", "none", "--patterns", "found.jsonl"]) == 0
    assert len(tagged(capsys.readouterr().out)) == 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "folder/"], "is a folder: patterns are one file"),
        (["-o", "text.txt"], "is one of the files that are read"),
        (["--scheme", "bioes"], "patterns have no tags and no columns"),
        (["-o", "p.ner"], "p.ner is a project"),
    ],
)
def test_patterns_go_into_a_file_of_their_own(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    open_session(["text.txt"], SessionOptions(project="p.ner")).close()
    assert main(["export", "p.ner", "--to", "patterns", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert Path("text.txt").read_text() == TEXT
