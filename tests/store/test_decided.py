"""What a learner reads of a project: bounded, and the nearest to the last edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ner_tui.domain.annotation.edits import Decision, SentenceState
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.store import decided
from ner_tui.store.project import Project

TEXT = "Ada ran. Bob sat. Eve won. Dan lost. Max slept.\n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "a.txt").write_text(TEXT)
    opened = open_session([str(tmp_path / "a.txt")], SessionOptions(project=str(tmp_path / "p.ner")))
    yield opened
    opened.close()


def words(project: Project, most: int, together: int = 99) -> list[str]:
    return [one.sentence.words[0] for one in project.decided_sentences(most, together)]


def test_the_sentences_before_the_last_edit_come_first_and_then_those_behind(session: Session) -> None:
    project = session._project
    for name in ("Ada", "Bob", "Dan", "Max", "Eve"):
        session.corrections.confirm(TEXT.index(name))
    assert words(project, 9) == ["Ada", "Bob", "Eve", "Dan", "Max"]
    assert words(project, 2) == ["Bob", "Eve"]
    assert words(project, 4) == ["Ada", "Bob", "Eve", "Dan"]
    assert words(project, 9, 7) == ["Bob", "Eve"], "each has three words"
    session.corrections.undo()
    assert words(project, 1) == ["Max"]


def test_of_sentences_in_progress_what_a_person_decided_alone_is_known(session: Session) -> None:
    project = session._project
    session.corrections.label(0, 3, "PER", cursor=0)
    (one,) = project.decided_sentences(9, 99)
    assert (one.is_confirmed, [span.label for span in one.spans]) == (False, ["PER"])
    before = project.decided_version()
    session.corrections.confirm(0)
    after = project.decided_version()
    assert (before.confirmed, after.confirmed) == (0, 1)
    assert after.edits > before.edits


def test_what_was_only_accepted_with_others_is_told_apart(session: Session) -> None:
    project = session._project
    project.items.put(1, Decision(Span(0, 3, "PER")))
    project.items.put(1, Decision(Span(4, 7, "ORG"), "sweep"))
    project.items.put(1, SentenceState(0, "in progress"))
    (one,) = project.decided_sentences(9, 99)
    assert ([span.label for span in one.spans], [span.label for span in one.swept]) == (["PER", "ORG"], ["ORG"])


@pytest.mark.parametrize("query", [decided.VERSION, decided.LAST_EDIT, decided.BEFORE, decided.BEHIND])
def test_nothing_that_grows_is_walked_or_sorted(session: Session, query: str) -> None:
    place = {"d": 1, "o": 0, "most": 9}
    plan = [row[3] for row in session._project._database.execute(f"EXPLAIN QUERY PLAN {query}", place)]
    # The index of entries in force holds nothing else, and is left at the first.
    walked = [step for step in plan if step.startswith("SCAN") and "journal_active" not in step]
    assert [step for step in walked if step != "SCAN CONSTANT ROW"] == []
    assert not [step for step in plan if "TEMP B-TREE" in step]
