"""Sources: what text a file's bytes are, and one clear sentence where they are none."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.errors import EncodingError, InputError
from ner_tui.formats import Source, open_source
from ner_tui.formats.files import source as source_module


def source_of(text: str) -> Source:
    return Source("x.txt", "", text, "utf-8", False, "\n")


def test_a_source_is_the_decoded_file_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Łódź\r\nnext\u0085line\n".encode())
    source = open_source(str(path))
    assert source.text == "Łódź\r\nnext\u0085line\n"
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (source.encoding, source.had_bom, source.newline, source.suffix) == ("utf-8", False, "mixed", ".txt")


@pytest.mark.parametrize(
    ("codec", "asked"),
    [("utf-8-sig", None), ("utf-8-sig", "utf8"), ("utf-16", None), ("utf-16", "utf-16"), ("utf-32", None)],
)
def test_a_byte_order_mark_is_taken_off_and_remembered(tmp_path: Path, codec: str, asked: str | None) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("New York".encode(codec))
    source = open_source(str(path), asked)
    assert source.text == "New York"
    assert source.had_bom


def test_the_encoding_that_is_asked_for_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\xef\xbb\xbf España".encode("latin-1"))
    assert open_source(str(path), "latin-1").text == "\xef\xbb\xbf España"


def test_text_with_a_nul_is_read_when_its_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\0b")
    assert open_source(str(path), "utf-8").text == "a\0b"


def test_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("Łódź".encode())))
    source = open_source("-")
    assert (source.path, source.text) == ("stdin", "Łódź")


@pytest.mark.parametrize(
    ("content", "encoding", "error", "sentence"),
    [
        (b"", None, InputError, "{path} is empty: there is nothing to annotate in it"),
        (b"\xef\xbb\xbf \n\n", None, InputError, "{path} is empty: there is nothing to annotate in it"),
        (
            "Uno\nEspaña".encode("latin-1"), None, EncodingError,
            "{path} is not text in utf-8 (byte 0xF1 at offset 8, line 2): "
            "name its encoding, such as --encoding latin-1, or say --encoding auto",
        ),
        (
            "España".encode(), "ascii", EncodingError,
            "{path} is not text in ascii (byte 0xC3 at offset 4, line 1): "
            "name its encoding, such as --encoding utf-8, or say --encoding auto",
        ),
        (
            b"\x7fELF\0\0", None, EncodingError,
            "{path} looks like a binary file: byte 4 is NUL; "
            "if it is text all the same, name its encoding, such as --encoding utf-8 or utf-16-le",
        ),
        (b"a", "utf-9", InputError, "there is no encoding 'utf-9': try utf-8, latin-1, cp1252 or utf-16"),
        (b"a", "base64", InputError, "base64 is not an encoding of text"),
    ],
    ids=["empty", "white space", "latin-1", "not ascii", "binary", "unknown encoding", "no text encoding"],
)  # fmt: skip
def test_unusable_content_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, encoding: str | None, error: type[InputError], sentence: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(error) as raised:
        open_source(str(path), encoding)
    assert str(raised.value) == sentence.format(path=path)


def test_what_is_no_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    for path, sentence in [
        (tmp_path / "gone.txt", "does not exist"),
        (tmp_path, "is a folder where a file is needed"),
        (Path("/dev/zero"), "is a device, not a file"),
        # Pythons say it in different words.
        (Path("a\0b"), "cannot be read: .*embedded null (byte|character).*"),
    ]:
        with pytest.raises(InputError) as raised:
            open_source(str(path))
        assert re.fullmatch(f"{re.escape(str(path))} {sentence}", str(raised.value))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\n", ["a", ""]),
        ("\n", [""]),
        ("a\u2028b\x1cc\r\nd", ["a\u2028b\x1cc\r", "d"]),
    ],
)
def test_lines_end_at_line_feeds_only(text: str, lines: list[str]) -> None:
    assert list(source_of(text).lines()) == lines


@settings(deadline=None)
@given(st.text(alphabet="ab\n", max_size=50), st.integers(1, 5))
def test_lines_are_the_same_however_they_are_fetched(text: str, times: int) -> None:
    # Longer than the blocks the lines are cut from.
    text = text * 3_000 * times
    assert "".join(f"{line}\n" for line in source_of(text).lines()).removesuffix("\n") == text.removesuffix("\n")


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.sampled_from("ab \t\r\nŁ\u2028\U0001f642"), min_size=1, max_size=60).filter(str.strip),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "latin-1"]),
    st.integers(1, 9),
)
def test_a_large_file_reads_like_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, codec: str, piece: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(codec, "replace"))
    asked = None if codec.startswith("utf-8") else codec
    small = open_source(str(path), asked)
    monkeypatch.setattr(source_module, "LARGE", 0)
    monkeypatch.setattr(source_module, "PIECE", piece)
    large = open_source(str(path), asked)
    assert isinstance(large, source_module.FileSource)
    assert large.text == "".join(large.sections()) == small.text
    assert list(large.lines()) == list(small.lines())
    assert all(re.search(r"\n[ \t]*\r?\n$", part) for part in list(large.sections())[:-1])
    for name in ("path", "sha256", "encoding", "had_bom", "newline", "ends_line"):
        assert getattr(large, name) == getattr(small, name), name


@pytest.mark.parametrize("raw", [b"ab\ncd \xff\xfe", b"ab\n\xc5", b"a\0b", b" \n\t\n"])
def test_what_cannot_be_read_of_a_large_file_is_said_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError) as small:
        open_source(str(path))
    monkeypatch.setattr(source_module, "LARGE", 0)
    monkeypatch.setattr(source_module, "PIECE", 2)
    with pytest.raises(InputError) as large:
        open_source(str(path))
    assert str(large.value) == str(small.value)


def test_a_large_file_that_changes_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LARGE", 0)
    path = tmp_path / "a.txt"
    path.write_text("a\nb\n")
    source = open_source(str(path))
    path.write_text("a\nb\nc\n")
    with pytest.raises(InputError, match="has changed while it was read"):
        list(source.lines())


def test_a_large_file_that_is_gone_when_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LARGE", 0)
    path = tmp_path / "a.txt"
    path.write_text("a\nb\n")
    source = open_source(str(path))
    path.unlink()
    with pytest.raises(InputError, match=r"a\.txt cannot be read any more: "):
        list(source.lines())


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_the_size_of_a_large_file_is_that_of_its_bytes_decompressed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "Łódź\n".encode() * 100
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    monkeypatch.setattr(source_module, "LARGE", 0)
    assert open_source(str(path)).size == len(content)


def test_standard_input_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=SimpleNamespace(read=read)))
    with pytest.raises(InputError, match=r"^stdin cannot be read: Input/output error$"):
        open_source("-")
