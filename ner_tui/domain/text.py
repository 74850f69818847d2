"""Line index: offset to (line, column) and back over one immutable text.

A line ends at ``\\n`` only. U+0085, U+2028 and the other characters that ``str.splitlines`` cuts at are ordinary
characters here: cutting at them would shift lines against every other tool that reads the file.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate


class LineIndex:
    """Where the lines of a text begin."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = [0]
        """Offset of the first character of each line, ascending; never empty."""
        lines = text.split("\n")
        self.starts.extend(accumulate(len(line) + 1 for line in lines[:-1]))

    def __len__(self) -> int:
        return len(self.starts)

    def line_of(self, offset: int) -> int:
        """Return the line, counted from 0, that holds the character at ``offset``."""
        return bisect_right(self.starts, offset) - 1

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column), both counted from 0, of ``offset``; columns are code points."""
        line = self.line_of(offset)
        return line, offset - self.starts[line]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of (line, column), both counted from 0; the inverse of ``position``."""
        return self.starts[line] + column

    def bounds(self, line: int) -> tuple[int, int]:
        """Return ``[start, end)`` of a line without its ``\\n``."""
        start = self.starts[line]
        end = self.starts[line + 1] - 1 if line + 1 < len(self.starts) else len(self.text)
        return start, end
