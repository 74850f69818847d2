"""Words and sentences that would not be found again in the text of a document are told, and only these."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.standoff.cuts import tell_cuts
from ner_tui.formats.standoff.whole_documents import WholeDocument

TEXT = "Ada met Bob in New York. She left again. Bob stayed.\n"
FOUND = list(segment(TEXT))


def document(sentences: Sequence[Sentence], *spans: Span) -> WholeDocument:
    items = tuple(
        AnnotatedSentence(each, tuple(span for span in spans if each.start <= span.start < each.end))
        for each in sentences
    )
    return WholeDocument("a.txt", "text", items)


def told(sentences: Sequence[Sentence], *spans: Span) -> list[str]:
    found: list[str] = []
    tell_cuts(document(sentences, *spans), WriteOptions("brat", lossy=found.append))
    return [each.partition(" are others")[0] for each in found]


def joined(*some: Sentence) -> Sentence:
    return Sentence(some[0].start, "".join(each.text for each in some), tuple(t for each in some for t in each.tokens))


def test_what_would_be_found_again_is_not_told() -> None:
    assert len(FOUND) == 3
    assert told(FOUND) == []
    assert told(FOUND, Span(0, 3, "PER"), Span(15, 23, "LOC")) == []


@pytest.mark.parametrize(
    "sentences",
    [[joined(*FOUND)], [joined(*FOUND[:2]), FOUND[2]], [FOUND[0], joined(*FOUND[1:])]],
    ids=["all", "the first two", "the last two"],
)
def test_joined_sentences_are_told(sentences: list[Sentence]) -> None:
    assert told(sentences) == ["a.txt: its sentences"]


def test_a_span_over_the_end_of_a_sentence_joins_the_two_again() -> None:
    two = [joined(*FOUND[:2]), FOUND[2]]
    assert told(two, Span(15, 28, "X")) == []
    # One that ends with the sentence does not.
    assert told(two, Span(15, 24, "X")) == ["a.txt: its sentences"]
    assert told(two, Span(25, 28, "X")) == ["a.txt: its sentences"]


def with_words(*tokens: tuple[int, int]) -> list[Sentence]:
    return [Sentence(0, FOUND[0].text, tuple(Token(*each) for each in tokens)), *FOUND[1:]]


WORDS = [(token.start, token.end) for token in FOUND[0].tokens]


@pytest.mark.parametrize(
    "words",
    [[*WORDS[:4], (15, 23), *WORDS[6:]], [(0, 1), (1, 3), *WORDS[1:]], WORDS[:-1], WORDS[1:]],
    ids=["one of two", "two of one", "the last is missing", "the first is missing"],
)
def test_other_words_are_told(words: list[tuple[int, int]]) -> None:
    assert told(with_words(*words)) == ["a.txt: its words"]


def test_a_word_that_a_span_cuts_is_cut_again() -> None:
    cut = with_words((0, 1), (1, 3), *WORDS[1:])
    assert told(cut, Span(0, 1, "X")) == []
    assert told(cut, Span(1, 3, "X")) == []
    assert told(FOUND, Span(0, 1, "X")) == ["a.txt: its words"]
    thrice = with_words((0, 1), (1, 2), (2, 3), *WORDS[1:])
    assert told(thrice, Span(1, 2, "X")) == []


def test_where_no_losses_are_taken_it_is_refused() -> None:
    with pytest.raises(FormatError, match=r"a\.txt:1: its sentences are others .*: brat has no place for them"):
        tell_cuts(document([joined(*FOUND)]), WriteOptions("brat"))
    heard: list[str] = []
    tell_cuts(document([joined(*FOUND)]), WriteOptions("brat", tell=heard.append))
    assert len(heard) == 1
