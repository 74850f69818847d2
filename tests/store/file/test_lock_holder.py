"""Who has a project open, as a lock file says."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ner_tui.store.file.lock_holder import Holder

MINE = Holder.this_process("ada", Path("/work/p.ner"))


def read(path: Path) -> Holder | None:
    file = os.open(path, os.O_RDONLY)
    try:
        # Wherever it was read to before.
        os.lseek(file, 0, os.SEEK_END)
        return Holder.read(file)
    finally:
        os.close(file)


def test_a_holder_is_told_by_name_computer_and_time() -> None:
    begun = time.mktime((2026, 3, 4, 5, 6, 0, 0, 0, -1))
    assert str(Holder("ad\x1ba", "here", 7, begun)) == "ad␛a on here (process 7, since 04 March 05:06)"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.ner-lock"
    mine = Holder.this_process("ada", tmp_path / "p.ner")
    path.write_bytes(mine.written())
    assert (read(path), mine.path) == (mine, str(tmp_path / "p.ner"))
    path.write_text(f'{{"annotator": "eve", "host": "h", "pid": 3, "begun": {mine.begun}}}')
    assert read(path) == Holder("eve", "h", 3, mine.begun)
    for pid in ("0", "-1", '"x"'):
        path.write_text(f'{{"annotator": "eve", "host": "h", "pid": {pid}, "begun": {mine.begun}}}')
        assert read(path) is None


def test_of_a_copy_nothing_is_known_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "p.ner-lock"
    holder = replace(Holder.this_process("ada", path), begun=time.time() - 60)
    path.write_bytes(holder.written())
    assert read(path) == replace(holder, started="", path="")


def test_a_name_or_path_of_any_length_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "p.ner-lock"
    for name, folder in (("x" * 9000, "y" * 9000), ("\U0001f600" * 9000, "\udce4" * 1000)):
        path.write_bytes(Holder.this_process(name, Path("/" + folder)).written())
        found = read(path)
        assert found is not None
        assert name.startswith(found.annotator)
        assert found.path == ""


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells elsewhere when a process was started")
def test_a_process_is_known_by_its_number_and_when_it_was_started() -> None:
    assert MINE.started
    assert (MINE.lives, MINE.is_elsewhere) == (True, False)
    # Where files cannot be locked, what a process left itself is no obstacle to it.
    assert not MINE.may_live
    parent = replace(MINE, pid=os.getppid())
    assert (parent.lives, parent.may_live) == (False, False)
    assert (replace(parent, started="").lives, replace(parent, started="").may_live) == (False, True)
    there = replace(MINE, host="elsewhere")
    assert (there.lives, there.may_live, there.is_elsewhere) == (False, True, True)
    nobody = replace(MINE, pid=2**40)
    assert (nobody.lives, nobody.may_live) == (False, False)


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells elsewhere when a process was started")
def test_where_the_files_of_the_host_tell_of_processes_a_container_knows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "self").symlink_to("4711")
    for name in ("sys", str(os.getpid())):
        (tmp_path / name).symlink_to(Path("/proc", name))
    monkeypatch.setattr("ner_tui.store.file.lock_holder._PROCESSES", tmp_path)
    assert Holder.this_process("ada", tmp_path).started == ""
    assert not MINE.lives
