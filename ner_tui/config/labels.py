"""Label sets as they are asked for: names with commas between them, or a TOML file that says more of each.

The file has a table per label, in order::

    [[label]]
    name = "PER"
    description = "people and families, real or not"   # optional
    key = "1"                                          # optional: 1 to 9, or 0 and a letter or digit
    colour = 3                                         # optional: 1 to 9
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from ner_tui.config.toml_file import Place, TomlFile
from ner_tui.domain.labels import CODES, COLOUR_SLOTS, Label, LabelSet, label_name
from ner_tui.errors import EditRefused, InputError

MOST = 2_000
"""Labels of a file at the most."""
_KEYS = ("name", "description", "key", "colour")


def label_set(asked: str) -> LabelSet:
    """Return the labels of ``--labels``: ``PER,ORG`` or the path of a file that ends in ``.toml``.

    Raises:
        InputError: a name cannot be a label's, or the file cannot be used.
    """
    if asked.lower().endswith(".toml"):
        return read_labels(Path(asked))
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if not names:
        raise InputError("--labels: give names with commas between them, or a .toml file")
    try:
        return LabelSet.of(label_name(name) for name in names)
    except EditRefused as refused:
        raise InputError(f"--labels: {refused}") from refused


def read_labels(path: Path) -> LabelSet:
    """Return the labels of a file.

    Raises:
        InputError: the file cannot be read, is not TOML, or says something that has no meaning here.
    """
    file = TomlFile(path)
    file.check_keys(file.table, (), ("label",), "a file of labels")
    tables = file.table.get("label")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise file.refused(("label",), 'a label is a table: a line [[label]] and one such as name = "PER"')
    if len(tables) > MOST:
        raise file.refused(("label", MOST), f"more than {MOST:,} labels: this cannot be the right file")
    labels: list[Label] = []
    for at, table in enumerate(tables):
        labels.append(_label(file, ("label", at), table, labels))
    labels = _coloured(labels)
    # Those that have no key of their own get what the others leave.
    found = LabelSet()
    for label in labels:
        found = found.with_label(label, len(found)) if label.key else found
    for at, label in enumerate(labels):
        found = found if label.key else found.with_label(label, at)
    return found


def _coloured(labels: list[Label]) -> list[Label]:
    """Return ``labels`` with a colour for each that has none: the one that the fewest have."""
    used = Counter(label.slot for label in labels)
    found = []
    for label in labels:
        slot = label.slot or min(range(1, COLOUR_SLOTS + 1), key=lambda slot: (used[slot], slot))
        used[slot] += not label.slot
        found.append(replace(label, slot=slot))
    return found


def _label(file: TomlFile, place: Place, table: dict[str, Any], before: list[Label]) -> Label:
    file.check_keys(table, place, _KEYS, "[[label]]")
    name = file.text_at(table, place, "name")
    if name is None:
        raise file.refused(place, 'this label has no name: add a line such as name = "PER"')
    try:
        label_name(name)
    except EditRefused as refused:
        raise file.refused((*place, "name"), str(refused)) from refused
    if any(label.name == name for label in before):
        raise file.refused((*place, "name"), f"there is a label {name} already: take one of the two out")
    key = file.text_at(table, place, "key") or ""
    if key and key not in CODES:
        raise file.refused((*place, "key"), f'{key!r} is no key of a label: write "1" to "9", or "0a" for a after 0')
    if key and any(label.key == key for label in before):
        raise file.refused((*place, "key"), f"key {key} is another label's already: give one of them another")
    colour = table.get("colour", 0)
    if "colour" in table and (type(colour) is not int or not 1 <= colour <= COLOUR_SLOTS):
        raise file.refused((*place, "colour"), f"colour has to be a number from 1 to {COLOUR_SLOTS}")
    return Label(name, key, colour, file.text_at(table, place, "description") or "")
