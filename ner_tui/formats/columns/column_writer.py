"""The writer of columns: two of them, or the four of CoNLL-2003, and what is written for what no column can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from ner_tui.domain.schemes import CannotEncode, TagSpan, encode
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.columns.column_layout import BLANKS, is_document_mark
from ner_tui.formats.tagged import encode_or_merge, exported_spans, token_edges, word_spans, word_spans_by_spaces

_BLANK = re.compile("[ \t\r\n]")


class ColumnWriter:
    """Writes sentence by sentence."""

    def __init__(self, out: TextIO, options: WriteOptions) -> None:
        four = options.fmt == "conll2003"
        self._out = out
        self._options = options
        self._middle = options.separator.join(["", "_", "_", ""] if four else ["", ""])
        self._ends = _LineEnds(self._middle)
        self._outside = self._ends["O"]
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
            name: of its document, for messages.
            line: where it stood.

        Raises:
            FormatError: it would not be read back as it is, and the options name nobody to report to.
        """
        self._out.write(self._plain_lines(words, spans) or self._checked_lines(words, spans, name, line))

    def _plain_lines(self, words: list[str], spans: Sequence[TagSpan]) -> str:
        """Return the lines of a sentence that is written as it is; empty where ``_checked_lines`` has to write it.

        Millions of words pass here: one look at all of them decides, and no Python code runs for those in no span.
        """
        text = "\n".join(words)
        if self._options.separator in text or "\r" in text or text.count("\n") != len(words) - 1:
            return ""
        if (text.startswith(("#", "-")) or "\n#" in text or "\n-" in text) and any(map(is_document_mark, words)):
            return ""
        outside = self._outside
        if not spans:
            return text.replace("\n", outside) + outside + "\n"
        try:
            tags = encode(spans, len(words), self._options.scheme)
        except CannotEncode:
            return ""
        cells, at = list[str](), 0
        for start, end, _ in spans:
            if at < start:
                cells += (outside.join(words[at:start]), outside)
            for word, tag in zip(words[start:end], tags[start:end], strict=True):
                cells += (word, self._ends[tag])
            at = end
        if at < len(words):
            cells += (outside.join(words[at:]), outside)
        return "" if "" in cells[1::2] else "".join([*cells, "\n"])

    def _checked_lines(self, words: list[str], spans: Sequence[TagSpan], name: str, line: int) -> str:
        """Return the lines of any sentence, each cell of which is looked at."""
        options = self._options
        words = _without_separators(words, name, line, options)
        tags = encode_or_merge(spans, len(words), options.scheme, name, line, options.lossy)
        if options.lossy is not None:
            words, tags = _writable_cells(words, tags, f"{name}:{line}", options)
        _require_writable(words, tags, name, line, options.separator)
        return "\n".join([*map(self._middle.join, zip(words, tags, strict=True)), "\n"])


class _LineEnds(dict[str, str]):
    """The end of a word's line by its tag; empty for a tag that cannot be written as it is."""

    def __init__(self, middle: str) -> None:
        super().__init__()
        self._middle = middle

    def __missing__(self, tag: str) -> str:
        end = self[tag] = "" if _BLANK.search(tag) else f"{self._middle}{tag}\n"
        return end


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write two columns, or the four of CoNLL-2003, sentence by sentence."""
    writer, name = ColumnWriter(out, options), ""
    for item in items:
        if isinstance(item, DocumentStart):
            name = item.name
            writer.document()
        elif isinstance(item, AnnotatedSentence) and (words := item.sentence.words):
            writer.sentence(words, _word_spans(item, words, name, options), name, item.sentence.line)


def written_tags(item: AnnotatedSentence, name: str, options: WriteOptions) -> list[str]:
    """Return a sentence's tags, a tag a token, whatever they can be written into.

    Args:
        name: of its document, for messages.

    Raises:
        FormatError: the scheme has no tags for its spans, and the options name nobody to report to.
    """
    words = item.sentence.words
    spans = _word_spans(item, words, name, options)
    return encode_or_merge(spans, len(words), options.scheme, name, item.sentence.line, options.lossy)


def _without_separators(words: list[str], name: str, line: int, options: WriteOptions) -> list[str]:
    """Return words with ``_`` for the separator of columns, each reported if the options say to whom."""
    separator = options.separator
    if options.tell is None or separator not in "".join(words):
        return words
    written = [word.replace(separator, "_") for word in words]
    for word, now in zip(words, written, strict=True):
        if word != now:
            kept = "--sep tab" if separator == " " else "--sep space"
            options.tell(f"{name}:{line}: {word!r} is written as {now!r}; {kept} keeps it")
    return written


def _word_spans(item: AnnotatedSentence, words: list[str], name: str, options: WriteOptions) -> Sequence[TagSpan]:
    """Return the spans as positions; those that cut a token or overlap are reported and left out, or an error."""
    if options.lossy is None or not (item.spans or item.suggestions):
        return word_spans(item, words)
    found = word_spans_by_spaces(item, words)
    return _fitting_spans(item, name, options) if found is None else found


def _fitting_spans(item: AnnotatedSentence, name: str, options: WriteOptions) -> list[TagSpan]:
    """Return the spans that stand on whole tokens and overlap none before them, and report the others."""
    place = f"{name}:{item.sentence.line}"
    starts, ends = token_edges(item)
    kept: list[TagSpan] = []
    for span in exported_spans(item):
        base = item.sentence.start
        named = f"{place}: {span.label} {item.sentence.text[span.start - base : span.end - base]!r}"
        if span.start not in starts or span.end not in ends:
            _report_loss(options, f"{named} cuts a token: left out")
        elif kept and starts[span.start] < kept[-1].end:
            _report_loss(options, f"{named} overlaps another span: left out")
        else:
            kept.append(TagSpan(starts[span.start], ends[span.end], span.label))
    return kept


def _writable_cells(
    words: list[str], tags: list[str], place: str, options: WriteOptions
) -> tuple[list[str], list[str]]:
    """Return words and tags with ``_`` for what a column cannot hold, each reported."""
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
                    _report_loss(options, f"{place}: {cell!r} is written as {now!r}")
    return fitting_words, fitting_tags


def _without(separator: str, cell: str) -> str:
    """Return a cell without what would end it."""
    return cell.replace(separator, "_").replace("\n", "_") if separator in cell or "\n" in cell else cell


def _report_loss(options: WriteOptions, message: str) -> None:
    if options.lossy is not None:
        options.lossy(message)


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
