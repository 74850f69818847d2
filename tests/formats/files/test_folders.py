"""Folders that commands fill: each document under its own name, whatever that is, and all files or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.errors import InputError
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.formats.files.folders import FileNames, filled_folder, is_folder
from ner_tui.formats.files.replacing import Replacement

SUFFIXES = {".conll", ".txt", ".jsonl"}


def names_of(*documents: str, extension: str = ".ann") -> list[str]:
    names = FileNames(SUFFIXES, lambda _: None)
    return [names.take(document, extension) for document in documents]


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("news.txt", "news.ann"),
        ("in/2024/news.CONLL", "news.ann"),
        ("news.conll.gz", "news.ann"),
        ("news.conll#2", "news-2.ann"),
        ("v1.2", "v1.2.ann"),
        ("report 7", "report 7.ann"),
        ("../../etc/passwd", "passwd.ann"),
        ("C:\\data\\news.txt", "news.ann"),
        ("..", "document.ann"),
        ("a/", "document.ann"),
        ("", "document.ann"),
        (".hidden.txt", "hidden.ann"),
        ("two\nlines\0\x1b[31m", "two_lines__[31m.ann"),
        ("Łódź.txt", "Łódź.ann"),
    ],
)
def test_a_file_is_called_like_its_document(document: str, name: str) -> None:
    assert names_of(document) == [name]


def test_a_copy_keeps_all_of_its_name() -> None:
    names = FileNames(SUFFIXES, lambda _: None)
    assert [names.take(path) for path in ("in/a.conll", "in/b.jsonl.gz", "c")] == ["a.conll", "b.jsonl.gz", "c"]


def test_of_two_documents_of_one_name_the_second_is_numbered_and_told() -> None:
    told: list[str] = []
    names = FileNames(SUFFIXES, told.append)
    assert [names.take(name, ".ann") for name in ("a/x.txt", "b/x.txt", "X.conll", "x.txt#2", "x-2")] == [
        "x.ann", "x-2.ann", "X-3.ann", "x-2-2.ann", "x-2-3.ann",
    ]  # fmt: skip
    assert told[0] == "b/x.txt is written as x-2.ann: there is another x.ann"
    assert len(told) == 4


@given(st.lists(st.text(max_size=300) | st.sampled_from(["a", "A", "a-2", "a#2", "a.txt", "é" * 200]), max_size=12))
def test_names_are_safe_and_no_two_the_same(documents: list[str]) -> None:
    names = names_of(*documents)
    assert len({name.casefold() for name in names}) == len(documents)
    for name in names:
        assert Path(name).name == name
        assert not name.startswith(".")
        assert name.isprintable()
        assert len(name.encode()) < 200


def test_what_ends_with_a_slash_or_is_there_as_one_is_a_folder(tmp_path: Path) -> None:
    assert is_folder(str(tmp_path))
    assert is_folder(f"{tmp_path}/new/")
    assert not is_folder(f"{tmp_path}/new")
    assert not is_folder("-")
    assert not is_folder("")


def fill(
    folder: str | Path,
    files: Mapping[str, str],
    beside: Mapping[str, str] | None = None,
    inputs: Collection[str] = (),
    failure: BaseException | None = None,
) -> None:
    with filled_folder(str(folder), inputs) as filled:
        for name, text in files.items():
            Path(filled.path(name)).write_text(text)
        for name, text in (beside or {}).items():
            (filled.waiting / name).write_text(text)
        if failure:
            raise failure


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in sorted(folder.iterdir())}


def test_files_come_into_a_folder_that_is_made_for_them_and_others_stay(tmp_path: Path) -> None:
    fill(f"{tmp_path}/new/inner/", {"a": "new"})
    assert contents(tmp_path / "new/inner") == {"a": "new"}
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a").write_text("old")
    (tmp_path / "other/a").chmod(0o600)
    (tmp_path / "other/b").write_text("b")
    fill(tmp_path / "other", {"a": "new"})
    assert contents(tmp_path / "other") == {"a": "new", "b": "b"}
    assert (tmp_path / "other/a").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_of_what_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fill(f"{tmp_path}/new/inner/", {"a": "half"}, failure=KeyboardInterrupt())
    assert not list(tmp_path.iterdir())
    (tmp_path / "a").write_text("old")
    with pytest.raises(ValueError, match="broken"):
        fill(tmp_path, {"a": "half"}, failure=ValueError("broken"))
    assert contents(tmp_path) == {"a": "old"}


def test_who_is_interrupted_while_the_files_are_moved_has_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, calls = Replacement.put, 0

    def interrupted(self: Replacement, new: Path) -> None:
        nonlocal calls
        calls += 1
        put(self, new)
        if calls == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Replacement, "put", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path / "new", {name: name for name in "abcd"})
    assert contents(tmp_path / "new") == {name: name for name in "abcd"}


def test_a_file_that_is_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("read")
    (tmp_path / "a").write_text("old")
    with pytest.raises(InputError, match=r"/b is one of the files that are read: choose another place"):
        fill(tmp_path, {"a": "new", "b": "new"}, inputs=["gone", "-", str(tmp_path / "b")])
    assert contents(tmp_path) == {"a": "old", "b": "read"}


def test_what_stands_beside_a_file_is_left_as_it_is_or_else_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada")
    fill(tmp_path, {"a.ann": "T1"}, {"a.txt": "Ada"}, inputs=[str(tmp_path / "a.txt")])
    assert contents(tmp_path) == {"a.ann": "T1", "a.txt": "Ada"}
    with pytest.raises(InputError, match=r"a\.txt is there already and holds another text: choose another folder"):
        fill(tmp_path, {"a.ann": "T2"}, {"a.txt": "Eve"})
    assert contents(tmp_path) == {"a.ann": "T1", "a.txt": "Ada"}


def test_what_is_no_folder_or_cannot_be_written_is_said_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/ is to be a folder, and .*file is a file"):
        fill(f"{tmp_path}/file/", {})
    told = rf"^{tmp_path}/new/a/b cannot be written: there is no folder {tmp_path}/new/a"
    with pytest.raises(InputError, match=told), filled_folder(f"{tmp_path}/new/") as files:
        write_whole(files.path("a/b"))
    with pytest.raises(InputError, match="new/ is a folder where a file is needed"):
        write_whole(f"{tmp_path}/new/")
    assert contents(tmp_path) == {"file": ""}


def write_whole(path: str) -> None:
    with atomic_writer(path) as out:
        out.write("whole")
