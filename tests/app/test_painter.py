from __future__ import annotations

import pytest
from rich.style import Style

from ner_tui.app.layout import TextLayout
from ner_tui.app.widgets.painter import Marked, Painter, RowStyle, score, with_keys
from ner_tui.app.widgets.row_layout import GUTTER
from ner_tui.domain.labels import COLOUR_SLOTS, LabelSet
from ner_tui.domain.spans import Span
from ner_tui.session import DrawnSpan

TEXT = "Ada Okonkwo left New York, for 東京 today."
LOOKS = RowStyle(
    page=Style(),
    unit=Style(bgcolor="blue"),
    gutter=Style(),
    stand_in=Style(dim=True),
    cursor=Style(reverse=True),
    selection=Style(reverse=True),
    decided=(Style(bold=True),) * COLOUR_SLOTS,
    suggested=(Style(underline=True),) * COLOUR_SLOTS,
    doubtful=(Style(underline=True, underline2=True),) * COLOUR_SLOTS,
    ink=(Style(),) * COLOUR_SLOTS,
)
PAINTER = Painter(LabelSet.of(["PER", "ORG", "LOC", "MISC"]), LOOKS)
UNMARKED = Marked(None, None, None)


def mark(words: str, label: str, kind: str, score: float | None = None, doubtful: bool = False) -> DrawnSpan:
    start = TEXT.index(words)
    return DrawnSpan(Span(start, start + len(words), label), kind, score, doubtful)  # type: ignore[arg-type]


def labels(*marks: DrawnSpan) -> str:
    row = TextLayout(TEXT, 60).row(0)
    return PAINTER.labels(row, marks, 64).text[GUTTER:].rstrip()


def text(*marks: DrawnSpan) -> str:
    row = TextLayout(TEXT, 60).row(0)
    keys = PAINTER.keys(row, marks)
    return PAINTER.text(with_keys(row, keys, 62), marks, "", UNMARKED, 64, keys=keys).text[GUTTER - 1 :].rstrip()


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([mark("Ada Okonkwo", "PER", "decided")], "PER"),
        ([mark("Ada Okonkwo", "PER", "suggested", 0.914)], "PER? .91"),
        ([mark("Ada Okonkwo", "PER", "suggested", 0.48, True)], "PER?? .48"),
        ([mark("Ada", "PER", "suggested", 0.999), mark("Okonkwo", "ORG", "decided")], "PE  ORG".replace("PE ", "PER")),
        ([mark("Ada Okonkwo", "PER", "decided"), mark("Ada", "ORG", "conflict", 0.7)], "PER≠ORG"),
        ([mark("Ada Okonkwo", "PER", "decided"), mark("Ada", "PER", "conflict", 0.7)], "PER≠"),
        ([mark("Ada", "ORG", "conflict", 0.7)], "≠ORG"),
        ([mark("today", "LOC", "decided")], " " * 36 + "LOC"),
    ],
)
def test_a_label_stands_under_the_first_cell_of_its_span(marks: list[DrawnSpan], shown: str) -> None:
    assert labels(*marks) == shown


def test_a_label_is_cut_where_the_next_one_begins() -> None:
    one, other = mark("Ada", "MISC", "decided"), mark("Okonkwo", "PER", "decided")
    assert labels(one, other) == "MIS PER"


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        # At the beginning of a row it is in the gutter.
        ([mark("Ada Okonkwo", "PER", "decided")], "¹Ada Okonkwo left New York, for 東京 today."),
        ([mark("New York", "LOC", "decided")], " Ada Okonkwo left³New York, for 東京 today."),
        ([mark("東京", "LOC", "suggested", 0.9)], " Ada Okonkwo left New York, for³東京 today."),
        # Where no space is before it a cell is put in, as many as there is room for.
        (
            [mark("York", "LOC", "decided"), mark("ork", "ORG", "decided")],
            " Ada Okonkwo left New³Y²ork, for 東京 today.",
        ),
        ([mark("京", "LOC", "decided")], " Ada Okonkwo left New York, for 東³京 today."),
        # What is too improbable to be suggested is not to be confirmed, and has none.
        ([mark("New York", "LOC", "below", 0.2)], " Ada Okonkwo left New York, for 東京 today."),
        (
            [mark("Ada", "PER", "decided"), mark("Ada", "ORG", "conflict")],
            "≠Ada Okonkwo left New York, for 東京 today.",
        ),
    ],
)
def test_without_rows_for_labels_the_key_stands_before_the_span(marks: list[DrawnSpan], shown: str) -> None:
    assert text(*marks) == shown


