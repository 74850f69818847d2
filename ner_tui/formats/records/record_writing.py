"""What the formats of JSON objects share where they write: records in lines, metadata beside the rest, suggestions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TextIO

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.stream import Metadata
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.files.compression import suffix_of
from ner_tui.formats.records.records import is_read
from ner_tui.formats.registry import FORMATS
from ner_tui.formats.standoff.offset_spans import quoted

# What `json` leaves as it is and a terminal or a line reader may act on: DEL and C1, line separators, bidi controls,
# and lone surrogates, which no file can hold.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def beside(
    own: Mapping[str, object],
    metadata: Metadata,
    options: WriteOptions,
    name: str,
    keys: AbstractSet[str] = frozenset(),
) -> dict[str, object]:
    """Return the keys of a record with metadata beside them.

    Args:
        own: what else the record has.
        name: of the document.
        keys: those that are read as something else; metadata under such, or one of ``own``, have no place: it is told.

    Raises:
        FormatError: there are such, and ``options`` do not take losses.
    """
    taken = {*own, *(key for key in keys if is_read(key, metadata.get(key), keys))}
    for key in metadata:
        if key in taken:
            lost = f"the metadata {quoted(key)}: {options.fmt} has another use for that key"
            if options.lossy is None:
                raise FormatError(name, 1, lost)
            options.lossy(f"{name}: {lost}")
    return {**{key: value for key, value in metadata.items() if key not in taken}, **own}


def named(key: str, name: str, metadata: Metadata) -> dict[str, object]:
    """Return a document's name under a key of a record.

    It is left out where the metadata have the key, or where they tell what the record is and the name is no more than
    that of a file of records.
    """
    is_of_file = suffix_of(name.partition("#")[0]) in FORMATS["jsonl"].suffixes
    return {} if key in metadata or (metadata and is_of_file) else {key: name}


def suggestion_keys(suggestion: Suggestion) -> dict[str, object]:
    """Return what a record says of a suggestion beside its place, its label and its model."""
    score, margin = round(suggestion.score, 4), round(suggestion.margin, 4)
    given: dict[str, object] = {"score": score, "margin": margin}
    if suggestion.alternatives:
        given["alternatives"] = [
            {"start": each.start, "end": each.end, "label": each.label, "score": round(each.score, 4)}
            for each in suggestion.alternatives
        ]
    return given


def write_record(value: Mapping[str, object], out: TextIO, end: str = "\n") -> None:
    """Write an object in a line; nothing in it but ``end`` is a line end or a control character."""
    out.write(in_json(value) + end)


def in_json(value: object) -> str:
    """Return a value as ``write_record`` writes it."""
    return safe(json.dumps(value, ensure_ascii=False))


def safe(line: str) -> str:
    """Return JSON with escapes for what a terminal or a line reader may act on."""
    if line.isascii() and "\x7f" not in line:
        return line
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
