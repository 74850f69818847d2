"""What other formats have no place for is told, once for each kind, without reading more of a file than that takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ner_tui.formats import infer_format, left_out, open_source
from ner_tui.formats.columns.left_out import of_columns, of_conllu
from ner_tui.formats.files.source import Source

ROW = "{}\tAda\tada\tPROPN\tNNP\tNumber=Sing\t0\troot\t0:root\tGloss=x\n"
CONLLU = "# text = Ada Ada\n" + ROW.format(1) + ROW.format(2) + "\n"
COLUMNS = "Ada NNP B-PER\nleft VBD O\n. . O\n\n"


def source_of(text: str, name: str) -> Source:
    return Source(name, "", text, "utf-8", False, "\n")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.conllu", CONLLU * 50, ["columns LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC"]),
        ("a.conll", COLUMNS * 50, ["column 2"]),
    ],
)
def test_a_file_without_comments_is_read_until_every_column_was_found_to_hold_something(
    name: str, text: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(text, name)
    inference = infer_format(source)
    read, lines = list[str](), Source.lines

    def counted(each: Source) -> Iterator[str]:
        for line in lines(each):
            read.append(line)
            yield line

    monkeypatch.setattr(Source, "lines", counted)
    assert left_out(source, inference) == told
    assert len(read) < 5


@pytest.mark.parametrize("comment", ["# a remark", "# sent_id = 1"])
@pytest.mark.parametrize(("name", "text"), [("a.conllu", CONLLU), ("a.conll", COLUMNS)])
def test_a_comment_far_down_is_told(name: str, text: str, comment: str) -> None:
    source = source_of(text * 5 + f"{comment}\n" + text, name)
    assert f"comments such as {comment!r}" in left_out(source, infer_format(source))


WORD = "1\tAda\t{}\tNER=B-PER{}\n\n"
NONE = "\t".join("_" * 7)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ada B-PER\nleft O\n", []),
        ("Ada NNP B-PER\nleft VBD O\n", ["column 2"]),
        # What stands for nothing is nothing.
        ("Ada _ B-PER\nleft - O\n", []),
        ("Ada _ I-NP B-PER\nleft NNP _ O\n", ["columns 2, 3"]),
        ("1 Ada NNP B-PER\n2 left VBD O\n", ["column 3"]),
        ("-DOCSTART- -X- O\n\nAda _ B-PER\nleft _ O\n", []),
        ("# who said it\nAda B-PER\n\n# more\nBob B-PER\n", ["comments such as '# who said it'"]),
        ("Ada B-PER\n\n# 1 O\r\nleft O\n", ["comments such as '# 1 O'"]),
        # A word may begin with a number sign, or be one.
        ("#Ada B-PER\nleft O\n# O\n", []),
        ("# text = Ada left\nAda B-PER\nleft O\n", []),
        ("# text = Ada left\n# by Bob, who said so at some length there\nAda NNP B-PER\nleft VBD O\n",
         ["column 2", "comments such as '# by Bob, who said so at some length the'"]),
    ],
)  # fmt: skip
def test_of_columns(text: str, told: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_bytes(text.encode())
    source = open_source(str(path))
    assert of_columns(source, infer_format(source)) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WORD.format(NONE, "|SpaceAfter=No"), []),
        (WORD.format(NONE, "|Gloss=x"), ["column MISC"]),
        (WORD.format(NONE, "") + WORD.format("ada" + NONE[1:], ""), ["column LEMMA"]),
        (WORD.format(NONE[:-1] + "0:root", ""), ["column DEPS"]),
        ("# text = Ada\n# sent_id = 1\n" + WORD.format("ada\tX" + NONE[3:], ""),
         ["columns LEMMA, UPOS", "comments such as '# sent_id = 1'"]),
    ],
)  # fmt: skip
def test_of_conllu(text: str, told: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_bytes(text.encode())
    source = open_source(str(path))
    assert of_conllu(source, infer_format(source)) == told
