"""Which columns of a table hold spans of its texts: in a shape that is read, or in one that is not."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ner_tui.formats.base import are_span_keys

EDGES = (("start", "end"), ("start_offset", "end_offset"))
"""What the offsets of a span in a cell are called."""
_TRIPLE = re.compile(r"""[\[(]\s*(?:\d+\s*,\s*\d+\s*,\s*['"]|['"][^'"]*['"]\s*,\s*\d+\s*,\s*\d+\s*[\])])""")
_EDGE = re.compile(r"""['"](?:start|begin)\w*['"]\s*:\s*\d""", re.IGNORECASE)
_KEY = re.compile(r"""['"](\w+)['"]\s*:""")


def are_lists(cells: Sequence[str]) -> bool:
    """Whether all cells are lists of JSON, of Python or the like; not where there are none."""
    return bool(cells) and all(cell.strip().startswith("[") and cell.strip().endswith("]") for cell in cells)


def holds_spans(cells: Sequence[str]) -> bool:
    """Whether cells are lists of spans, or empty, and at least one is a list."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(cell.lstrip().startswith("[") and _is_list(cell) for cell in filled)


def holds_other_spans(cells: Sequence[str]) -> bool:
    """Whether cells are spans in a shape that is not read, such as ``[(0, 3, 'PER')]``, or empty."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not all(cell[0] in "[{(" for cell in filled) or holds_spans(filled):
        return False
    return any(_TRIPLE.search(cell) or (_EDGE.search(cell) and are_span_keys(_KEY.findall(cell))) for cell in filled)


def _is_list(cell: str) -> bool:
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) and all(map(_is_span, value))


def _is_span(value: object) -> bool:
    """Whether a value of JSON has what a span needs: two offsets and a label."""
    if isinstance(value, list):
        return [type(item) for item in value] == [int, int, str]
    if not isinstance(value, dict):
        return False
    return any(edge[0] in value and edge[1] in value for edge in EDGES) and ("label" in value or "labels" in value)
