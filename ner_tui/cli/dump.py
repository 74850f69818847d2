"""``ner-tui dump``: a project's texts and decisions as JSON Lines, for git."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell
from ner_tui.domain.counting import counted


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.formats.files.atomic import atomic_writer
    from ner_tui.session.transfer.dumping import dump
    from ner_tui.session.transfer.outputs import refuse_sources, standard_output
    from ner_tui.store.file.connection import damage_as_error
    from ner_tui.store.project import Project

    path = Path(arguments.project)
    project = Project.open(path, read_only=True)
    try:
        if arguments.out == "-":
            with standard_output() as out, damage_as_error(path):
                dump(project, out)
        else:
            refuse_sources(project, arguments.out)
            with atomic_writer(arguments.out) as out, damage_as_error(path):
                number = dump(project, out)
            tell(f"{counted(number, 'sentence')} to {arguments.out}")
    finally:
        project.close()
    return 0
