"""Places where a file can be cut so that its parts are labelled as the whole: documents begin there, or landmarks.

They are found a little behind a wanted place, by the reader that will read the parts, without what stands before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from ner_tui.domain.blocks import Landmarks, ends_paragraph
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import NerTuiError
from ner_tui.formats import FORMATS, Inference, Source, read, read_packed

LOOKS = (1 << 16, 1 << 18, 1 << 20)
"""Bytes behind a wanted place that are looked at: a few, more where there is no edge in them, and never more."""
_GAP = re.compile(r"\n[ \t\r]*\n(?:[ \t\r]*\n)*")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_CUT = frozenset({"columns.conll", "columns.conllu", "text"})
_WIDE = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
"""Codecs in which the byte of a line end may be part of something else."""


def why_whole(source: Source, inference: Inference) -> str:
    """Return why a file cannot be cut without reading all of it; empty: it can."""
    if FORMATS[inference.format].module not in _CUT:
        return f"{inference.format} is read from its beginning"
    if source.encoding.replace("_", "-").startswith(_WIDE):
        return f"{source.encoding} is read from its beginning"
    if source.newline == "\r":
        return "its lines end in carriage returns alone"
    return ""


def find_edges(file: BinaryIO, size: int, wanted: Sequence[int], source: Source, inference: Inference) -> list[int]:
    """Return where a file can be cut, an offset in bytes for each wanted place behind which one is near; ascending.

    Args:
        file: the file, open.
        size: of it, in bytes.
        wanted: offsets in bytes, ascending.
        source: what is known of it from its beginning.
        inference: how it is read.
    """
    found: list[int] = []
    for place in wanted:
        if found and place <= found[-1]:
            continue
        edge = _edge_behind(file, size, place, source, inference)
        if edge is not None and edge < size and edge > (found[-1] if found else 0):
            found.append(edge)
    return found


def _edge_behind(file: BinaryIO, size: int, place: int, source: Source, inference: Inference) -> int | None:
    """Return the first edge that is seen when reading begins at a place."""
    for look in LOOKS:
        file.seek(place)
        raw = file.read(look)
        begin = raw.find(b"\n") + 1
        is_last = place + len(raw) >= size
        end = len(raw) if is_last else raw.rfind(b"\n") + 1
        try:
            text = raw[begin:end].decode(source.encoding)
        except UnicodeDecodeError:
            # Who labels the part will say so.
            return None
        if inference.format == "text" and not is_last:
            # Of a paragraph that is not whole, sentences may end elsewhere.
            text = text[: max((gap.end() for gap in _PARAGRAPHS.finditer(text)), default=0)]
        seen = _edge_in(text, source, inference) if begin else None
        if seen is not None:
            return place + begin + len(text[:seen].encode(source.encoding))
        if is_last:
            return None
    return None


def _edge_in(text: str, source: Source, inference: Inference) -> int | None:
    """Return the first edge in a piece of a file, as an offset in it; the piece begins with a whole line."""
    is_text = inference.format == "text"
    gap = (_PARAGRAPHS if is_text else _GAP).search(text)
    if gap is None:
        return None
    begin = gap.end()
    piece = replace(source, text=text[begin:])
    try:
        edges = _in_text(piece, inference) if is_text else _in_columns(piece, inference)
        seen = next(edges, None)
    except NerTuiError:
        # A line breaks the format: who labels the part will say so.
        return None
    return None if seen is None else begin + seen


def _in_text(piece: Source, inference: Inference) -> Iterator[int]:
    """Yield the paragraphs of a text that begin with a landmark; of the last sentence not all may be there."""
    landmarks, begins_paragraph, held = Landmarks(), False, list[int]()
    for item in read(piece, inference=inference):
        if isinstance(item, AnnotatedSentence):
            yield from held
            held = [item.sentence.start] if landmarks.is_next(item.sentence.text) and begins_paragraph else []
            begins_paragraph = ends_paragraph(item.sentence.text)


def _in_columns(piece: Source, inference: Inference) -> Iterator[int]:
    """Yield where documents and landmarks begin in lines of words; of the last sentence not all may be there."""
    landmarks, is_first, held, before = Landmarks(), True, list[int](), -1
    for item in read_packed(piece, inference, ignore_tags=True):
        if isinstance(item, DocumentStart):
            yield from held
            held, landmarks = [], Landmarks()
            if not is_first:
                yield _start(piece.text, item.line - 1)
            is_first = False
            continue
        for text, number in _texts(item):
            yield from held
            held, line = [], number - 1
            if landmarks.is_next(text):
                held = list(_first_line(piece.text, line, before))
            before = line


def _texts(item: StreamItem | PackedSentences) -> Iterable[tuple[str, int]]:
    """Return the texts of sentences, each with the line of its first word."""
    if isinstance(item, PackedSentences):
        return zip(item.texts, item.lines, strict=True)
    return ((item.sentence.text, item.sentence.line),) if isinstance(item, AnnotatedSentence) else ()


def _start(text: str, line: int) -> int:
    """Return where a line begins, counted from 0."""
    return sum(map(len, text.split("\n", line)[:line])) + line


def _first_line(text: str, at: int, before: int) -> Iterator[int]:
    """Yield where a sentence begins that follows a blank line, with its comments; nothing if it follows another.

    Args:
        at: the line of its first word.
        before: that of the first word of the one before.
    """
    lines = text.split("\n", at)
    while at > before + 1 and lines[at - 1].startswith("#"):
        at -= 1
    if at and at > before + 1 and not lines[at - 1].strip(" \t\r"):
        yield _start(text, at)
