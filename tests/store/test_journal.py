"""The journal: one key is one entry, undo has no end, and what was saved is there after a restart."""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.annotation.occurrences import Matching
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verbs import NeedsJoin
from ner_tui.domain.spans import Span, Token, snap
from ner_tui.errors import EditRefused, ProjectError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.store import items
from ner_tui.store.project import Project
from ner_tui.store.tables.schema import VERSION

TEXT = "Ada Lovelace met Bob in New York City. They took a train to Bath Spa. Nobody saw them.\n"


def sit(folder: Path, text: str = TEXT) -> Session:
    source = folder / "text.txt"
    source.write_text(text)
    return open_session([str(source)], SessionOptions(project=str(folder / "p.ner"), annotator="ada"))


def state(session: Session) -> list[list[tuple[object, ...]]]:
    """Everything that is known of the documents, as rows, with the counts that triggers keep."""
    session.close()
    database = sqlite3.connect(session.project_path)
    tables = ("sentence", "sentence_state", "decision", "rejection", "suggestion", "note")
    rows = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables]
    rows.append(database.execute("SELECT * FROM tally WHERE number <> 0 ORDER BY 1, 2, 3").fetchall())
    database.close()
    return rows


def suggest(folder: Path, *spans: Span) -> None:
    project = Project.open(folder / "p.ner")
    block = project.predictions.next_block((1,), 1, 0)
    assert block is not None
    # Doubtful and sure ones in turn.
    scores = [0.6, 0.95]
    project.predictions.save(
        block, 0, 1, [Suggestion(span, scores[at % 2], 0.5, (), 1) for at, span in enumerate(spans)]
    )
    project.close()


def press(session: Session, choice: int, offset: int) -> None:
    """Do one of the correcting verbs at a place, whatever comes of it."""
    c = session.corrections
    verbs = [
        lambda: c.relabel(offset, "ORG"),
        lambda: c.label(*session.document.tokens[session.document.tokens.at(offset)], "PER", cursor=offset),
        lambda: c.resize(offset, right=1, join=True),
        lambda: c.resize(offset, right=-1),
        lambda: c.resize(offset, left=-1, join=True),
        lambda: c.accept(offset),
        lambda: c.remove(offset),
        lambda: c.confirm(offset),
        lambda: c.flag(offset),
        lambda: c.split_token(offset, offset + 1),
        lambda: c.merge_tokens(offset),
        lambda: c.move_boundary(offset),
        lambda: c.note(offset, offset + 1, f"why {offset}?", cursor=offset),
        lambda: c.confirm_in_sight(offset, len(TEXT)),
    ]
    with suppress(EditRefused, NeedsJoin):
        verbs[choice % len(verbs)]()


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, len(TEXT) - 2)), max_size=25))
@example([(9, 33), (0, 24)])  # A token that is split makes its suggestion one of more words.
def test_undoing_everything_is_the_way_back_and_redoing_everything_the_way_forth(
    tmp_path_factory: pytest.TempPathFactory, presses: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("project")
    sit(folder).close()
    suggest(folder, Span(0, 12, "PER"), Span(17, 20, "ORG"), Span(24, 37, "LOC"), Span(60, 64, "LOC"))
    before = state(sit(folder))
    session = sit(folder)
    for choice, offset in presses:
        press(session, choice, offset)
    after = state(session)
    session = sit(folder)
    while session.corrections.undo():
        pass
    assert state(session) == before
    session = sit(folder)
    while session.corrections.redo():
        pass
    assert state(session) == after


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(0, 18)], [(2, 1)])
@example([(0, 2), (4, 30)], [(2, 1)])
@given(
    st.lists(st.tuples(st.integers(0, len(TEXT) - 2), st.integers(1, 40)), max_size=4),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, len(TEXT) - 2)), min_size=1, max_size=8),
)
def test_verbs_do_in_a_long_sentence_what_they_do_in_a_short_one(
    tmp_path_factory: pytest.TempPathFactory, spans: list[tuple[int, int]], presses: list[tuple[int, int]]
) -> None:
    """Though of a long one they see only what is near."""
    states = []
    # In characters; each word of the text and what stands next to it are within twelve.
    for near in (len(TEXT), 12):
        folder = tmp_path_factory.mktemp("project")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(items, "NEAR", near)
            session = sit(folder)
            suggest(folder, *disjoint(spans, words(session)))
            for choice, offset in presses:
                press(session, choice, offset)
            states.append(state(session))
    assert states[0] == states[1]


def disjoint(places: list[tuple[int, int]], tokens: list[Token]) -> list[Span]:
    """Return spans of whole tokens at so many of the places that no two touch the same one."""
    spans: list[Span] = []
    for at, size in sorted(places):
        start, end = snap(at, at + size, tokens) or (0, 0)
        if start < end and all(not span.overlaps(start, end) for span in spans):
            spans.append(Span(start, end, "LOC"))
    return spans


def words(session: Session) -> list[Token]:
    index = session.document.tokens
    return [index[at] for at in range(len(index))]


