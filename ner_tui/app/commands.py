"""The command palette: every action of the review screen by name, the labels, and the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import LABEL_COMMANDS, key_names, label_keys
from ner_tui.app.screens.review.screen import ReviewScreen


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One line of the palette."""

    name: str
    run: Callable[[], object]
    help: str


class ReviewCommands(Provider):
    """What can be done on the review screen."""

    async def discover(self) -> Hits:
        """List the actions before anything is typed."""
        for entry in self._entries():
            yield DiscoveryHit(Content(entry.name), entry.run, text=entry.name, help=entry.help)

    async def search(self, query: str) -> Hits:
        """List what matches ``query``."""
        matcher = self.matcher(query)
        for entry in (*self._entries(), *self._documents()):
            score = matcher.match(entry.name)
            if score > 0:
                yield Hit(score, _highlighted(matcher, entry.name), entry.run, text=entry.name, help=entry.help)

    def _entries(self) -> Iterator[PaletteEntry]:
        screen = self.screen
        if not isinstance(screen, ReviewScreen):
            return
        left_out = {"view.palette", *(each.id for each in LABEL_COMMANDS)}
        for command in screen.KEYS:
            if command.id not in left_out:
                keys = f"{command.group} · {key_names(filter(None, command.keys.split(',')))}"
                yield PaletteEntry(command.description.capitalize(), partial(screen.run_action, command.action), keys)
        other_keys = label_keys(screen.KEYS)
        for number, label in enumerate(screen.session.labels):
            run = partial(screen.action_label, number)
            key = other_keys.get(label.key, label.key) or "no key"
            yield PaletteEntry(f"Label as {printable(label.name)}", run, f"Decide · {key}")

    def _documents(self) -> Iterator[PaletteEntry]:
        screen = self.screen
        if isinstance(screen, ReviewScreen):
            for row in screen.session.rows():
                yield PaletteEntry(f"Open {printable(row.name)}", partial(screen.go, row.id), "Document")


def _highlighted(matcher: Matcher, name: str) -> Content:
    """Return a name with what matches set off; the matcher itself would take brackets in it for markup."""
    _, places = matcher.fuzzy_search.match(matcher.query, name)
    shown = Content(name)
    for at in places:
        shown = shown.stylize(matcher.match_style, at, at + 1)
    return shown
