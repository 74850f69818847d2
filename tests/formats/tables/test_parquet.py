"""Parquet: read and written as ``datasets`` has it."""

from __future__ import annotations

import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from ner_tui.cli import main
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, infer_format, open_source, read
from ner_tui.formats.standoff.offset_spans import has_two_units
from ner_tui.formats.tables.parquet_rows import Parquet
from ner_tui.formats.tag_lines import tagged_sentences

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NAMES = ["O", "B-PER", "I-PER", "B-LOC"]


def features(**columns: object) -> dict[str, str]:
    return {"huggingface": json.dumps({"info": {"features": columns}})}


def saved(path: Path, columns: dict[str, Any], metadata: dict[str, str] | None = None) -> Source:
    table = pa.table(columns)
    pq.write_table(table.replace_schema_metadata(metadata), path)
    return open_source(str(path))


def sentences(path: Path) -> Source:
    """Write a file as ``datasets`` does."""
    tags = {"feature": {"names": NAMES, "_type": "ClassLabel"}, "_type": "List"}
    columns = {"id": [7, 8], "tokens": [["Ann", "Lee", "left"], ["Oslo"]], "ner_tags": [[1, 2, 0], [3]]}
    return saved(path, columns, features(ner_tags=tags))


def known(source: Source, text: str | None = None) -> list[tuple[str, list[tuple[int, int, str]], dict[str, object]]]:
    items = list(read(source, inference=infer_format(source, text=text)))
    found = list[tuple[str, list[tuple[int, int, str]], dict[str, object]]]()
    metadata = dict[str, object]()
    for item in items:
        if isinstance(item, DocumentStart):
            metadata = dict(item.metadata)
        elif isinstance(item, AnnotatedSentence):
            spans = [(s.start, s.end, s.label) for s in item.spans]
            found.append((item.sentence.text.strip(), spans, {**metadata, **item.metadata}))
    return found


SENTENCES = [("Ann Lee left", [(0, 7, "PER")], {"id": 7}), ("Oslo", [(13, 17, "LOC")], {"id": 8})]


def test_a_file_says_which_rows_its_groups_have(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a", "b", "c"]}), tmp_path / "a.parquet", row_group_size=2)
    file = Parquet(open_source(str(tmp_path / "a.parquet")))
    assert file.groups.bounds == [0, 2, 3]
    assert file.groups is file.groups
    assert file.groups.of_rows(range(1, 2)) == range(1)
    assert file.groups.of_rows(range(2, 3)) == range(1, 2)


@pytest.mark.parametrize("name", ["a.parquet", "a", "a.parquet.gz"])
@pytest.mark.parametrize("large", [False, True])
def test_rows_of_tokens_and_numbered_tags_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, large: bool
) -> None:
    raw = tmp_path / "raw"
    sentences(raw)
    path = tmp_path / name
    if name.endswith(".gz"):
        import gzip

        path.write_bytes(gzip.compress(raw.read_bytes()))
    else:
        path.write_bytes(raw.read_bytes())
    if large:
        monkeypatch.setattr("ner_tui.formats.files.source.LARGE", 0)
    source = open_source(str(path))
    told = "read as parquet, sentences in column tokens, tags in ner_tags, IOB2; metadata: id"
    assert infer_format(source).sentence == f"{path}: {told}"
    assert known(source) == SENTENCES


def test_older_features_and_tags_by_name_are_read(tmp_path: Path) -> None:
    tags = [{"names": NAMES, "_type": "ClassLabel"}]
    columns = {"tokens": [["Ann", None]], "ner_tags": [[1, 0]]}
    assert known(saved(tmp_path / "a.parquet", columns, features(ner_tags=tags))) == [("Ann _", [(0, 3, "PER")], {})]
    columns = {"words": [["Ann", "Lee"]], "labels": [["B-PER", "E-PER"]]}
    assert known(saved(tmp_path / "b.parquet", columns)) == [("Ann Lee", [(0, 7, "PER")], {})]
    assert known(saved(tmp_path / "c.parquet", {"tokens": [["Ann"]], "n": [1.5]})) == [("Ann", [], {"n": 1.5})]


