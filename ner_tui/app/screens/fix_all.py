"""Fix all: every occurrence of some words, or every hit of a search, to be labelled alike as one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.dialog import targets
from ner_tui.app.screens.place_list import PlaceList
from ner_tui.app.widgets.hint_lines import HintLines
from ner_tui.app.widgets.lines import Piece
from ner_tui.domain.annotation.occurrences import Matching
from ner_tui.domain.counting import counted
from ner_tui.errors import EditRefused, NerTuiError
from ner_tui.session import Place

if TYPE_CHECKING:
    from ner_tui.domain.annotation.query import Query
    from ner_tui.session import Session
    from ner_tui.session.concordance import Occurrence

_HINTS = (
    ("⏎ apply", "apply"),
    ("space toggle", "tick"),
    ("a all", "all(True)"),
    ("x none", "all(False)"),
    ("1-9", ""),
    ("l/h label", "step_label(1)"),
    ("0 nothing", "label(-1)"),
)
_MATCHING = ("i case", "match('fold_case')"), ("T tokens", "match('whole_tokens')")
_LAST = ("V go there", "visit"), ("esc", "cancel")


@dataclass(frozen=True, slots=True)
class FixAllStart:
    """What a fix-all begins with."""

    text: str
    document: int
    start: int
    label: str | None
    """Label of the span; None for words without one."""
    settled: bool
    """Whether a person or the file decided the span: then it is not among the others."""
    query: Query | None = None
    """The search that ``text`` was typed for, if the hits of one are to be labelled."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of it: a notice, or a place to go to."""

    notice: str = ""
    changed: bool = False
    place: Place | None = None


