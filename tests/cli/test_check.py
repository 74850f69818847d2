"""``ner-tui check``: every problem with its file and line, and repairs that change illegal tags alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from printed import Capture, object_of

from ner_tui.cli import main

GOLD = "-DOCSTART-\tO\n\nAda\tB-PER\nOkonkwo\tI-PER\nleft\tO\nYork\tB-LOC\n\nBob\tB-PER\nsaw\tO\nAcme\tB-ORG\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text(GOLD)
    return tmp_path


def test_check_of_a_clean_file_exits_with_0(capfd: Capture) -> None:
    assert main(["check", "gold.conll"]) == 0
    out, err = capfd.readouterr()
    assert "gold.conll:" not in out
    assert "nothing found" in err


BROKEN = (
    "Ada\tB-PER\nOkonkwo\nleft\tO\nYork\tI-LOC\n\nNew York\tB-LOC\nis\tO\nbig\tO\n\n"
    "Bob\tB-PER\nleft\tO\n\nBob\tO\nleft\tO\n"
)


def test_check_tells_all_problems_with_file_and_line(capfd: Capture) -> None:
    Path("bad.conll").write_text(BROKEN)
    assert main(["check", "bad.conll", "--labels", "PER"]) == 1
    found = [line for line in capfd.readouterr().out.split("\n") if line.startswith("bad.conll:")]
    assert [": ".join(line.split(": ")[:2]) for line in found] == [
        "bad.conll:2: columns", "bad.conll:4: tag", "bad.conll:4: label", "bad.conll:6: word", "bad.conll:6: label",
        "bad.conll:13: conflict",
    ]  # fmt: skip


def test_check_gives_one_object_with_counts_and_what_each_file_is_best_read_as(capfd: Capture) -> None:
    Path("bad.conll").write_text(BROKEN)
    result = object_of(capfd, "check", "bad.conll", "gold.conll", code=1)
    assert {kind: number for kind, number in result["counts"].items() if number} == {
        "columns": 1, "tag": 1, "word": 1, "conflict": 2,
    }  # fmt: skip
    assert {"path": "bad.conll", "line": 4, "kind": "tag", "message": "I-LOC cannot follow O in IOB2"} in result[
        "findings"
    ]
    assert [file["best_read_as"] for file in result["files"]] == ["iob2", "iob2"]
    assert result["files"][1]["broken_tags"]["iob2"] == 0
    assert result["files"][1]["broken_tags"]["iob1"] == 4


def test_check_goes_on_after_a_file_that_cannot_be_read(capfd: Capture) -> None:
    Path("latin.conll").write_bytes("é\tO\nAda\tB-PER\n".encode("latin-1"))
    Path("none.conll").write_text("one two three\nfour five six\n")
    assert main(["check", "latin.conll", "none.conll", "gold.conll"]) == 1
    out, err = capfd.readouterr()
    assert "latin.conll:1: reading: is not text in utf-8" in out
    assert "none.conll:1: reading: " in out
    assert "gold.conll: read as conll" in err


@pytest.mark.parametrize("before", [6, 200_000])
def test_check_places_a_byte_of_another_encoding_where_it_is(capfd: Capture, before: int) -> None:
    Path("latin.conll").write_bytes(("Ada\tB-PER\n" * before + "é\tO\n").encode("latin-1"))
    (found,) = object_of(capfd, "check", "latin.conll", code=1)["findings"]
    assert found["line"] == before + 1
    assert f"line {before + 1})" in found["message"]


@pytest.mark.parametrize(
    ("how", "repaired"),
    [
        ("conlleval", b"\xef\xbb\xbfAda  x B-PER\r\nleft x o\r\n\t\r\nNew x B-LOC\r\nYork x I-LOC"),
        ("discard", b"\xef\xbb\xbfAda  x B-PER\r\nleft x o\r\n\t\r\nNew x O\r\nYork x O"),
    ],
)
def test_a_repair_changes_the_illegal_tags_and_not_a_byte_more(how: str, repaired: bytes, capfd: Capture) -> None:
    Path("in.conll").write_bytes(b"\xef\xbb\xbfAda  x B-PER\r\nleft x o\r\n\t\r\nNew x I-LOC\r\nYork x I-LOC")
    assert main(["check", "in.conll", "--repair", how, "-o", "out.conll"]) == 1
    assert Path("out.conll").read_bytes().replace(b" O", b" o") == repaired.replace(b" O", b" o")
    assert "in.conll:4: I-LOC became " in capfd.readouterr().err
    assert main(["check", "out.conll"]) == 0


def test_a_repair_is_refused_without_a_place_to_write_and_for_lines_that_are_broken(capfd: Capture) -> None:
    Path("bad.conll").write_text(BROKEN)
    for arguments in (["--repair", "discard"], ["-o", "x"], ["gold.conll", "--repair", "discard", "-o", "x"]):
        assert main(["check", "bad.conll", *arguments]) == 2
    assert main(["check", "bad.conll", "--repair", "discard", "-o", "x"]) == 2
    assert "bad.conll:2: 1 column where the others have 2" in capfd.readouterr().err
    assert not Path("x").exists()
