"""Places where files can be cut: right behind the wanted ones, each once, and none where none is near."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

import pytest

from ner_tui.formats import infer_format, open_source
from ner_tui.session.parts import edges
from ner_tui.session.parts.edges import Edge, find_edges, why_whole


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def edges_of(lines: list[str], wanted: Iterable[int]) -> list[Edge]:
    raw = "".join(lines).encode()
    Path("a.jsonl").write_bytes(raw)
    source = open_source("a.jsonl")
    with Path("a.jsonl").open("rb") as file:
        return find_edges(file, len(raw), list(wanted), source, infer_format(source))


def record(at: int, words: int = 1) -> str:
    return json.dumps({"text": f"Ada left {at}." + " Ada left." * words, "spans": []}) + "\n"


@pytest.mark.parametrize(
    ("lines", "before", "begins"),
    [
        (["a O", "", "b O"], 0, 2),
        (["a O", "", "# c", "# d", "b O"], 0, 2),
        (["a O", " \t", "# c", "b O"], 0, 2),
        (["a O", "b O"], 0, None),
        (["a O", "# c", "b O"], 0, None),
        (["a O", "", "b O", "c O"], 2, None),
    ],
)
def test_a_sentence_behind_a_blank_line_begins_with_its_comments(
    lines: list[str], before: int, begins: int | None
) -> None:
    text = "\n".join(lines)
    found = list(edges._first_line(text, len(lines) - 1, before))
    assert found == ([] if begins is None else [text.index("\n".join(lines[begins:]))])


def test_each_line_of_records_that_are_documents_is_an_edge_once() -> None:
    lines = [record(at, at % 3) for at in range(9)]
    starts = [0, *accumulate(len(line) for line in lines)]
    assert edges_of(lines, range(starts[-1] + 3)) == [Edge(at, inside=False) for at in starts[1:-1]]
    assert edges_of(lines, [0, 1, starts[1], starts[1] + 1, starts[4] - 1, starts[8]]) == [
        Edge(starts[at], inside=False) for at in (1, 2, 4)
    ]


def test_a_place_at_or_before_an_edge_that_was_found_needs_no_other() -> None:
    lines = [record(at) for at in range(4)]
    assert edges_of(lines, [0, 1, len(lines[0])]) == [Edge(len(lines[0]), inside=False)]


def test_what_is_looked_at_behind_a_place_grows_and_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edges, "LOOKS", (8, 40, 80))
    lines = [record(0), record(1), record(2, 30), record(3), record(4)]
    starts = [0, *accumulate(len(line) for line in lines)]
    assert edges_of(lines, [0, starts[1] + 1, starts[2] + 1, starts[3] + 1]) == [
        Edge(starts[at], inside=False) for at in (1, 2, 4)
    ]


@pytest.mark.parametrize(("groups", "why"), [(1, "its rows are in one group"), (2, ""), (3, "")])
def test_rows_are_cut_as_soon_as_there_are_two_groups(groups: int, why: str) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"text": ["Ada left."] * 12}), "a.parquet", row_group_size=12 // groups)
    source = open_source("a.parquet")
    assert why_whole(source, infer_format(source)) == why
