"""Saving over a file: what was not edited keeps its bytes, what was edited reads as it was edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from inplace import UD, changed, relabel, relabelled, source_of, with_spans

from ner_tui.domain.schemes import TagSpan
from ner_tui.errors import EncodingError, FormatError, InputError
from ner_tui.formats import infer_format, open_source, read
from ner_tui.formats.columns.inplace_edit import rewrite
from ner_tui.formats.files.writing_back import save


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ada  NNP   B-PER \nsaw\t VBD O\n", [("Ada  NNP   B-PER ", "Ada  NNP   B-ORG ")]),
        ("Ada\tB-PER\r\nLovelace\tI-PER\r\n\r\n \t\r\nsaw\tO", [
            ("Ada\tB-PER\r", "Ada\tB-ORG\r"), ("Lovelace\tI-PER\r", "Lovelace\tI-ORG\r"),
        ]),
        ("Ada\t B-PER \tx\n\u2028\tO\ty\n", [("Ada\t B-PER \tx", "Ada\t B-ORG \tx")]),
        ("-DOCSTART- -X- O O\n\nAda NNP I-NP I-PER\nBob NNP I-NP B-PER\nleft VBD I-VP O\n\n", [
            ("Ada NNP I-NP I-PER", "Ada NNP I-NP I-ORG"), ("Bob NNP I-NP B-PER", "Bob NNP I-NP B-ORG"),
        ]),
        ("# Ada B-PER\nAda b-PER\nleft o\nB-PER o\n", [("Ada b-PER", "Ada b-ORG")]),
        ("Ada\tPER\nBob\tLOC\nleft\tO\n", [("Ada\tPER", "Ada\tORG")]),
        ("# B-PER\n# O\nAda B-PER\n", [("# B-PER", "# B-ORG"), ("Ada B-PER", "Ada B-ORG")]),
    ],
    ids=["runs of spaces", "CRLF", "blanks around a tag", "IOB1", "other spellings", "bare labels", "the word #"],
)  # fmt: skip
def test_a_relabel_changes_the_tags_of_its_span_and_nothing_else(text: str, lines: list[tuple[str, str]]) -> None:
    assert changed(text, relabel(text)) == lines


def test_of_two_columns_of_labels_the_chosen_one_changes() -> None:
    text = "#\thttp://x.example\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tJersey\tI-ORG\tB-LOC\n\n1\tAda\tB-PER\tO\n"
    assert changed(text, relabel(text, "ORG", "NEW", "x.tsv"))[-1] == (
        "3\tJersey\tI-ORG\tB-LOC",
        "3\tJersey\tI-NEW\tB-LOC",
    )
    assert changed(text, relabel(text, "LOC", "NEW", "x.tsv", "4")) == [
        ("3\tJersey\tI-ORG\tB-LOC", "3\tJersey\tI-ORG\tB-NEW")
    ]


@pytest.mark.parametrize(
    ("misc", "other"),
    [
        ("NER=B-PER|SpaceAfter=No", "NER=B-ORG|SpaceAfter=No"),
        ("SpaceAfter=No|name=B-PER", "SpaceAfter=No|name=B-ORG"),
        ("Gloss=a|Entity=S-PER|Ref=b", "Gloss=a|Entity=S-ORG|Ref=b"),
    ],
)
def test_in_conll_u_the_key_in_misc_changes(misc: str, other: str) -> None:
    text = f"# text = Ada left\n1\tAda\t{UD}\t{misc}\n1.1\tx\t{UD}\t_\n2\tleft\t{UD}\t_\n\n"
    assert changed(text, relabel(text, path="x.conllu")) == [(f"1\tAda\t{UD}\t{misc}", f"1\tAda\t{UD}\t{other}")]


@pytest.mark.parametrize(
    ("rows", "made"),
    [
        (["NER=B-PER|SpaceAfter=No", "NER=O"], ["NER=O|SpaceAfter=No", "NER=B-LOC"]),
        (["NER=B-PER|SpaceAfter=No", "SpaceAfter=No"], ["SpaceAfter=No", "NER=B-LOC|SpaceAfter=No"]),
        (["SpaceAfter=No|NER=B-PER", "SpaceAfter=No"], ["SpaceAfter=No", "SpaceAfter=No|NER=B-LOC"]),
        (["NER=B-PER", "_"], ["_", "NER=B-LOC"]),
        (["_", "SpaceAfter=No"], ["_", "NER=B-LOC|SpaceAfter=No"]),
    ],
    ids=["O is written", "the key goes", "last", "alone", "a file without tags"],
)
def test_in_conll_u_a_key_comes_and_goes_as_the_file_has_it(rows: list[str], made: list[str]) -> None:
    text = "".join(f"{n}\tw\t{UD}\t{misc}\n" for n, misc in enumerate(rows, 1))
    source = source_of(text, "x.conllu")
    inference = infer_format(source)
    items = with_spans(list(read(source, inference=inference)), 0, [TagSpan(1, 2, "LOC")])
    assert [line.split("\t")[-1] for line in "".join(rewrite(source, inference, items)).split("\n")[:-1]] == made


def test_in_conll_u_the_words_of_a_multiword_token_are_tagged_like_it() -> None:
    text = (
        f"1-2\tdu\t{UD}\t_\n1\tde\t{UD}\tNER=B-PER\n2\tle\t{UD}\tNER=I-PER\n"
        f"3\tlac\t{UD}\tNER=I-PER\n4\t.\t{UD}\tNER=O\n"
    )
    tags = [line.split("\t")[-1] for line in relabel(text, path="x.conllu").split("\n")]
    assert tags == ["_", "NER=B-ORG", "NER=I-ORG", "NER=I-ORG", "NER=O", ""]


def test_illegal_tags_stay_until_their_span_is_edited() -> None:
    text = "Ada I-PER\nleft O\nNew I-LOC\nYork I-LOC\nB O\n\nBob B-PER\n"
    source = source_of(text)
    made = "".join(rewrite(source, infer_format(source), relabelled(list(read(source)), "LOC", "ORG")))
    assert changed(text, made) == [("New I-LOC", "New B-ORG"), ("York I-LOC", "York I-ORG")]


def test_an_illegal_neighbour_that_would_join_is_written_anew() -> None:
    text = "Ada B-PER\nBlack I-ORG\nleft O\n"
    source = source_of(text)
    inference = infer_format(source)
    made = "".join(rewrite(source, inference, relabelled(list(read(source)), "PER", "ORG")))
    assert made == "Ada B-ORG\nBlack B-ORG\nleft O\n"


def test_iob1_begins_with_b_only_beside_its_like() -> None:
    text = "Ada I-PER\nBob I-LOC\nleft O\n"
    source = source_of(text)
    made = "".join(rewrite(source, infer_format(source), relabelled(list(read(source)), "LOC", "PER")))
    assert made == "Ada I-PER\nBob B-PER\nleft O\n"


@pytest.mark.parametrize(
    ("text", "label", "reason"),
    [
        ("Ada B-PER\nleft O\n", "A B", "x.conll:1: 'B-A B' does not fit into a column: choose another label"),
        ("Ada\tB-PER\nleft\tO\n", "A\tB", "x.conll:1: 'B-A\\tB' does not fit into a column: choose another label"),
        (
            "Ada PER\nBob LOC\nleft O\n",
            "LOC",
            "x.conll:1: IO cannot keep two adjacent spans of one label apart: choose",
        ),
    ],
)
def test_what_cannot_be_written_is_told_with_its_line(text: str, label: str, reason: str) -> None:
    source = source_of(text)
    with pytest.raises(FormatError) as raised:
        list(rewrite(source, infer_format(source), relabelled(list(read(source)), "PER", label)))
    assert str(raised.value).startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ada B-PER\nwent O\n\nBob B-PER\n", "x.conll:1: another sentence stands here: the file has changed"),
        ("Ada B-PER\nleft O\n", "x.conll:3: sentences are missing here: the file has changed"),
        ("Ada B-PER\nleft O\n\nBob B-PER\n\nEve B-PER\n", "x.conll:6: another sentence stands here: the file"),
    ],
)
def test_a_file_that_has_changed_is_refused(text: str, reason: str) -> None:
    items = list(read(source_of("Ada B-PER\nleft O\n\nBob B-PER\n")))
    source = source_of(text)
    with pytest.raises(FormatError) as raised:
        list(rewrite(source, infer_format(source), items))
    assert str(raised.value).startswith(reason)


@pytest.mark.parametrize("edited", [[], [0], [700], [0, 1, 399, 400, 1199]])
def test_a_long_file_is_passed_on_in_pieces(edited: list[int]) -> None:
    """However few of its sentences change."""
    text = "".join(f"Ada{n} B-PER\nleft O\n\n" for n in range(1200)) + "# the end\n"
    source = source_of(text)
    inference = infer_format(source)
    items = list(read(source, inference=inference))
    for at in edited:
        items = with_spans(items, at, [TagSpan(0, 1, "ORG")])
    pieces = list(rewrite(source, inference, items))
    assert changed(text, "".join(pieces)) == [(f"Ada{n} B-PER", f"Ada{n} B-ORG") for n in edited]
    assert max(map(len, pieces)) < len(text) / 2


@pytest.mark.parametrize("at", range(5))
def test_a_changed_word_in_a_long_file_is_refused_with_its_line(at: int) -> None:
    text = "".join(f"Ada{n} B-PER\nleft O\n\n" for n in range(5))
    source = source_of(text.replace(f"Ada{at} ", "Eve "))
    items = list(read(source_of(text)))
    with pytest.raises(FormatError, match=f"^x.conll:{3 * at + 1}: another sentence stands here"):
        list(rewrite(source, infer_format(source), items))


def test_a_file_without_tags_cannot_be_saved_over() -> None:
    source = source_of("Ada left.", "x.txt")
    with pytest.raises(InputError, match="no tags that could be changed in place"):
        list(rewrite(source, infer_format(source), []))


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("Ada B-PER\nseñor O\n".encode("latin-1"), "latin-1"),
        ("Ada B-PER\nx O".encode("utf-8-sig"), None),
        ("Ada B-PER\nx O".encode("utf-16"), None),
        ("Ada B-PER\nx O".encode("utf-16-le"), "utf-16"),
        (b"Ada B-PER\r\nx O\r\n", "utf-8-sig"),
    ],
)
def test_a_file_is_saved_in_its_own_encoding(tmp_path: Path, raw: bytes, encoding: str | None) -> None:
    path = tmp_path / "x.conll"
    path.write_bytes(raw)
    source = open_source(str(path), encoding)
    inference = infer_format(source)
    items = list(read(source, inference=inference))
    save(path, source, rewrite(source, inference, items))
    assert path.read_bytes() == raw
    save(path, source, rewrite(source, inference, relabelled(items, "PER", "ORG")))
    assert path.read_bytes() == raw.replace("PER".encode(source.encoding), "ORG".encode(source.encoding))
    if encoding == "latin-1":
        with pytest.raises(EncodingError, match="has no character 'Ł'"):
            save(path, source, rewrite(source, inference, relabelled(items, "PER", "Ł")))
