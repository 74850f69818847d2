"""The writer of Parquet, with the features that ``datasets`` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

from ner_tui.domain.schemes import SCHEMES, split_tag
from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.records.record_writing import in_json
from ner_tui.formats.standoff.cuts import tell_cuts
from ner_tui.formats.standoff.extras import require_extra
from ner_tui.formats.standoff.whole_documents import documents
from ner_tui.formats.tables.span_cells import span_values
from ner_tui.formats.tables.tagged_words import TaggedWords, begins_with_tokens, from_stream
from ner_tui.formats.tables.waiting_rows import (
    AT_ONCE,
    WaitingRows,
    WaitingSentences,
    column_names,
    waiting_rows,
    waiting_sentences,
)

if TYPE_CHECKING:
    from pyarrow import DataType

_LARGEST = 1 << 63
_STRING = {"dtype": "string", "_type": "Value"}
_NUMBER = {"dtype": "int64", "_type": "Value"}
_SPAN = {"start": _NUMBER, "end": _NUMBER, "label": _STRING}


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a table when the last document is complete: of sentences if the first has tokens of its own.

    Raises:
        InputError: also where pyarrow is not installed.
    """
    _require_pyarrow()
    with_tokens, everything = begins_with_tokens(items)
    if with_tokens:
        write_words(from_stream(everything, options), out, options)
    else:
        with waiting_rows() as rows:
            _write_texts(everything, out, options, rows)


def _require_pyarrow() -> None:
    require_extra("pyarrow", "parquet", "parquet is written by pyarrow")


def write_words(sentences: Iterable[TaggedWords], out: TextIO, options: WriteOptions) -> None:
    """Write a table of sentences.

    Raises:
        InputError: pyarrow is not installed.
    """
    _require_pyarrow()
    with waiting_sentences() as rows:
        _write_sentences(sentences, out, options, rows)


def _write_sentences(
    sentences: Iterable[TaggedWords], out: TextIO, options: WriteOptions, rows: WaitingSentences
) -> None:
    import pyarrow as pa

    kinds, labels = _Kinds(), dict[str, None]()
    for metadata, document, words, tags in sentences:
        labels.update(dict.fromkeys(tags))
        if metadata:
            kinds.add(metadata)
        rows.add(metadata, document, words, tags)
    names = tag_names(labels, options.scheme)
    numbers = {name: number for number, name in enumerate(names)}
    class_label = {"names": names, "_type": "ClassLabel"}
    own: dict[str, tuple[DataType, object]] = {
        "tokens": (pa.list_(pa.string()), {"feature": _STRING, "_type": "Sequence"}),
        "ner_tags": (pa.list_(pa.int64()), {"feature": class_label, "_type": "Sequence"}),
    }
    number, keys = numbers.__getitem__, list(rows.keys)

    def columns() -> Iterator[list[Sequence[object]]]:
        for block in rows:
            tags = pa.array(list(map(number, block.tags)), pa.int64())
            tokens = pa.array(block.words, pa.string())
            metadata = [[each.get(key) for each in block.metadata] for key in keys]
            own = [pa.ListArray.from_arrays(block.ends, values) for values in (tokens, tags)]
            yield [*metadata, block.documents, *own]

    _write_table(columns(), out, kinds, keys, own)


def tag_names(tags: Iterable[str], scheme: str) -> list[str]:
    """Return the tags that get a number: ``O``, and all that the scheme has for the labels that occur."""
    shape, one, touching = SCHEMES[scheme].shape, SCHEMES[scheme].one, SCHEMES[scheme].touching
    prefixes = [prefix for prefix in dict.fromkeys([*shape, one, touching or ""]) if prefix]
    names = {"O": None}
    for tag in tags:
        label = split_tag(tag)[1]
        if label:
            names.update(dict.fromkeys(f"{prefix}-{label}" for prefix in prefixes))
        names[tag] = None
    return list(names)


