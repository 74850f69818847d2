"""``ner-tui check PROJECT``: whether a project holds together, and the same made again from what it was made from."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from ner_tui.cli.printing import Printer, json_object, tell
from ner_tui.domain.counting import counted
from ner_tui.errors import InputError


def run(arguments: Namespace) -> int:
    """Check one project file."""
    from ner_tui.session.transfer.rebuild import check_project, rebuild
    from ner_tui.store.integrity.verifying import KINDS

    if len(arguments.paths) > 1:
        raise InputError("a project is checked on its own: name one and nothing else")
    if arguments.repair or arguments.scheme or arguments.labels or arguments.column or arguments.from_:
        raise InputError("--repair, --scheme, --labels, --column and --from are for files: a project takes --rebuild")
    if arguments.rebuild and arguments.out in (None, "-"):
        raise InputError("the rebuilt project needs a file of its own: give a path with -o")
    if arguments.out and not arguments.rebuild:
        raise InputError("-o is where --rebuild makes the project again: give both, or neither")
    path, notes = Path(arguments.paths[0]), list[str]()
    found = rebuild(path, Path(arguments.out), notes) if arguments.rebuild else check_project(path, notes)
    counts, printer = Counter[str](), Printer()
    with json_object("findings") as result:
        for fault in found:
            counts[fault.kind] += 1
            if arguments.json:
                result.add(asdict(fault))
            else:
                printer.line(str(fault))
        if arguments.json:
            result.print({"counts": {kind: counts[kind] for kind in KINDS}, "project": str(path), "notes": notes})
    for note in notes:
        tell(note)
    if arguments.rebuild:
        what = f"{counted(counts.total(), 'difference')} from {path}" if counts else f"the same as {path}"
        tell(f"{arguments.out}: made again from sources and journal, {what}; suggestions are left to be predicted")
    else:
        kinds = ", ".join(f"{kind} {counts[kind]:,}" for kind in KINDS if counts[kind])
        findings = f"{counted(counts.total(), 'finding')}: {kinds}" if counts else "nothing found"
        tell(f"{path}: {findings}")
    return 1 if counts else 0
