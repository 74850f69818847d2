"""The background prediction: near the reader first, resumable, never over a decision; by a real ONNX model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import LabelSet
from ner_tui.predictors import load
from ner_tui.predictors.base import ModelInfo, Predictor
from ner_tui.session import (
    BlockResult,
    ModelReady,
    Place,
    PredictionOptions,
    ProjectPrediction,
    Session,
    SessionOptions,
    open_session,
)
from ner_tui.session.prediction import PredictionEvent
from ner_tui.store.project import Project

TEXT = "Ada met Bob in New York City. The Bridge in York is based in Manhattan. " * 40


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt", "c.txt"):
        Path(name).write_text(TEXT)
    return tmp_path


class Renamed:
    """A model under another name, as if its weights were others."""

    def __init__(self, predictor: Predictor, info: ModelInfo) -> None:
        self.info = info
        self.predict, self.wordpieces, self.close = predictor.predict, predictor.wordpieces, predictor.close


def sit(folder: Path, **options: object) -> Session:
    return open_session(["a.txt", "b.txt", "c.txt"], SessionOptions(load=lambda spec: load(str(folder)), **options))  # type: ignore[arg-type]


def run(session: Session, place: Place, steps: int = 1000) -> list[PredictionEvent]:
    prediction = session.prediction(lambda: place)
    assert prediction is not None
    left = iter(range(steps))
    return list(prediction.run(lambda: next(left, None) is None))


def blocks(results: list[PredictionEvent]) -> Iterator[int]:
    return (result.document for result in results if isinstance(result, BlockResult))


def test_the_document_in_front_of_the_reader_is_predicted_first(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx)
    results = run(session, Place(2, 0))
    assert list(dict.fromkeys(blocks(results)))[:2] == [2, 3]
    assert sorted(set(blocks(results))) == [1, 2, 3]
    last = results[-1]
    assert isinstance(last, BlockResult)
    assert last.done_words == last.total_words
    assert session.row().suggestions > 0


def test_a_second_run_of_the_same_model_has_nothing_left_to_do(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx)
    run(session, Place(1, 0))
    assert list(blocks(run(session, Place(1, 0)))) == []


def test_a_cancelled_run_is_taken_up_where_it_stopped(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx)
    some = list(blocks(run(session, Place(1, 0), steps=3)))
    rest = list(blocks(run(session, Place(1, 0))))
    assert len(some) >= 1
    assert len(rest) >= 1
    assert sorted({*some, *rest}) == [1, 2, 3]


def test_another_map_is_another_run_and_leaves_decisions_alone(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx)
    run(session, Place(1, 0))
    session.corrections.label(0, 3, "PER", cursor=0)
    session.close()
    session = sit(tiny_onnx, label_map="MISC=,PER=PERSON")
    run(session, Place(1, 0))
    assert ("PER", "decided") in {(m.span.label, m.kind) for m in session.document.spans(0, 3)}
    counts = session.label_counts()
    assert counts["MISC"] == 0
    assert counts["PER"] == 1


def test_a_fixed_label_set_lists_what_is_not_suggested(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx, labels=LabelSet.of(("PER", "LOC")))
    ready = run(session, Place(1, 0))[0]
    assert isinstance(ready, ModelReady)
    assert ready.unmapped == ("MISC", "ORG")
    assert "not suggested: MISC, ORG" in session.model_ready(ready)
    assert set(session.label_counts()) == {"PER", "LOC"}


def test_a_label_of_the_model_that_was_merged_into_another_is_none_that_the_project_lacks(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx, labels=LabelSet.of(("PER", "LOC", "MISC")))
    session.label_editing.merge("MISC", "LOC")
    ready = run(session, Place(1, 0))[0]
    assert isinstance(ready, ModelReady)
    assert ready.unmapped == ("ORG",)
    assert "MISC" not in ready.labels


def test_what_there_is_to_know_of_a_model_is_told_when_it_is_loaded(tiny_onnx: Path) -> None:
    session = sit(tiny_onnx)
    predictor = load(str(tiny_onnx))
    slow = Renamed(predictor, replace(predictor.info, remarks=("m: is slow",)))
    options = PredictionOptions(lambda: slow, LabelMap(), "document")
    ready = next(ProjectPrediction(Path(session.project_path), options, lambda: Place(1, 0)).run(lambda: True))
    assert isinstance(ready, ModelReady)
    assert ready.remarks == ("m: is slow",)
    assert "m: is slow" in session.model_ready(ready)


def test_what_another_version_of_the_model_suggested_stays_until_a_model_is_named(tiny_onnx: Path) -> None:
    def sources(session: Session) -> set[str]:
        return {run[0].version for number in origins(session) if (run := session._project.predictions.run(number))}

    def origins(session: Session) -> set[int]:
        found = session._project.items.suggestions(1, 0, len(TEXT))
        return {number for suggestion, _ in found for number in suggestion.origins}

    session = sit(tiny_onnx)
    session.close()
    project = Project.open(Path("annotations.ner"))
    # As if the weights had been others then.
    predictor = load(str(tiny_onnx))
    info = replace(predictor.info, name="older", file_hash="older")
    options = PredictionOptions(lambda: Renamed(predictor, info), LabelMap(), "document")
    part: list[PredictionEvent] = []

    def is_first_done() -> bool:
        return bool(part) and isinstance(part[-1], BlockResult) and part[-1].end >= len(TEXT)

    for event in ProjectPrediction(project.path, options, lambda: Place(1, 0)).run(is_first_done):
        part.append(event)
    project.close()
    assert set(blocks(part)) == {1}

    session = sit(tiny_onnx)
    ready, *rest = run(session, Place(1, 0))
    assert isinstance(ready, ModelReady)
    assert "suggestions of older (fp32) are kept" in session.model_ready(ready)
    assert set(blocks(rest)) == {2, 3}
    assert sources(session) == {"older"}
    session.close()

    session = sit(tiny_onnx, model="bundled")
    ready, *rest = run(session, Place(1, 0))
    assert isinstance(ready, ModelReady)
    assert ready.kept == ""
    assert set(blocks(rest)) == {1}
    assert "older" not in sources(session)


def test_what_was_asked_for_is_kept_in_the_project(tiny_onnx: Path) -> None:
    asked: list[str | None] = []

    def opened(**options: object) -> None:
        def loader(spec: str | None) -> object:
            asked.append(spec)
            return load(str(tiny_onnx))

        session = open_session(["a.txt"], SessionOptions(load=loader, **options))  # type: ignore[arg-type]
        run(session, Place(1, 0), steps=1)
        session.close()

    Path("somewhere").mkdir()
    opened(model="./somewhere", label_map="MISC=")
    opened()
    assert asked == ["./somewhere", "./somewhere"]
    assert LabelMap.parse("MISC=").target("MISC") is None
