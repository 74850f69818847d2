"""What projects and files say, as the state machine compares it."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from ner_tui.errors import FormatError
from ner_tui.formats.files.source import open_source
from ner_tui.session import WriteRequest
from ner_tui.session.transfer.dumping import dump
from ner_tui.session.transfer.exporting import write_project
from ner_tui.session.transfer.file_import import FileReader, infer_from_beginning
from ner_tui.session.transfer.reanchoring import packed
from ner_tui.store.project import Project

ALLOWED = ("loaded from a dump", "no copy of the file")
"""What a check may remark on a project that was loaded."""
Row = tuple[Any, ...]


class LookedAt:
    """What was in a project and its files when they were last looked at, for each purpose."""

    def __init__(self) -> None:
        self._found: dict[str, dict[Path, bytes | None]] = {}

    def is_new(self, purpose: str, project: Path, files: list[Path]) -> bool:
        """Whether something has changed since: the same bytes once more would tell nothing, and take time."""
        paths = (project, project.with_name(f"{project.name}-wal"), *files)
        found = {path: path.read_bytes() if path.exists() else None for path in paths}
        is_new = self._found.get(purpose) != found
        self._found[purpose] = found
        return is_new


def spans(path: Path) -> list[Row]:
    """Return (document, start, end, label) for the spans of a file as its format's reader has them."""
    source = open_source(str(path))
    reader = FileReader(source, infer_from_beginning(source, None), ignore_tags=False)
    found = []
    for number, (_, sentences) in enumerate(reader.documents()):
        found += [(number, *span[:3]) for each in sentences for span in packed(each).spans]
    return found


def sound(faults: Iterable[object], notices: list[str]) -> None:
    """Let nothing be found, and nothing be left out but what a dump does not have."""
    found = [str(fault) for fault in faults]
    assert found == [], found
    assert all(any(each in notice for each in ALLOWED) for notice in notices), notices


def written(path: Path, folder: Path) -> dict[str, bytes]:
    """Return what a sound project is written as: its dump, its files as they were opened, all that is known."""
    project = Project.open(path, to_check=True)
    try:
        sound(project.faults(), [])
        out = StringIO()
        dump(project, out)
        found = {"dump": out.getvalue().encode()}
        for request in (WriteRequest(), WriteRequest(fmt="jsonl", with_suggestions=True)):
            try:
                write_project(project, f"{folder}/", request)
            except FormatError as error:
                found[f"{request.fmt}"] = str(error).encode()
            for file in folder.iterdir() if folder.exists() else ():
                found[f"{request.fmt} {file.name}"] = file.read_bytes()
                file.unlink()
    finally:
        project.close()
    return found


def dumped(path: Path) -> str:
    """Return the dump of a project."""
    out, project = StringIO(), Project.open(path, read_only=True)
    try:
        dump(project, out)
    finally:
        project.close()
    return out.getvalue()