def test_a_new_edit_ends_what_could_be_redone(tmp_path: Path) -> None:
    session = sit(tmp_path)
    c = session.corrections
    c.label(0, 3, "PER", cursor=0)
    c.label(17, 20, "PER", cursor=17)
    c.undo()
    c.label(24, 37, "LOC", cursor=24)
    assert c.redo() is None
    assert [c.undo() is not None for _ in range(3)] == [True, True, False]


def test_a_change_of_nothing_leaves_what_could_be_redone(tmp_path: Path) -> None:
    session = sit(tmp_path)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.undo()
    nobody = list(session.concordance.occurrences("Bob", Matching()))
    assert len(nobody) == 1
    assert session.concordance.label(nobody, None) == 0
    assert session.corrections.redo() is not None
    assert session.concordance.label(nobody, "PER") == 1
    assert session.corrections.redo() is None


def test_undo_goes_back_to_where_the_cursor_was_after_a_restart(tmp_path: Path) -> None:
    session = sit(tmp_path)
    session.corrections.label(24, 37, "LOC", cursor=28)
    session.close()
    done = sit(tmp_path).corrections.undo()
    assert done is not None
    assert (done.document, done.cursor) == (1, 28)


def test_an_entry_tells_who_and_when(tmp_path: Path) -> None:
    source = tmp_path / "text.txt"
    source.write_text(TEXT)
    options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="grace")
    session = open_session([str(source)], options, clock=lambda: 1234.5)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.close()
    rows = sqlite3.connect(tmp_path / "p.ner").execute("SELECT time, annotator, verb FROM journal").fetchall()
    assert rows == [(1234.5, "grace", "label")]


def test_predicting_again_replaces_open_suggestions_and_no_decision(tmp_path: Path) -> None:
    session = sit(tmp_path)
    suggest(tmp_path, Span(0, 12, "PER"), Span(24, 37, "LOC"))
    session.corrections.accept(0)
    session.corrections.remove(24)
    project = Project.open(tmp_path / "p.ner")
    block = project.predictions.next_block((2,), 1, 0)
    assert block is not None
    again = [Suggestion(Span(0, 12, "ORG"), 0.7, 0.5, (), 2), Suggestion(Span(24, 37, "LOC"), 0.9, 0.8, (), 2)]
    assert project.predictions.save(block, 0, 2, again)
    project.close()
    assert [(m.span, m.kind) for m in session.document.spans(0, 40)] == [
        (Span(0, 12, "PER"), "decided"),
    ]


def test_a_prediction_of_other_sentences_is_stale(tmp_path: Path) -> None:
    session = sit(tmp_path)
    project = Project.open(tmp_path / "p.ner")
    block = project.predictions.next_block((1,), 1, 0)
    assert block is not None
    at = TEXT.index("City")
    session.corrections.label(at, TEXT.index("They") + 4, "LOC", cursor=at, join=True)
    assert not project.predictions.save(block, 0, 1, [])
    project.close()


def test_counts_never_drift_from_the_rows(tmp_path: Path) -> None:
    session = sit(tmp_path)
    suggest(tmp_path, Span(0, 12, "PER"), Span(17, 20, "ORG"), Span(24, 37, "LOC"))
    chance = random.Random(7)
    for _ in range(60):
        press(session, chance.randrange(14), chance.randrange(len(TEXT) - 1))
        chance.random() < 0.3 and session.corrections.undo()
    row = session.row()
    session.close()
    database = sqlite3.connect(session.project_path)

    def count(query: str) -> int:
        return int(database.execute(f"SELECT count(*) FROM {query}").fetchone()[0])

    assert (row.spans, row.suggestions, row.doubts, row.confirmed, row.flagged, row.sentences) == (
        count("decision"),
        count("suggestion WHERE state IN (1, 2)"),
        count("suggestion WHERE state IN (2, 3)"),
        count("sentence_state WHERE status = 'confirmed'"),
        count("sentence_state WHERE flagged"),
        count("sentence"),
    )


def test_a_project_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    sit(tmp_path).close()
    database = sqlite3.connect(tmp_path / "p.ner")
    database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()
    with pytest.raises(ProjectError, match="newer"):
        sit(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be looked at" * 30])
def test_a_file_that_is_no_project_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.ner"
    path.write_bytes(content)
    with pytest.raises(ProjectError):
        Project.open(path)


def test_nothing_is_called_saved_that_nobody_would_find_again(tmp_path: Path) -> None:
    session = sit(tmp_path)
    session.corrections.label(0, 3, "PER", cursor=0)
    (tmp_path / "p.ner").rename(tmp_path / "moved.ner")
    with pytest.raises(ProjectError, match="put it back"):
        session.corrections.relabel(0, "ORG")
    assert [mark.span.label for mark in session.document.spans(0, 3)] == ["PER"]
    (tmp_path / "moved.ner").rename(tmp_path / "p.ner")
    session.corrections.relabel(0, "ORG")
    assert [mark.span.label for mark in session.document.spans(0, 3)] == ["ORG"]
