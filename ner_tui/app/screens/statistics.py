"""The statistics page: what the counters say at once, and what has to be counted as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.sliced_stream import SlicedStream
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.figures import FiguresView, KnownFigures
from ner_tui.domain.evaluation.agreement import Agreement
from ner_tui.domain.evaluation.auditing import Estimate
from ner_tui.domain.evaluation.following import Following
from ner_tui.session.own_patterns import OwnPatterns
from ner_tui.session.statistics import Counts, Pace

if TYPE_CHECKING:
    from ner_tui.session import Session

DRAWN_EVERY = 0.2
"""Seconds between two drawings of what is counted meanwhile."""
_Found = Counts | Pace | Estimate | Agreement | OwnPatterns | Following


class StatisticsScreen(Dialog[None]):
    """A page of figures."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", "close", show=False),
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("J,space,pagedown", "page(1)", "page down", show=False),
        Binding("K,pageup", "page(-1)", "page up", show=False),
        Binding("g,home", "edge(-1)", "top", show=False),
        Binding("G,end", "edge(1)", "bottom", show=False),
    ]
    AUTO_FOCUS = "FiguresView"

    def __init__(self, session: Session, presses: int) -> None:
        super().__init__()
        self._session = session
        statistics = session.statistics
        self._known = KnownFigures(statistics.overview(), presses, statistics.corrections(), session.enough)
        self._trouble = ""
        self._reader: SlicedStream[_Found] = SlicedStream(self, self._stream(), self._take, self._ended)
        self.figures = FiguresView()
        self.foot = Bar("statistics-foot")

    def compose(self) -> ComposeResult:
        """Lay out the figures over a line."""
        with Vertical(classes="whole page") as page:
            page.border_title = Content("Statistics")
            page.border_subtitle = clickable(("esc closes", "close"))
            yield self.figures
            yield self.foot

    def on_mount(self) -> None:
        """Show what the counters say, then count the rest."""
        self._draw()
        self.set_interval(DRAWN_EVERY, self._draw_if_counting)
        self.call_after_refresh(self._reader.resume)

    def _stream(self) -> Iterator[_Found | None]:
        statistics = self._session.statistics
        yield from statistics.documents()
        yield self._session.own_patterns
        yield from statistics.pace()
        yield self._session.queue.estimate()
        yield from self._session.adjudication.following()
        yield from statistics.agreement()

    def _take(self, found: list[_Found]) -> bool:
        for each in found:
            match each:
                case Counts():
                    self._known.documents.append(each)
                case Pace():
                    self._known.pace = each
                case Estimate():
                    self._known.estimate = each
                case OwnPatterns():
                    self._known.patterns, self._known.quiet = each.listed, each.quiet
                case Following():
                    self._known.following = each
                case Agreement():
                    self._known.agreement = each
        return True

    def _ended(self, error: str) -> None:
        self._trouble = error
        self._draw()

    def _draw_if_counting(self) -> None:
        if not self._reader.over:
            self._draw()

    def _draw(self) -> None:
        self.figures.show(self._known)
        state = self._trouble or ("" if self._reader.over else "counting…")
        style = "bar--alert" if self._trouble else "bar--strong"
        self.foot.show([(f" {state} ", style)], [("j/k  J/K page ", "bar--dim")])

    def action_close(self) -> None:
        """Close; what is not counted yet is left."""
        self._reader.stop()
        self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        """Scroll by a line."""
        self.figures.scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        """Scroll by a page."""
        self.figures.scroll_relative(y=step * max(1, self.figures.size.height - 1), animate=False)

    def action_edge(self, step: int) -> None:
        """Scroll to the top or the bottom."""
        self.figures.scroll_to(y=0 if step < 0 else len(self.figures.rows), animate=False)
