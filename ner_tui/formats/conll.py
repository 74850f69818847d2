"""CoNLL: a token a line in columns, a blank line after each sentence.

Read: one column (words alone), two (word and tag), and the four of CoNLL-2003, whose last column is the tag::

    -DOCSTART- -X- O O                      # a comment: its columns are not those of a word
                                            # O
    EU NNP I-NP I-ORG                       Hugging B-ORG
    rejects VBZ I-VP O                      Face I-ORG
    German JJ I-NP I-MISC                   opened O

The separator is TAB if the file uses it, else runs of U+0020. Words are counted by a first column in some corpora
(``1 TAB EU TAB B-ORG``): it is stepped over, and the first tag column after the word is the one. The scheme is
inferred from the tags; illegal sequences are read as conlleval reads them, and each is told as a problem. The text
of a document is its words joined by one space, its sentences by a line end.

``-DOCSTART-`` and its like begin a document. A line of blanks or tabs ends a sentence, and so do several of them.
``\\r`` before a line end is none of the line's. An empty word, which occurs, is read as ``_`` and told.

Written: ``conll`` has two columns, with ``-DOCSTART- O`` and a blank line between documents; ``conll2003`` has four,
unknown POS and chunk ``_``, with ``-DOCSTART- -X- O O`` before each document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from ner_tui.domain.document import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.domain.schemes import SCHEMES, CannotEncode, encode
from ner_tui.errors import FormatError
from ner_tui.formats.assembly import Block, Mark, assemble
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns import (
    Layout,
    cut,
    find_layout,
    find_scheme,
    has_document_mark,
    is_blank,
    is_document_mark,
    is_tag,
)
from ner_tui.formats.source import Source
from ner_tui.formats.tagged import tag_spans


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Find the columns and the scheme; see ``base.Format.infer``."""
    sure = sure or has_document_mark(source)
    layout = find_layout(source)
    if layout is None and sure:
        raise FormatError(
            source.path, 1, f"no column of this file holds tags such as O or B-PER, as {name} has: try --from text"
        )
    if layout is None or not (sure or layout.evident):
        return None
    scheme = find_scheme(source, layout)
    sentence = f"{source.path}: read as {name}, {_told(layout, scheme)}"
    return Inference(name, sentence, scheme, layout.separator, layout.word, layout.tag, layout.counts)


def _told(layout: Layout, scheme: str | None) -> str:
    if layout.tag is None or scheme is None:
        return "one column: words without tags"
    counts = " or ".join(map(str, sorted(layout.counts)))
    separator = "TAB" if layout.separator == "\t" else "space"
    word = f"words in column {layout.word + 1}, " if layout.word else ""
    return f"{counts} columns by {separator}, {word}tags in column {layout.tag + 1}, {SCHEMES[scheme].title}"


def blocks(source: Source, inference: Inference) -> Iterator[Block | Mark]:
    """Yield the sentences and document marks of a file as they stand.

    Raises:
        FormatError: a line has too few columns, or too many to tell which is which.
    """
    separator, word, tag, counts = (
        inference.separator, inference.word_column, inference.tag_column, inference.columns,
    )  # fmt: skip
    block = Block()
    for number, line in enumerate(source.lines(), 1):
        mark = is_document_mark(line)
        if mark or is_blank(line):
            if block.words:
                yield block
                block = Block()
            if mark:
                yield Mark(number)
            continue
        parts = cut(line, separator)
        if line[0] == "#" and _is_comment(parts, inference):
            continue
        if len(parts) not in counts:
            _require_columns(source.path, number, parts, inference)
        block.words.append(parts[word])
        block.lines.append(number)
        if tag is not None:
            block.tags.append(parts[tag])
    if block.words:
        yield block


def _is_comment(parts: list[str], inference: Inference) -> bool:
    """Whether a line that starts with ``#`` is a comment; where it has the columns of a word, ``#`` is the word."""
    if len(parts) not in inference.columns:
        return True
    tag = inference.tag_column
    # `# 1` among two columns by space. Any text can be a tag of IO without prefixes.
    return tag is not None and parts[0] == "#" and inference.scheme != "io" and not is_tag(parts[tag])


def _require_columns(path: str, number: int, parts: list[str], inference: Inference) -> None:
    usual = " or ".join(map(str, sorted(inference.columns)))
    count = f"{len(parts)} column{'s' if len(parts) != 1 else ''} where the others have {usual}"
    if len(parts) < min(inference.columns):
        raise FormatError(path, number, f"{count}: add what is missing, or read it with --from text")
    # Columns keep their places in a longer line by TAB; by space, a word with a space in it has moved them.
    if inference.separator != "\t":
        raise FormatError(path, number, f"{count}: a word with a space in it needs a file separated by TAB")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield documents, problems and sentences; the tags are decisions unless ``inference`` has no scheme."""
    return assemble(source.path, blocks(source, inference), inference.scheme)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write two columns, or the four of CoNLL-2003, sentence by sentence."""
    four = options.fmt == "conll2003"
    middle = options.separator.join(["", "_", "_", ""] if four else ["", ""])
    mark = options.separator.join(["-DOCSTART-", *(["-X-", "O", "O"] if four else ["O"])])
    name, documents = "", 0
    for item in items:
        if isinstance(item, DocumentStart):
            name, documents = item.name, documents + 1
            if four or documents > 1:
                out.write(f"{mark}\n\n")
        elif isinstance(item, AnnotatedSentence) and item.sentence.tokens:
            tags = _tags(item, name, options)
            words = _written_words(item, name, options)
            _require_writable(words, tags, name, item.sentence.line, options.separator)
            out.write("".join(f"{word}{middle}{tag}\n" for word, tag in zip(words, tags, strict=True)) + "\n")


def _written_words(item: AnnotatedSentence, name: str, options: WriteOptions) -> list[str]:
    """Return a sentence's words as they are written."""
    words, separator = item.sentence.words, options.separator
    if options.tell is None or not any(separator in word for word in words):
        return words
    written = [word.replace(separator, "_") for word in words]
    for word, now in zip(words, written, strict=True):
        if word != now:
            kept = "--sep tab" if separator == " " else "--sep space"
            options.tell(f"{name}:{item.sentence.line}: {word!r} is written as {now!r}; {kept} keeps it")
    return written


def _tags(item: AnnotatedSentence, name: str, options: WriteOptions) -> list[str]:
    try:
        return encode(tag_spans(item), len(item.sentence.tokens), options.scheme)
    except CannotEncode as error:
        raise FormatError(name, item.sentence.line, f"{error}: choose another --scheme") from error


def _require_writable(words: list[str], tags: list[str], name: str, line: int, separator: str) -> None:
    """Refuse a sentence that would be read back as another one."""
    text = "\n".join([*words, *tags])
    if separator in text:
        hint = "choose --sep tab" if separator == " " else "choose --sep space"
        bad = next(cell for cell in [*words, *tags] if separator in cell)
        raise FormatError(name, line, f"{bad!r} holds the separator of columns: {hint}")
    # A `\r` inside a word is a character like others; at the end of a line it is read as part of the line end.
    if text.count("\n") != len(words) * 2 - 1 or any(tag.endswith("\r") for tag in tags):
        raise FormatError(name, line, "a word or label holds a line end, which CoNLL cannot write: choose --to jsonl")
    if mark := next(filter(is_document_mark, words), ""):
        raise FormatError(name, line, f"{mark!r} reads as the beginning of a document: choose --to jsonl")
