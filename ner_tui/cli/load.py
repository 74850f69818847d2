"""``ner-tui load``: make a project of a dump."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.transfer.loading import load

    number = load(arguments.file, Path(arguments.project))
    tell(f"{number:,} sentences in {arguments.project}")
    return 0
