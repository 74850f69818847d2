"""How the window is divided between the text and the panes beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Size
from textual.screen import Screen

if TYPE_CHECKING:
    from ner_tui.session.kept_view import KeptView

WIDE = 100
"""Cells from which on the side panes are shown unless a person chose otherwise."""
_WIDTHS = [(0, "-narrow"), (110, "-medium"), (140, "-wide"), (180, "-widest")]
_HEIGHTS = [(0, "-short"), (14, "-tall")]


class PaneLayout(Screen[None], inherit_bindings=False):
    """Folds panes away where there is no room for them."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    panes_chosen = False
    """Whether a person said in this session if the panes are to be shown."""

    def __init__(self, kept: KeptView | None = None) -> None:
        super().__init__()
        self.kept = kept
        """How the person likes the screen, if that is known and to be kept."""

    def take_size(self, size: Size) -> None:
        """Divide a window of ``size``; before the first paint this spares it being divided twice."""
        wanted = _fitting(size.width, _WIDTHS) | _fitting(size.height, _HEIGHTS)
        if not self.panes_chosen:
            wide = size.width >= WIDE
            chosen = self.kept.panes(wide=wide) if self.kept else None
            wanted["-panes"] = wide if chosen is None else chosen
        before = self.classes
        for name, fits in wanted.items():
            self.set_class(fits, name, update=False)
        # Once for all of them: each time every widget is given its styles anew.
        if self.classes != before:
            self.update_node_styles()

    def on_compose(self) -> None:
        """Divide the window as large as it is now; it has no widgets yet, which get their styles once then."""
        self.take_size(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        """Divide the window anew."""
        self.take_size(event.size)


def _fitting(cells: int, breakpoints: list[tuple[int, str]]) -> dict[str, bool]:
    """Return the names of breakpoints, and whether each is the one that fits so many cells."""
    fitting = [name for least, name in breakpoints if cells >= least]
    return {name: name == fitting[-1] for _, name in breakpoints}
