"""Fast copies: checkpoints that were turned into int8 ONNX once, kept in the person's cache folder.

A copy is a checkpoint folder of its own, named after the hash of the files it was made from, and is used as long as
those files are the same. Hashing a large checkpoint takes a second or more, so a copy also remembers sizes and times of
the files that had its hash: while those stand, nothing is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ner_tui.errors import InputError, ModelError
from ner_tui.formats.files.atomic import put_text
from ner_tui.predictors.checkpoint import VOCABULARIES, Checkpoint

RECIPE = "fast-1"
"""Names how copies are made; it is hashed too, so that a better way makes new ones."""
NOTE = "fast-copy.json"
"""What a copy says of itself."""
_SEEN = "seen.json"
_SETTINGS = ("config.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")

Stamp = list[list[str | int]]
"""Name, size and times of each file: what changes when a file does, short of reading it."""


@dataclass(frozen=True, slots=True)
class FastCopy:
    """A checkpoint's fast copy."""

    folder: Path
    spec: str
    """The checkpoint as it was named when the copy was made: a folder or hub name."""
    source: Path
    """The folder that the checkpoint was in."""
    key: str
    """SHA-256 of its files, hexadecimal."""
    equal_tags: float
    """Share of the sample's words that have the same tag as in fp32, 0 to 1."""
    words: int
    """Words of the sample."""

    @property
    def size(self) -> int:
        """Bytes of the copy."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def write_note(self, folder: Path) -> None:
        """Write what ``copies`` reads into a copy that is being made."""
        note = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        put_text(folder / NOTE, json.dumps(note, indent=2) + "\n")

    def is_of(self, folder: Path) -> bool:
        """Tell whether a checkpoint folder holds the very files this copy was made from."""
        files = source_files(folder)
        stamp, seen = _stamp(files), self._seen()
        if not files or not stamp:
            return False
        place = str(folder.resolve())
        if seen.get(place) == stamp:
            return True
        if key_of(folder) != self.key:
            return False
        # A cache that cannot be written to costs time, no more.
        with suppress(OSError):
            put_text(self.folder / _SEEN, json.dumps({**seen, place: stamp}))
        return True

    def _seen(self) -> dict[str, object]:
        try:
            seen = json.loads((self.folder / _SEEN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return seen if isinstance(seen, dict) else {}


def copies_folder() -> Path:
    """Return where fast copies are kept: ``models`` in the person's cache folder for this program."""
    from platformdirs import user_cache_path

    return user_cache_path("ner-tui", appauthor=False) / "models"


def copies() -> Iterator[FastCopy]:
    """Yield all fast copies that are whole, in order of spec."""
    try:
        folders = [path for path in copies_folder().iterdir() if not path.name.startswith(".")]
    except OSError:
        return
    yield from sorted(filter(None, map(_read, folders)), key=lambda copy: copy.spec)


def fast_copy(spec: str, folder: Path | None) -> FastCopy | None:
    """Find the fast copy of a checkpoint; None if there is none or the checkpoint has changed since.

    Args:
        spec: what the person calls it.
        folder: where it is; None for a hub name, whose copy is found by name, so that the hub need not be asked.
    """
    for copy in copies():
        if folder is None and copy.spec == spec and copy.is_of(copy.source):
            return copy
        if folder is not None and copy.is_of(folder):
            return copy
    return None


def remove(spec: str) -> FastCopy:
    """Delete a checkpoint's fast copy, whether or not the checkpoint is still there.

    Raises:
        InputError: there is none, or it cannot be deleted.
    """
    place = Path(os.path.expanduser(spec)).resolve()  # noqa: PTH111
    for copy in copies():
        if copy.spec == spec or copy.source == place or copy.is_of(place):
            try:
                shutil.rmtree(copy.folder)
            except OSError as error:
                raise InputError(f"{copy.folder} cannot be deleted: {error.strerror}") from error
            return copy
    raise InputError(f"{spec}: has no fast copy; `ner-tui models` lists those there are")


def source_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of a checkpoint folder that decide what its fast copy says; none without weights for torch."""
    checkpoint = Checkpoint(folder, str(folder), {})
    try:
        weights = checkpoint.weights("safetensors") or checkpoint.weights("pickle")
    except ModelError:
        return ()
    if weights is None:
        return ()
    settings = sorted(path for name in {*_SETTINGS, *VOCABULARIES} if (path := folder / name).is_file())
    return (*settings, *weights.files)


def key_of(folder: Path) -> str:
    """Hash a checkpoint's files, in hexadecimal; a second or so for each gigabyte.

    Raises:
        ModelError: one of them cannot be read.
    """
    digest = hashlib.sha256(RECIPE.encode())
    try:
        for path in source_files(folder):
            with path.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").hexdigest()
            digest.update(f"\n{path.name} {content}".encode())
    except OSError as error:
        raise ModelError(f"{folder}: cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def _stamp(files: tuple[Path, ...]) -> Stamp:
    """Return the files' stamp; empty if one of them is gone."""
    try:
        states = [(path.name, path.stat()) for path in files]
    except OSError:
        return []
    return [[name, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino] for name, state in states]


def _read(folder: Path) -> FastCopy | None:
    """Read a copy's note; None if the folder is not that of a copy."""
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return FastCopy(
            folder,
            str(note["spec"]),
            Path(note["source"]),
            str(note["key"]),
            float(note["equal_tags"]),
            int(note["words"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
