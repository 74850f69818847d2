"""Parts that are done and joined: what is written, what is done again, and what is told with lines of the files."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path

import pytest
from small_parts import make_parts_small

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.errors import BeingWritten, InputError, ModelError
from ner_tui.formats import Source, WriteOptions
from ner_tui.formats.files.resumable import resumable_writer
from ner_tui.predictors.base import SuggestedPart
from ner_tui.session.parts.doing import PartWorker
from ner_tui.session.parts.joining import forget, join_file, join_folder, other_schemes, remarks, without_tags
from ner_tui.session.parts.labelling import PartsWriter
from ner_tui.session.parts.marks import Mark, PartJob, mark_of, read_mark
from ner_tui.session.parts.planning import Part, PlannedFile, ReadingOptions, plan_file
from ner_tui.session.parts.tries import FailedSentence
from ner_tui.session.transfer.headless import OutputPart, StreamPredictor
from ner_tui.session.transfer.outputs import file_names

PARTED = "-DOCSTART-\tO\n\n"
"""What stands between two documents."""


class Names:
    """A model that finds each Ada, and fails at a word."""

    remarks: tuple[str, ...] = ()
    labels = unmapped = ()

    def __init__(self, label: str = "PER", fails: str = "") -> None:
        self.run = PredictionRun(label, label, "", "")
        self.label, self.fails = label, fails
        self.closed = False

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        return self.ahead([block])

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        for block in blocks:
            if any(self.fails in sentence.words for sentence in block):
                raise ModelError("no memory")
            yield block, [tuple(self.found(sentence)) for sentence in block]

    def found(self, sentence: Sentence) -> Iterator[Suggestion]:
        for token, word in zip(sentence.tokens, sentence.words, strict=True):
            if word == "Ada":
                yield Suggestion(Span(token.start, token.end, self.label), 1.0, 1.0)

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=300, landmark_every=5, block_words=40)
    Path("parts").mkdir()


def written(name: str, numbers: Iterable[int]) -> str:
    """Write a file of sentences, and return what it is with tags for each Ada."""
    text = "".join(f"Ada\tO\nleft\tO\n{name}{at}\tO\n\n" for at in numbers)
    Path(f"{name}.conll").write_text(text)
    return text.replace("Ada\tO", "Ada\tB-PER")


def jobs(*names: str, by_document: bool = False) -> list[PartJob]:
    plan = [plan_file(f"{name}.conll", ReadingOptions(), lambda told: None) for name in names]
    places = [(file, part) for file in plan for part in file.parts]
    return [
        PartJob(file, part, "parts", number, "conll", "iob2", "\t", number > 0 and not by_document, by_document)
        for number, (file, part) in enumerate(places)
    ]


def worker(*models: Names) -> PartWorker:
    """A worker that loads one model after the other, the last one again and again."""
    waiting = deque(models or [Names()])
    return PartWorker(lambda: StreamPredictor(waiting.popleft() if len(waiting) > 1 else waiting[0], None))


def done(some: Sequence[PartJob], by: PartWorker | None = None) -> list[tuple[PartJob, Mark]]:
    by = by or worker()
    return [(job, by.do(job)[0]) for job in some]


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


def test_a_part_that_was_changed_by_others_is_not_joined_and_is_done_again() -> None:
    written("a", range(5))
    (job,) = jobs("a")
    found = done([job])
    job.text.write_text(job.text.read_text().replace("PER", "LOC"))
    with pytest.raises(InputError, match="not what was written there"):
        join_file(found, "out.conll")
    assert not Path("out.conll").exists()
    assert worker().do(job)[1]
    job.text.unlink()
    with pytest.raises(InputError, match="run the same command again"):
        join_file(found, "out.conll")


def test_documents_get_files_of_their_own_whatever_part_they_are_in() -> None:
    one, two = written("a", range(40)), written("b", range(3))
    documents = [Path("a.conll").read_text(), "", Path("b.conll").read_text()]
    Path("many.conll").write_text("".join(PARTED + each for each in documents))
    told: list[str] = []
    join_folder(done(jobs("many", "b", by_document=True)), "out", file_names(told.append), told.append)
    texts = {path.name: path.read_text().replace(PARTED, "") for path in Path("out").iterdir()}
    assert sorted(texts.values()) == sorted([one, two, two])
    assert texts["b.conll"] == two
    assert [each for each in told if "sentence" in each] == ["1 document without a sentence to write gets no file"]


def made(job: PartJob, **known: object) -> tuple[PartJob, Mark]:
    return job, replace(Mark("k", "i", 9, 9, "o", lines=10, words=7), **known)  # type: ignore[arg-type]


def test_what_is_told_of_parts_has_the_lines_of_their_files() -> None:
    written("a", range(60)), written("b", range(2))
    one, two, *_, other = jobs("a", "b")
    guess = tuple((line, "a guess") for line in (1, 2))
    found = [made(one, problems=guess), made(two, problems=guess, told=("no place for notes",)), made(other)]
    assert list(remarks(found)) == [
        "a.conll:1: a guess", "a.conll:2: a guess", "a.conll:11: a guess", "a.conll:12: a guess", "no place for notes",
    ]  # fmt: skip
    assert list(remarks(found, 4))[4:] == ["and 1 more of a.conll"]
    assert list(remarks([*found, made(other, more_problems=1_200)]))[5:] == ["and 1,200 more of b.conll"]
    failed = (FailedSentence(3, "Ada left", "no memory"),)
    assert list(without_tags([made(one), made(two, failed=failed), made(other, failed=failed)])) == [
        "a.conll:13: written without tags, no memory: Ada left",
        "b.conll:3: written without tags, no memory: Ada left",
    ]


def test_tags_of_another_scheme_are_told_of_the_whole_file() -> None:
    Path("a.conll").write_text("".join(f"Ada\tB-PER\nKo\tI-PER\nleft{at}\tO\n\n" for at in range(90)))
    one, two, *_ = jobs("a")
    as_begun = (("B-PER", "I-PER", 2), ("O", "B-PER", 2))
    assert one.file.inference.scheme == "iob2"
    assert list(other_schemes([made(one, tags=as_begun), made(two, tags=as_begun)])) == []
    assert list(other_schemes([made(one), made(two)])) == []
    further = (("B-PER", "E-PER", 3), ("O", "S-PER", 2))
    (told,) = other_schemes([made(one, tags=further), made(two, tags=further)])
    assert told.startswith("a.conll: its beginning was taken for iob2")
    assert "say --scheme bioes" in told


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