def _write_texts(items: Iterable[StreamItem], out: TextIO, options: WriteOptions, rows: WaitingRows) -> None:
    import pyarrow as pa

    kinds = _Kinds()
    for document in documents(items):
        tell_cuts(document, options)
        kinds.add(document.metadata)
        rows.add(document.metadata, document.name, document.text, span_values(document.spans))
    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())])
    own: dict[str, tuple[DataType, object]] = {"text": (pa.string(), _STRING), "spans": (pa.list_(span), [_SPAN])}
    stream = iter(rows)

    def columns() -> Iterator[list[Sequence[object]]]:
        while some := [[*metadata, *values] for metadata, values in islice(stream, AT_ONCE)]:
            yield list(zip(*some, strict=True))

    _write_table(columns(), out, kinds, list(rows.keys), own)


class _Kinds:
    """What the metadata under each key are, to find a type that holds all of them."""

    def __init__(self) -> None:
        self._found: dict[str, set[str]] = {}

    def add(self, metadata: Mapping[str, object]) -> None:
        """Look at the metadata of a row."""
        for key, value in metadata.items():
            if value is not None:
                self._found.setdefault(key, set()).add(_kind(value))

    def of(self, key: str) -> str:
        """Return ``bool``, ``int64``, ``float64`` or ``string``, or one of them in ``[]``, or ``json``."""
        found = self._found.get(key, {"string"})
        if found == {"int64", "float64"}:
            return "float64"
        lists = found - {"[]"}
        if len(found) == 1 or (len(lists) == 1 and min(lists).startswith("[")):
            return min(lists, default="[string]")
        return "json"


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if -_LARGEST <= value < _LARGEST else "json"
    if isinstance(value, list):
        kinds = {_kind(each) for each in value}
        if not kinds:
            return "[]"
        return f"[{kinds.pop()}]" if len(kinds) == 1 and kinds <= {"bool", "int64", "float64", "string"} else "json"
    return "float64" if isinstance(value, float) else "string" if isinstance(value, str) else "json"


def _write_table(
    blocks: Iterable[list[Sequence[object]]],
    out: TextIO,
    kinds: _Kinds,
    keys: Sequence[str],
    own: Mapping[str, tuple[DataType, object]],
) -> None:
    """Write rows, given some at a time as columns: of the metadata, the documents' names, and the table's own.

    The names are left out where there is metadata: what has neither ids nor the like is known by its document's name.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    own = own if keys else {"document": (pa.string(), _STRING), **own}
    types = [kinds.of(key) for key in keys]
    columns = {name: _typed(kind) for name, kind in zip(column_names(keys, tuple(own)), types, strict=True)} | dict(own)
    features = {"info": {"features": {name: feature for name, (_, feature) in columns.items()}}}
    schema = pa.schema(
        [(name, kind) for name, (kind, _) in columns.items()], metadata={"huggingface": json.dumps(features)}
    )
    with pa.PythonFile(Outlet(out.write), mode="w") as file, ParquetWriter(file, schema) as writer:
        for block in blocks:
            given, rest = block[: len(keys)], block[len(keys) + 1 :] if keys else block
            metadata = [[_cell(value, kind) for value in column] for column, kind in zip(given, types, strict=True)]
            arrays = [
                column if isinstance(column, pa.Array) else pa.array(column, field.type)
                for column, field in zip([*metadata, *rest], schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _typed(kind: str) -> tuple[DataType, object]:
    """Return the type of Arrow and the feature of ``datasets``."""
    import pyarrow as pa

    if kind.startswith("["):
        inner, feature = _typed(kind[1:-1])
        return pa.list_(inner), {"feature": feature, "_type": "Sequence"}
    dtype = "string" if kind == "json" else kind
    return pa.type_for_alias(dtype), {"dtype": dtype, "_type": "Value"}


def _cell(value: object, kind: str) -> object:
    if value is None or kind != "json":
        return value
    return value if isinstance(value, str) else in_json(value)


class Outlet:
    """Passes bytes on as text, a character for each."""

    closed = False

    def __init__(self, take: Callable[[str], object]) -> None:
        """Begin with ``take``, which takes each piece of the text."""
        self._take = take
        self._at = 0

    def write(self, data: Any) -> int:
        """Write bytes."""
        raw = bytes(data)
        self._take(raw.decode(BINARY))
        self._at += len(raw)
        return len(raw)

    def tell(self) -> int:
        """Return how many bytes are written."""
        return self._at

    def flush(self) -> None:
        """Do nothing: whoever opened the file closes it."""

    def close(self) -> None:
        """Do nothing, as above."""
