"""The queue: what to look at in all documents, why, and what the checked places by chance say of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import LABEL_KEYS
from ner_tui.app.queue_walk import WalkStart
from ner_tui.app.screens.place_list import PlaceList
from ner_tui.app.widgets.text_line import TextLine
from ner_tui.domain.annotation.doubts import KINDS, ORDERS, REASONS, STATUSES, DoubtFilter
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    from ner_tui.session import Session
    from ner_tui.session.queue import QueueEntry

_HINTS = (
    ("⏎ begins", "visit"),
    ("O order", "order"),
    ("R reason", "turn('reason')"),
    ("T state", "turn('status')"),
    ("1-9 label", "turn('label')"),
    ("/ text", "narrow"),
    ("x all", "clear"),
    ("esc", "cancel"),
)
"""Letters that mean something in the text mean the same here, so what is only here has capitals."""


class QueueScreen(PlaceList["QueueEntry", WalkStart]):
    """Lists doubts; its result is the walk to begin, or None to stop the walk that is under way."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("O", "order", "order", show=False),
        Binding("R", "turn('reason')", "reason", show=False),
        Binding("T", "turn('status')", "status", show=False),
        Binding("0", "turn('label')", "label", show=False),
        *(Binding(key, f"only({key!r})", "label", show=False) for key in LABEL_KEYS),
        Binding("slash,F", "narrow", "text", show=False),
        Binding("x", "clear", "no filter", show=False),
    ]

    def __init__(self, session: Session, wanted: DoubtFilter) -> None:
        super().__init__("What to look at", *_HINTS)
        self._session = session
        self._wanted_doubts = wanted
        self._entries: list[QueueEntry] = []
        self._estimate = ""
        self._input = TextLine(wanted.text, id="narrow", compact=True, placeholder="text of the place", disabled=True)

    def extra(self) -> Iterable[Widget]:
        """Add a line to type in."""
        return (self._input,)

    def stream(self) -> Iterator[QueueEntry | None]:
        """Yield the entries."""
        self._entries.clear()
        # It counts over the project, and does not change while the list is filled.
        self._estimate = self._estimated()
        yield from self._session.queue.stream(self._wanted_doubts)

    def show(self, found: list[QueueEntry]) -> None:
        """List entries."""
        self._entries += found
        self.list.add([each.place for each in found], remarks=[each.why for each in found])

    def tell(self) -> None:
        """Say what is listed, and the estimate."""
        wanted = self._wanted_doubts
        parts = [self._counted(), ORDERS[wanted.order], KINDS[wanted.reason].title if wanted.reason else "every reason"]
        parts += [] if wanted.status == "any" else [wanted.status]
        parts += [printable(wanted.label)] if wanted.label else []
        parts += [f"“{printable(wanted.text)}”"] if wanted.text else []
        self.head.show([(f" {' · '.join(parts)}", "bar--strong")])
        words = self.trouble or self._estimate
        self.foot.show([(f" {words}", "bar--alert" if self.trouble else "bar--dim")])

    def _counted(self) -> str:
        """Say how many places there are: of all that are doubtful the number that the other lines have."""
        if not self._wanted_doubts.is_plain:
            return f"{self.number} {'place' if self.number == '1' else 'places'}"
        others = [each for each in self._entries if not KINDS[each.doubt.reason].is_suggestion]
        besides = sum(1 for each in others if each.doubt.reason not in ("audit", "unlike"))
        more = f" and {besides:,}{'' if self.over else '+'} for other reasons" if besides else ""
        return f"{self._session.row().doubts:,} doubtful{more}"

    def _estimated(self) -> str:
        found = self._session.queue.estimate()
        if not found.checked:
            of = counted(found.left, "sentence")
            return f"audit: every 20th entry is one of {of} without a doubt" if found.left else ""
        low, high = found.bounds
        return (
            f"audit: {found.wrong} of {found.checked} sentences without a doubt needed a correction; "
            f"of the {found.left:,} left about {found.expected:,} do ({low:,} to {high:,})"
        )

    def action_visit(self) -> None:
        """Close and work through the queue from the current line on."""
        if self._entries:
            self.leave(WalkStart(self._wanted_doubts, tuple(self._entries), self.list.at, self.rest))

    def action_order(self) -> None:
        """List in the next order: by doubt, by what teaches most, by document."""
        orders = tuple(ORDERS)
        at = orders.index(self._wanted_doubts.order)
        self._ask(replace(self._wanted_doubts, order=orders[(at + 1) % len(orders)]))

    def action_turn(self, what: str) -> None:
        """Take the next reason, status or label as the filter."""
        wanted = self._wanted_doubts
        if what == "reason":
            # Annotators differ only where there are some.
            settles = self._session.adjudication.is_on
            choices = (None, *(reason for reason in REASONS if settles or reason != "conflict"))
            self._ask(replace(wanted, reason=choices[(choices.index(wanted.reason) + 1) % len(choices)]))
        elif what == "status":
            self._ask(replace(wanted, status=STATUSES[(STATUSES.index(wanted.status) + 1) % len(STATUSES)]))
        else:
            labels = [None, *self._session.labels.names]
            at = labels.index(wanted.label) if wanted.label in labels else 0
            self._ask(replace(wanted, label=labels[(at + 1) % len(labels)]))

    def action_only(self, key: str) -> None:
        """Have only places with the label of a key listed; the same key again lists those with any."""
        label = self._session.labels.with_key(key)
        if label is not None:
            wanted = self._wanted_doubts
            self._ask(replace(wanted, label=None if wanted.label == label.name else label.name))

    def action_clear(self) -> None:
        """Take all filters away."""
        self._input.value = ""
        self._ask(DoubtFilter(order=self._wanted_doubts.order))

    def action_narrow(self) -> None:
        """Type what the words of the places should hold."""
        self._input.disabled = False
        self._input.focus()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if message.value != self._wanted_doubts.text:
            self._ask(replace(self._wanted_doubts, text=message.value))

    @on(Input.Submitted)
    def _narrowed(self, message: Input.Submitted) -> None:
        message.stop()
        self._leave_input()

    def action_cancel(self) -> None:
        """Leave the line that is typed in, or close."""
        if self._input.has_focus:
            self._leave_input()
        else:
            super().action_cancel()

    def _leave_input(self) -> None:
        self._input.disabled = True
        self.list.focus()

    def _ask(self, wanted: DoubtFilter) -> None:
        self._wanted_doubts = wanted
        self.look()
