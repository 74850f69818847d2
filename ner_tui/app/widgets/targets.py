"""What can be clicked in a line, and what a click on it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual.message import Message


class Target(NamedTuple):
    """Words of a line that stand for an action."""

    text: str
    """Fit for a terminal."""
    style: str
    """The component class that styles it; empty for the widget's own style."""
    action: str = ""
    """What a click on it runs, as a key would; empty for nothing."""


@dataclass
class Wanted(Message):
    """A person clicked on what stands for an action."""

    action: str


def action_at(targets: Iterable[Target], x: int) -> str:
    """Return the action of the target that takes cell ``x`` of their line; empty where there is none."""
    for target in targets:
        x -= cell_len(target.text)
        if x < 0:
            return target.action
    return ""
