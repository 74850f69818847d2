"""``ner-tui export``: write what is decided in a project."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.cli.parser import PATTERNS
from ner_tui.cli.printing import tell
from ner_tui.errors import InputError
from ner_tui.formats import SEPARATORS

if TYPE_CHECKING:
    from ner_tui.session.transfer.project_stream import ExportReport
    from ner_tui.store.project import Project


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
            if arguments.to == PATTERNS:
                report = _write_patterns(project, arguments)
            else:
                report = write_project(project, arguments.out, request)
    finally:
        project.close()
    for change in report.changes:
        tell(change)
    tell(f"{report}{' (--with-suggestions writes them)' if report.open_left_out and not arguments.only else ''}")
    return 0


def _write_patterns(project: Project, arguments: Namespace) -> ExportReport:
    from ner_tui.session.transfer.decided_patterns import write_patterns

    if arguments.scheme or arguments.sep:
        raise InputError("patterns have no tags and no columns: leave out --scheme and --sep")
    return write_patterns(
        project,
        arguments.out,
        only_confirmed=arguments.only == "confirmed",
        with_suggestions=arguments.with_suggestions,
    )
