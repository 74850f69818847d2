"""One part done: labelled, written beside the output to be, and marked with what it was made of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui import __version__
from ner_tui.domain.stream import Problem
from ner_tui.errors import BeingWritten, FormatError, InputError, ModelError
from ner_tui.formats import Source, WriteOptions
from ner_tui.formats.files.atomic import in_place_of, sync
from ner_tui.formats.files.raw_bytes import PIECE
from ner_tui.formats.files.resumable import resumable_writer
from ner_tui.session.parts.careful import CarefulSource
from ner_tui.session.parts.labelling import PartsWriter
from ner_tui.session.parts.marks import Mark, PartJob, read_mark
from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.reading import lines_in, read_part
from ner_tui.session.parts.tries import Tries
from ner_tui.session.transfer.headless import OutputPart, StreamPredictor

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.predictors.base import TextSource

TRIES = 2
"""Tries at a place of a part before it is read block by block, and what fails is halved."""
MOST_TRIES = 20
"""Tries at a place after which a process that ended each time, and at no sentence, is one that the file itself ends."""
TIME_LIMIT = 60.0
"""Seconds that another process, which may be about to end, is waited for to let go of a part."""
_SHOWN = 5
"""Sentences of a kind that are kept for each part."""


@dataclass(slots=True)
class PartWorker:
    """Does parts with one model."""

    open: Callable[[], StreamPredictor]
    """Loads the model, again after it failed."""
    alive: Callable[[], None] = lambda: None
    """Called whenever something is done, for who watches whether it is stuck."""
    _labeller: StreamPredictor | None = None

    def do(self, job: PartJob) -> tuple[Mark, bool]:
        """Do a part, or find that it is done; return its mark, and whether it was done here.

        Raises:
            InputError: it cannot be read or written.
            ModelError: the model cannot be loaded, or it fails at far too much.
        """
        key = self._key(job)
        deadline = time.monotonic() + TIME_LIMIT
        while True:
            self.alive()
            if (mark := self._done(job, key)) is not None:
                return mark, False
            source = read_part(job.file, job.part)
            tries = Tries.read(job.tries, f"{key} {source.sha256}")
            if tries.begun >= MOST_TRIES and not tries.deaths and not tries.failed:
                # Who asks for the part again may have mended what it was.
                tries.forget()
                raise InputError(
                    f"{job.file.path}: the process that read a part of it ended, {tries.begun} times: convert it to "
                    "another format first, or leave it out"
                )
            try:
                mark = self._try(job, key, source, tries)
            except BeingWritten:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            except ModelError:
                self.close()
                if tries.begun > TRIES:
                    raise
            else:
                sync(job.mark.parent)
                tries.forget()
                return mark, True

    def close(self) -> None:
        """Let go of the model."""
        if self._labeller is not None:
            self._labeller.close()
            self._labeller = None

    @property
    def _model(self) -> StreamPredictor:
        if self._labeller is None:
            self._labeller = self.open()
        return self._labeller

    def _key(self, job: PartJob) -> str:
        """Return what tells parts apart that would not be written in the same way."""
        made = (
            __version__, self._model.versions, job.threshold, job.fmt, job.scheme, job.separator, job.follows,
            job.by_document, job.file.path, replace(job.file.inference, sentence=""), job.part,
        )  # fmt: skip
        return sha256(repr(made).encode()).hexdigest()

    def _done(self, job: PartJob, key: str) -> Mark | None:
        """Return the mark of a part that is done, of the input as it is now."""
        mark, now = read_mark(job.mark), job.file.version
        if mark is None or mark.key != key or not job.text.is_file() or _sha256(job.text) != mark.output:
            return None
        if now is not None and (now.size, now.modified) != (mark.size, mark.modified):
            return mark if read_part(job.file, job.part).sha256 == mark.input else None
        return mark

    def _try(self, job: PartJob, key: str, source: Source, tries: Tries) -> Mark:
        """Do what is left of a part; block by block if that was tried before."""
        seen = _Seen(self.alive)
        with resumable_writer(str(job.text), tries.key) as kept:
            tries.begin(kept.done)
            labeller = self._model
            if tries.begun > TRIES and labeller.source is not None:
                labeller = replace(labeller, source=CarefulSource(labeller.source, self._reopened, tries))
            options = WriteOptions(job.fmt, job.scheme, job.separator, seen.tell)
            writer = PartsWriter(
                labeller, options, seen.tell, seen.problem, seen.sentence, seen.opened, seen.lose, job.file.path
            )
            writer.write(
                [(job.file, job.part)],
                kept.out,
                OutputPart(kept.done),
                kept.note,
                follows=job.follows,
                by_document=job.by_document,
            )
            kept.out.flush()
            version = job.file.version
            mark = Mark(
                key,
                source.sha256,
                version.size if version else 0,
                version.modified if version else 0,
                _sha256(kept.partial),
                seen.lines,
                seen.words,
                tuple(seen.problems[:_SHOWN]),
                max(0, len(seen.problems) - _SHOWN),
                tuple(seen.told),
                tuple(tries.failed.values()),
                _tags(job, source),
                seen.lost_records,
                seen.lost_keys,
            )
            # Before the text is in its place: after that, nothing would be left to go on with.
            with in_place_of(job.mark) as file:
                file.write(json.dumps(asdict(mark)).encode())
        return mark

    def _reopened(self) -> TextSource:
        """Load the model again, in place of one that failed."""
        self.close()
        source = self._model.source
        if source is None:
            raise ModelError("there is no model any more")
        return source


class _Seen:
    """What is noted of a part while it is done."""

    def __init__(self, alive: Callable[[], None]) -> None:
        self._alive = alive
        self.lines = self.words = 0
        self.problems: list[tuple[int, str]] = []
        self.told: list[str] = []
        self.lost_records, self.lost_keys = 0, tuple[str, ...]()

    def opened(self, file: PlannedFile, part: Part, source: Source) -> None:
        self.lines = lines_in(part, source)

    def sentence(self, sentence: Sentence) -> None:
        self.words += len(sentence.tokens)
        self._alive()

    def problem(self, file: PlannedFile, part: Part, problem: Problem) -> None:
        self.problems.append((problem.line, problem.reason))

    def lose(self, records: int, keys: Sequence[str]) -> None:
        self.lost_records, self.lost_keys = records, tuple(keys)

    def tell(self, sentence: str) -> None:
        if len(self.told) < _SHOWN:
            self.told.append(sentence)


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while raw := file.read(PIECE):
            digest.update(raw)
    return digest.hexdigest()


def _tags(job: PartJob, source: Source) -> tuple[tuple[str, str, int], ...]:
    """Count the pairs of tags of a part, where the scheme was told from the beginning of its file."""
    inference = job.file.inference
    if not job.file.by_beginning or inference.scheme is None or inference.format == "conllu":
        return ()
    if inference.format == "hf":
        from ner_tui.formats.records.huggingface import count_transitions
    else:
        from ner_tui.formats.columns.transition_counts import count_transitions
    try:
        pairs = count_transitions(source, inference)
    except FormatError:
        # Numbers that an earlier record named anew.
        return ()
    return tuple((before, tag, n) for (before, tag), n in sorted(pairs.items()))
