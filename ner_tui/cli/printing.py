"""Printing: results on standard output, with colours and ruled tables on a terminal; messages on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING

from ner_tui.cli import give_up
from ner_tui.domain.printable import printable
from ner_tui.domain.stream import Problem, StreamItem
from ner_tui.formats.files.scratch import scratch_file

if TYPE_CHECKING:
    from rich.console import Console


LONGEST = 4_000
"""Characters of a line for people; a word of a file may have millions."""
_MOST_PROBLEMS = 5
"""Problems of one input that are printed in full."""


def tell(sentence: str) -> None:
    """Say something to the person on standard error; what a terminal would obey in it is made visible."""
    try:
        print(_fit(sentence), file=sys.stderr)
    except OSError:
        # Whoever read it has gone, or its disk is full: what was asked for is done all the same.
        give_up(sys.stderr)


class ProblemReport:
    """Prints what was read with a guess or left out: the first few problems in full, then how many there are more."""

    def __init__(self, rest: str = " lines read with a guess") -> None:
        self._rest = rest
        """What follows ``and 7 more``."""
        self._number = 0

    def take(self, problem: Problem) -> None:
        """Take what a reader reports."""
        self._number += 1
        if self._number <= _MOST_PROBLEMS:
            tell(str(problem))

    def pass_on(self, items: Iterable[StreamItem]) -> Iterator[StreamItem]:
        """Yield a stream and take its problems."""
        for item in items:
            if isinstance(item, Problem):
                self.take(item)
            yield item

    def finish(self) -> None:
        """Print how many problems were not printed in full."""
        if self._number > _MOST_PROBLEMS:
            tell(f"and {self._number - _MOST_PROBLEMS:,} more{self._rest}")


def as_json(value: object) -> str:
    """Return a value as JSON in ASCII without control characters."""
    import json

    return json.dumps(value).replace("\x7f", "\\u007f")


class Printer:
    """Prints lines and tables; on a terminal through rich, which is imported only then."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            # Words of a file may be none of the terminal's: they are no reason to end half-way.
            sys.stdout.reconfigure(errors="replace")
        self._console: Console | None = None
        if sys.stdout.isatty():
            from rich.console import Console

            self._console = Console(highlight=False, markup=False, emoji=False)

    def line(self, text: str, style: str = "") -> None:
        """Print a line; its control characters are made visible."""
        if self._console is None:
            print(_fit(text))
        else:
            self._console.print(_fit(text), style=style or None, soft_wrap=True)

    def table(self, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table after an empty line: the first column to the left, what reads as a number to the right."""
        title, headers = _fit(title), [*map(_fit, headers)]
        cells = [[_fit(cell) for cell in row] for row in rows]
        right = [bool(cells) and all(_is_number(row[at]) for row in cells) for at in range(len(headers))]
        if self._console is None:
            _print_plain(title, headers, cells, right)
            return
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
        for header, numeric in zip(headers, right, strict=True):
            # Where it is too narrow, digits go on below: a figure that is cut off would be another figure.
            table.add_column(Text(header), justify="right" if numeric else "left", overflow="fold")
        for row in cells:
            table.add_row(*map(Text, row))
        self._console.print(f"\n{title}", style="bold")
        self._console.print(table)


@contextmanager
def json_object(name: str) -> Iterator[JsonObject]:
    """Give an object whose list of this name waits in a temporary file."""
    with scratch_file() as file, TextIOWrapper(file, "utf-8") as items:
        yield JsonObject(name, items)


class JsonObject:
    """Prints one object on standard output: a list, however long, of what was added, and what is known in the end.

    The list waits in a file, so that nothing is printed of an object that is never finished.
    """

    def __init__(self, name: str, items: IO[str]) -> None:
        self._name = name
        self._items = items
        self._separator = "\n"

    def add(self, item: object) -> None:
        """Add an item to the list."""
        self._items.write(self._separator + as_json(item))
        self._separator = ",\n"

    def print(self, rest: dict[str, object]) -> None:
        """Print the list under its name and then the rest of the object, which is not empty."""
        self._items.seek(0)
        sys.stdout.write(f"{{{as_json(self._name)}: [")
        copyfileobj(self._items, sys.stdout)
        print("],\n" + as_json(rest)[1:])


def _fit(text: str) -> str:
    shown = printable(text[: LONGEST + 1])
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _is_number(cell: str) -> bool:
    return not cell or cell.replace(",", "").replace(".", "").isdecimal()


def _print_plain(title: str, headers: Sequence[str], rows: list[list[str]], right: list[bool]) -> None:
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    print(f"\n{title}")
    for row in [list(headers), *rows]:
        cells = [cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True)]
        print("  ".join(cells).rstrip())
