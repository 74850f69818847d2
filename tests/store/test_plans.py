"""Plans: no query that a key, the queue or a prediction waits for walks a table that grows, or sorts what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from time import process_time

import pytest
from store.statements import traced

from ner_tui.domain.annotation.doubts import ORDERS, REASONS, STATUSES, DoubtFilter, Order, Reason
from ner_tui.domain.annotation.query import parse
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.store.doubts import QUERIES
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

GROWING = frozenset(
    "sentence sentence_state decision rejection note suggestion covered_suggestion problem block block_run journal "
    "mention mention_by_text label_usage audit sample possible_error".split()
)
WHOLE = (
    # What is asked for once a block, a page or a session, and has a row for each block or document at the most.
    "SELECT coalesce(sum(words), 0) FROM block",
    # Few: those that a person was sent to by chance.
    "FROM audit WHERE drawn AND",
    # When they begin to be gone through, once.
    "SELECT EXISTS (SELECT 1 FROM possible_error",
    # Once a project, where a sample is asked for.
    "SELECT document, start FROM sentence WHERE length(tokens) > 1",
    # What is sorted are the doubts of one sentence.
    "FROM sentence_state m CROSS JOIN suggestion g",
)
"""Statements that are meant to take all there is, or to sort it."""
PARTIAL = ("journal_active", "journal_undone")
"""Indexes that hold nothing but what is asked for."""
TAGGED = "Paris B-LOC\nwon O\n\nParis B-LOC\nlost O\n\nParis B-ORG\nran O\n\nBob I-PER\nAnn I-PER\nsat O\n\n"


def opened(folder: Path, text: str = TAGGED) -> Session:
    path = folder / "a.conll"
    if not path.exists():
        path.write_text(text)
    return open_session([str(path)], SessionOptions(project=str(folder / "p.ner"), annotator="ada"))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened(tmp_path).close()
    project = Project.open(tmp_path / "p.ner")
    for source in ("model", "terms"):
        run = project.predictions.begin(PredictionRun(source, source, "", ""), time=0.0)
        block = project.predictions.next_block((run,), 1, 0)
        assert block is not None
        said = [Suggestion(Span(6, 9, "MISC"), 0.5, 0.1, (), run), Suggestion(Span(16, 20, "PER"), 0.2, -0.6, (), run)]
        project.predictions.save(block, 0, run, said)
    project.close()
    opened_again = opened(tmp_path)
    yield opened_again
    opened_again.close()


def uses(session: Session) -> dict[str, Callable[[], object]]:
    """What a person and a prediction ask of the store, by name."""
    project, c = session._project, session.corrections
    run = 2
    return {
        "neighbourhood": lambda: project.items.neighbourhood(1, 6, 9, 2),
        "relabel": lambda: c.relabel(6, "ORG"),
        "undo": lambda: (c.undo(), c.undo()),
        "redo": c.redo,
        "reject": lambda: (c.label(0, 5, "PER", cursor=0), c.remove(0)),
        "confirm": lambda: c.confirm(12),
        "note": lambda: c.note(0, 5, "why?", cursor=0),
        "next span": lambda: [session.next_places.span(8, step) for step in (1, -1)],
        "next doubt": lambda: [session.next_places.doubtful(8, step) for step in (1, -1)],
        "next doubt, blind": lambda: [project.doubts.next_in_begun(1, 8, step) for step in (1, -1)],
        "next sentence": lambda: session.next_places.open_sentence(3),
        "spans": lambda: session.document.spans(0, 20),
        "problems": lambda: session.document.problems(0, 40),
        "counts": lambda: (session.row(), session.label_counts()),
        "details": lambda: session.inspector.at(6),
        "history": lambda: project.journal.history(1, 0, 10),
        "find": lambda: [list(project.finder.candidates(parse(words), 1, 0, 1)) for words in ("par", "label:PER")],
        "next block": lambda: [project.predictions.next_block((run,), 1, 0, within) for within in (None, 20_000)],
        "next block, none left": lambda: [project.predictions.next_block((9,), 1, 30, within) for within in (None, 9)],
        "words of a run": lambda: (project.predictions.words((run,)), project.predictions.words()),
        "most to learn": lambda: (
            list(session.queue.entries(DoubtFilter("learning"))), project.teaching.is_open(1, 12)
        ),
        "audit": lambda: (list(project.audits.waiting()), project.audits.audited()),
        "possible errors": lambda: (session.possible_errors.at(6), session.possible_errors.is_any_left),
        "sample": lambda: (project.samples.draw(2, 0), project.samples.next("2 0", (1, 0), 1)),
    }  # fmt: skip


def plan(project: Project, statement: str) -> list[str]:
    """Return what is wrong with how SQLite carries a statement out."""
    if not re.match(r"(-- )?(SELECT|INSERT|UPDATE|DELETE)", statement) or statement.startswith("--"):
        return []
    if any(words in statement for words in WHOLE):
        return []
    # What is bound is written into statements that are traced: infinity as no number that SQLite reads.
    statement = re.sub(r"\bInf\b", "9e999", statement)
    rows = project._database.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    details = [detail for *_, detail in rows]
    tables = dict(re.findall(r"(?:FROM|JOIN) (\w+) (?:AS )?(\w)\b", statement))
    bad = []
    for detail in details:
        scanned = re.match(r"SCAN (\w+)", detail)
        walks = scanned and tables.get(scanned[1], scanned[1]) in GROWING and not detail.endswith(PARTIAL)
        if walks or ("TEMP B-TREE" in detail and "DISTINCT" not in detail):
            bad.append(f"{detail}: {statement}")
    return bad


NAMES = (
    "neighbourhood", "relabel", "undo", "redo", "reject", "confirm", "note", "next span", "next doubt",
    "next doubt, blind", "next sentence", "spans", "problems", "counts", "details", "history", "find", "next block",
    "next block, none left", "words of a run", "most to learn", "audit", "possible errors", "sample",
)  # fmt: skip


def test_every_use_is_looked_at(session: Session) -> None:
    assert tuple(uses(session)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_a_key_or_a_prediction_asks_is_found_along_an_index(session: Session, name: str) -> None:
    project = session._project
    if name in ("undo", "redo"):
        session.corrections.confirm(0)
        session.corrections.flag(0)
    if name == "redo":
        session.corrections.undo()
    with traced(project._database) as statements:
        uses(session)[name]()
    assert statements
    assert [bad for statement in set(statements) for bad in plan(project, statement)] == []


def filters() -> Iterator[DoubtFilter]:
    for order, reason, status in product(ORDERS, (None, *REASONS), STATUSES):
        for label, text in ((None, ""), ("LOC", "par")):
            yield DoubtFilter(order, reason, status, label, text)


def test_every_page_of_the_queue_goes_on_along_an_index(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    # With a row a page, every continuation is asked for.
    monkeypatch.setattr("ner_tui.store.doubts.BATCH", 1)
    project = session._project
    with traced(project._database) as statements:
        for wanted in filters():
            list(project.doubts.find(wanted))
        for doubt in project.doubts.find(DoubtFilter()):
            assert project.doubts.holds(doubt)
    assert len(set(statements)) > 40
    assert [bad for statement in sorted(set(statements)) for bad in plan(project, statement)] == []


def test_there_is_a_query_for_each_kind_of_doubt() -> None:
    sentences: set[Reason] = {"audit", "unlike"}
    assert set(QUERIES) == set(REASONS) - sentences


@pytest.mark.parametrize("order", ["doubt", "document"])
def test_a_page_as_small_as_a_row_finds_what_a_large_one_finds(
    session: Session, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubts = session._project.doubts
    every = list(doubts.find(DoubtFilter(order)))
    assert len({doubt.reason for doubt in every}) >= 3
    monkeypatch.setattr("ner_tui.store.doubts.BATCH", 1)
    assert list(doubts.find(DoubtFilter(order))) == every


@pytest.mark.thorough
def test_the_queue_takes_twice_as_long_for_twice_the_problems_and_no_longer_for_its_beginning(tmp_path: Path) -> None:
    times: dict[int, tuple[float, float]] = {}
    for number in (2_000, 4_000):
        folder = tmp_path / str(number)
        folder.mkdir()
        # An inside without a beginning is a problem of the file, and each name has two labels.
        names = (f"Town{n // 2} I-{('ORG', 'LOC')[n % 2]}\nlies O\n\n" for n in range(number))
        text = "Paris B-LOC\nwon O\n\n" * number + "".join(names)
        doubts = opened(folder, text)._project.doubts
        begun = process_time()
        first = list(islice(doubts.find(DoubtFilter()), 200))
        paged = process_time()
        every = list(doubts.find(DoubtFilter()))
        assert len(first) == 200
        assert len(every) == number
        assert sum(doubt.reason == "source" for doubt in every) == number
        times[number] = paged - begun, process_time() - paged
    assert times[4_000][0] < 3 * times[2_000][0] + 0.1
    assert times[4_000][1] < 3 * times[2_000][1] + 0.1
