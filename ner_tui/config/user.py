"""A person's own settings: their keys, their theme, the name their edits carry.

They are in ``config.toml`` in the folder that the platform has for such files, or in a file that is named::

    [app]
    theme = "nord"                             # where the project has no theme of its own
    annotator = "Ada Okonkwo"
    accept_doubtful = true                     # enter and space accept doubtful suggestions, too
    errors_left = 20                           # with so many sentences that have errors you can live

    [keys]                                     # in place of the keys that a command has
    "sentence.confirm" = ["c", "enter", "ctrl+n"]
    "view.theme" = "z c"                       # c after z
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.errors import FormatError

if TYPE_CHECKING:
    from ner_tui.config.toml_file import Place, TomlFile, TomlTable

NAME = "config.toml"


class KeyChange(NamedTuple):
    """The keys that a command is to have, as they were typed."""

    command: str
    """Such as ``span.accept``; nothing here knows which there are."""
    keys: tuple[str, ...]
    path: str
    line: int
    """Line of the file, counted from 1."""

    def refused(self, reason: str) -> FormatError:
        """Return the error that says why this cannot be."""
        return FormatError(self.path, self.line, reason)


class ThemeChoice(NamedTuple):
    """The theme of a person's choice."""

    name: str
    path: str
    line: int

    def refused(self, reason: str) -> FormatError:
        """Return the error that says why this cannot be."""
        return FormatError(self.path, self.line, reason)


@dataclass(frozen=True, slots=True)
class UserConfig:
    """What a person has set; nothing by default."""

    keys: tuple[KeyChange, ...] = ()
    theme: ThemeChoice | None = None
    annotator: str | None = None
    accept_doubtful: bool = False
    errors_left: int | None = None


def default_path() -> Path:
    """Return where the settings are looked for if no file is named."""
    from platformdirs import user_config_path

    return user_config_path("ner-tui", appauthor=False) / NAME


def read_user_config(path: str | None = None) -> UserConfig:
    """Return the settings of the file at ``path``, or of the one in the usual place, where there need not be one.

    Raises:
        InputError: the file cannot be read, is not TOML, or says something that has no meaning here.
    """
    place = default_path() if path is None else Path(path)
    if path is None and not place.is_file():
        return UserConfig()
    from ner_tui.config.toml_file import TomlFile

    file = TomlFile(place)
    file.at().check_keys("the configuration", ("app", "keys"))
    app = _table(file, "app")
    app.check_keys("[app]", ("accept_doubtful", "annotator", "errors_left", "theme"))
    theme = app.optional_text("theme")
    return UserConfig(
        tuple(_changes(file, _table(file, "keys").value)),
        ThemeChoice(theme, str(place), file.line(("app", "theme"))) if theme else None,
        app.optional_text("annotator"),
        app.optional_flag("accept_doubtful"),
        app.optional_number("errors_left"),
    )


def _table(file: TomlFile, name: str) -> TomlTable:
    if not isinstance(file.table.setdefault(name, {}), dict):
        raise file.refused((name,), f"{name} has to be a table: write [{name}] in a line of its own")
    return file.at(name)


def _changes(file: TomlFile, table: Mapping[str, object]) -> Iterator[KeyChange]:
    seen: set[str] = set()
    for place, value in _flat(table, ("keys",)):
        command = ".".join(str(name) for name in place[1:])
        if command in seen:
            raise file.refused(place, f"{command} has its keys twice: keep one of the two lines")
        seen.add(command)
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise file.refused(
                place, f'{command} needs a key or a list of keys, such as "{command}" = ["ctrl+n", "z n"]'
            )
        yield KeyChange(command, tuple(keys), str(file.path), file.line(place))


def _flat(table: Mapping[str, object], place: Place) -> Iterator[tuple[Place, object]]:
    """Yield (place, value) of all that is in ``table``; ``span.accept = …`` is a table in a table to TOML."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, (*place, name))
        else:
            yield (*place, name), value
