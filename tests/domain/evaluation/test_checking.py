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
