"""File formats: bytes in, documents out, and back.

A new format is a module with the functions of ``base.Format``, its specification and a sample in its docstring, and
one row of ``FORMATS``, which the options, the export dialog and the tables of the documentation are made from or held
against. Importing this package loads none of the modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TextIO, cast

from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import (
    SEPARATORS,
    AmbiguousSpelling,
    Format,
    Inference,
    NamesMissing,
    OtherFormat,
    WriteOptions,
)
from ner_tui.formats.files.compression import COMPRESSIONS, with_other_suffix, without_compression
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.source import Source, open_source

if TYPE_CHECKING:
    from ner_tui.domain.packing import PackedSentences
    from ner_tui.domain.spelling import Spelling

__all__ = [
    "BY_SENTENCE", "COMPRESSIONS", "FORMATS", "READERS", "SEPARATORS", "SUFFIXES", "WRITERS", "Inference", "Source",
    "WriteOptions", "encoding_of", "infer_format", "is_table", "may_hold_texts", "open_source", "read", "read_packed",
    "write",
]  # fmt: skip


class FormatEntry(NamedTuple):
    """A row of the registry."""

    module: str
    """Its module in this package."""
    use: str
    """``r`` if it can be read, ``w`` if it can be written."""
    summary: str
    """What it is, in a line, for the documentation."""
    choice: str
    """The same in a few words where somebody chooses what to write; empty if it is not written."""
    by_sentence: bool
    """Whether it is written sentence by sentence, so that a part of a file is written like any other."""
    suffixes: tuple[str, ...] = ()
    """Files so named are of this format, or of another one with this suffix, whatever they hold."""
    extension: str = ".conll"
    """The suffix of files that are written in it."""
    begins: str = ""
    """Characters with one of which a file of it begins, white space aside; empty: with any."""
    parts: str = ""
    """Characters one of which is in the first line of it; empty: there need be none."""
    is_binary: bool = False
    """Whether it is no text: its bytes are passed on as characters of the codec ``BINARY``."""
    companion: str = ""
    """The suffix of another file that has to be beside it, or of its own; empty: none."""
    span_keys: tuple[str, ...] = ()
    """Of a format of JSON records with a text: the keys under which its spans are."""
    keeps_suggestions: bool = False
    """Whether suggestions are written in it as what they are."""
    keeps_metadata: bool = False
    """Whether metadata are written in it."""

    def may_be(self, source: Source) -> bool:
        """Whether a source may be of this format, as far as can be told without its module."""
        if self.companion and not with_other_suffix(source.path, self.companion).is_file():
            return False
        first = re.search(r"\S.*", next(source.chunks(), ""))
        if first is None:
            return not (self.begins or self.parts)
        if self.parts and not any(char in first[0] for char in self.parts):
            return False
        return not self.begins or first[0][0] in self.begins


def _json(
    module: str, summary: str, choice: str, *span_keys: str, use: str = "rw", extension: str = "", keeps: str = "m"
) -> FormatEntry:
    """Return the row of a format of JSON records, which ``keeps`` suggestions (``s``), metadata (``m``), or both."""
    suffixes = (".jsonl", ".ndjson", ".json")
    return FormatEntry(
        f"records.{module}", use, summary, choice, False, suffixes, extension or ".jsonl", "[{", span_keys=span_keys,
        keeps_suggestions="s" in keeps, keeps_metadata="m" in keeps,
    )  # fmt: skip


FORMATS: Mapping[str, FormatEntry] = {
    "cas-json": FormatEntry(
        "standoff.uima", "rw", "UIMA CAS as JSON, with its type system in it; needs `pip install 'ner-tui[uima]'`",
        "UIMA, in one file", False, (".json",), ".json", "{",
    ),
    "gliner": _json(
        "gliner",
        "GLiNER's training data: JSON records with `tokenized_text` and `ner`",
        "as GLiNER trains on",
        extension=".json", keeps="",
    ),
    "argilla": _json(
        "argilla",
        "Argilla 2: JSON records with `fields`, `responses` and `suggestions` of spans, nested or flattened",
        "", use="r",
    ),
    "prodigy": _json(
        "prodigy", "JSON records with `text`, `tokens` and `spans`", "as Prodigy reads it", "spans", keeps="sm",
    ),
    "doccano": _json(
        "doccano",
        "JSON records with `text` and `label` (or `labels`); `entities` with `start_offset` are read too",
        "as doccano reads it",
        "label", "labels", "entities",
    ),
    "spacy-jsonl": _json(
        "spacy_json",
        "JSON records with `text` and `entities` as `[start, end, label]`; `ents` are read too",
        "text and entities",
        "entities", "ents",
    ),
    "hf": _json(
        "huggingface",
        "Hugging Face: JSON records with `tokens` (or `words`) and `ner_tags`, by name, or by number with `names`",
        "tokens and ner_tags",
    ),
    "label-studio": _json(
        "label_studio",
        "an array of tasks, exported as JSON or JSON_MIN; written as JSON",
        "tasks of Label Studio",
        "label", "labels",
        extension=".json", keeps="sm",
    ),
    "jsonl": _json(
        "jsonl",
        "a JSON object a line: text, tokens, spans, scores, sentences with their status, notes",
        "JSON Lines: spans, scores, notes",
        "spans",
        keeps="sm",
    ),
    "spacy": FormatEntry(
        "docbin", "rw",
        "spaCy's DocBin, `.spacy`, which `spacy train` takes; needs `pip install 'ner-tui[spacy]'`",
        "DocBin, as spaCy trains on", False, (".spacy",), ".spacy", "x", is_binary=True,
    ),
    "parquet": FormatEntry(
        "tables.parquet", "rw",
        "a row a sentence with tokens and tags, as `datasets` has them, or a row a text; needs "
        "`pip install 'ner-tui[parquet]'`",
        "a table: Parquet, as datasets reads it", False, (".parquet",), ".parquet", "P", is_binary=True,
        keeps_metadata=True,
    ),
    "brat": FormatEntry(
        "standoff.brat", "rw", "standoff: `x.ann` with `x.txt` beside it; either names both",
        "standoff, with the .txt", False, (".ann",), ".ann", companion=".ann",
    ),
    "xmi": FormatEntry(
        "standoff.uima", "rw",
        "UIMA CAS as XMI, with its type system beside it, as INCEpTION exports it; needs `pip install 'ner-tui[uima]'`",
        "UIMA, with its type system", False, (".xmi",), ".xmi", "<",
    ),
    "webanno-tsv": FormatEntry(
        "standoff.webanno_tsv", "rw", "WebAnno TSV 3, which INCEpTION and WebAnno export",
        "as INCEpTION reads it", False, (".tsv",), ".tsv", "#",
    ),
    "csv": FormatEntry(
        "tables.csv_tables", "rw",
        "CSV and TSV with a row a text, the other columns metadata, or CSV with a row a word and its tag",
        "a table: CSV", False, (".csv", ".tsv"), ".csv", parts=",;|\t", keeps_metadata=True,
    ),
    "conllu": FormatEntry(
        "columns.conllu", "rw",
        "CoNLL-U; tags in the MISC column, as `NER=`, `name=` or `Entity=`, if there are any; written as `NER=`, or in "
        "place",
        "CoNLL-U, tags in MISC as NER", False, (".conllu", ".conll"), ".conllu", "#0123456789",
    ),
    "conll": FormatEntry(
        "columns.conll", "rw", "a token a line: word and tag, in two columns or more; one column is words alone",
        "word and tag", True,
        (".conll", ".conllup", ".conllu", ".iob", ".iob1", ".iob2", ".bio", ".bioes", ".bilou", ".tsv"),
    ),
    "conll2003": FormatEntry(
        "columns.conll", "rw", "word, part of speech, chunk, tag; `_` for what is not known",
        "word POS chunk tag", True, (".conll03", ".conll2003"),
    ),
    "text": FormatEntry("text", "r", "plain text, tokenised and split into sentences here", "", False),
}  # fmt: skip
"""Format by the name that options use. Content is tried in this order; ``text`` takes whatever is left."""

READERS = tuple(name for name, entry in FORMATS.items() if "r" in entry.use)
"""The names ``--from`` takes."""

WRITERS = tuple(name for name, entry in FORMATS.items() if "w" in entry.use)
"""The names ``--to`` takes."""

BY_SENTENCE = tuple(name for name in WRITERS if FORMATS[name].by_sentence)
"""Those of them that are written sentence by sentence."""

_BY_CONTENT = frozenset({".txt", ".text", ".train", ".dev", ".test", ".testa", ".testb"})

# An .ann is read with the .txt beside it.
_NAMED_ONLY = frozenset({".ann"})

SUFFIXES = _BY_CONTENT.union(*(entry.suffixes for entry in FORMATS.values() if "r" in entry.use)) - _NAMED_ONLY
"""The files that are taken from a folder."""


def infer_format(
    source: Source,
    fmt: str | None = None,
    *,
    column: str | None = None,
    text: str | None = None,
    tags_as: Spelling | None = None,
    to_preview: bool = False,
) -> Inference:
    """Say how ``source`` is to be read: as ``fmt``, or else by the suffix of its name, or else by its content.

    Args:
        column: where the tags are: a column's number from 1 or its name, or a key of MISC; None: the first there is.
        text: of a table, where the texts are: a column's name, or its number from 1; None: where they evidently are.
        tags_as: how tags are spelled; None: as is found.
        to_preview: take for text what has no format, whatever it looks like: it is read again before it is used.

    Raises:
        InputError: ``fmt`` is no format, or none that can be read, or it has no such column.
        AmbiguousSpelling: its tags can be read in two ways.
        FormatError: the content contradicts what the source is said or named to be.
    """
    if fmt:
        _require(fmt, READERS, "read", source.path)
    named = [fmt] if fmt else [name for name in READERS if source.suffix in FORMATS[name].suffixes]
    if text is not None:
        return _with_text(source, named, text)
    if column is not None or tags_as is not None:
        return _as_said(source, named, column, tags_as)
    for name in named or READERS:
        # The last one with the suffix takes the file, or says why it cannot.
        sure = named[-1:] == [name]
        if not named and not FORMATS[name].may_be(source):
            continue
        try:
            if name == "text" and not fmt and not to_preview:
                _refuse_lookalike(source)
            inference = _module(name).infer(source, name, sure=sure)
        except OtherFormat:
            if not fmt:
                _refuse_lookalike(source)
            raise
        if inference is not None:
            return _with_remark(source, inference)
    raise AssertionError("text takes whatever is left")


def _with_remark(source: Source, inference: Inference) -> Inference:
    """Return what was inferred, with what is to be told of the source's bytes."""
    return replace(inference, sentence=f"{inference.sentence}; {source.remark}") if source.remark else inference


