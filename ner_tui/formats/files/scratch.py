"""Files without a name for what waits on the disk: where there is no room for them, that is said of their folder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile, gettempdir
from typing import IO, TYPE_CHECKING

from ner_tui.errors import InputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


@contextmanager
def scratch_file() -> Iterator[IO[bytes]]:
    """Give a file to write, seek and read, which is gone when the block ends.

    Raises:
        InputError: the folder for temporary files takes nothing more.
    """
    try:
        raw = TemporaryFile(buffering=0)  # noqa: SIM115 - closed below, where it was opened well
    except OSError as error:
        raise _no_room(error) from error
    with raw, io.BufferedRandom(_Scratch(raw)) as file:
        yield file


def _no_room(error: OSError) -> InputError:
    reason = (error.strerror or str(error)).lower()
    return InputError(f"{gettempdir()}, where data wait, cannot be written: {reason}; set TMPDIR to a folder with room")


class _Scratch(io.RawIOBase):
    """A file whose errors name the folder that it is in."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__()
        self._raw = raw

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._raw.read(len(view))
        view[: len(data)] = data
        return len(data)

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return self._raw.write(bytes(data))
        except OSError as error:
            raise _no_room(error) from error

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def truncate(self, size: int | None = None, /) -> int:
        return self._raw.truncate(size)
