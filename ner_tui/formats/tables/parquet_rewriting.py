"""Parquet of sentences written again with other tags: all else stays, rows without tokens too.

Columns, their order and types, the groups of rows and the features of ``datasets`` are those of the file; the bytes
are not, unless no tag changes. Tags that are numbers stay numbers. Where the file has names for these, tags that it
lacks are added behind them; names that a person gave cannot grow.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ner_tui.domain.schemes import CannotEncode, decode
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import SentenceLines
from ner_tui.formats.columns.changed_tags import changed_tags
from ner_tui.formats.columns.unchanged import ExpectedSentences
from ner_tui.formats.files.source import Source
from ner_tui.formats.tables.parquet import sentence_lines
from ner_tui.formats.tables.parquet_rows import Parquet, class_names_in
from ner_tui.formats.tables.parquet_writer import Outlet, tag_names
from ner_tui.formats.tagged import cannot_encode

if TYPE_CHECKING:
    from pyarrow import Schema, Table

_Changes = Mapping[int, Sequence[str]]
"""By the number of a row: its tags in the file's spelling, empty for those that stay."""


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem]) -> Iterator[str]:
    """Yield the text of a source with the spans of ``new``, in which nothing but tags differs; see ``rewriting``.

    Raises:
        FormatError: the sentences are not those of the source, or spans cannot be written in it.
    """
    changes = _changes(source, inference, new)
    if not changes:
        yield from source.sections()
        return
    file = Parquet(source)
    columns = file.columns()
    numbers = _numbers(source, columns.names, changes, inference)
    schema = _with_names(file.schema, columns.tags, list(numbers) if columns.names else [])

    def number(tag: str, row: int) -> object:
        if tag in numbers:
            return numbers[tag]
        raise FormatError(source.path, row, f"the tag {tag} has no number among its names: export with --to jsonl")

    yield from _written(file, schema, columns.tags, changes, number)


def _changes(source: Source, inference: Inference, new: Iterable[StreamItem]) -> _Changes:
    scheme = inference.scheme or "iob2"
    expected = ExpectedSentences(source.path, new, scheme)
    changes: dict[int, Sequence[str]] = {}
    for block in sentence_lines(source, [], None, inference.spelling):
        if not isinstance(block, SentenceLines):
            continue
        spans, before = expected.next(block), decode(block.tags)
        if spans == before:
            continue
        try:
            tags = changed_tags(block, before, spans, scheme, inference)
        except CannotEncode as error:
            raise cannot_encode(source.path, block.lines[0], error) from error
        changes[block.lines[0]] = [tag and inference.spelling.spell(tag) for tag in tags]
    if not expected.is_over():
        raise FormatError(source.path, 1, "rows are missing here: the file has changed")
    return changes


def _numbers(source: Source, known: Sequence[str], changes: _Changes, inference: Inference) -> dict[str, int]:
    """Return the number of each tag by name, of new ones too where the file has the names."""
    names = list(source.tag_names or known)
    if known and not source.tag_names:
        plain = {inference.spelling.normal(tag) for tags in changes.values() for tag in tags if tag}
        spelled = map(inference.spelling.spell, tag_names(sorted(plain), inference.scheme or "iob2"))
        if not {inference.spelling.spell(tag) for tag in plain} <= set(names):
            names += [tag for tag in spelled if tag not in names]
    return {name: at for at, name in enumerate(names)}


def _with_names(schema: Schema, column: str, names: Sequence[str]) -> Schema:
    """Return a schema with these names of tags in the features of ``datasets``, if it has any."""
    metadata = schema.metadata or {}
    if not names or list(class_names_in(schema, column)) == list(names):
        return schema
    info = json.loads(metadata[b"huggingface"])
    feature = info["info"]["features"][column]
    (feature[0] if isinstance(feature, list) else feature["feature"])["names"] = list(names)
    return schema.with_metadata({**metadata, b"huggingface": json.dumps(info)})


def _written(
    file: Parquet, schema: Schema, column: str, changes: _Changes, number: Callable[[str, int], object]
) -> Iterator[str]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    pieces: list[str] = []
    done = 0
    with (
        pa.PythonFile(Outlet(pieces.append), mode="w") as out,
        ParquetWriter(out, schema, compression=file.compression) as writer,
    ):
        for table in file.tables():
            writer.write_table(_changed(table, schema, column, changes, number, done))
            done += table.num_rows
            yield from pieces
            pieces.clear()
    yield from pieces


def _changed(
    table: Table, schema: Schema, column: str, changes: _Changes, number: Callable[[str, int], object], done: int
) -> Any:
    """Return rows with their changed tags; ``done`` of the file are before them."""
    import pyarrow as pa

    here = [row for row in changes if done < row <= done + table.num_rows]
    if here:
        values = table.column(column).to_pylist()
        for row in here:
            pairs = zip(changes[row], values[row - done - 1], strict=True)
            values[row - done - 1] = [
                old if not tag else tag if isinstance(old, str) else number(tag, row) for tag, old in pairs
            ]
        at = table.schema.get_field_index(column)
        table = table.set_column(at, schema.field(at), pa.array(values, schema.field(at).type))
    return table.replace_schema_metadata(schema.metadata)
