"""Places of the queue: each stands in its document, with the words around it."""

from __future__ import annotations

from pathlib import Path

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session import SessionOptions, open_session
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project


def test_an_entry_tells_its_document_and_what_stands_around_it(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for path, text in zip(paths, ("Nobody came.\n", "Ada left Rome today.\n"), strict=True):
        Path(path).write_text(text)
    options = SessionOptions(project=str(tmp_path / "p.ner"))
    open_session(paths, options).close()
    project = Project.open(tmp_path / "p.ner")
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    block = project.predictions.block_at(2, 0)
    assert block is not None
    assert project.predictions.save(block, 0, run, [Suggestion(Span(9, 13, "LOC"), 0.6, 0.2, (), run)])
    project.close()
    session = open_session(paths, options)
    (entry,) = session.queue.entries(DoubtFilter(reason="unsure"))
    session.close()
    place = entry.place
    assert (place.document, Path(place.name).name, place.start, place.end) == (2, "b.txt", 9, 13)
    assert (place.before, place.text, place.after.strip()) == ("Ada left ", "Rome", "today.")
    assert (place.label, place.score, entry.why) == ("LOC", 0.6, "unsure .60")
