from __future__ import annotations

import pytest
from rich.style import Style

from ner_tui.app.layout import TextLayout
from ner_tui.app.widgets.painter import Painter, RowStyle
from ner_tui.app.widgets.row_layout import GUTTER
from ner_tui.domain.labels import COLOUR_SLOTS, LabelSet
from ner_tui.domain.spans import Span
from ner_tui.session import DrawnSpan

TEXT = "Ada Okonkwo left New York, for 東京 today."
LOOKS = RowStyle(
    page=Style(),
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


def mark(words: str, label: str, kind: str, score: float | None = None, doubtful: bool = False) -> DrawnSpan:
    start = TEXT.index(words)
    return DrawnSpan(Span(start, start + len(words), label), kind, score, doubtful)  # type: ignore[arg-type]


def labels(*marks: DrawnSpan) -> str:
    row = TextLayout(TEXT, 60).row(0)
    return PAINTER.labels(row, marks, 64).text[GUTTER:].rstrip()


def text(*marks: DrawnSpan) -> str:
    row = TextLayout(TEXT, 60).row(0)
    return PAINTER.text(row, marks, "", None, None, 64, inline=True).text[GUTTER:].rstrip()


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
        ([mark("Ada Okonkwo", "PER", "decided")], "Ada Okonkwo¹left New York, for 東京 today."),
        # No space follows: the key stands before.
        ([mark("New York", "LOC", "decided")], "Ada Okonkwo left³New York, for 東京 today."),
        ([mark("東京", "LOC", "suggested", 0.9)], "Ada Okonkwo left New York, for 東京³today."),
        ([mark("Ada", "PER", "decided"), mark("Ada", "ORG", "conflict")], "Ada≠Okonkwo left New York, for 東京 today."),
    ],
)
def test_without_rows_for_labels_the_key_stands_in_a_space_beside_the_span(marks: list[DrawnSpan], shown: str) -> None:
    assert text(*marks) == shown


def test_a_decision_and_a_suggestion_differ_by_more_than_colour() -> None:
    row = TextLayout(TEXT, 60).row(0)
    marks = [
        mark("Ada", "PER", "decided"),
        mark("New", "LOC", "suggested", 0.9),
        mark("York", "LOC", "suggested", 0.3, True),
    ]
    strip = PAINTER.text(row, marks, "", None, None, 64, inline=False)
    looks = {segment.text: segment.style for segment in strip}
    assert looks["Ada"] is not None and looks["Ada"].bold and not looks["Ada"].underline  # noqa: PT018
    assert looks["New"] is not None and looks["New"].underline and not looks["New"].underline2  # noqa: PT018
    assert looks["York"] is not None and looks["York"].underline2  # noqa: PT018
