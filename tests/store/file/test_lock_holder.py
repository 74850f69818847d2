"""Who has a project open, as a lock file says."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ner_tui.store.file.lock_holder import Holder

MINE = Holder.this_process("ada")


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
    path.write_bytes(MINE.written())
    assert read(path) == MINE
    path.write_text('{"annotator": "eve", "host": "h", "pid": 3, "begun": 1}')
    assert read(path) == Holder("eve", "h", 3, 1.0)
    for pid in ("0", "-1", '"x"'):
        path.write_text(f'{{"annotator": "eve", "host": "h", "pid": {pid}, "begun": 1}}')
        assert read(path) is None


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells elsewhere when a process was started")
def test_a_process_is_known_by_its_number_and_when_it_was_started() -> None:
    assert MINE.started
    assert (MINE.lives, MINE.may_live, MINE.is_elsewhere) == (False, False, False)
    parent = replace(MINE, pid=os.getppid())
    assert (parent.lives, parent.may_live) == (False, False)
    assert (replace(parent, started="").lives, replace(parent, started="").may_live) == (False, True)
    there = replace(MINE, host="elsewhere")
    assert (there.lives, there.may_live, there.is_elsewhere) == (False, True, True)
    nobody = replace(MINE, pid=2**40)
    assert (nobody.lives, nobody.may_live) == (False, False)
