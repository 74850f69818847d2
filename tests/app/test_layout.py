from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import HANGS
from rich.cells import cell_len
from thoroughness import examples

from ner_tui.app import wrapping
from ner_tui.app.glyphs import LONGEST_UNIT, glyph, lone, printable, units
from ner_tui.app.layout import TextLayout

AWKWARD = st.text(
    st.one_of(
        st.sampled_from(" \t\n\r\u00a0\u200b\u200d\ufe0f\u0301\u202e\x1b\x07\u00ad\u2028😀👨👩👧🏽❤🇵🇱東京。、éŁ한"),
        st.characters(),
        st.sampled_from("abc "),
    ),
    max_size=300,
)
FAMILY = "👨\u200d👩\u200d👧"


def rows(text: str, width: int) -> list[str]:
    layout = TextLayout(text, width)
    return [text[slice(*layout.bounds(row))] for row in range(len(layout))]


def drawn(text: str, width: int = 80) -> list[str]:
    layout = TextLayout(text, width)
    return ["".join(shown for shown, _ in layout.row(row).shown(0, len(text))) for row in range(len(layout))]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two\n", 10, ["one two\n", ""]),
        ("one two three", 8, ["one two ", "three"]),
        ("12345678 9", 8, ["12345678 ", "9"]),
        ("unbreakable", 8, ["unbreaka", "ble"]),
        ("a\r\nb", 8, ["a\r\n", "b"]),
        ("東京都は日本", 8, ["東京都は", "日本"]),
        ("東京都は。日本", 8, ["東京都", "は。日本"]),
        ("see 東京都", 8, ["see 東京", "都"]),
        ("cafe\u0301s are e\u0301lan", 8, ["cafe\u0301s ", "are e\u0301lan"]),
        ("ab " + FAMILY + " cd", 8, ["ab ", FAMILY + " ", "cd"]),
    ],
)
def test_words_stay_whole_where_they_fit(text: str, width: int, expected: list[str]) -> None:
    assert rows(text, width) == expected


@given(AWKWARD, st.integers(8, 60))
def test_rows_partition_the_text(text: str, width: int) -> None:
    assert "".join(rows(text, width)) == text


@given(AWKWARD, st.integers(8, 60))
def test_offset_to_cell_and_back_comes_to_the_start_of_the_same_unit(text: str, width: int) -> None:
    layout = TextLayout(text, width)
    for offset in range(len(text)):
        row, column = layout.locate(offset)
        start, end = layout.bounds(row)
        back = layout.offset(row, column)
        assert start <= offset < end
        if offset < layout.row(row).end:
            assert back <= offset < back + LONGEST_UNIT
            assert layout.locate(back) == (row, column)


@given(AWKWARD, st.integers(8, 60))
def test_a_row_takes_the_cells_it_says_and_no_more_than_fit(text: str, width: int) -> None:
    layout = TextLayout(text, width)
    for at in range(len(layout)):
        row = layout.row(at)
        shown = "".join(piece for piece, _ in row.shown(row.start, row.end))
        assert cell_len(shown) == row.width
        widest = max((unit.width for unit in row.parts or ()), default=0)
        assert row.width <= max(width + 1, widest)


@given(AWKWARD)
def test_a_character_that_is_said_to_be_alone_is_a_unit(text: str) -> None:
    for at in range(len(text)):
        unit = next(units(text, at, len(text)))
        assert lone(text, at, len(text)) in (0, unit.width)
        assert not lone(text, at, len(text)) or unit.end == at + 1


@given(AWKWARD)
def test_nothing_a_terminal_would_obey_is_drawn(text: str) -> None:
    for line in [*drawn(text, 20), printable(text)]:
        for character in line:
            assert character.isprintable() or glyph(character).kind == 0
            assert character not in "\x1b\u202e\u200d\ufe0f\n\r\t"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10\u00a0km", "10␣km"),
        ("a\u200bb", "a¦b"),
        ("soft\u00adhyphen", "soft¬hyphen"),
        ("\x1b[31mred", "␛[31mred"),
        ("bell\x07", "bell␇"),
        ("user\u202etxt.exe", "user⇄txt.exe"),
        ("\u0301x", "◌\u0301x"),
        ("🇵🇱", "PL"),
        ("🏴\U000e0067\U000e0062\U000e007f!", "🏴!"),
        ("tagged\U000e0067", "tagged¦"),
        (FAMILY, "👨👩👧"),
        ("👍🏽", "👍"),
        ("❤\ufe0f", "❤"),
        ("a\tb", "a       b"),
        ("x\ry", "x␍y"),
        ("lone\ud800", "lone�"),
    ],
)
def test_what_is_invisible_or_ambiguous_has_a_stand_in(text: str, shown: str) -> None:
    assert drawn(text) == [shown]


def test_a_stand_in_does_not_change_which_offset_a_cell_is() -> None:
    text = "a\u200bb\x1bc\u00a0d"
    layout = TextLayout(text, 40)
    assert [layout.offset(0, column) for column in range(len(text))] == list(range(len(text)))


def test_joined_emoji_are_one_place() -> None:
    text = f"x{FAMILY}y"
    layout = TextLayout(text, 40)
    assert {layout.offset(0, column) for column in range(1, 7)} == {1}
    assert layout.locate(text.index("y")) == (0, 7)


def test_a_heap_of_combining_marks_does_not_become_one_row() -> None:
    text = "a" + "\u0301" * 10_000
    assert len(TextLayout(text, 40)) > 1
    assert max(unit.end - unit.start for unit in units(text, 0, len(text))) <= LONGEST_UNIT


@settings(max_examples=examples(50))
@given(st.text(st.sampled_from("ab c"), max_size=200), st.integers(8, 30))
def test_plain_lines_are_wrapped_like_measured_ones(text: str, width: int) -> None:
    # A combining mark in the last line makes that line be measured; the words in it are the same.
    measured = rows(text + " e\u0301", width)
    assert measured[:-1] == rows(text + " é", width)[:-1]


@pytest.mark.parametrize("text", ["word " * 200_000, "x" * 1_000_000, "東京都は日本の首都です。" * 80_000])
def test_a_line_of_a_million_characters_is_laid_out_at_once(text: str) -> None:
    begun = perf_counter()
    layout = TextLayout(text, 80)
    layout.locate(len(text) - 1)
    # What looks at all of the line for each of its rows takes hours.
    assert perf_counter() - begun < HANGS


@pytest.mark.parametrize("odd", ["a\u0301", "\x1b", "ب", FAMILY, "a\t", "가"])
def test_of_a_word_of_millions_of_odd_characters_only_the_beginning_is_measured(
    monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    measured = 0

    def counting(text: str, at: int, end: int) -> int:
        nonlocal measured
        measured += 1
        return lone(text, at, end)

    monkeypatch.setattr(wrapping, "lone", counting)
    monkeypatch.setattr(wrapping, "MEASURED", 10_000)
    text = odd * (1_000_000 // len(odd))
    layout = TextLayout(text, 40)
    assert measured <= 10_000
    for at in range(0, len(layout), 1 + len(layout) // 500):
        assert layout.row(at).width <= 41
        assert layout.bounds(at)[1] == (layout.bounds(at + 1)[0] if at + 1 < len(layout) else len(text))
