"""The sentences of a file of any format with their tags and the line of each word, for checks and scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.schemes import decode
from ner_tui.domain.spelling import Spelling
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import FORMATS, infer_format, read
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import conll, conllu
from ner_tui.formats.columns.assembly import EMPTY_WORD, DocumentMark, SentenceLines
from ner_tui.formats.columns.column_layout import cut
from ner_tui.formats.files.source import Source
from ner_tui.formats.records import huggingface
from ner_tui.formats.tables import csv_tables, parquet
from ner_tui.formats.tagged import tag_spans

_LINES = {"conll": conll.sentence_lines, "conll2003": conll.sentence_lines, "conllu": conllu.sentence_lines}
"""By format of a word a line, what yields the sentences with their tags; blank lines separate them, and nothing else
is carried from one to the next."""
_WHOLE: Mapping[str, Callable[[Source, Inference, list[Problem]], Iterator[SentenceLines | DocumentMark]]] = {
    "hf": lambda source, inference, left_out: huggingface.sentence_lines(source, left_out, inference.spelling),
    "csv": lambda source, inference, _: csv_tables.sentence_lines(source, inference),
    "parquet": lambda source, inference, left_out: parquet.sentence_lines(source, left_out, None, inference.spelling),
}
"""The same by format that is read as a whole; what is left out is added to the list. Tables of texts have none."""
_GAP = re.compile(r"\n(?:[ \t\r]*\n)+")
_MOST_BROKEN = 100
"""Broken lines after which the rest of a sentence is left alone: each one has it read again."""
_MOST_READ = 200_000
"""Lines that may be read again for them; a file may be one sentence."""


def tagged_sentences(
    source: Source, inference: Inference, report: Callable[[Problem], None]
) -> Iterator[TaggedSentence]:
    """Yield the sentences of a file.

    Args:
        report: takes what is read with a guess or left out, illegal tags excepted.

    Raises:
        FormatError: a line breaks the format.
    """
    if inference.format in _LINES or _is_whole(inference):
        left_out: list[Problem] = []
        for sentence in _from_blocks(source, inference, left_out):
            words = sentence.words
            yield replace(sentence, words=[word or EMPTY_WORD for word in words]) if "" in words else sentence
        for problem in left_out:
            report(problem)
        return
    for item in stream_sentences(read(source, inference=inference)):
        if isinstance(item, Problem):
            report(item)
        else:
            # Under the file's own name: its further documents are no files.
            yield replace(item, path=source.path)


def infer_despite_broken_lines(
    source: Source,
    fmt: str | None = None,
    *,
    column: str | None = None,
    text: str | None = None,
    tags_as: Spelling | None = None,
) -> Inference:
    """Say how to read a source, as ``infer_format`` does, also where lines of a CoNLL-U file are broken.

    Raises:
        InputError: see ``infer_format``.
    """
    is_conllu = fmt == "conllu" or (fmt is None and source.suffix in FORMATS["conllu"].suffixes)
    broken = 0
    while True:
        try:
            return infer_format(source, fmt, column=column, text=text, tags_as=tags_as)
        except FormatError as error:
            broken += 1
            if not is_conllu or broken > _MOST_BROKEN:
                raise
            lines = source.text.split("\n")
            lines[error.line - 1] = "#"
            source = source.with_text("\n".join(lines))


def sentences_despite_broken_lines(source: Source, inference: Inference) -> Iterator[TaggedSentence | Problem]:
    """Yield the sentences of a file and, before each, the lines of it that could not be read as they stand.

    In a file of columns such a line is read as a word without a tag, and an empty word stays empty. In other formats
    reading ends there.
    """
    if inference.format in _LINES:
        before = 0
        for section in source.sections():
            for number, chunk in _chunks(section):
                for item in _read_despite_broken_lines(source.with_text(chunk), inference):
                    yield _moved(item, before + number - 1)
            before += section.count("\n")
        return
    left_out: list[Problem] = []
    try:
        if _is_whole(inference):
            yield from _from_blocks(source, inference, left_out)
        else:
            for item in stream_sentences(read(source, inference=inference)):
                yield item if isinstance(item, Problem) else replace(item, path=source.path)
        yield from left_out
    except FormatError as error:
        yield Problem(error.path, error.line, f"{error.reason}; what follows was not looked at")


def stream_sentences(items: Iterable[StreamItem]) -> Iterator[TaggedSentence | Problem]:
    """Yield a stream's sentences, each under the name of its document, and its problems."""
    name = ""
    for item in items:
        if isinstance(item, DocumentStart):
            name = item.name
        else:
            yield item if isinstance(item, Problem) else _from_spans(name, item)


def _from_spans(name: str, item: AnnotatedSentence) -> TaggedSentence:
    words = item.sentence.words
    lines = [item.sentence.line] * len(words)
    return TaggedSentence(name, words, lines, (), tag_spans(item), item.status == "confirmed", item.sentence.text)


def _is_whole(inference: Inference) -> bool:
    """Whether a file has sentences with tags, and is read as a whole."""
    return inference.format in _WHOLE and (inference.scheme is not None or bool(inference.columns))


def _from_blocks(source: Source, inference: Inference, left_out: list[Problem]) -> Iterator[TaggedSentence]:
    whole = _WHOLE.get(inference.format)
    for block in whole(source, inference, left_out) if whole else _LINES[inference.format](source, inference):
        if isinstance(block, SentenceLines):
            tags = block.tags if inference.scheme else ()
            yield TaggedSentence(source.path, block.words, block.lines, tags, decode(tags))


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the stretches between blank lines, each with the number of its first line."""
    at, number = 0, 1
    while at < len(text):
        gap = _GAP.search(text, at)
        end, following = gap.span() if gap else (len(text), len(text))
        yield number, text[at:end]
        number += text.count("\n", at, following)
        at = following


def _read_despite_broken_lines(source: Source, inference: Inference) -> Iterator[TaggedSentence | Problem]:
    """Read a small source again and again, each time with one more broken line mended."""
    problems: list[Problem] = []
    for _ in range(max(2, min(_MOST_BROKEN, _MOST_READ // (source.text.count("\n") + 1)))):
        try:
            sentences = list(_from_blocks(source, inference, problems))
        except FormatError as error:
            problems.append(Problem(source.path, error.line, error.reason))
            lines = source.text.split("\n")
            lines[error.line - 1] = _mended(lines[error.line - 1], inference)
            source = source.with_text("\n".join(lines))
        else:
            yield from problems
            yield from sentences
            return
    yield from problems
    yield Problem(source.path, problems[-1].line, "too many broken lines: the rest of the sentence was not looked at")


def _mended(line: str, inference: Inference) -> str:
    """Return a line with the columns it should have, and no tag; nothing of one that is not of columns."""
    if not inference.columns:
        return "#"
    parts = cut(line, inference.separator)
    cells = (parts + ["_"] * min(inference.columns))[: min(inference.columns)]
    if inference.tag_column is not None:
        cells[inference.tag_column] = "O"
    return inference.separator.join(cells)


def _moved(item: TaggedSentence | Problem, by: int) -> TaggedSentence | Problem:
    """Return what was read of a part of a file with its lines as the file counts them."""
    if isinstance(item, Problem):
        return replace(item, line=item.line + by)
    return replace(item, lines=_moved_lines(item.lines, by))


def _moved_lines(lines: Sequence[int], by: int) -> Sequence[int]:
    if isinstance(lines, range):
        return range(lines.start + by, lines.stop + by)
    return [line + by for line in lines]
