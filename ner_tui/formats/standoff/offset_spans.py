"""Spans of a text as formats of text and offsets give them, and the units of their offsets, before they are checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Alternative
from ner_tui.domain.counting import counted
from ner_tui.domain.document import Origin, Status
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import NO_METADATA, Metadata
from ner_tui.errors import FormatError
from ner_tui.formats.files.source import Source

_LONGEST_SHOWN = 40
_EVIDENCE = 3
"""Spans that have to cut a word before that is reported: names end within words now and then."""
# Beyond the Basic Multilingual Plane, or written as the escapes of such a character.
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]|\\\\u[dD][89abAB]")


_LONGEST_ESCAPE = 4
"""Characters at the beginning of such an escape that are not enough to recognise it."""


JsonPath = tuple[str | int, ...]
"""Where a value is in a record of JSON: the keys and numbers that lead to it."""


class OffsetSpan(NamedTuple):
    """A labelled part of a text as a source gives it."""

    start: int
    end: int
    """Offsets in the source's units, not checked yet."""
    label: str
    line: int
    """Of the source."""
    covered: str | None = None
    """The text that the source has for it; None if it has none."""
    score: float | None = None
    """None: a decision; else a suggestion with this probability."""
    margin: float = 0.0
    alternatives: tuple[Alternative, ...] = ()
    model: str = ""
    """Whose suggestion it is, as the source calls it; empty if it does not."""
    at: JsonPath = ()
    """Where it is in its record, and where its label is, for formats of JSON records."""
    label_at: JsonPath = ()


class OffsetRange(NamedTuple):
    """A sentence as a source gives it."""

    start: int
    end: int
    status: Status = "untouched"
    flagged: bool = False
    metadata: Metadata = NO_METADATA


@dataclass(slots=True)
class MarkedText:
    """A text with its spans, and whatever else a source has for it."""

    line: int
    text: str
    marks: list[OffsetSpan]
    name: str = ""
    """Empty if the source has none for it."""
    origin: Origin = "text"
    tokens: list[Token] | None = None
    """In the source's units; None: they are to be found."""
    words: Sequence[object] | None = None
    """The tokens' texts as the source gives them, None in them where it does not."""
    sentences: Sequence[OffsetRange] | None = None
    """None: they are to be found."""
    cuts_are_code_points: bool = False
    """Whether tokens and sentences count code points, whatever the source's units are."""
    notes: Sequence[Note] = ()
    status: Status = "untouched"
    """Of sentences that are to be found."""
    metadata: Metadata = field(default_factory=lambda: NO_METADATA)
    has_lines: bool = False
    """Whether the text is a file itself, in whose lines the sentences are; else all of it is in ``line``."""
    problems: list[tuple[int, str]] = field(default_factory=list)
    """Lines, and what is in them and cannot be kept."""
    remarks: list[tuple[int, str]] = field(default_factory=list)
    """Lines, and what a person should look at though nothing is lost."""


class OffsetUnit(NamedTuple):
    """In which units the offsets of a source are."""

    utf16: bool = False
    line: int = 0
    """The first line that shows it."""
    notice: str = ""
    """A sentence for people; empty if there is nothing to say."""
    settled: bool = False
    """Whether one text alone shows it, so that no other one could change it."""


def quoted(text: str) -> str:
    """Return a text for a message: short, in quotes, control characters escaped."""
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def short_name(name: str) -> str:
    """Return a label, key or id for a message: as it is, unless it is long or holds control characters."""
    return name if name.isprintable() and len(name) <= _LONGEST_SHOWN else quoted(name)


def may_differ(line: str) -> bool:
    """Whether a record in which UTF-16 and code points count differently may stand in a line."""
    return not (line.isascii() and "\\u" not in line) and _TWO_UNITS.search(line) is not None


def has_two_units(source: Source) -> bool:
    """Whether characters occur in which UTF-16 and code points count differently."""
    end = ""
    for chunk in source.chunks():
        if may_differ(end + chunk):
            return True
        end = chunk[-_LONGEST_ESCAPE:]
    return False


def find_offset_unit(texts: Iterator[MarkedText]) -> OffsetUnit:
    """Find the units of offsets: code points, unless some do not fit so and all fit as UTF-16 units.

    Where the source repeats no text, offsets that are wrong fit too now and then; so as UTF-16 units they must not cut
    more words than as code points.
    """
    misfits = cuts = cuts16 = shifted = total = line = 0
    try:
        for text in texts:
            if max(text.text, default="") <= "\uffff":
                # Here the units are the same.
                continue
            total += len(text.marks) + len(text.tokens or ())
            table = utf16_table(text.text)
            for at, (start, end, covered) in enumerate(_ranges(text)):
                place = converted(table, start, end)
                if misfit(text.text, *place, covered):
                    return OffsetUnit(settled=True)
                cuts16 += _cuts_words(text.text, *place)
                fits = not misfit(text.text, start, end, covered)
                cut = not fits or _cuts_words(text.text, start, end)
                misfits, cuts, shifted = misfits + (not fits), cuts + cut, shifted + (place != (start, end))
                if cut and not line:
                    line = text.marks[at].line if at < len(text.marks) else text.line
    except FormatError:
        # It is raised again, with its line, when the reading comes to it.
        return OffsetUnit()
    if misfits and cuts16 <= cuts:
        how = "all of the file are converted"
        return OffsetUnit(True, line, f"offsets are UTF-16 units, in which an emoji counts two: {how}")
    if not cuts16 and cuts >= _EVIDENCE and 2 * cuts > shifted:
        how = "none would if offsets were UTF-16 units, in which it counts two; they are read as code points"
        return OffsetUnit(False, line, f"{cuts} of {total} stretches in texts with an emoji cut a word, and {how}")
    return OffsetUnit()


