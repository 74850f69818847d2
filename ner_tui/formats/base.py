"""What a format is: a module that tells its files, reads them and writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TextIO

from ner_tui.domain.spelling import PLAIN, Spelling
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.files.source import Source

SEPARATORS: Mapping[str, str] = {"space": " ", "tab": "\t"}
"""Separators of columns by the name that options use."""
TEXT_NAMES = frozenset({
    "text", "texts", "sentence", "sentences", "content", "contents", "body", "message", "tweet", "review", "comment",
    "document", "article", "description", "abstract", "full_text", "raw_text", "clean_text", "sentence_text",
    "utterance", "transcript", "data",
})  # fmt: skip
"""What people call the texts beside whatever else they have, in small letters."""
_LABELS = frozenset({"label", "labels", "tag", "type", "entity", "entity_group", "category", "class"})
"""What tools call the label of a span."""


class OtherFormat(FormatError):
    """A file whose content is of none of the formats that its name stands for."""


class AmbiguousSpelling(InputError):
    """A file whose tags can be read in two ways; a person has to say which."""


class NamesMissing(FormatError):
    """Tags are numbers, and nothing says what they are called."""


class UnreadSpans(FormatError):
    """Texts have spans where none are read; a person has to say what they are."""


@dataclass(frozen=True, slots=True)
class Inference:
    """How a source is to be read, from its content unless a person said so."""

    format: str
    """A key of ``ner_tui.formats.FORMATS``."""
    sentence: str
    """The same for people, to be printed before anything is done with it."""
    scheme: str | None = None
    """A key of ``ner_tui.domain.schemes.SCHEMES``; None: the source has no tags, or they are to be ignored."""
    separator: str = ""
    """Between columns: a tab or a space, in a table what parts its cells; empty where there are none."""
    word_column: int = 0
    tag_column: int | None = None
    """None: there are no tags."""
    columns: frozenset[int] = frozenset()
    """The numbers of columns that lines with a word have."""
    spelling: Spelling = PLAIN
    """How the tags are written."""
    header: str = ""
    """The line that names the columns, as it stands; empty: none does."""
    misc_column: int | None = None
    """Where a word's flags are, such as ``SpaceAfter=No``."""
    key: str = ""
    """In CoNLL-U, the key in MISC that the tags have."""
    key_last: bool = False
    """Whether that key stands after others."""
    ignore_tags: bool = False
    """Whether the words alone are wanted."""
    text_column: str | None = None
    """Of a table of texts, the column that a person named; None: the one that is found."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What is to be written."""

    fmt: str = "conll"
    """A key of ``ner_tui.formats.FORMATS``."""
    scheme: str = "iob2"
    """A key of ``ner_tui.domain.schemes.SCHEMES``."""
    separator: str = " "
    """Between columns: one of the values of ``SEPARATORS``."""
    tell: Callable[[str], None] | None = None
    """Takes a sentence for each word with a separator in it, which is then written with ``_`` in its place; None: such
    a word is an error."""
    lossy: Callable[[str], None] | None = None
    """Takes a sentence for everything else that the format cannot hold, of which the rest is written: spans that cut a
    token or overlap, labels with a separator, adjacent spans that the scheme makes one; None: it is an error."""
    beside: Callable[[str], TextIO] | None = None
    """Opens the file with another suffix beside the one that is written, for formats of two files; who gives it closes
    it. None: the output is no file."""
    annotator: str = ""
    """Whose work it is, for records that have a place for it; empty: nobody says."""


class Format(Protocol):
    """The functions of a format's module; a format that is only read or only written lacks the others."""

    def infer(self, source: Source, name: str, *, sure: bool) -> Inference | None:
        """Say how to read ``source``, or None if it is not of this format.

        Args:
            name: the format's name in the registry, for modules that serve several.
            sure: it is of this format, by its name or because a person says so.

        Raises:
            FormatError: it is sure, and the content contradicts it.
        """
        ...

    def read(self, source: Source, inference: Inference) -> Iterator[StreamItem]:
        """Yield each document's start and then its sentences, one at a time.

        Raises:
            FormatError: a line breaks the format.
        """
        ...

    def left_out(self, source: Source, inference: Inference) -> list[str]:
        """Return what is in ``source`` that is not read and that no other format has a place for, a phrase for each
        kind; a module whose reader reports all of it lacks this function."""
        ...

    def write(self, items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
        """Write a stream, sentence by sentence where the format allows it.

        Raises:
            FormatError: something in it cannot be written in this format.
        """
        ...


def are_span_keys(keys: Iterable[str]) -> bool:
    """Whether an object with these keys is a labelled stretch of a text in the manner of some tool."""
    names = {key.casefold() for key in keys}
    edges = [name for name in names if name.startswith(("start", "begin", "end"))]
    return len(edges) == 2 and not _LABELS.isdisjoint(names)
