"""What a terminal sends, as text: keys and reports on one hand, what was pasted on the other.

Bytes that are no UTF-8 become U+FFFD. What is pasted never passes for keys, whatever is in it: it is cut out between
the marks that a terminal puts around it (bracketed paste), also where they arrive in pieces.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass

BEGIN, END = "\x1b[200~", "\x1b[201~"
MOST = 1_000_000
"""Characters of what is pasted at once that are kept."""
_CUT = len(BEGIN) - 1
"""Characters of a mark that may have come while its end is still to come."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, and what the terminal reports."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted at once."""

    text: str


class TerminalText:
    """Takes the bytes of a terminal apart."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._last = ""
        """The last characters, in which the next mark may begin."""
        self._pasted: list[str] | None = None
        """What came of a paste whose end did not come yet, but for the last characters."""
        self._room = MOST

    @property
    def pasting(self) -> bool:
        """Whether the end of a paste is still to come."""
        return self._pasted is not None

    def feed(self, data: bytes) -> Iterator[Typed | Pasted]:
        """Yield what is in ``data``, in order."""
        text = self._decode(data)
        while text:
            mark = END if self.pasting else BEGIN
            seen = self._last + text
            at = seen.find(mark)
            if at < 0:
                if self.pasting:
                    self._keep(seen[:-_CUT])
                else:
                    yield Typed(text)
                self._last = seen[-_CUT:]
                return
            if self.pasting:
                self._last = seen[:at]
                yield self.end_paste()
            else:
                # Whoever reads the keys may have the beginning of the mark already, so it gets the rest, and an end.
                yield Typed(f"{seen[len(self._last) : at + len(mark)]}{END}")
                self._last, self._pasted, self._room = "", [], MOST
            text = seen[at + len(mark) :]

    def end_paste(self) -> Pasted:
        """Return what came of a paste, whether its end came or not."""
        self._keep(self._last)
        text = "".join(self._pasted or ())
        self._pasted, self._last = None, ""
        return Pasted(text.replace("\x00", ""))

    def _keep(self, part: str) -> None:
        if self._pasted is not None and self._room > 0:
            self._pasted.append(part[: self._room])
            self._room -= len(part)
