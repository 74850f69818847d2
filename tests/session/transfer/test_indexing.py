"""Large files: a beginning is there at once, the rest is read on from wherever it was left, and nothing is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.errors import EditRefused, InputError
from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.session.transfer.adding import FIRST
from ner_tui.session.transfer.indexing import FileIndexing, IndexedPart, read_on
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.project import Project

SENTENCES = 4_200
NAMES = ["Ada B-PER", "Lisbon B-LOC", "Kestrel B-ORG\nLabs I-ORG", "Lisbon B-ORG", "Ada B-PER\nLovelace I-PER"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def large(documents: int = 2) -> str:
    """Write a file half as long again as what is read at once, with slips in it, and return its text."""
    lines = []
    for number in range(SENTENCES):
        if number % (SENTENCES // documents) == 0:
            lines.append("-DOCSTART- O\n")
        slip = "I-LOC" if number % 1000 == 999 else "O"
        lines.append(f"{NAMES[number % 5]}\nsaw O\nthe O\n{number} {slip}\ntimes O\ntoday O\n. O\n")
    text = "\n".join([*lines, ""])
    Path("large.conll").write_text(text)
    return text


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    large()
    made = open_session(["large.conll"], SessionOptions(project="p.ner"))
    yield made
    made.close()


def unread(path: str = "p.ner") -> int:
    project = Project.open(Path(path), read_only=True)
    try:
        return len(project.bulk_insert.unread())
    finally:
        project.close()


def read_all(words: int) -> list[IndexedPart]:
    project = Project.open(Path("p.ner"))
    try:
        return [indexed for each in project.bulk_insert.unread() for indexed in read_on(project, each, words)]
    finally:
        project.close()


def exported(session: Session) -> str:
    session.writing.exporting("out.conll", WriteRequest("conll")).run()
    return Path("out.conll").read_text()


def test_the_beginning_can_be_worked_on_before_the_rest_is_read(session: Session) -> None:
    assert session.document.text.startswith("Ada saw the 0 times today .\nLisbon saw")
    before = session.row().sentences
    assert FIRST // 10 < before < FIRST
    session.corrections.remove(0)
    assert session.indexing() is not None


def test_what_would_lack_the_rest_without_saying_so_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match=r"large\.conll is not read to its end yet"):
        exported(session)


@pytest.mark.parametrize("words", [1, 7_000, 1_000_000])
def test_the_rest_comes_out_the_same_in_whatever_portions_it_is_read(session: Session, words: int) -> None:
    text = Path("large.conll").read_text()
    if words == 1:
        # One portion of the smallest size, and then the others: what is there is passed over.
        project = Project.open(Path("p.ner"))
        next(iter(read_on(project, project.bulk_insert.unread()[0], words)))
        project.close()
        words = 30_000
    last = read_all(words)[-1]
    assert last.ended
    assert not last.failed
    assert last.notice.startswith("read with a guess")
    assert session.indexing() is None
    assert [row.sentences for row in session.rows()] == [SENTENCES // 2] * 2
    # Every count, every mention and every weight is what the triggers would have made of it row by row.
    told: list[str] = []
    assert not list(check_project(Path("p.ner"), told))
    assert not told
    assert exported(session).replace("-DOCSTART- O\n\n", "") == text.replace("-DOCSTART- O\n\n", "").replace(
        " I-LOC", " B-LOC"
    )


@pytest.mark.thorough
def test_reading_that_was_killed_is_gone_on_with_and_no_edit_is_lost(session: Session) -> None:
    indexing = FileIndexing(Path("p.ner"))
    reading = indexing.run(lambda: False)
    next(reading)
    assert indexing.pid is not None
    os.kill(indexing.pid, signal.SIGKILL)
    with suppress(InputError):
        list(reading)
    assert unread() == 1
    session.corrections.remove(0)
    assert [indexed.ended for indexed in FileIndexing(Path("p.ner")).run(lambda: False)][-1]
    assert not list(check_project(Path("p.ner"), []))
    assert exported(session).startswith("Ada O\nsaw O\n")


def test_what_its_words_are_called_elsewhere_is_counted_when_a_file_is_there_whole(session: Session) -> None:
    project = Project.open(Path("p.ner"))
    mixed = DoubtFilter(reason="mixed")
    reading = read_on(project, project.bulk_insert.unread()[0], 1_000_000)
    next(each for each in reading if each.sentences == SENTENCES)
    assert not list(islice(session.queue.entries(mixed), 1))
    # Some of the words are counted, and it is killed.
    next(reading)
    assert isinstance(reading, Generator)
    reading.close()
    project.close()
    assert unread() == 1
    assert not list(check_project(Path("p.ner"), []))
    session.corrections.remove(0)
    # One that was decided since, in words that are counted already or not, is counted once.
    at = session.document.text.index("Lisbon")
    session.corrections.relabel(at, "MISC")
    read_all(1_000_000)
    assert not list(check_project(Path("p.ner"), []))
    assert {entry.place.text for entry in session.queue.entries(mixed)} == {"Lisbon"}


def test_labels_are_not_renamed_while_a_file_may_bring_more_of_them(session: Session) -> None:
    editing = session.label_editing
    changes: list[Callable[[], object]] = [
        lambda: editing.rename("LOC", "PLACE"),
        lambda: editing.merge("LOC", "ORG"),
    ]
    for change in changes:
        with pytest.raises(EditRefused, match=r"large\.conll is still being read"):
            change()
    read_all(1_000_000)
    assert "is called PLACE now" in session.label_editing.rename("LOC", "PLACE")


def test_a_file_that_changed_before_it_was_read_whole_is_read_anew_at_the_next_sitting(session: Session) -> None:
    session.close()
    Path("large.conll").write_text(Path("large.conll").read_text().replace("today", "yesterday"))
    last = read_all(1_000_000)[-1]
    assert last.failed
    assert "has changed before it was read whole" in last.notice
    again = open_session(["large.conll"], SessionOptions(project="p.ner"))
    assert again.indexing() is None
    assert "yesterday" in again.document.words(0, 100)
    again.close()


def test_a_line_that_breaks_the_format_far_down_leaves_what_stands_before_it(folder: Path) -> None:
    Path("large.conll").write_text(large().replace("3998 O", "3998 is O"))
    session = open_session(["large.conll"], SessionOptions(project="p.ner"))
    last = read_all(5_000)[-1]
    assert last.failed
    assert "large.conll:" in last.notice
    assert FIRST // 8 < session.row().sentences <= 4_000
    session.close()


def test_a_sample_is_drawn_from_the_whole_file(folder: Path) -> None:
    large()
    session = open_session(["large.conll"], SessionOptions(project="p.ner", sample=5))
    assert session.indexing() is None
    session.close()


def test_reading_that_ends_early_is_told_unless_the_person_ended_it(folder: Path) -> None:
    with pytest.raises(InputError, match="ended early: open the project again to go on with it"):
        list(FileIndexing(folder / "none.ner").run(lambda: False))
    assert list(FileIndexing(folder / "none.ner").run(lambda: True)) == []
