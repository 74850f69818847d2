"""``ner-tui convert``: read a file of one format and write it in another, or the same file with other tags."""

from __future__ import annotations

import io
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from ner_tui.domain.document import DocumentStart, Problem, StreamItem
from ner_tui.domain.printable import printable
from ner_tui.errors import EncodingError
from ner_tui.formats import FORMATS, SEPARATORS, Inference, Source, WriteOptions, infer_format, open_source, read, write
from ner_tui.formats.atomic import atomic_writer

_MOST_PROBLEMS = 5
"""Problems of the source that are told in full."""


class _Lost(Exception):
    """Something could not be represented, and nothing shall be written then."""


class Losses:
    """Tells what could not be represented, and counts it."""

    def __init__(self) -> None:
        self.number = 0

    def tell(self, sentence: str) -> None:
        """Take a sentence that begins with file and line."""
        self.number += 1
        _say(f"lost: {sentence}")


def run(arguments: Namespace) -> int:
    """Run the command."""
    source = open_source(arguments.path, arguments.encoding)
    inference = infer_format(source, arguments.from_, column=arguments.column)
    _say(inference.sentence)
    losses = Losses()
    encoding = "utf-8" if arguments.to else source.encoding
    try:
        with _output(arguments.out, encoding) as out:
            if arguments.to:
                _write_as(source, inference, arguments, losses, out)
            else:
                _write_in_place(source, inference, arguments, losses, out)
            if losses.number and arguments.on_loss == "fail":
                raise _Lost
    except _Lost:
        _say(f"nothing is written: {_things(losses.number)} would be lost (--on-loss warn writes the rest)")
        return 1
    except UnicodeEncodeError as error:
        char = error.object[error.start]
        raise EncodingError(f"{arguments.out}: {encoding} has no character {char!r}: convert with --to") from error
    return 0


def _write_as(source: Source, inference: Inference, arguments: Namespace, losses: Losses, out: TextIO) -> None:
    if inference.columns and max(inference.columns) > (2 if inference.tag_column is not None else 1):
        _say(f"not carried over: columns other than those of words and tags, and comments; {arguments.to} has no place")
    options = WriteOptions(
        arguments.to,
        arguments.scheme or inference.scheme or "iob2",
        SEPARATORS[arguments.sep or "space"],
        losses.tell,
        losses.tell,
    )
    items = _told(read(source, inference=inference), losses)
    if FORMATS[arguments.to].module == "conll":
        # Columns hold no names: losses are told by the file's, whichever of its documents they are in.
        items = (replace(item, name=source.path) if isinstance(item, DocumentStart) else item for item in items)
    write(items, out, options)


def _write_in_place(source: Source, inference: Inference, arguments: Namespace, losses: Losses, out: TextIO) -> None:
    from ner_tui.formats.separating import separated
    from ner_tui.formats.surgery import in_scheme, require_exact, with_mark

    require_exact(source)
    if inference.format != "text":
        # Whatever is written has been read: a file that is broken is told as such.
        for _ in _told(read(source, inference=inference), losses):
            pass
    pieces: Iterable[str] = [source.text]
    if arguments.scheme:
        pieces = in_scheme(source, inference, arguments.scheme, losses.tell)
    if arguments.sep and SEPARATORS[arguments.sep] != inference.separator:
        tagged = replace(source, text="".join(pieces))
        pieces = separated(tagged, inference, SEPARATORS[arguments.sep], losses.tell)
    out.writelines(with_mark(source, pieces))


def _told(items: Iterable[StreamItem], losses: Losses) -> Iterator[StreamItem]:
    """Pass a stream on, and say what was read with a guess: the first few, then how often; losses all of them."""
    guesses = 0
    for item in items:
        if isinstance(item, Problem):
            if item.lost:
                losses.tell(str(item))
            else:
                guesses += 1
                if guesses <= _MOST_PROBLEMS:
                    _say(str(item))
        yield item
    if guesses > _MOST_PROBLEMS:
        _say(f"and {guesses - _MOST_PROBLEMS:,} more lines read with a guess")


@contextmanager
def _output(path: str, encoding: str) -> Iterator[TextIO]:
    """Give a text file whose content gets to ``path`` when the block ends well, and nowhere otherwise."""
    regular = path != "-" and (not Path(path).exists() or Path(path).is_file())
    if regular or (path != "-" and Path(path).is_dir()):
        with atomic_writer(path, encoding) as stream:
            yield stream
        return
    with TemporaryFile() as waiting:
        stream = io.TextIOWrapper(waiting, encoding, newline="")
        yield stream
        stream.flush()
        waiting.seek(0)
        if path == "-":
            sys.stdout.flush()
            shutil.copyfileobj(waiting, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            with Path(path).open("wb") as out:
                shutil.copyfileobj(waiting, out)


def _things(number: int) -> str:
    return "one thing" if number == 1 else f"{number:,} things"


def _say(sentence: str) -> None:
    print(printable(sentence), file=sys.stderr)
