"""Facts are read once, and again after any change, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app.fakes import Gazetteer

from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.fact_cache import MOST, FactCache


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    file = tmp_path / "a.txt"
    file.write_text("Ada Okonkwo left Paris. Ada came back.", encoding="utf-8")
    options = SessionOptions(project=str(tmp_path / "p.ner"), load=lambda _: Gazetteer())
    session = open_session([str(file)], options)
    yield session
    session.close()


@pytest.fixture
def statements(session: Session) -> list[str]:
    found: list[str] = []
    session._project._database.set_trace_callback(found.append)
    return found


def test_a_fact_is_read_once(session: Session, statements: list[str]) -> None:
    first = (session.row(), session.labels, session.label_counts(), session.document.span_at(0))
    read = len(statements)
    assert read > 0
    assert (session.row(), session.labels, session.label_counts(), session.document.span_at(0)) == first
    assert len(statements) == read


def test_what_is_no_fact_does_not_make_another_revision(session: Session) -> None:
    facts = FactCache(session._project)
    before = facts.revision
    with facts.unchanged():
        session.remember_cursor(5)
    with facts.unchanged():
        session.remember_cursor(9)
    assert facts.revision == before
    facts.changed_outside()
    assert facts.revision > before


def test_what_is_part_of_what_was_read_is_not_read_again(session: Session, statements: list[str]) -> None:
    session.corrections.label(0, 11, "PER", cursor=0)
    document = session.document
    document.look_at(0, 23)
    drawn = document.spans(0, 23)
    statements.clear()
    assert document.covers(4, 11)
    assert document.spans(4, 11) == drawn
    assert document.spans(12, 16) == []
    assert document.span_at(0) == drawn[0]
    assert document.sentence_state(5).status == "in progress"
    assert statements == []


@pytest.mark.parametrize("verb", ["label", "flag", "note", "undo", "blind", "labels"])
def test_every_change_of_a_person_is_seen(session: Session, verb: str) -> None:
    def seen() -> object:
        document = session.document
        return (
            session.row(),
            session.labels,
            document.spans(0, document.length),
            document.notes(0, document.length),
            document.sentence_state(0),
            session.blind_mode.is_on,
        )

    session.corrections.label(24, 27, "PER", cursor=24)
    before = seen()
    match verb:
        case "label":
            session.corrections.label(0, 11, "PER", cursor=0)
        case "flag":
            session.corrections.flag(0)
        case "note":
            session.corrections.note(0, 3, "who?", cursor=0)
        case "undo":
            session.corrections.undo()
        case "blind":
            session.blind_mode.switch()
        case _:
            session.label_editing.add("EVENT")
    assert seen() != before


def test_what_a_model_stores_through_another_connection_is_seen(session: Session) -> None:
    assert session.document.spans(0, 23) == []
    assert session.row().suggestions == 0
    prediction = session.prediction(lambda: Place(1, 0))
    assert prediction is not None
    list(prediction.run(lambda: False))
    assert [drawn.span.label for drawn in session.document.spans(0, 23)] == ["PER", "LOC"]
    assert session.row().suggestions == 2


def test_where_the_person_is_changes_no_fact(session: Session, statements: list[str]) -> None:
    session.row()
    session.remember_cursor(12)
    statements.clear()
    session.row()
    assert statements == []


def test_no_more_is_held_than_a_screen_shows(session: Session) -> None:
    cache = FactCache(session._project)
    read: list[int] = []
    for number in range(3 * MOST):
        cache.get(number, read.append, number)
    assert len(cache._facts) <= MOST
    cache.get(3 * MOST - 1, read.append, 0)
    assert len(read) == 3 * MOST


def test_what_others_change_while_something_of_no_fact_is_changed_is_read_again(session: Session) -> None:
    project = session._project
    facts = FactCache(project)
    read = iter(range(9))
    assert facts.get("a number", lambda: next(read)) == 0
    with facts.unchanged():
        project._database.execute("UPDATE document SET cursor = 3")
    assert facts.get("a number", lambda: next(read)) == 0
    with facts.unchanged():
        project._database.execute("UPDATE document SET cursor = 4")
        facts.changed_outside()
    assert facts.get("a number", lambda: next(read)) == 1
