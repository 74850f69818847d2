"""``ner-tui info``: what a project holds and how far it is."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.cli.printing import Printer, as_json

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.auditing import Estimate


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.document_counts import label_counts, row, rows
    from ner_tui.session.statistics import errors_left, told_of_errors
    from ner_tui.store.file.connection import damage_as_error
    from ner_tui.store.project import WHOLE, Project

    path = Path(arguments.project)
    project = Project.open(path, read_only=True)
    try:
        with damage_as_error(path):
            tallies, documents = project.tallies(), list(rows(project))
            whole, labels = row(WHOLE, str(project.path), tallies), label_counts(project.labels, tallies)
            estimate = errors_left(project)
    finally:
        project.close()
    if arguments.json:
        of_documents = [asdict(document) for document in documents]
        facts = {"labels": labels, "errors_left": _object(estimate), "documents": of_documents}
        print(as_json({**asdict(whole), **facts}))
        return 0
    printer = Printer()
    for document in (*documents, whole):
        printer.line(
            f"{document.confirmed:6,} of {document.sentences:6,} sentences confirmed  {document.spans:6,} decisions  "
            f"{document.suggestions:6,} open  {document.doubts:6,} in doubt  {document.name}"
        )
    printer.line("labels: " + "  ".join(f"{name} {number:,}" for name, number in labels.items()))
    if estimate.checked:
        low, high = estimate.bounds
        printer.line(
            f"errors: {estimate.wrong:,} of {estimate.checked:,} sentences checked by chance needed a correction; "
            f"of the {estimate.left:,} others between {low:,} and {high:,} do, at 95%"
        )
        for words in told_of_errors(estimate, None):
            printer.line(f"errors: {words}")
    return 0


def _object(estimate: Estimate) -> dict[str, object]:
    low, high = estimate.bounds
    return {
        "checked": estimate.checked,
        "wrong": estimate.wrong,
        "left": estimate.left,
        "low": low,
        "high": high,
        "f1": estimate.f1,
        "sway": estimate.sway,
    }
