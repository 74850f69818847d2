"""The lines of a dump: what each has to be before it is taken for anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ner_tui.domain.checked_values import CheckedObject
from ner_tui.errors import FormatError
from ner_tui.formats.files.utf8 import open_utf8
from ner_tui.session.transfer.dumping import VERSION

_FIELDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "project": (frozenset({"version"}), frozenset({"tag_names", "annotator", "readers"})),
    "label": (frozenset({"name", "key", "slot", "description"}), frozenset()),
    "alias": (frozenset({"said", "label"}), frozenset()),
    "pattern": (frozenset({"words", "label"}), frozenset()),
    "source": (
        frozenset({"path", "sha256", "encoding", "bom", "format", "scheme"}),
        frozenset({"ignore_tags", "text", "tags_as"}),
    ),
    "document": (frozenset({"name", "origin", "source"}), frozenset({"metadata", "sentences"})),
    "sentence": (
        frozenset({"line", "text", "tokens"}),
        frozenset({"spans", "swept", "rejected", "notes", "status", "flagged", "metadata", "suggested"}),
    ),
}
"""The fields that a line of each kind has, and those that it may have."""


_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
"""What git begins lines with where it could not merge."""


class DumpLine(CheckedObject):
    """A line with an object."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        """What it is about."""
        return self.text("kind")


def dump_lines(path: str) -> Iterator[DumpLine]:
    """Yield the lines of a dump, each an object with the fields of its kind; the first is its project.

    Raises:
        InputError: it cannot be read.
        FormatError: a line is not what ``dump`` writes.
    """
    lines = _lines(path)
    try:
        first = next(lines, None)
    except FormatError:
        first = None
    if first is None or first.kind != "project":
        raise FormatError(path, 1, "this is no dump of a project: `ner-tui dump PROJECT` writes one")
    if first.value["version"] != VERSION:
        raise FormatError(
            path, 1, f"a dump of version {first.value['version']}; this ner-tui reads {VERSION}: update it"
        )
    yield first
    yield from lines


def _lines(path: str) -> Iterator[DumpLine]:
    for number, text in enumerate(open_utf8(path, "utf-8").lines(), 1):
        if not text.strip():
            continue
        if text.startswith(_MARKS):
            reason = "git left a conflict here: `ner-tui merge BASE OURS THEIRS` merges dumps, see docs/team.md"
            raise FormatError(path, number, reason)
        try:
            values = json.loads(text)
            # Half of a surrogate pair is a character to JSON, but no text.
            json.dumps(values, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise FormatError(path, number, "it holds half of a surrogate pair, which is no text") from None
        except (ValueError, RecursionError) as error:
            raise FormatError(path, number, f"not JSON: {error}") from None
        line = DumpLine(path, number, values if isinstance(values, dict) else {})
        line.check_keys("a line", values, ["kind"])
        needed, allowed = _FIELDS[line.choice("kind", _FIELDS)]
        line.check_keys(f"a {line.kind}", needed | allowed | {"kind"}, needed)
        yield line
