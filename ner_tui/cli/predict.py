"""``ner-tui predict``: label files with a model."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.cli.parser import WORDPIECES
from ner_tui.cli.printing import tell
from ner_tui.cli.progress import Progress
from ner_tui.domain.document import Problem, StreamItem
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS, SEPARATORS, WriteOptions, infer_format, open_source, read
from ner_tui.formats.paths import expand

if TYPE_CHECKING:
    from ner_tui.formats import Inference, Source
    from ner_tui.session.predicting import Labeller

_MOST_PROBLEMS = 5
"""Problems of one file that are told in full."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    inputs = expand(arguments.paths)
    for path in inputs.left_out:
        tell(f"left out: {path}")
    extension = ".tsv" if arguments.to == WORDPIECES else FORMATS[arguments.to].extension
    targets = _targets(inputs.files, arguments.out, extension)
    if arguments.to == WORDPIECES:
        _list_wordpieces(targets, arguments)
        return 0
    sources = {path: _open(path, arguments) for files in targets.values() for path in files}
    labeller = _labeller(arguments)
    try:
        with Progress(sum(source.size for source, _ in sources.values())) as progress:
            for out, files in targets.items():
                _write(out, [sources[path] for path in files], labeller, arguments, progress)
    finally:
        labeller.predictor.close()
    return 0


def _open(path: str, arguments: Namespace) -> tuple[Source, Inference]:
    source = open_source(path, arguments.encoding)
    inference = infer_format(source, arguments.from_)
    tell(inference.sentence)
    return source, inference


def _labeller(arguments: Namespace) -> Labeller:
    from ner_tui.predictors import load
    from ner_tui.session.predicting import Labeller

    label_map = LabelMap.parse(arguments.map or "")
    predictor = load(arguments.model, model_tags=arguments.model_tags, allow_pickle=arguments.allow_pickle)
    if arguments.map:
        named = {source for source, _ in label_map.pairs}
        kept = [label for label in tag_labels(predictor.info.tags) if label not in named]
        tell(f"labels of the model that --map does not name, kept as they are: {', '.join(kept) or 'none'}")
    return Labeller(predictor, label_map, arguments.context or "document")


def _write(
    out: str,
    sources: list[tuple[Source, Inference]],
    labeller: Labeller,
    arguments: Namespace,
    progress: Progress,
) -> None:
    from ner_tui.session.exporting import write_items

    schemes = {inference.scheme for _, inference in sources if inference.scheme}
    scheme = arguments.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")

    def items() -> Iterator[StreamItem]:
        for source, inference in sources:
            stream = _tell_problems(read(source, inference=inference, ignore_tags=True))
            yield from labeller.label(stream, lambda sentence: progress.advance(len(sentence.text)))

    write_items(items(), out, WriteOptions(arguments.to, scheme, SEPARATORS[arguments.sep], tell))


def _tell_problems(items: Iterable[StreamItem]) -> Iterator[StreamItem]:
    """Pass a stream on, and say what was read with a guess; a few times in full, then how often."""
    problems = 0
    for item in items:
        if isinstance(item, Problem):
            problems += 1
            if problems <= _MOST_PROBLEMS:
                tell(str(item))
        yield item
    if problems > _MOST_PROBLEMS:
        tell(f"and {problems - _MOST_PROBLEMS:,} more lines read with a guess")


def _list_wordpieces(targets: dict[str, list[str]], arguments: Namespace) -> None:
    from ner_tui.formats.atomic import atomic_writer
    from ner_tui.predictors import load
    from ner_tui.session.exporting import standard_output

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
        stem = "stdin" if path == "-" else Path(path).stem
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
