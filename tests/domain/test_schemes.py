"""Tag schemes: the same spans in every scheme, what illegal tags mean, and how a file's scheme is found."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ner_tui.domain.scheme_inference import infer_scheme
from ner_tui.domain.schemes import (
    SCHEMES,
    UNNAMED,
    CannotEncode,
    TagSpan,
    decode,
    encode,
    is_usual,
    merged,
    prefix_role,
    repair,
    scheme_named,
    split_tag,
    transitions,
    validate,
)
from ner_tui.errors import InputError

# One sentence: a person of two tokens, one of none, and three places that touch, of two, one and three tokens.
WORDS = "Ada Okonkwo left New York Paris Rio de Janeiro".split()
SPANS = [TagSpan(0, 2, "PER"), TagSpan(3, 5, "LOC"), TagSpan(5, 6, "LOC"), TagSpan(6, 9, "LOC")]
IN_EVERY_SCHEME = {
    "iob1": "I-PER I-PER O I-LOC I-LOC B-LOC B-LOC I-LOC I-LOC",
    "iob2": "B-PER I-PER O B-LOC I-LOC B-LOC B-LOC I-LOC I-LOC",
    "bioes": "B-PER E-PER O B-LOC E-LOC S-LOC B-LOC I-LOC E-LOC",
    "bilou": "B-PER L-PER O B-LOC L-LOC U-LOC B-LOC I-LOC L-LOC",
    "bmes": "B-PER E-PER O B-LOC E-LOC S-LOC B-LOC M-LOC E-LOC",
}
ALL = sorted(SCHEMES)


@pytest.mark.parametrize(("scheme", "tags"), IN_EVERY_SCHEME.items())
def test_one_sentence_in_every_scheme(scheme: str, tags: str) -> None:
    assert " ".join(encode(SPANS, len(WORDS), scheme)) == tags
    assert decode(tags.split()) == SPANS
    assert validate(tags.split(), scheme) == []


def test_io_holds_spans_that_do_not_touch_and_refuses_those_that_do() -> None:
    assert encode(SPANS[:2], 6, "io") == "I-PER I-PER O I-LOC I-LOC O".split()
    with pytest.raises(CannotEncode, match="IO cannot keep two adjacent LOC apart"):
        encode(SPANS, len(WORDS), "io")


def test_the_table_covers_every_scheme() -> None:
    assert {*IN_EVERY_SCHEME, "io"} == set(SCHEMES)


@pytest.mark.parametrize(
    "spans",
    [[TagSpan(0, 3, "X")], [TagSpan(1, 1, "X")], [TagSpan(1, 2, "X"), TagSpan(0, 1, "X")], [TagSpan(0, 1, "")]],
    ids=["beyond the end", "empty", "not ascending", "without a label"],
)
def test_encode_refuses_spans_that_are_none(spans: list[TagSpan]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(spans, 2, "iob2")


@st.composite
def sentences(draw: st.DrawFn, touching: bool = True) -> tuple[list[TagSpan], int]:
    """Spans of a sentence and its number of tokens."""
    spans: list[TagSpan] = []
    at = 0
    for gap, length, label in draw(
        st.lists(st.tuples(st.integers(0 if touching else 1, 3), st.integers(1, 4), st.sampled_from(["A", "B-C", "O"])))
    ):
        spans.append(TagSpan(at + gap, at + gap + length, label))
        at += gap + length
    return spans, at + draw(st.integers(0, 2))


@settings(deadline=None)
@given(sentences(), st.sampled_from([s for s in ALL if s != "io"]))
def test_decode_takes_encode_back(sentence: tuple[list[TagSpan], int], scheme: str) -> None:
    spans, n_tokens = sentence
    tags = encode(spans, n_tokens, scheme)
    assert decode(tags) == spans
    assert validate(tags, scheme) == []
    assert repair(tags, scheme, "discard") == tags


@settings(deadline=None)
@given(sentences(touching=False))
def test_decode_takes_io_back(sentence: tuple[list[TagSpan], int]) -> None:
    spans, n_tokens = sentence
    assert decode(encode(spans, n_tokens, "io")) == spans


any_tags = st.lists(st.sampled_from(["O", "PER", "_", *(f"{p}-{x}" for p in "BIESLUM" for x in ("PER", "LOC"))]))


@settings(deadline=None)
@given(any_tags, st.sampled_from(ALL))
def test_legal_tags_that_are_spelled_as_usual_are_what_encode_makes_of_their_spans(
    tags: list[str], scheme: str
) -> None:
    for legal in (tags, *([repair(tags, scheme, "conlleval")] if scheme != "io" else ())):
        if not validate(legal, scheme) and all(map(is_usual, legal)):
            assert encode(decode(legal), len(legal), scheme) == legal


@pytest.mark.parametrize("tag", ["_", "", "o", "PER", "B", "B-", "b-PER"])
def test_other_spellings_of_a_tag_are_not_the_usual_one(tag: str) -> None:
    assert not is_usual(tag)
    assert is_usual("O")
    assert is_usual("B-PER")


@settings(deadline=None)
@given(any_tags, st.sampled_from([s for s in ALL if s != "io"]), st.sampled_from(["conlleval", "discard"]))
def test_repaired_tags_are_legal_and_keep_their_places(tags: list[str], scheme: str, how: str) -> None:
    repaired = repair(tags, scheme, how)  # type: ignore[arg-type]
    assert len(repaired) == len(tags)
    assert validate(repaired, scheme) == []
    if how == "conlleval":
        assert decode(repaired) == decode(tags)


@settings(deadline=None)
@given(any_tags, st.sampled_from(ALL))
def test_problems_name_tokens_of_the_sentence(tags: list[str], scheme: str) -> None:
    assert all(0 <= problem.token < len(tags) and problem.reason for problem in validate(tags, scheme))


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O I-PER I-PER", [(1, 3, "PER")]),
        ("B-PER I-LOC", [(0, 1, "PER"), (1, 2, "LOC")]),
        ("I-PER B-PER I-PER", [(0, 1, "PER"), (1, 3, "PER")]),
        ("S-PER S-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("B-PER E-PER S-PER", [(0, 2, "PER"), (2, 3, "PER")]),
        ("O I-PER E-PER", [(1, 3, "PER")]),
        ("U-PER U-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("B-PER L-PER I-PER", [(0, 2, "PER"), (2, 3, "PER")]),
        ("PER PER O LOC", [(0, 2, "PER"), (3, 4, "LOC")]),
        ("B-PER o _ - I-PER", [(0, 1, "PER"), (4, 5, "PER")]),
        ("B-date-of-birth I-date-of-birth", [(0, 2, "date-of-birth")]),
        ("", []),
    ],
)
def test_illegal_sequences_are_read_as_conlleval_reads_them(tags: str, spans: list[tuple[int, int, str]]) -> None:
    assert decode(tags.split()) == spans


@pytest.mark.parametrize(
    ("scheme", "tags", "token", "reason"),
    [
        ("iob2", "O I-PER", 1, "I-PER cannot follow O in IOB2"),
        ("iob2", "I-PER", 0, "I-PER cannot begin a sentence in IOB2"),
        ("iob2", "B-PER I-LOC", 1, "I-LOC cannot follow B-PER in IOB2"),
        ("iob2", "B-PER I-LOC B-LOC", 1, "I-LOC cannot follow B-PER in IOB2"),
        ("iob2", "S-PER O", 0, "S-PER is not a tag of IOB2"),
        ("iob2", "O PER", 1, "PER has no prefix, and IOB2 needs one"),
        ("iob1", "O B-PER", 1, "B-PER cannot follow O in IOB1"),
        ("bioes", "B-PER O", 1, "O cannot follow B-PER in BIOES"),
        ("bioes", "O B-PER", 1, "B-PER cannot end a sentence in BIOES"),
        ("bilou", "U-PER L-PER", 1, "L-PER cannot follow U-PER in BILOU"),
        ("io", "B-PER", 0, "B-PER is not a tag of IO"),
    ],
)
def test_each_illegal_tag_is_told_with_its_place(scheme: str, tags: str, token: int, reason: str) -> None:
    assert validate(tags.split(), scheme) == [(token, reason)]


def test_discard_drops_the_spans_with_an_illegal_tag() -> None:
    assert repair("B-PER I-LOC O I-PER I-PER".split(), "iob2", "discard") == "B-PER O O O O".split()


@pytest.mark.parametrize(
    ("tag", "split"),
    [
        ("O", ("O", "")),
        ("", ("O", "")),
        ("B-PER", ("B", "PER")),
        ("B-date-of-birth", ("B", "date-of-birth")),
        ("B-O", ("B", "O")),
        ("PER", ("", "PER")),
        ("E_MAIL", ("", "E_MAIL")),
        ("e-mail", ("", "e-mail")),
        ("B", ("B", UNNAMED)),
        ("I-", ("I", UNNAMED)),
    ],
)
def test_a_tag_is_a_prefix_and_a_label(tag: str, split: tuple[str, str]) -> None:
    assert split_tag(tag) == split


def test_every_prefix_has_a_role() -> None:
    roles = {prefix: prefix_role(prefix) for prefix in ("B", "I", "M", "E", "L", "S", "U", "O", "")}
    assert roles == {
        "B": "begin", "I": "inside", "M": "inside", "E": "end", "L": "end", "S": "single", "U": "single",
        "O": "outside", "": "inside",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key"),
    [("BIO", "iob2"), ("iob2", "iob2"), ("IOBES", "bioes"), ("BILUO", "bilou"), ("IOB", "iob1"), ("IO", "io")],
)
def test_schemes_go_by_their_aliases(name: str, key: str) -> None:
    assert scheme_named(name) == key


def test_an_unknown_scheme_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no tag scheme 'bioo': choose one of iob2, iob1"):
        scheme_named("bioo")


@pytest.mark.parametrize(
    ("sentences", "scheme"),
    [
        *(([tags], scheme) for scheme, tags in IN_EVERY_SCHEME.items()),
        (["I-PER I-PER O I-LOC"], "iob1"),
        (["I-PER O", "O B-PER"], "iob2"),
        (["I-PER O", "I-PER", "I-LOC", "O B-LOC"], "iob2"),
        (["I-PER I-PER B-PER"], "iob1"),
        (["PER PER O LOC"], "io"),
        (["S-PER O"], "bioes"),
        (["U-PER O"], "bilou"),
        (["B-PER I-PER O", "B-PER O", "O S-PER"], "iob2"),
        (["O O"], "iob2"),
        ([], "iob2"),
    ],
)
def test_the_scheme_of_a_file_is_the_one_it_breaks_least(sentences: list[str], scheme: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        counts.update(transitions(sentence.split()))
    assert infer_scheme(counts) == scheme


def test_merged_joins_spans_that_touch_and_have_one_label() -> None:
    spans = [TagSpan(0, 1, "X"), TagSpan(1, 2, "X"), TagSpan(2, 3, "Y"), TagSpan(4, 5, "Y")]
    assert merged(spans) == [TagSpan(0, 2, "X"), TagSpan(2, 3, "Y"), TagSpan(4, 5, "Y")]
