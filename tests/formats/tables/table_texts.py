"""Tables as text, opened and read."""

from __future__ import annotations

from pathlib import Path

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.formats import Inference, Source, infer_format, open_source

TEXTS = 'id,source,text\n7,wire,"Ann Lee left, they say."\n9,blog,Oslo sleeps.\n'
WORDS = 'Sentence #,Word,POS,Tag\nSentence: 1,Ann,NNP,B-per\n,",",",",O\nSentence: 2,"""",``,O\n,Oslo,NNP,B-geo\n'


def opened(path: Path, content: str | bytes, text: str | None = None) -> tuple[Source, Inference]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = open_source(str(path))
    return source, infer_format(source, text=text)


def known(items: list[StreamItem]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Return the text of each document with its spans."""
    found = list[tuple[str, list[tuple[int, int, str]]]]()
    for item in items:
        if isinstance(item, DocumentStart):
            found.append(("", []))
        elif isinstance(item, AnnotatedSentence):
            text, spans = found.pop()
            found.append((text + item.sentence.text, [*spans, *((s.start, s.end, s.label) for s in item.spans)]))
    return found
