"""Saving over a file: what was not edited keeps its bytes, what was edited reads as it was edited."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.schemes import SCHEMES, TagSpan, decode, encode
from ner_tui.domain.spelling import Spelling
from ner_tui.domain.stream import AnnotatedSentence, Problem, StreamItem
from ner_tui.errors import EncodingError, FormatError, InputError
from ner_tui.formats import Inference, Source, infer_format, open_source, read
from ner_tui.formats.columns.inplace_edit import in_scheme, rewrite
from ner_tui.formats.files.writing_back import save
from ner_tui.formats.tagged import tag_spans, text_spans

UD = "_\t_\t_\t_\t_\t_\t_"


def source_of(text: str, path: str = "x.conll") -> Source:
    return Source(path, "", text, "utf-8", False, "\n")


def relabelled(items: list[StreamItem], before: str, after: str) -> list[StreamItem]:
    """Give every span of one label another one."""
    return [
        replace(item, spans=tuple(replace(s, label=after) if s.label == before else s for s in item.spans))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]


def with_spans(items: list[StreamItem], at: int, spans: list[TagSpan]) -> list[StreamItem]:
    """Give the sentence number ``at`` other spans."""
    sentences = [n for n, item in enumerate(items) if isinstance(item, AnnotatedSentence)]
    item = items[sentences[at]]
    assert isinstance(item, AnnotatedSentence)
    new = replace(item, spans=text_spans(spans, item.sentence.tokens))
    return [new if n == sentences[at] else old for n, old in enumerate(items)]


def spans_of(items: list[StreamItem]) -> list[list[TagSpan]]:
    return [tag_spans(item) for item in items if isinstance(item, AnnotatedSentence)]


def changed(before: str, after: str) -> list[tuple[str, str]]:
    return [pair for pair in zip_longest(before.split("\n"), after.split("\n"), fillvalue="") if pair[0] != pair[1]]


def relabel(
    text: str, before: str = "PER", after: str = "ORG", path: str = "x.conll", column: str | None = None
) -> str:
    """Read, relabel, rewrite; and back, which has to give the same text."""
    source = source_of(text, path)
    inference = infer_format(source, column=column)
    items = list(read(source, inference=inference))
    assert "".join(rewrite(source, inference, items)) == text
    made = "".join(rewrite(source, inference, relabelled(items, before, after)))
    back = source_of(made, path)
    again = infer_format(back, column=column)
    assert "".join(rewrite(back, again, relabelled(list(read(back, inference=again)), after, before))) == text
    return made


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


WORDS = ["a", "#", "-", "O", "B-X", "\u00a0", "\u2028", "\u0085", "\u200b", "#x", "0", "1", "é", "\ufeff"]
LABELS = ["X", "Y-z", "O"]
TAGS = ["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)]


@st.composite
def files(draw: st.DrawFn, tags: st.SearchStrategy[str] | None = None) -> tuple[str, str]:
    """Draw the text of a file of two to five columns, with what surrounds sentences in real ones, and its scheme."""
    scheme = draw(st.sampled_from(list(SCHEMES)))
    separator = draw(st.sampled_from([" ", "\t", "  "]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    middle = draw(st.lists(st.sampled_from(["_", "NN", "x"]), max_size=2))
    after = draw(st.lists(st.sampled_from(["_", "x"]), max_size=1)) if separator == "\t" else []
    text = ""
    for number in range(draw(st.integers(1, 4))):
        text += "".join(draw(st.lists(st.sampled_from([end, f" {end}", f"\t{end}", f"# a comment{end}"]), max_size=2)))
        size = draw(st.integers(2, 5))
        found = [TagSpan(1, 2, "X")] if number == 0 else draw(spans(size, scheme))
        cells = encode(found, size, scheme) if tags is None else [draw(tags) for _ in range(size)]
        words = ["first", *(draw(st.sampled_from(WORDS)) for _ in cells[1:])]
        text += "".join(
            f"{separator.join([w, *middle, tag, *after])}{end}" for w, tag in zip(words, cells, strict=True)
        )
        text += end * draw(st.integers(1, 2))
    return (text.rstrip("\r\n") if draw(st.booleans()) else text), scheme


@st.composite
def spans(draw: st.DrawFn, size: int, scheme: str = "iob2") -> list[TagSpan]:
    drawn: list[TagSpan] = []
    at = 0
    while at < size:
        end = min(size, at + draw(st.integers(1, 3)))
        label = draw(st.sampled_from(["", *LABELS]))
        touching = drawn and drawn[-1].end == at and drawn[-1].label == label
        if label and not (scheme == "io" and touching):
            drawn.append(TagSpan(at, end, label))
        at = end
    return drawn


def opened(text: str) -> tuple[Source, Inference, list[StreamItem]]:
    source = source_of(text)
    inference = infer_format(source)
    return source, inference, list(read(source, inference=inference))


@settings(deadline=None, max_examples=examples(200))
@given(files() | files(st.sampled_from(TAGS)))
def test_saving_without_an_edit_is_the_identity(file: tuple[str, str]) -> None:
    source, inference, items = opened(file[0])
    assert "".join(rewrite(source, inference, items)) == file[0]


@settings(deadline=None, max_examples=examples(200))
@given(st.data(), files() | files(st.sampled_from(TAGS)))
def test_an_edited_sentence_reads_as_it_was_edited_and_the_others_keep_their_bytes(
    data: st.DataObject, file: tuple[str, str]
) -> None:
    source, inference, items = opened(file[0])
    before = spans_of(items)
    at = data.draw(st.integers(0, len(before) - 1))
    sentence = [item for item in items if isinstance(item, AnnotatedSentence)][at].sentence
    new = data.draw(spans(len(sentence.tokens), inference.scheme or "iob2"))
    made = "".join(rewrite(source, inference, with_spans(items, at, new)))
    back = source_of(made)
    assert spans_of(list(read(back, inference=inference))) == [*before[:at], new, *before[at + 1 :]]
    lines = range(sentence.line, sentence.line + 20)
    theirs = set(before[at]) ^ set(new)
    touched = {token for span in theirs for token in range(max(span.start - 1, 0), span.end + 1)}
    differing = [n for n, (a, b) in enumerate(zip(file[0].split("\n"), made.split("\n"), strict=True), 1) if a != b]
    assert set(differing) <= set(lines)
    if not any(isinstance(item, Problem) for item in items):
        assert len(differing) <= len(touched)


@settings(deadline=None, max_examples=examples(200))
@given(files(), st.sampled_from(list(SCHEMES)))
def test_from_scheme_to_scheme_and_back_is_the_identity(file: tuple[str, str], scheme: str) -> None:
    text = file[0]
    source, inference, items = opened(text)
    own = inference.scheme or ""
    if "io" in (own, scheme) or any(isinstance(item, Problem) for item in items):
        return
    made = source_of("".join(in_scheme(source, inference, scheme)))
    assert spans_of(list(read(made, inference=inference))) == spans_of(items)
    assert "".join(in_scheme(made, inference, own)) == text


@settings(max_examples=examples(500))
@given(st.integers(1, 12).flatmap(lambda size: st.tuples(spans(size), st.just(size))), st.sampled_from(list(SCHEMES)))
def test_decode_takes_encode_back_in_every_scheme(drawn: tuple[list[TagSpan], int], scheme: str) -> None:
    found, size = drawn
    if scheme != "io":
        assert decode(encode(found, size, scheme)) == found


SPELLINGS = st.tuples(
    st.sampled_from(["O", "o", "_", "-", "0", "NONE", "Other"]), st.sampled_from("-_"), st.booleans(), st.booleans()
).map(lambda drawn: Spelling(drawn[0], joiner=drawn[1], lower=drawn[2], suffix=drawn[3]))


@st.composite
def spelled_files(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a file whose tags are in one of the spellings, before the words or behind them, and its scheme."""
    scheme = draw(st.sampled_from([name for name in SCHEMES if name not in ("io", "iob1")]))
    spelling, separator = draw(SPELLINGS), draw(st.sampled_from([" ", "\t", "  "]))
    first, end = draw(st.booleans()), draw(st.sampled_from(["\n", "\r\n"]))
    text = ""
    for number in range(draw(st.integers(1, 3))):
        size = draw(st.integers(4, 6))
        found = [TagSpan(0, 1, "LOC"), TagSpan(1, 4, "PER")] if number == 0 else draw(spans(size))
        words = ["Oslo", "Ada", *(draw(st.sampled_from(["a", "#", "-", "#x", "0", "é", "."])) for _ in range(size - 2))]
        cells = map(spelling.spell, encode(found, size, scheme))
        rows = ((cell, word) if first else (word, cell) for word, cell in zip(words, cells, strict=True))
        text += "".join(f"{separator.join(row)}{end}" for row in rows) + end
    return text, scheme


