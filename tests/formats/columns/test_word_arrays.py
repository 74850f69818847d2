"""Columns as arrays: what is read so is what is read line by line, and files as they are can be read so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ner_tui.domain.evaluation.labelled_texts import LabelledText, WordRows
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.schemes import EDGE, begins_span, decode, transitions
from ner_tui.domain.spelling import spelling_of
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, infer_format, read, read_rows
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import conll, word_arrays
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.transition_counts import count_transitions
from ner_tui.formats.columns.word_arrays import WordArrays
from ner_tui.formats.files.line_ends import Newline
from ner_tui.session.team.text_builder import TextBuilder

SPACE = Inference("conll", "", "iob2", " ", tag_column=1, columns=frozenset({2}))
SHAPES = (
    SPACE,
    replace(SPACE, scheme=None),
    replace(SPACE, scheme="io"),
    replace(SPACE, spelling=spelling_of(["B_PER", "X"])),
    replace(SPACE, word_column=1, tag_column=0),
    replace(SPACE, tag_column=3, columns=frozenset({4})),
    replace(SPACE, tag_column=None, scheme=None, columns=frozenset({1})),
    replace(SPACE, misc_column=1, tag_column=2, columns=frozenset({3})),
    replace(SPACE, separator="\t"),
    replace(SPACE, separator="\t", word_column=1, tag_column=2, columns=frozenset({3})),
    replace(SPACE, separator="\t", columns=frozenset({2, 3})),
)
WORDS = [
    "EU", "wins", "a\u00a0b", "größer", "\U0001f600", "x" * 300, "-", "--", "0",
    "#a", "#newdoc", "\u2028", "_", "New York",
]  # fmt: skip
TAGS = [
    "O", "B-PER", "I-PER", "B-A-VERY-LONG-NAME", "I-A-VERY-LONG-NAME", "B-A-VERY-LONG-NAMESAKE",
    "B_PER", "X", "B-ÄÄÄ", "o",
]  # fmt: skip
ODD = [
    "-DOCSTART- O", "-DOCSTART- -X- O O", "-DOCSTART-", "# a comment", "# O", "#", "## O", "# begin document x",
    "#DOCSTART",
    " ", "\t", "", "\r", "a", "a  O", " a O", "a O ", "a O\r", "a b c d e", "0\t\tO", "a\tO ", " a\tO", "a\t O",
    "a\t\tO",
    "TOKEN NE", "a\0 O", "a B-\0", f"a B-{'X' * 40}", "#\tO", "# a\tb",
]  # fmt: skip
shapes = st.sampled_from(SHAPES)


@st.composite
def texts(draw: st.DrawFn, inference: Inference) -> str:
    """Return lines of columns, most of them plain."""
    (width, *_) = sorted(inference.columns)

    def line(word: str, tag: str) -> str:
        cells = ["x"] * width
        cells[inference.word_column] = word if inference.separator == "\t" else word.replace(" ", "")
        if inference.tag_column is not None:
            cells[inference.tag_column] = tag
        return inference.separator.join(cells)

    plain = st.builds(line, st.sampled_from(WORDS), st.sampled_from(TAGS))
    legal = st.builds(line, st.sampled_from(WORDS[:4]), st.sampled_from(TAGS[:2]))
    usual = st.one_of(legal, st.sampled_from(["", "-DOCSTART- O"]))
    odd = st.one_of(usual, plain, st.sampled_from(ODD))
    lines = draw(st.lists(st.one_of(usual, odd) if draw(st.booleans()) else usual, min_size=1, max_size=20))
    return "\n".join(lines) + draw(st.sampled_from(["\n", "\n\n", ""]))


def as_texts(items: Iterable[StreamItem | PackedSentences | WordRows], labels: dict[str, int]) -> Iterator[object]:
    """Yield problems and the documents of a stream, however it comes, and at the end the error, if there is one."""
    text: TextBuilder | None = None
    made: list[LabelledText] = []
    try:
        for item in items:
            if isinstance(item, Problem):
                yield item
            elif isinstance(item, DocumentStart):
                made += [text.built()] if text and text.has_words else []
                text = TextBuilder(item.name, only_confirmed=False)
                yield item
            elif isinstance(item, WordRows):
                assert text
                text.add_rows(item, labels)
            else:
                assert text
                held = PackedSentences()
                held.add(item)
                text.add(held, labels)
    except FormatError as error:
        # What was read before it need not be as much.
        yield str(error)
        return
    made += [text.built()] if text and text.has_words else []
    for each in made:
        yield each.name, each.characters, each.ends.tolist(), each.sentences.tolist(), each.spans.tolist()
        assert each.counts.all()
        assert len(each.counts) == len(each.ends)


@given(st.data(), shapes, st.booleans(), st.integers(1, 60))
def test_a_file_is_the_same_texts_as_arrays(data: st.DataObject, shape: Inference, crlf: bool, size: int) -> None:
    text = data.draw(texts(shape))
    newline: Newline = "\n"
    if crlf and "\r" not in text:
        text, newline = text.replace("\n", "\r\n"), "\r\n"
    source = Source("x.conll", "", text, "utf-8", False, newline)
    inference = replace(shape, header="TOKEN NE")
    labels: dict[str, int] = {}
    others: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_arrays, "_PIECE", size)
        found = list(as_texts(read_rows(source, inference), labels))
    expected = list(as_texts(read(source, inference=inference), others))
    if expected and isinstance(expected[-1], str):
        assert found[-1] == expected[-1]
        return
    assert found == expected
    assert list(labels) == list(others)


@given(st.data(), shapes)
def test_transitions_are_counted_as_they_are_line_by_line(data: st.DataObject, shape: Inference) -> None:
    source = Source("x.conll", "", data.draw(texts(shape)), "utf-8", False, "\n")
    inference = replace(shape, header="TOKEN NE")
    found = WordArrays(inference).transitions(source.text) if len(shape.columns) == 1 else None
    if found is None:
        return
    del found[EDGE, EDGE]
    expected: Counter[tuple[str, str]] = Counter()
    for each in conll.sentence_lines(source, inference):
        if isinstance(each, SentenceLines):
            expected.update(transitions(each.tags))
    assert list(found.items()) == list(expected.items())


@given(
    st.lists(st.sampled_from(["O", "B-X", "I-X", "E-X", "S-X", "I-Y", "B-Y", "U-X", "L-Y", "X", "B", "_"]), max_size=8)
)
@example(["I-X", "I-X", "E-X", "I-X", "S-X", "S-X", "B-X"])
def test_spans_begin_where_they_are_decoded_to(tags: list[str]) -> None:
    begins = [at for at, pair in enumerate(transitions(tags)) if begins_span(*pair)]
    assert begins == [span.start for span in decode(tags)]


AS_THEY_ARE = [
    "EU B-ORG\nwins O\n",
    "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nwins VBZ I-VP O\n\n-DOCSTART- -X- O O\n\n- : O O\n",
    "# id 1\nNew York\tB-LOC\nbig one\tO\n\n# id 2\nÅ\tO\n",
    "@ada O\n#tag O\n0 O\n",
    "@ada\tO\n#tag\tO\n#\tO\n0\tO\n",
    "1\tEU\tO\n2\twins\tO\n0\t\tO\n1\tnow\tO\n",
    "EU\nwins\n",
    "EU\tB-corporate-body\nwins\tI-corporate-body\n",
    "EU B_ORG\nwins I_ORG\nnow o\n",
]


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_files_as_they_are_come_as_rows(text: str) -> None:
    source = Source("x.conll", "", text, "utf-8", False, "\n")
    inference = infer_format(source)
    items = list(read_rows(source, inference))
    assert {type(item) for item in items} == {DocumentStart, WordRows}
    rows = [item for item in items if isinstance(item, WordRows)]
    words = [
        word
        for item in read(source, inference=inference)
        if isinstance(item, AnnotatedSentence)
        for word in item.sentence.words
    ]
    assert "".join(each.characters for each in rows) == "".join(words)
    assert (WordArrays(inference).transitions(text) is not None) == (inference.tag_column is not None)


def test_more_tags_than_are_worth_tables_are_read_as_ever() -> None:
    text = "".join(f"w B-L{at}\n\n" for at in range(400))
    source = Source("x.conll", "", text, "utf-8", False, "\n")
    assert WordArrays(SPACE).transitions(text) is None
    assert not any(isinstance(item, WordRows) for item in read_rows(source, SPACE))
    counted = count_transitions(source, SPACE)
    assert counted[EDGE, "B-L399"] == 1


def test_numbers_of_tags_stay_from_one_piece_to_the_next() -> None:
    arrays = WordArrays(SPACE)
    first, second = (
        arrays.rows(text, 1) for text in ("a B-ORG\n\nb B-A-LONG-NAME\n\n", "c B-PER\n\nd B-ORG\n\ne B-A-LONG-NAME\n\n")
    )
    assert first
    assert second
    named = [
        [each.rows.labels[label] for label in each.rows.spans[:, 2].tolist()]
        for each in [*first, *second]
        if not isinstance(each, DocumentMark)
    ]
    assert named == [["ORG", "A-LONG-NAME"], ["PER", "ORG", "A-LONG-NAME"]]


def test_words_in_no_document_and_documents_without_words_are_told_apart() -> None:
    text = "a B-X\n\n-DOCSTART- O\n-DOCSTART- O\nb O\nc B-X\n\n"
    found = WordArrays(SPACE).rows(text, 11)
    assert found
    lines = [each.line for each in found]
    assert lines == [11, 13, 14, 15]
    rows = [each.rows for each in WordArrays(SPACE).rows(text, 1) or () if not isinstance(each, DocumentMark)]
    assert np.concatenate([each.spans for each in rows]).tolist() == [[0, 1, 0], [1, 2, 0]]
    assert [each.sentence_ends.tolist() for each in rows] == [[1], [2]]
