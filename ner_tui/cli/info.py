"""``ner-tui info``: what a project holds and how far it is."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from ner_tui.cli.printing import Printer, as_json


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.document_counts import label_counts, row, rows
    from ner_tui.store.file.connection import damage_as_error
    from ner_tui.store.project import WHOLE, Project

    path = Path(arguments.project)
    project = Project.open(path, read_only=True)
    try:
        with damage_as_error(path):
            tallies, documents = project.tallies(), list(rows(project))
            whole, labels = row(WHOLE, str(project.path), tallies), label_counts(project.labels, tallies)
    finally:
        project.close()
    if arguments.json:
        print(as_json({**asdict(whole), "labels": labels, "documents": [asdict(d) for d in documents]}))
        return 0
    printer = Printer()
    for document in (*documents, whole):
        printer.line(
            f"{document.confirmed:6,} of {document.sentences:6,} sentences confirmed  {document.spans:6,} decisions  "
            f"{document.suggestions:6,} open  {document.doubts:6,} in doubt  {document.name}"
        )
    printer.line("labels: " + "  ".join(f"{name} {number:,}" for name, number in labels.items()))
    return 0
