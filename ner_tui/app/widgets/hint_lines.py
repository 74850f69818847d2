"""Keys with what they do, in as many lines as they take, each to be clicked."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.strip import Strip

from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.lines import strip
from ner_tui.app.widgets.targets import Target, Wanted, action_at


class HintLines(Bar):
    """Shows targets one after the other; one that has no room in a line begins the next."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._rows: list[list[Target]] = [[]]

    def offer(self, targets: list[Target]) -> None:
        """Show these; a click on one asks for its action."""
        super().offer(targets)
        self._wrap()

    def on_resize(self) -> None:
        """Divide them anew."""
        self._wrap()

    def _wrap(self) -> None:
        rows, free = list[list[Target]]([[]]), self.size.width
        for target in self._targets:
            free -= cell_len(target.text)
            if free < 0 and rows[-1]:
                rows.append([])
                free = self.size.width - cell_len(target.text)
            rows[-1].append(target)
        if rows != self._rows:
            self._rows = rows
            self.styles.height = len(rows)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Ask for the action of what was clicked."""
        event.prevent_default()
        action = action_at(self._rows[event.y], event.x) if event.y < len(self._rows) else ""
        if action:
            self.post_message(Wanted(action))

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        row = self._rows[y] if y < len(self._rows) else []
        pieces = [(target.text, target.style) for target in row]
        return strip(pieces, self.size.width, self.rich_style, self.get_component_rich_style)