@settings(deadline=None, max_examples=examples(150))
@given(st.data(), spelled_files(), st.sampled_from([name for name in SCHEMES if name != "io"]))
def test_tags_of_every_spelling_are_edited_and_converted_in_place(
    data: st.DataObject, file: tuple[str, str], scheme: str
) -> None:
    text, own = file
    source, inference, items = opened(text)
    assert inference.scheme == own
    assert "".join(rewrite(source, inference, items)) == text
    before = spans_of(items)
    assert before[0] == [TagSpan(0, 1, "LOC"), TagSpan(1, 4, "PER")]
    made = source_of("".join(in_scheme(source, inference, scheme)))
    assert spans_of(list(read(made, inference=inference))) == before
    assert "".join(in_scheme(made, inference, own)) == text
    at = data.draw(st.integers(0, len(before) - 1))
    sentence = [item for item in items if isinstance(item, AnnotatedSentence)][at].sentence
    new = data.draw(spans(len(sentence.tokens)))
    edited = source_of("".join(rewrite(source, inference, with_spans(items, at, new))))
    assert spans_of(list(read(edited, inference=inference))) == [*before[:at], new, *before[at + 1 :]]
    theirs = {token for span in {*before[at], *new} for token in range(span.start, span.end)}
    assert len(changed(text, edited.text)) <= len(theirs)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ada B_PER\nLee E_PER\nleft O\nOslo S_LOC\n", [("Ada B_PER", "Ada B_ORG"), ("Lee E_PER", "Lee E_ORG")]),
        ("Ada b-PER\nLee l-PER\nleft o\nOslo u-LOC\n", [("Ada b-PER", "Ada b-ORG"), ("Lee l-PER", "Lee l-ORG")]),
        ("Ada PER-B\nLee PER-I\nleft 0\nOslo LOC-B\n", [("Ada PER-B", "Ada ORG-B"), ("Lee PER-I", "Lee ORG-I")]),
        ("B-PER\tAda\r\nO\tleft\r\nB-LOC\tOslo\r\n", [("B-PER\tAda\r", "B-ORG\tAda\r")]),
        ("B-PER\tAda\nNONE\tleft\nB-LOC\tOslo\n", [("B-PER\tAda", "B-ORG\tAda")]),
    ],
    ids=["by _", "small BILOU", "prefixes behind, 0 for O", "tags first", "tags first, NONE for O"],
)
def test_a_relabel_keeps_the_spelling(text: str, lines: list[tuple[str, str]]) -> None:
    assert changed(text, relabel(text)) == lines


