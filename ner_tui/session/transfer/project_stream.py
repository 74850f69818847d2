"""A project as the stream of sentences that writers take, counted, and read for many sentences at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from ner_tui.domain.annotation.suggestions import TO_ANSWER, Suggestion, SuggestionState
from ner_tui.domain.counting import counted
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, overlaps
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import InputError
from ner_tui.store.content import StoredDocument
from ner_tui.store.items import RangeItems
from ner_tui.store.metadata import MetadataTable
from ner_tui.store.project import Project

AT_ONCE = 500
"""Sentences whose items are read together."""
_Item = TypeVar("_Item")


@dataclass
class ExportReport:
    """How many of each were written, and how many were not."""

    decisions: int = 0
    suggestions: int = 0
    """Open ones that were written."""
    sentences: int = 0
    open_left_out: int = 0
    """Open suggestions that were not written."""
    unconfirmed_left_out: int = 0
    """Sentences that were not written."""
    path: str = "-"
    changes: list[str] = field(default_factory=list)
    """What the format cannot hold as it is, and how it was written, in sentences."""

    def __str__(self) -> str:
        written = counted(self.decisions, "decision")
        if self.suggestions:
            written += f" and {counted(self.suggestions, 'open suggestion')}"
        left_out = []
        if self.unconfirmed_left_out:
            left_out.append(
                counted(self.unconfirmed_left_out, "sentence that is not confirmed", "sentences that are not confirmed")
            )
        if self.open_left_out or not self.suggestions:
            left_out.append(counted(self.open_left_out, "open suggestion"))
        tail = f"; {' and '.join(left_out)} left out" if left_out else ""
        return f"{written} in {counted(self.sentences, 'sentence')} to {self.path}{tail}"


def go_on(_: Sentence) -> None:
    """Do nothing: for who does not want to be asked between sentences."""


def annotated(
    project: Project,
    report: ExportReport,
    *,
    only_confirmed: bool = False,
    with_suggestions: bool = False,
    documents: Iterable[StoredDocument] | None = None,
    runs: Collection[int] = (),
    step: Callable[[Sentence], None] = go_on,
) -> Iterator[StreamItem]:
    """Yield every document with its decisions, and count in ``report`` what is written and what is not.

    Args:
        only_confirmed: leave out the sentences that nobody has confirmed.
        with_suggestions: give open suggestions too.
        documents: these alone; None: all.
        runs: give the suggestions of these in any case, however improbable.
        step: called for each sentence that is come to, left out or not.
    """
    require_read(project)
    # There may be thousands of documents, and mostly none has any.
    metadata = None if project.metadata.is_empty else project.metadata
    for document in list(project.content.documents() if documents is None else documents):
        given = metadata.of_document(document.id) if metadata else NO_METADATA
        yield DocumentStart(document.name, document.origin, metadata=given)
        for known in annotated_sentences(project, document.id, step, metadata, runs):
            if only_confirmed and known.status != "confirmed":
                report.unconfirmed_left_out += 1
                report.open_left_out += _open(known.suggestions)
                continue
            report.sentences += 1
            report.decisions += len(known.spans)
            if known.suggestions:
                theirs = [
                    each
                    for each in known.suggestions
                    if each.run in runs or (with_suggestions and not each.below_threshold)
                ]
                report.open_left_out += _open(known.suggestions) - _open(theirs)
                known = replace(known, suggestions=tuple(theirs))
            report.suggestions += len(known.suggestions)
            yield known


def _open(suggestions: Iterable[Suggestion]) -> int:
    return sum(not each.below_threshold for each in suggestions)


def without_empty(items: Iterable[StreamItem]) -> Iterator[StreamItem]:
    """Leave out the documents without a sentence: one of which nothing is confirmed is no empty document."""
    start: StreamItem | None = None
    for item in items:
        if isinstance(item, DocumentStart):
            start = item
            continue
        if start is not None:
            yield start
            start = None
        yield item


def annotated_sentences(
    project: Project,
    document: int,
    step: Callable[[Sentence], None] = go_on,
    metadata: MetadataTable | None = None,
    runs: Collection[int] = (),
) -> Iterator[AnnotatedSentence]:
    """Yield the sentences of a document with all that is known of them; ``step`` is called for each before.

    What is known is read for many sentences at a time. Suggestions are the open ones, and those of a file that are too
    improbable to be asked about; each has the name of its run. Those of ``metadata`` are given, if that is. Of ``runs``
    those are given, too, that another's open suggestion covers.
    """
    names, given = dict[int, str](), dict[int, str]()
    sentences = project.content.packed_sentences(document)
    while some := list(islice(sentences, AT_ONCE)):
        start, end = some[0].start, some[-1].end
        ends = [sentence.end for sentence in some]
        items = project.items.known(document, start, end)
        decided = [decision.span for decision in items.decisions]
        if items.suggestions and not names:
            names, given = project.predictions.run_names(), project.predictions.given_runs()
        suggested = [
            replace(suggestion, model=names.get(suggestion.run, ""))
            for suggestion, state in items.suggestions
            if state in TO_ANSWER or (state is SuggestionState.BELOW_THRESHOLD and suggestion.run in given)
        ]
        if suggested and runs:
            shown = [each.span for each in suggested]
            suggested += _covered(project, document, (start, end), items, runs, shown, names)
            suggested.sort(key=lambda each: (each.span, each.model))
        spans = _by_sentence(decided, [span.start for span in decided], ends)
        suggestions = _by_sentence(suggested, [suggestion.span.start for suggestion in suggested], ends)
        notes = _by_sentence(items.notes, [note.start for note in items.notes], ends)
        states = {state.start: state for state in items.states}
        beside = metadata.of_sentences(document, start, max(end, start + 1)) if metadata else {}
        for at, sentence in enumerate(some):
            step(sentence)
            state = states.get(sentence.start)
            yield AnnotatedSentence(
                sentence,
                tuple(spans.get(at, ())),
                tuple(suggestions.get(at, ())),
                state.status if state else "untouched",
                state.flagged if state else False,
                tuple(notes.get(at, ())),
                beside.get(sentence.start, NO_METADATA),
            )


def _covered(
    project: Project,
    document: int,
    place: tuple[int, int],
    known: RangeItems,
    runs: Collection[int],
    shown: Iterable[Span],
    names: Mapping[int, str],
) -> Iterator[Suggestion]:
    """Yield what runs say that a suggestion that is ``shown`` covers, and that overlaps no answer."""
    said = project.label_list.in_current_names(project.items.suggestion_table.covered(document, *place, runs))
    is_answered = overlaps([*(each.span for each in known.decisions), *(each.span for each in known.rejections)])
    is_covered = overlaps(shown)
    for each in said:
        if is_covered(each.span) and not is_answered(each.span):
            yield replace(each, model=names.get(each.run, ""))


def _by_sentence(items: Iterable[_Item], starts: Iterable[int], ends: Sequence[int]) -> dict[int, list[_Item]]:
    """Return the items that begin in each sentence where some do, by the sentence's number from 0.

    Args:
        starts: of the items.
        ends: of the sentences.
    """
    found: dict[int, list[_Item]] = {}
    for item, start in zip(items, starts, strict=True):
        found.setdefault(bisect_right(ends, start), []).append(item)
    return found


def require_read(project: Project) -> None:
    """Refuse a project into which a file is not read completely.

    Raises:
        InputError: there is one; what is made of the project would lack its end without saying so.
    """
    unread = project.bulk_insert.unread()
    if unread:
        raise InputError(
            f"{unread[0].path} is not read to its end yet: open {project.path} with ner-tui review until it is"
        )
