"""Documents and sentences in the project file: found by place, and cut anew without losing a character."""

from __future__ import annotations

import pytest
from store.made import project_of, sentences, source

from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.store.project import Project

TEXTS = ("Ada left. ", "Bo came. ", "Nobody saw.\n", "All slept.")
STARTS = [0, 10, 19, 31]
LENGTH = 41


def project() -> Project:
    return project_of(TEXTS, ["Eve sat."])


def texts(found: object) -> list[str]:
    return [sentence.text for sentence in found]  # type: ignore[attr-defined]


def test_documents_keep_their_order_and_count_their_words() -> None:
    made = project()
    assert [(each.id, each.name, each.words, each.revision, each.cursor) for each in made.content.documents()] == [
        (1, "d1", 12, 0, 0),
        (2, "d2", 3, 0, 0),
    ]
    assert made.content.document_ids() == [1, 2]
    assert [each.id for each in made.content.documents_of(1)] == [1, 2]
    assert made.content.documents_of(2) == []
    assert (made.content.neighbour(1, 1), made.content.neighbour(1, -1)) == (2, None)
    assert (made.content.neighbour(2, 1), made.content.neighbour(2, -1)) == (None, 1)
    assert [made.content.length(document) for document in (1, 2, 3)] == [LENGTH, 8, 0]


def test_a_cursor_is_remembered_by_document() -> None:
    made = project()
    made.content.set_cursor(2, 5)
    assert [each.cursor for each in made.content.documents()] == [0, 5]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [(0, None, 4), (0, 31, 3), (0, 32, 4), (1, None, 3), (10, 19, 1), (10, 20, 2), (32, None, 0)],
)
def test_sentences_are_found_by_where_they_begin(start: int, end: int | None, found: int) -> None:
    made = list(project().content.sentences(1, start, end))
    assert len(made) == found
    assert made == [each for each in sentences(*TEXTS) if start <= each.start < (LENGTH if end is None else end)]


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [(0, LENGTH, 4), (0, 31, 3), (0, 32, 4), (1, LENGTH, 3), (10, 19, 1), (10, 20, 2), (10, 10, 0), (32, LENGTH, 0)],
)
def test_sentences_are_counted_by_where_they_begin(start: int, end: int, number: int) -> None:
    assert project().content.count_sentences(1, start, end) == number


def test_packed_sentences_are_the_same_sentences() -> None:
    packed = list(project().content.packed_sentences(1))
    assert [Sentence(each.start, each.text, each.tokens, each.line) for each in packed] == list(sentences(*TEXTS))


@pytest.mark.parametrize(
    ("start", "end", "margin", "found"),
    [
        (12, 13, 0, [1]),
        (12, 13, 1, [0, 1, 2]),
        (0, 1, 1, [0, 1]),
        (35, 40, 1, [2, 3]),
        (9, 10, 0, [0]),
        (9, 11, 0, [0, 1]),
        (10, 10, 0, [1]),
        (19, 19, 1, [1, 2, 3]),
        (12, 25, 1, [0, 1, 2, 3]),
        (LENGTH, LENGTH, 0, [3]),
    ],
)
def test_sentences_around_a_place_are_those_that_touch_it_and_a_margin(
    start: int, end: int, margin: int, found: list[int]
) -> None:
    origin, labelled, around = project().content.around(1, start, end, margin)
    assert not labelled
    assert origin == "text"
    assert [STARTS.index(each.start) for each in around] == found


@pytest.mark.parametrize(("offset", "at"), [(0, 0), (9, 0), (10, 1), (18, 1), (19, 2), (40, 3), (99, 3)])
def test_the_sentence_that_owns_a_character_is_the_last_that_starts_before_it(offset: int, at: int) -> None:
    content = project().content
    owner = content.sentence_at(1, offset)
    assert owner == list(sentences(*TEXTS))[at]
    assert owner
    assert content.sentence_range(1, offset) == (owner.start, owner.end)


