"""Asking the model about one place: what it says is what it said when the place was predicted; by a real ONNX model."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.predictors import load
from ner_tui.session import Place, Session, SessionOptions, open_session

TEXT = "Ada met Bob in New York City. The Bridge in York is based in Manhattan. " * 40


@pytest.fixture
def session(tmp_path: Path, tiny_onnx: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    return open_session(["a.txt"], SessionOptions(load=lambda spec: load(str(tiny_onnx))))


def test_every_label_of_every_word_has_a_share_and_they_make_one(session: Session) -> None:
    start = TEXT.index("New York City")
    asking = session.model_question(start, start + len("New York City"))
    assert asking is not None
    answer = asking.run()
    assert [word.text for word in answer.words] == ["New", "York", "City"]
    for word in answer.words:
        assert sum(share for _, share in word.shares) == pytest.approx(1, abs=0.01)
        assert [share for _, share in word.shares] == sorted((share for _, share in word.shares), reverse=True)
        assert word.pieces


def test_it_agrees_with_what_was_predicted(session: Session) -> None:
    prediction = session.prediction(lambda: Place(1, 0))
    assert prediction is not None
    list(prediction.run(lambda: False))
    mark = next(each for each in session.document.spans(500, len(TEXT)) if each.kind == "suggested")
    asking = session.model_question(mark.span.start, mark.span.end)
    assert asking is not None
    assert mark.score is not None
    for word in asking.run().words:
        # A whole span is no more probable than that each of its words carries its label.
        assert dict(word.shares).get(mark.span.label, 0) >= mark.score - 0.01


def test_labels_are_those_of_the_project(tmp_path: Path, tiny_onnx: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    options = SessionOptions(load=lambda spec: load(str(tiny_onnx)), label_map="PER=PERSON,MISC=")
    asking = open_session(["a.txt"], options).model_question(0, 3)
    assert asking is not None
    (word,) = asking.run().words
    assert {label for label, _ in word.shares} <= {None, "PERSON", "ORG", "LOC"}


def test_a_sitting_without_a_model_has_nobody_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    assert open_session(["a.txt"], SessionOptions()).model_question(0, 3) is None
