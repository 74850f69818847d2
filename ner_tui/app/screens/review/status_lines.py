"""The three lines around the text: what each of them shows now, as pieces for a bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.messages import Messages
from ner_tui.app.saving_controller import SavingState
from ner_tui.app.widgets.detail import status
from ner_tui.app.widgets.document_list import DocumentList, progress, short
from ner_tui.app.widgets.lines import Piece
from ner_tui.app.widgets.painter import score
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    from ner_tui.app.widgets.document_view import DocumentView
    from ner_tui.domain.spans import Span
    from ner_tui.session import OpenDocument, Session

LONGEST = 40
"""Characters of an entity in the status line."""
Line = tuple[list[Piece], list[Piece]]
"""The left and the right side of a line."""


def top_line(session: Session, *, saving: SavingState, importing: str, predicting: str) -> Line:
    """Return how far the project is, and what is done beside the person's work, each in words or empty."""
    whole = session.row()
    match saving:
        case SavingState.NOT_SAVED:
            saved, look = f"{session.unsaved or ''} NOT SAVED".lstrip(), "bar--alert"
        case SavingState.READ_ONLY:
            saved, look = "read-only", "bar--dim"
        case SavingState.SAVED:
            saved, look = "saved", "bar--dim"
    return (
        [(" ner-tui ", "bar--strong"), (f"· {printable(short(session.project_path))} ", "")],
        [
            (f"{saved} ", look),
            (f"· {whole.confirmed:,}/{whole.sentences:,} confirmed ", ""),
            (f"· {whole.doubts:,} doubtful ", ""),
            (f"· {printable(importing)} " if importing else "", "bar--dim"),
            (f"· {printable(predicting)} " if predicting else "", "bar--dim"),
        ],
    )


def status_line(document: OpenDocument, view: DocumentView, documents: DocumentList) -> Line:
    """Return what is under the cursor, and where it stands."""
    cursor = view.cursor
    left: list[Piece] = [(" ", "")]
    if view.moves.selected:
        left.append((f"SELECT {counted(view.moves.selected, 'token')} ", "bar--strong"))
    left += _at_cursor(document, cursor)
    sentence = document.sentence_state(cursor)
    flagged = ", flagged" if sentence.flagged else ""
    row = documents.row(document.id)
    number, count = documents.place(document.id)
    share = 100 * cursor // max(1, document.length)
    return (
        left,
        [
            (f"{progress(row) if row else ''} {printable(short(document.name))} ", "bar--strong"),
            (f"{number:,}/{count:,} ", "bar--dim"),
            (f"sentence {sentence.status}{flagged} ", ""),
            (f"{share}% ", "bar--dim"),
            (f"line {document.line(cursor):,} ", "bar--dim"),
        ],
    )


def bottom_line(messages: Messages, hints: Callable[[], Sequence[str]]) -> list[Piece]:
    """Return the question or notices, or else what ``hints`` returns: which keys there are."""
    if messages.prompt is not None:
        return [(f" {messages.prompt.text}", "bar--question")]
    if messages.question is not None:
        return [(f" {messages.question.text} ", "bar--question")]
    standing = messages.standing
    if messages.notice or standing:
        pieces = [(f" {printable(text)} ", "bar--alert") for text in standing]
        return [*pieces, (f" {printable(messages.notice)}", "bar--strong")]
    return [(part, "") for part in hints()]


def _at_cursor(document: OpenDocument, cursor: int) -> list[Piece]:
    drawn = document.span_at(cursor)
    if drawn is None:
        return []
    span, suggestion = drawn.span, document.suggestion_at(cursor)
    pieces = [(f"{_words(document, span)} ", "bar--strong"), (f"{printable(span.label)} {status(drawn)} ", "")]
    if drawn.score is not None and suggestion is not None:
        pieces.append((f"{score(suggestion.score)}, margin {suggestion.margin:.2f} ", "bar--dim"))
    elif suggestion is not None:
        same = (suggestion.span.start, suggestion.span.end) == (span.start, span.end)
        other = "" if same else f"“{_words(document, suggestion.span)}” "
        pieces.append((f"≠ the model: {printable(suggestion.span.label)} {other}{score(suggestion.score)} ", ""))
    return pieces


def _words(document: OpenDocument, span: Span) -> str:
    return printable(document.words(span.start, min(span.end, span.start + LONGEST + 1)), LONGEST)
