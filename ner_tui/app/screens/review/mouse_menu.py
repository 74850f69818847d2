"""The mouse: what is clicked does what its key does, and a menu at the place says what there is to do.

The menu is for the mouse alone. It has no focus, so every key does what it does in the text, and takes the menu away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.geometry import Offset

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import READINGS, key_name
from ner_tui.app.screens.review.base import ReviewBase
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.app.widgets.place_menu import Item, PlaceMenu
from ner_tui.app.widgets.targets import Target
from ner_tui.domain.labels import CODE_PREFIX

if TYPE_CHECKING:
    from ner_tui.session import DrawnSpan

LONGEST = 16
"""Cells of a label's name, or of words, in the menu."""
_ALWAYS = (
    ("sentence.confirm", "confirm sentence"),
    ("move.next-doubt", "next place"),
    ("edit.undo", "undo"),
    ("fix.all", "all alike"),
    ("note.write", "note"),
    ("project.export", "export"),
)
_EDGES = (
    ("span.extend-right", "longer"),
    ("span.shrink-right", "shorter"),
    ("span.extend-left", "longer at the left"),
    ("span.shrink-left", "shorter at the left"),
)


class MouseMenu(ReviewBase):
    """The menu at a place."""

    _menu: PlaceMenu | None = None
    """It is there while it is shown."""
    _closed_at: int | None = None
    """Where the cursor stood when the mouse took a menu away: the same click shows it no second time."""

    @on(DocumentView.Pointed)
    def _pointed(self, message: DocumentView.Pointed) -> None:
        closed_at, self._closed_at = self._closed_at, None
        waits = self.messages.prompt is not None or self.messages.question is not None
        if waits or (closed_at == self.view.cursor and not message.anew):
            return
        self.close_menu()
        self._menu = PlaceMenu()
        self.mount(self._menu)
        # The row below has the label of what was clicked.
        at = Offset(message.x, message.y + (1 if self.view.roomy else 0))
        self._menu.show([*self._items()], [*self._labels(), *self._edges()], at, self.size)

    @on(DocumentView.Scrolled)
    def _scrolled(self) -> None:
        self.close_menu()

    def close_menu(self) -> bool:
        """Take the menu away; whether it was there."""
        menu, self._menu = self._menu, None
        if menu is not None:
            menu.remove()
        return menu is not None

    def close_menu_under(self, at: Offset) -> None:
        """Take the menu away, unless the mouse was pressed on it."""
        self._closed_at = None
        if self._menu is not None and not self._menu.covers(at) and self.close_menu():
            self._closed_at = self.view.cursor

    def _items(self) -> Iterator[Item]:
        """Yield what can be done at the cursor, the likeliest first."""
        document, cursor = self.session.document, self.view.cursor
        drawn = document.span_at(cursor)
        if self.view.selection is not None and drawn is not None:
            # What is selected is to be labelled, unless it is the entity.
            drawn = drawn if self.view.selection == (drawn.span.start, drawn.span.end) else None
        if drawn is not None:
            yield from self._answers_to(drawn)
        for command, words in _ALWAYS:
            yield from self._item(command, words)

    def _answers_to(self, drawn: DrawnSpan) -> Iterator[Item]:
        suggestion = self.session.document.suggestion_at(self.view.cursor)
        label = printable(drawn.span.label, LONGEST)
        if suggestion is None:
            yield from self._item("span.remove", f"delete {label}")
            return
        found = printable(suggestion.span.label, LONGEST)
        yield from self._item("span.accept", f"accept {found}")
        yield from self._item("span.remove", f"reject {found}" if drawn.kind != "decided" else f"keep {label}")
        for command, other in zip(READINGS, suggestion.alternatives, strict=False):
            words = "nothing"
            if other.label:
                words = printable(self.session.document.words(other.start, other.end), LONGEST)
                words = f"{printable(other.label, LONGEST)} {words}"
            yield from self._item(command, words)

    def _item(self, command: str, words: str) -> Iterator[Item]:
        """Yield the item of a command, the key it has written beside it."""
        found = next((each for each in self.KEYS if each.id == command), None)
        if found is not None:
            key = {"c": "⏎"}.get(found.keys.split(",")[0], key_name(found.keys.split(",")[0]))
            yield Target(f" {key:<4}", "lines--strong", found.action), Target(f"{words} ", "")

    def _edges(self) -> Iterator[Item]:
        if self.session.document.span_at(self.view.cursor) is not None:
            for command, words in _EDGES:
                yield from self._item(command, words)

    def _labels(self) -> Iterator[Item]:
        """Yield the labels with their keys, and the way to those for which there is no room."""
        keys = self.legend.keys.keys
        shown = [label for label in self.session.labels if label.key and not label.key.startswith(CODE_PREFIX)]
        for label in shown:
            action, key = f"label_code({label.key!r})", keys.get(label.key, label.key)
            name = Target(f" {printable(label.name, LONGEST)} ", "")
            yield Target(f" {key} ", f"entity--decided-{label.slot}", action), name
        if len(shown) < len(self.session.labels):
            yield from self._item("label.choose", "others")
