"""The formats: a row for each, and what follows from the rows. None of their modules is loaded for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ner_tui.errors import InputError
from ner_tui.formats.files.compression import suffix_of, with_other_suffix
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.source import Source


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
    keeps_overlaps: bool = False
    """Whether those of several models are, where they overlap."""
    keeps_metadata: bool = False
    """Whether metadata are written in it."""
    keeps_notes: bool = False
    """Whether remarks of people are written in it, or are told by its writer where they have no place."""

    @property
    def family(self) -> str:
        """The package that its module is in, such as ``columns`` or ``records``; empty: none."""
        return self.module.rpartition(".")[0]

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
    """Return the row of a format of JSON records; ``keeps``: suggestions (``s``), metadata (``m``), notes (``n``),
    suggestions of several models for the same words (``o``)."""
    suffixes = (".jsonl", ".ndjson", ".json")
    return FormatEntry(
        f"records.{module}", use, summary, choice, False, suffixes, extension or ".jsonl", "[{", span_keys=span_keys,
        keeps_suggestions="s" in keeps, keeps_overlaps="o" in keeps, keeps_metadata="m" in keeps,
        keeps_notes="n" in keeps,
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
        "JSON records with `text` and `entities` as `[start, end, label]` or objects; `ents` are read too",
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
        extension=".json", keeps="som",
    ),
    "jsonl": _json(
        "jsonl",
        "a JSON object a line: text, tokens, spans, scores, sentences with their status, notes",
        "JSON Lines: spans, scores, notes",
        "spans",
        keeps="somn",
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
        "standoff, with the .txt", False, (".ann",), ".ann", companion=".ann", keeps_notes=True,
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


def readers_of(suffix: str) -> list[str]:
    """Return the formats that files with a suffix may be of, in the order in which they are tried."""
    return [name for name in READERS if suffix in FORMATS[name].suffixes]


def encoding_of(fmt: str, path: str = "") -> str:
    """Return the codec that a file of a format is to be written with.

    Raises:
        InputError: the format is no text, and ``path`` is called as one of text is.
    """
    if fmt not in FORMATS or not FORMATS[fmt].is_binary:
        return "utf-8"
    suffix = suffix_of(path)
    if suffix in SUFFIXES and suffix not in FORMATS[fmt].suffixes:
        others = [name for name in WRITERS if suffix in FORMATS[name].suffixes and fmt in name]
        step = f", or choose --to {others[0]}" if others else ""
        raise InputError(f"{path}: {fmt} is no text: call the file {FORMATS[fmt].extension}{step}")
    return BINARY


def format_of_name(path: str, default: str) -> str:
    """Return the format that a file is to be written in where nobody said so: the one that its name stands for.

    Args:
        default: where the name stands for none, or for this one among others.

    Raises:
        InputError: the name stands for several others.
    """
    suffix = suffix_of(path)
    named = [name for name in WRITERS if suffix in (*FORMATS[name].suffixes, FORMATS[name].extension)]
    if suffix[1:] in named:
        return suffix[1:]
    if not named or default in named:
        return default
    if len(named) > 1:
        raise InputError(f"{path} may be {', '.join(named[:-1])} or {named[-1]}: choose one with --to")
    return named[0]


def misnamed(fmt: str, path: str) -> str:
    """Return what is to be told of a file of a format whose name is that of other formats; empty if it is not."""
    suffix = suffix_of(path)
    others = [name for name in WRITERS if suffix in FORMATS[name].suffixes]
    if (
        not others
        or FORMATS[fmt].module in {FORMATS[name].module for name in others}
        or suffix in FORMATS[fmt].suffixes
    ):
        return ""
    usual = [name for name in others if suffix == FORMATS[name].extension] or others
    call_it = f"call it {FORMATS[fmt].extension}, or " if fmt in WRITERS else ""
    return f"{path} holds {fmt}, and its name says otherwise: {call_it}choose --to {' or '.join(usual)}"
