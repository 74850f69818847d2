"""Compressed files: read, written, edited in place and refused as what their inner suffix says they are."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import InputError
from ner_tui.formats import SUFFIXES, infer_format, open_source
from ner_tui.formats.files import compression, source
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.formats.files.paths import expand
from ner_tui.formats.files.writing_back import save
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.saving import Save

PACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
UNPACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.decompress, "bz2": bz2.decompress, "xz": lzma.decompress}
COLUMNS = "Ada B-PER\r\nsaw O\r\nŁódź B-LOC\n\n\nShe O\n"


@pytest.mark.parametrize("name", PACK)
def test_the_inner_suffix_says_what_a_compressed_file_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.conll.{name}"
    path.write_bytes(PACK[name](COLUMNS.encode()))
    found = open_source(str(path))
    assert (found.text, found.suffix, found.newline) == (COLUMNS, ".conll", "mixed")
    assert expand([str(tmp_path)], SUFFIXES).files == (str(path),)


@pytest.mark.parametrize("name", PACK)
def test_a_conversion_packs_and_unpacks_the_same_bytes(name: str, tmp_path: Path) -> None:
    plain, packed, back = tmp_path / "a.conll", tmp_path / f"b.conll.{name}", tmp_path / "c.conll"
    plain.write_bytes(COLUMNS.encode())
    assert main(["convert", str(plain), "-o", str(packed)]) == 0
    assert UNPACK[name](packed.read_bytes()) == COLUMNS.encode()
    assert main(["convert", str(packed), "-o", str(back)]) == 0
    assert back.read_bytes() == COLUMNS.encode()
    again = packed.read_bytes()
    assert main(["convert", str(plain), "-o", str(packed)]) == 0
    assert packed.read_bytes() == again


@pytest.mark.parametrize("name", PACK)
def test_a_large_compressed_file_is_read_a_piece_at_a_time(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LARGE", 10)
    path = tmp_path / f"a.txt.{name}"
    path.write_bytes(PACK[name](b"\xef\xbb\xbf" + COLUMNS.encode()))
    found = open_source(str(path))
    assert source.is_large(found)
    assert found.had_bom
    assert (found.text, found.ends_line, next(iter(found.lines()))) == (COLUMNS, True, "Ada B-PER\r")
    save(path, found, found.sections())
    assert UNPACK[name](path.read_bytes()) == b"\xef\xbb\xbf" + COLUMNS.encode()


@pytest.mark.parametrize("name", PACK)
@pytest.mark.parametrize("broken", ["cut", "other", "empty"])
def test_what_is_no_whole_compressed_file_is_told(name: str, broken: str, tmp_path: Path) -> None:
    packed = PACK[name](COLUMNS.encode() * 50)
    path = tmp_path / f"a.conll.{name}"
    path.write_bytes({"cut": packed[:-9], "other": b"Ada B-PER\n", "empty": b""}[broken])
    step = "is empty" if broken == "empty" and name == "gz" else f"a.conll.{name} is "
    with pytest.raises(InputError, match=step) as raised:
        open_source(str(path))
    assert "\n" not in str(raised.value)


def test_a_compressed_file_under_another_name_is_told_with_the_name_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_bytes(gzip.compress(COLUMNS.encode()))
    with pytest.raises(InputError, match=r"a\.conll is compressed: call it .*a\.conll\.gz$"):
        open_source(str(path))


@pytest.mark.thorough
@pytest.mark.parametrize("name", PACK)
def test_a_file_that_unfolds_without_end_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "MOST_AT_ONCE", 1 << 20)
    path = tmp_path / f"a.txt.{name}"
    path.write_bytes(PACK[name](b"aaaa aaa\n" * (1 << 20)))
    with pytest.raises(InputError, match="holds more than 500 times its size, as no text does: if you trust it"):
        open_source(str(path))


def test_a_failure_while_a_compressed_file_is_written_leaves_what_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(b"old")

    def fail() -> None:
        with atomic_writer(path) as out:
            out.write("new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt.gz"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", PACK)
def test_decisions_are_saved_into_a_compressed_source(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.conll.{name}"
    path.write_bytes(PACK[name](COLUMNS.encode()))
    session = open_session([str(path)], SessionOptions(project=str(tmp_path / "p.ner")))
    session.corrections.label(0, 3, "ORG", cursor=0)
    document = session.document.id
    session.close()
    assert Save(tmp_path / "p.ner", document).run(lambda _: None, lambda: False) is not None
    assert UNPACK[name](path.read_bytes()) == COLUMNS.encode().replace(b"B-PER", b"B-ORG")


@pytest.mark.parametrize("name", PACK)
def test_standard_streams_are_compressed_where_the_option_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PACK[name](COLUMNS.encode()))))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    assert main(["convert", "-", "-o", "-", "--compression", name]) == 0
    assert UNPACK[name](out.getvalue()) == COLUMNS.encode()


@pytest.mark.parametrize("name", PACK)
def test_what_fails_writes_nothing_that_would_be_taken_for_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PACK[name](b"{}\n"))))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    assert main(["convert", "-", "--from", "jsonl", "--to", "conll", "-o", "-", "--compression", name]) == 2
    assert not out.getvalue() or is_broken(name, out.getvalue())


def is_broken(name: str, data: bytes) -> bool:
    try:
        UNPACK[name](data)
    except (OSError, EOFError, ValueError, lzma.LZMAError):
        return True
    return False


def test_compressed_standard_input_without_the_option_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"Ada left.\n"))))
    assert main(["convert", "-", "-o", "-"]) == 2
    assert capsys.readouterr().err == "ner-tui: stdin is compressed: say --compression gz\n"


def test_brat_may_be_two_compressed_files(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Ada left.", "label": [[0, 3, "PER"]]}\n')
    assert main(["convert", str(path), "--to", "brat", "-o", str(tmp_path / "b.ann.gz")]) == 0
    assert gzip.decompress((tmp_path / "b.txt.gz").read_bytes()) == b"Ada left."
    assert main(["convert", str(tmp_path / "b.ann.gz"), "--to", "doccano", "-o", str(tmp_path / "c.jsonl")]) == 0
    assert (tmp_path / "c.jsonl").read_text() == path.read_text()
    assert infer_format(open_source(str(tmp_path / "b.txt.gz"))).format == "brat"


def test_the_name_of_a_compressed_file_is_no_metadata_that_a_format_loses(tmp_path: Path) -> None:
    columns = tmp_path / "a.conll.gz"
    columns.write_bytes(gzip.compress(b"Ann B-PER\nleft O\n\n"))
    records, back = str(tmp_path / "a.jsonl"), tmp_path / "b.conll"
    assert main(["convert", str(columns), "--to", "hf", "-o", records]) == 0
    assert main(["convert", records, "--to", "conll", "-o", str(back)]) == 0
    assert back.read_text() == "Ann B-PER\nleft O\n\n"
