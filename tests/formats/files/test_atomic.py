"""Atomic files: there whole or not at all, with the mode and the link they had."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.formats.files import atomic
from ner_tui.formats.files.atomic import atomic_writer, open_special


def test_a_file_is_replaced_and_its_mode_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("old")
    path.chmod(0o640)
    with atomic_writer(path) as out:
        out.write("Łódź O\r\n")
        assert path.read_text() == "old"
    assert path.read_bytes() == "Łódź O\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.conll"]


def test_a_new_file_has_the_mode_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_writer(tmp_path / "a.conll") as out:
            out.write("x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.conll").stat().st_mode) == 0o640


def test_all_of_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.conll"
    path.write_text("old")
    seen: list[tuple[int, str]] = []
    monkeypatch.setattr(os, "fsync", lambda file: seen.append((os.fstat(file).st_size, path.read_text())))
    with atomic_writer(path) as out:
        out.write("news")
    assert seen[0] == (4, "old")
    assert path.read_text() == "news"


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("old")

    def interrupted() -> None:
        with atomic_writer(path) as out:
            out.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.conll"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.conll", tmp_path / "link.conll"
    real.write_text("old")
    link.symlink_to(real)
    with atomic_writer(link) as out:
        out.write("new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_device_is_written_and_not_replaced() -> None:
    with atomic_writer("/dev/null") as out:
        out.write("x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_what_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, sentence in [
        (tmp_path, f"{tmp_path} is a folder where a file is needed"),
        (tmp_path / "no" / "a", f"{tmp_path}/no/a cannot be written: there is no folder {tmp_path}/no"),
        (tmp_path / "file" / "a", f"{tmp_path}/file/a cannot be written: there is no folder {tmp_path}/file"),
        (Path("/dev/full"), "/dev/full cannot be written: no space left on device"),
    ]:
        with pytest.raises(InputError) as raised, atomic_writer(path) as out:
            out.write("x")
        assert str(raised.value) == sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written: permission denied"), atomic_writer(tmp_path / "a"):
        pass


def test_a_pipe_that_nobody_reads_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "TIME_LIMIT", 0.05)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="nobody reads") as told:
        open_special(path)
    assert (told.value.strerror, told.value.filename) == ("it is a pipe that nobody reads", str(path))
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    handle = open_special(path)
    assert os.get_blocking(handle)
    os.close(handle)
    os.close(reader)
