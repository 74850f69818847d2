"""Going to words by their first letters, and marking them on the way with a label that was chosen once.

While words are marked, what is selected is to be marked: a letter selects a word, a capital selects up to one, and the
next of them, Enter or a label's key gives the label. So no mark is made of a word that was only passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.review.answer_keys import AnswerKeys
from ner_tui.app.screens.review.movement_keys import MovementKeys
from ner_tui.app.widgets.jump_codes import OTHER, assign, first_key, words_with_key
from ner_tui.domain.labels import CODE_PREFIX

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.auditing import Estimate

HELP = "letter: word  capital: up to it  tab: other  1-9: label  ⏎  esc"
LONGEST = 40
"""Characters of the label that words are marked with."""


class JumpKeys(MovementKeys, AnswerKeys):
    """The actions of the key for going to words, and of the keys that follow it."""

    _marking = ""
    """The label that words are marked with; empty: none are."""
    _sought = ""
    """The key of the word that was gone to last."""

    def action_reach(self) -> None:
        """Ask for the first letter of a word and go there, or for a label to mark words with."""

        def take(key: str) -> None:
            if key.isascii() and key.isdigit():
                self._sought = ""
                self._choose_label(key)
            else:
                self._jump(key)

        self.messages.wait_for_key(
            "go to a word: its first letter (A: a capital, space: no a-z) · 1-9: mark words", take
        )

    # Going to a word

    def _jump(self, key: str) -> None:
        """Go to the word that begins with a key, a capital letter if that is one; codes tell several apart."""
        wanted = OTHER if key == OTHER else first_key(key) if len(key) == 1 else ""
        start, end = self.view.visible_range()
        found = words_with_key(self.session.document, wanted, start, end, capital=key.isupper())
        words = [word for word in found if word != self.view.cursor]
        if not words:
            self.messages.tell(
                f"no other word in sight begins {_with(key if key.isupper() else wanted)}"
                if wanted
                else "no word was gone to"
            )
            return
        if len(words) == 1:
            self._arrive(words[0])
            return
        codes = assign(words, self.view.cursor)
        self.view.show_codes(codes)
        self._wait_for_code(codes, "")

    def _wait_for_code(self, codes: dict[str, int], typed: str) -> None:
        def take(key: str) -> None:
            code = typed + key
            if any(each != code and each.startswith(code) for each in codes):
                self._wait_for_code(codes, code)
                return
            self.view.hide_codes()
            if code in codes:
                self._arrive(codes[code])

        self.messages.wait_for_key(f"go to: the letters on a word {typed}".rstrip(), take, self.view.hide_codes)

    def _arrive(self, word: int) -> None:
        self.view.move_to(word)
        self.moved()

    def _words(self, key: str, start: int, end: int) -> Iterable[int]:
        return words_with_key(self.session.document, key, start, end)

    # Marking words

    def _choose_label(self, key: str) -> None:
        """Mark with the label of a key from now on, what is selected first."""
        if key == CODE_PREFIX:
            self.messages.wait_for_key("mark as: the second key of a label", self._choose_second, self._end_marking)
            return
        label = self.session.labels.with_key(key)
        if label is None:
            self.messages.tell(f"no label has the key {' '.join(key)}")
        else:
            self._marking = label.name
            self._mark()
        self._go_on_marking()

    def _choose_second(self, key: str) -> None:
        self._choose_label(CODE_PREFIX + key)

    def _go_on_marking(self) -> None:
        """Wait for the next key, unless a question has to be answered first."""
        if not self._marking or self.messages.question is not None:
            self._marking = ""
            return
        text = f"mark {printable(self._marking, LONGEST)} · {HELP}"
        self.messages.wait_for_key(text, self._take_marking, self._end_marking)

    def show_summary(self, found: Estimate | None = None) -> None:
        """Do so; where nothing is left, nothing is marked."""
        self._marking = ""
        super().show_summary(found)

    def _end_marking(self) -> None:
        self._marking = ""
        self.view.select(None)
        self.messages.tell("")
        self.moved()

    def _take_marking(self, key: str) -> None:
        self.messages.tell("")
        if key.isascii() and key.isdigit():
            self._choose_label(key)
            return
        match key:
            case "enter":
                self._mark()
                if self.messages.question is None:
                    self.action_confirm()
            case "tab":
                self._seek(after=self._selected()[0])
            case "right" | "left" | "shift+right" | "shift+left":
                self.action_move("selection", 1 if key.endswith("right") else -1)
            case "backspace" | "delete":
                if self.view.selection:
                    self.view.select(None)
                else:
                    self.action_undo()
            case _ if len(key) == 1 and key.isupper():
                self._extend(first_key(key))
            case _ if key == OTHER or len(key) == 1:
                self._mark()
                self._sought = OTHER if key == OTHER else first_key(key)
                self._seek(after=self.view.cursor - 1)
            case _:
                self.messages.tell(f"{key} does nothing while words are marked (esc ends it)")
        self._go_on_marking()

    def _mark(self) -> None:
        """Give the label to what is selected, if anything is."""
        if self.view.selection:
            self.give_label(self._marking)

    def _selected(self) -> tuple[int, int]:
        cursor = self.view.cursor
        return self.view.selection or (cursor, cursor)

    def _seek(self, after: int) -> None:
        """Select the next word that begins so: of the sentence, round its end, then of what is in sight below it."""
        if not self._sought or self.messages.question is not None:
            return
        document = self.session.document
        start, end = document.sentence_range(self.view.cursor)
        last = max(end, self.view.visible_range()[1])
        words = [word for word in self._words(self._sought, start, last) if not self._is_decided(word)]
        # A word of the sentence that was passed comes before the words of the next sentence.
        words.sort(key=lambda word: (word >= end, word <= after, word))
        if words and words[0] == self._selected()[0] and self.view.selection:
            del words[0]
        if not words:
            self.messages.tell(f"no other word here begins {_with(self._sought)}")
            return
        self.view.select((words[0], words[0] + 1))
        self.moved()

    def _extend(self, key: str) -> None:
        """Select up to the next word that begins with a key."""
        start, end = self._selected()
        last = max(self.session.document.sentence_range(start)[1], self.view.visible_range()[1])
        word = next(iter(self._words(key, max(end, start + 1), last)), None)
        if word is None:
            self.messages.tell(f"no word after it begins {_with(key)}")
            return
        self.view.select((start, word + 1))
        self.moved()

    def _is_decided(self, word: int) -> bool:
        drawn = self.session.document.span_at(word)
        return drawn is not None and drawn.kind == "decided"


def _with(key: str) -> str:
    return "with no letter from a to z" if key == OTHER else f"with {key}"
