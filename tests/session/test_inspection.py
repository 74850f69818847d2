"""Looking closely at a place: honest sums of stored readings, and a history found along an index."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span, Token
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.inspection import shares
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXT = "Ada Lovelace met Bob in New York City. They took a train to Bath Spa. Nobody saw them.\n"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    source = tmp_path / "text.txt"
    source.write_text(TEXT * 400)
    return open_session([str(source)], SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada"))


def test_the_readings_that_cover_a_word_are_added_up_and_the_others_say_nothing_of_it() -> None:
    ada = Suggestion(
        Span(0, 12, "PER"),
        0.6,
        0.4,
        (Alternative(0, 12, "ORG", 0.2), Alternative(0, 3, "PER", 0.1), Alternative(0, 12, None, 0.05)),
    )
    first, second = shares("Ada", Token(0, 3), ada), shares("Lovelace", Token(4, 12), ada)
    assert dict(first.shares) == pytest.approx({"PER": 0.7, "ORG": 0.2, None: 0.05})
    assert dict(second.shares) == pytest.approx({"PER": 0.6, "ORG": 0.2, None: 0.05})
    assert first.rest == pytest.approx(0.05)
    assert second.rest == pytest.approx(0.15)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5), st.sampled_from(["PER", "ORG", None])), max_size=3))
def test_shares_and_the_rest_make_one(readings: list[tuple[int, int, str | None]]) -> None:
    others = tuple(Alternative(at, at + size, label, 0.1) for at, size, label in readings)
    found = shares("Ada", Token(0, 3), Suggestion(Span(0, 3, "PER"), 0.5, 0.4, others))
    assert sum(share for _, share in found.shares) + found.rest == pytest.approx(1.0)


def test_there_is_nothing_to_know_of_the_space_between_words(session: Session) -> None:
    assert session.inspector.at(3) is None


def test_what_is_known_of_a_place_is_told_with_who_said_it(session: Session) -> None:
    project = Project.open(Path(session.project_path))
    run = project.predictions.begin(PredictionRun("m", "a model", "1", ""), time=7.0)
    block = project.predictions.block_at(1, 0)
    assert block is not None
    ada, bob = (Suggestion(Span(*place, "PER"), 0.75, 0.5, (), run) for place in ((0, 12), (17, 20)))
    assert project.predictions.save(block, 0, run, [ada, bob])
    project.close()
    session.corrections.note(0, 3, "who?", cursor=0)
    session.corrections.remove(17)
    found = session.inspector.at(5)
    assert found is not None
    assert (found.text, found.start, found.end, found.line, found.decision) == ("Ada Lovelace", 0, 12, 1, None)
    assert [each.text for each in found.tokens] == ["Ada", "Lovelace"]
    assert [(each.suggestion, each.answered, each.model, each.time) for each in found.opinions] == [
        (ada, False, "a model", 7.0)
    ]
    assert [note.text for note in found.notes] == ["who?"]
    answered = session.inspector.at(17)
    assert answered is not None
    assert [(each.suggestion, each.answered, each.model) for each in answered.opinions] == [(bob, True, "a model")]
    assert answered.rejected == (bob.span,)
    assert [event.what for event in answered.history] == ["not PER “Bob”"]


def test_a_note_is_in_the_history_of_what_it_is_about_alone(session: Session) -> None:
    session.corrections.note(4, 12, "who?", cursor=4)

    def history(offset: int) -> list[str]:
        found = session.inspector.at(offset)
        assert found is not None
        return [event.what for event in found.history if event.what]

    assert (history(5), history(0), history(13)) == (["“who?”"], [], [])


def test_what_was_taken_back_is_no_part_of_the_history(session: Session) -> None:
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.label(17, 20, "PER", cursor=17)
    session.corrections.undo()
    session.corrections.resize(0, right=1)
    found = session.inspector.at(5)
    assert found is not None
    assert [(event.verb, event.what, event.annotator) for event in found.history] == [
        (Verb.EXTEND_RIGHT, "PER “Ada Lovelace”", "ada"),
        (Verb.LABEL, "PER “Ada”", "ada"),
    ]


def test_confirming_a_screenful_is_in_the_history_of_every_place_in_it(session: Session) -> None:
    session.corrections.confirm_in_sight(0, 5000)
    found = session.inspector.at(4000)
    assert found is not None
    assert [(event.verb, event.what) for event in found.history] == [(Verb.CONFIRM, "sentence confirmed")]


def test_merging_labels_is_in_the_history_of_the_places_it_changed(session: Session) -> None:
    offset = len(TEXT) * 300
    session.corrections.label(offset, offset + 3, "MISC", cursor=offset)
    session.label_editing.merge("MISC", "PER")
    found = session.inspector.at(offset)
    assert found is not None
    assert [event.verb for event in found.history] == [Verb.MERGE_LABELS, Verb.LABEL]


def test_a_history_is_found_along_an_index_however_long_the_journal_is(session: Session) -> None:
    place = len(TEXT) * 200
    session.corrections.label(place, place + 3, "PER", cursor=place)
    database = sqlite3.connect(session.project_path)
    database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
        "INSERT INTO journal (time, annotator, document, verb, removed, added, cursor, state) "
        "SELECT 0, 'ada', 1 + i % 2, 'flag', '[]', '[]', 100000 + i, 1 FROM n"
    )
    database.commit()
    found = session.inspector.at(place)
    assert found is not None
    assert [event.verb for event in found.history] == [Verb.LABEL]
    statements: list[str] = []
    session._project._database.set_trace_callback(statements.append)
    session._project.journal.history(1, place, place + 3)
    plan = database.execute(f"EXPLAIN QUERY PLAN {statements[0]}").fetchall()
    database.close()
    assert not [step for *_, step in plan if step.startswith("SCAN journal")]
    assert sum("USING INDEX journal_place" in step for *_, step in plan) == 2
