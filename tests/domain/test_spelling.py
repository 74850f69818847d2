"""How sources write their tags: what is read of each spelling, what is asked, and that new tags are written alike."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.scheme_inference import AmbiguousTags, find_spelling, infer_tags
from ner_tui.domain.schemes import SCHEMES, UNNAMED, TagSpan, decode, encode, transitions
from ner_tui.domain.spelling import PLAIN, Spelling, spelling_of
from ner_tui.errors import InputError

# Tags of a source, what they are read as, the scheme, and what is told of them.
READ = {
    "plain": ("B-PER I-PER O", "B-PER I-PER O", "iob2", ""),
    "BIOES by _": ("B_PER I_PER E_PER O S_LOC", "B-PER I-PER E-PER O S-LOC", "bioes", "B_PER read as B-PER"),
    "singles of usual labels by _": ("S_LOC O S_PER", "S-LOC O S-PER", "bioes", "S_LOC read as S-LOC"),
    "singles of which one label is usual": ("S_LOC O S_X", "S-LOC O S-X", "bioes", "S_LOC read as S-LOC"),
    "singles of any label by -": ("S-X O S-Y", "S-X O S-Y", "bioes", ""),
    "units of any label by -": ("U-X O U-Y", "U-X O U-Y", "bilou", ""),
    "small BILOU": (
        "b-per i-per l-per o u-loc", "B-per I-per L-per o U-loc", "bilou", "b-per read as B-per, o read as outside",
    ),
    "small BMES": ("b-nr m-nr e-nr o s-ns", "B-nr M-nr E-nr o S-ns", "bmes", "b-nr read as B-nr, o read as outside"),
    "small BMES by _": ("b_nr m_nr e_nr O s_ns", "B-nr M-nr E-nr O S-ns", "bmes", "b_nr read as B-nr"),
    "two ways in one source": ("B-PER I-PER O B_PER", "B-PER I-PER O B-PER", "iob2", "B_PER read as B-PER"),
    "prefixes behind": ("PER-B PER-I O LOC-B", "B-PER I-PER O B-LOC", "iob2", "LOC-B read as B-LOC"),
    "prefixes behind by _": ("per_b per_e O loc_s", "B-per E-per O S-loc", "bioes", "loc_s read as S-loc"),
    "behind labels with -": ("date-of-birth-B date-of-birth-I O", "B-date-of-birth I-date-of-birth O", "iob2",
                             "date-of-birth-B read as B-date-of-birth"),
    "0 for O": ("B-PER I-PER 0 0", "B-PER I-PER O O", "iob2", "0 read as outside"),
    "0 and o": ("B-PER o 0 O", "B-PER o O O", "iob2", "0 and o read as outside"),
    "OTHER": ("B-PER OTHER I-PER", "B-PER O I-PER", "iob2", "OTHER read as outside"),
    "None": ("S-PER None None", "S-PER O O", "bioes", "None read as outside"),
    "_": ("B-PER _ _", "B-PER _ _", "iob2", "_ read as outside"),
    "bare labels beside NONE": ("PER NONE NONE LOC", "PER O O LOC", "io", "NONE read as outside"),
    "bare labels, OTHER one of them": ("PER O OTHER O", "PER O OTHER O", "io", ""),
    "a label OTHER with prefixes": ("B-OTHER O OTHER B-PER", "B-OTHER O OTHER B-PER", "iob2", ""),
    "bare labels that look like prefixes": ("E_MAIL O PHONE", "E_MAIL O PHONE", "io", ""),
    "bare labels with - that do": ("E-MAIL O PHONE U-BOAT PHONE", "I-E-MAIL O PHONE I-U-BOAT PHONE", "io", ""),
    "one label that looks like a prefix": ("E_MAIL O", "E_MAIL O", "io", ""),
    "one that looks like a single, beside another": ("S-CLASS O MAIL", "I-S-CLASS O MAIL", "io", ""),
    "a first of any label by _": ("B_MAIL O", "B-MAIL O", "iob2", "B_MAIL read as B-MAIL"),
    "a first by - beside others": ("B-X S-Y S-Y MAIL", "B-X S-Y S-Y MAIL", "bioes", ""),
    "singles of any label, one by -": ("S-X O S-X S_Y", "S-X O S-X S-Y", "bioes", "S_Y read as S-Y"),
    "bare labels with - and _": ("E-MAIL O PHONE E_BOOK", "I-E-MAIL O PHONE E_BOOK", "io", ""),
    "labels of one letter": ("B-I I-I B-B O", "B-I I-I B-B O", "iob2", ""),
    "prefixes behind what looks like one": ("E_MAIL-B E_MAIL-I O", "B-E_MAIL I-E_MAIL O", "iob2",
                                            "E_MAIL-B read as B-E_MAIL"),
    "prefixes behind in two ways": ("PER-B PER_I O LOC-B", "B-PER I-PER O B-LOC", "iob2",
                                    "LOC-B read as B-LOC, PER_I read as I-PER"),
    "a single behind a usual label": ("PER-S O", "S-PER O", "bioes", "PER-S read as S-PER"),
    "firsts behind any labels": ("MAIL-B FAX-B O", "B-MAIL B-FAX O", "iob2", "FAX-B read as B-FAX"),
    "two prefixes of any label by _": ("B_X I_X S_Y MAIL", "B-X I-X S-Y MAIL", "iob2", "B_X read as B-X"),
    "bare labels, OTHER and X two of them": ("PER O OTHER X O", "PER O OTHER X O", "io", ""),
    "a label called b": ("b O per loc", "b O per loc", "io", ""),
    "cells and their kinds": ("B_CELL T_CELL O NK_CELL", "B_CELL T_CELL O NK_CELL", "io", ""),
    "sizes": ("SIZE_S O SIZE_M SIZE_L", "SIZE_S O SIZE_M SIZE_L", "io", ""),
    "groups": ("GROUP-A O GROUP-B GROUP-C", "GROUP-A O GROUP-B GROUP-C", "io", ""),
    "prefixes alone": ("B I O", "B I O", "iob2", ""),
    "small prefixes alone": ("b i o", "B I o", "iob2", "b read as B, o read as outside"),
    "a label of one letter": ("s O s", "s O s", "io", ""),
}  # fmt: skip


@pytest.mark.parametrize(("tags", "read", "scheme", "told"), READ.values(), ids=READ)
def test_each_spelling_is_read_and_told(tags: str, read: str, scheme: str, told: str) -> None:
    found = infer_tags(Counter(transitions(tags.split())))
    assert " ".join(found.spelling.normalised(tags.split())) == read
    assert (found.scheme, found.told) == (scheme, told)


@pytest.mark.parametrize(
    ("tags", "reason", "choices"),
    [
        ("S_X O S_Y", "S_X may be the tag S-X or a label of its own", ("B_PER", "PER")),
        ("S_X O U_Y", "S_X may be the tag S-X or a label of its own", ("B_PER", "PER")),
        ("u-x O", "u-x may be the tag U-x or a label of its own", ("b-PER", "PER")),
        (
            "B-PER O PER-B PER-I", "B-PER and PER-B stand side by side, with the prefix in front and behind",
            ("B-PER", "PER-B"),
        ),
        ("VITAMIN-B O", "VITAMIN-B may be the tag B-VITAMIN or a label of its own", ("PER-B", "PER")),
        ("B-PER O NONE", "NONE may be outside or a label", ("B-PER,O,NONE", "B-PER,O")),
        ("PER-B PER-I o OTHER", "OTHER may be outside or a label", ("PER-B,o,OTHER", "PER-B,o")),
        ("PER PER PER NONE", "NONE may be outside or a label", ("PER,O,NONE", "PER,O")),
        ("B-PER I-PER O X", "X may be outside or a label", ("B-PER,O,X", "B-PER,O")),
        ("B-PER OTHER NONE NONE", "NONE may be outside or a label", ("B-PER,O,NONE", "B-PER,O")),
    ],
)  # fmt: skip
def test_what_has_two_readings_is_asked_and_each_answer_is_taken(
    tags: str, reason: str, choices: tuple[str, ...]
) -> None:
    counts = Counter(transitions(tags.split()))
    with pytest.raises(AmbiguousTags) as raised:
        infer_tags(counts)
    assert (str(raised.value), raised.value.choices) == (reason, choices)
    readings = {tuple(infer_tags(counts, spelling_of(c.split(","))).spelling.normalised(tags.split())) for c in choices}
    assert len(readings) == len(choices)


@pytest.mark.parametrize(
    ("examples", "spelling"),
    [
        ("B_PER,O", Spelling(joiner="_", exact=False)),
        ("b-per,0", Spelling("0", lower=True, outsides=frozenset("0"), exact=False)),
        ("PER-I", Spelling(suffix=True, exact=False)),
        ("PER,NONE", Spelling("NONE", bare=True, outsides=frozenset(["NONE"]), exact=False)),
    ],
)
def test_a_spelling_is_named_by_examples(examples: str, spelling: Spelling) -> None:
    assert spelling_of(examples.split(",")) == spelling


@pytest.mark.parametrize("examples", ["O", "B-PER,PER", "B-LOC", "X-PER", ""])
def test_examples_that_name_none_are_refused(examples: str) -> None:
    with pytest.raises(InputError, match="give one tag of PER and what is outside"):
        spelling_of(examples.split(","))


@pytest.mark.parametrize(
    ("tags", "made"),
    [
        (["B-PER", "I-PER", "O"], ["B-LOC", "E-LOC", "O"]),
        (["b-PER", "i-PER", "o"], ["b-LOC", "e-LOC", "o"]),
        (["B_PER", "I_PER", "_", "_"], ["B_LOC", "E_LOC", "_"]),
        (["PER-B", "PER-I", "0"], ["LOC-B", "LOC-E", "0"]),
        (["PER", "PER", "-", "O", "O"], ["LOC", "LOC", "O"]),
        (["B", "I", "O"], ["B-LOC", "E-LOC", "O"]),
        ([], ["B-LOC", "E-LOC", "O"]),
    ],
)
def test_new_tags_are_written_as_the_source_writes_its_own(tags: list[str], made: list[str]) -> None:
    spelling = find_spelling(Counter(tags))
    assert [spelling.spell(tag) for tag in ("B-LOC", "E-LOC", "O")] == made


@pytest.mark.parametrize("filler", ["[PAD]", "[CLS]", "<pad>"])
def test_what_a_model_puts_between_words_is_outside_and_told(filler: str) -> None:
    found = infer_tags(Counter(transitions(["B-PER", "O", filler])))
    assert found.spelling.normalised(["B-PER", filler]) == ["B-PER", "O"]
    assert found.told == f"{filler} read as outside"


@pytest.mark.parametrize("tags", [["X", "O"], ["X", "PER", "O"]])
def test_x_is_a_label_where_labels_stand_without_prefixes(tags: list[str]) -> None:
    assert find_spelling(Counter(tags)).outsides == frozenset()


def test_how_many_sentences_there_are_says_nothing_of_what_is_outside() -> None:
    counts = Counter[tuple[str, str]]()
    for tag in ("NONE", "NONE", "PER"):
        counts.update(transitions([tag]))
    assert infer_tags(counts).told == "NONE read as outside"


def test_prefixes_without_labels_stay_so() -> None:
    spelling = find_spelling(Counter(["B", "I", "O"]))
    assert [spelling.spell(f"{prefix}-{UNNAMED}") for prefix in "BI"] == ["B", "I"]


def test_a_prefix_without_a_label_is_written_so_only_where_the_source_writes_none() -> None:
    assert PLAIN.spell(f"B-{UNNAMED}") == f"B-{UNNAMED}"
    assert Spelling(nameless=True).spell("B-PER") == "B-PER"
    assert Spelling(lower=True, suffix=True, joiner="_").spell("B-PER") == "PER_b"
    assert Spelling("NONE", bare=True).spell("B-PER") == "PER"
    assert (PLAIN.outside, PLAIN.bare, PLAIN.joiner, PLAIN.lower, PLAIN.suffix) == ("O", False, "-", False, False)


def test_tags_as_encode_writes_them_need_no_reading() -> None:
    assert find_spelling(Counter(["B-PER", "I-PER", "O"])) == PLAIN
    assert PLAIN.is_literal


SPELLINGS = st.tuples(
    st.sampled_from(["O", "o", "_", "-", "0", "NONE", "other"]), st.sampled_from("-_"), st.booleans(), st.booleans()
).map(lambda drawn: Spelling(drawn[0], joiner=drawn[1], lower=drawn[2], suffix=drawn[3]))
LABELS = st.sampled_from(["PER", "date-of-birth", "e_mail", "B", "X-I", "Ort"])
SENTENCES = st.lists(st.tuples(st.integers(1, 2), st.integers(1, 3), LABELS), min_size=1, max_size=4)


@given(SPELLINGS, SENTENCES, st.sampled_from([name for name in SCHEMES if name not in ("io", "iob1")]))
def test_what_is_written_in_a_spelling_is_read_from_it(
    spelling: Spelling, drawn: list[tuple[int, int, str]], scheme: str
) -> None:
    spans, at = [TagSpan(0, 2, "PER"), TagSpan(3, 6, "LOC")], 7
    for gap, length, label in drawn:
        spans.append(TagSpan(at + gap, at + gap + length, label))
        at += gap + length
    tags = encode(spans, at + 1, scheme)
    written = [spelling.spell(tag) for tag in tags]
    found = infer_tags(Counter(transitions(written)))
    assert decode(found.spelling.normalised(written)) == spans
    assert found.scheme == scheme
    assert [found.spelling.spell(tag) for tag in tags] == written


def test_a_few_prefixes_behind_are_slips_and_more_are_a_question() -> None:
    assert find_spelling(Counter({"B-PER": 9, "LOC-B": 1})) == PLAIN
    for behind in ({"LOC-B": 2}, {"MAIL-B": 2, "MAIL-I": 1}):
        with pytest.raises(AmbiguousTags, match=f"B-PER and {next(iter(behind))} stand side by side"):
            find_spelling(Counter({"I-PER": 1, "B-PER": 8} | behind))


def test_a_prefix_with_a_hyphen_is_one_whatever_its_label() -> None:
    assert find_spelling(Counter(["E-MAIL"])) == PLAIN
    assert find_spelling(Counter(["E_MAIL"])) == Spelling(bare=True)


def test_one_label_in_ten_may_be_without_the_prefix_that_the_others_have() -> None:
    assert find_spelling(Counter({"B_MAIL": 9, "PHONE": 1})) == Spelling(joiner="_", exact=False)
    assert find_spelling(Counter({"B_MAIL": 8, "PHONE": 1})) == Spelling(bare=True)
    assert find_spelling(Counter({"MAIL-B": 5, "FAX-B": 4, "PHONE": 1})) == Spelling(suffix=True, exact=False)
    assert find_spelling(Counter({"MAIL-B": 4, "FAX-B": 4, "PHONE": 1})) == Spelling(bare=True)


def test_tags_are_written_as_more_than_half_of_them_are() -> None:
    assert [find_spelling(Counter({"B": n, "MAIL": 1})).nameless for n in (1, 2)] == [False, True]
    assert [find_spelling(Counter({"b": n, "B": 1})).lower for n in (1, 2)] == [False, True]
    assert [find_spelling(Counter({"B_X": n, "B-Y": 2})).joiner for n in (1, 3)] == ["-", "_"]
    assert [find_spelling(Counter({"MAIL": n, "B-MAIL": 1})).bare for n in (1, 2)] == [False, True]
