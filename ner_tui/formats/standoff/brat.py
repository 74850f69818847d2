r"""brat standoff: a text in ``x.txt`` and what is annotated in it in ``x.ann``, side by side. Either names both.

A sample of the second file, its tabs drawn as wide spaces::

    T1    PER 0 3    Ada
    T2    LOC 14 17;22 26    New York
    R1    Lives Arg1:T1 Arg2:T2
    #1    AnnotatorNotes T1    who?

Lines that begin with ``T`` are spans: label, offsets in code points, and the text they cover, which is checked; a line
end in it is written as a space. A note of an annotator (``#``) on a span is read as a note. What spans alone cannot
hold is left out and reported, line by line: spans with words in their gaps (``T2`` above), relations, events,
attributes, normalizations, equivalences, other comments. The text's tokens and sentences are found here. Spans of brat
may overlap: see ``placing``.

Written: one document, its text to the other file; decisions and open suggestions alike, notes where they are on a
span of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.counting import counted
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.compression import with_other_suffix
from ner_tui.formats.files.source import Source, open_source
from ner_tui.formats.standoff.cuts import tell_cuts
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, quoted, short_name
from ner_tui.formats.standoff.placing import read_marked
from ner_tui.formats.standoff.whole_documents import WholeDocument, only_document

_SUFFIXES = {".ann": ".txt", ".txt": ".ann"}
_PLACE = re.compile(r"(\S+) (\d{1,18}) (\d{1,18})((?:;\d{1,18} \d{1,18})*)", re.ASCII)
_LINE_END = re.compile(r"[\n\r]")
_NOTE = re.compile(r"AnnotatorNotes (T\S+)")
_KINDS = {
    "R": "a relation", "E": "an event", "A": "an attribute", "M": "an attribute", "N": "a normalization",
    "*": "an equivalence", "#": "a comment",
}  # fmt: skip


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a file that has the other one beside it; see ``base.Format.infer``."""
    other = _other(source)
    if other is None or not other.is_file():
        if sure:
            beside = f"{other} has to be there too" if other else "name the .ann or the .txt"
            raise FormatError(source.path, 1, f"{name} is two files side by side: {beside}")
        return None
    if _leads_out(Path(source.path), other):
        reason = f"{other.name} beside it is a link that leads elsewhere: put the file itself there"
        raise FormatError(source.path, 1, f"{reason}{'' if sure else ', or say with --from what this one is'}")
    return Inference(name, f"{source.path}: read as {name}, with {other.name} beside it")


def _leads_out(path: Path, other: Path) -> bool:
    """Whether the file beside ``path`` is a link to another folder; a stranger's could lead to any file of yours."""
    folders = path.parent.resolve(), path.resolve().parent
    return not any(other.resolve().is_relative_to(folder) for folder in folders)


def _other(source: Source) -> Path | None:
    suffix = _SUFFIXES.get(source.suffix)
    return with_other_suffix(source.path, suffix) if suffix else None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the document; see ``base.Format.read``."""
    other = _other(source)
    assert other is not None, "infer has found it"
    beside = open_source(str(other), None if source.encoding == "utf-8" else source.encoding)
    text, annotations = (beside, source) if source.suffix == ".ann" else (source, beside)
    return read_marked(annotations, inference, lambda: iter([_marked(text, annotations)]), beside=text)


def _marked(text: Source, annotations: Source) -> MarkedText:
    marked = MarkedText(1, text.text, [], text.path, has_lines=True)
    places: dict[str, tuple[int, int]] = {}
    remarks: list[tuple[int, str, str]] = []
    for number, line in enumerate(annotations.lines(), 1):
        name, *cells = line.removesuffix("\r").split("\t", 2)
        if not name and not cells:
            continue
        if not cells or name[:1] not in {"T", *_KINDS}:
            reason = f"{quoted(line)} is no line of brat, such as T1, TAB, PER 0 3, TAB, Ada"
            raise FormatError(annotations.path, number, reason)
        if name[0] == "T":
            mark = _mark(annotations.path, number, cells, marked.text)
            if mark is None:
                marked.problems.append((number, f"{short_name(name)} {quoted(cells[0])} has a gap: left out"))
            else:
                marked.marks.append(mark)
                places[name] = mark.start, mark.end
        elif (about := _NOTE.fullmatch(cells[0])) and len(cells) > 1:
            remarks.append((number, about[1], cells[1]))
        else:
            marked.problems.append((number, f"{short_name(name)} is {_KINDS[name[0]]}, which is no span: left out"))
    _add_notes(marked, remarks, places)
    marked.problems.sort()
    return marked


def _mark(path: str, number: int, cells: list[str], text: str) -> OffsetSpan | None:
    """Return the span of a line; None if it is in several parts with more than blanks between them."""
    found = _PLACE.fullmatch(cells[0])
    if found is None:
        raise FormatError(path, number, f"{quoted(cells[0])} is no label and offsets, such as PER 0 3")
    ends = [int(offset) for offset in re.split("[ ;]", f"{found[2]} {found[3]}{found[4]}")]
    # A line break is a gap for brat, with what is indented behind it: parts on either side of one are one span.
    gaps = list(zip(ends[1:-1:2], ends[2::2], strict=True))
    if any(after - before > 1 and (after > len(text) or text[before:after].strip()) for before, after in gaps):
        return None
    return OffsetSpan(ends[0], ends[-1], found[1], number, cells[1] if len(cells) > 1 else None)


def _add_notes(
    marked: MarkedText, remarks: Iterable[tuple[int, str, str]], places: Mapping[str, tuple[int, int]]
) -> None:
    notes: dict[tuple[int, int], str] = {}
    for number, name, text in remarks:
        place = places.get(name)
        if place is None or place in notes:
            marked.problems.append((number, f"a note on {short_name(name)} is left out"))
        else:
            notes[place] = text
    marked.notes = [Note(*place, text) for place, text in notes.items()]


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write what is annotated, and the text to the file beside it."""
    if options.beside is None:
        raise InputError("brat is two files side by side: name the .ann that is to be written, or a folder, with -o")
    text = options.beside(".txt")
    for document in only_document(items, "brat's pair of files"):
        tell_cuts(document, options)
        text.write(document.text)
        out.writelines(_lines(document, options))


def _lines(document: WholeDocument, options: WriteOptions) -> Iterator[str]:
    text, numbers = document.text, dict[tuple[int, int], int]()
    for number, span in enumerate(document.spans, 1):
        label = re.sub(r"\s", "_", span.label)
        if label != span.label and options.lossy is None:
            raise FormatError(document.name, 1, f"the label {span.label!r} holds white space, which brat cannot write")
        if label != span.label and options.lossy is not None:
            options.lossy(f"{document.name}: {span.label!r} is written as {label!r}")
        numbers[span.start, span.end] = number
        covered = _LINE_END.sub(" ", text[span.start : span.end])
        yield f"T{number}\t{label} {span.start} {span.end}\t{covered}\n"
    notes = [note for item in document.sentences for note in item.notes]
    placed = [note for note in notes if (note.start, note.end) in numbers]
    if lost := len(notes) - len(placed):
        reason = f"{counted(lost, 'note')} on something else than a span: brat has no place for that"
        if (report := options.lossy or options.tell) is None:
            raise FormatError(document.name, 1, reason)
        report(f"{document.name}: {reason}")
    for number, note in enumerate(placed, 1):
        words = " ".join(note.text.split())
        yield f"#{number}\tAnnotatorNotes T{numbers[note.start, note.end]}\t{words}\n"
