"""``ner-tui export``: write what is decided in a project."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell
from ner_tui.formats import SEPARATORS


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.transfer.exporting import WriteRequest, write_project
    from ner_tui.store.file.connection import damage_as_error
    from ner_tui.store.project import Project

    path = Path(arguments.project)
    project = Project.open(path, read_only=True)
    request = WriteRequest(
        arguments.to,
        arguments.scheme,
        SEPARATORS[arguments.sep] if arguments.sep else None,
        only_confirmed=arguments.only == "confirmed",
        with_suggestions=arguments.with_suggestions,
    )
    try:
        with damage_as_error(path):
            report = write_project(project, arguments.out, request)
    finally:
        project.close()
    for change in report.changes:
        tell(change)
    tell(f"{report}{' (--with-suggestions writes them)' if report.open_left_out and not arguments.only else ''}")
    return 0
