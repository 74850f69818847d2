"""Rows of words are read many at a time, column by column where that can be, and are what they are one by one."""

from __future__ import annotations

import csv
import io
from collections import deque

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.stream import Metadata
from ner_tui.errors import FormatError
from ner_tui.formats import Inference, Source, infer_format
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.tables import csv_words, dialect
from ner_tui.formats.tables.table_layout import find_table

HEADER = ["document", "sentence", "word", "tag"]
FIRST = [["d", "1", "Ada", "B-PER"], *([["", "", "left", "O"]] * 40)]
"""So many that what follows them does not make the table another one."""
ROWS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["", "d", "e"]), st.sampled_from(["", "1", "2"]), st.sampled_from(["Bo", "a\nb", ""]),
            st.sampled_from(["O", " B-PER ", "I-PER", ""]),
        ),
        st.just(()),
        st.just(tuple(HEADER)),
    )
)  # fmt: skip


def table(rows: list[tuple[str, ...]]) -> Source:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([HEADER, *FIRST, *rows])
    return Source("a.csv", "", out.getvalue(), "utf-8", False, "\n")


def row_by_row(source: Source, inference: Inference) -> tuple[list[object], deque[Metadata]]:
    """Read a table as its documentation says, one row after the other."""
    found, named = list[object](), deque[Metadata]()
    this = ["", ""]
    held = SentenceLines()
    lines = list[int]()

    def end() -> None:
        nonlocal held
        if held.words:
            cells = [[line + across] for line, across in zip(lines, acrosses, strict=True)] if any(broken) else None
            found.append(SentenceLines(held.words, held.tags, [*lines], cells=cells))
        held = SentenceLines()
        lines.clear()
        acrosses.clear()
        broken.clear()

    acrosses, broken = list[int](), list[bool]()
    for line, cells in dialect.rows(source, dialect.Dialect(",")):
        if cells == HEADER:
            continue
        if not any(cells):
            end()
            continue
        begins, other = cells[0] not in ("", this[0]), cells[1] not in ("", this[1])
        if begins or other:
            end()
        if begins:
            named.append({"document": cells[0]})
            found.append(DocumentMark(line))
        this = [cells[0] or this[0], cells[1] or this[1]]
        held.words.append(cells[2])
        held.tags.append(inference.spelling.normalised([cells[3].strip()])[0])
        lines.append(line)
        broken.append("\n" in cells[2])
        acrosses.append("".join(cells[:3]).count("\n"))
    end()
    return found, named


@settings(max_examples=examples(300))
@given(ROWS, st.sampled_from([1, 3, 41, 42, 43, 256]))
@example([("d", "1", "Bo", "O"), ("", "", "Bo", "O"), ("d", "1", "Bo", "O"), ("e", "1", "Bo", "O")], 256)
@example([("", "2", "a\nb", "O"), ("", "", "Bo", "O")], 2)
def test_sentences_are_those_of_the_rows_however_many_are_read_at_a_time(
    rows: list[tuple[str, ...]], at_once: int
) -> None:
    source = table(rows)
    inference = infer_format(source, "csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "_AT_ONCE", at_once)
        named = deque[Metadata]()
        assert (list(csv_words.sentence_lines(source, inference, named=named)), named) == row_by_row(source, inference)


@pytest.mark.parametrize("at_once", [1, 2, 256])
def test_what_precedes_a_broken_row_is_read_and_its_line_is_told(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'document,sentence,word,tag\nd,1,"a\nb",O\nd,2,Bo,O\nd,2,"B"o,O\n'
    monkeypatch.setattr(dialect, "_AT_ONCE", at_once)
    found = dialect.rows(Source("a.csv", "", text, "utf-8", False, "\n"), dialect.Dialect(","))
    assert [next(found) for _ in range(3)] == [
        (1, HEADER), (2, ["d", "1", "a\nb", "O"]), (4, ["d", "2", "Bo", "O"]),
    ]  # fmt: skip
    with pytest.raises(FormatError, match=r"^a\.csv:5: .*something follows the quote"):
        next(found)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 50])
def test_no_more_rows_are_read_than_are_asked_for(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "_AT_ONCE", 2)
    source = table([])
    found = find_table(source, sure=True)
    assert found is not None
    read = csv_words.lines_of_table(source, found, infer_format(source, "csv"), limit)
    words = [word for item in read if isinstance(item, SentenceLines) for word in item.words]
    # The head is a row, too.
    assert len(words) == min(limit, 1 + len(FIRST)) - 1
