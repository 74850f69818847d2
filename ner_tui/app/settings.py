"""What a person's configuration means to the app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.theme import BUILTIN_THEMES

from ner_tui.app.keymap import EVERY, Command
from ner_tui.app.remapping import gave_way, remapped

if TYPE_CHECKING:
    from ner_tui.config.user import UserConfig
    from ner_tui.session import Session


@dataclass(frozen=True, slots=True)
class AppSettings:
    """How the app is to look and to be used."""

    commands: tuple[Command, ...] = EVERY
    """Everything that keys do, with the keys."""
    theme: str = ""
    """For projects that have none of their own; empty for the usual one."""
    accept_doubtful: bool = False
    """Whether the keys that confirm accept what is doubtful, too."""
    notices: Sequence[str] = ()
    """What is to be told of the keys."""
    enough: int | None = None
    """With how many sentences that have errors the person can live."""

    def use_in(self, session: Session) -> None:
        """Have a session go by them."""
        session.notices[:0] = self.notices
        session.accepts_doubtful, session.enough = self.accept_doubtful, self.enough


def settings_of(config: UserConfig) -> AppSettings:
    """Return what ``config`` asks for.

    Raises:
        InputError: it names a command, a key or a theme that there is not, or gives a key to two commands.
    """
    theme = config.theme
    if theme is not None and theme.name not in BUILTIN_THEMES:
        raise theme.refused(f"there is no theme {theme.name!r}; themes are: {', '.join(sorted(BUILTIN_THEMES))}")
    commands = remapped(config.keys)
    return AppSettings(
        commands, theme.name if theme else "", config.accept_doubtful, gave_way(commands), config.errors_left
    )