def test_tags_are_judged_as_they_stand(tmp_path: Path) -> None:
    columns = {"tokens": [["Ann", "left", ""], []], "ner_tags": [["I-PER", "O", "B-LOC"], []]}
    source = saved(tmp_path / "a.parquet", columns)
    told = list[Problem]()
    (sentence,) = tagged_sentences(source, infer_format(source), told.append)
    assert (sentence.words, sentence.lines) == (["Ann", "left", "_"], [1, 1, 1])
    assert sentence.tags == ["I-PER", "O", "B-LOC"]
    assert [(problem.line, problem.reason) for problem in told] == [(2, "the row has no tokens: it is left out")]
    assert main(["check", source.path]) == 1


def test_documents_begin_where_their_column_changes(tmp_path: Path) -> None:
    columns = {"doc_id": ["a", "a", "b"], "tokens": [["x"], ["y"], ["z"]], "ner_tags": [["O"], ["O"], ["O"]]}
    source = saved(tmp_path / "a.parquet", columns)
    items = list(read(source))
    assert [item.line for item in items if isinstance(item, DocumentStart)] == [1, 3]


def test_rows_of_texts_are_documents_with_spans_and_metadata(tmp_path: Path) -> None:
    columns = {
        "id": [1, 2],
        "day": [date(2026, 1, 2), None],
        "text": ["Ann left.", "So?"],
        "spans": [[{"start": 0, "end": 3, "label": "PER"}], []],
        "picture": [b"\xff", None],
    }
    source = saved(tmp_path / "a.parquet", columns)
    assert infer_format(source).sentence.endswith("spans in spans; metadata: id, day; not read: picture")
    assert known(source) == [
        ("Ann left.", [(0, 3, "PER")], {"id": 1, "day": "2026-01-02"}),
        ("So?", [], {"id": 2, "day": None}),
    ]


def test_a_suggestion_in_spans_is_a_suggestion(tmp_path: Path) -> None:
    suggested = {"start": 0, "end": 3, "label": "PER", "source": "suggested", "score": 0.5}
    decided = {"start": 4, "end": 8, "label": "ORG"}
    # The second span makes Parquet say that the first has a margin, of nothing.
    spans = [[suggested, decided | {"margin": 0.1}]]
    source = saved(tmp_path / "a.parquet", {"text": ["Ann left."], "spans": spans})
    items = read(source, inference=infer_format(source))
    (sentence,) = [item for item in items if isinstance(item, AnnotatedSentence)]
    assert [(span.start, span.label) for span in sentence.spans] == [(4, "ORG")]
    assert [(each.span.label, each.score, each.margin) for each in sentence.suggestions] == [("PER", 0.5, 0.0)]


@pytest.mark.parametrize(
    "spans",
    [
        [[{"start": 0, "end": 3, "type": "PER"}]],
        [{"start": [0], "end": [3], "label": ["PER"]}],
        [[{"label": "PER", "begin_offset": 0, "end_offset": 3}]],
    ],
)
def test_spans_in_another_shape_are_named_with_what_to_do(tmp_path: Path, spans: list[object]) -> None:
    for column in ({"text": ["Ann left"]}, {"tokens": [["Ann", "left"]]}):
        source = saved(tmp_path / "a.parquet", {**column, "entities": spans})
        with pytest.raises(FormatError, match="column entities looks like spans, which are not read there: write a "):
            infer_format(source)
    source = saved(tmp_path / "a.parquet", {"text": ["Ann left"], "entities": spans})
    assert known(source, text="text") == [("Ann left", [], {"entities": spans[0]})]


