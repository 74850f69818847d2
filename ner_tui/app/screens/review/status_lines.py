"""The lines around the text: what each of them shows now, as pieces for a bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable
from ner_tui.app.messages import Messages
from ner_tui.app.saving_controller import SavingState
from ner_tui.app.widgets.detail import status
from ner_tui.app.widgets.document_list import DocumentList, progress, short
from ner_tui.app.widgets.lines import Piece
from ner_tui.app.widgets.painter import score
from ner_tui.app.widgets.targets import Target
from ner_tui.domain.annotation.suggestions import CONTESTED
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
    # A narrow line leaves out the last.
    share, _, more = printable(predicting).partition(", ")
    left, _, rate = more.partition(", ")
    return (
        [(" ner-tui ", "bar--strong"), (f"· {printable(short(session.project_path))} ", "")],
        [
            (f"{saved} ", look),
            (f"· {whole.confirmed:,}/{whole.sentences:,} confirmed ", ""),
            (f"· {whole.doubts:,} doubtful ", ""),
            (f"· {printable(importing)} " if importing else "", "bar--dim"),
            (f"· {share}" if share else "", "bar--dim"),
            (f", {left}" if left else "", "bar--dim"),
            (f", {rate}" if rate else "", "bar--dim"),
            (" " if share else "", ""),
        ],
    )


def status_line(document: OpenDocument, view: DocumentView, documents: DocumentList, walk: str) -> Line:
    """Return which sentence the cursor is in and how far that is, after ``walk``: which place of the walk it is."""
    row = documents.row(document.id)
    number, count = documents.place(document.id)
    cursor = view.cursor
    share = 100 * cursor // max(1, document.length)
    return (
        [
            (f" {walk} ·" if walk else "", "bar--strong"),
            *_sentence(document, cursor, view.unit, row.sentences if row else 0),
        ],
        [
            (f"{progress(row) if row else ''} {printable(short(document.name))} ", "bar--strong"),
            (f"{number:,}/{count:,} ", "bar--dim"),
            (f"{share}% ", "bar--dim"),
            (f"line {document.line(cursor):,} ", "bar--dim"),
        ],
    )


def place_line(
    messages: Messages, document: OpenDocument, view: DocumentView, answers: tuple[str, str], asks: Callable[[], bool]
) -> list[Target]:
    """Return the notices, and as far as there is room what is under the cursor.

    Args:
        answers: the keys that take what a model says, and that refuse it.
        asks: whether one of the notices asks something, to be answered with y or n.
    """
    pieces = [Target(f" {printable(text)} ", "bar--alert") for text in messages.standing]
    if pieces and asks():
        pieces += [_answer("y", "y"), Target(" ", ""), _answer("n", "n")]
    try:
        under_cursor = _at_cursor(document, view.cursor, answers)
    except Exception:
        # What is told has to be seen above all where the project cannot be read.
        if not pieces and not messages.notice:
            raise
        under_cursor = []
    if view.moves.selected:
        pieces.append(Target(f" SELECT {counted(view.moves.selected, 'token')}", "bar--strong"))
    if messages.notice:
        pieces.append(Target(f" {printable(messages.notice)}{' ·' if under_cursor else ''}", "bar--strong"))
    pieces += [Target(" ", ""), *under_cursor]
    if messages.waiting and not messages.notice:
        # What nobody asked for leaves the room to what a key was pressed for.
        pieces.append(Target(f"{'· ' if under_cursor else ''}{printable(messages.waiting[0])}", "bar--strong"))
    return pieces


def bottom_line(messages: Messages) -> list[Target]:
    """Return the question that is asked with its answers; nothing where none is."""
    if messages.prompt is not None:
        return [Target(f" {messages.prompt.text} ", "bar--question"), _answer("escape", "esc")]
    if messages.question is not None:
        question = Target(f" {messages.question.text} ", "bar--question")
        return [question, _answer("y", "y"), Target(" ", ""), _answer("escape", "n")]
    return []


def _answer(key: str, written: str) -> Target:
    return Target(f" {written} ", "bar--strong", f"answer({key!r})")


def _sentence(document: OpenDocument, cursor: int, unit: tuple[int, int], sentences: int) -> list[Piece]:
    number, state = document.sentence_number(cursor), document.sentence_state(cursor)
    pieces = [(f" sentence {'…' if number is None else f'{number:,}'}/{sentences:,} ", "bar--strong")]
    if state.status == "confirmed":
        pieces.append(("· confirmed ", ""))
    if state.flagged:
        pieces.append(("· flagged ", ""))
    counts = document.counts(*unit)
    if counts.decided or counts.suggested:
        pieces.append((f"· {counts.decided} of {counts.decided + counts.suggested} decided ", ""))
    if counts.doubtful:
        pieces.append((f"· {counts.doubtful} doubtful ", ""))
    return pieces


def _at_cursor(document: OpenDocument, cursor: int, answers: tuple[str, str]) -> list[Target]:
    drawn = document.span_at(cursor)
    if drawn is None:
        return []
    span, suggestion = drawn.span, document.suggestion_at(cursor)
    take, keep = answers
    pieces = [
        Target(f"{_words(document, span)} ", "bar--strong"),
        Target(f"{printable(span.label)} {status(drawn)} ", ""),
    ]
    if suggestion is not None and suggestion.margin <= CONTESTED:
        pieces.append(Target("· annotators differ ", "bar--dim"))
    elif drawn.score is not None and suggestion is not None:
        pieces.append(Target(f"{score(suggestion.score, suggestion.margin)} ", "bar--dim"))
        if drawn.kind == "conflict":
            pieces += _answers((take, "takes it"), (keep, "leaves it out"))
    elif suggestion is not None:
        same = (suggestion.span.start, suggestion.span.end) == (span.start, span.end)
        other = "" if same else f"“{_words(document, suggestion.span)}” "
        label = printable(suggestion.span.label)
        pieces.append(Target(f"≠ the model: {label} {other}{score(suggestion.score)} ", ""))
        pieces += _answers((take, f"takes {label}"), (keep, f"keeps {printable(span.label)}"))
    return pieces


def _answers(taking: tuple[str, str], keeping: tuple[str, str]) -> list[Target]:
    """Return the keys that take what a model says, and that refuse it, with what that comes to."""
    return [
        Target(f"· {taking[0]} {taking[1]}, ", "bar--strong", "accept"),
        Target(f"{keeping[0]} {keeping[1]} ", "bar--strong", "remove"),
    ]


def _words(document: OpenDocument, span: Span) -> str:
    return printable(document.words(span.start, min(span.end, span.start + LONGEST + 1)), LONGEST)
