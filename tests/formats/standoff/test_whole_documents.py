"""Documents a record: offsets are counted in what is written, and what was a record of its own is one again."""

from __future__ import annotations

import pytest

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Metadata, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents, only_document

MODEL = Suggestion(Span(0, 3, "PER"), 0.9, 0.5, (Alternative(0, 2, "LOC", 0.1), Alternative(0, 3, None, 0.1)))


def sentence(start: int, text: str = "Ada left.\n", metadata: Metadata | None = None) -> AnnotatedSentence:
    """One with a span on its first three characters, a suggestion there, and a note on the next word."""
    at = Sentence(start, text, (Token(start, start + 3), Token(start + 4, start + 8), Token(start + 8, start + 9)), 4)
    others = tuple(
        Alternative(start + each.start, start + each.end, each.label, each.score) for each in MODEL.alternatives
    )
    return AnnotatedSentence(
        at,
        (Span(start, start + 3, "PER"),),
        (Suggestion(Span(start, start + 3, "PER"), 0.9, 0.5, others),),
        notes=(Note(start + 4, start + 8, "when?"),),
        metadata=metadata or {},
    )


def shape(found: WholeDocument) -> tuple[str, str, int]:
    return found.name, found.text, len(found.sentences)


def test_what_is_left_out_is_not_counted() -> None:
    (found,) = documents([DocumentStart("a", "text"), sentence(30), sentence(70)])
    assert shape(found) == ("a", "Ada left.\nAda left.\n", 2)
    first, second = found.sentences
    for item, start in ((first, 0), (second, 10)):
        # As if it had been written there from the first.
        assert item == sentence(start)
        assert item.sentence.start == start


def test_where_nothing_is_left_out_sentences_are_those_that_came() -> None:
    items = [sentence(0), sentence(10)]
    (found,) = documents([DocumentStart("a", "text"), *items])
    assert [ours is theirs for ours, theirs in zip(found.sentences, items, strict=True)] == [True, True]


def test_documents_without_sentences_are_not_written() -> None:
    heads = [DocumentStart(name, "text") for name in "abcd"]
    items: list[StreamItem] = [heads[0], heads[1], sentence(0), heads[2], sentence(0), sentence(10), heads[3]]
    assert list(map(shape, documents(items))) == [("b", "Ada left.\n", 1), ("c", "Ada left.\nAda left.\n", 2)]
    assert list(documents([sentence(0)])) == []


def test_a_sentence_with_metadata_of_its_own_is_a_document_again() -> None:
    head = DocumentStart("a", "text", metadata={"year": 1, "by": "x"})
    items: list[StreamItem] = [
        head,
        sentence(0),
        sentence(10, metadata={"id": 7, "by": "y"}),
        sentence(20),
        sentence(30),
    ]
    first, alone, rest = documents(items)
    assert (first.text, alone.text, rest.text) == ("Ada left.\n", "Ada left.", "Ada left.\n" * 2)
    assert (first.metadata, alone.metadata) == ({"year": 1, "by": "x"}, {"year": 1, "by": "y", "id": 7})
    assert rest.metadata == first.metadata
    assert [token.start for token in alone.tokens] == [0, 4, 8]
    assert [token.start for token in rest.tokens] == [0, 4, 8, 10, 14, 18]
    (whole,) = documents(items, whole=True)
    assert len(whole.sentences) == 4


def test_one_document_a_file_is_one() -> None:
    heads = [DocumentStart(name, "text") for name in "ab"]
    (found,) = only_document([heads[0], sentence(0), heads[1]], "brat")
    assert found.name == "a"
    assert list(only_document([heads[0]], "brat")) == []
    with pytest.raises(FormatError, match="b:1: brat is one document, and a is there already"):
        list(only_document([heads[0], sentence(0), heads[1], sentence(0)], "brat"))


def test_a_document_is_confirmed_when_all_of_it_is_and_nothing_is_open() -> None:
    def confirmed(*items: AnnotatedSentence) -> bool:
        return WholeDocument("a", "text", items).confirmed

    at = Sentence(0, "Ada\n", (Token(0, 3),), 1)
    done, open_one = AnnotatedSentence(at, status="confirmed"), AnnotatedSentence(at)
    asked = AnnotatedSentence(at, suggestions=(MODEL,), status="confirmed")
    assert confirmed(done, done)
    assert not confirmed(done, open_one)
    assert not confirmed(done, asked)
