"""``ner-tui backup``: a copy of a project, also of one that is open."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.session.transfer.backing_up import back_up

    back_up(Path(arguments.project), arguments.out)
    tell(f"{arguments.out}: all of {arguments.project} as it is now")
    return 0
