"""Expressions of SQL: the text of a span is the same whether SQLite or Python takes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ner_tui.store.bulk_insert import span_text as of_python
from ner_tui.store.file.opening import scratch
from ner_tui.store.tables.predicates import DOUBTS, INDEXED, LISTED, LONGEST, OPEN, SHOWN, SHOWN_FAINT, span_text

DATABASE = scratch()


@given(st.text("a b\t\n\r\x02\x03é", max_size=60), st.integers(0, 20), st.integers(1, 40))
def test_the_text_of_a_span_is_that_of_a_bulk_insert(text: str, start: int, length: int) -> None:
    DATABASE.execute("DELETE FROM sentence")
    DATABASE.execute("INSERT INTO sentence VALUES (1, 0, ?, x'00', 1)", (text,))
    query = f"SELECT {span_text('r')} FROM (SELECT 1 AS document, ? AS start, ? AS end) r"
    assert DATABASE.execute(query, (start, start + length)).fetchone()[0] == of_python(text[start : start + length])


def test_a_long_span_is_compared_by_its_beginning() -> None:
    assert len(of_python("x" * 1000)) == LONGEST


def test_states_are_grouped_as_indexes_and_counts_need_them() -> None:
    assert (OPEN, DOUBTS, INDEXED) == ("state IN (1, 2, 6)", "state IN (2, 3, 6)", "state IN (2, 3, 6, 5)")
    assert SHOWN == LISTED == "state IN (1, 2, 6, 3)"
    assert SHOWN_FAINT == "state IN (1, 2, 6, 3, 5)"
