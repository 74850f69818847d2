"""Parts of files: together they are the file, and each is labelled as if the rest were there."""

from __future__ import annotations

from pathlib import Path

import pytest
from cut_files import WORDS, assert_parts_are_the_file, planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_parts import make_parts_small

from ner_tui.errors import EncodingError, FormatError, InputError
from ner_tui.formats import Source, read
from ner_tui.formats.records.records import SAMPLE
from ner_tui.session.parts import planning
from ner_tui.session.parts.planning import Part, PlannedFile, _shows_records, part_size
from ner_tui.session.parts.reading import placed_in_file, read_part
from ner_tui.session.parts.sharing import shard_of


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=200, landmark_every=5, block_words=40)


SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9)
PIECE = st.one_of(
    SENTENCE.map(lambda words: "".join(f"{word}\tO\n" for word in words) + "\n"),
    SENTENCE.map(lambda words: "# a comment\n" + "".join(f"{word}\tO\n" for word in words) + " \n"),
    st.sampled_from(["-DOCSTART-\tO\n\n", "\n\n", "# alone\n\n"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECE, min_size=1, max_size=120), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_columns_are_cut_where_blocks_begin(pieces: list[str], newline: str, ends: bool) -> None:
    text = "Ada\tB-PER\nleft\tO\n\n" + "".join(pieces) + ("" if ends else "Ada\tB-PER")
    Path("a.conll").write_bytes(text.replace("\n", newline).encode())
    assert_parts_are_the_file("a.conll")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(SENTENCE, min_size=1, max_size=4), min_size=1, max_size=60), st.sampled_from(["\n", "\r\n"]))
def test_prose_is_cut_at_blank_lines(paragraphs: list[list[list[str]]], newline: str) -> None:
    text = "\n\n".join(" ".join(" ".join(words) + "." for words in each) for each in paragraphs)
    Path("a.txt").write_bytes(text.replace("\n", newline).encode())
    assert_parts_are_the_file("a.txt")


def test_a_file_of_some_length_has_many_parts() -> None:
    lines = [f"{WORDS[(7 * at + at // 5) % len(WORDS)]}{at}\tO\n" + "\n" * (at % 4 == 0) for at in range(4_000)]
    Path("a.conll").write_text("Ada\tB-PER\n\n" + "".join(lines))
    assert len(assert_parts_are_the_file("a.conll").parts) > 30
    rows = [
        f"{at}\t{WORDS[at % len(WORDS)]}{at}\t" + "\t".join("_" * 8) + "\n" + "\n" * (at % 4 == 0) for at in range(900)
    ]
    Path("a.conllu").write_text("# newdoc id = x\n" + "".join(rows))
    assert len(assert_parts_are_the_file("a.conllu").parts) > 9
    Path("a.txt").write_text("\n\n".join(f"Ada left {at}. Bob met {at} people." for at in range(900)))
    assert len(assert_parts_are_the_file("a.txt").parts) > 30


@pytest.mark.thorough
def test_of_a_large_file_its_beginning_and_a_few_places_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "LARGE", 1 << 16)
    monkeypatch.setattr(planning, "BEGINNING", 1 << 14)
    monkeypatch.setattr(planning, "SMALLEST", 1 << 18)
    text = "".join(f"Ada{at}\tB-PER\nleft\tO\n\n" for at in range(4_000))
    with Path("sparse.conll").open("wb") as file:
        file.write(text.encode())
        # What lies between is a hole, which no reader gets to the end of in time.
        for number in range(20, 240, 20):
            file.seek(number * part_size(10 << 30) - 100)
            file.write(text.encode())
        file.truncate(10 << 30)
    plan = planned("sparse.conll")
    assert plan.by_beginning
    assert plan.size == 10 << 30
    assert len(plan.parts) == 12


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"id,text\n" + b"7,Ada left.\n" * 100, "csv"),
        ("a.jsonl", b"[" + b'{"text": "Ada left."},\n' * 100 + b'{"text": ""}]', "not one a line"),
        ("a.json", b'{\n"text":\n"Ada left."\n}\n' * 100, "not one a line"),
        ("b.jsonl", b'{"text": ""}\n' * 100, "no text"),
        ("c.jsonl", ('{"text": "Ada left."}\n' * 100).encode("utf-16"), "utf-16-le"),
        ("a.txt", ("Ada left.\n\n" * 100).encode("utf-16"), "utf-16-le"),
        ("a.conll", b"Ada\tB-PER\r\r" * 100, "carriage returns"),
    ],
)
def test_what_cannot_be_cut_is_one_part_and_says_why(name: str, content: bytes, why: str) -> None:
    Path(name).write_bytes(content)
    plan = planned(name)
    assert plan.parts == (Part(0, len(content)),)
    assert why in plan.whole


def test_blank_lines_are_no_records_to_find_a_format_by() -> None:
    for records, are_enough in ((SAMPLE - 1, False), (SAMPLE, True)):
        text = '{"text": "Ada left."}\n' * records + "\n \n" * SAMPLE
        assert _shows_records(Source("a.jsonl", "", text, "utf-8", False, "\n")) is are_enough


@pytest.mark.parametrize("of", [1, 2, 5, 40])
def test_every_part_belongs_to_one_shard(of: int) -> None:
    for name in ("a.conll", "b.conll"):
        Path(name).write_text("Ada\tB-PER\n\n" + "".join(f"left{at}\tO\n\n" for at in range(300)))
    plan = [planned("a.conll"), planned("b.conll")]
    shards = [shard_of(plan, number, of) for number in range(1, of + 1)]
    assert [each for shard in shards for each in shard] == [(file, part) for file in plan for part in file.parts]
    sizes = [sum(part.end - part.start for _, part in shard) for shard in shards]
    largest = max(part.end - part.start for file in plan for part in file.parts)
    assert all(abs(size - sum(sizes) / of) <= largest for size in sizes)


def test_what_is_wrong_in_a_part_names_its_place_in_the_file() -> None:
    good = "Ada\tB-PER\n\n" + "".join(f"left{at}\tO\n\n" for at in range(300))
    Path("a.conll").write_text(good + "alone\n")
    plan = planned("a.conll")
    last, line = plan.parts[-1], good.count("\n") + 1
    with pytest.raises(FormatError, match=f"a.conll:{line}: 1 column"), placed_in_file(plan, last):
        list(read(read_part(plan, last), inference=plan.inference))
    Path("b.conll").write_bytes(good.encode() + b"left\xff\tO\n")
    latin = planned("b.conll", "latin-1")
    assert list(read(read_part(latin, latin.parts[-1]), inference=latin.inference))
    as_utf8 = PlannedFile("b.conll", latin.version, None, "utf-8", latin.inference, latin.parts)
    with pytest.raises(EncodingError, match=f"offset {len(good) + 4}, line {line}"):
        read_part(as_utf8, latin.parts[-1])


def test_a_file_that_changes_after_it_was_planned_is_refused() -> None:
    Path("a.conll").write_text("Ada\tB-PER\n\n" + "".join(f"left{at}\tO\n\n" for at in range(300)))
    plan = planned("a.conll")
    Path("a.conll").write_text("Ada\tB-PER\n\n" * 300)
    with pytest.raises(InputError, match="has changed"):
        read_part(plan, plan.parts[1])
