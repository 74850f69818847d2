"""Records as text, read and written by name of their format."""

from __future__ import annotations

import io
import json

from ner_tui.domain.stream import AnnotatedSentence, Problem, StreamItem
from ner_tui.formats import Source, WriteOptions, read, write

ADA = {"text": "Ada left New York. So?"}
JSON_FORMATS = ("prodigy", "doccano", "spacy-jsonl", "hf", "label-studio", "jsonl")


def source_of(*records: object, path: str = "x.jsonl") -> Source:
    return Source(path, "", "".join(json.dumps(record) + "\n" for record in records), "utf-8", False, "\n")


def written(items: list[StreamItem], fmt: str, scheme: str = "iob2") -> str:
    out = io.StringIO(newline="")
    write(items, out, WriteOptions(fmt, scheme))
    return out.getvalue()


def sentences(source: Source, fmt: str | None = None) -> list[AnnotatedSentence]:
    return [item for item in read(source, fmt) if isinstance(item, AnnotatedSentence)]


def problems(source: Source) -> list[tuple[int, str, bool]]:
    return [(item.line, item.reason, item.lost) for item in read(source) if isinstance(item, Problem)]


def spans(source: Source, fmt: str | None = None) -> list[list[str]]:
    """Return the spans of each sentence, label and words."""
    found = []
    for item in sentences(source, fmt):
        base, text = item.sentence.start, item.sentence.text
        found.append([f"{span.label} {text[span.start - base : span.end - base]}" for span in item.spans])
    return found
