"""Parts that are done: what is written, what is done again, and what a model fails at."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path

import pytest
from labelled_parts import PARTED, Names, done, jobs, made, worker, written
from small_parts import make_parts_small

from ner_tui.errors import BeingWritten, ModelError
from ner_tui.formats import Source, WriteOptions
from ner_tui.formats.files.resumable import resumable_writer
from ner_tui.session.parts.doing import PartWorker
from ner_tui.session.parts.joining import forget, join_file, without_tags
from ner_tui.session.parts.labelling import PartsWriter
from ner_tui.session.parts.marks import PartJob, mark_of, read_mark
from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.tries import FailedSentence
from ner_tui.session.transfer.headless import OutputPart, StreamPredictor


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=300, landmark_every=5, block_words=40)
    Path("parts").mkdir()


def test_parts_are_done_once_and_joined_they_are_the_files_with_tags() -> None:
    expected = written("a", range(60)) + PARTED + written("b", range(5))
    some = jobs("a", "b")
    assert len(some) > 4
    working = worker()
    found = [working.do(job) for job in some]
    assert {here for _, here in found} == {True}
    assert [working.do(job) for job in some] == [(mark, False) for mark, _ in found]
    join_file([(job, mark) for job, (mark, _) in zip(some, found, strict=True)], "out.conll")
    assert Path("out.conll").read_text() == expected
    of_a = [mark for job, (mark, _) in zip(some, found, strict=True) if job.file.path == "a.conll"]
    assert (sum(mark.lines for mark in of_a), sum(mark.words for mark in of_a)) == (240, 180)
    assert not [job.tries for job in some if job.tries.exists()]
    forget(["parts"])
    assert not Path("parts").exists()


def test_another_model_or_label_or_another_file_is_done_anew() -> None:
    written("a", range(5))
    (job,) = jobs("a")
    assert worker().do(job)[1]
    assert not worker().do(job)[1]
    assert worker(Names("LOC")).do(job)[1]
    assert job.text.read_text().count("B-LOC") == 5
    assert worker().do(replace(job, separator=" "))[1]
    assert worker().do(job)[1]
    # What somebody has cut off, or taken away, is not there.
    job.text.write_bytes(job.text.read_bytes()[:-1])
    assert worker().do(job)[1]
    job.text.unlink()
    assert worker().do(job)[1]
    written("a", range(1, 6))
    (changed,) = jobs("a")
    assert worker().do(changed)[1]
    assert "a5" in changed.text.read_text()


def test_a_file_that_was_only_touched_is_not_done_anew() -> None:
    written("a", range(5))
    (job,) = jobs("a")
    mark, _ = worker().do(job)
    Path("a.conll").touch()
    (again,) = jobs("a")
    assert again.file.version != job.file.version
    assert worker().do(again) == (mark, False)


def test_a_sentence_at_which_a_model_fails_is_given_up_and_the_others_are_labelled() -> None:
    expected = written("a", range(60))
    models = [Names(fails="a7") for _ in range(9)]
    some = jobs("a")
    found = done(some, worker(*models))
    join_file(found, "out.conll")
    assert Path("out.conll").read_text() == expected.replace("Ada\tB-PER\nleft\tO\na7\t", "Ada\tO\nleft\tO\na7\t")
    assert list(without_tags(found)) == ["a.conll:29: written without tags, no memory: Ada left a7"]
    # Each that failed was let go of before another one was loaded.
    assert models[0].closed


def test_a_model_that_cannot_be_loaded_is_told_after_some_tries() -> None:
    written("a", range(5))
    loaded = []

    def load() -> StreamPredictor:
        loaded.append(1)
        raise ModelError("it is gone")

    with pytest.raises(ModelError, match="it is gone"):
        PartWorker(load).do(jobs("a")[0])


def test_who_watches_hears_of_every_sentence() -> None:
    written("a", range(5))
    heard: list[int] = []
    PartWorker(lambda: StreamPredictor(Names(), None), lambda: heard.append(1)).do(jobs("a")[0])
    assert len(heard) >= 5


def test_a_part_that_somebody_else_writes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a process that is about to end."""
    written("a", range(5))
    (job,) = jobs("a")
    holding = resumable_writer(str(job.text), "another")
    holding.__enter__()
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        holding.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)

    monkeypatch.setattr("ner_tui.session.parts.doing.time.sleep", pause)
    assert worker().do(job)[1]
    assert len(waits) == 1
    assert 0 < waits[0] < 5


def test_a_part_that_somebody_else_goes_on_writing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    written("a", range(5))
    (job,) = jobs("a")
    monkeypatch.setattr("ner_tui.session.parts.doing.TIME_LIMIT", 0.0)
    monkeypatch.setattr("ner_tui.session.parts.doing.time.sleep", lambda seconds: None)
    with resumable_writer(str(job.text), "another"), pytest.raises(BeingWritten):
        worker().do(job)


def test_who_asks_is_given_each_part_before_it_is_labelled() -> None:
    written("a", range(60))
    some = jobs("a")
    given: list[tuple[str, int, str]] = []

    def opened(file: PlannedFile, part: Part, source: Source) -> None:
        given.append((file.path, part.start, source.text))

    out = StringIO()
    writer = PartsWriter(
        StreamPredictor(Names(), None), WriteOptions(separator="\t"), lambda told: None, lambda *problem: None,
        opened=opened,
    )  # fmt: skip
    writer.write([(job.file, job.part) for job in some], out, OutputPart(), follows=False)
    assert [each[:2] for each in given] == [("a.conll", job.part.start) for job in some]
    assert "".join(text for *_, text in given) == Path("a.conll").read_text()
    assert out.getvalue().count("B-PER") == 60


def test_a_mark_is_read_as_it_was_written_and_what_is_none_counts_as_nothing() -> None:
    (_, mark) = made(
        PartJob(None, None, "", 0, "", "", "", False, False),  # type: ignore[arg-type]
        problems=((1, "x"),), told=("y",), failed=(FailedSentence(1, "a", "b"),), tags=(("O", "B-X", 2),),
    )  # fmt: skip
    Path("m.json").write_text(json.dumps(asdict(mark)))
    assert read_mark(Path("m.json")) == mark
    assert read_mark(Path("none.json")) is None
    for text in ("", "[]", "{}", json.dumps(asdict(mark) | {"more": 1}), json.dumps(asdict(mark) | {"failed": [1]})):
        assert mark_of(text) is None
