"""``ner-tui predict``: label files with a model."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from ner_tui import __version__
from ner_tui.cli.labelling import labeller, loaded, wanted_labels
from ner_tui.cli.parser import WORDPIECES
from ner_tui.cli.predicting_parts import is_worth_parts, refuse_other_shard, write_on_cluster, write_shard
from ner_tui.cli.printing import ProblemReport, tell
from ner_tui.cli.progress import ProgressBar
from ner_tui.domain.stream import DocumentStart, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import (
    BY_SENTENCE,
    FORMATS,
    SEPARATORS,
    SUFFIXES,
    WriteOptions,
    encoding_of,
    format_of_name,
    infer_format,
    may_hold_texts,
    misnamed,
    open_source,
    read,
    write,
)
from ner_tui.formats.files.folders import FileNames, filled_folder, is_folder, made_folder
from ner_tui.formats.files.inputs import note_input, refuse_output
from ner_tui.formats.files.paths import WHY_LEFT_OUT, expand
from ner_tui.formats.files.remote import is_remote
from ner_tui.formats.files.source import LARGE, without_text
from ner_tui.formats.losses import without_losses
from ner_tui.predictors import NO_MODEL
from ner_tui.session.naming import require_model

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.domain.labels import LabelSet
    from ner_tui.formats import Inference, Source
    from ner_tui.predictors.base import Predictor
    from ner_tui.session.transfer.headless import OutputPart, PredictionGate, StreamPredictor


def run(arguments: Namespace) -> int:
    """Run the command."""
    if arguments.model == NO_MODEL and (not arguments.patterns or arguments.to == WORDPIECES):
        raise InputError("--model none: predict needs a model, or --patterns FILE")
    if arguments.model:
        require_model(arguments.model)
    if arguments.to is None:
        arguments.to = "conll" if is_folder(arguments.out) else format_of_name(arguments.out, "conll")
    if is_remote(arguments.out):
        raise InputError(f"{arguments.out}: nothing is written there: name a place that is mounted, and copy it then")
    if arguments.shard and arguments.ray:
        raise InputError("--shard labels one part here, and --ray all of them on a cluster: leave out one of the two")
    if arguments.shard and arguments.to not in BY_SENTENCE:
        raise InputError(f"--shard writes {' or '.join(sorted(BY_SENTENCE))}: leave it out, or choose one with --to")
    if arguments.shard:
        refuse_other_shard(arguments.out, *arguments.shard)
    labels = wanted_labels(arguments)
    inputs = expand(arguments.paths, SUFFIXES, may_hold_texts, remote=True)
    for path in inputs.left_out:
        tell(f"left out: {path}: {WHY_LEFT_OUT}")
    with made_folder(arguments.out) if is_folder(arguments.out) and not arguments.ray else nullcontext():
        return _write(arguments, labels, inputs.files)


def _write(arguments: Namespace, labels: LabelSet, files: Sequence[str]) -> int:
    if arguments.to == WORDPIECES:
        _list_wordpieces(_listings(files, arguments.out), arguments)
        return 0
    if arguments.ray:
        return write_on_cluster(arguments, labels, files)
    if arguments.gpus:
        raise InputError("--gpus N is for --ray: without it, a model takes the GPU that it finds")
    by_bytes = arguments.shard and not is_folder(arguments.out) and is_worth_parts(files)
    if by_bytes and write_shard(arguments, labels, files):
        return 0
    sources = _opened(list(files), arguments)
    targets = _targets(sources, arguments)
    if arguments.shard and (len(targets) != 1 or targets[0].names):
        raise InputError("--shard gives parts of one output: name a file with -o, or leave out --shard")
    predictor = labeller(arguments, labels)
    try:
        with ProgressBar(sum(source.size for source, _ in sources.values())) as progress:
            for target in targets:
                _Output(target, predictor, arguments, progress).write()
    finally:
        predictor.close()
    return 0


@dataclass(frozen=True, slots=True)
class _Target:
    """Something to write."""

    out: str
    """A file, or ``-``; the folder of several documents."""
    sources: list[tuple[Source, Inference]]
    names: FileNames | None = None
    """Names the files for the documents of its one source, where those are several."""


def _opened(paths: list[str], arguments: Namespace) -> dict[str, tuple[Source, Inference]]:
    """Say how each file is read; of many, no more text is kept than of a large one."""
    found: dict[str, tuple[Source, Inference]] = {}
    kept = 0
    for path in paths:
        source = open_source(path, arguments.encoding, arguments.names)
        inference = infer_format(source, arguments.from_, text=arguments.text, tags_as=arguments.tags_as)
        tell(inference.sentence)
        kept += source.size
        found[path] = source if kept <= LARGE else without_text(source), inference
    return found


class _Output:
    """One file that is written, those of the documents of one input, or standard output."""

    def __init__(
        self,
        target: _Target,
        labeller: StreamPredictor,
        arguments: Namespace,
        progress: ProgressBar,
    ) -> None:
        self._out = target.out
        self._sources = sources = target.sources
        self._names = target.names
        self._labeller = labeller
        self._arguments = arguments
        self._progress = progress
        schemes = {inference.scheme for _, inference in sources if inference.scheme}
        scheme = arguments.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")
        self._options = WriteOptions(arguments.to, scheme, SEPARATORS[arguments.sep], tell)

    def write(self) -> None:
        """Write it; where one file of columns is interrupted, the same command goes on."""
        from ner_tui.formats.files.resumable import can_be_kept, resumable_writer
        from ner_tui.session.transfer.headless import OutputPart, PredictionGate, shard
        from ner_tui.session.transfer.outputs import opened, write_items

        if self._names:
            self._write_documents(self._names)
            return
        part, arguments = OutputPart(), self._arguments
        if wrong := misnamed(arguments.to, self._out):
            tell(wrong)
        if arguments.shard:
            part = shard(self._items(silent=True), *arguments.shard)
        if arguments.to in BY_SENTENCE and can_be_kept(self._out):
            with resumable_writer(self._out, self._key()) as kept:
                if kept.done:
                    tell(f"{self._out}: going on where an earlier run was interrupted, after {kept.done:,} blocks")
                gate = PredictionGate(kept.out, kept.note)
                left = OutputPart(max(part.start, kept.done), part.end)
                try:
                    write(self._labelled(left, gate), cast(TextIO, gate), self._options)
                except InputError:
                    # An input that is mended is another one.
                    kept.is_kept = False
                    raise
                except BaseException:
                    if kept.is_kept:
                        tell(f"{self._out} is not finished: the same command goes on from {kept.partial}")
                    raise
        elif arguments.shard:
            with opened(self._out, encoding_of(arguments.to, self._out)) as stream:
                gate = PredictionGate(stream)
                write(self._labelled(part, gate), cast(TextIO, gate), self._options)
        else:
            write_items(self._labelled(part), self._out, self._options)

    def _write_documents(self, names: FileNames) -> None:
        from ner_tui.session.transfer.headless import OutputPart
        from ner_tui.session.transfer.outputs import without_file, write_documents

        with filled_folder(self._out) as files:
            empty = write_documents(self._labelled(OutputPart()), files, names, self._options)
        if empty:
            tell(without_file(empty))

    def _items(self, *, silent: bool = False) -> Iterator[StreamItem]:
        for source, inference in self._sources:
            stream = read(source, inference=inference, ignore_tags=True)
            problems = ProblemReport()
            yield from stream if silent else problems.pass_on(stream)
            problems.finish()

    def _labelled(self, part: OutputPart, gate: PredictionGate | None = None) -> Iterator[StreamItem]:
        def done(sentence: Sentence) -> None:
            self._progress.advance(len(sentence.text))

        def lose(sentence: str) -> None:
            tell(f"lost: {sentence}")

        further = () if gate is None else (gate.begin, gate.end)
        items = self._labeller.label(self._items(), done, part, *further)
        path = self._sources[0][0].path if len(self._sources) == 1 else self._out
        return without_losses(items, self._options.fmt, lose, path, with_suggestions=True)

    def _key(self) -> str:
        """Return what tells runs apart that would not write the same."""
        options = self._options
        made = (
            __version__, self._labeller.versions, self._arguments.threshold, self._arguments.shard,
            options.fmt, options.scheme, options.separator,
            *((source.sha256, source.path, inference) for source, inference in self._sources),
        )  # fmt: skip
        return sha256(repr(made).encode()).hexdigest()


def _list_wordpieces(targets: dict[str, list[str]], arguments: Namespace) -> None:
    from ner_tui.predictors import load
    from ner_tui.session.transfer.outputs import opened

    predictor: Predictor = loaded(arguments, load)
    try:
        for out, files in targets.items():
            with opened(out) as stream:
                for path in files:
                    for piece in predictor.wordpieces(open_source(path, arguments.encoding).text):
                        stream.write(f"{piece.text}\t{piece.tag}\t{piece.score:.4f}\n")
    finally:
        predictor.close()


def _listings(files: Sequence[str], out: str) -> dict[str, list[str]]:
    """Return which files go into which listing: a folder gets one for each, a file or ``-`` gets all."""
    from ner_tui.session.transfer.outputs import file_names

    if is_folder(out):
        names = file_names(tell)
        listings = {str(Path(out, names.take("stdin" if path == "-" else path, ".tsv"))): [path] for path in files}
    else:
        listings = {out: list(files)}
    for path in files:
        note_input(path)
    for listing in listings:
        refuse_output(listing)
    return listings


def _targets(sources: dict[str, tuple[Source, Inference]], arguments: Namespace) -> list[_Target]:
    """Return what is to be written: a file or ``-`` gets all, a folder one file for each document."""
    from ner_tui.session.transfer.outputs import file_names

    out = arguments.out
    if not is_folder(out):
        refuse_output(out)
        return [_Target(out, list(sources.values()))]
    names, extension = file_names(tell), FORMATS[arguments.to].extension
    targets: list[_Target] = []
    for source, inference in sources.values():
        items = read(source, inference=inference, ignore_tags=True)
        heads = list(islice((item for item in items if isinstance(item, DocumentStart)), 2))
        if len(heads) == 1:
            target = Path(out, names.take(heads[0].name, extension))
            refuse_output(target)
            targets.append(_Target(str(target), [(source, inference)]))
        elif heads:
            targets.append(_Target(out, [(source, inference)], names))
    return targets
