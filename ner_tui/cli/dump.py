"""``ner-tui dump``: a project's texts and decisions as JSON Lines, for git."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.formats.atomic import atomic_writer
    from ner_tui.session.dumping import dump
    from ner_tui.store.project import Project

    project = Project.open(Path(arguments.project), read_only=True)
    try:
        if arguments.out == "-":
            dump(project, sys.stdout)
        else:
            with atomic_writer(arguments.out) as out:
                number = dump(project, out)
            print(f"{number:,} sentences to {arguments.out}", file=sys.stderr)
    finally:
        project.close()
    return 0
