"""``predict`` of large files of records and rows in parts: nobody reads all, and together they are one run's output."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from engine_here import have_no_cluster
from small_parts import make_parts_small

from ner_tui.cli import main, predicting_parts
from ner_tui.session.parts import labelling, planning
from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.reading import read_part

WORDS = "Ada met Bob in New York City . He 's in London with 7 people of Łódź".split()
MODEL = ["--model", "none", "--patterns", "names.jsonl"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=1_500, landmark_every=20, block_words=100)
    patterns = [{"label": "PER", "pattern": "Ada"}, {"label": "LOC", "pattern": "London"}]
    Path("names.jsonl").write_text("\n".join(map(json.dumps, patterns)))


def words(at: int) -> list[str]:
    return [*(WORDS[(at * 3 + word) % len(WORDS)] for word in range(3 + at * 7 % 13)), f"x{at}"]


def sentences(path: str) -> None:
    records = [{"tokens": words(at), "ner_tags": ["O"] * len(words(at))} for at in range(400)]
    records[0]["ner_tags"][0] = "B-PER"
    Path(path).write_text("".join(json.dumps(record) + "\n" for record in records))


def documents(path: str) -> None:
    records = [{"text": f"{' '.join(words(at))}. So?", "id": at, "label": []} for at in range(200)]
    Path(path).write_text("".join(json.dumps(record) + "\n" for record in records))


def rows(path: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"tokens": [words(at) for at in range(900)]}), path, row_group_size=60)


@pytest.mark.parametrize(("name", "made"), [("a.jsonl", sentences), ("b.jsonl", documents), ("c.parquet", rows)])
def test_shards_read_their_own_parts_and_are_together_what_one_run_writes(
    name: str, made: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if name.endswith("parquet") and find_spec("pyarrow") is None:
        pytest.skip("pyarrow is not installed")
    made(name)
    assert main(["predict", name, *MODEL, "-o", "whole.conll"]) == 0
    for module in (predicting_parts, planning):
        monkeypatch.setattr(module, "LARGE", 1_000)
    monkeypatch.setattr(planning, "BEGINNING", 6_000)
    given: list[Part] = []

    def noted(file: PlannedFile, part: Part) -> object:
        given.append(part)
        return read_part(file, part)

    monkeypatch.setattr(labelling, "read_part", noted)
    for number in (1, 2, 3):
        assert main(["predict", name, *MODEL, "-o", f"{number}.conll", "--shard", f"{number}/3"]) == 0
    shards = [Path(f"{number}.conll").read_bytes() for number in (1, 2, 3)]
    assert b"".join(shards) == Path("whole.conll").read_bytes()
    assert all(shards)
    assert len(given) == len({part.start for part in given}) > 5, "no part is read by two"
    assert "reads all of it" not in capsys.readouterr().err


@pytest.mark.parametrize("out", ["out.conll", "out/"])
def test_the_parts_that_a_cluster_does_are_together_what_one_run_writes(
    out: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    have_no_cluster(monkeypatch)
    sentences("a.jsonl")
    documents("b.jsonl")
    records = [{"text": "Ada left.", "name": f"news {at}"} for at in range(200)]
    Path("c.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    files = ["a.jsonl", "b.jsonl", "c.jsonl"]
    if find_spec("pyarrow") is not None:
        rows("d.parquet")
        files.append("d.parquet")
    assert main(["predict", *files, *MODEL, "-o", f"plain.{out}"]) == 0
    assert main(["predict", *files, *MODEL, "-o", out, "--ray", "auto"]) == 0
    told = capsys.readouterr().err
    assert "lost: b.jsonl: metadata of 200 records, for which conll has no place: id" in told
    found = re.search(r"(\d+) parts of", told)
    assert found is not None
    assert int(found[1]) > 30
    plain, joined = (
        {file.name: file.read_bytes() for file in ([path] if path.is_file() else path.iterdir())}
        for path in (Path(f"plain.{out}"), Path(out))
    )
    assert list(joined.values()) == list(plain.values()) if out.endswith("conll") else joined == plain


def test_tags_further_on_that_are_of_another_scheme_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    have_no_cluster(monkeypatch)
    sentences("a.jsonl")
    with Path("a.jsonl").open("a") as file:
        file.write('{"tokens": ["Ada", "and", "New", "York"], "ner_tags": ["S-PER", "O", "B-LOC", "E-LOC"]}\n' * 400)
    monkeypatch.setattr(planning, "LARGE", 1_000)
    monkeypatch.setattr(planning, "BEGINNING", 20_000)
    assert main(["predict", "a.jsonl", *MODEL, "-o", "out.conll", "--ray", "auto"]) == 1
    assert "its beginning was taken for iob2" in capsys.readouterr().err


def test_what_a_shard_tells_has_the_lines_of_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentences("a.jsonl")
    with Path("a.jsonl").open("a") as file:
        file.write('{"tokens": [], "ner_tags": []}\n')
    for module in (predicting_parts, planning):
        monkeypatch.setattr(module, "LARGE", 1_000)
    assert main(["predict", "a.jsonl", *MODEL, "-o", "3.conll", "--shard", "3/3"]) == 0
    assert "a.jsonl:401: the record has no tokens" in capsys.readouterr().err


def test_records_over_several_lines_are_read_by_all_shards_which_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [{"text": f"Ada left {at}."} for at in range(200)]
    Path("a.json").write_text(json.dumps(records, indent=1))
    monkeypatch.setattr(predicting_parts, "LARGE", 1_000)
    assert main(["predict", "a.json", *MODEL, "-o", "whole.conll"]) == 0
    for number in (1, 2):
        assert main(["predict", "a.json", *MODEL, "-o", f"{number}.conll", "--shard", f"{number}/2"]) == 0
    assert "a.json: its records are not one a line, so each shard reads all of it" in capsys.readouterr().err
    assert Path("1.conll").read_bytes() + Path("2.conll").read_bytes() == Path("whole.conll").read_bytes()
