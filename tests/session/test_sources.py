"""Several suggestion sources in one project: none erases another's word, and each edit finds back what it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from app.fakes import Gazetteer
from store.test_journal import press, state

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.spans import Span
from ner_tui.predictors.base import SuggestedPart, SuggestionSource
from ner_tui.predictors.suggesting import ModelSource, suggest
from ner_tui.session import Place, PredictionOptions, ProjectPrediction, Session, SessionOptions, open_session
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.project import Project

TEXT = "Ada Okonkwo left New York City for Paris. The Manhattan Bridge was closed. Nobody saw Łódź.\n"


class TermList:
    """Suggests the terms of a list wherever they stand, word for word."""

    labels = ("LOC", "WORK")
    unmapped = ()

    def __init__(self, terms: dict[str, str], *, score: float = 1.0, name: str = "terms.txt") -> None:
        self._terms, self._score = terms, score
        self.run = PredictionRun("terms", name, str(sorted(terms.items())), f"score {score}")
        self.is_closed = False

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        yield block, [tuple(self._found(sentence)) for sentence in block]

    def _found(self, sentence: Sentence) -> Iterator[Suggestion]:
        for term, label in self._terms.items():
            at = sentence.text.find(term)
            if at >= 0:
                start = sentence.start + at
                yield Suggestion(Span(start, start + len(term), label), self._score, self._score)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Callable[[], Session]]:
    (tmp_path / "text.txt").write_text(TEXT)

    open_now: list[Session] = []

    def opened() -> Session:
        while open_now:
            open_now.pop().close()
        options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada")
        open_now.append(open_session([str(tmp_path / "text.txt")], options))
        return open_now[-1]

    opened()
    yield opened
    while open_now:
        open_now.pop().close()


def predict(folder: Path, *further: Callable[[], SuggestionSource]) -> None:
    options = PredictionOptions(Gazetteer, LabelMap(), "document", further=further)
    list(ProjectPrediction(folder / "p.ner", options, lambda: Place(1, 0)).run(lambda: False))


def shown(session: Session) -> list[tuple[str, str, str]]:
    marks = session.document.spans(0, len(TEXT))
    return [(session.document.words(m.span.start, m.span.end), m.span.label, m.kind) for m in marks]


def origins(folder: Path) -> dict[str, list[str]]:
    """Text of each suggestion: the names of the sources that spoke of it."""
    project = Project.open(folder / "p.ner", read_only=True)
    found = {
        TEXT[s.span.start : s.span.end]: [run[0].name for each in s.origins if (run := project.predictions.run(each))]
        for s, _ in project.items.suggestions(1, 0, len(TEXT))
    }
    project.close()
    return found


def test_a_source_says_the_same_as_its_model(sit: Callable[[], Session], tmp_path: Path) -> None:
    block = list(sit()._project.content.sentences(1))
    (part,) = ModelSource(Gazetteer(), LabelMap(), "document").suggest(block)
    open_ones = [tuple(each for each in some if not each.below_threshold) for some in part[1]]
    assert open_ones == suggest(Gazetteer(), block)


def test_two_sources_speak_of_a_block_and_the_likelier_word_is_shown_with_both_names(
    sit: Callable[[], Session], tmp_path: Path
) -> None:
    predict(tmp_path, lambda: TermList({"Ada": "WORK", "Paris": "WORK", "Nobody": "WORK"}, score=0.96))
    session = sit()
    assert shown(session) == [
        ("Ada Okonkwo", "PER", "suggested"),
        ("New York City", "LOC", "suggested"),
        ("Paris", "WORK", "suggested"),
        ("Nobody", "WORK", "suggested"),
        ("Łódź", "LOC", "suggested"),
    ]
    assert origins(tmp_path) == {
        "Ada Okonkwo": ["gazetteer (fp32)", "terms.txt"],
        "New York City": ["gazetteer (fp32)"],
        "Paris": ["terms.txt", "gazetteer (fp32)"],
        "Manhattan Bridge": ["gazetteer (fp32)"],
        "Nobody": ["terms.txt"],
        "Łódź": ["gazetteer (fp32)"],
    }
    session.close()
    assert list(check_project(tmp_path / "p.ner", [])) == []


def test_a_source_that_changes_its_mind_uncovers_what_another_said(sit: Callable[[], Session], tmp_path: Path) -> None:
    predict(tmp_path)
    alone = shown(sit())
    predict(tmp_path, lambda: TermList({"Paris": "WORK", "Nobody": "WORK"}))
    assert shown(sit()) != alone
    predict(tmp_path, lambda: TermList({}))
    assert shown(sit()) == alone
    assert set(map(len, origins(tmp_path).values())) == {1}


def test_what_was_predicted_by_both_is_predicted_by_neither_again(sit: Callable[[], Session], tmp_path: Path) -> None:
    class Counting(TermList):
        asked = 0

        def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
            Counting.asked += 1
            return super().suggest(block)

    for _ in range(2):
        predict(tmp_path, lambda: Counting({"Paris": "WORK"}))
    assert Counting.asked == 1


def test_sources_are_closed_whatever_happens(sit: Callable[[], Session], tmp_path: Path) -> None:
    terms = TermList({})
    predict(tmp_path, lambda: terms)
    assert terms.is_closed


def test_undoing_an_accepted_suggestion_restores_it_though_another_source_has_spoken_since(
    sit: Callable[[], Session], tmp_path: Path
) -> None:
    predict(tmp_path)
    session = sit()
    session.corrections.accept(TEXT.index("Paris"))
    session.corrections.remove(TEXT.index("Łódź"))
    predict(tmp_path, lambda: TermList({"Nobody": "WORK"}))
    session.corrections.undo()
    session.corrections.undo()
    assert ("Paris", "LOC", "suggested") in shown(session)
    assert ("Łódź", "LOC", "suggested") in shown(session)


def test_what_comes_back_is_held_against_what_another_source_said_meanwhile(
    sit: Callable[[], Session], tmp_path: Path
) -> None:
    predict(tmp_path)
    session = sit()
    session.corrections.accept(TEXT.index("Paris"))
    predict(tmp_path, lambda: TermList({"Paris": "WORK"}))
    session.corrections.undo()
    at = TEXT.index("Paris")
    assert [(m.span.label, m.kind) for m in session.document.spans(at, at + 5)] == [("WORK", "suggested")]
    assert origins(tmp_path)["Paris"] == ["terms.txt", "gazetteer (fp32)"]
    predict(tmp_path, lambda: TermList({}))
    session = sit()
    assert [(m.span.label, m.kind) for m in session.document.spans(at, at + 5)] == [("LOC", "suggested")]


@pytest.mark.parametrize("seed", range(14))
def test_undo_is_the_way_back_with_two_sources_too(sit: Callable[[], Session], tmp_path: Path, seed: int) -> None:
    predict(tmp_path, lambda: TermList({"New York": "WORK", "Paris": "WORK", "Nobody": "WORK"}))
    before = state(sit())
    session = sit()
    for step in range(10):
        press(session, seed + step, TEXT.index(("Ada", "New", "Paris", "Bridge", "Nobody")[(seed + step) % 5]))
    after = state(session)
    session = sit()
    while session.corrections.undo():
        pass
    assert state(session) == before
    session = sit()
    while session.corrections.redo():
        pass
    assert state(session) == after
