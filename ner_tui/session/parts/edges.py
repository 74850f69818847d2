"""Places where a file can be cut so that its parts are labelled as the whole: documents begin there, or landmarks.

They are found a little behind a wanted place, by the reader that will read the parts, without what stands before.
Where each record is a document, any line end is one: no string of JSON has a line end in it. Rows are cut at their
groups, or a little behind where these begin.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ner_tui.domain.blocks import Landmarks, ends_paragraph
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.errors import NerTuiError
from ner_tui.formats import FORMATS, Inference, Source, read, read_packed
from ner_tui.formats.columns.assembly import DocumentMark, sentence_text

if TYPE_CHECKING:
    from ner_tui.formats.tables.parquet_rows import Parquet

LOOKS = (1 << 16, 1 << 18, 1 << 20)
"""Bytes behind a wanted place that are looked at: a few, more where there is no edge in them, and never more."""
ROWS = 5_000
"""Rows behind the beginning of a group that are looked at."""
_GAP = re.compile(r"\n[ \t\r]*\n(?:[ \t\r]*\n)*")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_RECORD = re.compile(rb"\n(?=[ \t]*\{)")
_CUT = frozenset({"columns.conll", "columns.conllu", "text", "tables.parquet"})
_WIDE = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
"""Codecs in which the byte of a line end may be part of something else."""


def why_whole(source: Source, inference: Inference) -> str:
    """Return why a file cannot be cut without reading all of it; empty: it can."""
    entry = FORMATS[inference.format]
    if entry.module == "tables.parquet":
        if len(_parquet(source).groups.bounds) < 3:
            return "its rows are in one group"
        return "" if _has_text(source, inference) else "no text is in it"
    if entry.module not in _CUT and entry.family != "records":
        return f"{inference.format} is read from its beginning"
    if source.encoding.replace("_", "-").startswith(_WIDE):
        return f"{source.encoding} is read from its beginning"
    if source.newline == "\r":
        return "its lines end in carriage returns alone"
    if entry.family == "records":
        return _why_records_are_whole(source, inference)
    return ""


def _why_records_are_whole(source: Source, inference: Inference) -> str:
    from ner_tui.formats.records.json_values import has_lines

    if not has_lines(source):
        return "its records are not one a line"
    if "\n{".encode(source.encoding) != b"\n{":
        return f"{source.encoding} is read from its beginning"
    return "" if _has_text(source, inference) else "no text is in its beginning"


def _has_text(source: Source, inference: Inference) -> bool:
    """Whether there is some text: a file without any is refused, which its parts are not."""
    try:
        items = read(source, inference=inference, ignore_tags=True)
        return any(isinstance(item, AnnotatedSentence) and item.sentence.text for item in items)
    except NerTuiError:
        # Who labels it will say so.
        return False


class Edge(NamedTuple):
    """Where a part of a file can begin."""

    at: int
    """Offset in bytes, or the number of a row, counted from 0."""
    inside: bool
    """Whether it is inside a document."""


def find_edges(file: BinaryIO, size: int, wanted: Sequence[int], source: Source, inference: Inference) -> list[Edge]:
    """Return where a file can be cut, an edge for each wanted place behind which one is near; ascending.

    Args:
        file: the file, open.
        size: of it, in bytes.
        wanted: offsets in bytes, ascending.
        source: what is known of it from its beginning.
        inference: how it is read.
    """
    found: list[Edge] = []
    for place in wanted:
        if found and place <= found[-1].at:
            continue
        edge = _edge_behind(file, size, place, source, inference)
        if edge is not None and edge.at < size and edge.at > (found[-1].at if found else 0):
            found.append(edge)
    return found


def _edge_behind(file: BinaryIO, size: int, place: int, source: Source, inference: Inference) -> Edge | None:
    """Return the first edge that is seen when reading begins at a place."""
    are_documents = FORMATS[inference.format].family == "records" and inference.format != "hf"
    for look in LOOKS:
        file.seek(place)
        raw = file.read(look)
        if are_documents:
            if line := _RECORD.search(raw):
                return Edge(place + line.end(), inside=False)
            continue
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
            return Edge(place + begin + len(text[: seen.at].encode(source.encoding)), seen.inside)
        if is_last:
            return None
    return None


def _edge_in(text: str, source: Source, inference: Inference) -> Edge | None:
    """Return the first edge in a piece of a file, as an offset in it; the piece begins with a whole line."""
    is_text, are_records = inference.format == "text", inference.format == "hf"
    gap = re.match("", text) if are_records else (_PARAGRAPHS if is_text else _GAP).search(text)
    if gap is None:
        return None
    begin = gap.end()
    piece = source.with_text(text[begin:])
    try:
        if is_text:
            edges: Iterator[Edge] = (Edge(at, inside=True) for at in _in_text(piece, inference))
        else:
            edges = _in_columns(piece, inference, are_records=are_records)
        seen = next(edges, None)
    except NerTuiError:
        # A line breaks the format: who labels the part will say so.
        return None
    return None if seen is None else Edge(begin + seen.at, seen.inside)


def _in_text(piece: Source, inference: Inference) -> Iterator[int]:
    """Yield the paragraphs of a text that begin with a landmark; of the last sentence not all may be there."""
    landmarks, begins_paragraph, held = Landmarks(), False, list[int]()
    for item in read(piece, inference=inference):
        if isinstance(item, AnnotatedSentence):
            yield from held
            held = [item.sentence.start] if landmarks.is_next(item.sentence.text) and begins_paragraph else []
            begins_paragraph = ends_paragraph(item.sentence.text)


def _in_columns(piece: Source, inference: Inference, *, are_records: bool) -> Iterator[Edge]:
    """Yield where documents and landmarks begin in lines of words, or of sentences."""
    for edge, before in _in_sentences(piece, inference):
        if edge.inside and not are_records:
            yield from (Edge(at, inside=True) for at in _first_line(piece.text, edge.at, before))
        else:
            yield Edge(_start(piece.text, edge.at), edge.inside)


def _in_sentences(piece: Source, inference: Inference) -> Iterator[tuple[Edge, int]]:
    """Yield the lines, counted from 0, where documents and landmarks begin, with that of the sentence before.

    Of the last sentence not all may be there.
    """
    landmarks, is_first, held, before = Landmarks(), True, list[tuple[Edge, int]](), -1
    for text, number in _texts(piece, inference):
        line = number - 1
        yield from held
        held = []
        if text is None:
            landmarks = Landmarks()
            # What is read first may go on with a document.
            if not is_first:
                yield Edge(line, inside=False), before
        else:
            held = [(Edge(line, inside=True), before)] if landmarks.is_next(text) else []
            before = line
        is_first = False


def _texts(piece: Source, inference: Inference) -> Iterator[tuple[str | None, int]]:
    """Yield the texts of sentences, and None where a document begins, with their lines."""
    if inference.format in ("hf", "parquet"):
        yield from _texts_of_records(piece, inference)
        return
    for item in read_packed(piece, inference, ignore_tags=True):
        if isinstance(item, DocumentStart):
            yield None, item.line
        elif isinstance(item, PackedSentences):
            yield from zip(item.texts, item.lines, strict=True)
        elif isinstance(item, AnnotatedSentence):
            yield item.sentence.text, item.sentence.line


def _texts_of_records(piece: Source, inference: Inference) -> Iterator[tuple[str | None, int]]:
    """Yield the same of records or rows that are sentences, as the readers take them from there."""
    if inference.format == "hf":
        from ner_tui.formats.records import huggingface

        lines = huggingface.sentence_lines(piece, [], ignore_tags=True)
    else:
        from ner_tui.formats.tables import parquet

        lines = parquet.sentence_lines(piece, [])
    for item in lines:
        yield (None, item.line) if isinstance(item, DocumentMark) else (sentence_text(item.words), item.lines[0])


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


def find_row_edges(wanted: Sequence[int], source: Source, inference: Inference) -> list[Edge]:
    """Return the rows where a Parquet file can be cut, an edge for each wanted row behind which one is near.

    Args:
        wanted: numbers of rows, counted from 0, ascending.
        source: the file, on the disk.
        inference: how it is read.
    """
    from ner_tui.formats.tables.parquet_groups import ParquetRows

    file = _parquet(source)
    groups = file.groups
    *begins, rows = groups.bounds
    are_documents = not file.columns(inference.text_column).tokens
    found: list[Edge] = []
    for place in wanted:
        group = bisect_left(begins, max(place, 1))
        if group == len(begins) or begins[group] == rows or (found and begins[group] <= found[-1].at):
            continue
        begin, edge = begins[group], Edge(begins[group], inside=False)
        if not are_documents:
            piece = ParquetRows(source.path, source.tag_names, range(begin, min(begin + ROWS, rows)), groups)
            try:
                seen, _ = next(_in_sentences(piece, inference))
            except (StopIteration, NerTuiError):
                # There is none near, or a row is broken: who labels the part will say so.
                continue
            edge = Edge(begin + seen.at, seen.inside)
        found.append(edge)
    return found


def _parquet(source: Source) -> Parquet:
    from ner_tui.formats.tables.parquet_rows import Parquet

    return Parquet(source)
