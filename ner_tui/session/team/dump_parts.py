"""A dump by its parts, and three versions of a document side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ner_tui.session.transfer.dump_lines import dump_lines
from ner_tui.session.transfer.loading import load_into
from ner_tui.store.project import Project

Line = dict[str, Any]
"""An object of a dump."""
_STRUCTURE = ("kind", "text", "tokens")
"""What two sentences have in common that are the same one."""


@dataclass(slots=True)
class DumpedDocument:
    """A document with its sentences."""

    head: Line
    sentences: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Dump:
    """A dump by its parts."""

    project: Line
    labels: dict[str, Line] = field(default_factory=dict)
    aliases: dict[str, Line] = field(default_factory=dict)
    patterns: dict[str, Line] = field(default_factory=dict)
    """By what they say."""
    sources: dict[str, Line] = field(default_factory=dict)
    documents: dict[tuple[str, str, int], DumpedDocument] = field(default_factory=dict)
    """By path of the source, name, and which of those that are called the same."""


def _pattern_key(line: Line) -> str:
    return json.dumps([line["words"], line["label"]])


def require_loadable(path: str) -> None:
    """Make sure that a dump can be loaded.

    Raises:
        FormatError: a line of it is not what ``dump`` writes.
    """
    with closing(Project.scratch()) as project:
        load_into(project, path, Path(path).resolve().parent)


def read_dump(path: str) -> Dump:
    """Read a dump that can be loaded."""
    dump: Dump | None = None
    paths: list[str] = []
    document: DumpedDocument | None = None
    seen: dict[tuple[str, str], int] = {}
    for checked in dump_lines(path):
        line: Line = dict(checked.value)
        kind = line["kind"]
        if dump is None:
            dump = Dump(line)
        elif kind == "label":
            dump.labels[line["name"]] = line
        elif kind == "alias":
            dump.aliases[line["said"]] = line
        elif kind == "pattern":
            dump.patterns[_pattern_key(line)] = line
        elif kind == "source":
            dump.sources[line["path"]] = line
            paths.append(line["path"])
        elif kind == "document":
            number = checked.number("source")
            if not 1 <= number <= len(paths):
                raise checked.error(f"there is no source {number}")
            place = (paths[number - 1], line["name"])
            seen[place] = seen.get(place, 0) + 1
            document = dump.documents[(*place, seen[place])] = DumpedDocument(line)
        elif document is not None:
            document.sentences.append(line)
    assert dump is not None, "a dump has a first line"
    return dump


def rename_labels(dump: Dump, names: Mapping[str, str]) -> None:
    """Give labels other names wherever a dump uses them, by their names so far."""
    lines = [{**line, "label": names.get(line["label"], line["label"])} for line in dump.patterns.values()]
    dump.patterns = {_pattern_key(line): line for line in lines}
    for line in (line for document in dump.documents.values() for line in document.sentences):
        for key in {"spans", "rejected"} & line.keys():
            line[key] = [[start, end, names.get(label, label), *rest] for start, end, label, *rest in line[key]]
        if "rejected" in line:
            line["rejected"] = sorted({tuple(each): each for each in line["rejected"]}.values())
        for said in line.get("suggested", ()):
            for each in (said, *said["alternatives"]):
                each["label"] = names.get(each["label"], each["label"])


def stretches(
    base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line]
) -> Iterator[tuple[list[Line], list[Line], list[Line]]]:
    """Yield the sentences of three versions of a document in stretches: one of each where all have it, or else what
    stands between such."""
    keys = [structure(each) for each in (base, ours, theirs)]
    if keys[1] == keys[2]:
        known = base if keys[0] == keys[1] else [None] * len(ours)
        for b, o, t in zip(known, ours, theirs, strict=True):
            yield [b] if b else [], [o], [t]
        return
    anchors = _common(keys[0], keys[1], keys[2])
    at = (0, 0, 0)
    for place in (*anchors, (len(base), len(ours), len(theirs))):
        between = [list(each[first:last]) for each, first, last in zip((base, ours, theirs), at, place, strict=True)]
        if any(between):
            yield between[0], between[1], between[2]
        if place[0] < len(base) and place in anchors:
            yield [base[place[0]]], [ours[place[1]]], [theirs[place[2]]]
        at = (place[0] + 1, place[1] + 1, place[2] + 1)


def _common(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where sentences stand that all three versions have, in order."""
    in_ours, in_theirs = (dict(_matched(base, each)) for each in (ours, theirs))
    return [(at, in_ours[at], in_theirs[at]) for at in range(len(base)) if at in in_ours and at in in_theirs]


def _matched(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int]]:
    for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        yield from ((block.a + at, block.b + at) for at in range(block.size))


def structure(lines: Sequence[Line]) -> list[str]:
    """Return texts for how sentences are cut, the same for the same."""
    return [json.dumps([line.get(key) for key in _STRUCTURE]) for line in lines]


def united(base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """Return what neither took away of what was there, and what either added."""
    kept = [each for each in base if each in ours and each in theirs]
    added = [each for each in (*ours, *theirs) if each not in base]
    found: list[Any] = []
    for each in (*kept, *added):
        if each not in found:
            found.append(each)
    return found if found and isinstance(found[0], dict) else sorted(found)


def joined_notes(notes: Sequence[Sequence[Any]]) -> list[Any]:
    """Return notes with those on the same words made one: each has a place of its own."""
    found: dict[tuple[int, int], str] = {}
    for start, end, note in notes:
        found[start, end] = f"{found[start, end]} · {note}" if (start, end) in found else note
    return [[*place, note] for place, note in found.items()]
