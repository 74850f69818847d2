"""Lists to choose from that take keys also where there is no room for a line of them.

The toolkit's own look up the line of what is highlighted, and fail where nothing was laid out.
"""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.widgets import OptionList


class Palette(CommandPalette):
    """The commands by name."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)


class Choices(OptionList):
    """A list of anything."""

    def _move_page(self, direction: int) -> None:
        if self.scrollable_content_region:
            super()._move_page(direction)  # type: ignore[arg-type]
