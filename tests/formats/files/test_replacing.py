"""Files replaced while somebody else writes to them: their version is kept beside, whatever the system can do."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest

from ner_tui.errors import ChangedOnDisk, InputError
from ner_tui.formats.files import replacing
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.formats.files.folders import filled_folder
from ner_tui.formats.files.replacing import FileRead, Replacement, version_of, versions_told
from ner_tui.formats.files.resumable import resumable_writer

LINK = os.link
OLD, THEIRS, OURS = "as it was\n", "as they have it\n", "as we have it\n"


def in_place(path: Path) -> None:
    path.write_text(THEIRS)


def by_renaming(path: Path) -> None:
    (path.parent / "theirs").write_text(THEIRS)
    (path.parent / "theirs").replace(path)


def by_a_link(path: Path) -> None:
    (path.parent / "far").mkdir(exist_ok=True)
    (path.parent / "far" / "away").write_text(THEIRS)
    path.unlink(missing_ok=True)
    path.symlink_to(path.parent / "far" / "away")


WRITERS = (in_place, by_renaming, by_a_link)


@pytest.fixture(params=["exchange", "links", "neither"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the file system can do."""

    def cannot(*_: object, **__: object) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    if request.param != "exchange":
        monkeypatch.setattr(replacing, "_rename", cannot)
    if request.param == "neither":
        monkeypatch.setattr(os, "link", cannot)
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.conll"
    path.write_text(OLD)
    return path


def meanwhile(monkeypatch: pytest.MonkeyPatch, write: Callable[[], object]) -> None:
    """Have somebody write when everything was looked at, and nothing is left to be done but the replacing."""
    exchange = Replacement._exchange

    def late(self: Replacement, new: Path) -> None:
        monkeypatch.setattr(Replacement, "_exchange", exchange)
        write()
        exchange(self, new)

    monkeypatch.setattr(Replacement, "_exchange", late)


def write_and(out: TextIO, writer: Callable[[Path], None], path: Path) -> None:
    """Write ours, and have somebody else write theirs."""
    out.write(OURS)
    writer(path)


def read_of(path: Path) -> FileRead:
    return FileRead(str(path), version_of(path), hashlib.sha256(path.read_bytes()).hexdigest())


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_was_written_while_we_wrote_is_kept_beside_and_told(
    writer: Callable[[Path], None], path: Path, system: str
) -> None:
    with versions_told() as told, atomic_writer(path) as out:
        out.write(OURS)
        writer(path)
    assert contents(path.parent) == {"a.conll": OURS, "a.conll.other": THEIRS}
    (sentence,) = told
    assert sentence == (f"{path} was changed by somebody else while it was written: that version is {path}.other")


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_that_was_read_is_not_replaced_if_it_is_another_by_then(
    writer: Callable[[Path], None], path: Path, system: str
) -> None:
    changed = pytest.raises(ChangedOnDisk, match="has changed on disk since it was read: nothing is written")
    with changed, atomic_writer(path, replaces=read_of(path)) as out:
        write_and(out, writer, path)
    assert contents(path.parent) == {"a.conll": THEIRS}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_written_in_the_moment_of_replacing_is_kept_beside(
    writer: Callable[[Path], None], path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: writer(path))
    with versions_told() as told, atomic_writer(path, replaces=read_of(path)) as out:
        out.write(OURS)
    assert contents(path.parent) == {"a.conll": OURS, "a.conll.other": THEIRS}
    assert len(told) == 1


