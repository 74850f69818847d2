"""The doubt queue: every kind of doubt with its reason, in one order, with some places by chance among them."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.test_journal import TEXT, press, sit, suggest
from thoroughness import examples

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.queue import QueueEntry
from ner_tui.store.project import Project

TAGGED = (
    "Paris B-LOC\nwon O\n\nParis B-LOC\nlost O\n\nParis B-ORG\nran O\n\nBob I-PER\nAnn I-PER\nsat O\n\n"
    "Rome B-LOC\nfell O\n"
)


def opened(folder: Path, text: str = TAGGED, name: str = "a.conll") -> Session:
    path = folder / name
    if not path.exists():
        path.write_text(text)
    return open_session([str(path)], SessionOptions(project=str(folder / "p.ner"), annotator="ada"))


def predict(folder: Path, *suggestions: Suggestion) -> None:
    project = Project.open(folder / "p.ner")
    project._database.execute("INSERT OR IGNORE INTO prediction_run VALUES (1, 'model', 'm', '', '', 0)")
    blocks = 0
    while (block := project.predictions.next_block((1,), 1, 0)) is not None:
        inside = [each for each in suggestions if block.start <= each.span.start < block.end]
        project.predictions.save(block, 0, 1, inside)
        blocks += 1
    assert blocks
    project.close()


def doubtful(session: Session, **wanted: object) -> list[QueueEntry]:
    entries = session.queue.entries(DoubtFilter(**wanted))  # type: ignore[arg-type]
    return [entry for entry in entries if entry.doubt.reason != "audit"]


def test_each_entry_says_why_it_is_there_and_the_worst_come_first(tmp_path: Path) -> None:
    opened(tmp_path).close()
    predict(
        tmp_path,
        Suggestion(Span(6, 9, "MISC"), 0.54, 0.08, (), 1),
        Suggestion(Span(10, 15, "ORG"), 0.93, 0.9, (), 1),
        Suggestion(Span(39, 42, "PER"), 0.2, -0.6, (), 1),
    )
    session = opened(tmp_path)
    found = [(entry.place.text, entry.why) for entry in doubtful(session)]
    assert found[0][0] == "Bob"
    assert found[1:] == [
        ("Paris", "model: ORG .93"),
        ("won", "model: MISC .54, file: none"),
        ("Paris", "2 × LOC elsewhere"),
    ]
    assert [(entry.place.text, entry.why) for entry in doubtful(session, reason="below")] == [
        ("sat", "perhaps PER .20")
    ]
    weights = [entry.doubt.weight for entry in doubtful(session)]
    assert weights == sorted(weights, reverse=True)


def test_the_order_of_documents_is_a_choice(tmp_path: Path) -> None:
    opened(tmp_path).close()
    predict(tmp_path, Suggestion(Span(6, 9, "MISC"), 0.54, 0.08, (), 1))
    session = opened(tmp_path)
    starts = [entry.doubt.start for entry in doubtful(session, order="document")]
    assert starts == sorted(starts)
    assert len(starts) == 3


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        ({"reason": "mixed"}, ["Paris"]),
        ({"reason": "denied"}, ["won"]),
        ({"reason": "unsure"}, []),
        ({"reason": "source"}, ["Bob"]),
        ({"status": "suggested"}, ["won"]),
        ({"status": "decided"}, ["Bob", "Paris"]),
        ({"label": "MISC"}, ["won"]),
        ({"label": "ORG"}, ["Paris"]),
        ({"text": "par"}, ["Paris"]),
        ({"text": "%"}, []),
        ({"text": "par", "label": "MISC"}, []),
    ],
)
def test_filters_leave_what_passes(tmp_path: Path, wanted: dict[str, object], texts: list[str]) -> None:
    opened(tmp_path).close()
    predict(tmp_path, Suggestion(Span(6, 9, "MISC"), 0.54, 0.08, (), 1))
    assert [entry.place.text for entry in doubtful(opened(tmp_path), **wanted)] == texts


def test_an_answer_takes_a_place_out_and_undo_brings_it_back(tmp_path: Path) -> None:
    session = opened(tmp_path)
    entries = doubtful(session)
    mixed = next(entry for entry in entries if entry.doubt.reason == "mixed")
    session.corrections.relabel(mixed.doubt.start, "LOC")
    assert not session.queue.holds(mixed)
    assert mixed not in doubtful(session)
    session.corrections.undo()
    assert session.queue.holds(mixed)
    assert doubtful(session) == entries
    for entry in entries:
        session.corrections.confirm(entry.doubt.start)
    assert not any(map(session.queue.holds, entries))
    assert doubtful(session) == []


def test_what_a_person_decided_in_two_ways_is_found_on_request(tmp_path: Path) -> None:
    session = opened(tmp_path, "Bath is old. He sat in the Bath there.\n", "a.txt")
    session.corrections.label(0, 4, "LOC", cursor=0)
    session.corrections.label(27, 31, "MISC", cursor=27)
    assert doubtful(session) == []
    assert [e.why for e in doubtful(session, status="yours")] == ["1 × MISC elsewhere", "1 × LOC elsewhere"]


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, len(TEXT) - 2)), max_size=25))
def test_counts_of_strings_follow_every_edit_and_every_undo(
    tmp_path_factory: pytest.TempPathFactory, presses: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("project")
    sit(folder).close()
    suggest(folder, Span(0, 12, "PER"), Span(17, 20, "ORG"), Span(24, 37, "LOC"), Span(60, 64, "LOC"))
    session = sit(folder)
    before = kept(folder)
    for choice, offset in presses:
        if choice < 14:
            press(session, choice, offset)
        elif choice == 14:
            session.corrections.undo()
        else:
            session.corrections.redo()
        assert kept(folder) == counted(folder)
    while session.corrections.undo():
        pass
    assert kept(folder) == before == counted(folder)
    session.close()


def kept(folder: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """The counts that the project keeps: (words, label) to (how often, how often the strongest other label)."""
    database = sqlite3.connect(folder / "p.ner")
    rows = database.execute("SELECT text, label, number, others FROM label_usage WHERE number > 0").fetchall()
    database.close()
    return {(text, label): (number, others) for text, label, number, others in rows}


def counted(folder: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """The same, counted anew from what is stored."""
    database = sqlite3.connect(folder / "p.ner")
    spans = database.execute(
        "SELECT start, end, label FROM decision "
        "UNION ALL SELECT start, end, label FROM suggestion WHERE state IN (1, 2, 6)"
    ).fetchall()
    database.close()
    numbers = Counter((" ".join(TEXT[start:end].split("\n")), label) for start, end, label in spans)
    return {
        (text, label): (
            number,
            max((n for (other, name), n in numbers.items() if other == text and name != label), default=0),
        )
        for (text, label), number in numbers.items()
    }


def many(folder: Path, sentences: int = 400) -> Session:
    text = "".join(f"Town{n} B-LOC\nlies O\nthere O\n\n" for n in range(sentences))
    session = opened(folder, text)
    chance = random.Random(1)
    starts = session.document.sentence_starts(0, len(session.document.text))
    at = sorted(chance.sample(range(sentences), 100))
    session.close()
    predict(folder, *(Suggestion(Span(starts[n], starts[n] + 4, "ORG"), 0.6, 0.2, (), 1) for n in at))
    return opened(folder)


def test_one_entry_in_twenty_is_there_by_chance_and_always_the_same(tmp_path: Path) -> None:
    session = many(tmp_path)
    entries = list(session.queue.entries(DoubtFilter()))
    chosen = [at for at, entry in enumerate(entries) if entry.doubt.reason == "audit"]
    assert chosen[:5] == [19, 39, 59, 79, 99]
    assert len(chosen) == 6
    assert {entry.why for entry in entries[19:20]} == {"audit: by chance"}
    doubted = {session.document.sentence_start(e.doubt.start) for e in entries if e.doubt.reason != "audit"}
    assert not doubted & {entries[at].doubt.start for at in chosen}
    session.close()
    assert list(opened(tmp_path).queue.entries(DoubtFilter())) == entries


def test_the_estimate_counts_only_what_the_queue_sent_a_person_to(tmp_path: Path) -> None:
    session = many(tmp_path)
    audits = list(session.queue.entries(DoubtFilter(reason="audit")))[:4]
    left = session.queue.estimate().left
    assert left == 300
    session.corrections.confirm(audits[3].doubt.start)
    for entry in audits[:3]:
        session.queue.visit(entry)
    session.corrections.confirm(audits[0].doubt.start)
    session.corrections.relabel(audits[1].doubt.start, "ORG")
    estimate = session.queue.estimate()
    assert (estimate.checked, estimate.wrong, estimate.left) == (2, 1, 298)
    everywhere = session.queue.estimate(everywhere=True)
    assert (everywhere.checked, everywhere.wrong, everywhere.left) == (2, 1, 398)
    session.corrections.undo()
    assert (session.queue.estimate().checked, session.queue.estimate().wrong) == (1, 0)
    assert [session.queue.holds(entry) for entry in audits] == [False, True, True, False]


def test_a_tenth_of_those_by_chance_is_opened_without_suggestions_until_something_is_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(f"Ada met number {n:03}.\n\n" for n in range(60))
    opened(tmp_path, text, "a.txt").close()
    length = len(text) // 60
    predict(tmp_path, *(Suggestion(Span(n * length, n * length + 3, "PER"), 0.97, 0.95, (), 1) for n in range(60)))
    session = opened(tmp_path, text, "a.txt")
    first, second = list(session.queue.entries(DoubtFilter(reason="audit")))[:2]
    starts = {first.doubt.start}
    for module in ("ner_tui.session.queue", "ner_tui.store.audits"):
        monkeypatch.setattr(f"{module}.opens_blind", lambda document, start: start in starts)
    places = [session.document.sentence_range(entry.doubt.start) for entry in (first, second)]
    before = [session.document.spans(*place) for place in places]
    assert all(any(drawn.kind != "decided" for drawn in spans) for spans in before)
    assert session.queue.visit(first)
    assert [drawn.kind for drawn in session.document.spans(*places[0]) if drawn.kind != "decided"] == []
    assert session.document.spans(*places[1]) == before[1]
    assert session.document.suggestion_at(before[0][0].span.start) is None
    found = session.next_places.span(places[0][0] - 1, 1)
    assert found is None or found >= places[0][1]
    # Who confirms sees first what the model says.
    session.corrections.confirm(first.doubt.start)
    assert session.document.spans(*places[0]) == before[0]
    session.corrections.confirm(first.doubt.start)
    assert not session.queue.visit(second)
    session.corrections.relabel(second.doubt.start, "MISC")
    estimate = session.queue.estimate()
    assert (estimate.checked, estimate.wrong) == (2, 1)
    assert estimate.sway is not None
    assert estimate.sway[0] == -1
    session.close()


def test_what_is_there_for_another_reason_than_chance_is_never_opened_blind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ner_tui.session.queue.opens_blind", lambda document, start: True)
    session = many(tmp_path)
    (entry, *_), (by_chance, *_) = doubtful(session), session.queue.entries(DoubtFilter(reason="audit"))
    assert session.queue.visit(by_chance)
    before = session.document.spans(*session.document.sentence_range(entry.doubt.start))
    assert not session.queue.visit(entry)
    assert session.document.spans(*session.document.sentence_range(entry.doubt.start)) == before != []
    session.corrections.relabel(entry.doubt.start, "MISC")
    session.corrections.confirm(entry.doubt.start)
    assert session.queue.estimate().checked == 0, "nor does it count as drawn by chance"


def test_a_second_reading_says_of_what_was_drawn_what_was_corrected_since(tmp_path: Path) -> None:
    session = many(tmp_path)
    session.corrections.relabel(0, "MISC")
    reading, entries = session.queue.second_reading()
    starts = [entry.doubt.start for entry in entries]
    assert len(starts) == len(set(starts)) == 20
    assert starts == sorted(starts)
    assert all(session.document.sentence_start(start) == start for start in starts)
    assert (reading.result(0).checked, reading.result(0).left) == (0, 400)
    (elsewhere,) = [at for at in session.document.sentence_starts(0, 100)[1:] if at not in starts][:1]
    for start in (elsewhere, starts[0], starts[2], starts[19]):
        session.corrections.relabel(start, "PER")
    assert [reading.result(number).wrong for number in (1, 2, 3, 19, 20)] == [1, 1, 2, 2, 3]
    assert (reading.result(20).checked, reading.result(20).left) == (20, 380)
    session.corrections.undo()
    assert reading.result(20).wrong == 2
    again, others = session.queue.second_reading()
    assert [entry.doubt.start for entry in others] != starts, "after more work others are drawn"
    assert again.result(20).wrong == 0, "what was corrected before it is not found by it"
    session.close()


def test_a_second_reading_of_a_few_sentences_is_of_all(tmp_path: Path) -> None:
    session = opened(tmp_path)
    reading, entries = session.queue.second_reading()
    assert [entry.doubt.start for entry in entries] == session.document.sentence_starts(0, session.document.length)
    assert reading.result(len(entries)).left == 0
    session.close()