def test_a_cell_for_a_key_is_put_in_only_where_the_row_has_room() -> None:
    row, marks = TextLayout(TEXT, 60).row(0), [mark("京", "LOC", "decided"), mark("oday", "ORG", "decided")]
    keys = PAINTER.keys(row, marks)
    assert with_keys(row, keys, row.width).width == row.width
    assert with_keys(row, keys, row.width + 1).width == row.width + 1
    roomy = with_keys(row, keys, row.width + 2)
    assert [roomy.column(TEXT.index(words)) for words in ("for", "京", "today", "oday")] == [27, 34, 37, 39]
    # The cell belongs to what stands behind it.
    assert [roomy.offset(column) - TEXT.index("京") for column in (32, 33, 34, 35)] == [-1, 0, 0, 0]


def test_the_current_sentence_has_a_bar_beside_its_rows_and_a_ground_of_its_own() -> None:
    row = TextLayout(TEXT, 60).row(0)
    unit = (TEXT.index("left"), TEXT.index("today"))
    strip = PAINTER.text(row, [mark("New York", "LOC", "suggested", 0.9)], "●", Marked(None, None, unit), 64)
    on_ground = "".join(segment.text for segment in strip if segment.style and segment.style.bgcolor)
    assert (strip.text[:GUTTER], on_ground) == ("▌●  ", "left New York, for 東京 ")
    assert PAINTER.labels(row, [], 64, in_unit=True).text[:GUTTER] == "▌   "
    assert PAINTER.text(row, [], "●", UNMARKED, 64).text[:GUTTER] == " ●  "


def test_a_decision_and_a_suggestion_differ_by_more_than_colour() -> None:
    row = TextLayout(TEXT, 60).row(0)
    marks = [
        mark("Ada", "PER", "decided"),
        mark("New", "LOC", "suggested", 0.9),
        mark("York", "LOC", "suggested", 0.3, True),
    ]
    strip = PAINTER.text(row, marks, "", UNMARKED, 64)
    looks = {segment.text: segment.style for segment in strip}
    assert looks["Ada"] is not None and looks["Ada"].bold and not looks["Ada"].underline  # noqa: PT018
    assert looks["New"] is not None and looks["New"].underline and not looks["New"].underline2  # noqa: PT018
    assert looks["York"] is not None and looks["York"].underline2  # noqa: PT018


def test_labels_beyond_nine_are_told_apart_by_the_letter_of_their_key() -> None:
    many = LabelSet.of([f"L{number}" for number in range(12)])
    painter, row = Painter(many, LOOKS), TextLayout(TEXT, 60).row(0)
    marks = [mark("Ada Okonkwo", "L9", "decided"), mark("New York", "L10", "suggested", 0.9)]
    assert [shown for shown, _ in painter.keys(row, marks).values()] == ["ᵃ", "ᵇ"]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, ""), (0.0, ".00"), (0.43, ".43"), (0.994, ".99"), (0.999, "1.0"), (-0.151, "-.15"), (-0.001, ".00")],
)
def test_probabilities_and_margins_are_written_in_one_way(value: float | None, written: str) -> None:
    assert score(value) == written
    assert score(0.5, value) == (f".50, margin {written}" if written else ".50")
