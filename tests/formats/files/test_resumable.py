"""Files whose writing can be resumed: what was noted is gone on with, and nothing that others left is touched."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ner_tui.errors import BeingWritten, InputError
from ner_tui.formats.files import resumable
from ner_tui.formats.files.replacing import Replacement
from ner_tui.formats.files.resumable import can_be_kept, resumable_writer


class Interrupted(Exception):
    """What ends a run early."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(resumable, "EVERY", 0.0)
    return tmp_path


def run(key: str, *blocks: str, ends: bool = True, rest: str = "") -> int:
    """Write blocks, and what is noted of none, and return how many were written before."""
    try:
        with resumable_writer("out", key) as kept:
            for number, block in enumerate(blocks[kept.done :], kept.done + 1):
                kept.out.write(block)
                kept.note(number)
            kept.out.write(rest)
            if not ends:
                raise Interrupted
            return kept.done
    except Interrupted:
        return kept.done


def there() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_what_was_noted_is_gone_on_with_and_what_was_written_behind_it_is_written_anew() -> None:
    assert run("k", "one ", "zwei é ", ends=False, rest="lost") == 0
    assert there() == ["out.partial", "out.partial.json"]
    assert run("k", "-", "-", "three") == 2
    assert Path("out").read_text(encoding="utf-8") == "one zwei é three"
    assert there() == ["out"]


def test_all_that_was_written_may_have_been_noted() -> None:
    run("k", "one ", ends=False)
    assert run("k", "-") == 1
    assert Path("out").read_text() == "one "


def test_what_was_made_otherwise_or_cut_off_is_begun_anew() -> None:
    run("k", "one ", ends=False)
    assert run("other", "two ", "three", ends=False) == 0
    assert Path("out.partial").read_text() == "two three"
    os.truncate("out.partial", 3)
    assert run("other", "two ", "three") == 0
    assert Path("out").read_text() == "two three"


def test_where_nothing_was_noted_nothing_stays_and_the_old_file_is_as_it_was() -> None:
    Path("out").write_text("old")
    assert run("k", ends=False, rest="x") == 0
    assert there() == ["out"]
    assert Path("out").read_text() == "old"


def test_a_run_that_is_over_leaves_no_file_open() -> None:
    with resumable_writer("out", "k") as kept:
        kept.out.write("one")
    assert kept.out.closed


@pytest.mark.parametrize("moved", [True, False])
def test_what_cannot_be_put_in_its_place_is_gone_on_with_the_next_time(
    monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    Path("out").write_text("old")

    def fail(replacement: Replacement, new: Path, waiting: Path) -> None:
        if moved:
            new.rename(waiting)
        raise OSError("no")

    with monkeypatch.context() as patched:
        patched.setattr(Replacement, "put", fail)
        with pytest.raises(InputError, match=r"^out cannot be written: no$"):
            run("k", "one ", "two")
    assert (there(), Path("out").read_text()) == (["out", "out.partial", "out.partial.json"], "old")
    assert run("k", "-", "-", "three") == 2
    assert (there(), Path("out").read_text()) == (["out"], "one twothree")


def test_notes_take_no_more_than_their_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now, write = 100.0, resumable.Resumable._write_note

    def slowly(self: resumable.Resumable, done: int, size: int) -> None:
        nonlocal now
        write(self, done, size)
        now += 1

    monkeypatch.setattr(resumable, "EVERY", 5.0)
    monkeypatch.setattr(resumable, "monotonic", lambda: now)
    monkeypatch.setattr(resumable.Resumable, "_write_note", slowly)
    noted = []
    with resumable_writer("out", "k") as kept:
        for at in (110.0, 115.9, 116.0, 121.9, 122.0):
            now = at
            kept.note(int(at) - 100)
            noted.append(json.loads(Path("out.partial.json").read_text())["blocks"])
    assert noted == [10, 10, 16, 16, 22]


def test_a_file_keeps_the_mode_of_the_one_whose_place_it_takes() -> None:
    Path("out").write_text("old")
    Path("out").chmod(0o640)
    run("k", "new")
    assert (stat.S_IMODE(Path("out").stat().st_mode), Path("out").read_text()) == (0o640, "new")


def linked(path: Path) -> None:
    Path("elsewhere").write_text("precious")
    path.symlink_to("elsewhere")


def named_twice(path: Path) -> None:
    Path("elsewhere").write_text("precious")
    os.link("elsewhere", path)


@pytest.mark.parametrize("make", [linked, named_twice, os.mkfifo, os.mkdir])
@pytest.mark.parametrize("name", ["out.partial", "out.partial.json"])
def test_what_others_put_in_the_place_of_its_own_files_is_refused_and_left_alone(
    make: Callable[[Path], None], name: str
) -> None:
    make(Path(name))
    before = there()
    with pytest.raises(InputError, match=rf"{name} is no file of its own"), resumable_writer("out", "k"):
        pass
    assert there() == before
    assert not Path("elsewhere").exists() or Path("elsewhere").read_text() == "precious"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"key": "k", "blocks": "x", "bytes": 0}', None])
def test_files_of_the_same_name_that_no_run_left_are_refused(content: str | None) -> None:
    name = "out.partial" if content is None else "out.partial.json"
    Path(name).write_text("mine" if content is None else content)
    with pytest.raises(InputError, match=rf"{name} is there, and no earlier run left it"), resumable_writer("out", "k"):
        pass
    assert Path(name).read_text() == ("mine" if content is None else content)


def test_two_runs_at_one_file_do_not_meet() -> None:
    with resumable_writer("out", "k") as kept:
        kept.out.write("first")
        with pytest.raises(BeingWritten, match="is being written by another run"), resumable_writer("out", "k"):
            pass
    assert Path("out").read_text() == "first"
    assert run("k", "second") == 0
    assert Path("out").read_text() == "second"
    run("k", "third", ends=False)
    assert run("k", "-") == 1, "nor is one that ended early in the way of the next"


def test_where_the_system_has_no_locks_nobody_is_kept_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.formats.files.file_locks.sys.platform", "win32")
    run("k", "one ", ends=False)
    with resumable_writer("out", "k") as kept:
        assert kept.done == 1
    assert Path("out").read_text() == "one "


def test_only_a_plain_file_can_be_kept() -> None:
    Path("file").write_text("")
    Path("folder").mkdir()
    os.mkfifo("pipe")
    names = ("new", "file", "folder", "pipe", "new.gz", "-")
    assert [name for name in names if can_be_kept(name)] == ["new", "file"]