def is_table(source: Source, fmt: str | None = None) -> bool:
    """Whether a source is, or is called, a table, which tells itself how it is read from its beginning."""
    names = [fmt] if fmt else [name for name in READERS if source.suffix in FORMATS[name].suffixes]
    return any(name in FORMATS and FORMATS[name].module.startswith("tables.") for name in names)


def _refuse_lookalike(source: Source) -> None:
    """Raise ``FormatError`` for what is neither of a format nor prose, with the name that it has."""
    refusal: FormatError | None = import_module("ner_tui.formats.lookalikes").lookalike(source)
    if refusal is not None:
        raise refusal


def _as_said(source: Source, named: Sequence[str], column: str | None, tags_as: Spelling | None) -> Inference:
    for name in named or READERS:
        module = _module(name)
        choose: Callable[..., Inference] | None = getattr(module, "choose", None)
        if choose is not None and (named[-1:] == [name] or _claims(module, source, name)):
            return _with_remark(source, choose(source, name, column, tags_as))
    if column is None:
        # What has no tags is read as ever.
        return infer_format(source, named[0] if len(named) == 1 else None)
    raise InputError(f"{source.path} is no file of columns: there is none to choose")


def _with_text(source: Source, named: Sequence[str], text: str) -> Inference:
    """Return how to read a table with the column of its texts, which a person named."""
    for name in named or READERS:
        choose: Callable[..., Inference] | None = getattr(_module(name), "choose_text", None)
        if choose is not None:
            return _with_remark(source, choose(source, name, text))
    raise InputError(f"{source.path} is no file of texts in columns: there is none to choose")


