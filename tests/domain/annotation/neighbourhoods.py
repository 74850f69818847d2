"""Two sentences to try verbs on, and what stands in them by its words."""

from __future__ import annotations

import re

from ner_tui.domain.annotation.edits import Decision, Edit
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.spans import Span, Token

TEXT = "Ada Lovelace met Mr Babbage in New York City . "
NEXT = "She liked Bath ."


def sentence(start: int, text: str) -> Sentence:
    tokens = tuple(Token(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text))
    return Sentence(start, text, tokens)


def context(*, origin: Origin = "text", **items: tuple[object, ...]) -> Neighbourhood:
    sentences = (sentence(0, TEXT), sentence(len(TEXT), NEXT))
    return Neighbourhood(origin, sentences, **items)  # type: ignore[arg-type]


def span(text: str, label: str) -> Span:
    start = (TEXT + NEXT).index(text)
    return Span(start, start + len(text), label)


def place(text: str) -> tuple[int, int]:
    found = span(text, "X")
    return found.start, found.end


def guess(text: str, label: str, margin: float = 0.9, score: float = 0.9) -> Suggestion:
    return Suggestion(span(text, label), score, margin)


def decided(edit: Edit) -> list[Span]:
    return [item.span for item in edit.added if isinstance(item, Decision)]
