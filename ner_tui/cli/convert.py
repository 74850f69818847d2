"""``ner-tui convert``: read a file of one format and write it in another, or the same file with other tags."""

from __future__ import annotations

import io
import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, TextIO

from ner_tui.cli.printing import ProblemReport, tell
from ner_tui.domain.schemes import decode
from ner_tui.domain.stream import DocumentStart, Problem, StreamItem
from ner_tui.errors import EncodingError
from ner_tui.formats import (
    FORMATS,
    SEPARATORS,
    Inference,
    Source,
    WriteOptions,
    encoding_of,
    infer_format,
    left_out,
    misnamed,
    open_source,
    read,
    write,
)
from ner_tui.formats.files.atomic import atomic_writer, files_beside, open_special
from ner_tui.formats.files.compression import suffix_of
from ner_tui.formats.files.folders import FolderFiles, filled_folder, is_folder
from ner_tui.formats.files.replacing import FileRead, version_of
from ner_tui.formats.files.scratch import scratch_file
from ner_tui.formats.files.terminal import safe_for_terminal
from ner_tui.formats.losses import without_losses
from ner_tui.formats.rewriting import can_rewrite_binary, checked, is_records
from ner_tui.session.transfer.outputs import file_names, without_file, write_documents

if TYPE_CHECKING:
    from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines


class _Lost(Exception):
    """Something could not be represented, and nothing shall be written then."""


class ConvertReport(ProblemReport):
    """Prints what could not be represented too, all of it."""

    losses = 0
    with_suggestions = False
    """Whether suggestions are written also where the format cannot tell them from decisions."""

    def items(self, source: Source, inference: Inference, fmt: str) -> Iterator[StreamItem]:
        """Read a source as a format can hold it."""
        items = self.pass_on(read(source, inference=inference))
        return without_losses(items, fmt, self.lose, source.path, with_suggestions=self.with_suggestions)

    def lose(self, sentence: str) -> None:
        """Take a sentence that begins with file and line."""
        self.losses += 1
        tell(f"lost: {sentence}")

    def take(self, problem: Problem) -> None:
        """Take what a reader reports."""
        if problem.lost:
            self.lose(str(problem))
        else:
            super().take(problem)


def run(arguments: Namespace) -> int:
    """Run the command."""
    version = version_of(arguments.path)
    source = open_source(arguments.path, arguments.encoding, arguments.names)
    inference = infer_format(
        source, arguments.from_, column=arguments.column, text=arguments.text, tags_as=arguments.tags_as
    )
    tell(inference.sentence)
    report = ConvertReport()
    # CoNLL-U, tables of words and records have columns or keys of which only their own file knows what is in them.
    own = inference.format == "conllu" or (inference.format == "csv" and bool(inference.columns))
    own = own or (can_rewrite_binary(inference.format, inference.scheme) and not arguments.scheme)
    same = arguments.to == inference.format and (own or is_records(inference.format))
    to = None if same or (arguments.to == "conll2003" and _is_conll2003(inference)) else arguments.to
    report.with_suggestions = arguments.with_suggestions
    into_folder = is_folder(arguments.out)
    encoding = encoding_of(to, "" if into_folder else arguments.out) if to else source.encoding
    scheme, separator = arguments.scheme or inference.scheme or "iob2", SEPARATORS[arguments.sep or "space"]
    options = WriteOptions(to, scheme, separator, report.lose, report.lose) if to else None
    try:
        if into_folder:
            with filled_folder(arguments.out) as files:
                if options:
                    _write_documents(source, inference, options, report, files)
                else:
                    name = file_names(tell).take(_file_name(source, inference))
                    with atomic_writer(files.path(name), encoding) as out:
                        _write_in_place(source, inference, arguments, report, out)
                _finish(report, arguments.on_loss)
        else:
            # Without --to the same file is changed, and may be changed where it is.
            replaces = None if options else FileRead(arguments.path, version, source.sha256)
            with _output(arguments.out, encoding, replaces) as out, files_beside(arguments.out) as beside:
                if options:
                    _write_as(source, inference, replace(options, beside=beside), report, out)
                else:
                    _write_in_place(source, inference, arguments, report, out)
                _finish(report, arguments.on_loss)
            # A copy that is called like its source is as good as that.
            kept = not options and suffix_of(arguments.out) == source.suffix
            if not kept and (wrong := misnamed(to or inference.format, arguments.out)):
                tell(wrong)
    except _Lost:
        lost = "one thing" if report.losses == 1 else f"{report.losses:,} things"
        tell(f"nothing is written: {lost} would be lost (--on-loss warn writes the rest)")
        return 1
    except UnicodeEncodeError as error:
        char = error.object[error.start]
        raise EncodingError(f"{arguments.out}: {encoding} has no character {char!r}: convert with --to") from error
    return 0


