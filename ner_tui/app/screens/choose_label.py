"""The dialog to choose a label: a part of its name is typed, and Enter takes the likeliest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.screens.list_keys import ListKeys
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.label_list import LabelList, matching
from ner_tui.app.widgets.text_line import TextLine

if TYPE_CHECKING:
    from ner_tui.domain.labels import Label

_AROUND = 5
"""Rows of the screen that are not the list's: the frame, two lines, and one to see that it lies on top."""


class ChooseLabelScreen(ListKeys[LabelList], Dialog[str]):
    """A line to type in over a list; its result is the name of a label."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False),
        Binding("down,ctrl+n,tab", "move(1)", "down", show=False),
        Binding("up,ctrl+b,shift+tab", "move(-1)", "up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, labels: Iterable[Label], counts: Mapping[str, int], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._title = title
        self._labels = list(labels)
        self._counts = counts
        self.list = LabelList(keys)
        self.foot = Bar("choose-foot")

    def compose(self) -> ComposeResult:
        """Lay out the list under the line."""
        with Vertical(classes="page labels") as page:
            page.border_title = Content(printable(self._title))
            page.border_subtitle = clickable(("enter takes", ""), ("↓ ↑", ""), ("esc", "cancel"))
            yield TextLine(placeholder="a part of its name, or its key", compact=True)
            yield self.list
            yield self.foot

    def on_mount(self) -> None:
        """List all labels."""
        self._show("")

    def on_key(self, event: events.Key) -> None:
        """Take what was typed before the line had the focus."""
        if self.focused is None and event.is_printable and event.character:
            event.stop()
            self.query_one(Input).insert_text_at_cursor(event.character)

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._show(message.value)

    def on_resize(self) -> None:
        """Keep the line that is typed in sight."""
        self.list.fit(_AROUND)

    def _show(self, typed: str) -> None:
        found = matching(self._labels, typed)
        self.list.show(found, self._counts)
        words = f"{len(found):,} of {len(self._labels):,} labels" if found else "no label has this in its name"
        self.foot.show([(f" {words}", "bar--dim" if found else "bar--alert")])

    @on(Input.Submitted)
    @on(LabelList.Chosen)
    def _taken(self, message: Input.Submitted | LabelList.Chosen) -> None:
        message.stop()
        if self.list.current is not None:
            self.dismiss(self.list.current.name)

    def action_cancel(self) -> None:
        """Close; no label is taken."""
        self.dismiss(None)