def _cuts_words(text: str, start: int, end: int) -> bool:
    """Whether ``[start, end)`` begins or ends between two letters or digits."""
    return any(0 < edge < len(text) and text[edge - 1 : edge + 1].isalnum() for edge in (start, end))


def in_code_points(path: str, text: MarkedText, unit: OffsetUnit) -> MarkedText:
    """Return ``text`` with its offsets checked, and converted to code points if they are not.

    Raises:
        FormatError: one is outside the text, or the text there is not what the source says.
    """
    if unit.utf16:
        table = utf16_table(text.text)
        places = [converted(table, mark.start, mark.end) for mark in text.marks]
        text.marks = [mark._replace(start=at[0], end=at[1]) for mark, at in zip(text.marks, places, strict=True)]
        if text.tokens is not None and not text.cuts_are_code_points:
            text.tokens = [Token(*converted(table, token.start, token.end)) for token in text.tokens]
        if text.sentences is not None and not text.cuts_are_code_points:
            places = [converted(table, sentence.start, sentence.end) for sentence in text.sentences]
            text.sentences = [
                each._replace(start=at[0], end=at[1]) for each, at in zip(text.sentences, places, strict=True)
            ]
        text.notes = [Note(*converted(table, note.start, note.end), note.text) for note in text.notes]
    content, length = text.text, len(text.text)
    for mark in text.marks:
        start, end, covered = mark.start, mark.end, mark.covered
        if not 0 <= start <= end <= length or (covered is not None and content[start:end] != covered):
            _require_fit(path, mark.line, f"{short_name(mark.label)} ", content, start, end, covered)
    for token, word in zip(text.tokens or (), text.words or (), strict=False):
        if isinstance(word, str) and content[token.start : token.end] != word:
            _require_fit(path, text.line, "the token ", content, token.start, token.end, word)
    return text


def _require_fit(path: str, line: int, what: str, text: str, start: int, end: int, covered: str | None) -> None:
    reason = misfit(text, start, end, covered)
    if not reason:
        return
    table = utf16_table(text)
    hint = ""
    if len(table) > len(text) + 1 and not misfit(text, *converted(table, start, end), covered):
        hint = "; it fits if offsets are UTF-16 units, in which an emoji counts two, but not all of the file do"
    elif covered is not None:
        hint = _hint_of_line_ends(text, start, end, covered)
    raise FormatError(path, line, f"{what}[{start}, {end}) {reason}{hint}")


def _hint_of_line_ends(text: str, start: int, end: int, covered: str) -> str:
    """Return the end of a sentence that says with which line ends ``covered`` would stand where it should."""
    for there, wanted in (("\r\n", "\n"), ("\n", "\r\n")):
        other = text.replace("\r\n", "\n").replace("\n", wanted)
        if other != text and not misfit(other, start, end, covered):
            return f"; it fits where line ends are {wanted!r}: put that into the text in place of {there!r}"
    return ""


def misfit(text: str, start: int, end: int, covered: str | None) -> str:
    """Return why an offset range cannot be that of ``covered``; empty if it can."""
    if not 0 <= start <= end <= len(text):
        # In an array without line ends, a line does not tell which text it is.
        return f"is no stretch of a text of {counted(len(text), 'character')}, {quoted(text)}: correct its offsets"
    there = text[start:end]
    if covered is None or there == covered or _without_blanks(there) == _without_blanks(covered):
        return ""
    return f"is {quoted(there)} in the text, not {quoted(covered)}"


def _without_blanks(text: str) -> str:
    """Return a text with all its white space alike: Label Studio writes a line end as ``\\n``, brat as a space."""
    return " ".join(text.replace("\\n", "\n").split())


def utf16_table(text: str) -> list[int]:
    """Return the code point offset of each UTF-16 offset of a text, its end included; -1 within a character."""
    table: list[int] = []
    for at, char in enumerate(text):
        table.append(at)
        if char > "\uffff":
            table.append(-1)
    table.append(len(text))
    return table


def utf16_offsets(text: str) -> list[int]:
    """Return the UTF-16 offset of each code point of a text, its end included."""
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def converted(table: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return UTF-16 offsets as code points, -1 for one that is none."""
    last = len(table) - 1
    return (table[start] if 0 <= start <= last else -1), (table[end] if 0 <= end <= last else -1)


def _ranges(text: MarkedText) -> Iterable[tuple[int, int, str | None]]:
    for mark in text.marks:
        yield mark.start, mark.end, mark.covered
    words = text.words or ()
    for at, token in enumerate(() if text.cuts_are_code_points else text.tokens or ()):
        word = words[at] if at < len(words) else None
        yield token.start, token.end, word if isinstance(word, str) else None