def _is_conll2003(inference: Inference) -> bool:
    """Whether a file has the columns of CoNLL-2003 already, with what is in them."""
    is_conll = FORMATS[inference.format].module == "columns.conll"
    columns = inference.word_column, inference.tag_column, inference.columns
    return is_conll and columns == (0, 3, frozenset({4}))


def _finish(report: ConvertReport, on_loss: str) -> None:
    report.finish()
    if report.losses and on_loss == "fail":
        raise _Lost


def _file_name(source: Source, inference: Inference) -> str:
    """Return what a copy of a file is called."""
    return source.path if source.suffix else f"{source.path}{FORMATS[inference.format].extension}"


def _write_documents(
    source: Source, inference: Inference, options: WriteOptions, report: ConvertReport, files: FolderFiles
) -> None:
    _lose_unread(source, inference, options, report)
    # Columns hold no names: losses are reported under the file's, whichever of its documents they are in.
    name = source.path if FORMATS[options.fmt].module == "columns.conll" else ""
    items = report.items(source, inference, options.fmt)
    if empty := write_documents(items, files, file_names(tell), options, name):
        tell(without_file(empty))


def _lose_unread(source: Source, inference: Inference, options: WriteOptions, report: ConvertReport) -> None:
    for what in left_out(source, inference):
        report.lose(f"{source.path}: {what}, for which {options.fmt} has no place")


def _write_as(source: Source, inference: Inference, options: WriteOptions, report: ConvertReport, out: TextIO) -> None:
    from ner_tui.formats.columns.inplace_edit import can_rewrite, inplace_module

    _lose_unread(source, inference, options, report)
    to_columns = FORMATS[options.fmt].module == "columns.conll"
    if to_columns and can_rewrite(inference):
        _write_blocks(
            source, inference, options, report, out, inplace_module(inference).sentence_lines(source, inference)
        )
        return
    if FORMATS[options.fmt].family == "tables" and FORMATS[inference.format].module == "columns.conll":
        _write_table(source, inference, options, report, out)
        return
    if to_columns and inference.format == "parquet" and inference.scheme:
        from ner_tui.formats.tables.parquet import blocks_for_columns

        blocks = blocks_for_columns(source, inference, options.fmt, report.lose)
        _write_blocks(source, inference, options, report, out, blocks)
        return
    items = report.items(source, inference, options.fmt)
    if to_columns:
        # Columns hold no names: losses are reported under the file's, whichever of its documents they are in.
        items = (replace(item, name=source.path) if isinstance(item, DocumentStart) else item for item in items)
    write(items, out, options)


def _write_table(
    source: Source, inference: Inference, options: WriteOptions, report: ConvertReport, out: TextIO
) -> None:
    from ner_tui.formats.columns import conll
    from ner_tui.formats.tables import csv_writer, parquet_writer
    from ner_tui.formats.tables.tagged_words import from_lines

    writer = csv_writer if options.fmt == "csv" else parquet_writer
    lines = conll.sentence_lines(source, inference)
    writer.write_words(from_lines(source.path, lines, inference, options, report.take), out, options)


