"""The walk: by place, in the order of the queue, and past what was answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.conftest import NEWS
from app.fakes import Gazetteer
from ner_tui.app.queue_walk import QueueWalk, WalkStart
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.session import Place, Session


@pytest.fixture
def session(new_session: Callable[..., Session]) -> Session:
    """A session on three documents in which a place each is doubtful, and another below the threshold."""
    session = new_session(Gazetteer(), a=NEWS, b=NEWS, c=NEWS)
    prediction = session.prediction(lambda: Place(1, 0))
    assert prediction is not None
    list(prediction.run(lambda: False))
    return session


def doubtful(session: Session) -> list[Place]:
    text = session.document.text
    return [Place(document, text.index("Łódź")) for document in (1, 2, 3)]


def test_without_a_list_it_goes_by_place_through_all_documents(session: Session) -> None:
    walk = QueueWalk(session)
    found, cursor = [], 0
    while (place := walk.move(cursor, 1).place) is not None:
        found.append(place)
        session.open(place.document)
        cursor = place.offset
    assert found == doubtful(session)
    assert walk.move(cursor, -1).place == found[-2]
    assert walk.move(cursor, 1).notice


def test_a_list_is_gone_through_in_its_order_with_a_counter(session: Session) -> None:
    walk = QueueWalk(session)
    entries = list(session.queue.entries(DoubtFilter(reason="unsure")))[::-1]
    stops = [walk.begin(WalkStart(DoubtFilter(reason="unsure"), entries, 0))]
    counted = []
    while stops[-1].place is not None:
        counted.append(walk.words())
        stops.append(walk.move(0, 1))
    assert counted == ["unsure suggestions 1/3", "unsure suggestions 2/3", "unsure suggestions 3/3"]
    assert [stop.place for stop in stops[:-1]] == [Place(e.doubt.document, e.doubt.start) for e in entries]
    assert walk.wanted == DoubtFilter(reason="unsure")
    assert walk.move(0, -1).place == stops[-3].place


def test_what_was_answered_meanwhile_is_passed_over(session: Session) -> None:
    walk = QueueWalk(session)
    entries = list(session.queue.entries(DoubtFilter(reason="unsure", order="document")))
    walk.begin(WalkStart(DoubtFilter(), entries, 0))
    session.open(entries[1].doubt.document)
    session.corrections.accept(entries[1].doubt.start)
    stop = walk.move(0, 1)
    assert stop.place == Place(entries[2].doubt.document, entries[2].doubt.start)


def test_a_walk_that_is_ended_goes_by_place_again(session: Session) -> None:
    walk = QueueWalk(session)
    assert not walk.end()
    walk.begin(WalkStart(DoubtFilter(), list(session.queue.entries(DoubtFilter())), 0))
    assert walk.end()
    assert walk.move(0, 1).place == doubtful(session)[0]


def test_all_doubts_are_counted_as_everywhere_else_and_what_is_answered_is_not(session: Session) -> None:
    walk = QueueWalk(session)
    walk.begin(WalkStart(DoubtFilter(), list(session.queue.entries(DoubtFilter())), 0))
    assert (walk.words(), session.row().doubts) == ("doubt 1/3", 3)
    walk.move(0, 1)
    assert walk.words() == "doubt 2/3"
    session.open(2)
    session.corrections.accept(doubtful(session)[1].offset)
    stop = walk.after_decision()
    assert stop is not None
    assert stop.place == doubtful(session)[2]
    assert (walk.words(), session.row().doubts) == ("doubt 2/2", 2)
    # What is decided elsewhere is no answer here.
    assert walk.after_decision() is None
    session.corrections.undo()
    walk.stand_at(2, doubtful(session)[1].offset)
    assert walk.words() == "doubt 2/3"


def test_places_by_chance_and_for_other_reasons_stand_between_those_that_are_counted(session: Session) -> None:
    walk = QueueWalk(session)
    entries = list(session.queue.entries(DoubtFilter()))
    at = next(at for at, entry in enumerate(entries) if entry.doubt.reason == "audit")
    walk.begin(WalkStart(DoubtFilter(), entries, at))
    doubts = sum(1 for entry in entries[:at] if entry.doubt.reason != "audit")
    assert walk.words() == f"by chance · {doubts}/3 doubtful"


def test_what_the_list_had_not_found_yet_is_found_on_the_way(session: Session) -> None:
    walk = QueueWalk(session)
    found = session.queue.entries(DoubtFilter(reason="unsure"))
    stop = walk.begin(WalkStart(DoubtFilter(reason="unsure"), [next(found)], 0, found))
    number = 0
    while stop.place is not None:
        number, stop = number + 1, walk.move(0, 1)
    assert number == 3
