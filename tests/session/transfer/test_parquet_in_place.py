"""Parquet of sentences that was opened comes back with its columns, types and features, and other tags."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ner_tui
from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
COLUMNS: dict[str, Any] = {
    "id": ["a", "b", "c", "d"],
    "ner_tags": [[1, 2, 0], [0, 4], [], [0]],
    "tokens": [["Ada", "Lovelace", "left"], ["in", "Rome"], [], ["Bob"]],
    "score": [0.5, 0.1, None, 2.0],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def features(kind: object) -> dict[str, str]:
    return {"huggingface": json.dumps({"info": {"features": {"id": {"_type": "Value"}, "ner_tags": kind}}})}


CLASS_LABEL = {"feature": {"names": NAMES, "_type": "ClassLabel"}, "_type": "List"}


def make(columns: dict[str, Any] = COLUMNS, metadata: dict[str, str] | None = None) -> Any:
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("ner_tags", pa.list_(pa.int8() if metadata else pa.large_string())),
            ("tokens", pa.list_(pa.string())),
            ("score", pa.float32()),
        ],
        metadata=metadata,
    )
    pq.write_table(pa.table(columns, schema=schema), "a.parquet", row_group_size=3, compression="gzip")
    return pq.read_table("a.parquet")


def decide(*places: tuple[int, int, str]) -> None:
    with ner_tui.open_project("p.ner", "a.parquet") as project:
        for start, end, label in places:
            project.label(start, end, label)


def test_only_tags_differ_and_rows_without_tokens_stay() -> None:
    before = make(metadata=features(CLASS_LABEL))
    decide((26, 29, "PER"))
    for more in ([], ["--to", "parquet"]):
        assert main(["export", "p.ner", "-o", "b.parquet", *more]) == 0
        after = pq.read_table("b.parquet")
        assert after.schema.equals(before.schema, check_metadata=True)
        assert after.drop(["ner_tags"]).equals(before.drop(["ner_tags"]))
        # The tag of Rome, which IOB2 does not have there, stays as it was.
        assert after.column("ner_tags").to_pylist() == [[1, 2, 0], [0, 4], [], [1]]
    file = pq.ParquetFile("b.parquet").metadata
    assert [file.row_group(at).num_rows for at in range(file.num_row_groups)] == [3, 1]
    assert file.row_group(0).column(0).compression == "GZIP"


@pytest.mark.parametrize("names", [["none"] * 4, ["none", "zstd", "gzip", "snappy"]])
def test_each_column_is_compressed_as_it_was_or_not_at_all(names: list[str]) -> None:
    table = make(metadata=features(CLASS_LABEL))
    paths = ["id", "ner_tags.list.element", "tokens.list.element", "score"]
    pq.write_table(table, "a.parquet", compression=dict(zip(paths, names, strict=True)))
    decide((26, 29, "PER"))
    assert main(["export", "p.ner", "-o", "b.parquet"]) == 0
    before, after = (pq.ParquetFile(path).metadata.row_group(0) for path in ("a.parquet", "b.parquet"))
    assert [before.column(at).compression for at in range(4)] == [after.column(at).compression for at in range(4)]
    assert pq.read_table("b.parquet").column("ner_tags").to_pylist()[-1] == [1]


def test_without_a_change_it_is_the_same_bytes() -> None:
    make(metadata=features(CLASS_LABEL))
    decide()
    assert main(["export", "p.ner", "-o", "b.parquet"]) == 0
    assert Path("b.parquet").read_bytes() == Path("a.parquet").read_bytes()
    assert main(["convert", "a.parquet", "--to", "parquet", "-o", "c.parquet"]) == 0
    assert Path("c.parquet").read_bytes() == Path("a.parquet").read_bytes()


@pytest.mark.parametrize("feature", [CLASS_LABEL, [{"names": NAMES, "_type": "ClassLabel"}]])
def test_a_label_that_the_names_lack_is_added_behind_them(feature: object) -> None:
    make(metadata=features(feature))
    decide((0, 12, "MISC"))
    assert main(["export", "p.ner", "-o", "b.parquet"]) == 0
    assert pq.read_table("b.parquet").column("ner_tags").to_pylist() == [[5, 6, 0], [0, 4], [], [0]]
    [document] = ner_tui.read("b.parquet")
    assert [(span.label, document.text[span.start : span.end]) for span in document.spans] == [
        ("MISC", "Ada Lovelace"),
        ("LOC", "Rome"),
    ]


def test_names_that_are_enough_stay_as_they_are() -> None:
    kind = {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}, "_type": "List"}
    before = make({**COLUMNS, "ner_tags": [[1, 0, 0], [0, 0], [], [0]]}, features(kind))
    with ner_tui.open_project("p.ner", "a.parquet") as project:
        project.remove(0)
        project.label(26, 29, "PER")
    assert main(["export", "p.ner", "-o", "b.parquet"]) == 0
    after = pq.read_table("b.parquet")
    assert after.column("ner_tags").to_pylist() == [[0, 0, 0], [0, 0], [], [1]]
    assert after.schema.equals(before.schema, check_metadata=True)


def test_tags_by_name_stay_names() -> None:
    by_name = [[NAMES[tag] for tag in row] for row in COLUMNS["ner_tags"]]
    before = make({**COLUMNS, "ner_tags": by_name})
    decide((26, 29, "MISC"))
    assert main(["export", "p.ner", "-o", "b.parquet"]) == 0
    after = pq.read_table("b.parquet")
    assert after.schema.equals(before.schema)
    assert after.column("ner_tags").to_pylist() == [*by_name[:3], ["B-MISC"]]


def test_names_that_a_person_gave_do_not_grow(capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"tokens": [["Ada", "left"]], "ner_tags": [[1, 0]]}), "a.parquet")
    options = SessionOptions("p.ner", read=ReadOptions(tag_names=("O", "B-PER", "B-LOC")))
    open_session(["a.parquet"], options).close()
    decide((0, 3, "LOC"))
    assert main(["export", "p.ner", "-o", "b.parquet"]) == 0
    assert pq.read_table("b.parquet").column("ner_tags").to_pylist() == [[2, 0]]
    decide((0, 3, "ORG"))
    assert main(["export", "p.ner", "-o", "c.parquet"]) == 2
    said = capsys.readouterr().err
    assert "a.parquet:1: the tag B-ORG has no number among its names: export with --to jsonl" in said
    assert not Path("c.parquet").exists()


def test_decisions_are_saved_into_it() -> None:
    before = make(metadata=features(CLASS_LABEL))
    decide((26, 29, "PER"))
    session = open_session([], SessionOptions("p.ner"))
    assert session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    after = pq.read_table("a.parquet")
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after.column("ner_tags").to_pylist()[-1] == [1]
    decide()
