"""A three-way merge of dumps, sentence by sentence: what both changed in different ways stays for a person to settle.

What one side alone changed is taken, and what both changed in the same way. Spans are merged in groups that overlap:
where both sides have another reading of a group than the base, both stay as contested suggestions, and the sentence is
open again. A text that is cut into sentences or words otherwise on both sides is taken as ours has it, and told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ner_tui.domain.evaluation.conflicts import span_groups
from ner_tui.domain.labels import Label, LabelSet
from ner_tui.domain.spans import Span
from ner_tui.session.team.contested import contested
from ner_tui.session.team.dump_parts import (
    Dump,
    DumpedDocument,
    Line,
    joined_notes,
    read_dump,
    rename_labels,
    require_loadable,
    stretches,
    structure,
    united,
)
from ner_tui.session.transfer.dumping import dumped

_LISTS = ("rejected", "notes", "swept", "suggested")
"""Lists of a sentence in which each entry is there or is not."""
_STATES = ("untouched", "in progress", "confirmed")


@dataclass(slots=True)
class Merge:
    """A merged dump, and what could not be merged."""

    lines: list[Line]
    conflicts: list[str]
    """What a person has to settle, and where."""

    def __str__(self) -> str:
        """The dump as it is written."""
        return "".join(map(dumped, self.lines))


def merge(base: str | None, ours: str, theirs: str) -> Merge:
    """Merge two dumps that were made of one.

    Args:
        base: path of the dump that both come from; None, or an empty file: there is none.

    Raises:
        FormatError: one of them is no dump.
        InputError: one of them cannot be read.
    """
    for path in filter(None, (base, ours, theirs)):
        require_loadable(path)
    one, other = read_dump(ours), read_dump(theirs)
    before = read_dump(base) if base else Dump({})
    return _Merging(before, one, other).result()


class _Merging:
    def __init__(self, base: Dump, ours: Dump, theirs: Dump) -> None:
        self._base, self._ours, self._theirs = base, ours, theirs
        self._conflicts: list[str] = []
        self._names = _names(ours.project, theirs.project)
        self._contested = False

    def result(self) -> Merge:
        base, ours, theirs = self._base, self._ours, self._theirs
        labels = self._labels()
        known = {line["name"] for line in labels}
        aliases = self._aliases(known)
        names = {line["said"]: line["label"] for line in aliases if line["said"] not in known}
        for each in (base, ours, theirs) if names else ():
            # What one side renamed has its new name in what the other one said meanwhile.
            rename_labels(each, names)
        sources = self._table("source", base.sources, ours.sources, theirs.sources)
        numbers = {line["path"]: number for number, line in enumerate(sources, 1)}
        lines = [
            *labels,
            *aliases,
            *self._table("pattern", base.patterns, ours.patterns, theirs.patterns),
            *sources,
        ]
        keys = dict.fromkeys((*ours.documents, *theirs.documents))
        for key in keys:
            document = self._document(key)
            if document is not None and key[0] in numbers:
                lines.append(document.head | {"source": numbers[key[0]], "sentences": len(document.sentences)})
                lines += document.sentences
        return Merge([self._project(), *lines], self._conflicts)

    def _project(self) -> Line:
        line = self._fields(self._base.project, self._ours.project, self._theirs.project, "the project")
        readers = [*self._ours.project.get("readers", ()), *self._theirs.project.get("readers", ())]
        readers += self._names if self._contested else ()
        return line | ({"readers": list(dict.fromkeys(readers))} if readers else {})

    def _labels(self) -> list[Line]:
        """Return the labels, each with a key of its own."""
        merged = self._table("label", self._base.labels, self._ours.labels, self._theirs.labels)
        labels = LabelSet()
        for line in merged:
            label = Label(line["name"], line["key"], line["slot"], line["description"])
            labels = labels.with_label(label, len(labels))
        return [line | {"key": label.key, "slot": label.slot} for line, label in zip(merged, labels, strict=True)]

    def _aliases(self, known: Collection[str]) -> list[Line]:
        """Return what other names stand for, which is a label that is ``known``; ascending."""
        lines = self._table("alias", self._base.aliases, self._ours.aliases, self._theirs.aliases)
        meant = {line["said"]: line["label"] for line in lines}
        found = []
        for line in sorted(lines, key=lambda line: str(line["said"])):
            name, passed = line["label"], set[str]()
            # One side may have renamed what the other one meant by a name.
            while name not in known and name in meant and name not in passed:
                passed.add(name)
                name = meant[name]
            if name in known:
                found.append(line | {"label": name})
        return found

    def _table(
        self, what: str, base: Mapping[str, Line], ours: Mapping[str, Line], theirs: Mapping[str, Line]
    ) -> list[Line]:
        """Return the lines of one kind: those of ours in their order, then what theirs added."""
        found = []
        for name in dict.fromkeys((*ours, *theirs)):
            b, o, t = base.get(name), ours.get(name), theirs.get(name)
            if o is not None and t is not None:
                found.append(self._fields(b or {}, o, t, f"the {what} {name}"))
            elif (b is None or (o or t) != b) and (o or t) is not None:
                # Added by one, or changed by one and taken away by the other: nothing is lost.
                found.append(o or t or {})
        return found

    def _fields(self, base: Line, ours: Line, theirs: Line, what: str) -> Line:
        """Merge the fields of a line; where both changed one, ours stays, and it is told."""
        merged: Line = {}
        for name in dict.fromkeys((*ours, *theirs)):
            b, o, t = base.get(name), ours.get(name), theirs.get(name)
            if o != b and t not in (b, o):
                said = f"{name} is {json.dumps(o)} in ours, {json.dumps(t)} in theirs"
                self._conflicts.append(f"{what}: {said}: ours stays")
            value = t if o == b else o
            if value is not None or name in ours:
                merged[name] = value
        return merged

    def _document(self, key: tuple[str, str, int]) -> DumpedDocument | None:
        base, ours, theirs = (side.documents.get(key) for side in (self._base, self._ours, self._theirs))
        if ours is None or theirs is None:
            there = ours or theirs
            gone = base is not None and there is not None and there.sentences == base.sentences
            return None if gone else there
        # Numbers of sources differ between dumps, and are given anew.
        heads = [dict(each.head, source=0, sentences=0) if each else {} for each in (base, ours, theirs)]
        head = self._fields(heads[0], heads[1], heads[2], key[1])
        before = base.sentences if base else []
        merged: list[Line] = []
        line_of = key[1]
        for b, o, t in stretches(before, ours.sentences, theirs.sentences):
            merged += self._stretch(b, o, t, line_of)
        return DumpedDocument(head, merged)

    def _stretch(self, base: list[Line], ours: list[Line], theirs: list[Line], name: str) -> list[Line]:
        if structure(ours) == structure(theirs):
            known = base if structure(base) == structure(ours) else []
            return [self._sentence(b or {}, o, t, name) for b, o, t in zip_longest(known, ours, theirs)]
        if ours == base:
            return theirs
        if theirs != base:
            line = ours[0]["line"] if ours else theirs[0]["line"]
            self._conflicts.append(
                f"{name}: line {line}: both cut the text into sentences or words, or changed it: ours stays"
            )
        return ours

    def _sentence(self, base: Line, ours: Line, theirs: Line, name: str) -> Line:
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        what = f"{name}: line {ours['line']}"
        rest = [{key: value for key, value in line.items() if key not in _OWN} for line in (base, ours, theirs)]
        merged = self._fields(rest[0], rest[1], rest[2], what)
        spans, disputed = self._spans(base, ours, theirs, what)
        lists = {key: united(*(line.get(key, ()) for line in (base, ours, theirs))) for key in _LISTS}
        lists["notes"] = joined_notes(lists["notes"])
        # A conflict has no other readings than the two, and no answer yet; and what is decided is not rejected.
        open_places = [(each["start"], each["end"]) for each in disputed]
        decided = [span[:3] for span in spans]
        lists["rejected"] = [
            each for each in lists["rejected"] if each not in decided and not _overlaps(each, open_places)
        ]
        by_person = [[start, end] for start, end, _, source in spans if source == "person"]
        lists["swept"] = [place for place in lists["swept"] if place in by_person]
        suggested = [
            each for each in lists["suggested"] if not _overlaps((each["start"], each["end"]), (*spans, *open_places))
        ]
        lists["suggested"] = sorted(
            (*suggested, *disputed), key=lambda each: (each["start"], each["end"], each["label"], each["model"])
        )
        merged |= {key: listed for key, listed in (lists | {"spans": spans}).items() if listed}
        status = _status(base, ours, theirs, spans)
        if disputed:
            self._contested, status = True, "in progress"
        if status != "untouched" or "status" in ours or "status" in theirs:
            merged["status"] = status
        return merged

    def _spans(self, base: Line, ours: Line, theirs: Line, what: str) -> tuple[list[list[Any]], list[Any]]:
        """Return the spans of a sentence, and what is said of those that cannot be merged."""
        sources = {
            (start, end, label): source
            for line in (base, theirs, ours)
            for start, end, label, source in _spans_of(line)
        }
        sides = [[Span(*span[:3]) for span in _spans_of(line)] for line in (base, ours, theirs)]
        refused = [_refused(base, line) for line in (ours, theirs)]
        taken: list[Span] = []
        disputed: list[Any] = []
        for b, o, t in span_groups(sides):
            if o == t or (t == b and not _contradicts(refused[1], o, t)):
                taken += o
            elif o == b and not _contradicts(refused[0], t, o):
                taken += t
            else:
                disputed += contested(dict(zip(self._names, (o, t), strict=True)))
                said = [
                    ", ".join(f"{span.label} “{ours['text'][span.start : span.end]}”" for span in each) or "nothing"
                    for each in (o, t)
                ]
                self._conflicts.append(f"{what}: {said[0]} in ours, {said[1]} in theirs")
        return [[*key, sources[key]] for key in sorted((s.start, s.end, s.label) for s in taken)], disputed


_OWN = ("spans", "status", *_LISTS)
"""What of a sentence is merged in a way of its own."""


def _spans_of(line: Line) -> Sequence[Sequence[Any]]:
    spans: Sequence[Sequence[Any]] = line.get("spans", ())
    return spans


def _overlaps(place: Sequence[Any], places: Iterable[Sequence[Any]]) -> bool:
    return any(place[0] < other[1] and other[0] < place[1] for other in places)


def _refused(base: Line, line: Line) -> list[Sequence[Any]]:
    """Return what a side has rejected since the base."""
    return [each for each in line.get("rejected", ()) if each not in base.get("rejected", ())]


def _contradicts(refused: Sequence[Sequence[Any]], spans: Sequence[Span], own: Sequence[Span]) -> bool:
    """Whether a side, which has no spans but its ``own``, has said no where the other one decided spans."""
    new = [(span.start, span.end) for span in spans if span not in own]
    return any(_overlaps(each, new) for each in refused)


def _status(base: Line, ours: Line, theirs: Line, spans: Sequence[Sequence[Any]]) -> str:
    """Return how far a sentence is: as whoever changed it says, and if both did, the lesser.

    It is confirmed only if one has confirmed it as it is now.
    """
    before, one, other = (_STATES.index(line.get("status", _STATES[0])) for line in (base, ours, theirs))
    status = _STATES[other if one == before else one if other == before else min(one, other)]
    seen = [_spans_of(line) for line in (ours, theirs) if line.get("status") == status]
    return status if status != "confirmed" or _places(spans) in map(_places, seen) else "in progress"


def _places(spans: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    return [span[:3] for span in spans]


def _names(ours: Line, theirs: Line) -> tuple[str, str]:
    """Return who the two sides are."""
    names = ours.get("annotator") or "ours", theirs.get("annotator") or "theirs"
    return names if names[0] != names[1] else ("ours", "theirs")
