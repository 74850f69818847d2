"""How values are written into the project file, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ner_tui.domain.annotation.edits import (
    Alias,
    Decision,
    Item,
    LabelEntry,
    LabelRename,
    Note,
    Rejection,
    SentenceBoundary,
    SentenceState,
    TokenBoundary,
)
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Span


def dump_label(label: Label) -> tuple[str, str, int, str]:
    """Write a label as the fields that ``Label`` is made of."""
    return label.name, label.key, label.slot, label.description


def dump_alternatives(alternatives: Iterable[Alternative]) -> str:
    """Write alternatives as JSON."""
    return json.dumps([[r.start, r.end, r.label, round(r.score, 6)] for r in alternatives], separators=(",", ":"))


def load_alternatives(text: str) -> tuple[Alternative, ...]:
    """Return the alternatives that ``dump_alternatives`` wrote."""
    return tuple(Alternative(*row) for row in json.loads(text)) if text != "[]" else ()


def dump_items(items: Iterable[Item]) -> str:
    """Write the items of an edit as JSON: a list of ``[kind, field, …]``."""
    return json.dumps([_row(item) for item in items], ensure_ascii=False, separators=(",", ":"))


def load_items(text: str) -> tuple[Item, ...]:
    """Return the items that ``dump_items`` wrote."""
    return tuple(_item(*row) for row in json.loads(text))


def _row(item: Item) -> list[object]:
    match item:
        case Decision(span, source):
            return ["decision", span.start, span.end, span.label, source]
        case Rejection(span):
            return ["rejection", span.start, span.end, span.label]
        case SentenceState(start, status, flagged):
            return ["sentence_state", start, status, flagged]
        case SentenceBoundary(offset):
            return ["sentence_boundary", offset]
        case TokenBoundary(offset):
            return ["token_boundary", offset]
        case Note(start, end, text):
            return ["note", start, end, text]
        case LabelEntry(label, at):
            return ["label_entry", *dump_label(label), at]
        case Alias(said, name):
            return ["alias", said, name]
        case LabelRename(old, new):
            return ["label_rename", old, new]
        case Suggestion(span, score, margin, alternatives, run, also):
            others = [[each.start, each.end, each.label, each.score] for each in alternatives]
            return ["suggestion", span.start, span.end, span.label, score, margin, others, run, *also]


def _item(kind: str, *fields: object) -> Item:
    match kind, fields:
        case "decision", (int(start), int(end), str(label), "file" | "person" | "sweep" as source):
            return Decision(Span(start, end, label), source)
        case "rejection", (int(start), int(end), str(label)):
            return Rejection(Span(start, end, label))
        case "sentence_state", (int(start), "untouched" | "in progress" | "confirmed" as status, bool(flagged)):
            return SentenceState(start, status, flagged)
        case "sentence_boundary", (int(offset),):
            return SentenceBoundary(offset)
        case "token_boundary", (int(offset),):
            return TokenBoundary(offset)
        case "note", (int(start), int(end), str(text)):
            return Note(start, end, text)
        case "label_entry", (str(name), str(key), int(slot), str(description), int(at)):
            return LabelEntry(Label(name, key, slot, description), at)
        case "alias", (str(said), str(label)):
            return Alias(said, label)
        case "label_rename", (str(old), str(new)):
            return LabelRename(old, new)
        case "suggestion", (
            int(start),
            int(end),
            str(label),
            float(score),
            float(margin),
            list(others),
            int(run),
            *also,
        ):
            alternatives = tuple(Alternative(*row) for row in others)
            runs = tuple(each for each in also if isinstance(each, int))
            return Suggestion(Span(start, end, label), score, margin, alternatives, run, runs)
    raise ValueError(f"unknown item {kind!r} in the journal")
