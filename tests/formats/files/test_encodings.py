"""Encodings that nobody names, and lines that end in a carriage return."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.cli import main
from ner_tui.errors import EncodingError
from ner_tui.formats import infer_format, open_source
from ner_tui.formats.files.detecting import detect
from ner_tui.formats.files.encodings import AUTO
from ner_tui.formats.files.writing_back import as_in_file, require_exact

QUOTES = "Müller sagte “nein” zu 5 €.\n"
CZECH = "Žluťoučký kůň úpěl ďábelské ódy. Václav Havel žil v Praze.\n"
RUSSIAN = "Москва является столицей России. Путин встретился с мэром.\n"
JAPANESE = "東京は日本の首都です。安倍晋三は首相でした。\n"


def written(path: Path, text: str, codec: str) -> str:
    path.write_bytes(text.encode(codec))
    return str(path)


@pytest.mark.parametrize(
    ("text", "codec", "found"),
    [
        ("Ada left.\n", "ascii", "utf-8"),
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-16", "utf-16-le"),
        (QUOTES, "cp1252", "cp1252"),
        ("\n".join(f"{word} O" for word in QUOTES.split()), "cp1252", "cp1252"),
        ("Müller är i Malmö.\n", "latin-1", "cp1252"),
        ("Köln B-LOC\n\nDie O\nBASF B-ORG\n", "latin-1", "cp1252"),
        ("José Peña vive en León.\n", "latin-1", "cp1252"),
        ("L'été à Orléans, où Zoé a mangé.\n", "cp1252", "cp1252"),
        ("台北市是首都。\n", "big5", "big5"),
        (CZECH, "cp1250", "cp1250"),
        (CZECH, "iso8859-2", "iso8859-2"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (JAPANESE, "cp932", "cp932"),
        ("Ada left.\n" * 9_000 + CZECH, "cp1250", "cp1250"),
    ],
)
@pytest.mark.parametrize("large", [False, True])
def test_auto_finds_the_encoding_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, codec: str, found: str, large: bool
) -> None:
    if large:
        monkeypatch.setattr("ner_tui.formats.files.source.LARGE", 0)
    source = open_source(written(tmp_path / "a.txt", text, codec), AUTO)
    assert (source.text, source.encoding) == (text, found)
    told = f"; its encoding is {found}, which --encoding auto found"
    assert infer_format(source, "text").sentence == f"{source.path}: read as raw text{told}"


def test_what_fits_no_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(1, 256)) * 40)
    with pytest.raises(EncodingError, match=r"a\.txt fits no encoding that is looked for: name it"):
        open_source(str(path), AUTO)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("raw", "step"),
    [
        (QUOTES.encode("cp1252"), "such as --encoding cp1252, or say --encoding auto"),
        ("España".encode("latin-1"), "such as --encoding latin-1, or say --encoding auto"),
        (JAPANESE.encode("cp932"), "name its encoding, or say --encoding auto"),
    ],
)
def test_an_encoding_is_named_that_the_bytes_may_be_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes, step: str, large: bool
) -> None:
    if large:
        monkeypatch.setattr("ner_tui.formats.files.source.LARGE", 0)
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    with pytest.raises(EncodingError) as raised:
        open_source(str(path))
    assert str(raised.value).endswith(step)


def test_quotes_that_are_control_characters_in_latin_1_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", QUOTES, "cp1252")
    told = "byte 0x93 is a control character in latin-1, and '“' in cp1252: see --encoding cp1252"
    assert open_source(path, "latin-1").remark == told
    assert open_source(path, "cp1252").remark == ""
    assert open_source(written(tmp_path / "b.txt", "España", "latin-1"), "latin-1").remark == ""


@pytest.mark.parametrize("large", [False, True])
def test_lines_may_end_in_a_carriage_return_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    if large:
        monkeypatch.setattr("ner_tui.formats.files.source.LARGE", 0)
    path = tmp_path / "a.conll"
    path.write_bytes(b"Ann\tB-PER\rLee\tI-PER\rleft\tO\r\rBo\tB-PER\rcame\tO\r")
    source = open_source(str(path))
    assert source.text == "Ann\tB-PER\nLee\tI-PER\nleft\tO\n\nBo\tB-PER\ncame\tO\n"
    assert list(source.lines())[3:] == ["", "Bo\tB-PER", "came\tO"]
    assert (source.newline, source.ends_line) == ("\r", True)
    out = tmp_path / "b.conll"
    assert main(["convert", str(path), "-o", str(out)]) == 0
    assert out.read_bytes() == path.read_bytes()
    assert main(["convert", str(path), "-o", str(out), "--scheme", "bioes"]) == 0
    assert out.read_bytes() == b"Ann\tB-PER\rLee\tE-PER\rleft\tO\r\rBo\tS-PER\rcame\tO\r"


def test_a_byte_that_is_none_of_the_encoding_has_its_line_whatever_ends_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for end in (b"\n", b"\r\n", b"\r"):
        path.write_bytes(b"Uno" + end + b"dos" + end + b"Espa\xf1a" + end)
        with pytest.raises(EncodingError, match="line 3"):
            open_source(str(path))


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.sampled_from("ab \t\r\nŁ"), min_size=1, max_size=40).filter(str.strip),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_every_text_is_written_back_as_the_bytes_it_was(tmp_path: Path, text: str, codec: str, large: bool) -> None:
    path = written(tmp_path / "a.txt", text, codec)
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr("ner_tui.formats.files.source.LARGE", 0)
        source = open_source(path)
        require_exact(source)
        written_back = "".join(as_in_file(source, source.pieces())).encode(source.encoding)
    assert written_back == Path(path).read_bytes()
    assert "\n" in text or "\r" not in source.text


def test_what_tells_the_encoding_may_stand_far_down_whatever_ends_the_lines() -> None:
    plain = b"So it went on and on.\r" * 5000
    told = RUSSIAN.replace("\n", "\r") * 20
    assert detect("a.txt", [plain + told.encode("cp1251")]) == "cp1251"
    assert detect("a.txt", [plain + told.encode()]) is None
