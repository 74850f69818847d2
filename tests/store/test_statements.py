"""What an edit costs the store: statements, the bodies of triggers included, whatever the project holds besides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from store.statements import traced
from store.test_journal import TEXT, sit, suggest

from ner_tui.domain.spans import Span
from ner_tui.session import Session

EDITS: dict[str, tuple[int, Callable[[Session], object]]] = {
    "relabel a suggestion": (18, lambda session: session.corrections.relabel(26, "ORG")),
    "accept a suggestion": (18, lambda session: session.corrections.accept(26)),
    "relabel the first of a sentence": (22, lambda session: session.corrections.relabel(60, "ORG")),
    "reject a suggestion": (15, lambda session: session.corrections.remove(26)),
    "flag a sentence": (12, lambda session: session.corrections.flag(26)),
    "label words": (12, lambda session: session.corrections.label(13, 16, "PER", cursor=13)),
}
"""Edit: statements at the most, with a line that SQLite adds where a trigger begins."""


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_takes_few_statements(tmp_path: Path, name: str) -> None:
    sit(tmp_path).close()
    suggest(tmp_path, Span(0, 12, "PER"), Span(17, 20, "ORG"), Span(24, 37, "LOC"), Span(60, 68, "LOC"))
    session = sit(tmp_path)
    session.corrections.relabel(17, "PER")
    most, edit = EDITS[name]
    with traced(session._project._database) as statements:
        edit(session)
    assert len(statements) <= most
    session.close()


def test_an_edit_takes_no_more_in_a_project_with_more_in_it(tmp_path: Path) -> None:
    numbers = []
    for times in (1, 40):
        folder = tmp_path / str(times)
        folder.mkdir()
        text = TEXT * times
        sit(folder, text).close()
        starts = range(0, len(text), len(TEXT))
        suggest(folder, *(Span(at + start, at + start + 3, "PER") for at in starts for start in (0, 17)))
        session = sit(folder, text)
        with traced(session._project._database) as statements:
            session.corrections.relabel(len(TEXT) * (times // 2), "ORG")
        numbers.append(len(statements))
        session.close()
    assert numbers[0] == numbers[1]
