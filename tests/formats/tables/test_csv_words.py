"""Tables of words: rows are read many at a time and are what they are one by one; a tag changes in its cell alone."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.stream import Metadata
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Inference, Source, infer_format
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.tables import csv_words, dialect
from ner_tui.formats.tables.table_layout import find_table

HEADER = ["document", "sentence", "word", "tag"]
FIRST = [["d", "1", "Ada", "B-PER"], *([["", "", "left", "O"]] * 40)]
"""So many that what follows them does not make the table another one."""
BEHIND = 1 + len(FIRST)
"""Rows that are read at once where those behind the first ones, which have no names of columns, come together."""
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


IN_ORDER = [0, 1, 2, 3]


def table(rows: Sequence[Sequence[str]], order: Sequence[int] = IN_ORDER) -> Source:
    """Return a table with the columns of ``HEADER`` in an order."""
    out = io.StringIO(newline="")
    ordered = [[row[at] for at in order] if row else [] for row in [HEADER, *FIRST, *rows]]
    csv.writer(out, lineterminator="\n").writerows(ordered)
    return Source("a.csv", "", out.getvalue(), "utf-8", False, "\n")


def row_by_row(source: Source, inference: Inference, order: Sequence[int]) -> tuple[list[object], deque[Metadata]]:
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
    for line, row in dialect.rows(source, dialect.Dialect(",")):
        cells = [row[order.index(at)] for at in IN_ORDER] if row else []
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
        acrosses.append("".join(row[: order.index(3)]).count("\n"))
    end()
    return found, named


@settings(max_examples=examples(300))
@given(ROWS, st.sampled_from([1, 3, 41, 42, 43, 256]), st.permutations(IN_ORDER))
@example([("d", "1", "Bo", "O"), ("", "", "Bo", "O"), ("d", "1", "Bo", "O"), ("e", "1", "Bo", "O")], 256, IN_ORDER)
@example([("", "2", "a\nb", "O"), ("", "", "Bo", "O")], 2, IN_ORDER)
@example([("", "", "Bo", "O"), ("", "2", "Bo", " O "), ("", "2", "Bo", "O"), ("", "1", "Bo", "O")], BEHIND, IN_ORDER)
@example([("", "", "Bo", "O"), ("e", "1", "Bo", "O"), ("e", "", "Bo", "O"), ("d", "1", "Bo", "O")], BEHIND, IN_ORDER)
@example([("e", "2", "Bo", "O"), ("d", "1", "", "O"), ("", "", "", ""), ("", "", "Bo", "O")], BEHIND, IN_ORDER)
@example([("e", "2", "Bo", "O"), (), ("d", "1", "Bo", "O"), ("", "2", "a\nb", "O")], BEHIND, [3, 2, 1, 0])
@example([("e", "2", "Bo", "O"), (), ("", "3", "a\nb", "O"), ("", "3", "Bo", "O")], BEHIND, [1, 2, 3, 0])
@example([("e", "2", "a\nb", "O"), ("", "3", "Bo", "O"), ("", "", "Bo", "O")], BEHIND, IN_ORDER)
def test_sentences_are_those_of_the_rows_however_many_are_read_at_a_time_and_wherever_columns_stand(
    rows: list[tuple[str, ...]], at_once: int, order: list[int]
) -> None:
    source = table(rows, order)
    inference = infer_format(source, "csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "_AT_ONCE", at_once)
        named = deque[Metadata]()
        assert (list(csv_words.sentence_lines(source, inference, named=named)), named) == row_by_row(
            source, inference, order
        )


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


@pytest.mark.parametrize("limit", [2, 4, 1 + len(FIRST)])
def test_a_row_behind_those_that_are_asked_for_may_be_broken(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = table([])
    found, inference = find_table(source, sure=True), infer_format(source, "csv")
    assert found is not None
    lines = source.text.splitlines(keepends=True)
    broken = source.with_text("".join([*lines[:limit], '"B"o,O\n', *lines[limit:]]))
    monkeypatch.setattr(dialect, "_AT_ONCE", 2)
    read = csv_words.lines_of_table(broken, found, inference, limit)
    assert sum(len(item.words) for item in read if isinstance(item, SentenceLines)) == limit - 1
    with pytest.raises(FormatError, match=f"^a.csv:{limit + 1}: "):
        list(csv_words.lines_of_table(broken, found, inference, limit + 1))


@pytest.mark.parametrize("first", ["word,mark\n", "mark,word\n"])
def test_the_column_of_tags_that_a_person_named_is_read_wherever_it_stands(first: str) -> None:
    rows = [("Ada", "PER"), ("left", "O"), ("Oslo", "LOC"), ("in", "O"), ("May", "O")]
    turned = first.startswith("mark")
    text = first + "".join(f"{tag},{word}\n" if turned else f"{word},{tag}\n" for word, tag in rows)
    source = Source("a.csv", "", text, "utf-8", False, "\n")
    inference = infer_format(source, column="mark")
    (item,) = csv_words.sentence_lines(source, inference)
    assert isinstance(item, SentenceLines)
    assert item.words == ["Ada", "left", "Oslo", "in", "May"]
    assert csv_words.left_out(source, inference) == []


def test_a_table_of_words_and_tags_alone_has_sentences_between_blank_rows() -> None:
    source = Source("a.csv", "", "Ada,B-PER\nleft,O\n\nBo,B-PER\n", "utf-8", False, "\n")
    inference = infer_format(source, "csv")
    for text, words in ((source.text, [["Ada", "left"], ["Bo"]]), ("Ada,B-PER\nleft,O\n", [["Ada", "left"]])):
        found = csv_words.sentence_lines(source.with_text(text), inference)
        assert [item.words for item in found if isinstance(item, SentenceLines)] == words


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("d,1,Bo", "3 cells where the others have 4: add what is missing"),
        ("d,1,Bo,O,x", "5 cells where the others have 4: put a cell with a separator in it in quotes"),
    ],
)
def test_a_row_with_too_few_or_too_many_cells_is_refused_with_its_line(row: str, reason: str) -> None:
    source = table([])
    broken = source.with_text(f"{source.text}{row}\n")
    with pytest.raises(FormatError) as refused:
        list(csv_words.sentence_lines(broken, infer_format(source, "csv")))
    assert (refused.value.line, refused.value.reason) == (2 + len(FIRST), reason)


def test_what_is_no_table_of_words_any_more_is_refused() -> None:
    inference = infer_format(table([]), "csv")
    texts = Source("a.csv", "", "id,text\n1,Ada left.\n2,Bo sat.\n", "utf-8", False, "\n")
    with pytest.raises(InputError, match=r"^a\.csv is no table of words$"):
        csv_words.sentence_lines(texts, replace(inference, tag_column=None))


def test_columns_in_which_something_stands_that_is_not_read_are_named() -> None:
    head = "document,sentence,n,word,pos,tag,extra,empty\n"
    rows = "d,1,7,Ada,,B-PER,_,_\n,,,left, ,O,,\n\n,,,Bo,NNP,B-PER,,_\n"
    source = Source("a.csv", "", head + rows, "utf-8", False, "\n")
    assert csv_words.left_out(source, infer_format(source, "csv")) == ["columns 3 (n), 5 (pos)"]
    bare = Source("a.csv", "", "word,tag\nAda,B-PER\nleft,O\n", "utf-8", False, "\n")
    inference = infer_format(bare, "csv")
    assert csv_words.left_out(bare, inference) == []
    texts = bare.with_text("id,text\n1,Ada left.\n2,Bo sat.\n")
    assert csv_words.left_out(texts, replace(inference, tag_column=None)) == []


TAGGED = "n,word,tag,note\n1,Ada,B-PER,x\n2,left,O,\n3,Bo,B-PER,\n"


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("1,Ada,B-PER,x", "1,Ada,B-X,x"),
        ("1,Ada, B-PER ,x", "1,Ada, B-X ,x"),
        ('1,Ada,"B-PER",x', '1,Ada,"B-X",x'),
        ('1,Ada," B-PER ",x', '1,Ada," B-X ",x'),
        ("1,Ada,,x", "1,Ada,B-X,x"),
        ('1,Ada,"",x', '1,Ada,"B-X",x'),
        ('1,"A,B",B-PER,"x, ""y"""', '1,"A,B",B-X,"x, ""y"""'),
        ('1,B-PER,B-PER,"B-PER, x"', '1,B-PER,B-X,"B-PER, x"'),
        ("1,Ada,B-PER,x\r", "1,Ada,B-X,x\r"),
        ('b",B-PER,', 'b",B-X,'),
        ('7",Ada,B-PER,x', '7",Ada,B-X,x'),
    ],
)
def test_a_tag_changes_in_its_cell_alone(line: str, changed: str) -> None:
    inference = infer_format(Source("a.csv", "", TAGGED, "utf-8", False, "\n"), "csv")
    assert csv_words.set_tag(line, "B-X", inference) == changed