class FixAllScreen(PlaceList["Occurrence", Fixed]):
    """A concordance with boxes; its result says what was done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,c", "apply", "apply", show=False),
        Binding("space", "tick", "toggle", show=False),
        Binding("a", "all(True)", "all", show=False),
        Binding("x", "all(False)", "none", show=False),
        Binding("i", "match('fold_case')", "case", show=False),
        Binding("T", "match('whole_tokens')", "whole tokens", show=False),
        Binding("V", "visit", "go there", show=False),
        Binding("0", "label(-1)", "nothing", show=False),
        *(Binding(str(key), f"label({key - 1})", "label", show=False) for key in range(1, 10)),
        Binding("l,right", "step_label(1)", "next label", show=False),
        Binding("h,left", "step_label(-1)", "previous label", show=False),
    ]
    AHEAD = inf

    def __init__(self, session: Session, start: FixAllStart) -> None:
        super().__init__(f"Fix all: {printable(start.text)[:60]}", boxes=True)
        self._session = session
        self._start = start
        self._names: list[str | None] = [None, *session.labels.names]
        self._label = start.label
        self._clears = False
        """Whether a person asked for nothing to be there."""
        self._matching = Matching()
        self._decided: dict[tuple[int, int], bool] = {}
        """What a person chose box by box; it outlasts a change of the matching."""
        self._asked = False
        self.hints = HintLines("fix-hints")

    def extra(self) -> Iterable[Widget]:
        """Add a line with the keys."""
        self.hints.offer(targets(*_HINTS, *(() if self._start.query else _MATCHING), *_LAST))
        return (self.hints,)

    def stream(self) -> Iterator[Occurrence | None]:
        """Yield the occurrences, but for the one that the label was taken from."""
        if self._start.query is not None:
            yield from self._session.search.whole(self._start.query)
            return
        here = (self._start.document, self._start.start) if self._start.settled else None
        for row in self._session.concordance.occurrences(self._start.text, self._matching):
            yield None if row is None or (row.document, row.start) == here else row

    def show(self, found: list[Occurrence]) -> None:
        """List occurrences."""
        self.list.add(found, [self._decided.get((row.document, row.start), self._is_default(row)) for row in found])

    def _is_default(self, row: Occurrence) -> bool:
        return not row.protected and not (row.state == "file" and row.label == self._label)

    def tell(self) -> None:
        """Say what is ticked and what will be done with it."""
        rows, chosen = len(self.list.rows), len(self.list.chosen())
        case = "any case" if self._matching.fold_case else "same case"
        tokens = "whole tokens" if self._matching.whole_tokens else "inside tokens too"
        label = "nothing" if self._label is None else printable(self._label)
        asked = "which label? 1-9, l/h, 0 for nothing" if self._label is None and not self._clears else f"to {label}"
        matching = "whole tokens" if self._start.query else f"{case} · {tokens}"
        self.head.show([(f" {chosen:,} of {rows:,} {asked} ", "bar--strong")], [(f"{matching} ", "bar--dim")])
        words: list[Piece] = [(f" {self.trouble}", "bar--alert")] if self.trouble else []
        if not words and not self.over:
            words = [(" searching…", "bar--dim")]
        elif not words:
            kept = sum(row.protected for row in self.list.rows)
            words = [(f" {kept:,} decided by a person stay unless chosen one by one" if kept else " all found", "")]
        self.foot.show(words)

    def _say(self, trouble: str) -> None:
        self.trouble = trouble
        self.tell()

    def action_label(self, number: int) -> None:
        """Choose the label to give, by its key less 1; -1 is nothing."""
        label = self._session.labels.with_key(str(number + 1))
        if number >= 0 and label is None:
            self._say(f"no label has the key {number + 1}")
            return
        self._choose(label.name if label else None)

    def action_step_label(self, step: int) -> None:
        """Choose the next or previous label."""
        at = self._names.index(self._label) if self._label in self._names else 0
        self._choose(self._names[(at + step) % len(self._names)])

    def _choose(self, label: str | None) -> None:
        self._label, self._clears, self.trouble, self._asked = label, label is None, "", False
        for at, row in enumerate(self.list.rows):
            if (row.document, row.start) not in self._decided and row.state == "file":
                self.list.choose(at, self._is_default(row))
        self.tell()

    def action_tick(self) -> None:
        """Tick the current line, or untick it."""
        row = self.list.current
        if row is not None:
            chosen = not self.list.ticks[self.list.at]
            self._decided[row.document, row.start] = chosen
            self.list.choose(self.list.at, chosen)
            self.action_move(1)
            self._say("")

    def clicked(self) -> None:
        """Tick the line that was clicked."""
        at = self.list.at
        self.action_tick()
        self.list.stand_on(at)

    def action_all(self, chosen: bool) -> None:
        """Tick all that no person decided, or untick everything."""
        for at, row in enumerate(self.list.rows):
            if not chosen or not row.protected:
                self._decided[row.document, row.start] = chosen
                self.list.choose(at, chosen)
        self._say("")

    def action_match(self, what: str) -> None:
        """Look for the same words more or less strictly."""
        if self._start.query is not None:
            self._say("the search says what is the same: change what is typed behind /")
            return
        if what == "fold_case":
            self._matching = replace(self._matching, fold_case=not self._matching.fold_case)
        else:
            self._matching = replace(self._matching, whole_tokens=not self._matching.whole_tokens)
        self.look()

    def action_visit(self) -> None:
        """Close and go to the place on the current line."""
        row = self.list.current
        if row is not None:
            self.leave(Fixed(place=Place(row.document, row.start)))

    def action_apply(self) -> None:
        """Label what is ticked, as one change."""
        chosen = self.list.chosen()
        if self._label is None and not self._clears:
            self._say("which label? press a digit, l or h, or 0 for nothing")
        elif not chosen:
            self._say("nothing is ticked: space ticks a line, a all")
        elif not self.over and not self._asked:
            self._asked = True
            self._say(f"still searching: enter again applies to the {len(chosen):,} ticked so far")
        else:
            self._apply(chosen)

    def _apply(self, chosen: list[Occurrence]) -> None:
        try:
            changed = self._session.concordance.label(chosen, self._label)
        except (EditRefused, NerTuiError) as failed:
            self._say(f"not changed: {failed}")
            return
        what = "nothing there now" if self._label is None else f"now {self._label}"
        same = f", {len(chosen) - changed:,} left as they were" if changed < len(chosen) else ""
        places = counted(changed, "place")
        self.leave(Fixed(f"fix all: {places} {what}{same}; u takes it back", changed=True))
