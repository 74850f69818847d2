"""Statistics: how far a project is, how good its model, how fast the work; counters at once, the rest in steps."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.agreement import Agreement
from ner_tui.domain.evaluation.auditing import Estimate
from ner_tui.domain.spans import Span
from ner_tui.store.project import Project

PAUSE = 120.0
"""Seconds between two edits from which on somebody was away."""
_REPORT_EVERY = 20
"""Batches of sentences between two reports on the agreement."""
_START = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of a label, a document or a project."""

    name: str
    decided: int
    suggested: int
    """Open suggestions."""
    rejected: int
    sentences: int
    """This and the following are 0 for a label."""
    confirmed: int
    in_progress: int
    flagged: int
    doubts: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the counters say."""

    whole: Counts
    labels: tuple[Counts, ...]
    """The project's labels in their order, then any others."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people have worked on this project; while they were away for ``PAUSE`` or more, nobody worked."""

    seconds: float
    """Spent working."""
    edits: int
    corrections: int
    correcting_seconds: float
    """Spent since the edit before on those edits that correct something."""
    timed_corrections: int
    """Corrections of which it is known how long they took."""

    @property
    def seconds_per_correction(self) -> float | None:
        """None where no correction was timed."""
        return self.correcting_seconds / self.timed_corrections if self.timed_corrections else None


class Statistics:
    """Counts for one session at one project."""

    def __init__(self, project: Project, before: int) -> None:
        """``before`` is the last entry of the journal when the session began."""
        self._project = project
        self._before = before

    def overview(self) -> Overview:
        """Return what the counters say, at once however large the project is."""
        by_label: dict[str, dict[str, int]] = {name: {} for name in self._project.labels.names}
        whole: dict[str, int] = {}
        for (kind, label), number in self._project.tallies().items():
            whole[kind] = whole.get(kind, 0) + number
            if label and (number or label in by_label):
                by_label.setdefault(label, {})[kind] = number
        labels = tuple(_counts(name, kinds) for name, kinds in by_label.items())
        return Overview(_counts("", whole), labels)

    def corrections(self) -> int:
        """Return how many corrections of this session are in force."""
        entries = self._project.outcomes.entries_since(self._before)
        return sum(number for verb, number in entries.items() if verb.corrects)

    def corrections_by_kind(self) -> list[tuple[Verb, int]]:
        """Return how many corrections of each kind are in force in the project, the commonest first."""
        entries = self._project.outcomes.entries_since(0)
        return [(verb, number) for verb, number in entries.most_common() if verb.corrects]

    def documents(self) -> Iterator[Counts]:
        """Yield what the counters say of each document, in order."""
        for _, name, kinds in self._project.outcomes.tallies():
            yield _counts(name, kinds)

    def pace(self) -> Iterator[Pace | None]:
        """Yield None while the journal is read, then how fast it went."""
        seconds = correcting_seconds = 0.0
        edits = corrections = timed_corrections = 0
        before: dict[str, float] = {}
        for rows in self._project.outcomes.steps():
            for time, annotator, verb in rows:
                gap = time - before.get(annotator, float("-inf"))
                before[annotator] = time
                timed = 0 <= gap < PAUSE
                seconds += gap if timed else 0.0
                if verb.corrects:
                    corrections += 1
                    timed_corrections += timed
                    correcting_seconds += gap if timed else 0.0
            edits += len(rows)
            yield None
        yield Pace(seconds, edits, corrections, correcting_seconds, timed_corrections)

    def agreement(self) -> Iterator[Agreement | None]:
        """Yield how decisions in confirmed sentences compare with what was suggested, as far as it is counted.

        Compared is what the model suggested first with what stands there now, however it came about.
        """
        total = max(1, self._project.tallies().get(("confirmed", ""), 0))
        found = Agreement()
        done = batches = 0
        for document, _, kinds in self._project.outcomes.tallies():
            yield None
            if not kinds.get("confirmed"):
                continue
            answered: dict[Span, None] = {}
            for spans in self._project.outcomes.answered(document):
                answered.update(dict.fromkeys(spans))
                yield None
            first_words = _disjoint(answered)
            for sentences in self._project.outcomes.confirmed(document):
                near = _within(first_words, sentences[0][0], sentences[-1][1])
                self._count(found, document, sentences, near)
                done, batches = done + len(sentences), batches + 1
                found.share = min(1.0, done / total)
                yield found if batches % _REPORT_EVERY == 0 else None
        found.share = 1.0
        yield found

    def _count(self, found: Agreement, document: int, sentences: list[tuple[int, int]], answered: list[Span]) -> None:
        """Count some sentences that are near one another."""
        outcomes = self._project.outcomes
        start, end = sentences[0][0], sentences[-1][1]
        decided, stored = outcomes.decided(document, start, end), outcomes.suggested(document, start, end)
        predicted = outcomes.predicted(document, start, end)
        at = 0
        for low, high in sentences:
            here = _within(decided, low, high)
            found.confirmed.update(span.label for span in here)
            first, still = _within(answered, low, high), _within(stored, low, high)
            while at < len(predicted) and predicted[at][1] <= low:
                at += 1
            if at < len(predicted) and predicted[at][0] <= low:
                # A newer model's word does not change what the person had to correct.
                more = (span for span in still if not any(span.overlaps(each.start, each.end) for each in first))
                found.add([*first, *more], here)


