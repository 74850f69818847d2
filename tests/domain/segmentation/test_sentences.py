"""Sentences of raw text: where they end, and that they partition it."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation import sentences as sentences_module
from ner_tui.domain.segmentation.sentences import LONGEST, segment, split_sentences
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.domain.spans import Token

STOPS = [
    ["It rained.", "We left."],
    ["Really?", "Yes!", "No..."],
    ["i went home.", "it was late."],
    ["Dr. Smith met J. K. Rowling in St. Louis."],
    ["He moved to the U.S.", "The others stayed."],
    ["The U.S. President spoke at 5 p.m. today."],
    ["It costs $1,000.50 at example.com today."],
    ['"Stop!" he said.', '"Why?"'],
    ["He said “stop.”", "She did."],
    ["(It rained.)", "We left."],
    ["Nice :)", "See you"],
    ["Great! :-)", "See you"],
    ["Well... maybe. . . .", "Yes"],
    ["1. First of all"],
    ["Is it 5?", "5 it is."],
    ["今日は晴れ。", "明日は雨！", "本当？", "「はい。」", "そう。"],
    ["यह है।", "वह है।"],
]

MARKS = [
    ["Best regards,", "Ann Lee"],
    ["Thanks, I will."],
    ["(Reuters)", "The bank said so."],
    ["Ann Lee", "02/13/2001 08:02 PM", "All is well"],
    ["We met on 02/13/2001 at 08:02 PM in Rome."],
    ["From: Ann <ann@example.org>", "Bob wrote"],
    ["http://a.org/1", "http://a.org/2"],
    ["so it was", "*****", "Then we left"],
    ["See http://a.org/1 for more and https://b.org"],
    ["He left (in May) Rome again."],
    ["(Rome)", "It rained (in May) Rome again."],
    ["so it was", "***** then we left"],
    ["we left----- then it rained"],
]


def sentences(text: str) -> list[str]:
    return [sentence.text.strip() for sentence in segment(text)]


@pytest.mark.parametrize("expected", STOPS + MARKS, ids=" | ".join)
def test_sentences_of_one_line_end_like_this(expected: list[str]) -> None:
    glue = "" if "。" in "".join(expected) else " "

    assert sentences(glue.join(expected)) == expected


def test_a_blank_line_always_ends_a_sentence() -> None:
    assert sentences("and the\n\nUnited States\n \t\nof America") == ["and the", "United States", "of America"]


def test_wrapped_prose_goes_on_at_a_line_break() -> None:
    text = (
        "The committee met in the town hall on Monday to discuss what Mayor\n"
        "Elena Ortiz had called the most expensive bridge in the history of the\n"
        "Free State. Nobody\n"
        "spoke."
    )

    assert len(sentences(text)) == 2


def test_wrapped_prose_goes_on_wherever_in_a_text_its_lines_stand() -> None:
    text = (
        "The committee met in the town hall on Monday to speak with Mayor\n"
        "Elena Ortiz of the old bridge that was once the pride of the\n"
        "Free State and now is the talk of the town from here to where\n"
        "River Road ends."
    )

    assert len(sentences(text)) == 1


@pytest.mark.parametrize(("length", "number"), [(34, 2), (35, 1)])
def test_a_break_was_meant_where_the_next_word_would_have_fitted(length: int, number: int) -> None:
    assert len(sentences(f"{'w' * length}\nRome.")) == number


def test_a_headline_ends_at_its_line_break() -> None:
    text = "Storm hits the coast\nThe storm that hit the coast on Monday left thousands without power in Galway."

    assert sentences(text)[0] == "Storm hits the coast"


@pytest.mark.parametrize(
    "lines",
    [
        ["Present:", "- Ann Lee", "- Bob Ray"],
        ["Agenda", "1. Budget for", "2. Roof", "a) tiles"],
        ["Team\tPlayed\tWon", "Leeds United\t3\t2", "york city\t3\t1"],
        ["Team      Played", "Leeds     3", "york      2"],
        ["| name | city |", "| ann | rome |"],
        ["Ann Lee", "12 Main Street", "Springfield"],
    ],
)
def test_lists_tables_and_addresses_end_a_sentence_with_each_line(lines: list[str]) -> None:
    assert sentences("\n".join(lines)) == lines


def test_a_line_that_ends_in_the_middle_of_a_phrase_goes_on() -> None:
    assert len(sentences("We visited the\nUnited Nations in\nNew York")) == 1


def test_lines_of_quoted_mail_go_on_when_the_sentence_does() -> None:
    assert len(sentences("> I wonder whether\n> anybody reads this")) == 1


def test_chinese_lines_of_full_width_go_on() -> None:
    assert len(sentences("中" * 36 + "\n" + "国" * 36 + "\n" + "人" * 9)) == 1


def test_a_sentence_begins_where_its_first_token_stands_and_owns_the_text_up_to_the_next() -> None:
    first, second = segment("\n One two. \n\n\n Three\n")

    assert first == Sentence(0, "\n One two. \n\n\n ", tuple(tokenize("\n One two.")), 2)
    assert (second.start, second.text, second.words, second.line) == (15, "Three\n", ["Three"], 5)


def test_lines_are_counted_by_newlines_only() -> None:
    assert [sentence.line for sentence in segment("One.\u2028Two.\x0b\x85\r\n\r\nThree.")] == [1, 1, 3]


def test_text_without_tokens_is_one_sentence_and_no_text_is_none() -> None:
    assert list(segment(" \n\n \u200b")) == [Sentence(0, " \n\n \u200b", ())]
    assert list(segment("")) == []


def test_text_without_an_end_is_cut_all_the_same() -> None:
    lengths = [len(sentence.tokens) for sentence in segment("word " * (2 * LONGEST + 5))]

    assert lengths == [LONGEST, LONGEST, 5]


def test_the_first_sentence_is_there_before_the_last_paragraph_is_read() -> None:
    stream = segment("One.\n\n" * 100_000)

    assert next(stream).words == ["One", "."]


PIECES = st.sampled_from(
    [
        *"a A B Mr U.S etc . ... ? ! , : \" ' ) ( - ***** :) <a@b.c> 1 02/13/2001 Regards 東 。 」".split(),
        *"  \n\t\u00a0\u200b",
        "\n\n",
        "\r\n",
        " 08:02 PM ",
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
def test_sentences_partition_the_text_and_its_tokens(text: str) -> None:
    found = list(segment(text))

    assert "".join(sentence.text for sentence in found) == text
    assert [token for sentence in found for token in sentence.tokens] == tokenize(text)
    assert all(left.end == right.start for left, right in pairwise(found))
    assert all(sentence.tokens for sentence in found) or len(found) == 1
    for sentence in found:
        assert all(sentence.start <= start and end <= sentence.end for start, end in sentence.tokens)
        if sentence.tokens:
            assert sentence.line == text.count("\n", 0, sentence.tokens[0].start) + 1


@given(TEXTS)
def test_reading_by_paragraphs_splits_where_reading_the_whole_does(text: str) -> None:
    tokens = tokenize(text)
    firsts = [tokens[index] for index in split_sentences(text, tokens)]

    assert firsts == [sentence.tokens[0] for sentence in segment(text) if sentence.tokens]


@pytest.mark.thorough
@pytest.mark.parametrize("unit", ["a ", ". ", ".\n", "A\n", "。", "- a\n", "(a) ", '"', "a@b.c "])
def test_a_long_text_is_split_to_its_end(unit: str) -> None:
    text = unit * (60_000 // len(unit))

    assert sum(len(sentence.text) for sentence in segment(text)) == len(text)


WORDS = st.sampled_from(
    ["It rained. ", "We left\n", "Dr. Smith said: ", "1. ", "e.g. ", "今日は晴れ。", '"Why?" ', "ok :) ", "\t", "- "]
)


@given(st.lists(WORDS, max_size=150).map("".join))
def test_a_long_paragraph_is_cut_by_windows_as_it_is_cut_whole(text: str) -> None:
    whole = list(segment(text))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sentences_module, "_WINDOW", 300)
        patched.setattr(sentences_module, "_AROUND", 120)
        assert list(segment(text)) == whole


@given(st.text('ab .?!\n"(A1,:\u4e00\u3002\u0e01\u0301\u200d', max_size=200))
def test_windows_of_any_size_partition_the_text(text: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sentences_module, "_WINDOW", 16)
        patched.setattr(sentences_module, "_AROUND", 4)
        found = list(segment(text))
    assert "".join(sentence.text for sentence in found) == text
    edges = [edge for sentence in found for token in sentence.tokens for edge in token]
    assert edges == sorted(edges)


def test_the_first_sentences_of_an_endless_line_cost_a_window_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    def counting(text: str) -> list[Token]:
        nonlocal read
        read += len(text)
        return tokenize(text)

    monkeypatch.setattr(sentences_module, "tokenize", counting)
    assert len(list(islice(segment("It rained all day. " * 200_000), 100))) == 100
    assert read < 100_000
