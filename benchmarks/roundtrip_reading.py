"""Files of columns and what is in them, for ``roundtrip``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.errors import EncodingError
from ner_tui.formats import (
    Inference,
    Source,
    infer_format,
    open_source,
    read,
)
from ner_tui.formats.tagged import tag_spans


def opened(path: Path) -> tuple[Source, Inference]:
    try:
        source = open_source(str(path))
    except EncodingError:
        source = open_source(str(path), "latin-1")
    return source, infer_format(source)


def items_of(source: Source, inference: Inference) -> list[StreamItem]:
    return list(read(source, inference=inference))


def spans_of(items: Sequence[StreamItem]) -> list[list[TagSpan]]:
    return [tag_spans(item) for item in items if isinstance(item, AnnotatedSentence)]
