"""Files of JSON records, cut between lines: their parts are labelled as if the rest were there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cut_files import WORDS, assert_parts_are_the_file, planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_parts import make_parts_small

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, infer_format, open_source, read
from ner_tui.formats.files.replacing import version_of
from ner_tui.session.parts import planning
from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.reading import lines_before, lines_in, placed_in_file, read_part


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=600, landmark_every=5, block_words=40)


def in_lines(*records: object, newline: str = "\n", path: str = "a.jsonl") -> str:
    Path(path).write_bytes("".join(json.dumps(record, ensure_ascii=False) + newline for record in records).encode())
    return path


def words(at: int) -> list[str]:
    return [*(WORDS[(at * 3 + word) % len(WORDS)] for word in range(2 + at * 7 % 6)), f"x{at}"]


def sentence(at: int, **more: object) -> dict[str, object]:
    return {"tokens": words(at), "ner_tags": ["B-PER" if word == "Ada" else "O" for word in words(at)], **more}


DOCUMENTS = {
    "jsonl": lambda at: {"text": f"Ada left {at}. Bob met Łódź.", "sentences": []},
    "doccano": lambda at: {"id": at, "text": f"Ada 🙂 left {at}.\n\nSo?", "label": [[0, 3, "PER"]]},
    "spacy-jsonl": lambda at: {"text": f"Ada left {at}.", "entities": [[0, 3, "PER"]]},
    "prodigy": lambda at: {"text": f"Ada left {at}.", "spans": [], "answer": "reject" if at % 3 else "accept"},
    "gliner": lambda at: {"tokenized_text": ["Ada", "left", f"{at}"], "ner": [[0, 0, "person"]]},
    "label-studio": lambda at: {"id": at, "data": {"text": f"Ada left {at}."}, "annotations": []},
    "argilla": lambda at: {"id": str(at), "fields": {"text": f"Ada left {at}."}, "responses": {}},
}  # fmt: skip


@pytest.mark.parametrize("fmt", DOCUMENTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n \n"])
def test_where_a_record_is_a_document_each_line_may_begin_a_part(fmt: str, newline: str) -> None:
    plan = assert_parts_are_the_file(in_lines(*map(DOCUMENTS[fmt], range(90)), newline=newline))
    assert plan.inference.format == fmt
    assert len(plan.parts) > 6


DOCUMENT = st.sampled_from(["a", "b", None, ""]).map(lambda name: {} if name == "" else {"document": name})
TOKENS = st.lists(st.sampled_from([*WORDS, "", "x\n"]), max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TOKENS, DOCUMENT, st.integers(1, 9)), max_size=60), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_sentences_are_cut_where_documents_or_blocks_begin(
    drawn: list[tuple[list[str], dict[str, object], int]], newline: str
) -> None:
    records = [
        {"tokens": words, "ner_tags": ["O"] * len(words), **document}
        for words, document, times in drawn
        for _ in range(times)
    ]
    assert_parts_are_the_file(in_lines(sentence(0), *records, newline=newline))


def test_a_file_of_sentences_has_many_parts() -> None:
    plan = assert_parts_are_the_file(in_lines(*map(sentence, range(600))))
    assert len(plan.parts) > 20
    assert all(part.inside for part in plan.parts[1:])
    # A line end in a word is as good as one behind a sentence.
    paragraphs = [{"tokens": [*words(at), "x\n"], "ner_tags": ["O"] * (len(words(at)) + 1)} for at in range(600)]
    assert len(assert_parts_are_the_file(in_lines(sentence(0), *paragraphs)).parts) > 20
    plan = assert_parts_are_the_file(in_lines(*(sentence(at, doc_id=at // 4) for at in range(600))))
    assert len(plan.parts) > 20
    assert not any(part.inside for part in plan.parts)


def test_numbers_that_the_first_record_names_are_known_in_all_parts() -> None:
    first = {"tokens": ["Ada"], "ner_tags": [1], "names": ["O", "B-PER"]}
    rest = [sentence(at) | {"ner_tags": [at % 2] * len(words(at))} for at in range(300)]
    plan = assert_parts_are_the_file(in_lines(first, *rest))
    assert len(plan.parts) > 9
    found = read(read_part(plan, plan.parts[-1]), inference=plan.inference)
    assert {span.label for item in found if isinstance(item, AnnotatedSentence) for span in item.spans} == {"PER"}


def test_of_a_large_file_the_first_records_tell_how_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "LARGE", 1_000)
    monkeypatch.setattr(planning, "BEGINNING", 500)
    monkeypatch.setattr(planning, "MORE", 8_000)
    opened: list[str] = []

    def noted(path: str, *rest: Any) -> Source:
        opened.append(path)
        return open_source(path, *rest)

    monkeypatch.setattr(planning, "open_source", noted)
    # What a record is of is not known before the 40th of them.
    records = [{"text": f"Ada left {at}.", "spans": []} for at in range(40)]
    plan = planned(in_lines(*records, *map(DOCUMENTS["prodigy"], range(200))))
    assert plan.inference.format == "prodigy"
    assert plan.by_beginning
    assert not opened
    # The first is longer than what is looked at.
    long = planned(in_lines({"text": "Ada. " * 9_000}, *records))
    assert long.inference.format == "jsonl"
    assert not long.whole
    assert opened == ["a.jsonl"]


def problem_lines(path: str, plan: PlannedFile) -> tuple[set[int], set[int]]:
    """Return the lines that are told of a file, and of its parts."""
    source = open_source(path)
    whole = {item.line for item in read(source, inference=infer_format(source)) if isinstance(item, Problem)}
    parts = set[int]()
    for part in plan.parts:
        items = read(read_part(plan, part), inference=plan.inference)
        parts |= {lines_before(plan, part) + item.line for item in items if isinstance(item, Problem)}
    return whole, parts


def test_what_is_told_of_a_part_has_the_lines_of_the_file() -> None:
    path = in_lines(*(sentence(at) if at % 50 else {"tokens": [], "ner_tags": []} for at in range(1, 300)))
    plan = planned(path)
    whole, parts = problem_lines(path, plan)
    assert whole == parts == {50, 100, 150, 200, 250}
    assert sum(lines_in(part, read_part(plan, part)) for part in plan.parts) == 299


@pytest.mark.parametrize("broken", ['{"tokens": ["Ada"], "ner_tags": []}', '{"tokens": [', "{", "7", "[[]"])
def test_a_broken_record_in_a_later_part_is_named_by_the_line_of_the_file(broken: str) -> None:
    raw = Path(in_lines(*map(sentence, range(300)))).read_bytes()
    plan = planned("a.jsonl")
    last = plan.parts[-1]
    # As its first line, and further on.
    for at in (last.start, raw.find(b"\n", last.start) + 1):
        made = raw[:at] + f"{broken}\n".encode() + raw[at:]
        Path("a.jsonl").write_bytes(made)
        part = Part(last.start, len(made), inside=True)
        known = replace(plan, version=version_of("a.jsonl"), parts=(*plan.parts[:-1], part))
        line = made[:at].count(b"\n") + 1
        with pytest.raises(FormatError, match=f"a.jsonl:{line}: "), placed_in_file(known, part):
            list(read(read_part(known, part), inference=known.inference, ignore_tags=True))


def test_a_part_without_a_text_is_no_error_and_keeps_its_documents() -> None:
    empty = [{"text": "", "id": at} for at in range(200)]
    plan = assert_parts_are_the_file(in_lines({"text": "Ada."}, *empty, {"text": "Bob."}))
    assert len(plan.parts) > 4
    part = read_part(plan, plan.parts[2])
    assert {
        item.sentence.text for item in read(part, inference=plan.inference) if isinstance(item, AnnotatedSentence)
    } == {""}


def units_of(words: list[str], *, utf16: bool) -> dict[str, object]:
    """Return a record of words with a blank between two, their offsets in one unit or the other."""
    text, tokens, at = " ".join(words), list[dict[str, int]](), 0
    for word in words:
        size = len(word.encode("utf-16-le")) // 2 if utf16 else len(word)
        tokens.append({"start": at, "end": at + size})
        at += size + 1
    return {"text": text + "  ", "tokens": tokens, "spans": []}


@pytest.mark.parametrize("utf16", [True, False])
def test_words_are_in_the_units_of_the_file_whatever_a_part_shows_of_them(utf16: bool) -> None:
    """Those at the end of the file fit in either unit; those in its middle tell."""
    plain = [units_of(["Ada", "left", f"{at}"], utf16=utf16) for at in range(100)]
    tells = units_of(["Ada", "x" * 9 + "🙂" * 7], utf16=utf16)
    either = [units_of(["🙂🙂", "Ada", "ok", f"{at}"], utf16=utf16) for at in range(60)]
    plan = assert_parts_are_the_file(in_lines(*plain, tells, *plain, *either))
    assert len(plan.parts) > 9


def test_what_no_person_wanted_is_in_no_part() -> None:
    plan = planned(in_lines(*map(DOCUMENTS["prodigy"], range(90))))
    items = [item for part in plan.parts for item in read(read_part(plan, part), inference=plan.inference)]
    assert sum(isinstance(item, DocumentStart) for item in items) == 30
