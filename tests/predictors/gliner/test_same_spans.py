"""What a GLiNER finds here is what the gliner package finds with the same graph: every span, every score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from predictors.gliner.conftest import Ask, sentence_of

from ner_tui.domain.labels import Label
from ner_tui.domain.segmentation.sentences import segment


def expected(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_span_and_score_is_that_of_the_package(folder: Path, ask: Ask) -> None:
    found, wanted = [], []
    for number, case in enumerate(expected(folder)):
        text, labels, threshold = str(case["text"]), case["labels"], case["threshold"]
        assert isinstance(labels, list)
        assert isinstance(threshold, float)
        (suggestions,) = ask([sentence_of(text)], [Label(name, "", 0) for name in labels], threshold)
        found += [(number, s.span.start, s.span.end, s.span.label, s.score) for s in suggestions]
        assert isinstance(case["spans"], list)
        wanted += [(number, *span) for span in case["spans"]]
    assert [each[:4] for each in found] == [each[:4] for each in wanted]
    assert [each[4] for each in found] == pytest.approx([each[4] for each in wanted], abs=1e-4)
    assert len(found) > 500


def test_a_lower_threshold_adds_spans_and_moves_none(folder: Path, ask: Ask) -> None:
    for case in expected(folder)[::5]:
        labels = case["labels"]
        assert isinstance(labels, list)
        sentence = sentence_of(str(case["text"]))
        (low,), (high,) = (ask([sentence], labels, threshold) for threshold in (0.3, 0.5))
        assert [each for each in low if each.score >= 0.5] == list(high)


@pytest.mark.thorough
def test_texts_cut_into_our_sentences_and_tokens_differ_only_where_a_span_ends_inside_a_token(
    folder: Path, ask: Ask
) -> None:
    differing = 0
    for case in expected(folder):
        text, labels, threshold, spans = (case[key] for key in ("text", "labels", "threshold", "spans"))
        assert isinstance(labels, list)
        assert isinstance(threshold, float)
        assert isinstance(spans, list)
        block = list(segment(str(text)))
        starts = {token.start for sentence in block for token in sentence.tokens}
        ends = {token.end for sentence in block for token in sentence.tokens}
        found = [each.span for suggestions in ask(block, labels, threshold) for each in suggestions]
        assert {span.start for span in found} <= starts
        assert {span.end for span in found} <= ends
        if all(start in starts and end in ends for start, end, *_ in spans):
            assert [(span.start, span.end, span.label) for span in found] == [tuple(span[:3]) for span in spans]
        else:
            differing += 1
    assert differing < 20
