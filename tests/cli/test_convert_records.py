"""``ner-tui convert`` on JSON records: the same format is the same file, others take along what they have room for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ner_tui.cli import main

FILES = {
    "doccano.jsonl": '{"id":101,"text":"Ann Lee left.","label":[[0,7,"PER"]],"url":"x"}\n'
    '{"id":104, "text":"","label":[]}\n',
    "prodigy.jsonl": '{"text":"Ann left.","meta":{"doc":"a-1"},"_task_hash":42,"spans":[{"start":0,"end":3,"label":'
    '"PER"}],"answer":"accept"}\r\n{"text": "b", "answer": "reject"}\r\n',
    "hf.jsonl": '{"id": "doc-7", "year": 2019, "tokens": ["Ann", "left"], "ner_tags": ["B-PER", "O"]}\n'
    '{"id": "doc-9", "year": 2021, "tokens": ["Oslo"], "ner_tags": ["B-LOC"]}\n',
    "label-studio.json": '[\n {"id": 11, "data": {"text": "Ann left.", "doc": "k-1"}, "meta": {"batch": 4},\n'
    '  "predictions": [{"model_version": "v3", "score": 0.83, "result": [{"type": "labels", "value": {"start": 0, '
    '"end": 3, "labels": ["PER"]}}]}], "annotations": []}\n]\n',
    "jsonl.jsonl": '{"id": 1.0, "text": "Ann left."}\n\n{"id": 2, "text": ""}\n{"id": 3, "text": "Oslo."}',
    "gliner.json": '[{"tokenized_text": ["Ann"], "ner": [[0,0,"PER"]], "note": 1}]',
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_bytes(text.encode())
    return tmp_path


def records(path: str) -> list[dict[str, object]]:
    text = Path(path).read_text()
    return json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("options", [[], ["--to"]])
def test_the_same_format_is_the_same_bytes(name: str, options: list[str]) -> None:
    fmt = Path(name).stem
    assert main(["convert", name, "-o", "out", *options, *([fmt] if options else [])]) == 0
    assert Path("out").read_bytes() == FILES[name].encode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"text": "Ada", "label": [[0, 3, "X"]]}\n{"text": "Ada", "label": [[0, 4, "X"]]}\n',
            "2: X [0, 4) is no",
        ),
        (
            '{"tokens": ["a"], "ner_tags": ["O"]}\n{"tokens": ["a"], "ner_tags": []}\n',
            "2: it has 1 token and 0",
        ),
        (
            '{"text": "ab", "tokens": [{"start": 1, "end": 2}, {"start": 0, "end": 1}], "spans": []}\n',
            "1: the token [0",
        ),
        ('{"text": "a", "label": []}\n{"text": "b", \n', "2: no JSON"),
    ],
)
def test_a_file_that_is_only_copied_has_to_be_whole(text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.jsonl").write_text(text)
    assert main(["convert", "broken.jsonl", "-o", "out"]) == 2
    assert f"broken.jsonl:{told}" in capsys.readouterr().err
    assert not Path("out").exists()


def test_records_without_tags_have_no_scheme_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "doccano.jsonl", "--scheme", "bioes", "-o", "out"]) == 2
    assert "has no tags that could be changed in place: choose a format with --to" in capsys.readouterr().err


def test_metadata_go_where_a_format_has_a_place() -> None:
    assert main(["convert", "hf.jsonl", "--to", "prodigy", "-o", "out"]) == 0
    metas = [record["meta"] for record in records("out")]
    assert metas == [
        {"id": "doc-7", "year": 2019}, {"id": "doc-9", "year": 2021}
    ]  # fmt: skip
    assert main(["convert", "prodigy.jsonl", "--to", "doccano", "-o", "out"]) == 0
    assert records("out") == [{"doc": "a-1", "_task_hash": 42, "text": "Ann left.", "label": [[0, 3, "PER"]]}]
    assert main(["convert", "doccano.jsonl", "--to", "label-studio", "-o", "out"]) == 0
    assert [record["data"] for record in records("out")] == [
        {"text": "Ann Lee left.", "id": 101, "url": "x"},
        {"text": "", "id": 104},
    ]
    assert main(["convert", "doccano.jsonl", "--to", "jsonl", "-o", "out"]) == 0
    assert [record["meta"] for record in records("out")] == [{"id": 101, "url": "x"}, {"id": 104}]
    assert main(["convert", "label-studio.json", "--to", "jsonl", "-o", "out"]) == 0
    assert records("out")[0]["meta"] == {"id": 11, "batch": 4, "doc": "k-1"}


def test_nothing_is_added_on_the_way_there_and_back() -> None:
    for there in ("jsonl", "prodigy", "doccano", "label-studio"):
        assert main(["convert", "hf.jsonl", "--to", there, "-o", "there.json"]) == 0
        assert main(["convert", "there.json", "--to", "hf", "-o", "back.jsonl"]) == 0
        plain = [{key: value for key, value in record.items() if key != "document"} for record in records("back.jsonl")]
        assert plain == records("hf.jsonl")
    assert main(["convert", "hf.jsonl", "--to", "jsonl", "-o", "there.json"]) == 0
    assert main(["convert", "there.json", "--to", "hf", "-o", "back.jsonl"]) == 0
    assert records("back.jsonl") == records("hf.jsonl")
    for there in ("jsonl", "prodigy", "spacy-jsonl", "label-studio"):
        assert main(["convert", "doccano.jsonl", "--to", there, "-o", "there.json"]) == 0
        assert main(["convert", "there.json", "--to", "doccano", "-o", "back.jsonl"]) == 0
        assert records("back.jsonl") == records("doccano.jsonl")


@pytest.mark.parametrize("fmt", ["conll", "conllu", "webanno-tsv", "brat", "gliner"])
def test_metadata_without_a_place_are_a_loss(fmt: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "hf.jsonl", "--to", fmt, "-o", "out.ann"]) == 1
    assert not Path("out.ann").exists()
    assert f"lost: hf.jsonl: metadata of 2 records, for which {fmt} has no place: id, year" in capsys.readouterr().err
    assert main(["convert", "hf.jsonl", "--to", fmt, "-o", "out.ann", "--on-loss", "warn"]) == 0
    assert Path("out.ann").exists()


def test_the_name_of_a_file_is_no_loss_where_columns_come_back_from_records() -> None:
    Path("a.conll").write_text("Ann B-PER\nleft O\n\nOslo B-LOC\n\n")
    for fmt in ("hf", "prodigy", "label-studio", "jsonl"):
        assert main(["convert", "a.conll", "--to", fmt, "-o", "there.json"]) == 0
        assert main(["convert", "there.json", "--to", "conll", "-o", "back.conll"]) == 0
        assert Path("back.conll").read_text().split() == Path("a.conll").read_text().split()


def test_suggestions_stay_suggestions_or_are_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "label-studio.json", "--to", "jsonl", "-o", "out"]) == 0
    expected = {
        "start": 0,
        "end": 3,
        "label": "PER",
        "source": "suggested",
        "model": "v3",
        "score": 0.83,
        "margin": 0.66,
    }
    assert records("out")[0]["spans"] == [expected]
    capsys.readouterr()
    assert main(["convert", "out", "--to", "doccano", "-o", "there"]) == 1
    told = "lost: out: 1 suggestion, which doccano cannot tell from decisions: left out"
    assert f"{told} (--with-suggestions writes them like decisions)" in capsys.readouterr().err
    assert main(["convert", "out", "--to", "doccano", "-o", "there", "--on-loss", "warn"]) == 0
    assert records("there")[0]["label"] == []
    assert main(["convert", "out", "--to", "doccano", "-o", "there", "--with-suggestions"]) == 0
    assert records("there")[0]["label"] == [[0, 3, "PER"]]


NUMBERS = '{"id": "0", "tokens": ["EU", "rejects", "German"], "pos_tags": [22, 42, 16], "ner_tags": [3, 0, 7]}\n'
NAMES = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]


@pytest.mark.parametrize("given", [",".join(NAMES), "names.txt", "names.json"])
def test_names_of_tags_are_given_in_a_list_or_a_file(given: str) -> None:
    Path("names.txt").write_text("\n".join(NAMES) + "\n")
    Path("names.json").write_text(json.dumps(NAMES))
    Path("n.jsonl").write_text(NUMBERS)
    assert main(["convert", "n.jsonl", "--names", given, "--to", "doccano", "-o", "out"]) == 0
    assert records("out")[0]["label"] == [[0, 2, "ORG"], [11, 17, "MISC"]]
    assert main(["convert", "n.jsonl", "--names", given, "--to", "hf", "-o", "out"]) == 0
    assert Path("out").read_text() == NUMBERS


def test_numbers_without_names_are_refused_with_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    Path("n.jsonl").write_text(NUMBERS)
    assert main(["convert", "n.jsonl", "--to", "doccano", "-o", "out"]) == 2
    assert "give their names in order with --names O,B-PER,… or --names FILE" in capsys.readouterr().err
    for given, told in (("nothing", "does not exist"), ("n.jsonl", "something else than names of tags")):
        with pytest.raises(SystemExit, match="2"):
            main(["convert", "n.jsonl", "--names", given, "-o", "out"])
        assert told in capsys.readouterr().err


def test_tags_of_records_go_into_another_scheme_in_place() -> None:
    assert main(["convert", "hf.jsonl", "--scheme", "bioes", "-o", "out"]) == 0
    assert Path("out").read_text() == FILES["hf.jsonl"].replace("B-", "S-")
