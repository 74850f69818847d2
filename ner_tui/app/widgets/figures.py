"""The statistics of a project as lines, with tables and bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.document_list import short
from ner_tui.app.widgets.lines import LineList, Piece, bar, fitted
from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.agreement import OUTCOMES
from ner_tui.session.statistics import told_of_errors

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.agreement import Agreement
    from ner_tui.domain.evaluation.auditing import Estimate
    from ner_tui.domain.evaluation.following import Following
    from ner_tui.session.own_patterns import OwnPattern, QuietPattern
    from ner_tui.session.statistics import Counts, Overview, Pace

_NAME = 16
_NUMBER = 11
_BAR = 20
_SHORT_BAR = 12
MOST = 12
"""Confusions that are listed where a table of them does not fit."""
Line = list[Piece]


@dataclass
class KnownFigures:
    """What is known so far; what is None is still being counted."""

    overview: Overview
    presses: int
    """Keys pressed in this session."""
    corrections: int
    """Made in this session and in force."""
    enough: int | None = None
    """With how many sentences that have errors the person can live, if they have said so."""
    pace: Pace | None = None
    estimate: Estimate | None = None
    agreement: Agreement | None = None
    following: Following | None = None
    """Of a project in which several annotators' conflicts are settled."""
    patterns: Sequence[OwnPattern] = ()
    """Those that were made in the project."""
    quiet: Sequence[QuietPattern] = ()
    """What patterns suggest no longer, since it was rejected."""
    documents: list[Counts] = field(default_factory=list)


class FiguresView(LineList["Line | Counts"], can_focus=True, inherit_bindings=False):
    """Shows what is known. The lines on documents are made as they come into sight."""

    def __init__(self) -> None:
        super().__init__()
        self._known: KnownFigures | None = None

    def show(self, known: KnownFigures) -> None:
        """Show all of it."""
        self._known = known
        self.changed()

    def changed(self) -> None:
        """Make the lines anew."""
        known = self._known
        self.rows = [*lines(known, self.size.width), *known.documents] if known is not None else []
        super().changed()

    def line(self, at: int, width: int) -> Line:
        """Return a line."""
        row = self.rows[at]
        return row if isinstance(row, list) else document_line(row)


def lines(known: KnownFigures, width: int) -> Iterator[Line]:
    """Yield all lines but those on documents."""
    yield from _whole(known.overview.whole)
    yield from _title("Labels", ["decided", "suggested", "rejected", "confirmed"])
    yield from _labels(known)
    yield from _annotators(known.following)
    yield from _model(known, width)
    yield from _title("Pace")
    yield from _pace(known)
    yield from _title("Errors that remain")
    yield from _estimate(known)
    yield from _patterns(known)
    yield from _title("Documents", ["sentences", "confirmed", "decided", "suggested", "rejected"])


def _patterns(known: KnownFigures) -> Iterator[Line]:
    if known.patterns or known.quiet:
        yield from _title("Patterns")
    for own in known.patterns:
        yield [(f" “{printable(own.words)}” is {printable(own.label)}, made here", "")]
    for each in known.quiet:
        words, label = printable(each.words), printable(each.label)
        yield [(f" “{words}” as {label} is suggested no longer: rejected {each.rejected:,} times", "lines--dim")]


def document_line(row: Counts) -> Line:
    """Return the line on a document."""
    numbers = _numbers([row.sentences, row.confirmed, row.decided, row.suggested, row.rejected])
    share = row.confirmed / max(1, row.sentences)
    return [(_row_name(printable(short(row.name))), ""), (numbers, ""), (f"  {bar(share, _BAR)}", "lines--dim")]


def _whole(whole: Counts) -> Iterator[Line]:
    share = whole.confirmed / max(1, whole.sentences)
    yield [
        (f" {whole.confirmed:,} of {counted(whole.sentences, 'sentence')} confirmed, {share:.1%}  ", "lines--strong"),
        (bar(share, _BAR), ""),
    ]
    yield [(f" {counted(whole.in_progress, 'sentence')} begun · {whole.flagged:,} flagged", "")]
    spans = f"{whole.decided:,} decided · {whole.suggested:,} suggested · {whole.rejected:,} rejected"
    yield [(f" {spans} · {whole.doubts:,} to look at", "")]


def _labels(known: KnownFigures) -> Iterator[Line]:
    most = max([1, *(row.decided + row.suggested for row in known.overview.labels)])
    confirmed = known.agreement.confirmed if known.agreement is not None and known.agreement.share == 1 else None
    for row in known.overview.labels:
        share = "…" if confirmed is None else _percent(confirmed[row.name], row.decided)
        numbers = _numbers([row.decided, row.suggested, row.rejected])
        name = _row_name(printable(row.name))
        graph = f"{bar(row.decided / most, _BAR).rstrip()}{'░' * round(row.suggested / most * _BAR)}"
        yield [(name, ""), (f"{numbers}{share:>{_NUMBER}}", ""), (f"  {graph}", "lines--dim")]


