"""Reading CoNLL-U: multiword tokens, spaces that are not there, and tags in MISC."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, infer_format, read


def source_of(*rows: str, path: str = "x.txt") -> Source:
    """Build a source of rows ``id form misc``; comments and blank lines stand as they are."""
    lines = []
    for row in rows:
        cells = row.split(" ")
        lines.append(row if row.startswith("#") or not row else "\t".join([cells[0], cells[1], *"_" * 7, cells[2]]))
    return Source(path, "", "\n".join(lines), "utf-8", False, "\n")


def sentences_of(source: Source) -> list[tuple[str, list[str]]]:
    found = []
    for item in read(source):
        if isinstance(item, AnnotatedSentence):
            text, start = item.sentence.text, item.sentence.start
            found.append((text, [f"{s.label} {text[s.start - start : s.end - start]}" for s in item.spans]))
    return found


def test_words_are_joined_by_a_space_except_where_there_is_none() -> None:
    source = source_of("# text = Ada left.", "1 Ada NER=B-PER", "2 left X=1|SpaceAfter=No", "3 . _", "", "1 So name=O")
    assert sentences_of(source) == [("Ada left.\n", ["PER Ada"]), ("So", [])]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["1-2 can't SpaceAfter=No", "1 ca _", "2 n't _", "3 . _"], ["ca", "n't", "."]),
        (["1-2 au _", "1 à _", "2 le name=B-X", "3 lac _"], ["au", "lac"]),
        (["1 a _", "1.1 gone _", "2 b _"], ["a", "b"]),
    ],
    ids=["pieces of the form", "other than the form", "an empty node"],
)
def test_multiword_tokens_and_empty_nodes(rows: list[str], words: list[str]) -> None:
    sentence = next(item.sentence for item in read(source_of(*rows)) if isinstance(item, AnnotatedSentence))
    assert sentence.words == words


def test_a_form_that_is_one_word_has_the_tag_of_its_first() -> None:
    assert sentences_of(source_of("1-2 du _", "1 de NER=B-LOC", "2 le NER=I-LOC", "3 lac NER=I-LOC")) == [
        ("du lac", ["LOC du lac"])
    ]


def test_documents_begin_at_newdoc_and_words_know_their_lines() -> None:
    items = list(read(source_of("# newdoc id = a", "1 a _", "", "# newdoc id = b", "# text = b", "1 b _")))
    assert [(i.name, i.line) for i in items if isinstance(i, DocumentStart)] == [("x.txt", 1), ("x.txt#2", 4)]
    assert [i.sentence.line for i in items if isinstance(i, AnnotatedSentence)] == [2, 6]


def test_the_inference_is_told() -> None:
    assert infer_format(source_of("1 a NER=S-X")).sentence == "x.txt: read as conllu, tags in MISC as NER, BIOES"
    assert infer_format(source_of("1 a _")).sentence == "x.txt: read as conllu, words without tags"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1\ta\tO\n", "3 columns by TAB where CoNLL-U has 10: try --from conll"),
        (
            "1  a  a  X  _  _  0  root  _  _\n",
            "1 column by TAB where CoNLL-U has 10: put a TAB in place of the blanks between them",
        ),
        ("x" + "\t_" * 9, "'x' is no id of a word such as 1, 1-2 or 1.1: try --from conll"),
    ],
)
def test_what_breaks_the_format_is_told_with_file_and_line(text: str, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        list(read(Source("x.conllu", "", text, "utf-8", False, "\n")))
    assert str(raised.value) == f"x.conllu:1: {reason}"


def test_the_key_of_the_tags_is_found_and_can_be_chosen() -> None:
    source = source_of("1 Ada NER=B-PER|name=B-LOC", "2 left Entity=(person-1", "3 now _")
    assert (
        infer_format(source).sentence == "x.txt: read as conllu, tags in MISC as NER, IOB2; there are tags as name too"
    )
    assert infer_format(source, column="name").sentence.endswith(
        "tags in MISC as name, IOB2; there are tags as NER too"
    )
    commented = replace(source, text=f"# 1\tAda\t_\t_\t_\t_\t_\t_\t_\tX=B-PER\n{source.text}")
    for each in (source, commented):
        with pytest.raises(InputError, match=r"MISC has no key 'X' \(keys with tags: NER, name\)"):
            infer_format(each, column="X")


def test_brackets_are_no_tags() -> None:
    assert sentences_of(source_of("1 Ada Entity=(person-1)", "2 left Entity=(abstract-2")) == [("Ada left", [])]


def test_columns_that_count_words_are_not_conll_u_where_others_hold_tags() -> None:
    rows = [f"{n}\tw\t{tag}\tO\t-\t0\t1\t2\t3\t4" for n, tag in enumerate(["B-LOC", "O", "O"], 1)]
    assert infer_format(Source("x.txt", "", "\n".join(rows), "utf-8", False, "\n")).format == "conll"


def test_other_columns_may_be_called_conllu() -> None:
    """WikiNEuRal's are: number, word, tag."""
    rows = "0\tAda\tB-PER\n1\tleft\tO\n2\tParis\tB-LOC\n\n0\tSo\tO\n"
    source = Source("x.conllu", "", rows, "utf-8", False, "\n")
    assert infer_format(source).sentence.endswith("3 columns by TAB, words in column 2, tags in column 3, IOB2")
    assert sentences_of(source) == [("Ada left Paris\n", ["PER Ada", "LOC Paris"]), ("So", [])]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([r"1 Ada SpacesAfter=\s\s", "2 left SpaceAfter=No", r"3 . SpacesAfter=\n\p\\"], "Ada  left.\n|\\"),
        ([r"1 Ada X=1|SpacesBefore=\n", "2 left _"], "\nAda left"),
        (
            ["1 Ada SpacesAfter=", "", "1 left SpaceAfter=No", "", r"1 So SpacesBefore=\n|SpacesAfter=\n"],
            "Adaleft\nSo\n",
        ),
        ([r"1-2 can't SpacesAfter=\s", "1 ca _", "2 n't _"], "can't "),
        (["1 Ada SpacesAfter=Yes", "2 left SpacesAfter=Yes"], "Ada left"),
    ],
    ids=["after words", "before a document", "between sentences", "after a multiword token", "no spacing"],
)
def test_spacing_is_read_as_udpipe_says_it(rows: list[str], text: str) -> None:
    assert "".join(sentence for sentence, _ in sentences_of(source_of(*rows))) == text


def test_conll_u_is_found_in_a_file_called_conll() -> None:
    assert infer_format(source_of("1 Ada NER=B-PER", "2 left _", path="x.conll")).format == "conllu"
    assert infer_format(source_of("1 Ada NER=B-PER", "2 left _", path="x.conll"), column="NER").format == "conllu"
    assert infer_format(Source("x.conll", "", "1\tAda\tB-PER\n2\tleft\tO\n", "utf-8", False, "\n")).format == "conll"
