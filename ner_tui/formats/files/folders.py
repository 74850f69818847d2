"""Folders that commands fill: a file for each document under its own name, all of them in their places or none."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from filecmp import cmp
from pathlib import Path

from ner_tui.errors import InputError
from ner_tui.formats.files.atomic import sync
from ner_tui.formats.files.compression import without_compression
from ner_tui.formats.files.inputs import STDIN, ReadFiles, refuse_output
from ner_tui.formats.files.replacing import Replacement

_LONGEST = 160
"""Bytes of a name before its suffix: file systems take 255, and what is written meanwhile has a longer one."""
_SYNCED_AT_ONCE = 16
_NUMBERED = re.compile(r"(.*\S)#(\d{1,9})", re.DOTALL)
"""The further documents of a file: ``news.conll#2``."""


def is_folder(path: str) -> bool:
    """Whether an output is to be a folder: its name ends with a slash, or it is one already."""
    return path not in ("", STDIN) and (path.endswith(("/", os.sep)) or Path(path).is_dir())


class FileNames:
    """Names of files in one folder for documents, whatever these are called; no two are the same, in any case."""

    def __init__(self, suffixes: Collection[str], tell: Callable[[str], None]) -> None:
        """Begin.

        Args:
            suffixes: of files of texts, such as ``.conll``: no parts of a document's own name.
            tell: takes a sentence for each document whose name another one has already.
        """
        self._suffixes = suffixes
        self._tell = tell
        self._given: dict[str, int] = {}
        """By name in lower case, which number to try for the next document of that name."""

    def take(self, document: str, extension: str | None = None) -> str:
        """Return the name of the file for a document; folders in the document's name do not count.

        Args:
            extension: of the file, such as ``.jsonl``; None: that of the document's own name.
        """
        stem, own = self._parts(document)
        plain = f"{stem}{own if extension is None else extension}"
        name = plain
        while name.casefold() in self._given:
            number = self._given[plain.casefold()] = self._given[plain.casefold()] + 1
            name = f"{stem}-{number}{plain.removeprefix(stem)}"
        if name != plain:
            self._tell(f"{document} is written as {name}: there is another {plain}")
        self._given[name.casefold()] = 1
        return name

    def _parts(self, document: str) -> tuple[str, str]:
        """Return a document's name as a file can be called, and the suffix that is no part of it."""
        numbered = _NUMBERED.fullmatch(document)
        path, number = numbered.groups() if numbered else (document, "")
        last = re.split(r"[/\\]", path)[-1]
        suffix = without_compression(last).suffix if last.strip(".") else ""
        suffix = suffix if suffix.lower() in self._suffixes else ""
        own = suffix + last.removeprefix(str(without_compression(last))) if last.strip(".") else ""
        # A name that begins with a dot is hidden, and none of what reads folders takes it.
        stem = "".join(char if char.isprintable() else "_" for char in last.removesuffix(own)).strip(" .")
        stem = stem.encode()[:_LONGEST].decode(errors="ignore") or "document"
        return (f"{stem}-{number}" if number else stem), own


class FolderFiles:
    """The files that are to get into a folder; they wait in a hidden one inside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.waiting = folder / f".{secrets.token_hex(4)}.tmp"
        """Where they wait."""
        self._places: dict[str, Replacement] = {}

    def path(self, name: str) -> str:
        """Return where to write a file; what is written beside it gets into the folder too."""
        self._places[name] = Replacement(self._folder / name)
        return str(self.waiting / name)

    def move(self, inputs: ReadFiles) -> None:
        """Put all files in their places; what is to be beside one of them and is there already stays.

        Raises:
            InputError: one is the name of a folder or of one of ``inputs``, or what is to be beside one of them is
                there and holds another text.
        """
        moves: list[tuple[Path, Path, Replacement]] = []
        for file in sorted(self.waiting.iterdir()):
            target = self._folder / file.name
            if target.is_dir():
                raise InputError(f"{target} is a folder where a file is needed")
            if file.name not in self._places and target.exists():
                if not cmp(file, target, shallow=False):
                    raise InputError(f"{target} is there already and holds another text: choose another folder")
                continue
            inputs.refuse(target)
            refuse_output(target)
            moves.append((file, target, self._places.get(file.name) or Replacement(target)))
        # Side by side, the system puts many on the disk in one go.
        with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:
            list(pool.map(sync, (file for file, *_ in moves)))
        try:
            _move(moves)
        except (KeyboardInterrupt, SystemExit):
            # All or nothing, and some are in their places by now.
            _move(moves)
            raise
        finally:
            sync(self._folder)


def _move(moves: Sequence[tuple[Path, Path, Replacement]]) -> None:
    """Move files, those that were not moved yet."""
    for file, target, place in moves:
        if file.exists():
            if target.is_file():
                file.chmod(stat.S_IMODE(target.stat().st_mode))
            place.put(file)


@contextmanager
def filled_folder(path: str, inputs: Iterable[str] = ()) -> Iterator[FolderFiles]:
    """Give files to write; they get into the folder ``path`` when the block ends well, and none of them otherwise.

    Files that are there are replaced, and others stay. A folder that was made for it goes again if the block fails.

    Args:
        inputs: files that are read, and are not to be written over.

    Raises:
        InputError: it cannot be made or written.
    """
    folder = Path(path)
    files = FolderFiles(folder)
    try:
        with made_folder(path):
            try:
                files.waiting.mkdir()
                yield files
                files.move(ReadFiles(inputs))
            finally:
                shutil.rmtree(files.waiting, ignore_errors=True)
    except BaseException as error:
        if type(error) is InputError:
            raise InputError(str(error).replace(str(files.waiting), str(folder))) from error
        if isinstance(error, OSError) and error.filename is not None and _is_in(error.filename, folder):
            raise InputError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
        raise


@contextmanager
def made_folder(path: str) -> Iterator[None]:
    """Make a folder, and those around it, where there is none; what was made goes again if the block fails.

    What the block has left in it stays, as do the folders around that.

    Raises:
        InputError: it cannot be made.
    """
    made = make_folder(path)
    try:
        yield
    except BaseException:
        for each in made:
            with suppress(OSError):
                each.rmdir()
        raise


def make_folder(path: str) -> list[Path]:
    """Make a folder, and those around it, where there is none; return what was made, the innermost first.

    Raises:
        InputError: it cannot be made.
    """
    folder = Path(path)
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{path} is to be a folder, and {folder} is a file")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be made: {(error.strerror or str(error)).lower()}") from error
    return missing


def _is_in(name: object, folder: Path) -> bool:
    return Path(os.fsdecode(str(name))).is_relative_to(folder)
