"""Paths: the files that files and folders on a command line come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.formats import SUFFIXES
from ner_tui.formats.files.encodings import DATABASE
from ner_tui.formats.files.paths import expand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.conll", "sub/c.TXT", "sub/eng.testa", "photo.png", ".hidden.txt", ".git/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_bytes(b"\xef\xbb\xbf \r\n\t\n")
    for name in ("p.ner", "renamed.db"):
        (tmp_path / name).write_bytes(DATABASE + b"\0" * 84)
    for name in ("p.ner-wal", "p.ner-shm", "p.ner-lock"):
        (tmp_path / name).write_bytes(b"\0")
    return tmp_path


def test_a_folder_is_its_text_like_files_sorted(folder: Path) -> None:
    inputs = expand([str(folder)], SUFFIXES)
    names = [str(Path(path).relative_to(folder)) for path in inputs.files]
    assert names == ["a.conll", "b.txt", "sub/c.TXT", "sub/eng.testa"]
    assert [Path(path).name for path in inputs.left_out] == ["blank.txt", "empty.txt", "photo.png"]


def test_what_is_read_with_a_file_beside_it_is_not_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", "a.ann", "b.xmi", "TypeSystem.xml", "b.typesystem.xml"):
        (tmp_path / name).write_text("x")
    assert expand([str(tmp_path)], SUFFIXES).left_out == ()
    (tmp_path / "alone.ann").write_text("x")
    assert [Path(path).name for path in expand([str(tmp_path)], SUFFIXES).left_out] == ["alone.ann"]


def test_a_text_that_is_called_as_projects_are_is_told_of_like_any_other_file(tmp_path: Path) -> None:
    for name in ("a.txt", "b.ner"):
        (tmp_path / name).write_text("x")
    assert [Path(path).name for path in expand([str(tmp_path)], SUFFIXES).left_out] == ["b.ner"]


def test_a_file_is_taken_whatever_its_name_and_only_once(folder: Path) -> None:
    photo, b = str(folder / "photo.png"), str(folder / "b.txt")
    assert expand([photo, "-", b, photo], SUFFIXES).files == (photo, "-", b)
    assert expand([b, str(folder)], SUFFIXES).files[0] == b
    assert len(expand([b, str(folder)], SUFFIXES).files) == 4


def test_a_blank_file_is_left_out_beside_others_and_taken_alone(folder: Path) -> None:
    empty, blank, b = (str(folder / name) for name in ("empty.txt", "blank.txt", "b.txt"))
    assert expand([empty, b, blank], SUFFIXES) == ((b,), (empty, blank))
    assert expand([empty, blank], SUFFIXES) == ((empty, blank), ())
    assert expand([empty, "-"], SUFFIXES) == (("-",), (empty,))


def test_a_text_without_a_span_is_taken_beside_others(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.txt", "a.ann", "b.txt")]
    for path, text in zip(paths, ("Ada", "", "Bo"), strict=True):
        Path(path).write_text(text)
    assert expand(paths[1:], SUFFIXES) == (tuple(paths[1:]), ())


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone does not exist"):
        expand([str(tmp_path / "gone")], SUFFIXES)


def test_a_folder_with_nothing_to_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "photo.png").touch()
    with pytest.raises(InputError, match=r"holds no file to read: looked for .*\.conll .*\.txt"):
        expand([str(tmp_path)], SUFFIXES)
