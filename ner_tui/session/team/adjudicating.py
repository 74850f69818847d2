"""Adjudication: a project made of several annotators' work, in which a person settles what they differ in.

What all read alike is decided when the project is made. Each conflict stands in it as suggestions of all readers that
no key which confirms many accepts; everything else is that of any project.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.conflicts import is_conflict, span_groups
from ner_tui.domain.evaluation.dawid_skene import DawidSkene, fitted, votes_of
from ner_tui.domain.evaluation.labelled_texts import LabelledText, WordNote, in_common, shared_texts
from ner_tui.domain.labels import CONLL2003, LabelSet
from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.spans import Span
from ner_tui.errors import InputError
from ner_tui.session.team.aligning import Unplaced, align, word
from ner_tui.session.team.contested import contested
from ner_tui.session.team.sides import SideOptions, read_sides, require_several, texts_of
from ner_tui.session.transfer.dumping import VERSION, document_lines, dumped, source_line
from ner_tui.session.transfer.loading import load
from ner_tui.session.votes import VOTES
from ner_tui.store.content import StoredDocument
from ner_tui.store.project import BLIND, Project

_ITEMS = ("spans", "rejected", "suggested", "status", "flagged", "notes")
"""What of a sentence is not taken from the first annotator."""
_SEVERAL = 4
"""With so many annotators, it can be told how reliable each is."""


@dataclass(slots=True)
class AdjudicationReport:
    """What the project was made of."""

    readers: tuple[str, ...]
    documents: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    """How many documents of each reader not all have."""
    sentences: int = 0
    unread: int = 0
    """Sentences that not all have confirmed: nothing is decided there."""
    agreed: int = 0
    """Spans that all have."""
    conflicts: int = 0
    not_placed: list[str] = field(default_factory=list)
    """Spans without a place in the first annotator's words."""
    told: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Say it in a sentence."""
        said = f"{', '.join(self.readers)}: {counted(self.agreed, 'span')} by agreement, "
        said += f"{counted(self.conflicts, 'conflict')} in {counted(self.sentences, 'sentence')} of "
        said += counted(self.documents, "document")
        if self.unread:
            are = "sentence is" if self.unread == 1 else "sentences are"
            said += f"; {self.unread:,} {are} left open that not all have confirmed"
        left = ", ".join(f"{number:,} of {name}" for name, number in self.left_out.items() if number)
        return f"{said}; documents that not all have: {left}" if left else said


def nothing_in_common(one: str, other: str) -> InputError:
    """Return what to raise where annotations of two files or projects are not of the same texts."""
    step = "compare annotations of the same texts, such as what `ner-tui deal --overlap 20%` gives to all"
    return InputError(f"{one} and {other} have no text in common: {step}")


def adjudicate(paths: Sequence[str], options: SideOptions, target: Path, *, blind: bool) -> AdjudicationReport:
    """Make the project.

    Args:
        blind: whether it is hidden who read what.

    Raises:
        InputError: the sides cannot be read or have no text in common, or there is a file at ``target``.
        ProjectError: it cannot be written.
    """
    if target.exists():
        raise InputError(f"{target} is there already: name a new project with --project")
    numbers: dict[str, int] = {}
    sides = read_sides(paths, options, numbers)
    require_several(sides)
    labels = tuple(numbers)
    lost = align(sides)
    documents = in_common([side.texts for side in sides])
    if not documents:
        raise nothing_in_common(sides[0].path, sides[1].path)
    report = AdjudicationReport(tuple(side.annotator for side in sides), len(documents))
    report.left_out = {side.annotator: len(side.texts) - len(documents) for side in sides}
    report.told = [sentence for side in sides for sentence in side.told]
    with closing(texts_of(paths[0], options)) as base, TemporaryDirectory() as scratch:
        stored = [each for each in base.content.documents() if each.words]
        of_text = {id(text): each for text, each in zip(sides[0].texts, stored, strict=True)}
        dump = Path(scratch) / "gold.jsonl"
        making = _GoldDump(base, report, labels, lost, _reliability(documents, len(labels)), blind=blind)
        with dump.open("w", encoding="utf-8", newline="") as out:
            for line in making.lines([(of_text[id(texts[0])], texts) for texts in documents], target):
                out.write(dumped(line))
        load(str(dump), target)
    with closing(Project.open(target)) as project:
        # Nobody is to be swayed by a model unless they name one.
        project.set_setting("model", "none")
        if blind:
            project.set_setting(BLIND, "yes")
    report.not_placed = [each.described(labels) for each in lost]
    return report


def _reliability(documents: Sequence[Sequence[LabelledText]], labels: int) -> DawidSkene | None:
    """Return how reliable the annotators are; None where they are too few to tell."""
    if len(documents[0]) < _SEVERAL:
        return None
    return fitted(votes_of(shared_texts(documents).spans, labels), labels)


class _Read(NamedTuple):
    """A reader's text in the words of the first one's."""

    spans: list[TagSpan]
    counts: Sequence[bool]
    """Of each word, whether what is said of it counts."""
    open_words: set[int]
    """Where a span stands that has no place: what is there has to be looked at."""


class _GoldDump:
    def __init__(
        self,
        base: Project,
        report: AdjudicationReport,
        labels: Sequence[str],
        lost: list[Unplaced],
        reliability: DawidSkene | None,
        *,
        blind: bool,
    ) -> None:
        self._base = base
        self._report = report
        self._labels = labels
        self._lost = lost
        self._reliability = reliability
        self._blind = blind
        self._numbers = {name: number for number, name in enumerate(labels)}

    def lines(
        self, documents: Sequence[tuple[StoredDocument, Sequence[LabelledText]]], target: Path
    ) -> Iterator[Mapping[str, object]]:
        """Yield the lines of the dump."""
        yield {"kind": "project", "version": VERSION, "readers": list(self._report.readers)}
        common = () if set(self._labels).isdisjoint(CONLL2003) else CONLL2003
        known = self._base.labels if len(self._base.labels) else LabelSet.of(common)
        for label in known.with_names(self._labels):
            yield {
                "kind": "label", "name": label.name, "key": label.key, "slot": label.slot,
                "description": label.description,
            }  # fmt: skip
        numbers: dict[int, int] = {}
        for identifier, source in self._base.content.sources():
            numbers[identifier] = len(numbers) + 1
            line = source_line(self._base, identifier, source, target.resolve().parent)
            # The annotators' files stay as they are: nothing is saved over them.
            yield line | {"path": f"{target.stem}-texts/{numbers[identifier]}/{Path(source.path).name}"}
        for document, texts in documents:
            yield from self._document(document, texts, numbers[document.source])

    def _document(
        self, document: StoredDocument, texts: Sequence[LabelledText], source: int
    ) -> Iterator[Mapping[str, object]]:
        first = texts[0]
        read = [
            self._in_words_of(first, text, reader) for text, reader in zip(texts, self._report.readers, strict=True)
        ]
        notes = self._notes(texts)
        at = base = 0
        for line in document_lines(self._base, document, source):
            if line["kind"] != "sentence":
                yield line
                continue
            tokens: list[list[int]] = line["tokens"]  # type: ignore[assignment]
            low, high, start = at, at + len(tokens), base
            at, base = high, base + len(str(line["text"]))
            bare = {key: value for key, value in line.items() if key not in _ITEMS} | _noted(notes, low, tokens)
            spans = [self._within(each.spans, low, high) for each in read]
            if not all(all(each.counts[low:high]) for each in read):
                self._report.unread += bool(tokens)
                yield bare
                continue
            is_open = not all(each.open_words.isdisjoint(range(low, high)) for each in read)
            yield bare | self._sentence(spans, tokens, is_open=is_open) | self._voted(line, spans, tokens, start)

    def _sentence(self, spans: Sequence[list[TagSpan]], tokens: list[list[int]], *, is_open: bool) -> dict[str, object]:
        self._report.sentences += bool(tokens)
        agreed: list[object] = []
        disputed: list[object] = []
        for group in span_groups(spans):
            if not is_conflict(group):
                agreed += [[tokens[span.start][0], tokens[span.end - 1][1], span.label, "file"] for span in group[0]]
                continue
            self._report.conflicts += 1
            disputed += contested(
                {
                    reader: [Span(tokens[span.start][0], tokens[span.end - 1][1], span.label) for span in each]
                    for reader, each in zip(self._report.readers, group, strict=True)
                },
                self._sureness(group),
            )
        self._report.agreed += len(agreed)
        found: dict[str, object] = {"spans": agreed} if agreed else {}
        if disputed:
            return found | {"suggested": disputed}
        return found | ({"status": "confirmed"} if tokens and not is_open else {})

    def _voted(
        self, line: Mapping[str, object], spans: Sequence[list[TagSpan]], tokens: list[list[int]], base: int
    ) -> dict[str, object]:
        """Return the metadata of a sentence that begins at ``base``, with what each reader said of it."""
        if not any(spans):
            return {}
        votes = {
            reader: [[base + tokens[span.start][0], base + tokens[span.end - 1][1], span.label] for span in each]
            for reader, each in zip(self._report.readers, spans, strict=True)
        }
        known = line.get("metadata")
        return {"metadata": {**(known if isinstance(known, dict) else {}), VOTES: votes}}

    def _sureness(self, group: Sequence[Sequence[TagSpan]]) -> float:
        """Return how sure it is who is right in a conflict; the same for all where it cannot be told."""
        if self._reliability is None:
            return 0.0
        said = [{(span.start, span.end): self._numbers[span.label] for span in spans} for spans in group]
        nothing = len(self._numbers)
        places = {place for each in said for place in each}
        return self._reliability.sureness(np.array([[each.get(place, nothing) for each in said] for place in places]))

    def _in_words_of(self, first: LabelledText, text: LabelledText, reader: str) -> _Read:
        rows, counts, ours, theirs = text.spans.tolist(), text.counts.tolist(), first.ends.tolist(), text.ends.tolist()
        sentences = first.sentences.tolist()
        named = [TagSpan(begin, end, self._labels[label]) for begin, end, label in rows]
        if ours == theirs and sentences == text.sentences.tolist():
            return _Read(named, counts, set())
        begins = {begin: at for at, begin in enumerate([0, *ours[:-1]])}
        stops = {end: at for at, end in enumerate(ours, 1)}
        spans, open_words = list[TagSpan](), set[int]()
        for span, (*_, label) in zip(named, rows, strict=True):
            low, high = theirs[span.start - 1] if span.start else 0, theirs[span.end - 1]
            start, stop = begins.get(low), stops.get(high)
            if start is None or stop is None or bisect_right(sentences, start) < bisect_left(sentences, stop):
                words = " ".join(word(text, at) for at in range(span.start, span.end))
                self._lost.append(Unplaced(reader, text.name, label, words))
                open_words.update(range(bisect_right(ours, low), bisect_left(ours, high) + 1))
            else:
                spans.append(TagSpan(start, stop, span.label))
        edges = [0, *ours]
        counted = [
            all(counts[bisect_right(theirs, low) : bisect_left(theirs, high) + 1]) for low, high in pairwise(edges)
        ]
        return _Read(spans, counted, open_words)

    def _notes(self, texts: Sequence[LabelledText]) -> list[WordNote]:
        """Return all readers' notes in the words of the first one's text, ascending."""
        edges, found = texts[0].ends.tolist(), list[WordNote]()
        for reader, text in zip(self._report.readers, texts, strict=True):
            for first, last, note in text.notes:
                begin, end = text.ends[first - 1] if first else 0, text.ends[last - 1]
                words = bisect_right(edges, begin), bisect_left(edges, end) + 1
                found.append((*words, note if self._blind else f"{reader}: {note}"))
        return sorted(found)

    def _within(self, spans: Sequence[TagSpan], low: int, high: int) -> list[TagSpan]:
        """Return the spans that stand in words ``[low, high)``, in words from there."""
        first = bisect_left(spans, low, key=lambda span: span.start)
        found = []
        for span in spans[first:]:
            if span.start >= high:
                break
            if span.end <= high:
                found.append(TagSpan(span.start - low, span.end - low, span.label))
        return found


def _noted(notes: Sequence[WordNote], low: int, tokens: Sequence[Sequence[int]]) -> dict[str, object]:
    """Return the notes that begin in a sentence, whose first word is ``low``; those on the same words are one."""
    found: dict[tuple[int, int], str] = {}
    for first, last, note in notes[bisect_left(notes, (low,)) :]:
        if first >= low + len(tokens):
            break
        place = tokens[first - low][0], tokens[min(last - low, len(tokens)) - 1][1]
        found[place] = f"{found[place]} · {note}" if place in found else note
    return {"notes": [[*place, note] for place, note in found.items()]} if found else {}
