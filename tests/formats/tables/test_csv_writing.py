"""Tables are written with their metadata, texts or words a row, and read again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_texts import TEXTS, WORDS, known, opened
from thoroughness import examples

from ner_tui.cli import main
from ner_tui.domain.stream import DocumentStart, Problem, StreamItem
from ner_tui.formats import WriteOptions, infer_format, open_source, read, write


def test_a_table_is_written_with_its_metadata(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    opened(path, TEXTS)
    assert main(["convert", str(path), "-o", "-", "--to", "csv"]) == 0
    assert capfd.readouterr().out == TEXTS
    there, back = tmp_path / "b.jsonl", tmp_path / "c.csv"
    assert main(["convert", str(path), "-o", str(there), "--to", "jsonl"]) == 0
    assert main(["convert", str(there), "-o", str(back), "--to", "csv"]) == 0
    assert back.read_text() == TEXTS
    assert main(["convert", str(path), "-o", str(back), "--to", "csv", "--sep", "tab"]) == 0
    assert back.read_text().startswith("id\tsource\ttext\n7\twire\tAnn Lee left, they say.\n")


def test_spans_are_written_beside_texts_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 7, "text": "Ann \\"x\\" left.", "label": [[0, 3, "PER"]]}\n{"id": null, "text": "So, so"}\n'
    )
    out = tmp_path / "b.csv"
    assert main(["convert", str(path), "-o", str(out), "--to", "csv"]) == 0
    rows = list(csv.reader(out.read_text().splitlines()))
    assert rows[0] == ["id", "text", "spans"]
    assert rows[1] == ["7", 'Ann "x" left.', '[{"start": 0, "end": 3, "label": "PER"}]']
    assert rows[2] == ["", "So, so", "[]"]
    source = open_source(str(out))
    assert known(list(read(source))) == [('Ann "x" left.', [(0, 3, "PER")]), ("So, so", [])]


def test_documents_with_tokens_of_their_own_are_written_a_word_a_row(tmp_path: Path) -> None:
    path, out, back = tmp_path / "a.conll", tmp_path / "a.csv", tmp_path / "b.conll"
    path.write_text('Ann B-PER\n, O\n\n" O\n\n-DOCSTART- O\n\nBo B-PER\n\n')
    assert main(["convert", str(path), "-o", str(out), "--to", "csv"]) == 0
    assert out.read_text().splitlines()[1:4] == [f"{path},1,Ann,B-PER", f'{path},1,",",O', f'{path},2,"""",O']
    assert main(["convert", str(out), "-o", str(back), "--to", "conll", "--on-loss", "warn"]) == 0
    assert back.read_text() == path.read_text()


def test_columns_become_the_table_that_their_documents_do(tmp_path: Path) -> None:
    path, out = tmp_path / "a.tsv", io.StringIO(newline="")
    path.write_text("Ann\tB-PER\nLee\tE-PER\n\tO\n\n-DOCSTART-\tO\n\nBo\tI-PER\n\n")
    source = open_source(str(path))
    write((item for item in read(source) if not isinstance(item, Problem)), out, WriteOptions("csv", "bioes"))
    assert main(["convert", str(path), "-o", str(tmp_path / "a.csv"), "--to", "csv", "--scheme", "bioes"]) == 0
    assert (tmp_path / "a.csv").read_text() == out.getvalue()
    assert f"{path}#2,2,Bo,S-PER" in out.getvalue()


def test_a_table_of_words_to_its_own_format_keeps_its_other_columns(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "b.csv"
    opened(path, WORDS)
    assert main(["convert", str(path), "-o", str(out), "--to", "csv"]) == 0
    assert out.read_text() == WORDS
    assert main(["convert", str(path), "-o", str(out), "--scheme", "bioes"]) == 0
    assert out.read_text() == WORDS.replace("B-", "S-")


def test_illegal_tags_have_their_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Word,Tag\nAnn,B-PER\nleft,O\nBo,I-PER\n")
    assert main(["check", str(path), "--scheme", "iob2"]) == 1
    assert f"{path}:4: " in capsys.readouterr().out


def test_of_a_folder_tables_without_texts_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("Word,Tag\nAnn,B-PER\nleft,O\n")
    (tmp_path / "b.csv").write_text("epoch,loss\n1,0.5\n2,0.25\n")
    assert main(["check", str(tmp_path)]) == 0
    told = capsys.readouterr().err
    assert "b.csv" in told
    assert "1 file, 2 words" in told


_CELLS = st.text(st.sampled_from("ab ,;\t\"'\n\r|0[Ł"), max_size=8)


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_CELLS, _CELLS.filter(str.strip)), min_size=1, max_size=5), st.sampled_from([",", "\t"]))
def test_every_text_and_its_metadata_come_back(tmp_path: Path, rows: list[tuple[str, str]], separator: str) -> None:
    items = list[StreamItem]()
    for at, (cell, text) in enumerate(rows):
        path = tmp_path / f"{at}.txt"
        path.write_bytes(text.encode())
        source = open_source(str(path))
        head, *sentences = read(source, "text")
        assert isinstance(head, DocumentStart)
        items += [DocumentStart(head.name, head.origin, metadata={"note": cell}), *sentences]
    out = io.StringIO(newline="")
    write(items, out, WriteOptions("csv", separator=separator))
    made = tmp_path / "made.csv"
    made.write_bytes(out.getvalue().encode())
    source = open_source(str(made))
    back = list(read(source, inference=infer_format(source, text="text")))
    assert [text for text, _ in known(back)] == [text for text, _ in known(items)]
    assert [dict(item.metadata) for item in back if isinstance(item, DocumentStart)] == [{"note": c} for c, _ in rows]
