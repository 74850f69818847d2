"""Checking: what is told of words, tags, labels and sentences, and what a repair changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.evaluation.checking import CheckFinding, Earlier, FileCheck, repaired_tags, word_problem
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.schemes import SCHEMES, decode, encode, validate


def sentence(tags: str, line: int = 1, words: str = "", path: str = "a") -> TaggedSentence:
    cells = tags.split()
    return TaggedSentence(
        path, words.split() or [f"w{at}{line}" for at in range(len(cells))], range(line, line + len(cells)), cells,
        decode(cells),
    )  # fmt: skip


def findings(
    *sentences: TaggedSentence, scheme: str = "iob2", labels: frozenset[str] | None = None
) -> list[CheckFinding]:
    check = FileCheck("a", scheme, True, labels, Earlier())
    return [finding for item in sentences for finding in check.sentence(item)] + list(check.finish())


def test_a_clean_sentence_gives_nothing() -> None:
    assert findings(sentence("B-PER I-PER O")) == []


def test_illegal_tags_are_told_with_their_lines() -> None:
    assert [str(finding) for finding in findings(sentence("O I-PER O I-LOC", 7))] == [
        "a:8: tag: I-PER cannot follow O in IOB2",
        "a:10: tag: I-LOC cannot follow O in IOB2",
    ]


def test_labels_that_are_not_in_the_list_are_told() -> None:
    (finding,) = findings(sentence("B-PER B-LOK I-LOK"), labels=frozenset({"PER", "LOC"}))
    assert (finding.line, finding.kind, finding.message) == (2, "label", "LOK is not among the labels LOC, PER")


def test_a_sentence_that_occurs_again_is_told_and_so_is_one_with_other_labels() -> None:
    one = sentence("B-PER O", 1, "Ada left")
    again, otherwise = sentence("B-PER O", 4, "Ada left"), sentence("B-LOC O", 7, "Ada left", "b")
    first, second = findings(one, again, otherwise)
    assert (first.kind, first.line, first.message) == ("duplicate", 4, "the same sentence as at line 1")
    assert (second.kind, second.line) == ("conflict", 7)
    assert "a:1" in second.message


def test_a_sentence_without_labels_cannot_contradict_one_with() -> None:
    seen = Earlier()
    assert list(seen.compare_with_earlier(sentence("B-PER O", 1, "Ada left"), labelled=True)) == []
    (finding,) = seen.compare_with_earlier(sentence("O O", 1, "Ada left", "b"), labelled=False)
    assert finding.kind == "duplicate"


def test_a_file_is_of_mixed_schemes_if_what_breaks_one_is_right_in_another() -> None:
    mixed = [sentence("B-PER I-PER", 1), sentence("S-PER O", 4), sentence("B-PER E-PER", 7)]
    told = [finding for finding in findings(*mixed) if finding.kind == "schemes"]
    assert [(finding.line, finding.message) for finding in told] == [
        (4, "2 sentences break IOB2 but are right in BIOES, from here on")
    ]


def test_a_single_slip_does_not_make_a_file_of_mixed_schemes() -> None:
    assert [finding.kind for finding in findings(sentence("B-PER I-PER"), sentence("I-PER O", 4))] == ["tag"]


def test_broken_tags_are_counted_under_every_scheme() -> None:
    check = FileCheck("a", "iob1", True, None, Earlier())
    assert not list(check.sentence(sentence("I-PER B-PER O")))
    assert {name: bool(number) for name, number in check.broken.items()} == {
        "iob1": False, "iob2": True, "bioes": True, "bilou": True, "bmes": True, "io": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("York", ""),
        ("Łódź", ""),
        ("a\u0301", ""),
        ("می\u200cخواهم", ""),
        ("👩\u200d🔬", ""),
        ("🏴\U000e0067\U000e0062\U000e007f", ""),
        ("", "empty"),
        ("New York", "a space (U+0020)"),
        ("10\u00a0km", "a space (U+00A0)"),
        ("a\u2028b", "a line separator (U+2028)"),
        ("a\u0085", "a control character (U+0085)"),
        ("a\x1b[31m", "a control character (U+001B)"),
        ("\ufeffThe", "an invisible character (U+FEFF)"),
        ("a\u200b", "an invisible character (U+200B)"),
        ("a\u200db", "an invisible character (U+200D)"),
        ("\u202eabc", "an invisible character (U+202E)"),
        ("caf\ufffd", "a character that was lost"),
    ],
)
def test_odd_characters_of_words_are_told_and_those_of_scripts_and_emoji_are_not(word: str, reason: str) -> None:
    assert (reason in word_problem(word)) if reason else word_problem(word) == ""


TAGS = st.lists(st.sampled_from(["O", *(f"{p}-{label}" for p in "BIES" for label in ("PER", "LOC"))]), max_size=8)


@given(TAGS, st.sampled_from(["iob1", "iob2", "bioes", "bilou", "bmes"]))
def test_a_repair_as_conlleval_reads_keeps_every_span_and_is_legal(tags: list[str], scheme: str) -> None:
    changes = repaired_tags(tags, scheme, "conlleval")
    after = [changes.get(at, tag) for at, tag in enumerate(tags)]
    assert decode(after) == decode(tags)
    assert validate(after, scheme) == []


@given(TAGS, st.sampled_from(["iob1", "iob2", "bioes", "bilou", "bmes"]))
def test_a_repair_that_discards_keeps_only_spans_that_were_there(tags: list[str], scheme: str) -> None:
    changes = repaired_tags(tags, scheme, "discard")
    after = [changes.get(at, tag) for at, tag in enumerate(tags)]
    assert set(decode(after)) <= set(decode(tags))
    assert validate(after, scheme) == []


@given(st.sampled_from(sorted(SCHEMES)), st.lists(st.integers(1, 3), max_size=4))
def test_legal_tags_are_not_touched(scheme: str, lengths: list[int]) -> None:
    from ner_tui.domain.schemes import TagSpan

    spans, at = [], 0
    for length in lengths:
        spans.append(TagSpan(at, at + length, "PER"))
        at += length + 1
    tags = encode(spans, at, scheme)
    assert repaired_tags(tags, scheme, "conlleval") == repaired_tags(tags, scheme, "discard") == {}


def test_a_repair_changes_no_more_cells_than_it_must() -> None:
    assert repaired_tags("o I-PER I-PER _ B-LOC".split(), "iob2", "conlleval") == {1: "B-PER"}
    assert repaired_tags("o I-PER I-PER _ B-LOC".split(), "iob2", "discard") == {1: "O", 2: "O"}


def test_sentences_words_and_spans_are_counted() -> None:
    check = FileCheck("a", "iob2", True, None, Earlier())
    for item in (sentence("B-PER I-PER O B-LOC", 1), sentence("O", 6)):
        assert not list(check.sentence(item))
    assert (check.sentences, check.words, check.spans) == (2, 5, 2)


def test_what_is_wrong_with_a_sentence_is_told_by_line_and_an_odd_word_by_its_character() -> None:
    odd = sentence("B-PER I-LOK O", 3, "Ada L\u200bovelace ab\u0085")
    assert [str(finding) for finding in findings(odd, labels=frozenset({"PER"}))] == [
        "a:4: word: the word holds an invisible character (U+200B) at character 2 of 9",
        "a:4: tag: I-LOK cannot follow B-PER in IOB2",
        "a:4: label: LOK is not among the labels PER",
    ]
    late = sentence("I-PER O", 1, "Ada \u200b")
    assert [(each.line, each.kind) for each in findings(late)] == [(1, "tag"), (2, "word")]


def test_a_duplicate_in_another_file_is_told_with_that_file_and_the_first_counts() -> None:
    told = findings(
        sentence("O", 1, "Ada"), sentence("O", 3, "Ada"), sentence("O", 5, "Ada", "b"), sentence("B-PER", 7, "Ada")
    )
    assert [(each.path, each.line, each.kind, each.message.rpartition(" at ")[2]) for each in told] == [
        ("a", 3, "duplicate", "line 1"),
        ("b", 5, "duplicate", "a:1"),
        ("a", 7, "conflict", "line 1"),
    ]


@pytest.mark.parametrize("labels", ["PER", "PER LOC"])
def test_labels_in_the_list_are_not_told(labels: str) -> None:
    kinds = [finding.kind for finding in findings(sentence("B-PER B-LOC"), labels=frozenset(labels.split()))]
    assert kinds == (["label"] if labels == "PER" else [])


BROKEN = "I-PER I-PER O"
"""Right in IOB1 and IO, not in IOB2."""
HOPELESS = "I-PER E-LOC B-PER O"
"""Right in no scheme."""


@pytest.mark.parametrize(
    ("right_elsewhere", "right_nowhere", "is_mixed"),
    [(1, 0, False), (2, 0, True), (2, 2, True), (2, 3, False), (3, 3, True)],
)
def test_a_file_is_of_mixed_schemes_if_half_of_what_breaks_one_is_right_in_another(
    right_elsewhere: int, right_nowhere: int, is_mixed: bool
) -> None:
    tags = [*[HOPELESS] * right_nowhere, *[BROKEN] * right_elsewhere]
    told = [
        each
        for each in findings(*(sentence(cells, 10 * at + 1) for at, cells in enumerate(tags)))
        if each.kind == "schemes"
    ]
    assert [(each.line, each.message) for each in told] == (
        [(10 * right_nowhere + 1, f"{right_elsewhere} sentences break IOB2 but are right in IOB1, from here on")]
        if is_mixed
        else []
    )


def test_a_file_without_tags_has_none_that_break_a_scheme() -> None:
    check = FileCheck("a", None, False, None, Earlier())
    assert list(check.sentence(sentence("I-PER I-LOC"))) == list(check.finish()) == []


@pytest.mark.parametrize(
    ("word", "at"), [("\u200cab", 1), ("می\u200c", 3), ("a\u200cب", 2), ("ب\u200ca", 2), ("ab \u200c", 3)]
)
def test_a_joiner_belongs_between_two_letters_of_a_script_that_joins(word: str, at: int) -> None:
    assert f"at character {at} of {len(word)}" in word_problem(word)


@pytest.mark.parametrize("word", ["\U000e0067", "a\U000e0062"])
def test_the_tags_of_flags_belong_behind_a_flag(word: str) -> None:
    assert "an invisible character" in word_problem(word)


def test_a_repair_leaves_other_spellings_of_the_same_tag() -> None:
    assert repaired_tags("PER I-PER B-LOC o".split(), "io", "conlleval") == {2: "I-LOC"}
