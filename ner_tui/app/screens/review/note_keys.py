"""The keys of notes, of the clipboard and the mouse, and of the bounds of tokens and sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.review.correction_keys import CorrectionKeys
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    pass

COPIED = 100_000
"""Characters that are copied at the most: terminals drop what is longer."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters but tabs and line feeds."""


class NoteKeys(CorrectionKeys):
    """The actions of notes, copies and tokens."""

    _released = False
    """Whether the mouse is the terminal's."""

    def action_note(self) -> None:
        """Write a note on the selection, the entity under the cursor, or else the sentence; empty takes it away."""
        from ner_tui.app.screens.note import NoteScreen

        document, cursor = self.session.document, self.view.cursor
        start, end, what = self._words_here()
        old = next((note.text for note in document.notes(start, end) if (note.start, note.end) == (start, end)), "")

        def keep(text: str | None) -> None:
            if text is not None and text.strip() != old:
                self._do(lambda _: self.session.corrections.note(start, end, text.strip(), cursor=cursor))

        words = printable(document.words(start, min(end, start + 60)))
        self.app.push_screen(NoteScreen(f"Note on the {what}: {words}", old), keep)

    def action_remarks(self) -> None:
        """List the notes and flags of the project."""
        from ner_tui.app.screens.found_places import RemarkScreen

        self.app.push_screen(RemarkScreen(self.session), self.go_to)

    def action_copy(self) -> None:
        """Give the words of the selection, the entity or the sentence to the terminal's clipboard."""
        start, end, what = self._words_here()
        words = self.session.document.words(start, min(end, start + COPIED)).strip()
        # What a person pastes somewhere is not to be obeyed there.
        self.app.copy_to_clipboard(_CONTROLS.sub("", words))
        self.messages.tell(f"copied the {what}, {counted(len(words), 'character')}")

    def action_release_mouse(self) -> None:
        """Leave the mouse to the terminal's own selection, or take it back."""
        released = self._switch_mouse()
        self.messages.tell("the mouse is the terminal's: z r takes it back" if released else "the mouse is back")

    def action_split_token(self) -> None:
        """Ask where to split the token under the cursor, and split it there."""
        token = self.view.token
        if token is None or token[1] - token[0] < 2:
            self.messages.tell("there is no token here that could be split")
            return
        start, end = token
        word, cursor = self.session.document.words(start, end), self.view.cursor
        halves = (n for n in range(1, len(word)) if word[n].isalnum() != word[n - 1].isalnum())
        at = start + next(halves, len(word) // 2)

        def ask() -> None:
            parts = f"{printable(word[: at - start])} | {printable(word[at - start :])}"
            keys = "h/l moves the cut, enter splits, esc leaves it"
            self.messages.wait_for_key(f"split the token: {parts}   {keys}", take)

        def take(key: str) -> None:
            nonlocal at
            if key in ("h", "left", "l", "right"):
                at = min(max(at + (1 if key in ("l", "right") else -1), start + 1), end - 1)
                ask()
            elif key in ("enter", "c"):
                self._do(lambda _: self.session.corrections.split_token(cursor, at))

        ask()

    def action_merge_tokens(self) -> None:
        """Make one token of the one under the cursor and the next."""
        self._do(lambda _: self.session.corrections.merge_tokens(self.view.cursor))

    def action_move_boundary(self) -> None:
        """Begin a sentence at the token under the cursor, or join the one that begins there to the one before."""
        self._do(lambda _: self.session.corrections.move_boundary(self.view.cursor))

    def _words_here(self) -> tuple[int, int, str]:
        """Return the selection, else the entity under the cursor, else the sentence, and what it is."""
        if self.view.selection is not None:
            return (*self.view.selection, "selection")
        drawn = self.session.document.span_at(self.view.cursor)
        if drawn is not None and drawn.kind == "decided":
            return drawn.span.start, drawn.span.end, "entity"
        sentence = self.session.document.sentence_at(self.view.cursor)
        if not sentence.tokens:
            return sentence.start, sentence.end, "sentence"
        return sentence.tokens[0].start, sentence.tokens[-1].end, "sentence"

    def _switch_mouse(self) -> bool:
        """Turn the reporting of mouse events off or on; return whether it is off now."""
        driver, self._released = self.app._driver, not self._released
        # Textual has no public way; drivers without a mouse have no such method.
        switch = getattr(driver, "_disable_mouse_support" if self._released else "_enable_mouse_support", None)
        if driver is not None and switch is not None:
            switch()
            driver.flush()
        return self._released
