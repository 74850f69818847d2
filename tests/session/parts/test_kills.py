"""Processes that are killed at a part, at any file they touch: the output is the same, and what was done is kept."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_parts import make_parts_small
from thoroughness import examples

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.errors import InputError
from ner_tui.formats.files import resumable
from ner_tui.predictors.base import SuggestedPart
from ner_tui.session.parts import doing
from ner_tui.session.parts.doing import PartWorker
from ner_tui.session.parts.labelling import PartsWriter
from ner_tui.session.parts.marks import PartJob
from ner_tui.session.parts.planning import ReadingOptions, plan_file
from ner_tui.session.transfer.headless import StreamPredictor

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
KILLED = 9
TOUCHES = 40
"""About as often as doing the part touches files."""


class Model:
    """Finds the first word of each sentence, and writes down each block that it has read."""

    remarks: tuple[str, ...] = ()
    labels = unmapped = ()
    run = PredictionRun("model", "model", "", "")

    def __init__(self) -> None:
        self.read = os.open("read", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        return self.ahead([block])

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        for block in blocks:
            if block:
                os.write(self.read, f"{block[0].line}\n".encode())
            yield block, [first_word(sentence) for sentence in block]

    def close(self) -> None:
        os.close(self.read)


def first_word(sentence: Sentence) -> tuple[Suggestion, ...]:
    word = sentence.tokens[0]
    return (Suggestion(Span(word.start, word.end, "PER"), 1.0, 1.0),)


@pytest.fixture(autouse=True)
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PartJob:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(resumable, "EVERY", 0.0)
    make_parts_small(monkeypatch, size=1 << 20, landmark_every=5, block_words=12)
    Path("a.conll").write_text("Ada\tB-PER\n\n" + "".join(f"x{at}\tO\nleft\tO\n\n" for at in range(25)))
    plan = plan_file("a.conll", ReadingOptions(), lambda told: None)
    return PartJob(plan, plan.parts[0], str(tmp_path), 0, "conll", "iob2", " ", False, False)


def done(job: PartJob, killed_at: int = 0) -> bool:
    """Do a part in a process of its own, and say whether it got to the end.

    Args:
        killed_at: which of its touches of files ends it, from 1; 0: none.
    """
    child = os.fork()
    if not child:
        touched = 0

        def touch(event: str, arguments: object) -> None:
            nonlocal touched
            if event in ("open", "os.rename", "os.remove", "os.truncate"):
                touched += 1
                if touched == killed_at:
                    os._exit(KILLED)

        status = 1
        try:
            worker = PartWorker(lambda: StreamPredictor(Model(), None))
            sys.addaudithook(touch)
            worker.do(job)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, KILLED)
    return status == 0


def blocks_read() -> list[int]:
    """The first lines of the blocks that were read since this was asked last."""
    if not (path := Path("read")).exists():
        return []
    found = [int(line) for line in path.read_text().split()]
    path.unlink()
    return found


def forget() -> None:
    for path in Path().glob("00000*"):
        path.unlink()


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, TOUCHES), max_size=5))
@example([1, 2, 3])
def test_each_kill_costs_a_block_at_the_most(job: PartJob, kills: list[int]) -> None:
    forget()
    assert done(job)
    whole, once = job.text.read_bytes(), blocks_read()
    assert len(once) > 4
    forget()
    ended = [done(job, at) for at in kills]
    assert done(job)
    assert job.text.read_bytes() == whole
    read = blocks_read()
    assert sorted(set(read)) == once
    assert len(read) <= len(once) + ended.count(False)


@pytest.mark.thorough
def test_there_is_no_moment_at_which_a_kill_costs_more_than_a_block(job: PartJob) -> None:
    """Nor between the text and the mark, or while the text is moved to its place."""
    assert done(job)
    whole, once = job.text.read_bytes(), blocks_read()
    for at in range(1, 500):
        forget()
        is_over = done(job, at)
        before = len(blocks_read())
        assert done(job)
        again = len(blocks_read())
        assert job.text.read_bytes() == whole
        assert before + again - len(once) in (0, 1)
        if is_over:
            break
    else:
        pytest.fail("it never gets to the end")
    assert again == 0, "it was done"


def test_a_part_whose_reading_ends_each_process_is_told_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parts").mkdir()
    Path("a.conll").write_text("Ada\tO\nleft\tO\n\n")
    file = plan_file("a.conll", ReadingOptions(), lambda _: None)
    job = PartJob(file, file.parts[0], "parts", 0, "conll", "iob2", "\t", False, False)

    def read() -> None:
        PartWorker(lambda: StreamPredictor(Model(), None)).do(job)

    with monkeypatch.context() as broken:
        broken.setattr(PartsWriter, "write", lambda *_, **__: os._exit(KILLED))
        for _ in range(doing.MOST_TRIES):
            if (child := os.fork()) == 0:
                read()
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
        with pytest.raises(InputError, match=r"a\.conll: the process that read a part of it ended, 20 times"):
            read()
    # What it was is mended: it is begun anew.
    read()
    assert job.text.read_text() == "Ada\tB-PER\nleft\tO\n\n"
