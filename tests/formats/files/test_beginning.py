"""The beginning of a file: its whole lines, with the encoding, mark and line ends that they have."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.formats.files.beginning import beginning


@pytest.mark.parametrize(
    ("raw", "size", "text", "encoding", "has_mark", "newline"),
    [
        (b"Ada\nBo\n", 99, "Ada\nBo\n", "utf-8", False, "\n"),
        (b"Ada\r\nBo\r\n", 8, "Ada\r\n", "utf-8", False, "\r\n"),
        (codecs.BOM_UTF8 + b"Ada\nBo", 8, "Ada\n", "utf-8", True, "\n"),
        (codecs.BOM_UTF16_LE + "Ada\nBo".encode("utf-16-le"), 99, "Ada\nBo", "utf-16-le", True, "\n"),
        ("Łódź".encode(), 3, "Ł", "utf-8", False, "\n"),
        (b"Ada", 2, "Ad", "utf-8", False, "\n"),
    ],
)
def test_a_beginning_is_read_as_the_whole_is(
    tmp_path: Path, raw: bytes, size: int, text: str, encoding: str, has_mark: bool, newline: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    source = beginning(str(path), None, size)
    assert (source.text, source.encoding, source.had_bom, source.newline) == (text, encoding, has_mark, newline)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        beginning(str(tmp_path / "none.txt"), None, 99)
