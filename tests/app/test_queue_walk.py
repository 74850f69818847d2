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
    while stops[-1].place is not None:
        stops.append(walk.move(0, 1))
    assert [stop.place for stop in stops[:-1]] == [Place(e.doubt.document, e.doubt.start) for e in entries]
    assert [stop.notice.split(" · ")[0] for stop in stops[:-1]] == ["1 of 3", "2 of 3", "3 of 3"]
    assert walk.wanted == DoubtFilter(reason="unsure")
    assert walk.move(0, -1).place == stops[-3].place


def test_what_was_answered_meanwhile_is_passed_over(session: Session) -> None:
    walk = QueueWalk(session)
    entries = list(session.queue.entries(DoubtFilter(reason="unsure", by_document=True)))
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