def _annotators(found: Following | None) -> Iterator[Line]:
    if found is None or found.is_empty:
        return
    yield from _title("Annotators", ["followed", "otherwise", "missed", "too many"])
    for each in found.readers:
        otherwise = each.labels.total() + each.boundaries.total()
        numbers = _numbers([each.followed, otherwise, each.missed.total(), each.spurious.total()])
        graph = bar(each.followed / max(found.conflicts, 1), _SHORT_BAR)
        yield [(_row_name(printable(each.name)), ""), (numbers, ""), (f"  {graph}", "lines--dim")]
    conflicts = counted(found.conflicts, "settled conflict")
    yield [(f" followed in {conflicts}; then how they differ from what is settled", "lines--dim")]


def _model(known: KnownFigures, width: int) -> Iterator[Line]:
    found = known.agreement
    yield from _title("Agreement with the model")
    if found is None:
        yield [(" counting…", "lines--dim")]
        return
    so_far = f", {found.share:.0%} counted so far" if found.share < 1 else ""
    if not found.sentences:
        yield [(f" no confirmed sentence has suggestions to compare with{so_far}", "lines--dim")]
        return
    yield [(f" in {found.sentences:,} confirmed sentences{so_far}", "lines--dim")]
    most = max([1, *found.outcomes.values()])
    for kind in OUTCOMES:
        number = found.outcomes[kind]
        yield [
            (f"{_row_name('as suggested' if kind == 'equal' else kind)}{number:>{_NUMBER},}  ", ""),
            (bar(number / most, _BAR), "lines--dim"),
        ]
    both = ((found.precision, "suggestions"), (found.recall, "decisions"))
    shares = [f"{value:.1%} of the {of}" for value, of in both if value is not None]
    if shares:
        yield [(f" as suggested are {' and '.join(shares)}", "")]
    yield from _confusion(found, [row.name for row in known.overview.labels], width)


def _confusion(found: Agreement, labels: Sequence[str], width: int) -> Iterator[Line]:
    met = {label for pair in found.confusion for label in pair if label is not None}
    names = [*(label for label in labels if label in met), *sorted(met.difference(labels))]
    wide = _NAME + _NUMBER * (len(names) + 1)
    yield []
    if wide <= width:
        columns = [*names, None]
        heads = _heads([name or "nothing" for name in columns])
        yield [(" a row for what was suggested, a column for what was decided", "lines--dim")]
        yield [(_row_name(""), ""), (heads, "lines--dim")]
        for row in columns:
            cells = [found.confusion[row, column] for column in columns]
            yield [(_row_name(printable(row or "nothing")), ""), (_numbers(cells), "")]
        return
    yield [(" suggested → decided, what differed most", "lines--strong")]
    other = [(pair, number) for pair, number in found.confusion.most_common() if pair[0] != pair[1]]
    most = max([1, *(number for _, number in other)])
    for (suggested, decided), number in other[:MOST]:
        words = printable(f"{suggested or 'nothing'} → {decided or 'nothing'}")
        yield [(f" {set_cell_size(words, 2 * _NAME)}{number:>{_NUMBER},}  ", ""), (bar(number / most, _BAR), "")]


def _pace(known: KnownFigures) -> Iterator[Line]:
    each = f", {known.presses / known.corrections:.1f} keys each" if known.corrections else ""
    made = f"{known.corrections:,} {'correction' if known.corrections == 1 else 'corrections'}"
    yield [(f" this session: {counted(known.presses, 'key')}, {made}{each}", "")]
    pace, confirmed = known.pace, known.overview.whole.confirmed
    if pace is None:
        yield [(" counting…", "lines--dim")]
        return
    parts = []
    if confirmed and pace.seconds:
        parts.append(f"{pace.seconds / confirmed:.1f} s a confirmed sentence")
    if pace.seconds_per_correction is not None:
        parts.append(f"{pace.seconds_per_correction:.1f} s a correction")
    if parts:
        yield [(f" all sessions: {', '.join(parts)}", ""), (" (pauses of two minutes left out)", "lines--dim")]
    else:
        yield [(" all sessions: nothing was timed yet", "lines--dim")]


def _estimate(known: KnownFigures) -> Iterator[Line]:
    found = known.estimate
    if found is None:
        yield [(" counting…", "lines--dim")]
    elif not found.checked:
        words = f"none of {found.left:,} sentences without a doubt was checked by chance yet; the queue draws them"
        yield [(f" {words}", "")]
    else:
        low, high = found.bounds
        yield [(f" {found.wrong:,} of {found.checked:,} sentences checked by chance needed a correction", "")]
        words = f"about {found.expected:,} of the {found.left:,} others do, between {low:,} and {high:,} at 95%"
        yield [(f" {words}", "lines--strong")]
        for words in told_of_errors(found, known.enough):
            yield [(f" {words}", "")]


def _title(words: str, columns: Sequence[str] = ()) -> Iterator[Line]:
    yield []
    yield [(_row_name(words) if columns else f" {words}", "lines--title"), (_heads(columns), "lines--dim")]


def _row_name(name: str) -> str:
    return f" {fitted(name, _NAME - 1)}"


def _heads(names: Sequence[str]) -> str:
    return "".join(_right(printable(name)) for name in names)


def _right(text: str) -> str:
    cells = cell_len(text)
    return " " * (_NUMBER - cells) + text if cells < _NUMBER else f" {set_cell_size(text, _NUMBER - 2)}…"


def _numbers(values: Sequence[int]) -> str:
    return "".join(f"{value:>{_NUMBER},}" for value in values)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
