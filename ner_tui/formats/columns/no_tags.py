"""Why a file that is said to be columns has none of tags, for the two layouts that people take for CoNLL."""

from __future__ import annotations

import re
from itertools import islice

from ner_tui.errors import FormatError
from ner_tui.formats.base import OtherFormat
from ner_tui.formats.columns.column_layout import is_blank
from ner_tui.formats.files.source import Source

_SAMPLE = 100
_BRACKET = re.compile(r"[ \t](?:\([A-Z_]+[*)]|\*\)?)(?:[ \t]|$)")


def why_no_tags(source: Source, name: str) -> FormatError:
    """Return the error that says so."""
    lines = list(islice((line for line in source.lines() if not is_blank(line) and line[0] != "#"), _SAMPLE))
    if sum(_BRACKET.search(line) is not None for line in lines) > len(lines) / 2:
        what = "the entities are brackets such as (PERSON*), as in CoNLL-2012, which are not read"
        return FormatError(source.path, 1, f"{what}: turn them into tags")
    if sum(line.count("|") >= line.count(" ") > 0 for line in lines) > len(lines) / 2:
        what = "a line holds a whole sentence, with | before each tag"
        return FormatError(source.path, 1, f"{what}: put each word and its tag on a line of their own")
    reason = f"no column of this file holds tags such as O or B-PER, as {name} has: try --from text"
    return OtherFormat(source.path, 1, reason)