def test_a_tag_changes_in_the_first_column_too() -> None:
    text = "tag,word\nB-PER,Ada\nO,left\nB-PER,Bo\n"
    inference = infer_format(Source("a.csv", "", text, "utf-8", False, "\n"), "csv")
    for line in ("B-PER,Ada", 'B-PER,"A,B"', '"B-PER","A,B"'):
        assert csv_words.set_tag(line, "O", inference) == line.replace("B-PER", "O")


@pytest.mark.parametrize(
    ("line", "tag", "reason"),
    [
        ('b",B-PER,"x"', "B-X", "the row goes over several lines"),
        ('a,b",B-PER,"x', "B-X", "the row goes over several lines"),
        ("1,Ada,B-PER,x", "B,X", "'B,X' does not fit into a cell"),
        ("1,Ada,B-PER,x", 'B"X', "does not fit into a cell"),
        ("1,Ada,B-PER,x", " B-X", "' B-X' does not fit into a cell"),
        ("1,Ada,B-PER,x", "B-X ", "'B-X ' does not fit into a cell"),
        ("1,Ada,B-PER,x", "B-\rX", "does not fit into a cell"),
    ],
)
def test_a_tag_that_would_be_read_back_otherwise_is_refused(line: str, tag: str, reason: str) -> None:
    inference = infer_format(Source("a.csv", "", TAGGED, "utf-8", False, "\n"), "csv")
    with pytest.raises(ValueError, match=reason):
        csv_words.set_tag(line, tag, inference)
    with pytest.raises(ValueError, match="there is no column of tags"):
        csv_words.set_tag(line, "O", replace(inference, tag_column=None))