def test_spans_in_another_shape_beside_tags_are_metadata(tmp_path: Path) -> None:
    columns = {"tokens": [["Ann"]], "ner_tags": [["O"]], "parts": [[{"start": 0, "end": 3, "type": "x"}]]}
    assert infer_format(saved(tmp_path / "a.parquet", columns)).format == "parquet"


def test_the_column_of_the_texts_is_asked_for_where_it_is_not_evident(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.parquet", {"title": ["Ann"], "lead": ["Bo left."]})
    with pytest.raises(InputError, match="say --text title or --text lead"):
        infer_format(source)
    assert known(source, "lead") == [("Bo left.", [], {"title": "Ann"})]
    with pytest.raises(InputError, match="there is no column 'x' of texts: it has title, lead"):
        infer_format(source, text="x")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"tokens": [["a"]], "ner_tags": [[1]]}, ":1: tags are numbers without names: give them in order with --names"),
        ({"tokens": [["a", "b"]], "ner_tags": [["O", None]]}, ":1: a word has null for its tag: write O where"),
        ({"tokens": [["a"], ["a"]], "ner_tags": [["O"], ["O", "O"]]}, ":2: it has 1 token and 2 tags in the row"),
        ({"n": [1]}, ":1: no column holds texts, or lists of tokens"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(tmp_path: Path, columns: dict[str, Any], reason: str) -> None:
    source = saved(tmp_path / "a.parquet", columns)
    with pytest.raises(FormatError) as raised:
        list(read(source))
    assert reason in str(raised.value)


def test_a_number_beyond_the_names_is_told(tmp_path: Path) -> None:
    tags = {"feature": {"names": ["O"], "_type": "ClassLabel"}, "_type": "Sequence"}
    source = saved(tmp_path / "a.parquet", {"tokens": [["a"]], "ner_tags": [[4]]}, features(ner_tags=tags))
    with pytest.raises(FormatError, match="the tag 4 has no name: 1 number has one"):
        list(read(source))


def test_names_that_a_person_gives_count(tmp_path: Path) -> None:
    saved(tmp_path / "a.parquet", {"tokens": [["Ann"]], "ner_tags": [[1]]})
    assert known(open_source(str(tmp_path / "a.parquet"), tag_names=["O", "B-PER"])) == [("Ann", [(0, 3, "PER")], {})]


def test_a_row_without_tokens_is_told_as_lost(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.parquet", {"tokens": [["a"], []], "ner_tags": [["O"], []]})
    problems = [item for item in read(source) if isinstance(item, Problem)]
    assert [(each.line, each.lost) for each in problems] == [(2, True)]


def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    sentences(tmp_path / "a.parquet")
    raw = (tmp_path / "a.parquet").read_bytes()
    for broken in (raw[:-9], raw[:40] + b"\0" * 40 + raw[80:], b"PAR1PAR1"):
        (tmp_path / "b.parquet").write_bytes(broken)
        with pytest.raises(FormatError, match="no whole Parquet"):
            list(read(open_source(str(tmp_path / "b.parquet"))))
    (tmp_path / "c.parquet").write_text("id,text\n")
    with pytest.raises(FormatError, match="this is no Parquet"):
        infer_format(open_source(str(tmp_path / "c.parquet")))


def test_the_same_bytes_are_written_without_a_format(tmp_path: Path) -> None:
    sentences(tmp_path / "a.parquet")
    assert main(["convert", str(tmp_path / "a.parquet"), "-o", str(tmp_path / "b.parquet")]) == 0
    assert (tmp_path / "b.parquet").read_bytes() == (tmp_path / "a.parquet").read_bytes()


def test_metadata_for_which_columns_have_no_place_are_a_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentences(tmp_path / "a.parquet")
    command = ["convert", str(tmp_path / "a.parquet"), "-o", str(tmp_path / "a.conll"), "--to", "conll"]
    assert main(command) == 1
    assert "lost: " in (told := capsys.readouterr().err)
    assert "metadata of 2 records, for which conll has no place: id" in told
    assert main([*command, "--on-loss", "warn"]) == 0
    assert (tmp_path / "a.conll").read_text() == "Ann B-PER\nLee I-PER\nleft O\n\nOslo B-LOC\n\n"


def test_sentences_are_written_with_the_features_of_datasets(tmp_path: Path) -> None:
    sentences(tmp_path / "a.parquet")
    there, back = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    assert main(["convert", str(tmp_path / "a.parquet"), "-o", str(there), "--to", "jsonl"]) == 0
    assert main(["convert", str(there), "-o", str(back), "--to", "parquet"]) == 0
    assert known(open_source(str(back))) == SENTENCES
    table = pq.read_table(back)
    assert [str(field.type) for field in table.schema] == ["int64", "list<element: string>", "list<element: int64>"]
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    assert table.to_pylist()[0] == {"id": 7, "tokens": ["Ann", "Lee", "left"], "ner_tags": [1, 2, 0]}
    found = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    assert found["ner_tags"] == {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"}


def test_texts_keep_the_types_of_their_metadata(tmp_path: Path) -> None:
    values: dict[str, list[object]] = {
        "n": [1, None], "x": [1, 0.5], "b": [True, False], "s": ["a", ""], "l": [["a"], []], "m": [1, "a"],
        "o": [{"k": 1}, {"j": 2}], "big": [1 << 70, 1], "mixed": [[1, "a"], [2, "b"]], "objects": [[{}], [{}]],
    }  # fmt: skip
    lines = [{"text": f"So {at}.", "label": [], **{key: each[at] for key, each in values.items()}} for at in (0, 1)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = tmp_path / "a.parquet"
    assert main(["convert", str(tmp_path / "a.jsonl"), "-o", str(out), "--to", "parquet"]) == 0
    types = {field.name: str(field.type) for field in pq.read_table(out).schema}
    assert types == {
        "n": "int64", "x": "double", "b": "bool", "s": "string", "l": "list<element: string>", "m": "string",
        "o": "string", "big": "string", "mixed": "string", "objects": "string", "text": "string",
        "spans": "list<element: struct<start: int64, end: int64, label: string>>",
    }  # fmt: skip
    assert pq.read_table(out).to_pylist()[0]["o"] == '{"k": 1}'


@pytest.mark.skipif(find_spec("datasets") is None, reason="datasets is not installed")
def test_datasets_reads_what_is_written(tmp_path: Path) -> None:
    from datasets import Dataset

    (tmp_path / "a.conll").write_text("Ann B-PER\nleft O\n\n-DOCSTART- O\n\nOslo B-LOC\n\n")
    out = tmp_path / "a.parquet"
    assert main(["convert", str(tmp_path / "a.conll"), "-o", str(out), "--to", "parquet"]) == 0
    found = Dataset.from_parquet(str(out), cache_dir=str(tmp_path / "cache"))
    names = found.features["ner_tags"].feature.names
    assert [[names[tag] for tag in tags] for tags in found["ner_tags"]] == [["B-PER", "O"], ["B-LOC"]]
    assert list(found["tokens"]) == [["Ann", "left"], ["Oslo"]]
    assert list(found["document"]) == [str(tmp_path / "a.conll"), f"{tmp_path / 'a.conll'}#2"]


def test_offsets_are_code_points_whatever_the_bytes_of_the_file_look_like(tmp_path: Path) -> None:
    """They would fit as UTF-16 units, and half of a character is written out in another text, as JSON does."""
    texts, marks = ["\U0001f600 Ada Bo", "\\ud83d"], [[{"start": 7, "end": 9, "label": "PER"}], []]
    source = saved(tmp_path / "a.parquet", {"text": texts, "entities": marks})
    assert has_two_units(source)
    with pytest.raises(FormatError, match="is no stretch of a text of 8 characters"):
        list(read(source))
