"""Aligning: which text of an annotator is another edition of which, and what is said of it in the first one's words."""

from __future__ import annotations

import numpy as np
import pytest

from ner_tui.domain.evaluation.labelled_texts import LabelledText, WordNote
from ner_tui.session.team.aligning import Unplaced, align
from ner_tui.session.team.sides import Side

LABELS = ("PER", "LOC")
BEGIN = "Ada left Oslo early / She came back"


def text(
    content: str,
    *spans: tuple[int, int, int],
    name: str = "d",
    notes: tuple[WordNote, ...] = (),
    uncounted: tuple[int, ...] = (),
) -> LabelledText:
    """A document whose sentences are parted by ``/``."""
    sentences = [sentence.split() for sentence in content.split("/")]
    words = [word for sentence in sentences for word in sentence]
    return LabelledText(
        name,
        "".join(words),
        np.cumsum([len(word) for word in words], dtype=np.int64),
        np.cumsum([len(sentence) for sentence in sentences], dtype=np.int64),
        np.array(spans, np.int64).reshape(-1, 3),
        np.array([at not in uncounted for at in range(len(words))], np.bool_),
        notes,
    )


def aligned(ours: list[LabelledText], theirs: list[LabelledText]) -> tuple[list[LabelledText], list[Unplaced]]:
    """The other side's texts afterwards, and what has no place."""
    sides = [Side("a", "ana", ours), Side("b", "bo", [*theirs])]
    lost = align(sides)
    return sides[1].texts, lost


def numbers(ours: list[LabelledText], theirs: list[LabelledText]) -> list[int | None]:
    """Which of our texts each of theirs is put in the words of."""
    moved, _ = aligned(ours, theirs)
    return [
        None if new is old else next(at for at, each in enumerate(ours) if each.key == new.key)
        for old, new in zip(theirs, moved, strict=True)
    ]


def test_editions_go_by_their_names() -> None:
    ours = [text(f"{BEGIN} today", name="x"), text(f"{BEGIN} again", name="y")]
    theirs = [text(f"{BEGIN} at last", name="y"), text(f"{BEGIN} now", name="x")]
    assert numbers(ours, theirs) == [1, 0]


def test_editions_without_names_in_common_go_by_their_order_where_there_are_as_many() -> None:
    ours = [text(f"{BEGIN} today", name="x"), text(f"{BEGIN} again", name="y")]
    theirs = [text(f"{BEGIN} at last", name="p"), text(f"{BEGIN} now", name="x"), text(f"{BEGIN} so", name="q")]
    assert numbers(ours, theirs[:2]) == [1, 0]
    assert numbers(ours, theirs) == [None, 0, None]


def test_a_text_that_is_the_same_is_no_other_edition_and_has_none() -> None:
    same = text(f"{BEGIN} today", name="x")
    assert numbers([same, text(f"{BEGIN} again", name="y")], [text(f"{BEGIN} now", name="q"), same]) == [1, None]
    assert numbers([same, text(f"{BEGIN} again", name="y")], [same, same]) == [None, 1]
    assert numbers([same, same], [same, text(f"{BEGIN} now", name="q")]) == [None, 0]
    assert numbers([same], [same, text(f"{BEGIN} now", name="q")]) == [None, None]


@pytest.mark.parametrize(
    ("ours", "theirs", "moved"),
    [
        ("Ada left", "Ada said", [None]),
        ("Ada has", "Ada met", [0]),
        ("said so", "left so", [None]),
        ("", "Ada", [None]),
    ],
)
def test_an_edition_shares_half_of_the_characters_at_least(ours: str, theirs: str, moved: list[int | None]) -> None:
    assert numbers([text(ours)], [text(theirs)]) == moved


def test_spans_and_notes_stand_on_the_same_words() -> None:
    ours = text("So / Ada Lee left Oslo early / She came back")
    theirs = text("Ada Lee left Oslo early / She came", (0, 2, 0), (3, 4, 1), notes=((3, 5, "sure?"),))
    (moved,), lost = aligned([ours], [theirs])
    assert (moved.name, moved.key, lost) == ("d", ours.key, [])
    assert moved.spans.tolist() == [[1, 3, 0], [4, 5, 1]]
    assert moved.notes == ((4, 6, "sure?"),)


def test_a_sentence_counts_where_all_of_its_words_are_there_and_count() -> None:
    ours = text("Ada left Oslo / She came back / It rained there / So be it")
    theirs = text("Ada left Oslo / She came home / It rained there / So be it", uncounted=(7, 9))
    (moved,), _ = aligned([ours], [theirs])
    assert moved.counts.tolist() == [True] * 3 + [False] * 9


def test_what_has_no_place_is_listed_and_its_words_do_not_count() -> None:
    ours = text("Ada left Oslo / She met Bob Ray / It rained")
    theirs = text("Ada left Oslo / She met Bob / Roy / It rained", (0, 1, 0), (5, 7, 0), notes=((6, 7, "who?"),))
    (moved,), lost = aligned([ours], [theirs])
    assert [each.described(LABELS) for each in lost] == [
        "bo: d: not placed: PER “Bob Roy”",
        "bo: d: not placed: a note on “Roy”",
    ]
    assert moved.spans.tolist() == [[0, 1, 0]]
    assert moved.counts.tolist() == [True] * 3 + [False] * 4 + [True] * 2


def test_the_words_of_a_span_do_not_count_where_something_came_between_them() -> None:
    ours = text("She met Bob / So / Ray left / It rained")
    (moved,), lost = aligned([ours], [text("She met Bob Ray left / It rained", (2, 4, 0))])
    assert [each.words for each in lost] == ["Bob Ray"]
    assert moved.counts.tolist() == [False] * 6 + [True] * 2


def test_a_word_that_is_cut_otherwise_does_not_count() -> None:
    ours = text("She met Bob. / It rained now / So be it")
    (moved,), _ = aligned([ours], [text("She met Bob . / It rained / So be it")])
    assert moved.counts.tolist() == [False] * 6 + [True] * 3
