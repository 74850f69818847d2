"""Records that say the same thing twice: keys, whichever way they are written, and spans."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.formats import Source, infer_format, read
from ner_tui.formats.rewriting import rewrite

SPANS = '[{"start": 0, "end": 3, "label": "PER"}]'
TWICE = {
    "both as they are": f'{{"text": "Ada left.", "spans": [], "spans": {SPANS}}}\n',
    "the last in escapes": f'{{"text": "Ada left.", "spans": {SPANS}, "sp\\u0061ns": {SPANS}}}\n',
    "the first in escapes": f'{{"text": "Ada left.", "sp\\u0061ns": {SPANS}, "spans": {SPANS}}}\n',
    "in another object, the own one in escapes": f'{{"text": "Ada left.", "meta": {{"spans": {SPANS}}}, '
    f'"sp\\u0061ns": {SPANS}}}\n',
    "behind it in another object": '{"text": "Ada left.", "spans": [{"start": 0, "end": 3, "l\\u0061bel": "PER"}], '
    '"meta": {"label": "PER"}}\n',
}


def rewritten(text: str, *spans: Span) -> str:
    source = Source("x.json", "", text, "utf-8", False, "\n")

    def new(items: Iterator[StreamItem]) -> Iterator[StreamItem]:
        for item in items:
            if isinstance(item, DocumentStart):
                yield item
            elif isinstance(item, AnnotatedSentence):
                yield AnnotatedSentence(item.sentence, spans)

    inference = infer_format(source)
    return "".join(rewrite(source, inference, new(read(source, inference=inference))))


@pytest.mark.parametrize("text", TWICE.values(), ids=TWICE.keys())
def test_of_a_key_that_stands_twice_the_one_that_counts_is_changed(text: str) -> None:
    before, after = json.loads(text), json.loads(rewritten(text, Span(0, 3, "NEW")))
    assert after.pop("spans") == [{"start": 0, "end": 3, "label": "NEW"}]
    del before["spans"]
    assert after == before
    assert json.loads(rewritten(text))["spans"] == []


def test_a_span_that_a_record_has_twice_goes_as_one() -> None:
    text = '{"text": "Ada left.", "label": [[0, 3, "PER"], [4, 8, "V"], [0, 3, "PER"]]}\n'
    assert json.loads(rewritten(text, Span(4, 8, "V")))["label"] == [[4, 8, "V"]]
    assert json.loads(rewritten(text, Span(0, 3, "ORG")))["label"] == [[0, 3, "ORG"]]
    assert rewritten(text, Span(0, 3, "PER"), Span(4, 8, "V")) == text
    kept = json.loads(rewritten(text, Span(0, 3, "PER")))["label"]
    assert kept == [[0, 3, "PER"], [0, 3, "PER"]]
