"""What a key costs: statements of SQL, calls of Python, what is read of the project, and what is drawn."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import ner_tui
from ner_tui.app.screens.review.screen import ReviewScreen

_FIRST = 4
"""The last instruction at which a frame begins; a generator that goes on is beyond it."""
_PACKAGE = str(Path(ner_tui.__file__).parent)


@dataclass
class Cost:
    """What was counted."""

    statements: list[str] = field(default_factory=list)
    """The SQL that was carried out, those of triggers included."""
    calls: Counter[str] = field(default_factory=Counter)
    """Calls of the package's functions, by module and name; what a generator goes on with is no call."""
    drawn: Counter[str] = field(default_factory=Counter)
    """How often each line or pane of the screen was given something to show."""

    @property
    def read_again(self) -> list[str]:
        """What was read more than once before the edit, or more than once after it; what is read to carry an edit out
        is not looked at."""
        found: Counter[tuple[int, str]] = Counter()
        edits, inside = 0, False
        for sql in self.statements:
            if sql.startswith("BEGIN"):
                inside = True
            elif sql.startswith(("COMMIT", "ROLLBACK")):
                edits, inside = edits + 1, False
            elif sql.startswith("SELECT") and not inside:
                found[edits, sql] += 1
        return [sql for (_, sql), times in found.items() if times > 1]


@contextmanager
def counted(screen: ReviewScreen) -> Iterator[Cost]:
    """Count what happens inside, in this thread."""
    cost = Cost()
    database: sqlite3.Connection = screen.session._project._database

    def call(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_lasti <= _FIRST and frame.f_code.co_filename.startswith(_PACKAGE):
            name = f"{frame.f_code.co_filename[len(_PACKAGE) + 1 : -3]}:{frame.f_code.co_qualname}"
            cost.calls[name] += 1

    shown: list[tuple[str, Any]] = [(bar.id or "", bar) for bar in (screen.top, screen.status)]
    offered: list[tuple[str, Any]] = [(bar.id or "", bar) for bar in (screen.notice, screen.hints)]
    panes: list[tuple[str, Any]] = [("labels", screen.legend), ("detail", screen.detail)]
    undo = []
    for name, widget in (*shown, *offered, *panes):
        shows = "offer" if (name, widget) in offered else "show"
        method = getattr(widget, shows)

        def show(*arguments: object, name: str = name, method: Any = method) -> None:
            cost.drawn[name] += 1
            method(*arguments)

        setattr(widget, shows, show)
        undo.append((widget, shows))
    before = sys.getprofile()
    database.set_trace_callback(cost.statements.append)
    sys.setprofile(call)
    try:
        yield cost
    finally:
        sys.setprofile(before)
        database.set_trace_callback(None)
        for widget, shows in undo:
            delattr(widget, shows)
