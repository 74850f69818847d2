"""File formats: bytes in, documents out, and back.

A new format is a module with the functions of ``base.Format``, its specification and a sample in its docstring, and
one line in ``FORMATS``. Importing this package loads none of the modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO, cast

from ner_tui.domain.document import StreamItem
from ner_tui.errors import InputError
from ner_tui.formats.base import SEPARATORS, Format, Inference, OtherFormat, WriteOptions
from ner_tui.formats.files.compression import COMPRESSIONS
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.source import Source, open_source

if TYPE_CHECKING:
    from ner_tui.domain.packing import PackedSentences

__all__ = [
    "COMPRESSIONS", "FORMATS", "READERS", "SEPARATORS", "SUFFIXES", "WRITERS", "Inference", "Source", "WriteOptions",
    "encoding_of", "infer_format", "open_source", "read", "read_packed", "write",
]  # fmt: skip


class FormatEntry(NamedTuple):
    """A line of the registry."""

    module: str
    """Its module in this package."""
    use: str
    """``r`` if it can be read, ``w`` if it can be written."""
    suffixes: tuple[str, ...] = ()
    """Files so named are of this format, or of another one with this suffix, whatever they hold."""
    extension: str = ".conll"
    """The suffix of files that are written in it."""
    begins: str = ""
    """Characters with one of which a file of it begins, white space aside; empty: with any."""
    is_binary: bool = False
    """Whether it is no text: its bytes are passed on as characters of the codec ``BINARY``."""
    companion: str = ""
    """The suffix of another file that has to be beside it, or of its own; empty: none."""

    def may_be(self, source: Source) -> bool:
        """Whether a source may be of this format, as far as can be told without its module."""
        if self.companion and not Path(source.path).with_suffix(self.companion).is_file():
            return False
        first = re.search(r"\S", next(source.chunks(), ""))
        return not self.begins or (first is not None and first[0] in self.begins)


_JSON = (".jsonl", ".ndjson", ".json")

FORMATS: Mapping[str, FormatEntry] = {
    "cas-json": FormatEntry("standoff.uima", "rw", (".json",), ".json", "{"),
    "gliner": FormatEntry("records.gliner", "rw", _JSON, ".json", "[{"),
    "argilla": FormatEntry("records.argilla", "r", _JSON, ".json", "[{"),
    "prodigy": FormatEntry("records.prodigy", "rw", _JSON, ".jsonl", "[{"),
    "doccano": FormatEntry("records.doccano", "rw", _JSON, ".jsonl", "[{"),
    "spacy-jsonl": FormatEntry("records.spacy_json", "rw", _JSON, ".jsonl", "[{"),
    "hf": FormatEntry("records.huggingface", "rw", _JSON, ".jsonl", "[{"),
    "label-studio": FormatEntry("records.label_studio", "rw", _JSON, ".json", "[{"),
    "jsonl": FormatEntry("records.jsonl", "rw", _JSON, ".jsonl", "[{"),
    "spacy": FormatEntry("standoff.docbin", "rw", (".spacy",), ".spacy", "x", is_binary=True),
    "brat": FormatEntry("standoff.brat", "rw", (".ann",), ".ann", companion=".ann"),
    "xmi": FormatEntry("standoff.uima", "rw", (".xmi",), ".xmi", "<"),
    "webanno-tsv": FormatEntry("standoff.webanno_tsv", "rw", (".tsv",), ".tsv", "#"),
    "conllu": FormatEntry("columns.conllu", "rw", (".conllu", ".conll"), ".conllu", "#0123456789"),
    "conll": FormatEntry(
        "columns.conll", "rw",
        (".conll", ".conllup", ".conllu", ".iob", ".iob1", ".iob2", ".bio", ".bioes", ".bilou", ".tsv"),
    ),
    "conll2003": FormatEntry("columns.conll", "rw", (".conll03", ".conll2003")),
    "text": FormatEntry("text", "r"),
}  # fmt: skip
"""Format by the name that options use. Content is tried in this order; ``text`` takes whatever is left."""

READERS = tuple(name for name, entry in FORMATS.items() if "r" in entry.use)
"""The names ``--from`` takes."""

WRITERS = tuple(name for name, entry in FORMATS.items() if "w" in entry.use)
"""The names ``--to`` takes."""

_BY_CONTENT = frozenset({".txt", ".text", ".train", ".dev", ".test", ".testa", ".testb"})

# An .ann is read with the .txt beside it.
_NAMED_ONLY = frozenset({".ann"})

SUFFIXES = _BY_CONTENT.union(*(entry.suffixes for entry in FORMATS.values() if "r" in entry.use)) - _NAMED_ONLY
"""The files that are taken from a folder."""


def infer_format(source: Source, fmt: str | None = None, *, column: str | None = None) -> Inference:
    """Say how ``source`` is to be read: as ``fmt``, or else by the suffix of its name, or else by its content.

    Args:
        column: where the tags are: a column's number from 1 or its name, or a key of MISC; None: the first there is.

    Raises:
        InputError: ``fmt`` is no format, or none that can be read, or it has no such column.
        FormatError: the content contradicts what the source is said or named to be.
    """
    if fmt:
        _require(fmt, READERS, "read", source.path)
    named = [fmt] if fmt else [name for name in READERS if source.suffix in FORMATS[name].suffixes]
    if column is not None:
        return _with_column(source, named, column)
    for name in named or READERS:
        # The last one with the suffix takes the file, or says why it cannot.
        sure = named[-1:] == [name]
        if not named and not FORMATS[name].may_be(source):
            continue
        try:
            if name == "text" and not fmt:
                _refuse_lookalike(source)
            inference = _module(name).infer(source, name, sure=sure)
        except OtherFormat:
            if not fmt:
                _refuse_lookalike(source)
            raise
        if inference is not None:
            return inference
    raise AssertionError("text takes whatever is left")


def _refuse_lookalike(source: Source) -> None:
    """Raise ``FormatError`` for what is neither of a format nor prose, with the name that it has."""
    from ner_tui.formats.lookalikes import lookalike

    if refusal := lookalike(source):
        raise refusal


def _with_column(source: Source, named: Sequence[str], column: str) -> Inference:
    for name in named or READERS:
        module = _module(name)
        choose: Callable[..., Inference] | None = getattr(module, "choose", None)
        if choose is not None and (named[-1:] == [name] or module.infer(source, name, sure=False)):
            return choose(source, name, column)
    raise InputError(f"{source.path} is no file of columns: there is none to choose")


def read(
    source: Source, fmt: str | None = None, *, inference: Inference | None = None, ignore_tags: bool = False
) -> Iterator[StreamItem]:
    """Yield each document's start and then its sentences, lazily; a problem stands before its sentence.

    Args:
        inference: what ``infer_format`` said, if it was asked already; ``fmt`` does not count then.
        ignore_tags: give the words alone, whatever the source's tags say.

    Raises:
        InputError: see ``infer_format``.
        FormatError: a line breaks the format; raised when it is reached.
    """
    found = inference or infer_format(source, fmt)
    if ignore_tags:
        found = replace(found, scheme=None, ignore_tags=True)
    return _module(found.format).read(source, found)


def read_packed(
    source: Source, inference: Inference, *, ignore_tags: bool = False
) -> Iterator[StreamItem | PackedSentences]:
    """Yield the same as ``read``, but for sentences that need no looking at, which may come many at a time."""
    found = replace(inference, scheme=None, ignore_tags=True) if ignore_tags else inference
    module = _module(found.format)
    packed: Callable[..., Iterator[StreamItem | PackedSentences]] = getattr(module, "read_packed", module.read)
    return packed(source, found)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write decisions and open suggestions as ``options`` say. ``out`` must not translate line ends.

    Raises:
        InputError: there is no such format to write.
        FormatError: something cannot be written in this format, or an adjacent pair not in this scheme.
    """
    _require(options.fmt, WRITERS, "written")
    _module(options.fmt).write(items, out, options)


def encoding_of(fmt: str) -> str:
    """Return the codec that a file of a format is to be written with."""
    return BINARY if fmt in FORMATS and FORMATS[fmt].is_binary else "utf-8"


def _require(name: str, names: tuple[str, ...], verb: str, path: str = "") -> None:
    if name not in names:
        place = f"{path}: " if path else ""
        known = f"{name} cannot be {verb}" if name in FORMATS else f"there is no format {name!r}"
        raise InputError(f"{place}{known}: choose one of {', '.join(names)}")


def _module(name: str) -> Format:
    return cast(Format, import_module(f"ner_tui.formats.{FORMATS[name].module}"))
