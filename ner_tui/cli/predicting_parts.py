"""``ner-tui predict`` of parts of files: one of several shards, or all parts on a cluster."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ner_tui import __version__
from ner_tui.cli.labelling import labeller, model_options
from ner_tui.cli.printing import ProblemReport, tell
from ner_tui.cli.progress import ProgressBar
from ner_tui.domain.counting import counted
from ner_tui.errors import InputError
from ner_tui.formats import BY_SENTENCE, SEPARATORS, WriteOptions
from ner_tui.formats.files.compression import compression_of
from ner_tui.formats.files.folders import is_folder, made_folder
from ner_tui.formats.files.inputs import STDIN, refuse_output
from ner_tui.formats.files.replacing import version_of
from ner_tui.formats.files.source import LARGE

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.domain.labels import LabelSet
    from ner_tui.domain.stream import Problem
    from ner_tui.session.parts.joining import Done
    from ner_tui.session.parts.marks import PartJob
    from ner_tui.session.parts.planning import Part, PlannedFile

EVERY = 10.0
"""Seconds between two sentences on how far it is."""


def is_worth_parts(files: Sequence[str]) -> bool:
    """Whether shards of these files are planned without reading all of them: where that takes long, and can be."""
    if STDIN in files or any(compression_of(path) for path in files):
        return False
    versions = map(version_of, files)
    return sum(version.size for version in versions if version is not None) > LARGE


def refuse_other_shard(out: str, number: int, of: int) -> None:
    """Refuse to write shard ``number`` over what may be another of the ``of``: a file without its number in the path.

    Raises:
        InputError: there is such a file.
    """
    path = Path(out)
    if of > 1 and path.is_file() and number not in map(int, re.findall(r"\d+", out)):
        another = path.with_stem(f"{path.stem}.{number}")
        raise InputError(f"{out} is there already, maybe of another shard: name a file for each, such as -o {another}")


def write_shard(arguments: Namespace, labels: LabelSet, files: Sequence[str]) -> bool:
    """Label and write a shard; False where it cannot be told without reading all of the files, which is told."""
    from ner_tui.formats.files.resumable import can_be_kept, resumable_writer
    from ner_tui.session.parts.labelling import PartsWriter
    from ner_tui.session.parts.reading import lines_before
    from ner_tui.session.parts.sharing import shard_of
    from ner_tui.session.transfer.headless import OutputPart
    from ner_tui.session.transfer.outputs import opened

    plan = _plan(files, arguments)
    if whole := [file for file in plan if file.whole and file.size > LARGE]:
        tell(f"{whole[0].path}: {whole[0].whole}, so each shard reads all of it")
        return False
    number, of = arguments.shard
    parts = shard_of(plan, number, of)
    refuse_output(arguments.out)
    predictor = labeller(arguments, labels)
    try:
        options = _options(arguments, plan)
        problems, before = ProblemReport(), cache(lines_before)
        with ProgressBar(sum(part.end - part.start for _, part in parts)) as progress:

            def done(sentence: Sentence) -> None:
                progress.advance(len(sentence.text))

            def report(file: PlannedFile, part: Part, problem: Problem) -> None:
                problems.take(replace(problem, line=before(file, part) + problem.line))

            path = files[0] if len(files) == 1 else arguments.out
            writer = PartsWriter(predictor, options, lambda told: tell(f"lost: {told}"), report, done, path=path)
            if can_be_kept(arguments.out):
                with resumable_writer(arguments.out, _key(arguments, predictor.versions, options, parts)) as kept:
                    if kept.done:
                        where = f"where an earlier run was interrupted, after {kept.done:,} blocks"
                        tell(f"{arguments.out}: going on {where}")
                    writer.write(parts, kept.out, OutputPart(kept.done), kept.note, follows=number > 1)
            else:
                with opened(arguments.out) as stream:
                    writer.write(parts, stream, OutputPart(), follows=number > 1)
        problems.finish()
    finally:
        predictor.close()
    return True


def write_on_cluster(arguments: Namespace, labels: LabelSet, files: Sequence[str]) -> int:
    """Have a cluster label all parts, join them, and return the exit code."""
    from ner_tui.cluster.ray_engine import cluster, do_parts, require_ray

    require_ray()
    out, folder = arguments.out, is_folder(arguments.out)
    if out == STDIN or STDIN in files:
        raise InputError("--ray reads and writes files: name them, and -o FILE or -o FOLDER/")
    if arguments.to not in BY_SENTENCE:
        raise InputError(f"--ray writes {' or '.join(sorted(BY_SENTENCE))}: leave it out, or choose one with --to")
    options = model_options(arguments, labels)
    plan = _plan(files, arguments)
    for file in plan:
        if file.whole and file.size > LARGE:
            tell(f"{file.path}: {file.whole}, so it is one part")
    if not folder:
        refuse_output(out)
    parts = f"{os.path.realpath(out)}.parts" if not folder else os.path.join(os.path.realpath(out), ".parts")  # noqa: PTH118
    with made_folder(parts):
        jobs = _jobs(arguments, plan, parts, folder=folder)
        tell(f"{counted(len(jobs), 'part')} of {counted(len(plan), 'file')}; what is done of them is kept in {parts}")
        marks = {}
        try:
            with cluster(arguments.ray):
                report = _Progress(jobs)
                for outcome in do_parts(jobs, options, gpus=arguments.gpus or 0):
                    if outcome.mark is None:
                        raise InputError(f"{outcome.error}; the same command goes on with the parts that are not done")
                    marks[outcome.number] = outcome.mark
                    report.take(outcome.number, outcome.mark.words if outcome.here else 0)
        except BaseException:
            if os.listdir(parts):  # noqa: PTH208
                tell(f"{out} is not finished: the same command goes on from {parts}")
            raise
    return _join([(job, marks[job.number]) for job in jobs], arguments, parts, folder=folder)


def _join(done: Done, arguments: Namespace, parts: str, *, folder: bool) -> int:
    from ner_tui.session.parts import joining
    from ner_tui.session.transfer.outputs import file_names

    if folder:
        joining.join_folder(done, arguments.out, file_names(tell), tell)
    else:
        joining.join_file(done, arguments.out)
    for sentence in joining.remarks(done):
        tell(sentence)
    findings = [*joining.without_tags(done), *([] if arguments.scheme else joining.other_schemes(done))]
    for sentence in findings:
        tell(sentence)
    joining.forget([parts])
    return 1 if findings else 0


def _plan(files: Iterable[str], arguments: Namespace) -> list[PlannedFile]:
    from ner_tui.session.parts.planning import ReadingOptions, plan_file

    names = tuple(arguments.names or ())
    options = ReadingOptions(arguments.encoding, arguments.from_, arguments.text, arguments.tags_as, names)
    return [plan_file(path, options, tell) for path in files]


def _jobs(arguments: Namespace, plan: Sequence[PlannedFile], parts: str, *, folder: bool) -> list[PartJob]:
    from ner_tui.session.parts.marks import PartJob

    jobs: list[PartJob] = []
    for file in plan:
        options = _options(arguments, [file] if folder else plan)
        for part in file.parts:
            follows = bool(jobs) and not folder
            jobs.append(
                PartJob(file, part, parts, len(jobs), options.fmt, options.scheme, options.separator, follows, folder)
            )
    return jobs


def _options(arguments: Namespace, plan: Sequence[PlannedFile]) -> WriteOptions:
    schemes = {file.inference.scheme for file in plan if file.inference.scheme}
    scheme = arguments.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")
    return WriteOptions(arguments.to, scheme, SEPARATORS[arguments.sep], tell)


def _key(
    arguments: Namespace, versions: object, options: WriteOptions, parts: Sequence[tuple[PlannedFile, Part]]
) -> str:
    """Return what tells shards apart that would not write the same."""
    from ner_tui.session.parts.reading import hash_of

    made = (
        __version__, versions, arguments.threshold, arguments.shard, options.fmt, options.scheme, options.separator,
        *((file.path, file.inference, part, hash_of(file, part)) for file, part in parts),
    )  # fmt: skip
    return sha256(repr(made).encode()).hexdigest()


class _Progress:
    """Tells now and then how many parts are done, how fast, and how long the rest takes."""

    def __init__(self, jobs: Sequence[PartJob]) -> None:
        self._sizes = {job.number: job.part.end - job.part.start for job in jobs}
        self._left = sum(self._sizes.values())
        self._done = self._here = self._words = 0
        self._begun = self._told = monotonic()

    def take(self, number: int, words: int) -> None:
        """Take a part that is done, with the words of it that were labelled now."""
        size, now = self._sizes[number], monotonic()
        self._done += 1
        self._left -= size
        self._words += words
        self._here += size if words else 0
        if now - self._told < EVERY and self._left:
            return
        self._told = now
        told = f"{self._done:,} of {counted(len(self._sizes), 'part')} done"
        if self._here:
            seconds = max(now - self._begun, 1e-3)
            left = _duration(self._left * seconds / self._here)
            told = f"{told}, {self._words / seconds:,.0f} words/s, {left} left"
        tell(told)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
