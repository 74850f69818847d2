"""The tables of letter shapes."""

from __future__ import annotations

import pytest

from ner_tui.predictors.shapes import LATEST, TABLES, letter_shape


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("", 0),
        ("the", 0),
        ("1996", 0),
        ("n't", 0),
        ("東京", 0),
        ("@dj_friend", 0),
        ("straße", 0),
        ("Paris", 1),
        ("I", 1),
        ("A.", 1),
        ("'S", 1),
        ("'Tis", 1),
        ("#Obama", 1),
        ("2Pac", 1),
        ("O'clock", 1),
        ("Łódź", 1),
        ("ǅ", 1),
        ("東京Tower", 1),
        ("EU", 2),
        ("U.S.", 2),
        ("COVID-19", 2),
        ("AT&T", 2),
        ("'RE", 2),
        ("ŁÓDŹ", 2),
        ("McDonald", 3),
        ("iPhone", 3),
        ("Anglo-Saxon", 3),
        ("EU's", 3),
        ("eB", 3),
    ],
)
def test_shape(word: str, shape: int) -> None:
    assert letter_shape(word) == shape
    assert 0 <= shape < TABLES["letter-shape-1"].rows


def test_case_changes_make_the_shapes_of_their_case() -> None:
    for word in ("Paris", "iPhone", "COVID-19", "straße"):
        assert letter_shape(word.lower()) == 0
        assert letter_shape(word.upper()) == 2


@pytest.mark.parametrize(("word", "shape"), [("@dj_friend", 4), ("@NASA", 4), ("@", 0), ("Paris", 1), ("a@b.org", 0)])
def test_a_handle_in_one_word_has_a_shape_of_its_own(word: str, shape: int) -> None:
    assert LATEST.shape(word) == shape
    assert shape < LATEST.rows
