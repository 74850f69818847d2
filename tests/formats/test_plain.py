"""Plain lines: what is read many lines at a time is what is read line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ner_tui.domain.schemes import transitions
from ner_tui.formats import Source, conll, infer_format
from ner_tui.formats.assembly import Block
from ner_tui.formats.base import Inference
from ner_tui.formats.plain import transitions_by_piece

SPACE = Inference("conll", "", "iob2", " ", tag_column=1, columns=frozenset({2}))
TAB = replace(SPACE, separator="\t", tag_column=2, columns=frozenset({3}))
LINES = [
    "EU B-ORG", "EU\tx\tB-ORG", "wins O", "wins\t\tO", "New York\tx\tI-LOC ", "-DOCSTART- O", "-DOCSTART-\t-X-\tO",
    "# O",
    "#\tx\tO", "# a comment", "- O", "--docstart", "0\t\tO", " ", "\t", "", "", "a  B-X", "a B-X ", "a b c", "\u2028 O",
    "a\u00a0b O", "x\r", "x O\r", "TOKEN NE",
]  # fmt: skip


@settings(deadline=None)
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
    for block in conll.blocks(source, inference):
        if isinstance(block, Block):
            one_by_one.update(transitions(block.tags))
    del at_once["", ""]
    assert at_once == one_by_one


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
