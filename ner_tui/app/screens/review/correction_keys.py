"""The keys that decide something, each one call on the session; the list of labels, and when to use which."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import first_key
from ner_tui.app.screens.review.base import ReviewBase, ScreenPart
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.annotation.verbs import NeedsJoin
from ner_tui.domain.counting import counted
from ner_tui.domain.labels import CODE_PREFIX
from ner_tui.errors import EditRefused, NerTuiError

if TYPE_CHECKING:
    from ner_tui.session import DrawnSpan, EditResult

Correction = Callable[[bool], "EditResult"]
"""Its argument says whether sentences may be joined."""
LONGEST = 40
"""Characters of an entity in a notice."""
ANSWERS = {Verb.LABEL, Verb.RELABEL, Verb.ACCEPT, Verb.REJECT, Verb.DELETE, Verb.TAKE_ALTERNATIVE, Verb.KEEP}
"""What is done with a place once: an edge is moved more than once."""


class CorrectionKeys(ReviewBase):
    """The actions of the deciding keys, and those that have to do with the list of labels."""

    _last: Callable[[], None] | None = None
    """Does the last correction again, at the cursor."""

    def action_label(self, number: int) -> None:
        """Give label ``number``, from 0, to the selection, to the entity under the cursor, or to its token."""
        names = self.session.labels.names
        if number >= len(names):
            self.messages.tell(f"there {'is' if len(names) == 1 else 'are'} {counted(len(names), 'label')}")
            return
        self.give_label(names[number])

    def give_label(self, name: str) -> None:
        """Give the label ``name`` to the selection, to the entity under the cursor, or to its token."""
        if self.session.labels.find(name) is None:
            self.messages.tell(f"there is no label {name} any more")
        else:
            self._label_as(name)

    def _label_as(self, name: str) -> None:
        self._last = lambda: self.give_label(name)
        token, selection = self.view.token, self.view.selection
        if token is None:
            self.messages.tell("there are no words here")
            return
        cursor = token[0]
        drawn = self.session.document.span_at(cursor)
        # A selection that is just the entity under it means the entity.
        if drawn is not None and selection in (None, (drawn.span.start, drawn.span.end)):
            self._relabel(cursor, name, drawn)
        else:
            start, end = selection or token
            self._do(lambda join: self.session.corrections.label(start, end, name, cursor=cursor, join=join))

    def action_make_pattern(self) -> None:
        """Have the words of the entity under the cursor suggested with its label wherever they stand, or no longer."""
        drawn = self.session.document.span_at(self.view.cursor)
        if drawn is None or self.session.read_only:
            self.messages.tell("there is no entity here" if drawn is None else "read-only: nothing is kept")
            return
        span = drawn.span
        words = self.session.document.words(span.start, span.end)
        is_made = self.session.own_patterns.switch(words, span.label)
        self.predictions.look_at_patterns()
        what = "is suggested wherever it stands" if is_made else "is no pattern any more"
        self.messages.tell(f"“{printable(words, LONGEST)}” {what}, as {printable(span.label)}")

    def _relabel(self, cursor: int, name: str, drawn: DrawnSpan) -> None:
        """Give the entity under the cursor, ``drawn``, another label."""
        self._do(lambda _: self.session.corrections.relabel(cursor, name))

    def action_label_code(self, code: str) -> None:
        """Give the label whose key is ``code``; at a conflict, take that reading."""
        if self.settles and self.take_reading(code):
            return
        label = self.session.labels.with_key(code)
        if label is None:
            self.messages.tell(f"no label has the key {' '.join(code)}")
        else:
            self._label_as(label.name)

    def action_label_prefix(self) -> None:
        """Give one of the labels beyond nine by the key that comes next; at a conflict, take none."""
        if self.settles and self.take_reading(CODE_PREFIX):
            return
        more = [label for label in self.session.labels if label.key.startswith(CODE_PREFIX)]
        if not more:
            key = first_key(self.KEYS, "labels.edit")
            listed = f" ({key}: labels)" if key else ""
            self.messages.tell(f"the {len(self.session.labels)} labels have keys of one digit each{listed}")
            return
        choices = [(label.key[1:], f"{label.key[1:]}  {printable(label.name)}") for label in more]
        self.messages.wait_for_key("label: ", lambda key: self.action_label_code(CODE_PREFIX + key), choices=choices)

    def action_choose_label(self) -> None:
        """Give a label by a part of its name."""
        from ner_tui.app.screens.choose_label import ChooseLabelScreen

        counts = self.session.label_counts()
        screen = ChooseLabelScreen("Label as", self.session.labels, counts, self.legend.keys.keys)
        self.app.push_screen(screen, self._give)

    def action_labels(self) -> None:
        """List the labels, to change them or to give one."""
        from ner_tui.app.screens.labels import LabelsScreen

        self.app.push_screen(LabelsScreen(self.session, self.labels_changed, self.legend.keys.keys), self._give)

    def action_guidelines(self) -> None:
        """Show the project's guidelines."""
        try:
            text = self.session.guidelines.read()
        except NerTuiError as missing:
            self.messages.tell(str(missing))
            return
        from ner_tui.app.screens.guidelines import GuidelinesScreen

        self.app.push_screen(GuidelinesScreen(self.session.guidelines.name, text))

    def _give(self, name: str | None) -> None:
        if name:
            self.give_label(name)

    def action_resize(self, left: int, right: int) -> None:
        """Move the edges of the entity under the cursor by tokens."""
        self._last = lambda: self.action_resize(left, right)
        cursor = self.view.cursor
        self._do(lambda join: self.session.corrections.resize(cursor, left=left, right=right, join=join))

    def action_flag(self) -> None:
        """Flag the sentence under the cursor, or take its flag off."""
        self._do(lambda _: self.session.corrections.flag(self.view.cursor))

    def action_undo(self) -> None:
        """Take back the last correction, wherever it was."""
        self._turn(self.session.corrections.undo, "nothing to undo")

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._turn(self.session.corrections.redo, "nothing to redo")

    def action_repeat(self) -> None:
        """Do the last correction again, at the cursor."""
        if self._last is None:
            self.messages.tell("nothing was corrected yet in this session")
            return
        self._last()

    def _turn(self, turn: Callable[[], EditResult | None], nothing: str) -> None:
        def turned(_: bool) -> EditResult:
            done = turn()
            if done is None:
                raise EditRefused(nothing)
            return done

        self._do(turned)

    def _do(self, verb: Correction, join: bool = False) -> bool:
        """Carry out a correction, draw what it changed, and show the notice; False if it is not settled."""
        self.messages.question = None
        try:
            done = verb(join)
        except NeedsJoin:
            self.messages.ask("this joins two sentences: do it?", lambda: self._join(verb))
            return False
        except EditRefused as refused:
            self.messages.tell(str(refused))
        except NerTuiError as failed:
            self.saving.failed(failed)
            self.invalidate(ScreenPart.TOP)
            return False
        else:
            self.saving.check()
            self._show(done)
        return True

    def _join(self, verb: Correction) -> None:
        self._do(verb, join=True)

    def _show(self, done: EditResult) -> None:
        if done.everywhere:
            self.labels_changed()
            self.messages.tell(done.notice)
            return
        if done.document != self.session.document.id:
            self.go(done.document, done.cursor)
        self.view.repaint(done.start, done.end, done.signs)
        self.view.stand_on(done.cursor)
        self.messages.tell(done.notice)
        self.recount(done.document)
        self.moved()
        if done.verb in (Verb.UNDO, Verb.REDO):
            self.after_turn(done)
        elif done.verb in ANSWERS:
            self.after_decision()

    def after_turn(self, done: EditResult) -> None:
        """Go on in the order from where something was taken back, or done again."""
        self.walk.stand_at(done.document, done.cursor)
