"""Saying: the three lines around the text, and what there is to say of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.review.base import ReviewBase
from ner_tui.app.widgets.detail import status
from ner_tui.app.widgets.document_list import progress, short
from ner_tui.app.widgets.highlights import NOTED, WRONG
from ner_tui.app.widgets.lines import Piece
from ner_tui.app.widgets.painter import score

if TYPE_CHECKING:
    from ner_tui.domain.spans import Span

LONGEST = 40
"""Characters of an entity in the status line."""


class StatusLines(ReviewBase):
    """Fills the top, the status and the bottom line."""

    usual_hints = ("", "")
    """What the bottom line says of the keys when there is nothing else; ``{last}`` is the last label's key."""

    def show_top(self) -> None:
        """Say how far the project is, and what the model is doing."""
        whole = self.session.row()
        unsaved = self.session.unsaved
        if unsaved and "saving" not in self.standing:
            self.tell_unsaved()
        lost = unsaved > 0 or "saving" in self.standing
        saved = f"{unsaved or ''} NOT SAVED".lstrip() if lost else "read-only" if self.session.read_only else "saved"
        self.top.show(
            [(" ner-tui", "bar--strong"), (f" · {printable(short(self.session.project_path))} ", "")],
            [
                (f"{saved} ", "bar--alert" if lost else "bar--dim"),
                (f"· {whole.confirmed:,}/{whole.sentences:,} confirmed ", ""),
                (f"· {whole.doubts:,} doubtful ", ""),
                (f"· {printable(self.reading)} " if self.reading else "", "bar--dim"),
                (f"· {printable(self.model)} " if self.model else "", "bar--dim"),
            ],
        )
        if lost:
            # Not for one frame may an edit be in sight that is not called unsaved.
            self.top.go_first()

    def show_status(self) -> None:
        """Say what is under the cursor, and where it stands."""
        document, cursor = self.session.document, self.view.cursor
        left: list[Piece] = [(" ", "")]
        if self.view.moves.selected > 1:
            left.append((f"{self.view.moves.selected} tokens selected ", "bar--strong"))
        left += self._about(cursor)
        sentence = document.sentence_mark(cursor)
        flagged = ", flagged" if sentence.flagged else ""
        row = self.documents.row(document.id)
        place, documents = self.documents.place(document.id)
        share = 100 * cursor // max(1, document.length)
        self.status.show(
            left,
            [
                (f"{progress(row) if row else ''} {printable(short(document.name))} ", "bar--strong"),
                (f"{place:,}/{documents:,} ", "bar--dim"),
                (f"sentence {sentence.status}{flagged} ", ""),
                (f"{share}% ", "bar--dim"),
                (f"line {document.line(cursor):,} ", "bar--dim"),
            ],
        )

    def _about(self, cursor: int) -> list[Piece]:
        mark = self.session.document.mark_at(cursor)
        if mark is None:
            return []
        pieces = [(f"{self._words(mark.span)} ", "bar--strong"), (f"{printable(mark.span.label)} {status(mark)} ", "")]
        suggestion = self.session.document.suggestion_at(cursor)
        if mark.score is not None and suggestion is not None:
            pieces.append((f"{score(suggestion.score)}, margin {suggestion.margin:.2f} ", "bar--dim"))
        elif suggestion is not None:
            same = (suggestion.span.start, suggestion.span.end) == (mark.span.start, mark.span.end)
            other = "" if same else f"“{self._words(suggestion.span)}” "
            pieces.append((f"≠ the model: {printable(suggestion.span.label)} {other}{score(suggestion.score)} ", ""))
        return pieces

    def _words(self, span: Span) -> str:
        words = printable(self.session.document.words(span.start, min(span.end, span.start + LONGEST + 1)))
        return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"

    def show_hints(self) -> None:
        """Say what was asked or told, or else which keys there are."""
        if self.waiting is not None:
            self.hints.show([(f" {self.prompt}", "bar--question")])
        elif self.question is not None:
            self.hints.show([(f" {self.question.words} ", "bar--question")])
        elif self.notice or self.standing:
            pieces = [(f" {printable(text)} ", "bar--alert") for text in self.standing.values()]
            self.hints.show([*pieces, (f" {printable(self.notice)}", "bar--strong")])
        else:
            head, tail = self.usual_hints
            self.hints.show([(head.format(last=min(9, len(self.session.labels))), ""), (tail, "")])

    def remarks_on(self, start: int, end: int) -> tuple[str, ...]:
        """Return the notes on ``[start, end)`` and what was wrong with it in the source, each with its sign."""
        document = self.session.document
        notes = [f"{NOTED} {note.text}" for note in document.notes(start, end)]
        problems = [f"{WRONG} {document.words(low, high)}: {what}" for low, high, what in document.problems(start, end)]
        return (*notes, *problems)
