"""Indexing: reading on in the files that are not in the project whole, while a person works on what is there.

It happens in a process of its own, which a thread of the app listens to: reading is work for one processor, and in a
thread it would hold up every key. Killed at any moment, it is gone on with at the next session.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

from ner_tui.errors import InputError
from ner_tui.formats.files.line_ends import newline_of
from ner_tui.formats.files.source import Source
from ner_tui.session.transfer.adding import PIPED
from ner_tui.session.transfer.asked_for import kept_tag_names
from ner_tui.session.transfer.file_import import (
    FileImport,
    FileReader,
    copy_text,
    infer_from_beginning,
    new_source,
    open_for,
)
from ner_tui.store.bulk_insert import UnreadSource
from ner_tui.store.content import StoredSource
from ner_tui.store.project import Project

WORDS = 10_000
"""Words that are stored at a time: for so long, a hundredth of a second or two, an edit may have to wait."""
MENTIONS = 2_000
"""Mentions that are counted at a time, for as long."""
NICE = 5
"""By how much the process yields to the one that draws."""
_START = (
    "import sys; sys.path.append(sys.argv[1]); from ner_tui.session.transfer.indexing import main; main(sys.argv[2])"
)
_STOP_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class IndexedPart:
    """How far a file has been read."""

    path: str
    sentences: int
    """In the project now."""
    ended: bool = False
    """Whether nothing more comes of this file."""
    notice: str = ""
    """What is to be said of it, such as what was read with a guess."""
    failed: bool = False
    """Whether ``notice`` is why the rest cannot be read."""


class FileIndexing:
    """The reading of what is left, for a worker thread."""

    def __init__(self, project: Path, committed: Callable[[], object] = lambda: None) -> None:
        """``committed`` is called in the worker thread when the project file has changed."""
        self._project = project
        self._committed = committed
        self.pid: int | None = None
        """Of the process that reads, once there is one."""

    def run(self, cancelled: Callable[[], bool]) -> Iterator[IndexedPart]:
        """Yield how far it is, until all files are read or ``cancelled`` says so.

        Raises:
            InputError: the process ended before its work.
        """
        root = str(Path(__file__).resolve().parents[3])
        # -P: no file of the folder where the person works is to be imported.
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, root, str(self._project.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.pid = process.pid
        assert process.stdout is not None
        try:
            Thread(target=_end_when, args=(process, cancelled), daemon=True).start()
            for line in process.stdout:
                self._committed()
                yield IndexedPart(**json.loads(line))
            if process.wait() and not cancelled():
                raise InputError("reading the rest of the files ended early: open the project again to go on with it")
        finally:
            # What it has not stored whole is not stored at all.
            process.kill()
            process.wait()
            process.stdout.close()


def _end_when(process: subprocess.Popen[str], cancelled: Callable[[], bool]) -> None:
    while process.poll() is None:
        if cancelled():
            process.kill()
            return
        sleep(_STOP_SECONDS)


def main(path: str) -> None:
    """Read on in every file of the project at ``path``, and print a line of JSON for each part; for the child."""
    parent = os.getppid()
    # Millions of small tuples are made, none of them in a cycle.
    gc.set_threshold(200_000)
    with suppress(OSError):
        os.nice(NICE)
    project = Project.open(Path(path))
    project.share()
    try:
        for unread in project.bulk_insert.unread():
            for indexed in read_on(project, unread):
                print(json.dumps(asdict(indexed)), flush=True)
                if os.getppid() != parent:
                    return
    finally:
        project.close()


def read_on(project: Project, unread: UnreadSource, words: int = WORDS) -> Iterator[IndexedPart]:
    """Read a file to its end, ``words`` at a time, and yield how far it is after each transaction.

    What cannot be read is reported and left for another session.

    Raises:
        ProjectError: the project cannot be written.
    """
    notice, failed, sentences = "", False, unread.sentences
    try:
        reading, pieces = _resumed(project, unread)
        for _ in copy_text(project, unread.source, pieces):
            yield IndexedPart(unread.path, sentences)
        known: set[str] = set()
        while not reading.done:
            parts = reading.collect(words)
            with project.transaction():
                reading.store(parts)
                if new := reading.reader.labels.keys() - known:
                    project.labels = project.labels.with_names(label for label in reading.reader.labels if label in new)
            known |= new
            sentences = reading.sentences
            yield IndexedPart(unread.path, sentences)
        for _ in _count(project, unread.source):
            yield IndexedPart(unread.path, sentences)
        notice = reading.reader.notice()
    except (InputError, OSError) as error:
        notice, failed = str(error), True
    yield IndexedPart(unread.path, sentences, True, notice, failed)


def _count(project: Project, source: int) -> Iterator[None]:
    """Count what a file says that is in the project whole, some mentions at a time, and note its end."""
    counts = project.bulk_insert.mention_counts
    counts.sort(source=source)
    while counts.waiting:
        begun = perf_counter()
        with project.transaction(), project.bulk_insert.triggers_off():
            counts.count(MENTIONS)
        yield
        # Whoever waits for the file to be free gets a turn.
        sleep((perf_counter() - begun) / 4)
    with project.transaction():
        project.bulk_insert.end(source)


def _source(project: Project, stored: StoredSource, encoding: str | None) -> Source:
    """Open a file that was read, or what the project keeps of what came by standard input."""
    if not stored.path.startswith(PIPED):
        return open_for(project, stored.path, encoding or stored.encoding)
    text = project.content.source_text(stored.id)
    names = kept_tag_names(project)
    return Source("stdin", stored.hash, text, stored.encoding, False, newline_of(text), names)


def _resumed(project: Project, unread: UnreadSource) -> tuple[FileImport, Iterator[str]]:
    fmt, encoding, ignore_tags, *rest = json.loads(unread.options)
    stored = project.content.source(unread.path)
    assert stored is not None
    source = _source(project, stored, encoding)
    if source.sha256 != stored.hash:
        raise InputError(f"{unread.path} has changed before it was read whole: open it again to read it as it is now")
    inference = infer_from_beginning(source, fmt, *rest)
    _, pieces = new_source(unread.path, source, inference)
    reader = FileReader(source, inference, ignore_tags)
    reading = FileImport(project, unread.source, reader, documents=unread.documents, sentences=unread.sentences)
    return reading, pieces
