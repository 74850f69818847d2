"""``ner-tui load``: make a project of a dump."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell
from ner_tui.domain.counting import counted


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.transfer.loading import load

    number = load(arguments.file, Path(arguments.project))
    tell(f"{counted(number, 'sentence')} in {arguments.project}")
    return 0
