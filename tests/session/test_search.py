"""Finding over a project: in order, across documents, both ways, and never without end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from patience import HANGS

from ner_tui.domain.annotation.query import parse
from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.search import Hit
from ner_tui.store import finder as finding

FIRST = "Ada saw New York. Nobody saw Paris.\n\nNew York saw Ada. Ada, Ada!"
SECOND = "Paris again. Ada."


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(FIRST)
    Path("b.txt").write_text(SECOND)
    session = open_session(["a.txt", "b.txt"], SessionOptions())
    yield session
    session.close()


def places(hits: Iterable[Hit | None]) -> list[tuple[int, int]]:
    return [(hit.document, hit.start) for hit in hits if hit is not None]


ADA = [(1, at) for at in range(len(FIRST)) if FIRST.startswith("Ada", at)] + [(2, 13)]


@pytest.mark.parametrize("rows", [1, 2, 2000])
def test_hits_come_in_order_in_either_direction_from_anywhere(
    session: Session, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "ROWS", rows)
    query = parse("Ada")
    assert places(session.search.hits(query)) == ADA
    for document, offset in ADA:
        behind = places(session.search.hits(query, document, offset))
        assert behind == [place for place in ADA if place > (document, offset)]
        before = places(session.search.hits(query, document, offset, -1))
        assert before == [place for place in ADA[::-1] if place < (document, offset)]


@pytest.mark.parametrize("rows", [1, 2000])
def test_marks_are_found_in_order_in_either_direction(
    session: Session, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "ROWS", rows)
    for document, start in ADA:
        session.open(document)
        session.corrections.label(start, start + 3, "PER", cursor=start)
    for text in ("label:per", "is:decided", "ada label:PER"):
        query = parse(text)
        assert places(session.search.hits(query)) == ADA
        assert places(session.search.hits(query, 1, ADA[2][1])) == ADA[3:]
        assert places(session.search.hits(query, 1, ADA[2][1], -1)) == ADA[1::-1]


def test_what_a_person_did_to_sentences_is_found(session: Session) -> None:
    session.corrections.confirm(0)
    session.corrections.flag(20)
    session.corrections.note(29, 34, "which?", cursor=29)
    assert places(session.search.hits(parse("is:confirmed"))) == [(1, 0)]
    assert places(session.search.hits(parse("is:flagged"))) == [(1, 18)]
    assert places(session.search.hits(parse("is:noted"))) == [(1, 29)]
    assert [(r.place.text, r.note) for r in session.search.remarks()] == [
        ("Nobody saw Paris.", ""),
        ("Paris", "which?"),
    ]


def test_the_search_in_a_document_begins_at_the_cursor_and_goes_round(session: Session) -> None:
    found = places(session.search.in_document(parse("ada"), 50))
    assert found == [place for place in ADA[:-1] if place[1] >= 50] + [place for place in ADA[:-1] if place[1] < 50]


def test_a_search_goes_on_from_the_other_end_of_the_project(session: Session) -> None:
    assert places(session.search.all_round(parse("Paris"), 1, 29, 1))[:2] == [(2, 0), (1, 29)]
    assert places(session.search.all_round(parse("Paris"), 1, 29, -1))[:2] == [(2, 0), (1, 29)]


def test_a_hit_has_its_line(session: Session) -> None:
    (hit,) = [hit for hit in session.search.hits(parse("again")) if hit]
    line = session.search.line(hit)
    assert (line.before, line.text, line.after, line.state) == ("Paris ", "again", ". ", "none")


def test_a_stretch_of_the_open_document_knows_its_hits(session: Session) -> None:
    assert session.search.within(parse("New York"), 0, 12) == [(8, 12)]
    assert session.search.within(parse("is:decided"), 0, 12) == []
    text = session.document.text
    everywhere = [at for at in range(len(text)) if text.startswith("Ada", at)]
    assert len({session.document.sentence_start(at) for at in everywhere}) > 1
    assert session.search.within(parse("Ada"), 0, len(text)) == [(at, at + 3) for at in everywhere]
    # What is cut off by the stretch is so much of a hit.
    assert session.search.within(parse("Ada"), everywhere[-1] + 1, everywhere[-1] + 2) == [
        (everywhere[-1] + 1, everywhere[-1] + 2)
    ]


def test_whole_hits_begin_and_end_where_words_do(session: Session) -> None:
    found = [hit for hit in session.search.whole(parse("/New York|da|Ad|aris again/")) if hit is not None]
    assert [(hit.text, hit.state) for hit in found] == [("New York", "none")] * 2
    session.corrections.label(8, 16, "LOC", cursor=8)
    first, second = [hit for hit in session.search.whole(parse("New York")) if hit is not None]
    assert (first.state, second.state) == ("person", "none")


def test_what_stands_far_on_in_a_long_sentence_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "and so " * 3_000 + "Ada left."
    Path("a.txt").write_text(text)
    session = open_session(["a.txt"], SessionOptions())
    at = text.index("Ada")
    session.corrections.label(at, at + 3, "PER", cursor=at)
    session.corrections.note(at, at + 3, "who?", cursor=at)
    for query in ("is:decided", "label:PER", "is:noted", "Ada is:decided"):
        assert places(session.search.hits(parse(query))) == [(1, at)], query
    session.close()


def test_an_expression_that_would_never_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("a" * 60 + "b.")
    session = open_session(["a.txt"], SessionOptions())
    began = monotonic()
    with pytest.raises(InputError, match="takes too long"):
        list(session.search.hits(parse("/(a|aa)+$/")))
    assert monotonic() - began < HANGS
    session.close()


def test_the_first_hits_of_many_come_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Ada saw the sea. " * 20_000)
    monkeypatch.setattr(finding, "BLOCKS", 1)
    session = open_session(["a.txt"], SessionOptions())
    asked: list[str] = []
    session._project._database.set_trace_callback(lambda sql: asked.append(sql) if ", text FROM" in sql else None)
    hits = session.search.hits(parse("sea"))
    assert len([next(hits) for _ in range(50)]) == 50
    assert len(asked) <= 2
    assert sum(hit is not None for hit in hits) > 1_000
    assert len(asked) > 10
    session.close()
