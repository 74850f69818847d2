"""The summary: what was done in a project in which every sentence is confirmed, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.sliced_stream import SlicedStream
from ner_tui.domain.counting import counted
from ner_tui.errors import NerTuiError
from ner_tui.session.second_reading import NUMBER
from ner_tui.session.statistics import told_of_errors

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.auditing import Estimate
    from ner_tui.session import Session
    from ner_tui.session.statistics import Pace

_CELLS, _WIDEST = 14, 96


class SummaryScreen(Dialog[str]):
    """Says how it went; its result is what is wanted next: ``reread``, ``export``, ``save``, ``more`` or nothing.

    ``more`` is the first of the two keys that write back in the text, too: the second is for the screen below.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "want('reread')", "read some again", show=False),
        Binding("o", "want('export')", "export", show=False),
        Binding("z", "want('more')", "more keys", show=False),
        Binding("escape,q", "want('')", "close", show=False),
    ]

    def __init__(self, session: Session, found: Estimate | None = None, save_key: str = "") -> None:
        """Make a page.

        Args:
            found: what a second reading says that is just over.
            save_key: the key of the text that writes back.
        """
        super().__init__()
        self._save_key = save_key
        self._found = found
        self._session = session
        self._pace: Pace | None = None
        self._reading: SlicedStream[Pace] | None = None

    def compose(self) -> ComposeResult:
        """Put the summary into a frame."""
        with VerticalScroll(classes="page", can_focus=False) as page:
            page.border_title = Content("Every sentence is confirmed")
            page.border_subtitle = clickable(("esc closes", "want('')"))
            yield Static("", id="summary", markup=False)

    def on_mount(self) -> None:
        """Show what is known at once, and how long it took when that is added up."""
        self._show()
        self._reading = SlicedStream(self, self._session.statistics.pace(), self._take, lambda error: None)
        self._reading.resume()

    def on_unmount(self) -> None:
        """Add up no further."""
        if self._reading is not None:
            self._reading.stop()

    def action_want(self, what: str) -> None:
        """Close, and say what is wanted next."""
        self.dismiss(what)

    def _take(self, found: list[Pace]) -> bool:
        self._pace = found[-1]
        self._show()
        return True

    def _show(self) -> None:
        rows = [*((name, words, "") for name, words in self._done()), ("", "", ""), *self._next()]
        # As wide as the styles let a page be.
        room = max(20, min(_WIDEST, int(0.9 * self.app.size.width)) - _CELLS - 7)
        lines = [
            Content.styled(f"  {'' if number else name:<{_CELLS}}{line}", _clicked(wanted))
            for name, words, wanted in rows
            for number, line in enumerate(wrap(words, room) or [""])
        ]
        self.query_one("#summary", Static).update(Content("\n").join(lines))

    def _done(self) -> Iterator[tuple[str, str]]:
        """Yield what was done."""
        whole = self._session.row()
        entities = counted(whole.spans, "entity", "entities")
        yield "confirmed", f"{counted(whole.confirmed, 'sentence')} with {entities}"
        kinds = self._session.statistics.corrections_by_kind()
        words = ", ".join(f"{number:,} {verb.words}" for verb, number in kinds)
        total = counted(sum(number for _, number in kinds), "correction")
        yield "corrections", f"{total}: {words}" if kinds else "none"
        if self._pace is not None:
            yield "time", _duration(self._pace.seconds, whole.confirmed)
        found = self._found or self._session.queue.estimate(everywhere=True)
        yield "errors left", _left(found)
        for words in told_of_errors(found, self._session.enough):
            yield "", words

    def _next(self) -> Iterator[tuple[str, str, str]]:
        """Yield the keys, with what they do, and what is wanted then."""
        whole = self._session.row()
        if not self._session.read_only:
            number = min(NUMBER, whole.sentences)
            yield "n", f"read {counted(number, 'sentence')} of {whole.sentences:,} again, drawn by chance", "reread"
        yield "o", f"export {counted(whole.spans, 'entity', 'entities')} to a file: asks which", "export"
        if not self._session.read_only:
            try:
                extent = self._session.writing.save_extent()
            except NerTuiError:
                return
            reached = counted(extent.decisions, "decision of yours", "decisions of yours")
            if not extent.decisions:
                return
            yield self._save_key, f"write {reached} back into {printable(extent.path, 60)}: asks first", "save"


def _clicked(wanted: str) -> Style | str:
    """Return the style of a line that can be clicked for what is wanted."""
    return Style.from_meta({"@click": f"screen.want({wanted!r})"}) if wanted else ""


def _duration(seconds: float, sentences: int) -> str:
    minutes = round(seconds / 60)
    spent = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"{spent if minutes else f'{seconds:.0f} s'} at work, {seconds / max(1, sentences):.1f} s a sentence"


def _left(found: Estimate) -> str:
    """Return what sentences drawn by chance say of the others, of which nobody knows how well they were read."""
    if not found.checked:
        return "not estimated: no sentence was drawn by chance and checked"
    low, high = found.bounds
    return (
        f"{found.wrong} of {counted(found.checked, 'sentence')} drawn by chance needed a correction; if the other "
        f"{found.left:,} were read no better, about {found.expected:,} of them still do ({low:,} to {high:,})"
    )
