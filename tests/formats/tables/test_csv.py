"""CSV and TSV: which tables are read how, and what becomes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from table_texts import TEXTS, WORDS, known, opened

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import infer_format, open_source, read
from ner_tui.formats.columns.inplace_edit import rewrite
from ner_tui.formats.tables import csv_tables


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", TEXTS),
        ("a.txt", TEXTS),
        ("a", TEXTS),
        ("a.csv", TEXTS.replace("\n", "\r\n")),
        ("a.csv", TEXTS.replace("\n", "\r")),
        ("a.csv", "\ufeff" + TEXTS),
        ("a.csv", 'id;source;text\n7;wire;Ann Lee left, they say.\n9;blog;"Oslo sleeps."\n'),
        ("a.tsv", "id\tsource\ttext\n7\twire\tAnn Lee left, they say.\n9\tblog\tOslo sleeps.\n"),
        ("a.csv", "id|source|text\n7|wire|Ann Lee left, they say.\n9|blog|Oslo sleeps.\n"),
    ],
)
def test_a_table_of_texts_is_a_document_a_row_with_the_rest_for_metadata(
    tmp_path: Path, name: str, content: str
) -> None:
    source, inference = opened(tmp_path / name, content)
    assert inference.format == "csv"
    assert inference.sentence.endswith("texts in column 3 (text); metadata: 1 (id), 2 (source)")
    items = list(read(source, inference=inference))
    assert known(items) == [("Ann Lee left, they say.", []), ("Oslo sleeps.", [])]
    starts = [item for item in items if isinstance(item, DocumentStart)]
    assert [dict(start.metadata) for start in starts] == [{"id": "7", "source": "wire"}, {"id": "9", "source": "blog"}]
    assert [start.line for start in starts] == [2, 3]


def test_a_text_may_have_quotes_and_line_ends_in_it(tmp_path: Path) -> None:
    source, inference = opened(tmp_path / "a.csv", 'id,text\n1,"Ann ""the"" Lee\r\n\r\nleft."\n2,Bo\n')
    items = list(read(source, inference=inference))
    assert [text for text, _ in known(items)] == ['Ann "the" Lee\r\n\r\nleft.', "Bo"]
    assert [item.line for item in items if isinstance(item, DocumentStart)] == [2, 5]


def test_the_column_of_the_texts_is_the_one_called_so_or_the_only_long_one(tmp_path: Path) -> None:
    for header, row, column in [
        ("Title,TEXT", "Ann Lee in Rome,Bo", "2 (TEXT)"),
        (",body,score", "0,Bo,1", "2 (body)"),
        ("name,said", "Ann,He went to Rome and stayed", "2 (said)"),
        ("text", "Ann", "1 (text)"),
    ]:
        _, inference = opened(tmp_path / "a.csv", f"{header}\n{row}\n")
        assert f"texts in column {column}" in inference.sentence


def test_where_several_columns_may_hold_the_text_it_is_asked_for(tmp_path: Path) -> None:
    table = "title,summary\nAnn Lee went to Rome,She saw it all at once\n"
    for name in ("a.csv", "a.tsv"):
        content = table if name == "a.csv" else table.replace(",", "\t")
        with pytest.raises(InputError, match=r"say --text title or --text summary$"):
            opened(tmp_path / name, content)
        for column in ("summary", "Summary", "2"):
            source, inference = opened(tmp_path / name, content, column)
            assert known(list(read(source, inference=inference))) == [("She saw it all at once", [])]
    with pytest.raises(InputError, match="there is no column 'body': it has title, summary"):
        opened(tmp_path / "a.csv", table, "body")


def test_without_names_texts_are_read_from_a_column_by_its_number(tmp_path: Path) -> None:
    table = "1,Ann left. She is gone.,pos\n2,Bo came. He is here.,neg\n"
    with pytest.raises(FormatError, match=r"a\.csv:1: no first row names the columns"):
        opened(tmp_path / "a.csv", table)
    source, inference = opened(tmp_path / "a.csv", table, "2")
    items = list(read(source, inference=inference))
    assert [text for text, _ in known(items)] == ["Ann left. She is gone.", "Bo came. He is here."]
    assert isinstance(items[0], DocumentStart)
    assert dict(items[0].metadata) == {"column 1": "1", "column 3": "pos"}


@pytest.mark.parametrize(
    "cell",
    [
        '[{"start": 0, "end": 3, "label": "PER"}]',
        '[{"start":0,"end":3,"text":"Ann","labels":["PER"]}]',
        '[{"start_offset": 0, "end_offset": 3, "label": "PER"}]',
        '[[0, 3, "PER"]]',
    ],
)
def test_a_column_of_spans_is_read(tmp_path: Path, cell: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["text", "label"], ["Ann left.", cell], ["Bo.", ""]])
    source, inference = opened(tmp_path / "a.csv", out.getvalue())
    assert "spans in column 2 (label)" in inference.sentence
    assert known(list(read(source, inference=inference))) == [("Ann left.", [(0, 3, "PER")]), ("Bo.", [])]


def test_a_suggestion_in_a_cell_is_a_suggestion(tmp_path: Path) -> None:
    cell = '[{"start": 0, "end": 3, "label": "PER", "source": "suggested", "score": 0.9, "model": "m1"}]'
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["text", "spans"], ["Bob – sagte.", cell]])
    source, inference = opened(tmp_path / "a.csv", out.getvalue())
    (sentence,) = [item for item in read(source, inference=inference) if isinstance(item, AnnotatedSentence)]
    assert not sentence.spans
    (found,) = sentence.suggestions
    assert (found.span.label, found.score, found.margin, found.model) == ("PER", 0.9, 0.8, "m1")


@pytest.mark.parametrize(
    ("name", "content", "spans"),
    [
        ("a.csv", WORDS, [('Ann ,\n" Oslo', [(0, 3, "per"), (8, 12, "geo")])]),
        ("a.csv", "Ann;B-PER\nLee;I-PER\nlives;O\n", [("Ann Lee lives", [(0, 7, "PER")])]),
        ("a.txt", "Ann;B-PER\nLee;I-PER\nlives;O\n", [("Ann Lee lives", [(0, 7, "PER")])]),
        ("a.csv", "Ann,B-PER\n\nBo,B-PER\n", [("Ann\nBo", [(0, 3, "PER"), (4, 6, "PER")])]),
        ("a.csv", 'x,O\n",O\nAnn,B-PER\n",O\n', [('x " Ann "', [(4, 7, "PER")])]),
        ("a.csv", "token,label\nAnn,PER\nleft,O\n", [("Ann left", [(0, 3, "PER")])]),
        ("a.csv", "token\tlabel\nAnn\tB-PER\nleft\tO\n", [("Ann left", [(0, 3, "PER")])]),
        ("a.csv", "sentence_id,words,labels\n0,Ann,B-PER\n1,Bo,O\n", [("Ann\nBo", [(0, 3, "PER")])]),
        ("a.tsv", "sentence_idx\tword\ttag\n1\tAnn\tB-PER\n2\tBo\tO\n", [("Ann\nBo", [(0, 3, "PER")])]),
        ("a.txt", "word\tpos\ttag\tdoc\nAnn\tNNP\tB-PER\t1\nBo\tNNP\tO\t2\n", [("Ann", [(0, 3, "PER")]), ("Bo", [])]),
        ("a.csv", "doc_id,word,tag\nx,Ann,B-PER\ny,Bo,O\n", [("Ann", [(0, 3, "PER")]), ("Bo", [])]),
        ("a.csv", "n,Tag,Word\n1,B-PER,Ann\n2,O,left\n", [("Ann left", [(0, 3, "PER")])]),
        ("a.csv", 'Word,Tag\n"a\nb",B-X\nc,O\n', [("a\nb c", [(0, 3, "X")])]),
    ],
)
def test_a_table_of_words_is_columns(
    tmp_path: Path, name: str, content: str, spans: list[tuple[str, list[tuple[int, int, str]]]]
) -> None:
    source, inference = opened(tmp_path / name, content)
    assert (inference.format, inference.scheme is None) == ("csv", False)
    items = list(read(source, inference=inference))
    assert known(items) == spans
    assert "".join(rewrite(source, inference, items)) == source.text


def test_a_relabelled_span_changes_its_tags_alone(tmp_path: Path) -> None:
    source, inference = opened(tmp_path / "a.csv", WORDS.replace("B-geo", '"B-geo"').replace("\n", "\r\n"))
    items = list(read(source, inference=inference))
    changed = [
        AnnotatedSentence(item.sentence, tuple(Span(s.start, s.end, "NEW") for s in item.spans))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]
    made = "".join(rewrite(source, inference, changed))
    assert made == source.text.replace("B-per", "B-NEW").replace("B-geo", "B-NEW")


def test_a_tag_that_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    source, inference = opened(tmp_path / "a.csv", WORDS)
    for tag in ("B-A,B", 'B-"', "B-a\nb"):
        with pytest.raises(ValueError, match="does not fit"):
            csv_tables.set_tag(source.text.split("\n")[1], tag, inference)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ('id,text\n1,"Ann left\n2,Bo\n', 2, "a quote that opens here is not closed"),
        ('id,text\n1,x\n2,"Ann" left\n', 3, "something follows the quote that ends a cell"),
        ("id,text\n1,Ann\n2,Bo, came\n", 3, "3 cells where the others have 2: put a text"),
        ("Word,Tag\nAnn,B-PER\nBo\n", 3, "1 cell where the others have 2: add what is missing"),
        ("Word,Tag\nAnn,B-PER\n,,O\n", 3, "3 cells where the others have 2: put a cell with a separator"),
        ("a,b\n1,2\n3,4\n", 1, "no column holds texts, or words with tags: name one with --text (a, b)"),
        ("tokens,ner_tags\n\"['Ann', 'left']\",\"['B-PER', 'O']\"\n", 1, "is a list of words: write the table with"),
        (
            "Sentence,POS,Tag\nAnn left.,\"['NNP', 'VBD']\",\"['B-per', 'O', 'O']\"\n",
            1,
            "column 3 (Tag) holds a list of tags for each text: put each word and its tag in a row of their own",
        ),
        *(
            (
                f'id,data,ents\n1,Ann left,"{cell}"\n2,Bo came,\n',
                1,
                "column 3 (ents) holds spans in a shape that is not",
            )
            for cell in (
                "[(0, 3, 'PER')]",
                "[[0, 3, 'PER'], [4, 8, 'X']]",
                "{'entities': [(0, 3, 'PER')]}",
                "[{'start': 0, 'end': 3, 'type': 'PER'}]",
                "[('PER', 0, 3)]",
            )
        ),
        ("text,labels\nAnn Lee left,B-PER I-PER O\n", 1, "column 2 (labels) holds a tag for each word of column 1"),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_its_line(tmp_path: Path, content: str, line: int, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    source = open_source(str(path))
    with pytest.raises(FormatError) as raised:
        list(read(source))
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "Ann, Lee and Bo, too, left.\nThey, I and you, too, came.\n",
        "I, Ann, left\nI, Bo, came\n",
        "id 7\ttext\nno table\n",
        "To: Ann; Cc: Bo\nSubject: Rome; Oslo\n",
        "text\nmore text\n",
    ],
)
def test_prose_with_commas_is_prose(tmp_path: Path, text: str) -> None:
    assert opened(tmp_path / "a.txt", text)[1].format == "text"


@pytest.mark.parametrize("column", ["b", "2"])
def test_a_table_of_words_is_read_with_the_column_of_tags_that_a_person_named(tmp_path: Path, column: str) -> None:
    (tmp_path / "a.csv").write_text("a,b\nAnn,PER\nleft,O\nOslo,LOC\nin,O\nMay,O\n")
    source = open_source(str(tmp_path / "a.csv"))
    inference = infer_format(source, column=column)
    assert inference.sentence.endswith("words in column 1 (a), tags in column 2 (b), IO")
    assert known(list(read(source, inference=inference))) == [("Ann left Oslo in May", [(0, 3, "PER"), (9, 13, "LOC")])]


def test_token_files_by_tab_stay_columns(tmp_path: Path) -> None:
    assert opened(tmp_path / "a.tsv", "word\ttag\nAnn\tB-PER\nleft\tO\n")[1].format == "conll"


def test_of_two_columns_that_are_called_so_and_hold_tags_the_first_is_taken(tmp_path: Path) -> None:
    rows = "Ann,B-PER,B-ORG\nleft,O,O\nOslo,B-LOC,B-GPE\n,,\n" * 3
    _, inference = opened(tmp_path / "a.csv", f"word,tag,ner\n{rows}")
    assert (inference.word_column, inference.tag_column) == (0, 1)
