"""brat standoff: two files side by side, each naming both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import SUFFIXES, WriteOptions, infer_format, open_source, read, write
from ner_tui.formats.files.atomic import atomic_writer, files_beside
from ner_tui.formats.files.paths import expand

TEXT = "Ada left New\nYork. So what?\n"
ANN = """\
T1\tPER 0 3\tAda
T2\tLOC 9 17\tNew York
T3\tX 4 8;19 21\tleft So
R1\tLives Arg1:T1 Arg2:T2
#1\tAnnotatorNotes T1\twho?
#2\tAnnotatorNotes R1\twhy?
A1\tNegation T1
*\tEquiv T1 T2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8", newline="")
    (tmp_path / "a.ann").write_text(ANN, encoding="utf-8", newline="")
    return tmp_path


def items_of(path: Path) -> list[StreamItem]:
    return list(read(open_source(str(path))))


def test_a_note_that_has_no_place_is_told(folder: Path) -> None:
    with (folder / "a.ann").open("a") as file:
        file.write("#3\tAnnotatorNotes T1\tand this?\n#4\tAnnotatorNotes T2\twhere?\n#5\tAnnotatorNotes T9\tx\n")
    items = items_of(folder / "a.ann")
    notes = [note.text for item in items if isinstance(item, AnnotatedSentence) for note in item.notes]
    assert notes == ["who?", "where?"]
    told = [(each.line, each.reason) for each in items if isinstance(each, Problem) and "a note on" in each.reason]
    assert told == [(9, "a note on T1 is left out"), (11, "a note on T9 is left out")]


def test_a_note_without_a_text_is_no_note(folder: Path) -> None:
    with (folder / "a.ann").open("a") as file:
        file.write("#3\tAnnotatorNotes T2\n")
    items = items_of(folder / "a.ann")
    assert [note.text for item in items if isinstance(item, AnnotatedSentence) for note in item.notes] == ["who?"]
    assert (9, "#3 is a comment, which is no span: left out") in [
        (each.line, each.reason) for each in items if isinstance(each, Problem)
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.ann"])
def test_either_file_names_both(folder: Path, name: str) -> None:
    other = {"a.txt": "a.ann", "a.ann": "a.txt"}[name]
    sentence = infer_format(open_source(str(folder / name))).sentence
    assert sentence == f"{folder / name}: read as brat, with {other} beside it"
    items = items_of(folder / name)
    assert items[0] == DocumentStart(str(folder / "a.txt"), "text")
    sentences = [item for item in items if isinstance(item, AnnotatedSentence)]
    assert "".join(item.sentence.text for item in sentences) == TEXT
    assert [span for item in sentences for span in item.spans] == [Span(0, 3, "PER"), Span(9, 17, "LOC")]
    assert sentences[0].notes == (Note(0, 3, "who?"),)
    assert [item.sentence.line for item in sentences] == [1, 2]


def test_what_is_no_span_is_told_line_by_line(folder: Path) -> None:
    told = [item for item in items_of(folder / "a.ann") if isinstance(item, Problem)]
    assert all(item.lost and item.path == str(folder / "a.ann") for item in told)
    assert [(item.line, item.reason) for item in told] == [
        (3, "T3 'X 4 8;19 21' has a gap: left out"),
        (4, "R1 is a relation, which is no span: left out"),
        (6, "#2 is a comment, which is no span: left out"),
        (7, "A1 is an attribute, which is no span: left out"),
        (8, "* is an equivalence, which is no span: left out"),
    ]


def test_stretches_on_either_side_of_a_line_break_are_one(folder: Path) -> None:
    (folder / "a.ann").write_text("T1\tLOC 9 12;13 17\tNew York\n", encoding="utf-8")
    spans = [item.spans for item in items_of(folder / "a.ann") if isinstance(item, AnnotatedSentence)]
    assert spans[0] == (Span(9, 17, "LOC"),)


@pytest.mark.parametrize("blanks", ["\n  ", " \r\n", " \t "])
def test_blanks_around_a_line_break_are_no_gap(tmp_path: Path, blanks: str) -> None:
    end = 3 + len(blanks)
    (tmp_path / "a.txt").write_bytes(f"New{blanks}York now".encode())
    (tmp_path / "a.ann").write_text(f"T1\tLOC 0 3;{end} {end + 4}\tNew York\nT2\tX 0 3;99 104\tNew\n", encoding="utf-8")
    items = items_of(tmp_path / "a.ann")
    assert next(item.spans for item in items if isinstance(item, AnnotatedSentence)) == (Span(0, end + 4, "LOC"),)
    assert [item.reason for item in items if isinstance(item, Problem)] == ["T2 'X 0 3;99 104' has a gap: left out"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T1\tPER 0 3\tBob", "PER [0, 3) is 'Ada' in the text, not 'Bob'"),
        (
            "T1\tPER 0 99\tAda",
            f"PER [0, 99) is no stretch of a text of {len(TEXT)} characters, {TEXT!r}: correct its offsets",
        ),
        ("T1\tPER 0\tAda", "'PER 0' is no label and offsets, such as PER 0 3"),
        ("T1", "'T1' is no line of brat, such as T1, TAB, PER 0 3, TAB, Ada"),
        ("\tx", "'\\tx' is no line of brat, such as T1, TAB, PER 0 3, TAB, Ada"),
        ("\x1b[2J", "'\\x1b[2J' is no line of brat, such as T1, TAB, PER 0 3, TAB, Ada"),
    ],
)
def test_lines_that_do_not_fit_are_refused(folder: Path, line: str, reason: str) -> None:
    (folder / "a.ann").write_text(f"T9\tPER 0 3\tAda\n{line}\n", encoding="utf-8")
    with pytest.raises(FormatError) as raised:
        items_of(folder / "a.txt")
    assert str(raised.value) == f"{folder / 'a.ann'}:2: {reason}"


