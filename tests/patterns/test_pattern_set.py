"""What matches, what is taken of several matches, and how terms stand in texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patterns.matching import found_in, patterns_of, sentence_of, text_of

from ner_tui.errors import FormatError
from ner_tui.patterns.pattern_set import PatternSet


def terms(*listed: str) -> PatternSet:
    found = PatternSet()
    for term in listed:
        found.add_term(term.split(), "X")
    return found


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("U.S.", "In the U.S. troops and in the U.S."),
        ("McDonald's", "McDonald's is open"),
        ("New York", "to New\nYork and New  York"),
        ("IL-2Rα", "binds IL-2Rα here"),
        ("東京", "彼は東京に行く"),
        ("(CH3)2CO", "of (CH3)2CO in"),
        ("C++", "in C++ too"),
        ("J. K. Rowling", "by J. K. Rowling, and"),
        ("Łódź", "in Łódź."),
        ("👩‍🔬", "a 👩‍🔬 works"),
    ],
)
def test_a_term_is_found_wherever_it_stands_in_raw_text(term: str, text: str) -> None:
    squeezed = "".join(term.split())
    assert {("".join(words.split()), label) for words, label in found_in(terms(term), text_of(text))} == {
        (squeezed, "X")
    }


@pytest.mark.parametrize("words", [["McDonald's"], ["McDonald", "'s"], ["McDonald", "'", "s"]])
def test_a_term_is_found_however_a_file_cuts_it_into_tokens(words: list[str]) -> None:
    assert found_in(terms("McDonald's"), sentence_of(["at", *words, "now"])) == [(" ".join(words), "X")]


@pytest.mark.parametrize("text", ["yorks", "New Yorkers", "new york", "NewYork", "York New"])
def test_a_term_is_whole_words_in_its_own_case(text: str) -> None:
    assert found_in(terms("New York", "yorker"), text_of(text)) == []


def test_the_longest_match_is_taken_then_the_first(tmp_path: Path) -> None:
    patterns = patterns_of(
        tmp_path,
        {"label": "SHORT", "pattern": "York"},
        {"label": "LONG", "pattern": "New York City"},
        {"label": "RIGHT", "pattern": "City Hall"},
        {"label": "SECOND", "pattern": "New York City"},
    )
    assert found_in(patterns, text_of("New York City Hall, York")) == [("New York City", "LONG"), ("York", "SHORT")]


def test_of_two_patterns_for_the_same_words_the_first_is_meant_whatever_their_kinds(tmp_path: Path) -> None:
    lower: dict[str, Any] = {"label": "LOWER", "pattern": [{"LOWER": "ada"}]}
    term: dict[str, Any] = {"label": "TERM", "pattern": "Ada"}
    test: dict[str, Any] = {"label": "TEST", "pattern": [{"IS_TITLE": True}]}
    regex: dict[str, Any] = {"label": "REGEX", "regex": "Ada"}
    for first, *others in ([lower, term, test, regex], [term, regex, lower], [test, term, lower], [regex, test, term]):
        assert found_in(patterns_of(tmp_path, first, *others), text_of("Ada")) == [("Ada", first["label"])]


def test_only_wanted_labels_take_part(tmp_path: Path) -> None:
    patterns = patterns_of(
        tmp_path, {"label": "A", "pattern": "New York"}, {"label": "B", "pattern": "York"}, {"label": "A", "regex": "N"}
    )
    (spans,) = patterns.find([text_of("New York")], frozenset({"B"}))
    assert [(span.start, span.label) for span in spans] == [(4, "B")]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"CVE-\d+-\d+", ["CVE-2024-12"]),
        (r"2024", ["2024"]),
        (r"202", []),
        (r"(?i)see cve", ["See CVE"]),
        (r"x*", []),
    ],
)
def test_an_expression_matches_the_text_where_tokens_begin_and_end(
    tmp_path: Path, expression: str, expected: list[str]
) -> None:
    patterns = patterns_of(tmp_path, {"label": "X", "regex": expression})
    assert [words for words, _ in found_in(patterns, text_of("See CVE-2024-12 now"))] == expected


@pytest.mark.parametrize("pattern", [{"regex": "(a|aa)+$"}, {"pattern": [{"TEXT": {"REGEX": "(a|aa)+$"}}]}])
def test_an_expression_that_takes_too_long_is_told_with_its_line(tmp_path: Path, pattern: dict[str, Any]) -> None:
    patterns = patterns_of(tmp_path, {"label": "X", "pattern": "b"}, {"label": "X", **pattern})
    with pytest.raises(FormatError, match=r"patterns\.jsonl:2: this expression takes too long"):
        found_in(patterns, text_of("a" * 5_000 + "b"))


def test_no_match_reaches_into_the_next_sentence(tmp_path: Path) -> None:
    patterns = patterns_of(
        tmp_path,
        {"label": "X", "pattern": "New York"},
        {"label": "X", "pattern": [{"LOWER": "new"}, {"LOWER": "york"}]},
        {"label": "X", "pattern": [{"ORTH": "New"}, {"OP": "?"}, {"ORTH": "York"}]},
    )
    first = sentence_of(["in", "New"])
    second = sentence_of(["York", "New", "York"], first.end)
    spans = patterns.find([first, second])
    assert [[(span.start, span.end) for span in some] for some in spans] == [[], [(second.start + 5, second.end - 1)]]


words = st.lists(st.sampled_from(["a", "b", "U.S.", "don't", "a-b", "東京", "x.y", "3.5mg"]), min_size=1, max_size=6)


@given(words, st.lists(words, max_size=6))
def test_terms_are_found_as_a_plain_search_finds_them(text: list[str], listed: list[list[str]]) -> None:
    sentence = text_of(" ".join(text))
    patterns = terms(*(" ".join(term) for term in listed))
    squeezed = {"".join(term) for term in listed}
    everything = [
        (start, end)
        for at, start in enumerate(token.start for token in sentence.tokens)
        for end in (token.end for token in sentence.tokens[at:])
        if "".join(sentence.text[start:end].split()) in squeezed
    ]
    (spans,) = patterns.find([sentence])
    taken = {(span.start, span.end) for span in spans}
    assert taken <= set(everything)
    assert all(any(start < high and low < end for low, high in taken) for start, end in everything)
