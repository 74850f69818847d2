"""Parquet, cut at groups of rows: their parts are labelled as if the other rows were there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cut_files import WORDS, assert_parts_are_the_file, planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_parts import make_parts_small

from ner_tui.domain.stream import AnnotatedSentence, Problem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, read
from ner_tui.formats.files.source import FileSource
from ner_tui.session.parts import edges, planning
from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.reading import lines_before, lines_in, placed_in_file, read_part

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=500, landmark_every=5, block_words=40)


def saved(group: int, **columns: list[Any]) -> str:
    pq.write_table(pa.table(columns), "a.parquet", row_group_size=group)
    return "a.parquet"


def words(at: int) -> list[str]:
    return [*(WORDS[(at * 3 + word) % len(WORDS)] for word in range(2 + at * 7 % 6)), f"x{at}"]


def rows_of(parts: tuple[Part, ...]) -> list[int]:
    """Return the first row of each part."""
    return [part.rows.start for part in parts if part.rows is not None]


def texts(source: Source, plan: PlannedFile) -> list[str]:
    items = read(source, inference=plan.inference)
    return [item.sentence.text for item in items if isinstance(item, AnnotatedSentence)]


def test_texts_are_cut_where_groups_begin() -> None:
    plan = assert_parts_are_the_file(saved(20, id=list(range(400)), text=[f"Ada left {at}. So?" for at in range(400)]))
    assert len(plan.parts) > 5
    assert all(row % 20 == 0 for row in rows_of(plan.parts))
    assert not any(part.inside for part in plan.parts)


def test_sentences_are_cut_where_a_document_begins_in_a_group() -> None:
    documents = [f"d{at // 3}" for at in range(400)]
    plan = assert_parts_are_the_file(saved(30, tokens=list(map(words, range(400))), document=documents))
    assert len(plan.parts) > 5
    assert all(row % 3 == 0 for row in rows_of(plan.parts))
    assert not any(part.inside for part in plan.parts)


def test_sentences_of_one_document_are_cut_where_a_block_begins() -> None:
    plan = assert_parts_are_the_file(saved(30, tokens=list(map(words, range(900)))))
    assert len(plan.parts) > 5
    assert all(part.inside for part in plan.parts[1:])


TOKENS = st.lists(st.sampled_from([*WORDS, "", "x\n"]), max_size=5)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(TOKENS, st.sampled_from(["a", "b", None]), st.integers(1, 30)), max_size=30), st.integers(3, 60)
)
def test_whatever_rows_there_are_the_parts_are_the_file(
    drawn: list[tuple[list[str], str | None, int]], group: int
) -> None:
    rows = [(tokens, document) for tokens, document, times in drawn for _ in range(times)]
    tokens, documents = zip(*[(["Ada"], "a"), *rows], strict=True)
    assert_parts_are_the_file(saved(group, tokens=list(tokens), document=list(documents)))


def test_one_group_is_one_part_and_says_why() -> None:
    plan = planned(saved(1_000, text=[f"Ada left {at}." for at in range(400)]))
    assert plan.parts == (Part(0, Path("a.parquet").stat().st_size),)
    assert plan.whole == "its rows are in one group"
    assert planned(saved(10, text=[""] * 400)).whole == "no text is in it"


def test_of_a_large_file_no_more_is_read_than_where_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "LARGE", 1_000)
    monkeypatch.setattr(edges, "ROWS", 60)

    def none(self: FileSource) -> None:
        raise AssertionError("it is read whole")

    monkeypatch.setattr(FileSource, "pieces", none)
    monkeypatch.setattr(planning, "open_source", none)
    plan = planned(saved(300, tokens=list(map(words, range(3_000)))))
    assert 3 < len(plan.parts) <= 10
    assert all(row % 300 < 60 for row in rows_of(plan.parts))


def test_by_its_address_a_file_has_the_parts_that_it_has_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "LARGE", 1_000)
    here = planned(saved(30, tokens=list(map(words, range(900)))))
    there = planned(Path("a.parquet").absolute().as_uri())
    assert len(here.parts) > 5
    assert there.parts == here.parts
    for part in here.parts[:3]:
        one, other = (read_part(plan, part) for plan in (here, there))
        assert one.sha256 == other.sha256
        assert texts(one, here) == texts(other, here) != []


def test_what_is_told_and_what_is_wrong_in_a_part_names_the_row_of_the_file() -> None:
    tokens = [words(at) if at not in (50, 250) else [] for at in range(400)]
    plan = planned(saved(20, tokens=tokens, tags=[["O"] * len(each) for each in tokens]))
    told = [
        lines_before(plan, part) + item.line
        for part in plan.parts
        for item in read(read_part(plan, part), inference=plan.inference)
        if isinstance(item, Problem)
    ]
    assert told == [51, 251]
    assert [lines_in(part, read_part(plan, part)) for part in plan.parts] == [
        len(part.rows) for part in plan.parts if part.rows is not None
    ]
    broken = planned(
        saved(20, tokens=tokens, tags=[["O"] * (len(each) + (at == 390)) for at, each in enumerate(tokens)])
    )
    last = broken.parts[-1]
    with pytest.raises(FormatError, match=r"a\.parquet:391: "), placed_in_file(broken, last):
        list(read(read_part(broken, last), inference=broken.inference, ignore_tags=True))


def test_the_input_of_a_part_is_its_own_rows_and_how_they_are_read() -> None:
    plan = planned(saved(20, text=[f"Ada left {at:03}." for at in range(400)]))
    before = [read_part(plan, part).sha256 for part in plan.parts]
    assert len({*before}) == len(plan.parts)
    raw = Path("a.parquet").read_bytes()
    at = raw.index(b"Ada left 399")
    Path("a.parquet").write_bytes(raw[:at] + b"Bob left 399" + raw[at + 12 :])
    again = planned("a.parquet")
    after = [read_part(again, part).sha256 for part in again.parts]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True] * (len(before) - 1) + [False]
    with pytest.raises(InputError, match="has changed"):
        read_part(plan, plan.parts[0])


def test_a_part_without_a_text_is_no_error() -> None:
    plan = planned(saved(20, text=["Ada left."] * 20 + [""] * 380, id=[f"{at:030}" for at in range(400)]))
    assert len(plan.parts) > 3
    assert {*texts(read_part(plan, plan.parts[-1]), plan)} == {""}
