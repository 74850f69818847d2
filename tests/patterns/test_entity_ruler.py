"""Patterns find what spaCy's EntityRuler finds: in cases that it made, and, where spaCy is installed, in new ones."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from patterns.entity_ruler_cases import random_case, spacy_finds
from patterns.matching import patterns_of, sentence_of

CASES = [json.loads(line) for line in Path(__file__).with_name("entity_ruler.jsonl").read_text("utf-8").splitlines()]


def check(folder: Path, patterns: list[dict[str, Any]], words: list[str], expected: list[Any]) -> None:
    sentence = sentence_of(words)
    places = {token.start: at for at, token in enumerate(sentence.tokens)}
    ends = {token.end: at + 1 for at, token in enumerate(sentence.tokens)}
    (spans,) = patterns_of(folder, *patterns).find([sentence])
    assert [(places[span.start], ends[span.end]) for span in spans] == [(start, end) for start, end, _ in expected]
    # Where several patterns name the same words, spaCy takes any.
    assert all(span.label in labels for span, (_, _, labels) in zip(spans, expected, strict=True))


def test_matches_are_those_of_entity_ruler(tmp_path: Path) -> None:
    head, *cases = CASES
    assert head["spacy"]
    assert len(cases) == 300
    for case in cases:
        check(tmp_path, case["patterns"], case["words"], case["found"])


def test_matches_are_those_of_the_entity_ruler_that_is_installed(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is an extra")
    nlp, chance = spacy.blank("en"), random.Random(7)
    for _ in range(200):
        patterns, words = random_case(chance)
        check(tmp_path, patterns, words, spacy_finds(nlp, patterns, words))
