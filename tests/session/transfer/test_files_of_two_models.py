"""Files in which two models suggest: the likeliest word is shown, and the other's stays until both are answered."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import open_source, read
from ner_tui.session import SessionOptions, open_session


def said_by(model: str, start: int, end: int, label: str, score: float) -> dict[str, object]:
    said = {"source": "suggested", "model": model, "score": score, "margin": 0.0}
    return {"start": start, "end": end, "label": label, **said}


def test_where_models_differ_the_likeliest_is_shown_and_all_stay_in_the_file_until_it_is_answered(
    tmp_path: Path,
) -> None:
    spans = [
        said_by("a", 0, 3, "PER", 0.6),
        said_by("b", 0, 11, "PER", 0.9),
        said_by("a", 17, 25, "ORG", 0.8),
        said_by("b", 17, 25, "LOC", 0.7),
        # Too improbable to be asked about, and not lost for that.
        said_by("a", 30, 33, "ORG", 0.2),
        said_by("b", 30, 33, "LOC", 0.1),
    ]
    record = {"text": "Ada Okonkwo left New York. So Bel did.", "spans": spans}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada", model="none")
    with closing(open_session([str(path)], options)) as session:
        shown = [mark.span for mark in session.document.spans(0, 26)]
        assert shown == [Span(0, 11, "PER"), Span(17, 25, "ORG")]
        session.writing.saving().run(lambda _: None, lambda: False)
        assert json.loads(path.read_text(encoding="utf-8")) == record
        session.corrections.accept(0)
        session.writing.saving().run(lambda _: None, lambda: False)
    decided = {"start": 0, "end": 11, "label": "PER"}
    written = json.loads(path.read_text(encoding="utf-8"))["spans"]
    assert [{key: each[key] for key in decided} for each in written if each.get("source") != "suggested"] == [decided]
    assert [each for each in written if each.get("source") == "suggested"] == spans[2:]


def test_a_task_in_which_nothing_is_found_is_done_and_its_predictions_are_not_open_again(tmp_path: Path) -> None:
    """A task of Label Studio without an annotation has yet to be done."""
    result = {"type": "labels", "value": {"start": 0, "end": 3, "text": "Ada", "labels": ["LOC"]}}
    cancelled = {"was_cancelled": True, "result": []}
    tasks = [
        {"id": 1, "data": {"text": "Ada left."}, "annotations": [cancelled], "predictions": [{"result": [result]}]},
        {"id": 2, "data": {"text": "It rained."}, "annotations": []},
        {"id": 3, "data": {"text": "So."}, "annotations": []},
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada", model="none")
    with closing(open_session([str(path)], options)) as session:
        session.corrections.remove(0)
        session.writing.saving().run(lambda _: None, lambda: False)
        assert json.loads(path.read_text(encoding="utf-8")) == tasks
        session.corrections.confirm(0)
        session.open(2)
        session.corrections.confirm(0)
        session.writing.saving().run(lambda _: None, lambda: False)
    nothing: dict[str, list[object]] = {"result": []}
    tasks[0]["annotations"], tasks[1]["annotations"] = [cancelled, nothing], [nothing]
    assert json.loads(path.read_text(encoding="utf-8")) == tasks
    suggested = [
        item for item in read(open_source(str(path))) if isinstance(item, AnnotatedSentence) and item.suggestions
    ]
    assert suggested == []
