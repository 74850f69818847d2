"""Files for what waits: written, read again, and an error that names their folder."""

from __future__ import annotations

import errno
import io
import os
import signal

import pytest

from ner_tui.errors import InputError
from ner_tui.formats.files import scratch
from ner_tui.formats.files.scratch import scratch_file


def test_what_is_written_is_read_again() -> None:
    with scratch_file() as file:
        file.write(b"Ada\n" * 50_000)
        assert file.tell() == 200_000
        file.seek(4)
        assert file.read(5) == b"Ada\nA"
        file.seek(0, io.SEEK_END)
        file.write(b"left")
        file.seek(0)
        assert file.read() == b"Ada\n" * 50_000 + b"left"


def test_it_is_a_text_file_too() -> None:
    with scratch_file() as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
        text.write("Łódź\r\n")
        text.seek(0)
        assert text.readlines() == ["Łódź\r\n"]


def test_a_disk_that_takes_no_more_is_said_of_the_folder_and_with_what_to_do() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        with pytest.raises(InputError, match="file too large; set TMPDIR"), scratch_file() as file:
            file.write(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_folder_that_takes_no_files_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(scratch, "TemporaryFile", refused)
    with pytest.raises(InputError, match="permission denied; set TMPDIR"), scratch_file():
        pass
