"""Documents put together of many sentences at a time: words, spans and notes stand where they would in one go."""

from __future__ import annotations

import re
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.document import Sentence, Status
from ner_tui.domain.evaluation.labelled_texts import LabelledText, WordRows
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.session.team.text_builder import TextBuilder

TEXTS = ("Ada met Bo. ", "Eve left\tRome. ", "Bo sat.")
SPANS = (Span(0, 3, "PER"), Span(21, 25, "LOC"), Span(27, 29, "PER"))
NOTES = (Note(12, 15, "who?"), Note(21, 25, "where?"))


def annotated(
    texts: tuple[str, ...] = TEXTS,
    spans: tuple[Span, ...] = SPANS,
    *,
    notes: tuple[Note, ...] = NOTES,
    status: Status = "untouched",
) -> list[AnnotatedSentence]:
    """Make sentences, all but the second of which are confirmed.

    Args:
        status: of the second.
    """
    made, base = list[AnnotatedSentence](), 0
    for number, text in enumerate(texts):
        end = base + len(text)
        tokens = tuple(Token(base + m.start(), base + m.end()) for m in re.finditer(r"\w+|[^\w\s]", text))
        made.append(
            AnnotatedSentence(
                Sentence(base, text, tokens),
                tuple(span for span in spans if base <= span.start < end),
                status=status if number == 1 else "confirmed",
                notes=tuple(note for note in notes if base <= note.start < end),
            )
        )
        base = end
    return made


def built(
    sentences: list[AnnotatedSentence],
    at_once: int,
    *,
    only_confirmed: bool = False,
    known: tuple[str, ...] = (),
) -> LabelledText:
    builder, labels = TextBuilder("d", only_confirmed=only_confirmed), {label: at for at, label in enumerate(known)}
    assert not builder.has_words
    for first in range(0, len(sentences), at_once):
        packed = PackedSentences()
        for sentence in sentences[first : first + at_once]:
            packed.add(sentence)
        builder.add(packed, labels)
    assert builder.has_words
    return builder.built()


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_a_document_is_the_same_however_many_sentences_are_added_at_once(at_once: int) -> None:
    text = built(annotated(), at_once)
    assert text.characters == "AdametBo.EveleftRome.Bosat."
    assert text.sentences.tolist() == [4, 8, 11]
    assert text.spans.tolist() == [[0, 1, 0], [6, 7, 1], [8, 9, 0]]
    assert text.notes == ((4, 5, "who?"), (6, 7, "where?"))
    assert text.counts.all()


@pytest.mark.parametrize("status", ["untouched", "in progress"])
def test_words_of_sentences_that_are_not_confirmed_do_not_count_where_that_is_asked(status: Status) -> None:
    counts = built(annotated(status=status), 2, only_confirmed=True).counts
    assert counts.tolist() == [True] * 4 + [False] * 4 + [True] * 3


@pytest.mark.parametrize("size", [3, 255, 256, 300])
def test_words_stand_where_they_do_however_long_they_are(size: int) -> None:
    long = "w" * size
    spans = (Span(4, 4 + size, "X"), Span(12 + size, 15 + size, "PER"))
    text = built(annotated((f"Ada {long}. ", "Eve . Bob."), spans), 2)
    assert text.characters == f"Ada{long}.Eve.Bob."
    assert text.ends.tolist() == [3, 3 + size, 4 + size, 7 + size, 8 + size, 11 + size, 12 + size]
    assert text.spans.tolist() == [[1, 2, 0], [5, 6, 1]]


def test_all_sentences_may_have_long_words() -> None:
    long = "w" * 256
    text = built(annotated((f"Ada {long} ", f"{long} Bo"), (Span(4, 260, "X"), Span(518, 520, "PER"))), 2)
    assert text.characters == f"Ada{long * 2}Bo"
    assert text.spans.tolist() == [[1, 2, 0], [3, 4, 1]]


@given(st.lists(st.text("ab .\t\n\u00e9\U0001f600\ud800", min_size=1), min_size=1, max_size=5), st.integers(1, 5))
def test_every_word_has_its_characters_and_every_span_its_words_whatever_stands_between(
    texts: list[str], at_once: int
) -> None:
    tokens = [token for sentence in annotated(tuple(texts), ()) for token in sentence.sentence.tokens]
    assume(tokens)
    whole = "".join(texts)
    spans = tuple(Span(*token, "X") for token in tokens)
    text = built(annotated(tuple(texts), spans, notes=()), at_once, known=("A", "B", "X"))
    assert text.characters == "".join(whole[start:end] for start, end in tokens)
    assert text.ends.tolist() == [*accumulate(end - start for start, end in tokens)]
    assert text.spans.tolist() == [[at, at + 1, 2] for at in range(len(tokens))]


def test_a_word_may_hold_a_blank_and_a_sign_may_be_no_word() -> None:
    sentence = Sentence(0, "I,New York.", (Token(0, 1), Token(2, 10), Token(10, 11)))
    text = built([AnnotatedSentence(sentence, (Span(2, 10, "LOC"),))], 1)
    assert text.characters == "INew York."
    assert text.ends.tolist() == [1, 9, 10]
    assert text.spans.tolist() == [[1, 2, 0]]


def test_a_span_without_a_word_is_none() -> None:
    assert built(annotated(spans=(Span(3, 4, "PER"), Span(4, 7, "PER"))), 3).spans.tolist() == [[1, 2, 0]]


def test_a_document_of_one_word_has_words() -> None:
    assert built(annotated(("Ada",), ()), 1).characters == "Ada"


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (0, 7, (0, 2)),
        (4, 11, (1, 4)),
        (5, 5, (1, 2)),
        (3, 4, (1, 2)),
        (11, 12, (4, 5)),
        (12, 12, (4, 5)),
        (34, 35, (10, 11)),
        (35, 38, (10, 11)),
    ],
)
def test_a_note_is_on_all_words_of_a_sentence_that_it_touches_or_else_on_the_next_word_or_the_last(
    start: int, end: int, words: tuple[int, int], at_once: int
) -> None:
    noted = annotated((*TEXTS, "   "), (), notes=(Note(start, end, "why?"),))
    assert built(noted, at_once).notes == ((*words, "why?"),)


def test_rows_of_words_are_put_behind_each_other_and_their_labels_are_numbered_as_they_are_met() -> None:
    builder, labels = TextBuilder("d", only_confirmed=True), {"LOC": 0}
    for spans in ([], [(0, 2, 1), (3, 4, 0)], [(3, 4, 2), (4, 5, 1)]):
        rows = np.array(spans, np.int64).reshape(-1, 3)
        builder.add_rows(
            WordRows("AdaLeeinRome.", np.array([3, 3, 2, 4, 1]), np.array([3, 5]), rows, ("LOC", "PER", "ORG")), labels
        )
    text = builder.built()
    assert text.characters == "AdaLeeinRome." * 3
    assert text.ends.tolist() == [at + end for at in (0, 13, 26) for end in (3, 6, 8, 12, 13)]
    assert text.sentences.tolist() == [3, 5, 8, 10, 13, 15]
    assert text.spans.tolist() == [[5, 7, 1], [8, 9, 0], [13, 14, 2], [14, 15, 1]]
    assert labels == {"LOC": 0, "PER": 1, "ORG": 2}
    assert text.counts.tolist() == [True] * 15


def test_a_document_may_be_without_spans() -> None:
    assert built(annotated(spans=()), 3).spans.shape == (0, 3)
