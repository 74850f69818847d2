"""``ner-tui load``: make a project of a dump."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.loading import load

    number = load(arguments.file, Path(arguments.project))
    print(f"{number:,} sentences in {arguments.project}", file=sys.stderr)
    return 0
