"""Blind mode and samples: what is hidden until a person decides, and a subset that chance chose."""

from __future__ import annotations

from pathlib import Path

import pytest
from store.test_journal import TEXT, sit, suggest

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.queue import HIDDEN

ADA, BOB = Span(0, 12, "PER"), Span(17, 20, "ORG")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    sit(tmp_path).close()
    suggest(tmp_path, ADA, BOB, Span(60, 64, "LOC"))
    blind = sit(tmp_path)
    blind.blind_mode.switch()
    return blind


def shown(session: Session) -> list[Span]:
    return [mark.span for mark in session.document.spans(0, len(TEXT))]


def test_nothing_of_a_model_is_shown_before_a_decision_in_the_sentence(session: Session) -> None:
    assert shown(session) == []
    assert session.document.suggestion_at(3) is None
    assert session.next_places.doubtful(0, 1) is None
    assert session.next_places.span(-1, 1) is None
    assert {e.why for e in session.queue.entries(DoubtFilter()) if e.doubt.reason != "audit"} == {HIDDEN}


def test_a_first_decision_shows_what_the_model_says_of_its_sentence(session: Session) -> None:
    session.corrections.label(24, 37, "LOC", cursor=24)
    assert shown(session) == [ADA, BOB, Span(24, 37, "LOC")]
    assert session.next_places.doubtful(-1, 1) == Place(1, 0)
    assert session.next_places.doubtful(20, 1) is None
    session.corrections.undo()
    assert shown(session) == []


def test_in_a_sentence_that_is_opened_blind_only_what_the_file_decided_is_come_to(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Ada O\nmet O\nBo B-PER\nin O\nRome O\n")
    options = SessionOptions(project=str(tmp_path / "p.ner"))
    open_session([str(tmp_path / "a.conll")], options).close()
    suggest(tmp_path, Span(0, 3, "PER"), Span(14, 18, "LOC"))
    session = open_session([], options)
    assert [session.next_places.span(at, 1) for at in (-1, 0, 8, 14)] == [0, 8, 14, None]
    session.blind_mode.place = (1, 0)
    assert [session.next_places.span(at, 1) for at in (-1, 0, 8)] == [8, 8, None]
    assert session.next_places.span(14, -1) == 8
    with pytest.raises(EditRefused):
        session.corrections.accept(0)
    session.blind_mode.place = None
    session.corrections.accept(0)
    assert [mark.kind for mark in session.document.spans(0, 3)] == ["decided"]


def test_what_was_decided_unseen_stands_beside_what_the_model_says(session: Session) -> None:
    session.corrections.label(0, 3, "ORG", cursor=0)
    marks = session.document.spans(0, 12)
    assert [(mark.kind, mark.span) for mark in marks] == [("decided", Span(0, 3, "ORG")), ("conflict", ADA)]


def test_enter_shows_what_is_hidden_before_it_accepts_anything(session: Session) -> None:
    assert session.corrections.hides_something(0)
    done = session.corrections.confirm(0)
    assert done.verb is Verb.SHOW_SUGGESTIONS
    assert session.row().spans == 0
    assert session.document.sentence_state(0).status == "in progress"
    done = session.corrections.confirm(0)
    assert (done.verb, done.notice, done.left) == (Verb.CONFIRM, "1 accepted, 1 doubtful left", (0,))
    assert session.row().spans == 1


def test_what_is_hidden_cannot_be_accepted_by_any_key(session: Session) -> None:
    with pytest.raises(EditRefused):
        session.corrections.accept(0)
    with pytest.raises(EditRefused):
        session.corrections.remove(0)
    with pytest.raises(EditRefused, match="blind"):
        session.corrections.confirm_in_sight(0, len(TEXT))
    assert session.row().spans == 0


def test_blind_mode_is_remembered_in_the_project(session: Session, tmp_path: Path) -> None:
    session.close()
    again = sit(tmp_path)
    assert again.blind_mode.is_on
    assert shown(again) == []
    assert not again.blind_mode.switch()
    assert len(shown(again)) == 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in "ab":
        lines = (f"This is sentence number {n} of text {name}.\n" for n in range(20))
        (tmp_path / f"{name}.txt").write_text("".join(lines))
    return tmp_path


def sampled(folder: Path, number: int, seed: int, project: str = "p") -> Session:
    paths = [str(folder / "a.txt"), str(folder / "b.txt")]
    return open_session(paths, SessionOptions(project=str(folder / f"{project}.ner"), sample=number, seed=seed))


def walked(session: Session) -> list[Place]:
    places = []
    place = session.sample and session.sample.next(0, 0, 1)
    while place:
        places.append(place)
        session.open(place.document)
        place = session.next_places.doubtful(place.offset, 1)
    return places


def test_a_sample_is_so_many_sentences_of_all_documents_and_the_same_for_the_same_seed(folder: Path) -> None:
    def places_of(number: int, seed: int, project: str = "p") -> list[Place]:
        session = sampled(folder, number, seed, project)
        try:
            return walked(session)
        finally:
            session.close()

    places = places_of(10, 7)
    assert len(places) == len(set(places)) == 10
    assert {place.document for place in places} == {1, 2}
    assert places_of(10, 7, "q") == places
    assert places_of(10, 8) != places
    assert len(places_of(100, 8)) == 40


def test_a_sample_is_walked_both_ways_and_counted(folder: Path) -> None:
    session = sampled(folder, 5, 1)
    places = walked(session)
    session.open(places[-1].document)
    assert session.next_places.doubtful(places[-1].offset + 5, -1) == places[-2]
    assert session.sample is not None
    assert session.sample.progress == (0, 5)
    session.open(places[0].document)
    session.corrections.confirm(places[0].offset)
    assert session.sample.progress == (1, 5)
    assert session.next_places.open_sentence(places[0].offset) == places[1]
    assert session.next_places.open_sentence(None) == places[1], "the first is confirmed"


def test_a_sitting_on_a_sample_goes_on_at_its_first_open_sentence(folder: Path) -> None:
    session = sampled(folder, 5, 1)
    places = walked(session)
    session.open(places[0].document)
    session.corrections.confirm(places[0].offset)
    session.close()
    again = sampled(folder, 5, 1)
    assert (again.document.id, again.document.cursor) == (places[1].document, places[1].offset)
