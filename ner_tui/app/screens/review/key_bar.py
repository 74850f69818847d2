"""The bottom line where nothing is asked: the commonest keys, and those of the labels with their names.

Each of them can be clicked, and does then what its key does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import hints, sequences
from ner_tui.app.widgets.targets import Target
from ner_tui.domain.labels import CODE_PREFIX, Label

if TYPE_CHECKING:
    from ner_tui.app.keymap import Command, Hint

LONGEST = 12
"""Cells of a label's name at the most."""
SHARE = 0.5
"""How much of the line the labels get at the most."""


class KeyBar:
    """The keys of a screen, made anew only for other labels or another width."""

    def __init__(self, commands: Sequence[Command], keys: Mapping[str, str]) -> None:
        """``keys`` has, by the labels' own keys, those to be pressed where they are others."""
        self._hints = hints(commands)
        self._keys = keys
        self._more = next((pair.split(" ")[0] for pair in sequences(commands)), "")
        self._made: list[Target] = []
        self._made_for: tuple[Sequence[Label], int] | None = None

    def targets(self, labels: Sequence[Label], width: int) -> list[Target]:
        """Return what to show in ``width`` cells."""
        if (labels, width) != self._made_for:
            self._made_for = labels, width
            self._made = key_bar(self._hints, labels, self._keys, width, self._more)
        return self._made


def key_bar(
    told: tuple[Sequence[Hint], Sequence[Hint]],
    labels: Sequence[Label],
    keys: Mapping[str, str],
    width: int,
    more: str = "",
) -> list[Target]:
    """Return the keys; where there is little room the last ones give way, never the first.

    Args:
        told: keys with what they do: those before the labels and those behind them.
        labels: all of the project.
        keys: by the labels' own keys, those to be pressed where they are others.
        width: cells of the line.
        more: the key that further ones begin with, if there is one; it stands at the end.
    """
    head, tail = told
    shown = [target for hint in head for target in _hint(hint)]
    shown += _labels(labels, keys, width)
    last = [Target(f" {more} ", "bar--strong", f"prefix({more!r})"), Target("…", "bar--dim", f"prefix({more!r})")]
    left = width - _cells(shown) - (_cells(last) if more else 0)
    for hint in tail:
        found = _hint(hint)
        left -= _cells(found)
        if left < 0:
            break
        shown += found
    return shown + (last if more else [])


def _labels(labels: Sequence[Label], keys: Mapping[str, str], width: int) -> list[Target]:
    shown, used, more = list[Target](), 0, False
    for label in labels:
        if label.key.startswith(CODE_PREFIX) or not label.key:
            more = True
            continue
        key, name, action = keys.get(label.key, label.key), printable(label.name, LONGEST), _label_action(label)
        found = [
            Target(" ", "", action),
            Target(key, f"entity--decided-{label.slot}", action),
            Target(f" {name}", "bar--dim", action),
        ]
        if used + _cells(found) > width * SHARE:
            more = True
            break
        shown += found
        used += _cells(found)
    if more:
        shown.append(Target(f" {keys.get(CODE_PREFIX, CODE_PREFIX)}…", "bar--strong", "choose_label"))
    return shown


def _label_action(label: Label) -> str:
    return f"label_code({label.key!r})"


def _hint(hint: Hint) -> list[Target]:
    found = []
    for number, (key, action) in enumerate(hint.keys):
        found.append(Target(f"/{key}" if number else f" {key}", "bar--strong", action))
    return [*found, Target(f" {hint.words}", "bar--dim", hint.keys[0][1])]


def _cells(targets: Sequence[Target]) -> int:
    return sum(cell_len(target.text) for target in targets)
