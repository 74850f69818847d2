"""The bottom line where nothing is asked: the commonest keys, and those of the labels with their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.lines import Piece
from ner_tui.domain.labels import CODE_PREFIX, Label

LONGEST = 12
"""Cells of a label's name at the most."""
SHARE = 0.5
"""How much of the line the labels get at the most."""


def key_bar(
    hints: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]],
    labels: Sequence[Label],
    keys: Mapping[str, str],
    width: int,
) -> list[Piece]:
    """Return the keys; where there is little room the last ones give way, never the first.

    Args:
        hints: keys with what they do: those before the labels and those behind them.
        labels: all of the project.
        keys: by the labels' own keys, those to be pressed where they are others.
        width: cells of the line.
    """
    head, tail = hints
    before: list[Piece] = [piece for hint in head for piece in _hint(hint)]
    shown, used, more = list[Piece](), 0, False
    for label in labels:
        if label.key.startswith(CODE_PREFIX) or not label.key:
            more = True
            continue
        key, name = keys.get(label.key, label.key), f" {printable(label.name, LONGEST)} "
        cells = cell_len(key) + cell_len(name)
        if used + cells > width * SHARE:
            more = True
            break
        shown += [(key, f"entity--decided-{label.slot}"), (name, "bar--dim")]
        used += cells
    if more:
        shown.append((f"{keys.get(CODE_PREFIX, CODE_PREFIX)}… ", "bar--strong"))
    pieces = [*before, *shown]
    left = width - sum(cell_len(text) for text, _ in pieces)
    for hint in tail:
        found = _hint(hint)
        left -= sum(cell_len(text) for text, _ in found)
        if left < 0:
            break
        pieces += found
    return pieces


def _hint(hint: tuple[str, str]) -> tuple[Piece, Piece]:
    key, words = hint
    return (f" {key} ", "bar--strong"), (f"{words} ", "bar--dim")
