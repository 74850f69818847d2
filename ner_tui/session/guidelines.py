"""Guidelines: the Markdown file that says what to label how, named by the project or in the same folder."""

from __future__ import annotations

from pathlib import Path

from ner_tui.errors import EncodingError, InputError
from ner_tui.formats.files.inputs import note_input
from ner_tui.formats.files.paths import kept_path
from ner_tui.store.project import Project

LARGEST = 1_000_000
"""Bytes that a file of guidelines has at the most."""
NAMES = ("GUIDELINES.md", "guidelines.md")
"""Names that are looked for in the project's folder if no file was named."""
_SETTING = "guidelines"


class Guidelines:
    """The project's guidelines, read from the disk each time."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @property
    def path(self) -> Path | None:
        """The file that was named, or else the one beside the project; None if there is neither."""
        named = self._project.setting(_SETTING)
        if named:
            return Path(named)
        folder = self._project.path.resolve().parent
        return next((folder / name for name in NAMES if (folder / name).is_file()), None)

    @property
    def name(self) -> str:
        """The file's name without its folder; empty if there is none."""
        return self.path.name if self.path else ""

    def use(self, path: str) -> None:
        """Name the file, from now on and in later sessions.

        Raises:
            InputError: it cannot be used now, or a project cannot keep its name.
        """
        read_guidelines(Path(path))
        self._project.set_setting(_SETTING, kept_path(path))

    def read(self) -> str:
        """Return the file's text.

        Raises:
            InputError: there is none, or it cannot be used.
        """
        if self.path is None:
            raise InputError(f"no guidelines: put a {NAMES[0]} beside the project, or name a file with --guidelines")
        return read_guidelines(self.path)


def read_guidelines(path: Path) -> str:
    """Return the text of a file of guidelines.

    Raises:
        InputError: it cannot be read, is no file, is too large, or is not UTF-8.
    """
    again = "name another file with --guidelines"
    note_input(path)
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: the guidelines have to be a file: {again}")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path}: the guidelines cannot be read ({error.strerror or error}): {again}") from error
    if len(data) > LARGEST:
        raise InputError(f"{path}: the guidelines are larger than {LARGEST:,} bytes: {again}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(f"{path}: the guidelines are not UTF-8 (byte {error.start}): save them as UTF-8") from error
