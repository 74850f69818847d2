"""Plain lines: what is read many lines at a time is what is read line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unpacking import unpacked

from ner_tui.domain.packing import PackedSentences, PackedSpan
from ner_tui.domain.schemes import EDGE, transitions
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, infer_format, read, read_packed
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import conll, sentence_reader
from ner_tui.formats.columns.assembly import SentenceLines
from ner_tui.formats.columns.plain import transitions_by_piece
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.files.line_ends import Newline

SPACE = Inference("conll", "", "iob2", " ", tag_column=1, columns=frozenset({2}))
TAB = replace(SPACE, separator="\t", tag_column=2, columns=frozenset({3}))
LINES = [
    "EU B-ORG", "EU\tx\tB-ORG", "wins O", "wins\t\tO", "New York\tx\tI-LOC ", "-DOCSTART- O", "-DOCSTART-\t-X-\tO",
    "# O",
    "#\tx\tO", "# a comment", "- O", "--docstart", "0\t\tO", " ", "\t", "", "", "a  B-X", "a B-X ", "a b c", "\u2028 O",
    "a\u00a0b O", "x\r", "x O\r", "TOKEN NE",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(["\n", ""]), st.sampled_from([SPACE, TAB]))
def test_tags_follow_each_other_as_they_do_line_by_line(lines: list[str], end: str, inference: Inference) -> None:
    source = Source("x.conll", "", "\n".join(lines) + end, "utf-8", False, "\n")
    inference = replace(inference, header="TOKEN NE")
    at_once: Counter[tuple[str, str]] = Counter()
    for _, found in transitions_by_piece(source, inference):
        if found is None:
            return
        at_once.update(found)
    one_by_one: Counter[tuple[str, str]] = Counter()
    for block in conll.sentence_lines(source, inference):
        if isinstance(block, SentenceLines):
            one_by_one.update(transitions(block.tags))
    del at_once["", ""]
    assert at_once == one_by_one


SENTENCES = [
    "EU B-ORG\nwins O", "Ada B-PER\nLee I-PER\nin O\nNew B-LOC\nYork I-LOC", "Ada O", "a I-X\nb O", "a\u2028b B-X",
    "_ O",
    "x" * 300 + " B-X", "x\r O", "x O\r", "\U0001f600 B-X\nb B-X", "# O", "# a comment\na O", "-DOCSTART- O", "",
    "TOKEN NE", "# a\nAda B-PER", "# a comment\n#\na O\nb B-X", "#DOCSTART\nAda O", "#a O\nb O", "a O\n# a\nb O",
    "a O\n#b B-X", "#newdoc O\na O", "#Docstart O", "#9 O", "#-a O", "###MEDLINE:1 O", "#begin O", "# newdoc", "## O",
    "-DOCSTART- O\na O", "\n\na O", "a O\n ", "a\u00a0b O", "a", "EU B-ORG\nwins O\n# O\na B-X",
]  # fmt: skip


@given(
    st.lists(st.one_of(st.sampled_from(SENTENCES[:3]), st.sampled_from(SENTENCES)), max_size=30),
    st.sampled_from(["\n", "\n\n", ""]), st.sampled_from(["iob2", None]), st.booleans(), st.booleans(),
)  # fmt: skip
@example(["a O", "a O", f"{'x' * 300} O", "a O", "a I-X", "a O", "a O", "a O"], "\n", "iob2", False, False)
@example(["a O", "a O", "a I-X", "a O", f"{'x' * 300} O", "a O", "a O", "a O"], "\n", "iob2", False, False)
def test_sentences_are_the_same_many_at_a_time(
    sentences: list[str], end: str, scheme: str, tab: bool, crlf: bool
) -> None:
    text = "\n\n".join(sentences) + end
    inference = replace(SPACE, scheme=scheme, header="TOKEN NE")
    if tab:
        text, inference = text.replace(" ", "\t").replace("Ada", "A b "), replace(inference, separator="\t")
        text = text.replace("#\ta", "# a")
    newline: Newline = "\n"
    if crlf:
        text, newline = text.replace("\n", "\r\n"), "\r\n"
    source = Source("x.conll", "", text, "utf-8", False, newline)

    def told(items: Iterator[StreamItem | PackedSentences]) -> list[object]:
        try:
            return list(unpacked(items))
        except FormatError as error:
            # What was read before it need not be as much.
            return [str(error)]

    assert told(read_packed(source, inference)) == told(read(source, inference=inference))


@given(
    st.lists(st.one_of(st.sampled_from(SENTENCES), st.sampled_from(LINES)), max_size=8),
    st.sampled_from(["iob2", "io", None]), st.sampled_from([SPACE, TAB]),
)  # fmt: skip
def test_plain_lines_are_read_as_any_others_are(lines: list[str], scheme: str, inference: Inference) -> None:
    source = Source("x.conll", "", "\n".join(lines), "utf-8", False, "\n")
    inference = replace(inference, scheme=scheme, header="TOKEN NE")

    def told() -> list[object]:
        made: list[object] = []
        try:
            for item in conll.sentence_lines(source, inference):
                made.append(replace(item, lines=list(item.lines)) if isinstance(item, SentenceLines) else item)
        except FormatError as error:
            made.append(str(error))
        return made

    quickly = told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentence_reader, "plain_pattern", lambda _: None)
        assert told() == quickly


def test_files_as_they_are_come_many_sentences_at_a_time() -> None:
    text = "EU B-ORG\nwins O\n\n" * 500 + "EU I-ORG\n\n" + "EU B-ORG\n\n" * 100 + "EU B-ORG\n"
    source = Source("x.conll", "", text, "utf-8", False, "\n")
    alone = [item for item in read_packed(source, SPACE) if not isinstance(item, PackedSentences)]
    # The document, its last sentence, the last of each run, and the one with a problem.
    assert len(alone) < 10


@pytest.mark.parametrize(
    "text", ["EU B-ORG\nwins O\n", "-DOCSTART- O\n\nEU B-ORG\n\n \n\t\nwins O", "EU\tB-X\nbig one\tO\n"]
)
def test_files_as_they_are_need_no_look_at_each_line(text: str) -> None:
    source = Source("x.conll", "", text, "utf-8", False, "\n")
    assert all(found is not None for _, found in transitions_by_piece(source, infer_format(source)))


@pytest.mark.parametrize(
    ("line", "column", "tag", "made"),
    [
        ("Ada NNP  I-PER", 2, "B-X", "Ada NNP  B-X"),
        ("Ada NNP I-PER \r", 2, "B-X", "Ada NNP B-X \r"),
        ("New York\tNNP\tI-PER", 2, "B-X", "New York\tNNP\tB-X"),
        ("Ada\tNNP\tI-PER\tmore", 2, "B-X", "Ada\tNNP\tB-X\tmore"),
        ("Ada I-PER NNP", 1, "B-X", "Ada B-X NNP"),
        ("- x O", 2, "B-X", "- x B-X"),
    ],
)
def test_a_tag_changes_alone_wherever_it_stands(line: str, column: int, tag: str, made: str) -> None:
    separator = "\t" if "\t" in line else " "
    inference = Inference("conll", "", "iob2", separator, tag_column=column, columns=frozenset({3}))
    assert conll.set_tag(line, tag, inference) == made
    for unfit in ("B-a\tb" if separator == "\t" else "B-a b", "B-a\nb"):
        with pytest.raises(ValueError, match="does not fit into a column"):
            conll.set_tag(line, unfit, inference)


def test_a_batch_knows_the_lines_of_its_first_word_and_of_its_last() -> None:
    """From line 7: a comment, two words, a blank line, two comments, a word."""
    batch = SentenceBatch(["a", "b", "", "c", ""], ["O", "O", "", "O", ""], 7, [1, 3])
    assert (batch.line, batch.last) == (8, 13)
    assert list(batch.bounds()) == [(0, 2, 8), (3, 4, 13)]
    assert SentenceBatch(["a", "b", ""], ["O", "O", ""], 7, []).last == 8


def test_spans_of_a_batch_have_all_of_their_words() -> None:
    tags = ["O", "B-PER", "I-PER", EDGE, "B-LOC", "O", EDGE]
    batch = SentenceBatch(["met", "Ada", "Lee", "", "Rome", "fell", ""], tags, 1, [])
    packed = batch.packed(0, tagged=True)
    assert packed.texts == ["met Ada Lee\n", "Rome fell\n"]
    assert packed.spans == [PackedSpan(4, 11, "PER", "Ada Lee"), PackedSpan(12, 16, "LOC", "Rome")]
    assert batch.packed(0, tagged=False).spans == []
