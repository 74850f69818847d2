"""Two annotations side by side: the same tokens and sentences, or else where they first differ."""

from __future__ import annotations

import pytest

from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence, aligned
from ner_tui.errors import InputError


def sentences(path: str, text: str) -> list[TaggedSentence]:
    made, line = [], 1
    for words in (part.split() for part in text.split("|")):
        made.append(TaggedSentence(path, words, range(line, line + len(words)), (), ()))
        line += len(words) + 1
    return made


def test_sentences_without_words_are_passed_over() -> None:
    pairs = list(aligned(sentences("a", "Ada left | | Bob came"), sentences("b", "Ada left | Bob came"), ("a", "b")))
    assert [[sentence.lines[0] for sentence in pair] for pair in pairs] == [[1, 1], [5, 4]]


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ("Ada left | Bob", "Ada left | Rob", "a:4 has 'Bob' where b:4 has 'Rob'"),
        ("Ada left", "Ada left early", "b:3 goes on with 'early' where a sentence ends after a:2"),
        ("Ada left | Bob", "Ada left", "a:4 has 'Bob' where the other file ends, after b:2"),
        ("Ada", "Ada | Bob", "b:3 has 'Bob' where the other file ends, after a:1"),
        ("Ada", "", "a:1 has 'Ada' where the other file ends, after b"),
    ],
)
def test_the_first_difference_is_told_with_both_places(one: str, other: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}: both must have the same tokens and sentences$"):
        list(aligned(sentences("a", one), sentences("b", other), ("a", "b")))


def test_a_word_has_its_place_in_the_file() -> None:
    (sentence,) = sentences("a", "Ada left")
    assert [sentence.place(0), sentence.place(1), sentence.place(-1)] == ["a:1", "a:2", "a:2"]


def test_the_first_of_two_is_told_as_longer_where_it_goes_on() -> None:
    with pytest.raises(InputError, match=r"^a:3 goes on with 'early' where a sentence ends after b:2:"):
        list(aligned(sentences("a", "Ada left early"), sentences("b", "Ada left"), ("a", "b")))


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("", 1, 3, "met Bo"),
        ("", 0, 1, "Ada"),
        ("Ada  met\tBo.", 0, 3, "Ada  met\tBo"),
        ("Ada  met\tBo.", 1, 2, "met"),
        ("Ada  met\tBo.", 2, 4, "Bo."),
    ],
)
def test_words_are_shown_as_they_stand_in_the_text_or_with_a_space_between_where_there_is_none(
    text: str, start: int, end: int, words: str
) -> None:
    sentence = TaggedSentence("a", ("Ada", "met", "Bo", "."), (1, 2, 3, 4), (), (), text=text)
    assert sentence.stretch(start, end) == words
    assert not sentence.confirmed, "nobody has said so"
