"""Lookalikes: files that are not read, but are no prose either. Each is named, with what to do about it.

One table: what a kind is called, how it is told from prose, and the next step. A kind is told by what stands at the
beginning of a file; where prose could hold the same, nearly all of the first words have to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import NamedTuple

from ner_tui.errors import FormatError
from ner_tui.formats.columns.no_tags import are_whole_sentences
from ner_tui.formats.files.source import Source
from ner_tui.formats.tables.dialect import RULED_TABLE

_HEAD = 20_000
"""Characters that are looked at."""
_FEWEST = 4
"""Words with a tag that are evidence, at the least."""
_SHARE = 0.9
"""How many of the first words have to have a tag."""
_RECORDS = 'turn it into JSON Lines, {"text": …, "spans": [{"start": 0, "end": 3, "label": "PER"}]}'
_COLUMNS = "put each word and its tag on a line of their own, with a blank line after each sentence"

_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_RECORD_KEYS = frozenset(
    {"text", "data", "tokens", "words", "spans", "entities", "ents", "label", "labels", "ner", "ner_tags", "tags"}
)
_TAG = r"(?:O|[BIESLUM][-_]\w[\w.-]*|[A-Z][A-Z0-9_$.-]*)"
_SLASHED = re.compile(rf"\S*[^\s/|]/{_TAG}\*?|[.,:;'`\"!?()-]+/\S{{1,5}}")
_BARRED = re.compile(rf"\S*[^\s|](?:\|[^\s|]+)?\|{_TAG}")
_QUOTED = re.compile(
    r"""\s*(?:\w+\s*=\s*)?[\[({][\s\[({]*[urb]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*[,:\])]"""
)


class _Kind(NamedTuple):
    """A kind of file that is not read."""

    name: str
    tells: Callable[[Source, str], int | None]
    """Takes a file and its beginning, and returns the offset that shows it; None: it is another kind."""
    step: str


def _found(pattern: str) -> Callable[[Source, str], int | None]:
    compiled = re.compile(pattern, re.MULTILINE)

    def tells(_: Source, head: str) -> int | None:
        found = compiled.search(head)
        return found.start() if found else None

    return tells


def _has_two(pattern: str) -> Callable[[Source, str], int | None]:
    compiled = re.compile(pattern)

    def tells(_: Source, head: str) -> int | None:
        found = list(islice(compiled.finditer(head), 2))
        return found[0].start() if len(found) == 2 else None

    return tells


def _begins(pattern: str) -> Callable[[Source, str], int | None]:
    compiled = re.compile(rf"\s*(?:{pattern})", re.IGNORECASE)
    return lambda _, head: 0 if compiled.match(head) else None


def _has_tagged_words(pattern: re.Pattern[str]) -> Callable[[Source, str], int | None]:
    def tells(_: Source, head: str) -> int | None:
        words = head.split()[:200]
        # The last one may be cut, and a sentence in a line may have a number or an id before it.
        tagged = sum(pattern.fullmatch(word) is not None for word in words)
        return 0 if tagged >= _FEWEST and tagged >= _SHARE * len(words) else None

    return tells


def _has_tagged_sentences(_: Source, head: str) -> int | None:
    # The last line may be cut.
    lines = [line for line in head.splitlines()[:100] if line.strip()]
    return 0 if lines and are_whole_sentences(lines) else None


def _is_literal(source: Source, head: str) -> int | None:
    """Whether a file is a value of Python: brackets, and then something in quotes."""
    if source.suffix in _JSON_SUFFIXES and "'" not in head and "(" not in head:
        return None
    return 0 if _QUOTED.match(head) and re.search(r"['\"]\s*[,:]\s*[\[({'\"\d]", head) else None


def _is_json(source: Source, head: str) -> int | None:
    """Whether a file begins with an object of JSON, or an array of them."""
    from ner_tui.formats.records.json_values import values

    if head.lstrip()[:1] not in ("{", "["):
        return None
    try:
        first = next(values(source), None)
    except FormatError:
        return None
    if first is None or not isinstance(first[1], dict | list):
        return None
    # Where it is called JSON, and has something of a record, its format says what is wrong with it.
    is_record = isinstance(first[1], dict) and (not first[1] or not _RECORD_KEYS.isdisjoint(first[1]))
    return None if is_record and source.suffix in _JSON_SUFFIXES else 0


_RASA = "Rasa's training data in"
_INTENT = "(?:intent|synonym|lookup|regex):"
_OPENNLP = r"<START:[^<>\s]+>\s[^<>]*\s<END>|<START> (?:[^\s<>,]+ ){1,8}<END>"
_MARKUP = r"<\?xml\s|<[a-z][\w:.-]*(?:\s[^<>]*)?>\s*<[a-z]"
_BLANKS = r"(?:[ \t]*(?:#.*)?\r?\n)*"

KINDS: Mapping[str, _Kind] = {
    "rasa-json": _Kind(f"{_RASA} JSON", _found(r'^[{\s]*"rasa_nlu_data"\s*:'), _RECORDS),
    "rasa-yaml": _Kind(f"{_RASA} YAML", _found(rf"^nlu:[ \t]*\r?\n{_BLANKS}[ \t]*- {_INTENT}"), _RECORDS),
    "rasa-markdown": _Kind(f"{_RASA} Markdown", _found(rf"^## ?{_INTENT}.*\n{_BLANKS}[ \t]*[-*] "), _RECORDS),
    "opennlp": _Kind("OpenNLP's training data", _found(_OPENNLP), _RECORDS),
    "muc": _Kind("text with MUC's tags in it", _found(r"<(?:ENAMEX|NUMEX|TIMEX)\s+TYPE="), _RECORDS),
    "inline": _Kind("text with tags such as <PER> in it", _has_two(r"<([A-Z][A-Z_-]+)>[^<>]{1,200}</\1>"), _RECORDS),
    "slashes": _Kind("words with / and a tag after each", _has_tagged_words(_SLASHED), _COLUMNS),
    "bars": _Kind("words with | and a tag after each", _has_tagged_words(_BARRED), _COLUMNS),
    "sentences": _Kind("a line for each sentence, with all its tags beside it", _has_tagged_sentences, _COLUMNS),
    "markdown-table": _Kind("a table in Markdown", _begins(RULED_TABLE), "write it as CSV"),
    "webanno-tsv": _Kind("WebAnno TSV under another name", _begins("#FORMAT=WebAnno TSV"), "say --from webanno-tsv"),
    "git-lfs": _Kind("a pointer of Git LFS", _begins("version https://git-lfs"), "fetch the file with git lfs pull"),
    "rtf": _Kind("RTF", _begins(r"\{\\rtf"), "save it as plain text"),
    "html": _Kind("HTML", _begins("<!doctype html|<html[ >]"), "save its text as plain text"),
    "xml": _Kind("XML other than UIMA's", _begins(_MARKUP), "save its text as plain text, or annotations as XMI"),
    "json": _Kind(
        "JSON without texts, such as a manifest or settings",
        _is_json,
        "a record needs 'text', or 'tokens' with 'ner_tags'",
    ),
    "python": _Kind("a value of Python, such as a list", _is_literal, "write it with json.dump"),
}  # fmt: skip
"""What is not read, in the order in which it is looked for."""


def _keys(source: Source) -> str:
    from ner_tui.formats.records.json_values import values
    from ner_tui.formats.standoff.offset_spans import short_name

    first = next(values(source))[1]
    keys = ", ".join(short_name(key) for key in islice(first, 8)) if isinstance(first, dict) else ""
    return f" (its keys are {keys})" if keys else ""


def lookalike(source: Source) -> FormatError | None:
    """Return the refusal of a file that is of no format and no prose; None for prose."""
    head = next(source.chunks(), "")[:_HEAD]
    for kind in KINDS.values():
        at = kind.tells(source, head)
        if at is not None:
            at += len(head[at:]) - len(head[at:].lstrip())
            name = f"{kind.name}{_keys(source)}" if kind.tells is _is_json else kind.name
            reason = f"this looks like {name}, which is not read: {kind.step}, or take it for prose with --from text"
            return FormatError(source.path, head.count("\n", 0, at) + 1, reason)
    return None
