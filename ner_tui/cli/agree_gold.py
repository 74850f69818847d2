"""What ``agree`` says of a gold project: which annotators were followed in it, and where each errs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ner_tui.cli.printing import Printer, as_json
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.following import Following, ReaderFigures

_LISTED = 10
"""Errors of an annotator that are listed."""


def following_of(path: str) -> Following | None:
    """Return what a gold project says of its annotators; None: it is no gold project, or nothing in it is settled."""
    from contextlib import closing

    from ner_tui.session.team.sides import opened_project
    from ner_tui.session.votes import following, readers_of

    project = opened_project(path)
    if project is None:
        return None
    with closing(project):
        if not readers_of(project):
            return None
        (*_, found) = following(project)
    return None if found is None or found.is_empty else found


def show_following(path: str, found: Following, *, as_object: bool) -> None:
    """Print it."""
    if as_object:
        print(as_json(_object(path, found)))
        return
    printer = Printer()
    printer.line(f"{path}: {counted(found.gold, 'span')}, {counted(found.conflicts, 'settled conflict')}")
    headers = ("annotator", "followed", "of conflicts", "F1", "other label", "other boundaries", "missed", "too many")
    rows = []
    for each in found.readers:
        share, f1 = each.followed / max(found.conflicts, 1), found.f1(each)
        numbers = [each.labels.total(), each.boundaries.total(), each.missed.total(), each.spurious.total()]
        figures = [f"{each.followed:,}", f"{share:.1%}", "undefined" if f1 is None else f"{f1:.4f}"]
        rows.append((each.name, *figures, *(f"{number:,}" for number in numbers)))
    printer.table("Who was followed", headers, rows)
    for each in found.readers:
        if errors := _errors(each):
            printer.table(f"Where {each.name} errs", (each.name, "gold", "spans"), errors[:_LISTED])


def _errors(reader: ReaderFigures) -> list[tuple[str, str, str]]:
    found: Counter[tuple[str, str]] = Counter(reader.labels)
    found.update({(f"{label}, other boundaries", label): number for label, number in reader.boundaries.items()})
    found.update({("–", label): number for label, number in reader.missed.items()})
    found.update({(label, "–"): number for label, number in reader.spurious.items()})
    return [(*which, f"{number:,}") for which, number in found.most_common()]


def _object(path: str, found: Following) -> dict[str, object]:
    return {
        "gold": path,
        "spans": found.gold,
        "conflicts": found.conflicts,
        "annotators": [
            {
                "name": each.name,
                "followed": each.followed,
                "f1": found.f1(each),
                "spans": each.spans,
                "same": each.same,
                "labels": [
                    {"said": said, "gold": gold, "number": number} for (said, gold), number in each.labels.most_common()
                ],
                "boundaries": dict(each.boundaries),
                "missed": dict(each.missed),
                "spurious": dict(each.spurious),
            }
            for each in found.readers
        ],
    }
