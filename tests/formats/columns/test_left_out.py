"""What other formats have no place for is told without reading more of a file than that takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ner_tui.formats import infer_format, left_out
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
