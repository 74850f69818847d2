"""The rows of a Parquet file: what its columns hold, and some rows at a time as values of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import UnreadSpans, are_span_keys
from ner_tui.formats.files.compression import compression_of, open_bytes
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.remote import is_remote
from ner_tui.formats.files.source import Source, is_large
from ner_tui.formats.records.records import TOKENS
from ner_tui.formats.standoff.extras import require_extra, said_by
from ner_tui.formats.standoff.offset_spans import short_name
from ner_tui.formats.tables.parquet_groups import ParquetRows, RowGroups
from ner_tui.formats.tables.span_evidence import EDGES

if TYPE_CHECKING:
    from pyarrow import DataType, Schema, Table
    from pyarrow.parquet import ParquetFile

_TAGS = ("ner_tags", "tags", "labels", "ner")
_TEXTS = ("text", "texts", "sentence", "content", "body", "document")
_SPANS = ("spans", "entities", "label", "labels", "ner")
_AT_ONCE = 1_000
"""Rows that are read together."""
_PIECE = 1 << 16
"""Bytes of a column that are read at a time where not all of a group is wanted."""

Row = tuple[int, Mapping[str, Any]]
"""Its number, counted from 1, and its values by column."""


class ParquetColumns(NamedTuple):
    """What the columns of a file hold."""

    tokens: str = ""
    """Of a table of sentences; empty: it is one of texts."""
    tags: str = ""
    """Empty: there are none."""
    text: str = ""
    spans: str = ""
    """Empty: there are none."""
    metadata: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Columns of bytes, such as pictures."""
    names: tuple[str, ...] = ()
    """Of tags that are numbers, in order; empty if the file has none."""


