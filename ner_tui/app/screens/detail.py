"""The detail page: all that is known of the place under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ner_tui.app.glyphs import printable
from ner_tui.app.jobs import Answered, Job, question_job
from ner_tui.app.screens.dialog import clickable
from ner_tui.app.screens.text_page import TextPageScreen
from ner_tui.app.widgets.document_list import short
from ner_tui.app.widgets.lines import bar, fitted
from ner_tui.app.widgets.painter import score
from ner_tui.domain.annotation.possible_errors import NOTHING
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    from ner_tui.domain.annotation.suggestions import Suggestion
    from ner_tui.session.inspection import Inspection
    from ner_tui.session.model_questions import Answer, ModelQuestion

LONGEST = 60
"""Characters of a text that are shown in a line."""
MOST_TOKENS = 12
"""Tokens of a place that get bars of their own."""
_COLUMN = 14
_NAME = 8
_BAR = 24
_HEADLESS = "fewer than 3 sentences are confirmed, or the model gives no states"


class DetailScreen(TextPageScreen):
    """A page on a place; a key has the model say more of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("M", "ask", "ask the model", show=False)]

    def __init__(self, found: Inspection, asking: ModelQuestion | None, busy: str) -> None:
        """``busy`` says why the model is not to be asked now, if so; without ``asking`` it cannot be asked."""
        self._found = found
        self._asking = asking if not found.hidden else None
        self._busy = busy
        self._job: Job | None = None
        super().__init__("At the cursor", detail(found))

    def on_mount(self) -> None:
        """Say how to ask the model."""
        if self._asking is not None:
            self.query_one(VerticalScroll).border_subtitle = clickable(
                ("M asks the model word by word", "ask"), ("esc closes", "close")
            )

    def on_unmount(self) -> None:
        """Want no answer any more."""
        if self._job is not None:
            self._job.cancel()

    def action_ask(self) -> None:
        """Have the model say everything of each word."""
        if self._asking is None or self._job is not None:
            return
        if self._busy:
            self._show(f"  {self._busy}")
            return
        self._job = question_job(self._asking, self.post_message)
        self._show("  asking the model…")
        self._job.start()

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        answer = message.answer
        if answer is None:
            # It may be asked again.
            self._job = None
        self._show(*(_answer(answer) if answer is not None else [f"  {printable(message.error)}"]))

    def _show(self, *lines: str) -> None:
        self.query_one(Static).update(detail(self._found, lines))


def detail(found: Inspection, answer: Sequence[str] = ()) -> Content:
    """Return what is known of a place, with the model's answer to a question in place of what is stored."""
    parts = [*_head(found)]
    for title, lines in (
        ("Word by word", list(answer or _words(found))),
        ("May be wrong", list(_error(found))),
        ("Readings", list(_readings(found))),
        ("Who speaks for it", list(_voices(found))),
        ("History", list(_history(found))),
    ):
        if lines:
            parts += [Content(""), Content.styled(title, "bold underline"), *map(Content, lines)]
    return Content("\n").join(parts)


def _answer(answer: Answer) -> Iterator[str]:
    for word in answer.words[:MOST_TOKENS]:
        yield from _shares(word.text, word.shares)
        if word.pieces:
            yield f"  {fitted('', _COLUMN)} read as {_cut(' '.join(word.pieces))}"
    if len(answer.words) > MOST_TOKENS:
        yield f"  and {counted(len(answer.words) - MOST_TOKENS, 'more word')}"
    yield f"  as {printable(answer.model)} says now"


def _head(found: Inspection) -> Iterator[Content]:
    yield Content.styled(_cut(found.text), "bold")
    if found.decision is not None:
        by = "a person" if found.source != "file" else "agreement" if found.agreed else "the file"
        yield Content(f"{printable(found.decision.label)}, decided by {by}{_if_other(found)}")
    elif found.hidden:
        yield Content("what a model says of it is hidden until you decide")
    elif not found.opinions:
        yield Content("no entity, and none is suggested")
    for span in found.rejected:
        yield Content(f"a person says it is not {printable(span.label)}")
    for note in found.notes:
        yield Content(f"note: {printable(note.text)}")
    flagged = ", flagged" if found.sentence.flagged else ""
    name = printable(short(found.document))
    yield Content(f"{name}, line {found.line:,}, characters {found.start:,} to {found.end:,}")
    yield Content(f"sentence {found.sentence.status}{flagged}")


