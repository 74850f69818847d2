"""Repair: legal tags, and not a byte but those of the tags that are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.schemes import decode, validate
from ner_tui.errors import FormatError
from ner_tui.formats import Inference, Source, infer_format, open_source
from ner_tui.formats.columns.inplace_edit import repaired
from ner_tui.formats.files.writing_back import save

SCHEMES = ["iob1", "iob2", "bioes", "bilou", "bmes"]
TAG = st.sampled_from(["O", *(f"{p}-{label}" for p in "BIES" for label in ("PER", "LOC"))])
END = st.sampled_from(["\n", "\r\n"])
GAP = st.sampled_from(["\n", "\r\n", " \n", "\t\n\n", "# a comment of four\n"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file of words, numbers and tags, its line ends, blanks and comments as they come; most of it illegal."""
    rows = draw(st.lists(st.tuples(TAG, END, st.one_of(st.just(""), st.just(""), GAP)), min_size=4, max_size=12))
    text = "".join(f"w{at}\t{at}\t{tag}{end}{gap}" for at, (tag, end, gap) in enumerate(rows))
    return text.removesuffix("\n") if draw(st.booleans()) else text


def source_of(text: str) -> tuple[Source, Inference]:
    source = Source("a.conll", "", text, "utf-8", False, "mixed")
    return source, Inference("conll", "", "iob2", "\t", 0, 2, frozenset({3}))


def sentences(text: str) -> list[list[str]]:
    """The tags of each sentence."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if not line.strip(" \t\r"):
            found.append([])
        elif not line.startswith("#"):
            found[-1].append(line.rstrip("\r").split("\t")[2])
    return [tags for tags in found if tags]


@given(files(), st.sampled_from(SCHEMES), st.sampled_from(["conlleval", "discard"]))
def test_a_repair_is_legal_and_changes_the_tags_that_it_tells_and_nothing_else(
    text: str, scheme: str, how: str
) -> None:
    told: dict[int, tuple[str, str]] = {}
    source, inference = source_of(text)
    after = "".join(repaired(source, inference, scheme, how, lambda line, *tags: told.update({line: tags})))  # type: ignore[arg-type]
    lines, made = text.split("\n"), after.split("\n")
    for number, (old, new) in told.items():
        cells = lines[number - 1].split("\t")
        assert cells[2].rstrip("\r") == old
        assert old != new
        cells[2] = cells[2].replace(old, new)
        lines[number - 1] = "\t".join(cells)
    assert made == lines
    for before, now in zip(sentences(text), sentences(after), strict=True):
        assert validate(now, scheme) == []
        assert set(decode(now)) <= set(decode(before))
        if how == "conlleval":
            assert decode(now) == decode(before)


def test_a_broken_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Ada I-PER\nleft\nBob B-PER\nBob B-PER\n")
    source = open_source(str(path))
    pieces = repaired(source, infer_format(source), "iob2", "discard", lambda *_: None)
    with pytest.raises(FormatError, match=r"a\.conll:2: "):
        save(tmp_path / "out", source, pieces)
    assert not (tmp_path / "out").exists()


def test_a_pair_that_the_scheme_cannot_keep_apart_is_refused() -> None:
    source, inference = source_of("a\t1\tI-PER\nb\t2\tB-PER\n")
    with pytest.raises(FormatError, match="choose another --scheme"):
        list(repaired(source, inference, "io", "conlleval", lambda *_: None))


@pytest.mark.parametrize(
    ("text", "scheme", "after"),
    [
        ("a PER\nb PER\nc O\nd LOC\n", "iob2", "a B-PER\nb I-PER\nc O\nd B-LOC\n"),
        ("a PER\nb PER\nc O\nd LOC\n", "io", "a PER\nb PER\nc O\nd LOC\n"),
        ("a B-PER\nb I-PER\nc O\nd B-LOC\n", "io", "a I-PER\nb I-PER\nc O\nd I-LOC\n"),
    ],
)
def test_labels_stand_without_prefixes_where_they_did_and_the_scheme_has_none(
    text: str, scheme: str, after: str
) -> None:
    source = Source("a.conll", "", text, "utf-8", False, "\n")
    assert "".join(repaired(source, infer_format(source), scheme, "conlleval", lambda *_: None)) == after


def test_a_word_of_several_lines_is_repaired_in_each() -> None:
    rest = "\t_" * 6
    text = (
        f"1-2\tdu{rest}\t_\t_\n1\tde{rest}\t_\tNER=I-LOC\n2\tle{rest}\t_\tNER=I-LOC\n"
        f"3\tlac{rest}\t_\tNER=I-LOC\n4\tBo{rest}\t_\tNER=B-PER\n\n"
    )
    source = Source("a.conllu", "", text, "utf-8", False, "\n")
    inference = infer_format(source)
    after = "".join(repaired(source, inference, "iob2", "conlleval", lambda *_: None))
    assert after == text.replace("NER=I-LOC", "NER=B-LOC", 1)