@pytest.mark.parametrize(("spelled", "made"), [("PER-B", "0"), ("B_PER", "0"), ("b-PER", "0")])
def test_a_span_that_goes_is_written_as_the_file_writes_outside(spelled: str, made: str) -> None:
    text = f"Ada {spelled}\nleft 0\nso 0\n"
    source, inference, items = opened(text)
    assert "".join(rewrite(source, inference, with_spans(items, 0, []))) == text.replace(spelled, made)


def test_in_conll_u_tags_keep_their_spelling() -> None:
    text = f"1\tAda\t{UD}\tNER=PER-B\n2\tLee\t{UD}\tNER=PER-E\n3\tleft\t{UD}\tNER=0\n4\tso\t{UD}\tNER=0\n\n"
    made = relabel(text, path="x.conllu")
    assert [line.split("\t")[-1] for line in made.split("\n") if line] == ["NER=ORG-B", "NER=ORG-E", "NER=0", "NER=0"]


@pytest.mark.parametrize("label", ["_", "o", "B-X"])
def test_a_label_that_would_be_read_as_something_else_in_a_file_of_bare_labels_is_refused(label: str) -> None:
    source = source_of("Ada PER\nsaw O\nBo LOC\n")
    inference = infer_format(source)
    items = relabelled(list(read(source, inference=inference)), "PER", label)
    with pytest.raises(FormatError, match=rf"^x\.conll:1: these spans cannot be written in IO \(labels .*{label}"):
        list(rewrite(source, inference, items))