def _claims(module: Format, source: Source, name: str) -> bool:
    try:
        return module.infer(source, name, sure=False) is not None
    except AmbiguousSpelling:
        return True


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


def may_hold_texts(path: str) -> bool:
    """Whether JSON or a table is of one of the formats, or of one that a package is missing for, and no settings."""
    try:
        infer_format(open_source(path))
    except FormatError as error:
        # Names may be given when it is read.
        return isinstance(error, NamesMissing)
    except InputError:
        # It is told when it is read.
        pass
    return True


def encoding_of(fmt: str, path: str = "") -> str:
    """Return the codec that a file of a format is to be written with.

    Raises:
        InputError: the format is no text, and ``path`` is called as one of text is.
    """
    if fmt not in FORMATS or not FORMATS[fmt].is_binary:
        return "utf-8"
    suffix = without_compression(path).suffix.lower()
    if suffix in SUFFIXES and suffix not in FORMATS[fmt].suffixes:
        others = [name for name in WRITERS if suffix in FORMATS[name].suffixes and fmt in name]
        step = f", or choose --to {others[0]}" if others else ""
        raise InputError(f"{path}: {fmt} is no text: call the file {FORMATS[fmt].extension}{step}")
    return BINARY


def _require(name: str, names: tuple[str, ...], verb: str, path: str = "") -> None:
    if name not in names:
        place = f"{path}: " if path else ""
        known = f"{name} cannot be {verb}" if name in FORMATS else f"there is no format {name!r}"
        raise InputError(f"{place}{known}: choose one of {', '.join(names)}")


def _module(name: str) -> Format:
    return cast(Format, import_module(f"ner_tui.formats.{FORMATS[name].module}"))
