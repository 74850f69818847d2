"""A page that lists places of the project, found a few at a time as they come into sight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widget import Widget

from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.screens.list_keys import MOVES, ListKeys
from ner_tui.app.sliced_stream import SlicedStream
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.occurrence_list import OccurrenceList

T = TypeVar("T")


class PlaceList(ListKeys[OccurrenceList], Dialog[ScreenResultType], Generic[T, ScreenResultType]):
    """A list with a line over and under it, and the keys to go about in it.

    A subclass gives ``stream``, ``show`` and ``tell``, and says what choosing a line does in ``action_visit``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,c", "visit", "go there", show=False),
        Binding("escape,q", "cancel", "close", show=False),
        *MOVES,
        Binding("space", "page(1)", "page down", show=False),
    ]
    AUTO_FOCUS = "OccurrenceList"
    AHEAD: ClassVar[float] = 200
    """Places that are found ahead of what is in sight."""

    def __init__(self, title: str, *hints: tuple[str, str], boxes: bool = False) -> None:
        super().__init__()
        self._title = title
        self._hints = hints
        self._wanted = self.AHEAD
        self._reader: SlicedStream[T] | None = None
        self.trouble = ""
        self.list = OccurrenceList(boxes=boxes)
        self.head = Bar("places-head")
        self.foot = Bar("places-foot")

    def stream(self) -> Iterator[T | None]:
        """Yield what is to be listed; None lets others have a turn."""
        raise NotImplementedError

    def show(self, found: list[T]) -> None:
        """List what was found."""
        raise NotImplementedError

    def tell(self) -> None:
        """Say how far the search is in the lines over and under the list."""
        raise NotImplementedError

    def extra(self) -> Iterable[Widget]:
        """Return what stands under the lines."""
        return ()

    @property
    def number(self) -> str:
        """How many were found, with a plus while there may be more."""
        return f"{len(self.list.rows):,}{'' if self.over else '+'}"

    @property
    def over(self) -> bool:
        """Whether nothing more will be found."""
        return self._reader is not None and self._reader.over

    def compose(self) -> ComposeResult:
        """Lay out the list between the lines."""
        with Vertical(classes="whole page") as page:
            page.border_title = Content(self._title)
            page.border_subtitle = clickable(*self._hints)
            yield self.head
            yield self.list
            yield self.foot
            yield from self.extra()

    def on_mount(self) -> None:
        """Begin to look."""
        self.look()

    def look(self) -> None:
        """Look from the beginning."""
        self.halt()
        self.list.clear()
        self.trouble = ""
        self._wanted = self.AHEAD
        self._reader = SlicedStream(self, self.stream(), self._take, self._ended)
        self._reader.resume()
        self.tell()

    @property
    def rest(self) -> Iterator[T | None]:
        """What is not found yet."""
        return self._reader.rest if self._reader is not None else iter(())

    def halt(self) -> None:
        """Look no further."""
        if self._reader is not None:
            self._reader.stop()

    def _take(self, found: list[T]) -> bool:
        self.show(found)
        self.tell()
        return len(self.list.rows) < self._wanted

    def _ended(self, error: str) -> None:
        self.trouble = error
        self.tell()

    @on(OccurrenceList.NearEnd)
    def _more(self) -> None:
        if self._reader is not None and len(self.list.rows) >= self._wanted:
            self._wanted = len(self.list.rows) + self.AHEAD
            self._reader.resume()

    @on(OccurrenceList.Chosen)
    def _chosen(self) -> None:
        self.clicked()

    def clicked(self) -> None:
        """Do what a click on the current line is for."""
        self.action_visit()

    def action_visit(self) -> None:
        """Do with the current line what choosing it is for."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Close."""
        self.leave(None)

    def leave(self, result: ScreenResultType | None) -> None:
        """Close with a result."""
        self.halt()
        self.dismiss(result)