def _write_blocks(
    source: Source,
    inference: Inference,
    options: WriteOptions,
    report: ConvertReport,
    out: TextIO,
    blocks: Iterable[SentenceLines | DocumentMark],
) -> None:
    """Write columns from sentences: twice as fast as by way of documents, whose offsets are of no use here."""
    from ner_tui.formats.columns.assembly import EMPTY_WORD, SentenceLines, sentence_problems
    from ner_tui.formats.columns.column_writer import ColumnWriter

    writer = ColumnWriter(out, options)
    begun = False
    for block in blocks:
        if not begun or not isinstance(block, SentenceLines):
            writer.document()
            begun = True
        if isinstance(block, SentenceLines):
            for problem in sentence_problems(source.path, block, inference.scheme):
                report.take(problem)
            words = [word or EMPTY_WORD for word in block.words] if "" in block.words else block.words
            writer.sentence(words, decode(block.tags), source.path, block.lines[0])


def _write_in_place(
    source: Source, inference: Inference, arguments: Namespace, report: ConvertReport, out: TextIO
) -> None:
    from ner_tui.formats.columns.assembly import SentenceLines, sentence_problems
    from ner_tui.formats.columns.inplace_edit import can_rewrite, in_scheme, inplace_module
    from ner_tui.formats.columns.separating import with_separator
    from ner_tui.formats.files.writing_back import as_in_file, require_exact
    from ner_tui.formats.records import huggingface

    def watch(block: SentenceLines) -> None:
        for problem in sentence_problems(source.path, block, inference.scheme):
            report.take(problem)

    require_exact(source)
    pieces: Iterable[str] = source.sections()
    if arguments.scheme and inference.format == "hf":
        pieces = huggingface.in_scheme(source, inference, arguments.scheme, report.lose)
    elif arguments.scheme and not (arguments.to and is_records(inference.format)):
        pieces = in_scheme(source, inference, arguments.scheme, report.lose, watch)
    # Whatever is written has been read: a broken file is reported.
    elif can_rewrite(inference):
        for block in inplace_module(inference).sentence_lines(source, inference):
            if isinstance(block, SentenceLines):
                watch(block)
    elif is_records(inference.format):
        pieces = checked(source, inference)
    elif inference.format != "text":
        for _ in read(source, inference=inference):
            pass
    if arguments.sep and SEPARATORS[arguments.sep] != inference.separator:
        tagged = source.with_text("".join(pieces)) if arguments.scheme else source
        pieces = with_separator(tagged, inference, SEPARATORS[arguments.sep], report.lose)
    out.writelines(as_in_file(source, pieces))


def _copy(waiting: IO[bytes], encoding: str, out: BinaryIO) -> None:
    """Write what waits byte for byte, but to a terminal as text, with stand-ins for what that would obey."""
    if out.isatty():
        text, shown = io.TextIOWrapper(waiting, encoding, newline=""), io.TextIOWrapper(out, "utf-8", newline="")
        shutil.copyfileobj(text, safe_for_terminal(shown))
        text.detach(), shown.detach()
    else:
        shutil.copyfileobj(waiting, out)
    out.flush()


@contextmanager
def _output(path: str, encoding: str, replaces: FileRead | None) -> Iterator[TextIO]:
    """Give a text file whose content gets to ``path`` when the block ends well, and nowhere otherwise."""
    if path != "-" and (not Path(path).exists() or Path(path).is_file()):
        with atomic_writer(path, encoding, replaces=replaces) as stream:
            yield stream
        return
    with scratch_file() as waiting:
        stream = io.TextIOWrapper(waiting, encoding, newline="")
        yield stream
        stream.flush()
        waiting.seek(0)
        if path == "-":
            sys.stdout.flush()
            _copy(waiting, encoding, sys.stdout.buffer)
        else:
            with os.fdopen(open_special(Path(path)), "wb") as out:
                _copy(waiting, encoding, out)