class Parquet:
    """A Parquet file."""

    def __init__(self, source: Source) -> None:
        """Open it, or those rows of it that the source is.

        Raises:
            InputError: pyarrow is not installed.
            FormatError: it is broken.
        """
        require_extra("pyarrow", "parquet", f"{source.path} is Parquet")
        self._path = source.path
        self._rows = source.rows if isinstance(source, ParquetRows) else None
        self._groups = source.groups if isinstance(source, ParquetRows) else None
        self._file = self._opened(source)

    def _opened(self, source: Source) -> ParquetFile:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        on_disk = is_large(source) and not compression_of(source.path)
        try:
            if isinstance(source, ParquetRows):
                known = None if self._groups is None else self._groups.metadata
                file = open_bytes(source.path) if is_remote(source.path) else source.path
                # Of a group of which some rows are wanted, no more is read than these.
                return ParquetFile(file, metadata=known, buffer_size=_PIECE)
            return ParquetFile(source.path if on_disk else BytesIO(source.text.encode(BINARY)))
        except (ArrowException, OSError, ValueError) as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> FormatError:
        return FormatError(self._path, 1, f"this is no whole Parquet: {said_by(error)}")

    @property
    def groups(self) -> RowGroups:
        """What the file says of the groups of its rows."""
        if self._groups is None:
            self._groups = RowGroups.of(self._file.metadata)
        return self._groups

    @property
    def schema(self) -> Schema:
        """Its columns, with what the file says of them."""
        return self._file.schema_arrow

    @property
    def compression(self) -> str | dict[str, str]:
        """How its columns are compressed, as pyarrow calls it; by their paths where they differ."""
        if not self._file.metadata.num_row_groups:
            return "snappy"
        group = self._file.metadata.row_group(0)
        columns = (group.column(at) for at in range(group.num_columns))
        names = {each.path_in_schema: str(each.compression).lower() for each in columns}
        names = {path: "none" if name == "uncompressed" else name for path, name in names.items()}
        alike = set(names.values())
        return alike.pop() if len(alike) == 1 else names

    def tables(self) -> Iterator[Table]:
        """Yield its groups of rows with all their columns."""
        for group in range(self._file.metadata.num_row_groups):
            yield self._file.read_row_group(group)

    def columns(self, text: str | None = None) -> ParquetColumns:
        """Return what its columns hold.

        Args:
            text: the column of texts, by its name or its number from 1.

        Raises:
            FormatError: nothing of it is a text or a sentence.
            InputError: there is no such column, or several that may be the texts.
        """
        schema = self._file.schema_arrow
        names = list(schema.names)
        binary = tuple(field.name for field in schema if _has_bytes(field.type))
        kept = [name for name in names if name not in binary]
        if text is None and (tokens := _first(TOKENS, kept, schema, _is_list_of_strings)):
            tags = _first(_TAGS, kept, schema, _is_list_of_tags)
            rest = tuple(name for name in kept if name not in (tokens, tags))
            if not tags:
                self._require_no_other_spans(schema, rest, f"write a tag for each of {tokens} as ner_tags")
            return ParquetColumns(tokens, tags, "", "", rest, binary, class_names_in(schema, tags))
        column = _text_column(self._path, schema, kept, text)
        spans = next((name for name in _SPANS if name in kept and name != column and _is_spans(schema, name)), "")
        rest = tuple(name for name in kept if name not in (column, spans))
        if not spans and text is None:
            step = "write a list of objects with start, end and label as spans"
            self._require_no_other_spans(schema, rest, f"{step}, or say --text {column}")
        return ParquetColumns("", "", column, spans, rest, binary)

    def _require_no_other_spans(self, schema: Schema, names: Sequence[str], step: str) -> None:
        for name in names:
            if _may_be_spans(schema.field(name).type):
                reason = f"column {short_name(name)} looks like spans, which are not read there: {step}"
                raise UnreadSpans(self._path, 1, reason)

    def rows(self, columns: Sequence[str]) -> Iterator[Row]:
        """Yield the rows, with the values of some columns as JSON has them.

        Raises:
            FormatError: it is broken; raised when that is reached.
        """
        from pyarrow import ArrowException

        done = 0
        try:
            if self._rows is not None:
                yield from enumerate(self._some(self._rows, columns), 1)
                return
            for batch in self._file.iter_batches(_AT_ONCE, columns=list(columns)):
                yield from enumerate(batch.to_pylist(), done + 1)
                done += batch.num_rows
        except (ArrowException, OSError, ValueError) as error:
            raise self._broken(error) from error

    def _some(self, rows: range, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        groups = self.groups.of_rows(rows)
        left = len(rows)
        # Rows that precede those that are wanted in their group.
        before = rows.start - self.groups.bounds[groups.start] if left else 0
        for batch in self._file.iter_batches(_AT_ONCE, row_groups=list(groups), columns=list(columns)):
            passed = min(before, batch.num_rows)
            wanted = batch.slice(passed, left)
            yield from wanted.to_pylist()
            before, left = before - passed, left - wanted.num_rows
            if not left:
                return


def _first(wanted: Sequence[str], names: Sequence[str], schema: Schema, fits: Any) -> str:
    return next((name for name in wanted if name in names and fits(schema.field(name).type)), "")


def _text_column(path: str, schema: Schema, names: Sequence[str], text: str | None) -> str:
    listed = ", ".join(map(short_name, names))
    if text is not None:
        at = int(text) - 1 if text.isdecimal() and len(text) < 6 and text not in names else -1
        column = text if text in names else names[at] if 0 <= at < len(names) else ""
        if not column or not _is_string(schema.field(column).type):
            raise InputError(f"{path}: there is no column {text!r} of texts: it has {listed}")
        return column
    strings = [name for name in names if _is_string(schema.field(name).type)]
    called = [name for name in strings if name.casefold() in _TEXTS]
    if "text" in called or len(called) == 1:
        return "text" if "text" in called else called[0]
    candidates = called or strings
    if not candidates:
        raise FormatError(path, 1, f"no column holds texts, or lists of tokens, in a Parquet with {listed}")
    if len(candidates) == 1:
        return candidates[0]
    which = " or ".join(f"--text {short_name(name)}" for name in candidates[:6])
    raise InputError(f"{path}: several columns may hold the text: say {which}")


def _is_string(kind: DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_string(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_list(kind: DataType) -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _is_list_of_strings(kind: DataType) -> bool:
    return _is_list(kind) and _is_string(kind.value_type)


def _is_list_of_tags(kind: DataType) -> bool:
    from pyarrow import types

    return _is_list_of_strings(kind) or (_is_list(kind) and types.is_integer(kind.value_type))


def _is_spans(schema: Schema, name: str) -> bool:
    """Whether a column holds lists of objects with two offsets and a label."""
    from pyarrow import types

    kind = schema.field(name).type
    if not _is_list(kind) or not types.is_struct(kind.value_type):
        return False
    fields = {field.name for field in kind.value_type}
    return "label" in fields and any(fields.issuperset(edges) for edges in EDGES)


def _may_be_spans(kind: DataType) -> bool:
    """Whether a column holds objects with two offsets and a label, in a list or with a list for each of these."""
    from pyarrow import types

    kind = kind.value_type if _is_list(kind) else kind
    return bool(types.is_struct(kind)) and are_span_keys(field.name for field in kind)


def _has_bytes(kind: DataType) -> bool:
    from pyarrow import types

    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return True
    return any(_has_bytes(kind.field(at).type) for at in range(kind.num_fields))


def class_names_in(schema: Schema, column: str) -> tuple[str, ...]:
    """Return the names of the numbers in a column, as ``datasets`` keeps them; none if there are none."""
    try:
        info = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        feature = info["info"]["features"][column]
        # A list stands for itself in older features.
        inner = feature[0] if isinstance(feature, list) else feature["feature"]
        names = inner["names"]
    except (ValueError, KeyError, TypeError, IndexError):
        return ()
    return tuple(map(str, names)) if isinstance(names, list) else ()


def as_json(value: object) -> object:
    """Return a value of Arrow as one of JSON."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)
