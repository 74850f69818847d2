from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.app.layout import TextLayout
from ner_tui.app.widgets.row_layout import RowLayout


@pytest.mark.parametrize(
    ("roomy", "expected"),
    [
        (False, [(0, False), (1, False), (2, False)]),
        # An empty line has no labels, and so no row for them.
        (True, [(0, False), (0, True), (1, False), (2, False), (2, True)]),
    ],
)
def test_labels_have_a_line_of_their_own_where_there_is_text(roomy: bool, expected: list[tuple[int, bool]]) -> None:
    rows = RowLayout(TextLayout("one\n\ntwo", 20), roomy=roomy)
    assert [rows.at(line) for line in range(rows.height)] == expected


@given(st.text("ab \n", max_size=200), st.integers(8, 20), st.booleans())
def test_the_top_of_a_row_is_the_first_line_that_shows_it(text: str, width: int, roomy: bool) -> None:
    layout = TextLayout(text, width)
    rows = RowLayout(layout, roomy=roomy)
    assert [rows.at(rows.top(row)) for row in range(len(layout))] == [(row, False) for row in range(len(layout))]
    assert rows.top(len(layout)) == rows.height