def test_a_document_without_sentences_has_none_at_a_place() -> None:
    made = Project.scratch()
    document = made.content.add_document(made.content.add_source(source()), "d", "text")
    assert made.content.sentence_at(document, 0) is None
    assert made.content.sentence_range(document, 0) is None
    assert made.content.stretch(document, 0, 9) == (0, 0, "", [], [], [])


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [(0, 5, 0, 0), (0, 0, 0, 0), (9, 11, 0, 1), (10, 19, 1, 1), (12, 20, 1, 2), (0, 99, 0, 3)],
)
def test_a_stretch_is_the_text_of_the_sentences_it_touches(start: int, end: int, first: int, last: int) -> None:
    found = project().content.stretch(1, start, end)
    wanted = list(sentences(*TEXTS))[first : last + 1]
    assert found.text == "".join(each.text for each in wanted)
    assert (found.start, found.end) == (wanted[0].start, wanted[-1].end)
    assert found.starts == [each.start for each in wanted]
    assert found.lines == [each.line for each in wanted]
    assert found.edges == [edge for each in wanted for token in each.tokens for edge in token]


@pytest.mark.parametrize(
    ("needle", "after", "most", "found"),
    [
        ("a", (0, -1), -1, ["Ada left. ", "Bo came. ", "Nobody saw.\n", "All slept.", "Eve sat."]),
        ("ADA", (0, -1), -1, ["Ada left. "]),
        ("", (1, 19), -1, ["All slept.", "Eve sat."]),
        ("", (0, -1), 2, ["Ada left. ", "Bo came. "]),
        ("s", (1, 19), 1, ["All slept."]),
        ("%", (0, -1), -1, []),
        ("_", (0, -1), -1, []),
        ("\\", (0, -1), -1, []),
    ],
)
def test_sentences_that_hold_a_string_are_found_in_order(
    needle: str, after: tuple[int, int], most: int, found: list[str]
) -> None:
    assert texts(sentence for _, sentence in project().content.containing(needle, after, most)) == found


def test_signs_of_a_pattern_are_found_as_they_are() -> None:
    made = project_of(["100% of a_b in C:\\. ", "100 of axb. "])
    for needle in ("0%", "a_b", ":\\"):
        ((document, sentence),) = made.content.containing(needle)
        assert (document, sentence) == (1, next(sentences("100% of a_b in C:\\. ")))


def test_sentences_are_joined_and_cut_again() -> None:
    content = project().content
    content.join(1, 10)
    joined, *others = content.sentences(1)
    first, second, *rest = sentences(*TEXTS)
    assert joined == Sentence(0, first.text + second.text, first.tokens + second.tokens, 1)
    assert others == rest
    content.split(1, 10)
    # The line is that of the text, where both stand on the first.
    assert texts(content.sentences(1)) == list(TEXTS)
    again = content.sentence_at(1, 10)
    assert again
    assert (again.tokens, again.line) == (second.tokens, 1)


@pytest.mark.parametrize(("offset", "line"), [(4, 1), (8, 3), (9, 3)])
def test_the_second_part_of_a_sentence_stands_in_the_line_of_its_first_word(offset: int, line: int) -> None:
    content = project_of(["\nAda met\n\nBo"]).content
    content.split(1, offset)
    first, second = content.sentences(1)
    assert first.text + second.text == "\nAda met\n\nBo"
    assert (first.end, second.start, first.line, second.line) == (offset, offset, 1, line)
    assert first.tokens + second.tokens == (Token(1, 4), Token(5, 8), Token(10, 12))


def test_a_token_is_cut_and_merged_and_the_words_are_counted() -> None:
    content = project().content
    content.split_token(1, 12 - 10 + 13)
    second = content.sentence_at(1, 10)
    assert second
    assert second.words == ["Bo", "ca", "me", "."]
    assert content.document(1).words == 13
    content.merge_tokens(1, 15)
    assert content.sentence_at(1, 10) == list(sentences(*TEXTS))[1]
    assert content.document(1).words == 12
    content.merge_tokens(1, 17)
    merged = content.sentence_at(1, 10)
    assert merged
    assert merged.words == ["Bo", "came."]


def test_a_document_is_cleared_to_be_read_anew() -> None:
    made = project()
    made.content.clear_document(1)
    assert list(made.content.sentences(1)) == []
    head, other = made.content.documents()
    assert (head.words, head.revision, other.words, other.revision) == (0, 1, 3, 0)
    assert texts(made.content.sentences(2)) == ["Eve sat."]
    assert made.predictions.words() == 3
