"""``ner-tui predict``: label files with a model."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from ner_tui import __version__
from ner_tui.cli.parser import WORDPIECES
from ner_tui.cli.printing import ProblemReport, tell
from ner_tui.cli.progress import ProgressBar
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import (
    BY_SENTENCE,
    FORMATS,
    SEPARATORS,
    SUFFIXES,
    WriteOptions,
    encoding_of,
    infer_format,
    may_hold_texts,
    open_source,
    read,
    write,
)
from ner_tui.formats.files.compression import without_compression
from ner_tui.formats.files.paths import expand
from ner_tui.formats.files.source import LARGE, without_text
from ner_tui.predictors import require_spec

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.formats import Inference, Source
    from ner_tui.session.transfer.headless import OutputPart, StreamPredictor


def run(arguments: Namespace) -> int:
    """Run the command."""
    if arguments.model:
        require_spec(arguments.model)
    if arguments.shard and arguments.to not in BY_SENTENCE:
        raise InputError(f"--shard writes {' or '.join(sorted(BY_SENTENCE))}: leave it out, or choose one with --to")
    inputs = expand(arguments.paths, SUFFIXES, may_hold_texts)
    for path in inputs.left_out:
        tell(f"left out: {path}")
    extension = ".tsv" if arguments.to == WORDPIECES else FORMATS[arguments.to].extension
    targets = _targets(inputs.files, arguments.out, extension)
    if arguments.shard and len(targets) > 1:
        raise InputError("--shard gives parts of one output: name a file with -o, or leave out --shard")
    if arguments.to == WORDPIECES:
        _list_wordpieces(targets, arguments)
        return 0
    sources = _opened([path for files in targets.values() for path in files], arguments)
    labeller = _labeller(arguments)
    try:
        with ProgressBar(sum(source.size for source, _ in sources.values())) as progress:
            for out, files in targets.items():
                _Output(out, [sources[path] for path in files], labeller, arguments, progress).write()
    finally:
        labeller.predictor.close()
    return 0


def _opened(paths: list[str], arguments: Namespace) -> dict[str, tuple[Source, Inference]]:
    """Say how each file is read; of many, no more text is kept than of a large one."""
    found: dict[str, tuple[Source, Inference]] = {}
    kept = 0
    for path in paths:
        source = open_source(path, arguments.encoding)
        inference = infer_format(source, arguments.from_)
        tell(inference.sentence)
        kept += source.size
        found[path] = source if kept <= LARGE else without_text(source), inference
    return found


def _labeller(arguments: Namespace) -> StreamPredictor:
    from ner_tui.predictors import load
    from ner_tui.session.transfer.headless import StreamPredictor

    label_map = LabelMap.parse(arguments.map or "")
    predictor = load(arguments.model, model_tags=arguments.model_tags, allow_pickle=arguments.allow_pickle)
    if arguments.map:
        named = {source for source, _ in label_map.pairs}
        kept = [label for label in tag_labels(predictor.info.tags) if label not in named]
        tell(f"labels of the model that --map does not name, kept as they are: {', '.join(kept) or 'none'}")
    return StreamPredictor(predictor, label_map, arguments.context or "document")


class _Output:
    """One file that is written, or standard output."""

    def __init__(
        self,
        out: str,
        sources: list[tuple[Source, Inference]],
        labeller: StreamPredictor,
        arguments: Namespace,
        progress: ProgressBar,
    ) -> None:
        self._out = out
        self._sources = sources
        self._labeller = labeller
        self._arguments = arguments
        self._progress = progress
        schemes = {inference.scheme for _, inference in sources if inference.scheme}
        scheme = arguments.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")
        self._options = WriteOptions(arguments.to, scheme, SEPARATORS[arguments.sep], tell)

    def write(self) -> None:
        """Write it; where it is interrupted, the same command goes on."""
        from ner_tui.formats.files.atomic import atomic_writer
        from ner_tui.formats.files.resumable import can_be_kept, resumable_writer
        from ner_tui.session.transfer.exporting import standard_output, write_items
        from ner_tui.session.transfer.headless import OutputPart, PredictionGate, shard

        part, arguments = OutputPart(), self._arguments
        if arguments.shard:
            part = shard(self._items(silent=True), *arguments.shard)
        if arguments.to in BY_SENTENCE and can_be_kept(self._out):
            with resumable_writer(self._out, self._key()) as kept:
                if kept.done:
                    tell(f"{self._out}: going on where an earlier run was interrupted, after {kept.done:,} blocks")
                gate = PredictionGate(kept.out)
                gate.is_open = False

                def begin(number: int, wanted: bool) -> None:
                    if gate.is_open:
                        kept.note(number)
                    gate.is_open = wanted

                left = OutputPart(max(part.start, kept.done), part.end)
                try:
                    write(self._labelled(left, begin), cast(TextIO, gate), self._options)
                except InputError:
                    # An input that is mended is another one.
                    kept.is_kept = False
                    raise
                except BaseException:
                    if kept.is_kept:
                        tell(f"{self._out} is not finished: the same command goes on from {kept.partial}")
                    raise
        elif arguments.shard:
            encoding = encoding_of(arguments.to, self._out)
            with standard_output(encoding) if self._out == "-" else atomic_writer(self._out, encoding) as stream:
                gate = PredictionGate(stream)
                write(self._labelled(part, gate.turn), cast(TextIO, gate), self._options)
        else:
            write_items(self._labelled(part), self._out, self._options)

    def _items(self, *, silent: bool = False) -> Iterator[StreamItem]:
        for source, inference in self._sources:
            stream = read(source, inference=inference, ignore_tags=True)
            problems = ProblemReport()
            yield from stream if silent else problems.pass_on(stream)
            problems.finish()

    def _labelled(self, part: OutputPart, begin: Callable[[int, bool], None] | None = None) -> Iterator[StreamItem]:
        def done(sentence: Sentence) -> None:
            self._progress.advance(len(sentence.text))

        if begin is None:
            return self._labeller.label(self._items(), done, part)
        return self._labeller.label(self._items(), done, part, begin)

    def _key(self) -> str:
        """Return what tells runs apart that would not write the same."""
        info, options = self._labeller.predictor.info, self._options
        made = (
            __version__, info.name, info.file_hash, info.precision, info.window_rule, info.tags,
            str(self._labeller.label_map), self._labeller.context, self._arguments.shard,
            options.fmt, options.scheme, options.separator,
            *((source.sha256, source.path, inference) for source, inference in self._sources),
        )  # fmt: skip
        return sha256(repr(made).encode()).hexdigest()


def _list_wordpieces(targets: dict[str, list[str]], arguments: Namespace) -> None:
    from ner_tui.formats.files.atomic import atomic_writer
    from ner_tui.predictors import load
    from ner_tui.session.transfer.exporting import standard_output

    predictor = load(arguments.model, model_tags=arguments.model_tags, allow_pickle=arguments.allow_pickle)
    try:
        for out, files in targets.items():
            with standard_output() if out == "-" else atomic_writer(out) as stream:
                for path in files:
                    for piece in predictor.wordpieces(open_source(path, arguments.encoding).text):
                        stream.write(f"{piece.text}\t{piece.tag}\t{piece.score:.4f}\n")
    finally:
        predictor.close()


def _targets(files: tuple[str, ...], out: str, extension: str) -> dict[str, list[str]]:
    """Return which files go into which output: a folder gets one for each, a file or ``-`` gets all."""
    if out == "-":
        return {out: list(files)}
    if not (out.endswith("/") or Path(out).is_dir()):
        _refuse_input(Path(out), files)
        return {out: list(files)}
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out} cannot be made: {error.strerror}") from error
    targets: dict[str, list[str]] = {}
    for path in files:
        stem = "stdin" if path == "-" else without_compression(path).stem
        target = folder / f"{stem}{extension}"
        number = 2
        while str(target) in targets:
            target = folder / f"{stem}-{number}{extension}"
            number += 1
        _refuse_input(target, files)
        targets[str(target)] = [path]
    return targets


def _refuse_input(target: Path, files: tuple[str, ...]) -> None:
    """Refuse to write over a file that is about to be read."""
    if target.exists() and any(path != "-" and target.samefile(path) for path in files):
        raise InputError(f"{target} is one of the inputs: give another place with -o")
