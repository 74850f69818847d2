"""Inputs: nothing is written over what a command reads, nor over a project, whatever it is called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.formats.files.inputs import inputs_noted, note_input, refuse_output

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links take rights there")


@contextmanager
def sent_to(stream: int, path: Path) -> Iterator[None]:
    """Have standard output or error appended to a file."""
    kept, file = os.dup(stream), os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(file, stream)
    try:
        yield
    finally:
        os.dup2(kept, stream)
        os.close(kept)
        os.close(file)


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Path]:
    """A file that the command which runs has read."""
    path = tmp_path / "a.conll"
    path.write_text("Ada B-PER\n")
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "second").hardlink_to(path)
    with inputs_noted():
        note_input(path)
        yield path


@pytest.mark.parametrize("name", ["a.conll", "link", "second", "../{}/a.conll"])
def test_what_is_read_is_not_written_over_by_any_of_its_names(read: Path, name: str) -> None:
    with pytest.raises(InputError, match="is one of the files that are read"):
        refuse_output(read.parent / name.format(read.parent.name))
    refuse_output(read.with_name("b.conll"))


def test_a_file_may_be_replaced_on_purpose_and_no_other_instead(read: Path) -> None:
    other = read.with_name("b.conll")
    other.write_text("Bo O\n")
    note_input(other)
    refuse_output(read, replaces=str(read))
    refuse_output(read.with_name("link"), replaces=str(read))
    with pytest.raises(InputError, match=r"b\.conll is one of the files that are read"):
        refuse_output(other, replaces=str(read))


@pytest.mark.parametrize("stream", [1, 2])
def test_a_file_is_not_read_while_what_is_written_goes_there(tmp_path: Path, stream: int) -> None:
    path, other = tmp_path / "a.conll", tmp_path / "b.conll"
    other.write_text("Bo O\n")
    with sent_to(stream, path), inputs_noted():
        note_input(other)
        with pytest.raises(InputError, match=r"a\.conll is read, and what is written goes there too"):
            note_input(path)


def test_between_commands_nothing_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("")
    note_input(path)
    refuse_output(path)
    with inputs_noted():
        note_input(path)
    refuse_output(path)


@pytest.mark.parametrize("end", ["", "-wal", "-lock"])
def test_neither_a_project_nor_what_is_kept_beside_it_is_written_over(tmp_path: Path, end: str) -> None:
    from ner_tui.store.project import Project

    project = tmp_path / "p.ner"
    Project.open(project, create=True).close()
    with pytest.raises(InputError, match=r"is a project|belongs to .*p\.ner"):
        refuse_output(f"{project}{end}")
