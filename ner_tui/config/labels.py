"""The labels of ``--labels``: names with commas between them, or a TOML file that says more of each.

The file has a table per label, in order::

    [[label]]
    name = "PER"
    description = "people and families, real or not"   # optional
    key = "1"                                          # optional: 1 to 9, or 0 and a letter or digit
    colour = 3                                         # optional: 1 to 12
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from ner_tui.config.toml_file import TomlFile, TomlTable
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
    if Path(asked).suffix and Path(asked).is_file():
        raise InputError(
            f"--labels: {asked} is a file, and only one that ends in .toml says labels: give their names with commas "
            "between them, such as --labels PER,ORG"
        )
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if not names:
        raise InputError("--labels: give names with commas between them, or a .toml file")
    try:
        return LabelSet.of(label_name(name) for name in names)
    except EditRefused as refused:
        spaced = next((name for name in names if len(name.split()) > 1), None)
        instead = f"; write {'_'.join(spaced.split())}" if spaced else ""
        raise InputError(f"--labels: {refused}{instead}") from refused


def read_labels(path: Path) -> LabelSet:
    """Return the labels of a file.

    Raises:
        InputError: the file cannot be read, is not TOML, or says something that has no meaning here.
    """
    file = TomlFile(path)
    file.at().check_keys("a file of labels", ("label",))
    tables = file.table.get("label")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise file.refused(("label",), 'a label is a table: a line [[label]] and one such as name = "PER"')
    if len(tables) > MOST:
        raise file.refused(("label", MOST), f"more than {MOST:,} labels: this cannot be the right file")
    labels: list[Label] = []
    for number in range(len(tables)):
        labels.append(_label(file.at("label", number), labels))
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


def _label(table: TomlTable, before: list[Label]) -> Label:
    table.check_keys("[[label]]", _KEYS)
    name = table.optional_text("name")
    if name is None:
        raise table.error('this label has no name: add a line such as name = "PER"')
    try:
        label_name(name)
    except EditRefused as refused:
        raise table.error(str(refused), "name") from refused
    if any(label.name == name for label in before):
        raise table.error(f"there is a label {name} already: take one of the two out", "name")
    key = table.optional_text("key") or ""
    if key and key not in CODES:
        raise table.error(f'{key!r} is no key of a label: write "1" to "9", or "0a" for a after 0', "key")
    if key and any(label.key == key for label in before):
        raise table.error(f"key {key} is another label's already: give one of them another", "key")
    colour = table.value.get("colour", 0)
    if type(colour) is not int or ("colour" in table.value and not 1 <= colour <= COLOUR_SLOTS):
        raise table.error(f"colour has to be a number from 1 to {COLOUR_SLOTS}", "colour")
    return Label(name, key, colour, table.optional_text("description") or "")