def _if_other(found: Inspection) -> str:
    decision = found.decision
    if decision is None or (decision.start, decision.end) == (found.start, found.end):
        return ""
    return f", characters {decision.start:,} to {decision.end:,}"


def _words(found: Inspection) -> Iterator[str]:
    for token in found.tokens[:MOST_TOKENS]:
        yield from _shares(token.text, (*token.shares, ("(other)", token.rest)))
    if len(found.tokens) > MOST_TOKENS:
        yield f"  and {counted(len(found.tokens) - MOST_TOKENS, 'more word')}"
    if found.tokens:
        yield "  summed over the readings below; (other) is what no stored reading speaks of"


def _error(found: Inspection) -> Iterator[str]:
    """Say what an audit finds wrong, how probable that is, and why."""
    error = found.error
    if error is None:
        return
    for name, spans in (("stands there", error.given), ("proposed", error.proposed)):
        said = ", ".join(f"{printable(span.label)} {_words_of(found, span.start, span.end)}".rstrip() for span in spans)
        yield f"  {fitted(name, _COLUMN)} {said or NOTHING}"
    yield f"  {fitted('probability', _COLUMN)} {error.probability:.0%}"
    for reason in error.reasons:
        yield f"  {fitted('', _COLUMN)} {printable(reason)}"


def _readings(found: Inspection) -> Iterator[str]:
    for opinion in found.opinions:
        model = printable(opinion.model) or "a model"
        when = f", predicted {_time(opinion.time)}" if opinion.time else ""
        yield f"  {model} {'said, before it was answered' if opinion.answered else 'says'}{when}:"
        yield from _readings_of(opinion.suggestion, found)
        if not opinion.suggestion.contested:
            yield f"    {'margin':<{_COLUMN}} {score(opinion.suggestion.margin)} to the next best"


def _voices(found: Inspection) -> Iterator[str]:
    """Say what each voter says by itself; patterns have readings of their own above."""
    voices = found.voices
    if voices is None:
        return
    votes, label = voices.votes, voices.label
    for name, value, silent in (
        ("the model", votes.model, "does not know this label"),
        ("the head", votes.head, "is silent: " + ("the model gives no states" if voices.has_head else _HEADLESS)),
    ):
        yield _bar_line(name, label, value) if value is not None else f"  {fitted(name, _COLUMN)} {silent}"
    if votes.memory is None:
        yield f"  {fitted('the memory', _COLUMN)} is silent: no decided place speaks for it"
        return
    times, seen = votes.memory
    yield _bar_line("the memory", label, times / max(seen, 1)) + f"  decided so {times:,} of {counted(seen, 'time')}"
    for name, line, sentence in found.places:
        yield f"    {printable(short(name))}, line {line:,}: {_cut(sentence)}"


def _readings_of(suggestion: Suggestion, found: Inspection) -> Iterator[str]:
    span = suggestion.span
    for start, end, label, value in (
        (span.start, span.end, span.label, suggestion.score),
        *((other.start, other.end, other.label, other.score) for other in suggestion.alternatives),
    ):
        words = _words_of(found, start, end) if label else ""
        yield _bar_line(words, label, value)


def _words_of(found: Inspection, start: int, end: int) -> str:
    """Return the words of a reading as far as they are those of the place."""
    low, high = max(start, found.start), min(end, found.end)
    before = f"{found.start - start:+,}… " if start < found.start else ""
    after = f" …+{end - found.end:,}" if end > found.end else ""
    return f"{before}{_cut(found.text[low - found.start : max(low, high) - found.start])}{after}"


def _history(found: Inspection) -> Iterator[str]:
    for event in found.history:
        what = f": {_cut(event.what)}" if event.what else ""
        yield f"  {_time(event.time)}  {printable(event.annotator)}  {event.verb.words}{what}"
    if not found.history and found.source == "file":
        yield "  all annotators read it so" if found.agreed else "  as it stands in the file; nobody has touched it"


def _shares(text: str, shares: Iterable[tuple[str | None, float]]) -> Iterator[str]:
    name = _cut(text)
    for label, share in shares:
        yield _bar_line(name, label, share)
        name = ""


def _bar_line(name: str, label: str | None, value: float) -> str:
    shown = fitted(printable(label) if label else "nothing", _NAME)
    return f"  {fitted(name, _COLUMN)} {shown} {bar(value, _BAR)} {score(value)}"


def _cut(text: str) -> str:
    return printable(text, LONGEST)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
