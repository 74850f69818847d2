"""``ner-tui merge``: a three-way merge of dumps, as git calls it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import tell
from ner_tui.domain.counting import counted
from ner_tui.formats.files.paths import require_there

_LISTED = 20
"""Conflicts that are told one by one."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.formats.files.atomic import put_text, unwritable
    from ner_tui.session.team.merging import merge
    from ner_tui.session.transfer.outputs import opened

    require_there(arguments.base, arguments.ours, arguments.theirs)
    has_base = Path(arguments.base).stat().st_size > 0
    found = merge(arguments.base if has_base else None, arguments.ours, arguments.theirs)
    if arguments.out:
        with opened(arguments.out) as out:
            out.write(str(found))
    else:
        # Git takes what stands in our file then for the merged one.
        ours = Path(arguments.ours)
        try:
            put_text(ours, str(found))
        except OSError as error:
            raise unwritable(ours, ours, error) from error
    for each in found.conflicts[:_LISTED]:
        tell(each)
    if len(found.conflicts) > _LISTED:
        tell(f"and {len(found.conflicts) - _LISTED:,} more")
    if found.conflicts:
        told = counted(len(found.conflicts), "conflict")
        tell(f"{told}: ner-tui load makes a project of the merged dump, in which review goes through them")
    return 1 if found.conflicts else 0
