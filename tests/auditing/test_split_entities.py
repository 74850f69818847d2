"""Spans that should be several, and several that should be one, as an audit finds them from what a model says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.auditing.annotated import CorpusCounts, as_text
from ner_tui.auditing.evidence import NAMES
from ner_tui.auditing.examining import Block, Examined
from ner_tui.auditing.gold import USUAL
from ner_tui.auditing.surfaces import SurfaceCounts
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.lessons import WordSpan

LABELS = ("PER", "LOC")
TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
Reading = tuple[WordSpan, ...]


@st.composite
def pieces(draw: st.DrawFn) -> tuple[int, int, Reading]:
    """Draw how many words a sentence has, and two spans or more of it that stand side by side, of one label."""
    before, after = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    lengths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=3))
    label = draw(st.sampled_from(LABELS))
    ends = [before + sum(lengths[:count]) for count in range(len(lengths) + 1)]
    spans = tuple((first, end, label) for first, end in pairwise(ends))
    return ends[-1] + after, before, spans


def examined(words: int, annotated: Reading, found: Reading, sure: float) -> list[Examined]:
    """Return what comes out where a model finds other spans than are annotated."""
    rows = np.full((words, len(TAGS)), (1 - sure) / (len(TAGS) - 1), np.float32)
    tags = ["O"] * words
    for first, end, label in found:
        tags[first:end] = [f"{'B' if at == first else 'I'}-{label}" for at in range(first, end)]
    for at, tag in enumerate(tags):
        rows[at, TAGS.index(tag)] = sure
    corpus = CorpusCounts(SurfaceCounts(), SurfaceCounts())
    sentence = as_text([f"W{at}" for at in range(words)])
    return list(Block([sentence], [annotated], [rows], TagColumns.of(TAGS), corpus).examined())


def whole(spans: Sequence[WordSpan]) -> Reading:
    return ((spans[0][0], spans[-1][1], spans[0][2]),)


@settings(max_examples=examples(100))
@given(pieces(), st.floats(0.9, 0.999), st.booleans())
def test_a_span_that_is_several_is_one_hypothesis_and_so_is_the_reverse(
    drawn: tuple[int, int, Reading], sure: float, merged: bool
) -> None:
    words, _, spans = drawn
    annotated, found = (spans, whole(spans)) if merged else (whole(spans), spans)
    about = [each.about for each in examined(words, annotated, found, sure)]
    first = [each for each in about if each.given]
    assert [(each.kind, each.given, each.proposed) for each in first] == [
        ("merged" if merged else "split", annotated, found)
    ]
    assert (first[0].first, first[0].end) == whole(spans)[0][:2]


@settings(max_examples=examples(100))
@given(pieces(), st.floats(0.9, 0.998), st.booleans())
def test_the_surer_the_model_the_likelier_is_the_error(
    drawn: tuple[int, int, Reading], sure: float, merged: bool
) -> None:
    words, _, spans = drawn
    annotated, found = (spans, whole(spans)) if merged else (whole(spans), spans)
    values, odds = [], []
    for each in (sure, sure + 0.001):
        one = next(each for each in examined(words, annotated, found, each) if each.about.given)
        values.append(dict(zip(NAMES, one.evidence, strict=True)))
        odds.append(USUAL.log_odds(one.evidence))
    assert values[0]["likelier"] > 0
    assert values[1]["likelier"] >= values[0]["likelier"]
    assert values[1]["by word"] >= values[0]["by word"] > 0
    assert values[0]["merged" if merged else "split"] == 1
    assert values[0]["words"] == 0
    assert odds[1] > odds[0]


@settings(max_examples=examples(100))
@given(pieces(), st.floats(0.995, 0.999))
def test_where_model_and_annotation_have_the_same_spans_side_by_side_nothing_is_likely(
    drawn: tuple[int, int, Reading], sure: float
) -> None:
    words, _, spans = drawn
    for each in examined(words, spans, spans, sure):
        assert dict(zip(NAMES, each.evidence, strict=True))["likelier"] < 0
