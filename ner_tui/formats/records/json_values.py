"""The values of JSON in a file: one a line, or in one array, or one after another over several lines.

All three are read value by value; of what was read nothing is kept. What JSON allows and text does not is refused with
its line: NaN, halves of surrogate pairs, nesting without end, integers of thousands of digits. So is a number such as
1e999, which is infinite here: what is written of it could not be read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from math import inf
from typing import NamedTuple, NoReturn

from ner_tui.errors import FormatError
from ner_tui.formats.files.source import Source
from ner_tui.formats.files.source_part import SourcePart
from ner_tui.formats.standoff.offset_spans import short_name

_BLANK = re.compile(r"\s*+")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONGEST_ESCAPE = 16
"""Characters before the end of what is held in which an error may be that of a value cut short."""


def first_bracket(source: Source) -> str:
    """Return the character that the values of a file begin with, ``{`` or ``[``; empty if it is another."""
    for chunk in source.chunks():
        if rest := chunk.lstrip():
            return rest[0] if rest[0] in "{[" else ""
    return ""


def values(source: Source) -> Iterator[tuple[int, object]]:
    """Yield the values of a file, each with the line it begins in.

    Raises:
        FormatError: it is no JSON; raised when that is reached.
    """
    decoder = _decoder()
    first = first_bracket(source)
    if not first:
        raise FormatError(source.path, 1, "this is no JSON: it begins with neither { nor [")
    if first == "[":
        return _Stream(source, decoder).array()
    return _lines(source, decoder) if _has_lines(source, decoder) else _Stream(source, decoder).values()


def has_lines(source: Source) -> bool:
    """Whether the values of a file are one a line, which its first line tells."""
    return first_bracket(source) == "{" and _has_lines(source, json.JSONDecoder())


class RawValue(NamedTuple):
    """A value as it stands in its file."""

    before: str
    """The text between it and the value before."""
    raw: str
    """Its own; blanks of its line may be around it."""
    line: int
    value: object
    """None: there are no more, and ``before`` is the rest of the file."""


def raw_values(source: Source) -> Iterator[RawValue]:
    """Yield the values of a file with the text between them, which together are its text.

    Of a file in whose lines they are not, all is in memory.

    Raises:
        FormatError: see ``values``.
    """
    decoder = _decoder()
    first = first_bracket(source)
    if first == "{" and _has_lines(source, decoder):
        before = ""
        for number, line in enumerate(source.lines(), 1):
            if not line.strip():
                before += f"{line}\n"
                continue
            yield RawValue(before, line, number, _value_of(source.path, number, line, decoder))
            before = "\n"
        yield RawValue(before if source.ends_line else before[:-1], "", 0, None)
        return
    text = source.text
    stream, done = _Stream(source.with_text(text), decoder), 0
    for line_number, value in stream.array() if first == "[" else stream.values():
        start, end = stream.place
        yield RawValue(text[done:start], text[start:end], line_number, value)
        done = end
    yield RawValue(text[done:], "", 0, None)


def lines_where(source: Source, keep: Callable[[str], bool]) -> Source:
    """Return a source without the values in lines of which ``keep`` is false, the others in the lines they have.

    It is the same source where values are not one a line.
    """
    return _LinesWhere(source, keep) if has_lines(source) else source


class _LinesWhere(Source):
    def __init__(self, source: Source, keep: Callable[[str], bool]) -> None:
        super().__init__(source.path, source.sha256, "", source.encoding, source.had_bom, source.newline)
        object.__setattr__(self, "_kept", lambda: (line if keep(line) else "" for line in source.lines()))

    def lines(self) -> Iterator[str]:
        """Yield the lines, empty where they are not kept."""
        yield from self._kept()  # type: ignore[attr-defined]

    def chunks(self) -> Iterator[str]:
        """Yield the lines with their ends."""
        return (f"{line}\n" for line in self.lines())


def _has_lines(source: Source, decoder: json.JSONDecoder) -> bool:
    """Whether the first line that is not blank is a value."""
    if isinstance(source, SourcePart):
        # A file is cut between lines that are values.
        return True
    try:
        decoder.decode(next((line for line in source.lines() if line.strip()), ""))
    except (ValueError, RecursionError):
        return False
    return True


def _lines(source: Source, decoder: json.JSONDecoder) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(source.lines(), 1):
        if not line.strip():
            continue
        yield number, _value_of(source.path, number, line, decoder)


def _value_of(path: str, number: int, line: str, decoder: json.JSONDecoder) -> object:
    try:
        value: object = decoder.decode(line)
    except (ValueError, RecursionError) as error:
        _refuse(path, number, error)
    if "\\u" in line and _SURROGATE.search(line):
        _refuse_halves(path, number, value)
    return value


class _Stream:
    """Values that lines do not part. Of the text, what the value that is being read needs is held."""

    def __init__(self, source: Source, decoder: json.JSONDecoder) -> None:
        self._path = source.path
        self._chunks = source.chunks()
        self._decoder = decoder
        self._text = ""
        self._at = 0
        """How far the text that is held is read."""
        self.place = (0, 0)
        """Where in the text that is held the last value is."""
        self._line, self._column = 1, 0
        """Of where the text that is held begins, the column counted from 0."""
        self._counted, self._lines = 0, 1
        """How far line ends were counted, and the line there."""

    def array(self) -> Iterator[tuple[int, object]]:
        """Yield the values of an array that nothing follows."""
        self._skip()
        self._at += 1
        if self._skip() == "]":
            self._require_end()
            return
        while True:
            yield self._value()
            following = self._skip()
            if following == "]":
                self._require_end()
                return
            if following != ",":
                reason = f"no JSON: {following!r} stands where , or ] has to follow"
                raise FormatError(self._path, self._number(), reason)
            self._at += 1
            self._skip()

    def values(self) -> Iterator[tuple[int, object]]:
        """Yield values up to the end of the file."""
        while self._skip():
            yield self._value()

    def _value(self) -> tuple[int, object]:
        line = self._number()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos + _LONGEST_ESCAPE >= len(self._text) or error.msg.startswith("Unterminated")
                if not (cut and self._grow()):
                    self._refuse(error)
            except (ValueError, RecursionError) as error:
                _refuse(self._path, line, error)
            else:
                # What ends with the text may go on, as a number does.
                if end < len(self._text) or not self._grow():
                    break
        if _SURROGATE.search(self._text, self._at, end):
            _refuse_halves(self._path, line, value)
        self.place = (self._at, end)
        self._at = end
        return line, value

    def _skip(self) -> str:
        """Go on to what is not blank, and return its first character; empty at the end of the file."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._grow():
                return self._text[self._at : self._at + 1]

    def _grow(self) -> bool:
        """Hold about twice as much of the text, and nothing of what was read; return whether there was more."""
        wanted, more = max(len(self._text) - self._at, 1), []
        while wanted > 0 and (chunk := next(self._chunks, "")):
            more.append(chunk)
            wanted -= len(chunk)
        if not more:
            return False
        self._number()
        self._line, self._column = self._lines, self._column_of(self._at)
        self._text = "".join([self._text[self._at :], *more])
        self._at = self._counted = 0
        return True

    def _number(self) -> int:
        """Return the line that is being read."""
        self._lines += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines

    def _column_of(self, at: int) -> int:
        before = self._text.rfind("\n", 0, at)
        return at - before - 1 if before >= 0 else self._column + at

    def _refuse(self, error: json.JSONDecodeError) -> NoReturn:
        line = self._line + self._text.count("\n", 0, error.pos)
        _refuse(self._path, line, error, self._column_of(error.pos) + 1)

    def _require_end(self) -> None:
        self._at += 1
        if self._skip():
            raise FormatError(self._path, self._number(), "no JSON: more follows the array that the file begins with")


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (inf, -inf):
        raise ValueError(f"{short_name(digits)} is larger than any number that can be kept")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _refuse(path: str, line: int, error: Exception, column: int | None = None) -> NoReturn:
    if isinstance(error, RecursionError):
        reason = "it is nested too deeply"
    elif isinstance(error, json.JSONDecodeError):
        reason = f"{error.msg[:1].lower()}{error.msg[1:]} at column {column or error.colno}"
    else:
        reason = "a number has thousands of digits" if "digits" in str(error) else str(error)
    raise FormatError(path, line, f"no JSON: {reason}") from error


def _refuse_halves(path: str, line: int, value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise FormatError(path, line, f"{half} is half of a character, and its other half is missing") from error
    except RecursionError as error:
        _refuse(path, line, error)