def test_what_is_written_behind_the_second_name_of_a_file_is_seen(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def cannot(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    def and_write(one: Path, other: Path) -> None:
        link(one, other)
        path.write_text(THEIRS)

    monkeypatch.setattr(replacing, "_rename", cannot)
    monkeypatch.setattr(os, "link", and_write)
    with atomic_writer(path, replaces=read_of(path)) as out:
        out.write(OURS)
    assert contents(path.parent) == {"a.conll": OURS, "a.conll.other": THEIRS}


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_read_is_known_by_its_bytes_and_not_by_its_time(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ("a.conll.gz" if packed else "a.conll")
    pack: Callable[[bytes], bytes] = (lambda data: gzip.compress(data, mtime=0)) if packed else bytes
    path.write_bytes(pack(OLD.encode()))
    read = FileRead(str(path), version_of(path), hashlib.sha256(OLD.encode()).hexdigest())

    def write() -> None:
        info = path.stat()
        path.write_bytes(pack(OLD.replace("w", "v").encode()).ljust(info.st_size, b"\0")[: info.st_size])
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))

    with versions_told() as told, atomic_writer(path, replaces=read) as out:
        out.write(OURS)
    assert not told
    path.write_bytes(pack(OLD.encode()))
    read = read._replace(version=version_of(path))
    meanwhile(monkeypatch, write)
    with versions_told() as told, atomic_writer(path, replaces=read) as out:
        out.write(OURS)
    assert len(told) == 1
    assert Path(f"{path}.other").exists()


def test_a_file_that_appears_where_there_was_none_is_kept(tmp_path: Path, system: str) -> None:
    path = tmp_path / "a.conll"
    with atomic_writer(path) as out:
        out.write(OURS)
        path.write_text(THEIRS)
    assert contents(tmp_path) == {"a.conll": OURS, "a.conll.other": THEIRS}


def test_a_file_that_is_gone_meanwhile_is_written_anew(
    path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, path.unlink)
    with versions_told() as told, atomic_writer(path) as out:
        out.write(OURS)
    assert contents(path.parent) == {"a.conll": OURS}
    assert not told


def test_no_version_takes_the_place_of_another(path: Path, system: str) -> None:
    for _ in range(3):
        with atomic_writer(path) as out:
            out.write(OURS)
            path.write_text(THEIRS)
        path.write_text(OLD)
    names = ("a.conll.other", "a.conll.other-2", "a.conll.other-3")
    assert contents(path.parent) == {"a.conll": OLD, **dict.fromkeys(names, THEIRS)}


@pytest.mark.parametrize("name", ["a" * 255, "名" * 85, "𝒩" * 63 + "abc", "a" * 200])
def test_a_version_is_kept_beside_a_file_whose_name_is_as_long_as_can_be(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for _ in range(2):
        path.write_text(OLD)
        with atomic_writer(path) as out:
            out.write(OURS)
            path.write_text(THEIRS)
    kept = {each.name.partition(".")[0]: each for each in tmp_path.iterdir() if ".other" in each.name}
    assert all(each.read_text() == THEIRS and name.startswith(start) for start, each in kept.items())
    assert sorted(os.fsencode(each.name).rpartition(b".")[2] for each in tmp_path.glob("*.other*")) == [
        b"other",
        b"other-2",
    ]


def test_a_file_that_nobody_touched_leaves_nothing_behind(path: Path, system: str) -> None:
    path.chmod(0o640)
    hard = path.with_name("hard")
    LINK(path, hard)
    link = path.with_name("link")
    link.symlink_to(path)
    with versions_told() as told, atomic_writer(link, replaces=read_of(path)) as out:
        out.write(OURS)
    assert not told
    assert link.is_symlink()
    assert contents(path.parent) == {"a.conll": OURS, "link": OURS, "hard": OLD}
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_interrupted_exchange_loses_nothing(path: Path, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = Replacement._exchange

    def interrupted(self: Replacement, new: Path) -> None:
        path.write_text(THEIRS)
        exchange(self, new)
        raise KeyboardInterrupt

    monkeypatch.setattr(Replacement, "_exchange", interrupted)
    with pytest.raises(KeyboardInterrupt), atomic_writer(path) as out:
        out.write(OURS)
    assert contents(path.parent) == {"a.conll": OURS, "a.conll.other": THEIRS}


def test_a_version_that_cannot_be_kept_is_put_back(path: Path, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(replacing, "_kept_beside", full)
    with pytest.raises(InputError, match="cannot be written: no space left"), atomic_writer(path) as out:
        write_and(out, in_place, path)
    assert contents(path.parent) == {"a.conll": THEIRS}


def test_so_it_is_with_the_files_of_a_folder(tmp_path: Path, system: str) -> None:
    (tmp_path / "a").write_text(OLD)
    (tmp_path / "b").write_text(OLD)
    with versions_told() as told, filled_folder(str(tmp_path)) as files:
        for name in "abc":
            Path(files.path(name)).write_text(OURS)
        (tmp_path / "b").write_text(THEIRS)
        (tmp_path / "c").write_text(THEIRS)
    assert len(told) == 2
    assert contents(tmp_path) == {**dict.fromkeys("abc", OURS), "b.other": THEIRS, "c.other": THEIRS}


def test_so_it_is_with_what_can_be_gone_on_with(path: Path, system: str) -> None:
    with versions_told() as told, resumable_writer(str(path), "key") as kept:
        kept.out.write(OURS)
        path.write_text(THEIRS)
    assert len(told) == 1
    assert contents(path.parent) == {"a.conll": OURS, "a.conll.other": THEIRS}


def test_where_two_replace_a_file_all_the_time_each_version_was_read_or_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("0")
    try:
        replacing.exchange(path, path.with_name("none"))
    except FileNotFoundError:
        pass
    except OSError:
        pytest.skip("names cannot be exchanged here")
    read: set[str] = set()
    versions = [str(number) for number in range(1, 60)]

    def rename_on() -> None:
        for version in versions:
            (tmp_path / "new").write_text(version)
            read.add(path.read_text())
            (tmp_path / "new").replace(path)

    other = threading.Thread(target=rename_on)
    other.start()
    while other.is_alive():
        version, data = version_of(path), path.read_bytes()
        read.add(data.decode())
        found = FileRead(str(path), version, hashlib.sha256(data).hexdigest())
        with suppress(ChangedOnDisk), atomic_writer(path, synced=False, replaces=found) as out:
            out.write("ours")
    other.join()
    assert {*versions} <= {file.read_text() for file in tmp_path.iterdir()} | read
