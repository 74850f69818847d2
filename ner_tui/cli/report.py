"""``ner-tui report``: a project as one page of HTML, for people who only look."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell
from ner_tui.domain.counting import counted


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.app.theme import SLOTS
    from ner_tui.session.transfer.report import write_report
    from ner_tui.store.file.connection import damage_as_error
    from ner_tui.store.project import Project

    path = Path(arguments.project)
    project = Project.open(path, read_only=True)
    try:
        with damage_as_error(path):
            whole = write_report(project, arguments.out, [(slot.on_light, slot.on_dark) for slot in SLOTS])
    finally:
        project.close()
    if arguments.out != "-":
        held = f"{counted(whole.sentences, 'sentence')}, {counted(whole.spans, 'decision')}"
        tell(f"{arguments.out}: {held}; any browser opens it")
    return 0
