"""Why a file that is said to be columns has none of tags, for the layouts that people take for CoNLL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from ner_tui.errors import FormatError
from ner_tui.formats.base import OtherFormat
from ner_tui.formats.columns.column_layout import ColumnLayout, is_blank
from ner_tui.formats.columns.tag_evidence import MOST, is_tag, tag_evidence
from ner_tui.formats.files.source import Source

_SAMPLE = 100
_OTHER_SEPARATORS = {",": "say --from csv", ";": "say --from csv", "|": "say --from csv", "\xa0": "put a TAB there"}
_BRACKET = re.compile(r"[ \t](?:\([A-Z_]+[*)]|\*\)?)(?:[ \t]|$)")


def why_no_tags(source: Source, name: str) -> FormatError:
    """Return the error that says so."""
    lines = list(islice(_lines(source), _SAMPLE))
    if sum(_BRACKET.search(line) is not None for line in lines) > len(lines) / 2:
        what = "the entities are brackets such as (PERSON*), as in CoNLL-2012, which are not read"
        return FormatError(source.path, 1, f"{what}: turn them into tags")
    if sum(line.count("|") >= line.count(" ") > 0 for line in lines) > len(lines) / 2:
        return _whole_sentences(source, "with | before each tag")
    if are_whole_sentences(lines):
        return _whole_sentences(source, "with all its tags in another column")
    reason = f"no column of this file holds tags such as O or B-PER, as {name} has: try --from text"
    return OtherFormat(source.path, 1, reason)


def are_whole_sentences(lines: Sequence[str]) -> bool:
    """Whether most lines are a sentence, a TAB, and a tag for each of its words, in either order."""
    return sum(map(_is_whole_sentence, lines)) * 2 > len(lines)


def _is_whole_sentence(line: str) -> bool:
    cells = [cell.split() for cell in line.split("\t")]
    tagged = [len(words) for words in cells if len(words) > 1 and all(map(is_tag, words))]
    return any(sum(len(words) == count for words in cells) > 1 for count in tagged)


def refuse_whole_sentences(source: Source, layout: ColumnLayout) -> None:
    """Refuse lines that look like a word and a long label, and are a sentence and its tags.

    Raises:
        FormatError: most lines are so.
    """
    if layout.separator == "\t" and are_whole_sentences([*islice(_lines(source), _SAMPLE)]):
        raise _whole_sentences(source, "with all its tags in another column")


def refuse_other_separator(source: Source) -> None:
    """Refuse lines that look like a word alone, and are a word and its tag with something else between them.

    Raises:
        FormatError: nearly all lines are so.
    """
    lines = list(islice(_lines(source), _SAMPLE))
    # The first one may name the columns.
    for separator, step in _OTHER_SEPARATORS.items():
        tags = [line.rpartition(separator)[2].strip() for line in lines[len(lines) > 1 :] if separator in line]
        if len(tags) >= MOST * (len(lines) - 1) and tag_evidence(tags).names_entities:
            raise FormatError(source.path, 1, f"the columns are parted by {separator!r}: {step}")


def _lines(source: Source) -> Iterable[str]:
    return (line for line in source.lines() if not is_blank(line) and line[0] != "#")


def _whole_sentences(source: Source, how: str) -> FormatError:
    what = f"a line holds a whole sentence, {how}"
    return FormatError(source.path, 1, f"{what}: put each word and its tag on a line of their own")
