"""The labels: what the project's spans can be called; each change of the list is one edit that u takes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.choose_label import ChooseLabelScreen
from ner_tui.app.screens.dialog import Dialog, targets
from ner_tui.app.screens.list_keys import MOVES, ListKeys
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.hint_lines import HintLines
from ner_tui.app.widgets.label_list import LabelList
from ner_tui.app.widgets.text_line import TextLine
from ner_tui.errors import EditRefused, NerTuiError

if TYPE_CHECKING:
    from ner_tui.domain.labels import Label
    from ner_tui.session import Session

_HINTS = (
    ("⏎ give it", "take"),
    ("A add", "add"),
    ("R rename", "rename"),
    ("M merge", "merge"),
    ("D describe", "describe"),
    ("C colour", "recolour"),
    ("x delete", "delete"),
    ("u undo", "turn(False)"),
    ("esc", "close"),
)
"""Letters that mean something in the text mean the same here, so what is only here has capitals."""
_ASKING = ("⏎ keep it", ""), ("esc back", "close")

_AROUND = 7
"""Rows of the screen that are not the list's: the frame, the lines under it, and one to see that it lies on top."""


class LabelsScreen(ListKeys[LabelList], Dialog[str]):
    """Lists the labels and changes them; its result is the name of a label to give, if any."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "take", "give the label", show=False),
        Binding("escape,q", "close", "close", show=False),
        Binding("A", "add", "add", show=False),
        Binding("R", "rename", "rename", show=False),
        Binding("M", "merge", "merge", show=False),
        Binding("D", "describe", "describe", show=False),
        Binding("C", "recolour", "another colour", show=False),
        Binding("x,delete", "delete", "delete", show=False),
        Binding("u", "turn(False)", "undo", show=False),
        Binding("U", "turn(True)", "redo", show=False),
        *MOVES,
    ]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, changed: Callable[[], None], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys
        self._session = session
        self._changed = changed
        self._asked: Callable[[str], str] | None = None
        """Makes the change that a text is being typed for, and returns what to say."""
        self._made = 0
        """Changes that were made here and are in force: what u may take back."""
        self._undone = 0
        self.list = LabelList(keys)
        self.foot = Bar("labels-foot")
        self.hints = HintLines("labels-hints")

    def compose(self) -> ComposeResult:
        """Lay out the list over its lines."""
        with Vertical(classes="page labels") as page:
            page.border_title = Content("Labels")
            yield self.list
            yield self.foot
            yield TextLine(compact=True, id="asked")
            yield self.hints

    def on_mount(self) -> None:
        """List the labels."""
        self.query_one(Input).display = False
        self._show()
        self._say("")

    def on_resize(self) -> None:
        """Keep the lines under the list in sight."""
        self.list.fit(_AROUND)

    def _show(self, current: str = "") -> None:
        here = self.list.current
        self.list.show(self._session.labels, self._session.label_counts(), current or (here.name if here else ""))

    def _say(self, words: str, *, trouble: bool = False) -> None:
        number = len(self._session.labels)
        words = words or f"{number:,} {'label' if number == 1 else 'labels'}"
        self.foot.show([(f" {printable(words)}", "bar--alert" if trouble else "bar--strong")])
        self.hints.offer(targets(*(_ASKING if self._asked else _HINTS)))

    # Changes

    def action_add(self) -> None:
        """Ask for a new label."""
        self._ask("name of the new label", "", self._session.label_editing.add)

    def action_rename(self) -> None:
        """Ask for another name for the current label."""
        label = self.list.current
        if label is not None:
            old = label.name
            self._ask(f"rename {old} to", old, lambda name: self._session.label_editing.rename(old, name))

    def action_describe(self) -> None:
        """Ask what the current label is for."""
        label = self.list.current
        if label is not None:
            name = label.name
            describe = self._session.label_editing.describe
            self._ask(f"what {name} is for", label.description, lambda words: describe(name, words))

    def action_recolour(self) -> None:
        """Give the current label the next colour."""
        label = self.list.current
        if label is not None:
            self._make(lambda: self._session.label_editing.recolour(label.name), label.name)

    def action_delete(self) -> None:
        """Take the current label off the list, if nothing carries it."""
        label = self.list.current
        if label is not None:
            self._make(lambda: self._session.label_editing.delete(label.name), "")

    def action_merge(self) -> None:
        """Ask which label the current one is to become."""
        label = self.list.current
        others = [each for each in self._session.labels if label is not None and each.name != label.name]
        if label is None or not others:
            self._say("there is no other label to merge it into", trouble=True)
            return

        def merge(into: str | None) -> None:
            if into:
                self._make(lambda: self._session.label_editing.merge(label.name, into), into)

        counts = self._session.label_counts()
        self.app.push_screen(ChooseLabelScreen(f"Merge {label.name} into", others, counts, self._keys), merge)

    def _ask(self, words: str, value: str, take: Callable[[str], str]) -> None:
        self._asked = take
        asked = self.query_one(Input)
        asked.value, asked.display = value, True
        # At once: what is typed next is for it.
        self.set_focus(asked)
        asked.cursor_position = len(value)
        self._say(f"{words}:")

    @on(Input.Submitted)
    def _answered(self, message: Input.Submitted) -> None:
        message.stop()
        asked, typed = self._asked, message.value.strip()
        if asked is not None and self._make(lambda: asked(typed), typed):
            self._end_asking()

    def _end_asking(self) -> None:
        self._asked = None
        self.query_one(Input).display = False
        self.set_focus(None)

    def _make(self, change: Callable[[], str], current: str) -> bool:
        """Carry out a change and say what came of it; False if it is not made."""
        try:
            notice = change()
        except (EditRefused, NerTuiError) as refused:
            self._say(str(refused), trouble=True)
            return False
        self._made, self._undone = self._made + 1, 0
        self._show(current)
        self._changed()
        self._say(notice)
        return True

    def action_turn(self, again: bool) -> None:
        """Take back the last change that was made here, or do again what was taken back."""
        if not (self._undone if again else self._made):
            words = "nothing was taken back here" if again else "nothing was changed here: u in the text undoes more"
            self._say(words, trouble=True)
            return
        try:
            done = self._session.corrections.redo() if again else self._session.corrections.undo()
        except (EditRefused, NerTuiError) as refused:
            self._say(str(refused), trouble=True)
            return
        step = 1 if again else -1
        self._made, self._undone = self._made + step, self._undone - step
        self._show()
        self._changed()
        self._say(done.notice if done else "")

    # Moving, and the way out

    @on(LabelList.Chosen)
    def action_take(self) -> None:
        """Close and give the current label."""
        label: Label | None = self.list.current
        if self._asked is None and label is not None:
            self.dismiss(label.name)

    def action_close(self) -> None:
        """Close, or give up what is being typed."""
        if self._asked is not None:
            self._end_asking()
            self._say("")
        else:
            self.dismiss(None)
