"""Statistics: the counters say what is there, and agreement compares the first suggestion with the last word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.evaluation.agreement import Agreement
from ner_tui.domain.evaluation.auditing import Estimate
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.statistics import told_of_errors
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXT = "Ada Lovelace met Bob in New York City. They took a train to Bath Spa. Nobody saw them.\n"
T = TypeVar("T")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sit(tmp_path: Path, clock: Clock) -> Callable[[], Session]:
    def opened() -> Session:
        (tmp_path / "text.txt").write_text(TEXT)
        options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada")
        return open_session([str(tmp_path / "text.txt")], options, clock)

    return opened


def suggest(session: Session, *words: str, model: str = "m", score: float = 0.8) -> None:
    """Have a model suggest ``LABEL:words``."""
    project = Project.open(Path(session.project_path))
    run = project.predictions.begin(PredictionRun("model", model, "h", ""), time=0.0)
    block = project.predictions.next_block((run,), 1, 0)
    assert block is not None
    found = []
    for label, _, text in (each.partition(":") for each in words):
        start = TEXT.index(text)
        found.append(Suggestion(Span(start, start + len(text), label), score, 0.6, (), run))
    project.predictions.save(block, 0, run, sorted(found), part=None)
    project.close()


def last(stream: Iterable[T | None]) -> T:
    found = [item for item in stream if item is not None]
    return found[-1]


def agreement(session: Session) -> dict[str, int]:
    found = last(session.statistics.agreement())
    return {outcome: number for outcome, number in found.outcomes.items() if number > 0}


def at(words: str) -> int:
    return TEXT.index(words)


def test_the_counters_say_what_is_there(sit: Callable[[], Session]) -> None:
    session = sit()
    suggest(session, "PER:Ada Lovelace", "PER:Bob", "ORG:New York City", "LOC:Bath Spa")
    session.corrections.accept(at("Ada"))
    session.corrections.remove(at("Bob"))
    session.corrections.relabel(at("New York"), "LOC")
    session.corrections.confirm(0)
    found = session.statistics.overview()
    assert {row.name: (row.decided, row.suggested, row.rejected) for row in found.labels} == {
        "PER": (1, 0, 1),
        "ORG": (0, 0, 0),
        "LOC": (1, 1, 0),
        "MISC": (0, 0, 0),
    }
    whole = found.whole
    assert (whole.decided, whole.suggested, whole.rejected) == (2, 1, 1)
    assert (whole.sentences, whole.confirmed) == (3, 1)
    (document,) = session.statistics.documents()
    assert (document.decided, document.rejected, document.confirmed) == (2, 1, 1)
    session.corrections.undo()
    session.corrections.undo()
    session.corrections.undo()
    assert session.statistics.overview().whole.rejected == 0


def test_a_suggestion_that_was_corrected_in_steps_is_compared_with_what_stands_there_in_the_end(
    sit: Callable[[], Session],
) -> None:
    session = sit()
    suggest(session, "PER:Ada", "PER:Bob", "ORG:New York City")
    session.corrections.relabel(at("Ada"), "ORG")
    session.corrections.relabel(at("Ada"), "PER")
    session.corrections.resize(at("Ada"), right=1)
    session.corrections.resize(at("Ada"), right=-1)
    session.corrections.remove(at("Bob"))
    session.corrections.resize(at("New York"), right=-1)
    session.corrections.label(at("met"), at("met") + 3, "MISC", cursor=at("met"))
    assert agreement(session) == {}
    session.corrections.confirm(0)
    assert agreement(session) == {"equal": 1, "removed": 1, "re-bounded": 1, "added": 1}
    found = last(session.statistics.agreement())
    assert found.confusion == {("PER", "PER"): 1, ("PER", None): 1, ("ORG", "ORG"): 1, (None, "MISC"): 1}
    assert found.confirmed == {"PER": 1, "ORG": 1, "MISC": 1}
    assert found.share == 1


def test_what_was_taken_back_is_not_counted(sit: Callable[[], Session]) -> None:
    session = sit()
    suggest(session, "PER:Ada Lovelace")
    session.corrections.relabel(0, "ORG")
    session.corrections.undo()
    session.corrections.confirm(0)
    assert agreement(session) == {"equal": 1}


def test_a_newer_model_does_not_change_what_a_person_had_to_correct(sit: Callable[[], Session]) -> None:
    session = sit()
    suggest(session, "ORG:Ada Lovelace")
    session.corrections.relabel(0, "PER")
    session.corrections.confirm(0)
    suggest(session, "PER:Ada Lovelace", "PER:Bob", model="newer")
    assert agreement(session) == {"relabelled": 1, "removed": 1}


def test_sentences_no_model_has_spoken_of_are_not_compared(sit: Callable[[], Session]) -> None:
    session = sit()
    session.corrections.label(0, 12, "PER", cursor=0)
    session.corrections.confirm(0)
    assert agreement(session) == {}
    assert last(session.statistics.agreement()).confirmed == {"PER": 1}


def test_faint_suggestions_were_not_suggested(sit: Callable[[], Session]) -> None:
    session = sit()
    suggest(session, "PER:Ada Lovelace", score=0.2)
    session.faint_mode.switch()
    session.corrections.accept(0)
    session.corrections.confirm(0)
    assert agreement(session) == {"added": 1}


def test_what_is_labelled_beside_a_corrected_suggestion_is_added(sit: Callable[[], Session]) -> None:
    session = sit()
    suggest(session, "LOC:New York City")
    session.corrections.label(at("City"), at("City") + 4, "MISC", cursor=at("City"))
    session.corrections.label(at("New York"), at("New York") + 8, "LOC", cursor=at("New York"))
    session.corrections.confirm(0)
    assert agreement(session) == {"re-bounded": 1, "added": 1}


def test_time_is_counted_but_for_pauses(sit: Callable[[], Session], clock: Clock) -> None:
    session = sit()
    for wait, word in ((0, "Ada"), (4, "Bob"), (1000, "New"), (6, "York")):
        clock.now += wait
        session.corrections.label(at(word), at(word) + len(word), "PER", cursor=at(word))
    clock.now += 5
    session.corrections.confirm(0)
    pace = last(session.statistics.pace())
    assert pace.seconds == 15
    assert (pace.edits, pace.corrections) == (5, 4)
    assert pace.seconds_per_correction == 5


def test_corrections_are_those_of_this_sitting(sit: Callable[[], Session]) -> None:
    session = sit()
    session.corrections.label(0, 3, "PER", cursor=0)
    session.close()
    session = sit()
    assert session.statistics.corrections() == 0
    session.corrections.relabel(0, "ORG")
    session.corrections.resize(0, right=1)
    session.corrections.undo()
    session.corrections.confirm(0)
    assert session.statistics.corrections() == 1


@pytest.mark.parametrize(
    ("found", "enough", "said"),
    [
        (Estimate(0, 0, 90, (0, 90)), 20, []),
        (Estimate(60, 1, 90, (0, 7)), None, []),
        (Estimate(60, 1, 90, (0, 7)), 7, ["you may stop: at most 7 sentences with errors, with 95%"]),
        (Estimate(60, 0, 90, (0, 1)), 7, ["you may stop: at most 1 sentence with errors, with 95%"]),
        (Estimate(60, 1, 90, (0, 8)), 7, ["go on: up to 8 sentences may have errors, and you want 7 at the most"]),
        (
            Estimate(60, 1, 90, (0, 8), f1=(0.912, 0.99), sway=(0.034, -0.021, 0.089)),
            None,
            [
                "an export with the open suggestions has an F1 between 91.2% and 99.0%, doubtful ones aside",
                "suggestions sway you by +3 in 100 sentences (-2 to +9 at 95%): so many more were corrected where they "
                "were hidden at first",
            ],
        ),
    ],
)
def test_what_follows_from_an_estimate_is_said(found: Estimate, enough: int | None, said: list[str]) -> None:
    assert list(told_of_errors(found, enough)) == said


def test_counting_can_be_interrupted_by_edits(sit: Callable[[], Session]) -> None:
    session = sit()
    suggest(session, "PER:Ada Lovelace")
    session.corrections.confirm(0)
    stream = session.statistics.agreement()
    next(stream)
    session.corrections.label(at("Bath"), at("Bath") + 4, "LOC", cursor=at("Bath"))
    assert isinstance(last(stream), Agreement)
