"""Fix-all: every other place, one change, one undo, and a person's decisions left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.domain.annotation.occurrences import Matching
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.concordance import Occurrence


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(
        "New York is big. After some years among the towers of the lower east side we left New\n"
        "York and moved to the coast, where the light is better. NEW YORK wins."
    )
    Path("b.txt").write_text("The New Yorker is no New York. Is New York?")
    return open_session(["a.txt", "b.txt"], SessionOptions())


def found(session: Session, text: str = "New York", **matching: bool) -> list[Occurrence]:
    return list(session.concordance.occurrences(text, Matching(**matching)))


def test_words_are_found_across_documents_and_line_breaks_as_whole_tokens(session: Session) -> None:
    assert [(o.document, o.before[-4:], o.text) for o in found(session)] == [
        (1, "", "New York"),
        (1, "eft ", "New York"),
        (2, " no ", "New York"),
        (2, "Is ", "New York"),
    ]


def test_case_can_be_folded_and_matches_inside_tokens_widened(session: Session) -> None:
    assert [o.text for o in found(session, fold_case=True)][2] == "NEW YORK"
    assert "New Yorker" in [o.text for o in found(session, whole_tokens=False)]


def test_a_fix_all_is_one_change_that_one_undo_takes_back(session: Session) -> None:
    assert session.concordance.label(found(session), "LOC") == 4
    assert session.row().spans == 4
    assert {o.label for o in found(session)} == {"LOC"}
    done = session.corrections.undo()
    assert done is not None
    assert done.notice == f"undo: {Verb.FIX_ALL.words} in 4 places"
    assert session.row().spans == 0
    assert session.corrections.redo() is not None
    assert session.row().spans == 4


def test_places_a_person_decided_are_protected(session: Session) -> None:
    session.corrections.label(0, 8, "ORG", cursor=0)
    session.corrections.confirm(30)
    assert [(o.state, o.protected) for o in found(session)] == [
        ("person", True),
        ("confirmed", True),
        ("none", False),
        ("none", False),
    ]


def test_what_has_the_label_already_counts_as_unchanged(session: Session) -> None:
    session.concordance.label(found(session), "LOC")
    assert session.concordance.label(found(session), "LOC") == 0
    assert session.concordance.label(found(session), None) == 4
    assert session.row().spans == 0
