"""The keys that settle what several readers see differently: a digit takes the reading that stands behind it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.queue_walk import MORE, WalkStart
from ner_tui.app.screens.review.answer_keys import AnswerKeys
from ner_tui.app.screens.review.base import ScreenPart
from ner_tui.app.screens.review.reading_words import words_around
from ner_tui.app.screens.review.status_lines import bottom_line
from ner_tui.domain.annotation.doubts import DoubtFilter

if TYPE_CHECKING:
    from ner_tui.session.adjudication import Conflict, Reading

_TITLE = "annotators differ: a digit takes a reading, 0 none"
_NOTHING = "nothing"


class ConflictKeys(AnswerKeys):
    """What digits do at a conflict, and what is drawn of it below the text."""

    _shown: Conflict | None = None
    """The one whose readings are in sight."""
    conflicts_begun = False

    def begin_conflicts(self) -> None:
        """Go from conflict to conflict, if there are any; once, and before a key that was typed ahead is taken."""
        if self.conflicts_begun:
            return
        self.conflicts_begun = True
        if not self.session.adjudication.is_on:
            return
        self.settles, self.parts_of_place = True, (ScreenPart.STATUS, ScreenPart.PLACE, ScreenPart.HINTS)
        # By document, unless it could be told how sure each is.
        wanted = DoubtFilter("doubt", "conflict")
        entries = (entry for entry in self.session.queue.entries(wanted) if entry is not None)
        first = tuple(islice(entries, MORE))
        if first:
            behind = self.session.queue.number("conflict") - len(first)
            self.go_to_stop(self.walk.begin(WalkStart(wanted, first, 0, entries, behind)))

    def take_reading(self, key: str) -> bool:
        """Take the reading with this number at the conflict under the cursor, of ``0`` none; not with a selection."""
        conflict = self._conflict()
        if conflict is None or not key.isdecimal() or len(key) > 1:
            return False
        number, cursor = int(key), self.view.cursor
        if number > len(conflict.readings):
            self.messages.tell(f"there are {len(conflict.readings)} readings of this place; z l gives a label by name")
            return True
        spans = conflict.readings[number - 1].spans if number else ()
        taken = self.session.corrections.take_reading
        self._answer(lambda _: taken(conflict.start, conflict.end, spans, cursor=cursor))
        if self.view.cursor == cursor and self._conflict() is None and (stop := self.walk.here()) is not None:
            # It was another one than the order had come to: that one is next. A digit for it is to change nothing here.
            self.go_to_stop(stop)
        return True

    def show_readings(self) -> None:
        """Show what is read differently under the cursor, and the sentence from the top: nothing is to cover it."""
        conflict, before = self._conflict(), self._shown
        self._shown = conflict
        if conflict is None:
            return
        if conflict != before:
            self.view.show_from(self.session.document.sentence_start(self.view.cursor))
        lines = [
            (f"label_code({str(number)!r})", f"{number}  {self._line(each)}")
            for number, each in enumerate(conflict.readings, 1)
        ]
        if conflict.readings[-1].spans:
            lines.append(("label_prefix", f"0  {_NOTHING}"))
        if not bottom_line(self.messages):
            # Digits give no labels here.
            self.hints.offer(self._key_bar.targets((), self.size.width))
        below = sum(bar.size.height for bar in (self.status, self.notice, self.hints))
        self.key_menu.show_lines(_TITLE, lines, max(2, self.size.height // 2), below)

    def _conflict(self) -> Conflict | None:
        if self.view.selection is not None:
            return None
        return self.session.adjudication.conflict_at(self.view.cursor)

    def _line(self, reading: Reading) -> str:
        """Return a reading in its sentence, and whose it is."""
        document = self.session.document
        whose = f"{', '.join(map(printable, reading.readers))}: " if reading.readers else ""
        if not reading.spans:
            return f"{whose}{_NOTHING}"
        before, behind = words_around(document, reading.spans[0].start, reading.spans[-1].end)
        parts, at = [before], reading.spans[0].start
        for span in reading.spans:
            words = document.words(span.start, span.end)
            parts.append(f"{printable(document.words(at, span.start))}[{printable(words)} {printable(span.label)}]")
            at = span.end
        return f"{whose}{''.join(parts)}{behind}"
