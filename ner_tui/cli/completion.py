"""``ner-tui completion``: what completes commands, options and files in a shell."""

from __future__ import annotations

from argparse import Action, Namespace, _SubParsersAction
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

FILES = frozenset((
    "A", "B", "BASE", "DATA", "DIR", "FILE", "FILE.html", "FILE|A,B,C", "GOLD", "IN", "NEW", "OURS", "OUT", "PATH",
    "PRED", "PROJECT", "SPEC", "THEIRS",
))  # fmt: skip
"""What is said for values that are files or folders, or may be."""
OTHERS = frozenset((
    "A,B", "A,B,C", "A=B,C=", "ADDRESS", "B_PER,O", "COLUMN", "ENC", "K/N", "LABEL", "N", "NAME", "O,B-PER,…", "P",
    "P%", "S", "X", None,
))  # fmt: skip
"""What is said for values that are none."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.formats.standoff.extras import require_extra

    require_extra("shtab", "completion", "what completes in a shell is made by shtab")
    import shtab

    from ner_tui.cli.parser import build_parser

    parser = build_parser()
    for action in actions(parser):
        if action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(parser, arguments.shell))
    return 0


def actions(parser: ArgumentParser) -> Iterator[Action]:
    """Yield the arguments of all commands."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for below in action.choices.values():
                yield from actions(below)
        else:
            yield action
