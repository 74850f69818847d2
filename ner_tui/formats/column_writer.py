"""The writer of columns: two of them, or the four of CoNLL-2003, and what to do with that which fits into none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from ner_tui.domain.document import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.domain.schemes import CannotEncode, TagSpan, encode, merged
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.columns import BLANKS, is_document_mark
from ner_tui.formats.tagged import tag_spans, written_spans


class ColumnWriter:
    """Writes sentence by sentence."""

    def __init__(self, out: TextIO, options: WriteOptions) -> None:
        four = options.fmt == "conll2003"
        self._out = out
        self._options = options
        self._middle = options.separator.join(["", "_", "_", ""] if four else ["", ""])
        self._mark = options.separator.join(["-DOCSTART-", *(["-X-", "O", "O"] if four else ["O"])])
        self._marks_first = four
        self._documents = 0

    def document(self) -> None:
        """Begin a document."""
        self._documents += 1
        if self._marks_first or self._documents > 1:
            self._out.write(f"{self._mark}\n\n")

    def sentence(self, words: list[str], spans: Sequence[TagSpan], name: str, line: int) -> None:
        """Write a sentence.

        Args:
            name: of its document, for what is told.
            line: where it stood.

        Raises:
            FormatError: it would not be read back as it is, and the options name nobody to tell.
        """
        options = self._options
        words = _words(words, name, line, options)
        tags = _tags(spans, len(words), name, line, options) if spans else ["O"] * len(words)
        if not _is_plain(words, tags, options.separator):
            if options.lossy is not None:
                words, tags = _fitting(words, tags, f"{name}:{line}", options)
            _require_writable(words, tags, name, line, options.separator)
        self._out.write("\n".join([*map(self._middle.join, zip(words, tags, strict=True)), "\n"]))


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write two columns, or the four of CoNLL-2003, sentence by sentence."""
    writer, name = ColumnWriter(out, options), ""
    for item in items:
        if isinstance(item, DocumentStart):
            name = item.name
            writer.document()
        elif isinstance(item, AnnotatedSentence) and item.sentence.tokens:
            writer.sentence(item.sentence.words, _in_tokens(item, name, options), name, item.sentence.line)


def written_tags(item: AnnotatedSentence, name: str, options: WriteOptions) -> list[str]:
    """Return a sentence's tags, a tag a token, whatever they can be written into.

    Args:
        name: of its document, for what is told.

    Raises:
        FormatError: the scheme has no tags for its spans, and the options name nobody to tell.
    """
    return _tags(_in_tokens(item, name, options), len(item.sentence.tokens), name, item.sentence.line, options)


def _words(words: list[str], name: str, line: int, options: WriteOptions) -> list[str]:
    """Return a sentence's words as they are written."""
    separator = options.separator
    if options.tell is None or separator not in "".join(words):
        return words
    written = [word.replace(separator, "_") for word in words]
    for word, now in zip(words, written, strict=True):
        if word != now:
            kept = "--sep tab" if separator == " " else "--sep space"
            options.tell(f"{name}:{line}: {word!r} is written as {now!r}; {kept} keeps it")
    return written


def _tags(spans: Sequence[TagSpan], size: int, name: str, line: int, options: WriteOptions) -> list[str]:
    try:
        return encode(spans, size, options.scheme)
    except CannotEncode as error:
        if options.lossy is None:
            raise FormatError(name, line, f"{error}: choose another --scheme") from error
        options.lossy(f"{name}:{line}: {error}: they become one")
        return encode(merged(spans), size, options.scheme)


def _in_tokens(item: AnnotatedSentence, name: str, options: WriteOptions) -> list[TagSpan]:
    """Return the spans as positions; those that cut a token or overlap are told and left out, or an error."""
    if options.lossy is None:
        return tag_spans(item)
    place = f"{name}:{item.sentence.line}"
    starts = {token.start: at for at, token in enumerate(item.sentence.tokens)}
    ends = {token.end: at + 1 for at, token in enumerate(item.sentence.tokens)}
    kept: list[TagSpan] = []
    for span in written_spans(item):
        base = item.sentence.start
        told = f"{place}: {span.label} {item.sentence.text[span.start - base : span.end - base]!r}"
        if span.start not in starts or span.end not in ends:
            _lose(options, f"{told} cuts a token: left out")
        elif kept and starts[span.start] < kept[-1].end:
            _lose(options, f"{told} overlaps another span: left out")
        else:
            kept.append(TagSpan(starts[span.start], ends[span.end], span.label))
    return kept


def _is_plain(words: Sequence[str], tags: Sequence[str], separator: str) -> bool:
    """Whether a sentence is written as it is: so are nearly all, and one look at all of its cells tells."""
    text = "\n".join([*words, *tags])
    if separator in text or "\r" in text or text.count("\n") != len(words) * 2 - 1:
        return False
    if " " in text and any(tag.strip(BLANKS) != tag for tag in tags):
        return False
    return not (text[0] in "#-" or "\n#" in text or "\n-" in text) or not any(map(is_document_mark, words))


def _fitting(words: list[str], tags: list[str], place: str, options: WriteOptions) -> tuple[list[str], list[str]]:
    """Return words and tags with ``_`` for what a column cannot hold, each told."""
    separator = options.separator
    fitting_words = [_without(separator, word) for word in words]
    fitting_words = [f"_{word}" if is_document_mark(word) else word for word in fitting_words]
    fitting_tags = [_without(separator, tag) for tag in tags]
    fitting_tags = [
        tag if tag.strip(BLANKS) == tag else re.sub("^[ \t\r]+|[ \t\r]+$", "_", tag) for tag in fitting_tags
    ]
    for cells, made in ((words, fitting_words), (tags, fitting_tags)):
        if cells != made:
            for cell, now in sorted(set(zip(cells, made, strict=True))):
                if cell != now:
                    _lose(options, f"{place}: {cell!r} is written as {now!r}")
    return fitting_words, fitting_tags


def _without(separator: str, cell: str) -> str:
    """Return a cell without what would end it."""
    return cell.replace(separator, "_").replace("\n", "_") if separator in cell or "\n" in cell else cell


def _lose(options: WriteOptions, told: str) -> None:
    if options.lossy is not None:
        options.lossy(told)


def _require_writable(words: Sequence[str], tags: Sequence[str], name: str, line: int, separator: str) -> None:
    """Refuse a sentence that would be read back as another one."""
    text = "\n".join([*words, *tags])
    if separator in text:
        hint = "choose --sep tab" if separator == " " else "choose --sep space"
        bad = next(cell for cell in [*words, *tags] if separator in cell)
        raise FormatError(name, line, f"{bad!r} holds the separator of columns: {hint}")
    # A `\r` inside a word is a character like others; at the end of a line it is read as part of the line end.
    if text.count("\n") != len(words) * 2 - 1 or ("\r" in text and any(tag.endswith("\r") for tag in tags)):
        raise FormatError(name, line, "a word or label holds a line end, which CoNLL cannot write: choose --to jsonl")
    if " " in text and (tag := next((tag for tag in tags if tag.strip(BLANKS) != tag), "")):
        raise FormatError(name, line, f"{tag!r} has blanks at its edge, which CoNLL cannot write: choose --to jsonl")
    odd = text[0] in "#-" or "\n#" in text or "\n-" in text
    if odd and (mark := next(filter(is_document_mark, words), "")):
        raise FormatError(name, line, f"{mark!r} reads as the beginning of a document: choose --to jsonl")