def errors_left(project: Project, *, everywhere: bool = False) -> Estimate:
    """Return what the checked sentences by chance say of the others.

    Args:
        everywhere: of all others, confirmed or not; else of those that nobody has looked at, where nothing is doubtful.
    """
    audited = project.audits.audited()
    left = max(0, sentences(project) - audited.checked) if everywhere else project.audits.left()
    return Estimate.of_audited(audited, left, exported(project))


def sentences(project: Project) -> int:
    """Return how many sentences a project has."""
    return project.tallies().get(("sentence", ""), 0)


def exported(project: Project) -> int:
    """Return how many spans an export with the open suggestions has, but for what is doubtful."""
    counts: Counter[str] = Counter()
    for (kind, _), number in project.tallies().items():
        counts[kind] += number
    return counts["decision"] + max(0, counts["open"] - counts["doubt"])


def told_of_errors(found: Estimate, enough: int | None) -> Iterator[str]:
    """Yield what follows from an estimate, in sentences.

    Args:
        enough: sentences with errors that a person can live with, if they have said so.
    """
    if found.f1 is not None:
        low, high = found.f1
        yield f"an export with the open suggestions has an F1 between {low:.1%} and {high:.1%}, doubtful ones aside"
    most = counted(found.bounds[1], "sentence")
    if enough is not None and found.checked:
        may_stop = found.bounds[1] <= enough
        yield (
            f"you may stop: at most {most} with errors, with 95%"
            if may_stop
            else f"go on: up to {most} may have errors, and you want {enough:,} at the most"
        )
    if found.sway is not None:
        more, low, high = (round(100 * each) for each in found.sway)
        yield (
            f"suggestions sway you by {more:+} in 100 sentences ({low:+} to {high:+} at 95%): so many more were "
            "corrected where they were hidden at first"
        )


def _within(spans: list[Span], start: int, end: int) -> list[Span]:
    """Return those of ascending spans that begin in ``[start, end)``."""
    return spans[bisect_left(spans, start, key=_START) : bisect_left(spans, end, key=_START)]


def _disjoint(spans: dict[Span, None]) -> list[Span]:
    """Return the spans ascending; of those that overlap, the one that comes first in ``spans``."""
    order = {span: number for number, span in enumerate(spans)}
    kept: list[Span] = []
    for span in sorted(spans, key=_START):
        if kept and kept[-1].end > span.start:
            if order[span] < order[kept[-1]]:
                kept[-1] = span
        else:
            kept.append(span)
    return kept


def _counts(name: str, kinds: dict[str, int]) -> Counts:
    return Counts(
        name,
        decided=kinds.get("decision", 0),
        suggested=kinds.get("open", 0),
        rejected=kinds.get("rejected", 0),
        sentences=kinds.get("sentence", 0),
        confirmed=kinds.get("confirmed", 0),
        in_progress=kinds.get("in progress", 0),
        flagged=kinds.get("flagged", 0),
        doubts=kinds.get("doubt", 0),
    )
