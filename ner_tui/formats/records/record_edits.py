"""Values put into the text of a record of JSON, of which nothing else changes."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ner_tui.formats.records.record_writing import safe
from ner_tui.formats.standoff.offset_spans import JsonPath

_BLANK = re.compile(r"\s*")
_COMMA, _COLON = re.compile(r"\s*,\s*"), re.compile(r"\s*:\s*")
_DECODER = json.JSONDecoder()
_ESCAPED_LETTER = re.compile(r"\\u00[2-7]")
_Change = tuple[int, int, str]
"""``[start, end)`` of a text, and what is to stand there."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A value of an object or a list, as ``[start, end)`` of the text; its key, if it has one, is before it."""

    at: int
    """Where its key begins, or else itself."""
    start: int
    end: int


class RecordEdits:
    """Collects what is to change in a record, and returns its text with that.

    What is put there is written as the record is: in ASCII alone if it is so, with or without blanks behind ``:`` and
    ``,``, on a line of its own where its neighbours are. Changes within a value come before those of the list that it
    is in.
    """

    def __init__(self, raw: str, value: object, base: JsonPath = ()) -> None:
        """Take a record.

        Args:
            raw: its text; blanks may be around it.
            value: what that is read as.
            base: leads to what all paths begin in.
        """
        self._raw = raw
        self._value = value
        self._base = base
        self._changes: list[_Change] = []
        self._known: dict[int, list[_Member]] = {}
        """The members of objects and lists that were looked into, by where these begin."""
        self._by_key: dict[int, dict[str, _Member]] = {}
        self._has_escaped_letters: bool | None = None
        """Whether letters of ASCII are written as numbers somewhere; None: it was not looked for."""
        first = next(self._parsed_members(self._start(())))
        self._colon = raw[_DECODER.raw_decode(raw, first.at)[1] : first.start]
        self._comma = ", " if self._colon[-1:] == " " else ","
        between = _COMMA.match(raw, first.end)
        if between and "\n" not in between[0]:
            self._comma = between[0]

    def put(self, path: JsonPath, value: object) -> None:
        """Put another value in place of the one at ``path``; a key that is not there is added."""
        try:
            start = self._start(path)
        except LookupError:
            self._add_member(path, value)
            return
        self._changes.append((start, self._end(start), self._written(value)))

    def change_list(self, path: JsonPath, removed: Sequence[int], added: Sequence[tuple[int, object]]) -> None:
        """Remove values of the list at ``path``, and add others; a list that is not there is made.

        Args:
            removed: numbers of values, counted from 0.
            added: each before which of the values that are there, ascending.
        """
        try:
            start = self._start(path)
        except LookupError:
            self._add_member(path, [value for _, value in added])
            return
        if self._raw.startswith("null", start):
            self.put(path, [value for _, value in added])
            return
        values, end = self._members(start), self._end(start)
        if not values:
            if added:
                written = self._comma.join(self._written(value) for _, value in added)
                self._changes.append((start, end, f"[{written}]"))
            return
        text = self._relisted(start, end, values, set(removed), added)
        self._changes.append((start, end, text))

    def text(self) -> str:
        """Return the record's text with all changes."""
        return self._applied(0, len(self._raw), sorted(self._changes))

    def _applied(self, start: int, end: int, changes: Iterable[_Change]) -> str:
        """Return ``[start, end)`` of the text with changes that lie in it, ascending."""
        pieces, at = list[str](), start
        for first, last, new in changes:
            pieces += (self._raw[at:first], new)
            at = last
        return "".join([*pieces, self._raw[at:end]])

    def _take_within(self, start: int, end: int) -> deque[_Change]:
        """Return the changes that lie in a value, ascending, and collect them no more."""
        within = sorted(each for each in self._changes if start <= each[0] and each[1] <= end)
        taken = set(within)
        self._changes = [each for each in self._changes if each not in taken]
        return deque(within)

    def _relisted(
        self, start: int, end: int, values: Sequence[_Member], removed: set[int], added: Sequence[tuple[int, object]]
    ) -> str:
        """Return the text of a list with some values removed and others added."""
        raw = self._raw
        head, tail = raw[start : values[0].start], raw[values[-1].end : end]
        between = [raw[before.end : after.start] for before, after in pairwise(values)]
        usual = between[0] if between else f",{head[1:]}" if "\n" in head else self._comma
        pieces: list[str] = []
        following, inner = deque(added), self._take_within(start, end)
        for number, value in enumerate([*values, None]):
            while following and (value is None or following[0][0] <= number):
                pieces += (usual if pieces else "", self._written(following.popleft()[1]))
            if value is None:
                break
            own = list[_Change]()
            while inner and inner[0][1] <= value.end:
                own.append(inner.popleft())
            if number not in removed:
                text = self._applied(value.start, value.end, own)
                pieces += ((between[number - 1] if number else usual) if pieces else "", text)
        return f"{head}{''.join(pieces)}{tail}" if pieces else "[]"

    def _add_member(self, path: JsonPath, value: object) -> None:
        """Add a key with a value to the object that ``path`` without its end leads to."""
        start, key = self._start(path[:-1]), path[-1]
        members = self._members(start)
        written = f"{self._written(key)}{self._colon}{self._written(value)}"
        if not members:
            self._changes.append((start, self._end(start), f"{{{written}}}"))
            return
        between = self._raw[members[-2].end : members[-1].at] if len(members) > 1 else self._comma
        self._changes.append((members[-1].end, members[-1].end, between + written))

    def _written(self, value: object) -> str:
        separators = (self._comma, self._colon)
        return safe(json.dumps(value, ensure_ascii=self._raw.isascii(), separators=separators))

    def _start(self, path: JsonPath) -> int:
        """Return where the value at ``path`` begins.

        Raises:
            LookupError: there is none.
        """
        at, value = self._after_blanks(0), self._value
        for key in (*self._base, *path):
            value = value[key]  # type: ignore[index]
            if isinstance(key, int):
                # The others behind the first are found from the ends of those before them.
                at = self._members(at)[key].start if key else self._after_blanks(at + 1)
            else:
                at = self._start_of_only(key, at) or self._keyed(at)[key].start
        return at

    def _start_of_only(self, key: str, at: int) -> int | None:
        """Return where the value of a key of the object at ``at`` begins; None if the key may stand elsewhere too.

        What stands before it, such as many words, is not gone through.
        """
        written = f'"{key}"'
        found = self._raw.find(written, at)
        if found < 0 or self._raw.find(written, found + 1) >= 0 or not key.isidentifier() or not key.isascii():
            return None
        # With escapes the key may be written once more, here or in the object itself where this is one of another.
        if self._has_escaped_letters is None:
            self._has_escaped_letters = _ESCAPED_LETTER.search(self._raw) is not None
        colon = _COLON.match(self._raw, found + len(written))
        return None if self._has_escaped_letters or colon is None else colon.end()

    def _end(self, start: int) -> int:
        """Return where a value ends."""
        return _DECODER.raw_decode(self._raw, start)[1]

    def _keyed(self, at: int) -> dict[str, _Member]:
        """Return the members of the object that begins at ``at``; of those with one key the last counts."""
        if at not in self._by_key:
            members = self._members(at)
            self._by_key[at] = {_DECODER.raw_decode(self._raw, each.at)[0]: each for each in members}
        return self._by_key[at]

    def _members(self, at: int) -> list[_Member]:
        """Return the members of the object or the list that begins at ``at``."""
        if at not in self._known:
            self._known[at] = list(self._parsed_members(at))
        return self._known[at]

    def _parsed_members(self, at: int) -> Iterator[_Member]:
        raw = self._raw
        is_object, at = raw[at] == "{", self._after_blanks(at + 1)
        while raw[at] not in "]}":
            key = at
            if is_object:
                at = self._after_blanks(_DECODER.raw_decode(raw, at)[1])
                at = self._after_blanks(at + 1)
            _, end = _DECODER.raw_decode(raw, at)
            yield _Member(key, at, end)
            at = self._after_blanks(end)
            if raw[at] == ",":
                at = self._after_blanks(at + 1)

    def _after_blanks(self, at: int) -> int:
        found = _BLANK.match(self._raw, at)
        return found.end() if found else at