def test_utf16_offsets_are_converted_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("😀 Ada left", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tPER 3 6\tAda\n#1\tAnnotatorNotes T1\twho?\n", encoding="utf-8")
    items = items_of(tmp_path / "a.ann")
    (item,) = (item for item in items if isinstance(item, AnnotatedSentence))
    assert (item.spans, item.notes) == ((Span(2, 5, "PER"),), (Note(2, 5, "who?"),))
    assert "UTF-16" in str(next(item for item in items if isinstance(item, Problem)))


@pytest.mark.parametrize("name", ["a.txt", "a.ann"])
@pytest.mark.parametrize("nothing", ["", "\n"])
def test_a_text_that_nobody_has_annotated_has_an_empty_file_beside_it(folder: Path, name: str, nothing: str) -> None:
    (folder / "a.ann").write_text(nothing)
    assert infer_format(open_source(str(folder / name))).format == "brat"
    sentences = [item for item in items_of(folder / name) if isinstance(item, AnnotatedSentence)]
    assert sentences
    assert not any(each.spans for each in sentences)


def test_an_empty_file_alone_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("")
    with pytest.raises(InputError, match=r"a\.ann is empty"):
        open_source(str(tmp_path / "a.ann"))


def test_one_file_alone_is_not_enough(folder: Path) -> None:
    (folder / "a.txt").rename(folder / "b.txt")
    assert infer_format(open_source(str(folder / "b.txt"))).format == "text"
    with pytest.raises(FormatError, match=r"brat is two files side by side: .*a\.txt has to be there too"):
        items_of(folder / "a.ann")


@pytest.mark.parametrize("linked", ["a.txt", "a.ann"])
def test_the_other_file_is_not_read_through_a_link_that_leads_elsewhere(folder: Path, linked: str) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    inside = folder / "pair"
    inside.mkdir()
    for name in ("a.txt", "a.ann"):
        place = elsewhere if name == linked else inside
        (folder / name).rename(place / name)
    (inside / linked).symlink_to(elsewhere / linked)
    named = inside / ("a.ann" if linked == "a.txt" else "a.txt")
    with pytest.raises(FormatError, match="link that leads elsewhere"):
        infer_format(open_source(str(named)))


def test_a_folder_gives_each_pair_once(folder: Path) -> None:
    assert expand([str(folder)], SUFFIXES).files == (str(folder / "a.txt"),)


def written(path: Path, items: list[StreamItem], **options: object) -> None:
    with atomic_writer(path) as out, files_beside(str(path)) as beside:
        write(items, out, WriteOptions("brat", beside=beside, **options))  # type: ignore[arg-type]


def test_two_files_are_written_or_none(tmp_path: Path) -> None:
    item = AnnotatedSentence(Sentence(0, "Ada", (Token(0, 3),)), (Span(0, 3, "A B"),))
    items: list[StreamItem] = [DocumentStart("d", "text"), item]
    with pytest.raises(FormatError, match="d:1: the label 'A B' holds white space, which brat cannot write"):
        written(tmp_path / "x.ann", items)
    with pytest.raises(
        FormatError,
        match="b:1: brat's pair of files is one document, and a is there already: -o FOLDER/ gives each a file",
    ):
        written(
            tmp_path / "x.ann",
            [DocumentStart("a", "text"), AnnotatedSentence(item.sentence), DocumentStart("b", "text"), item],
        )
    (tmp_path / "z.txt").write_text("Bob")
    with pytest.raises(InputError, match=r"z\.txt is there already and holds another text"):
        written(tmp_path / "z.ann", items, lossy=list[str]().append)
    (tmp_path / "z.txt").unlink()
    with pytest.raises(InputError, match=r"x\.txt is to be the name of two files"):
        written(tmp_path / "x.txt", items, lossy=list[str]().append)
    with pytest.raises(InputError, match=r"name the \.ann that is to be written"), (tmp_path / "y").open("w") as out:
        write(items, out, WriteOptions("brat"))
    assert [path.name for path in tmp_path.iterdir()] == ["y"]
    told = list[str]()
    written(tmp_path / "x.ann", items, lossy=told.append)
    assert (tmp_path / "x.ann").read_text() == "T1\tA_B 0 3\tAda\n"
    assert (tmp_path / "x.txt").read_text() == "Ada"
    assert told == ["d: 'A B' is written as 'A_B'"]


def test_read_takes_write_back(folder: Path) -> None:
    items: list[StreamItem] = [item for item in items_of(folder / "a.txt") if not isinstance(item, Problem)]
    written(folder / "b.ann", items)
    assert (folder / "b.txt").read_text(encoding="utf-8") == TEXT
    back = items_of(folder / "b.ann")
    assert [item for item in back if isinstance(item, AnnotatedSentence)] == items[1:]
    assert not any(isinstance(item, Problem) for item in back)


@settings(deadline=None, max_examples=examples(50))
@given(
    st.lists(
        st.tuples(st.integers(0, len(ANN)), st.integers(0, 4), st.sampled_from(["", "\t", " ", "9", ";", "T", "\n"])),
        max_size=3,
    )
)
def test_mutated_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("brat")
    ann = ANN
    for start, length, piece in changes:
        ann = ann[:start] + piece + ann[start + length :]
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "a.ann").write_text(ann, encoding="utf-8")
    try:
        items = items_of(folder / "a.txt")
    except InputError:
        return
    spans = sum(len(item.spans) for item in items if isinstance(item, AnnotatedSentence))
    notes = sum(len(item.notes) for item in items if isinstance(item, AnnotatedSentence))
    lost = sum(isinstance(item, Problem) and item.lost for item in items)
    assert spans + notes + lost == sum(line != "" for line in ann.split("\n"))
