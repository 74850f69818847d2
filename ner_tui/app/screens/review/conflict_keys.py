"""The keys that settle what several readers see differently: a digit takes the reading that stands behind it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.queue_walk import MORE, WalkStart
from ner_tui.app.screens.review.answer_keys import AnswerKeys
from ner_tui.app.screens.review.base import Part
from ner_tui.domain.annotation.doubts import DoubtFilter

if TYPE_CHECKING:
    from ner_tui.app.queue_walk import Stop
    from ner_tui.session.adjudication import Conflict, Reading

_NOTHING = "nothing"
_AROUND = 24
"""Characters of the sentence that are shown on each side of a reading."""


class ConflictKeys(AnswerKeys):
    """The actions of the digits at a conflict, and what is drawn of it below the text."""

    def begin_conflicts(self) -> None:
        """Go from conflict to conflict, if there are any."""
        self.settles = self.session.adjudication.is_on
        if not self.settles:
            return
        wanted = DoubtFilter("document", "conflict")
        entries = (entry for entry in self.session.queue.entries(wanted) if entry is not None)
        first = tuple(islice(entries, MORE))
        if first:
            self.go_to_stop(self.walk.begin(WalkStart(wanted, first, 0, entries)))

    def action_label_code(self, code: str) -> None:
        """Take a reading of the conflict under the cursor; elsewhere, or with a selection, give the label."""
        conflict = self._conflict()
        if conflict is None or not code.isdecimal() or len(code) > 1:
            super().action_label_code(code)
        elif int(code) > len(conflict.readings):
            self.messages.tell(f"there are {len(conflict.readings)} readings of this place; z l gives a label by name")
        else:
            self._take(conflict, conflict.readings[int(code) - 1])

    def action_label_prefix(self) -> None:
        """Decide that nothing is there; where there is no conflict, wait for the second key of a label."""
        conflict = self._conflict()
        if conflict is None:
            super().action_label_prefix()
            return
        cursor = self.view.cursor
        self._do(lambda _: self.session.corrections.take_reading(conflict.start, conflict.end, (), cursor=cursor))

    def moved(self) -> None:
        """Show what is read differently under the cursor, too."""
        super().moved()
        if self.settles:
            self.invalidate(Part.HINTS)

    def go_to_stop(self, stop: Stop) -> None:
        """Go there; of a conflict show the sentence from the top, so that the readings do not cover it."""
        super().go_to_stop(stop)
        if self.settles and stop.place is not None and self._conflict() is not None:
            self.view.show_from(self.session.document.sentence_start(self.view.cursor))

    def show_readings(self) -> None:
        """List how the conflict under the cursor is read, if there is one and no key is waited for."""
        if self.messages.prompt is None and (conflict := self._conflict()) is not None:
            lines = [
                (f"label_code('{number}')", f"{number}  {self._line(each)}")
                for number, each in enumerate(conflict.readings, 1)
            ]
            if conflict.readings[-1].spans:
                lines.append(("label_prefix", f"0  {_NOTHING}"))
            title = "annotators differ: a digit takes a reading, 0 none"
            self.key_menu.show_lines(title, lines, max(2, self.size.height // 2))

    def _conflict(self) -> Conflict | None:
        if not self.settles or self.view.selection is not None:
            return None
        return self.session.adjudication.conflict_at(self.view.cursor)

    def _take(self, conflict: Conflict, reading: Reading) -> None:
        cursor, corrections = self.view.cursor, self.session.corrections
        self._do(lambda _: corrections.take_reading(conflict.start, conflict.end, reading.spans, cursor=cursor))

    def _line(self, reading: Reading) -> str:
        """Return a reading in its sentence, and whose it is."""
        document = self.session.document
        start, end = document.sentence_range(self.view.cursor)
        whose = f"{', '.join(map(printable, reading.readers))}: " if reading.readers else ""
        if not reading.spans:
            return f"{whose}{_NOTHING}"
        parts, at = list[str](), max(start, reading.spans[0].start - _AROUND)
        for span in reading.spans:
            words = document.words(span.start, span.end)
            parts.append(f"{printable(document.words(at, span.start))}[{printable(words)} {printable(span.label)}]")
            at = span.end
        rest = printable(document.words(at, min(end, at + _AROUND)))
        return f"{whose}{''.join(parts)}{rest}"
