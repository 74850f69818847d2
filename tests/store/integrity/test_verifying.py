"""Verifying: each kind of damage to a table is told with its place, and nothing else is told beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, Edit, LabelEntry, SentenceState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Span
from ner_tui.store.integrity.verifying import Fault
from ner_tui.store.project import Project

ADA, BO = Span(0, 3, "PER"), Span(8, 10, "PER")
HERE = "document 1 (d1)"


@pytest.fixture
def project() -> Project:
    """Decisions, a state, a suggestion, and a journal of an edit in force and one that was taken back."""
    made = project_of(["Ada met Bo. ", "Eve left."], ["Zoe ran."])
    for item in (Decision(ADA), SentenceState(0, "confirmed", True), Decision(BO)):
        made.journal.apply(1, Edit(Verb.LABEL, (), (item,), 0), time=0.0, annotator="ada")
    made.journal.undo(time=0.0, annotator="ada")
    predict(made, 1, Span(12, 15, "PER"), score=0.6)
    return made


def faults(project: Project, damage: str = "") -> list[tuple[str, str, str]]:
    project._database.execute("INSERT INTO triggers_off VALUES (1)")
    for statement in damage.split("; "):
        project._database.execute(statement)
    project._database.execute("DELETE FROM triggers_off")
    return [(fault.kind, fault.where, fault.what) for fault in project.faults()]


def test_a_sound_project_has_no_faults(project: Project) -> None:
    assert faults(project) == []
    assert str(Fault("text", "document 1", "odd")) == "document 1: text: odd"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "UPDATE sentence SET start = 13 WHERE start = 12",
            [
                ("text", f"{HERE} at 13", "the sentence before ends at 12: they have to meet"),
            ],
        ),
        ("UPDATE document SET words = 9 WHERE id = 1", [("counts", HERE, "it is said to have 9 words and has 7")]),
        (
            "UPDATE sentence SET tokens = x'000004000400' WHERE document = 2",
            [
                (
                    "text",
                    "document 2 (d2) at 0",
                    "its tokens cannot be read: zip() argument 2 is shorter than argument 1",
                ),
                ("counts", "document 2 (d2)", "it is said to have 3 words and has 0"),
            ],
        ),
        (
            "UPDATE document SET source = 5 WHERE id = 2",
            [("tables", "document 2 (d2)", "its source 5 is not there")],
        ),
        (
            "INSERT INTO note VALUES (9, 0, 1, 'x')",
            [("tables", "note", "rows of document 9, which there is not")],
        ),
        (
            "INSERT INTO sentence_state VALUES (1, 5, 'in progress', 0)",
            [
                ("spans", f"{HERE} at 5", "the state of a sentence where none starts"),
                ("counts", "project", "in progress: 0 kept, 1 there"),
                ("counts", "document 1", "in progress: 0 kept, 1 there"),
            ],
        ),
        (
            "INSERT INTO note VALUES (1, 0, 22, 'x')",
            [("spans", f"{HERE} [0, 22)", "a note outside the text, which ends at 21")],
        ),
        ("INSERT INTO note VALUES (1, 0, 21, 'x')", []),
        (
            "INSERT INTO note VALUES (1, 5, 4, 'x')",
            [("spans", f"{HERE} [5, 4)", "a note outside the text, which ends at 21")],
        ),
        (
            "UPDATE tally SET number = 4 WHERE kind = 'sentence' AND document = 0",
            [("counts", "project", "sentence: 4 kept, 3 there")],
        ),
        (
            "UPDATE tally SET number = 4 WHERE kind = 'decision' AND document = 1",
            [("counts", "document 1", "decision PER: 4 kept, 1 there")],
        ),
        (
            "DELETE FROM tally WHERE kind = 'doubt' AND document = 1",
            [("counts", "document 1", "doubt: 0 kept, 1 there")],
        ),
        (
            "DELETE FROM mention_by_text WHERE source = 'person'",
            [("counts", "mention", "1 spans are not where their words are looked up")],
        ),
        (
            "UPDATE label_usage SET number = 3 WHERE text = 'Ada'",
            [("counts", "label_usage", "the labels of 1 words are counted wrong")],
        ),
        (
            "UPDATE journal SET state = 0 WHERE id = 1",
            [("journal", "journal entry 1 (label)", "said to be taken back, while the entries after it say otherwise")],
        ),
        (
            "UPDATE journal SET state = 1 WHERE id = 3",
            [("journal", "journal entry 3 (label)", "said to be in force, while the entries after it say otherwise")],
        ),
        (
            "UPDATE journal SET target = 9 WHERE id = 4",
            [
                (
                    "journal",
                    "journal entry 3 (label)",
                    "said to be taken back, while the entries after it say otherwise",
                ),
                ("journal", "journal entry 4 (undo)", "it turns entry 9, which there is not before it"),
            ],
        ),
        (
            "UPDATE journal SET removed = '[[7]]' WHERE id = 2",
            [("journal", "journal entry 2 (label)", "it cannot be read: unknown item 7 in the journal")],
        ),
        ("INSERT INTO setting VALUES ('theme', x'00')", [("tables", "setting.value", "1 value is no text")]),
        (
            "UPDATE block SET words = 'many'",
            [("tables", "block.words", "2 values are no whole number")],
        ),
        ("DROP INDEX audit_rank", [("tables", "audit_rank", "the index is not there")]),
        (
            "DROP INDEX audit_rank; CREATE INDEX audit_rank ON audit (start)",
            [("tables", "audit_rank", "not the index that ner-tui makes")],
        ),
        ("CREATE TABLE mine (a)", [("tables", "mine", "a table that ner-tui did not make")]),
    ],
)
def test_each_damage_is_told_with_its_place(project: Project, damage: str, told: list[tuple[str, str, str]]) -> None:
    assert faults(project, damage) == told


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((4, 7, "X"), []),
        ((4, 6, "X"), [f"{HERE} [4, 6): spans: a X that does not begin and end with a token"]),
        ((5, 7, "X"), [f"{HERE} [5, 7): spans: a X that does not begin and end with a token"]),
        ((8, 15, "X"), [f"{HERE} [8, 15): spans: a X across sentences"]),
        ((20, 22, "X"), [f"{HERE} [20, 22): spans: a X outside the text, which ends at 21"]),
        ((20, 21, "X"), []),
        ((4, 4, "X"), [f"{HERE} [4, 4): spans: a X outside the text, which ends at 21"]),
        ((4, 7, ""), [f"{HERE} [4, 7): spans: a decision without a label"]),
    ],
)
def test_a_decision_stands_on_whole_tokens_of_one_sentence(
    project: Project, span: tuple[int, int, str], told: list[str]
) -> None:
    project._database.execute("INSERT INTO decision VALUES (1, ?, ?, ?, 'person')", span)
    assert [str(fault) for fault in project.faults()] == told


def test_decisions_do_not_overlap(project: Project) -> None:
    project._database.execute("UPDATE decision SET end = 7")
    project._database.execute("INSERT INTO decision VALUES (1, 4, 7, 'X', 'person'), (1, 8, 10, 'X', 'person')")
    assert [str(fault) for fault in project.faults()] == [f"{HERE} [4, 7): spans: a X that overlaps the one before"]


@pytest.mark.parametrize(
    ("text", "tokens", "told"),
    [
        ("Zoe ran.", "00 00 03 01 04", []),
        ("Zoe \u00a0.", "00 00 03 01 01", []),
        ("Zoe \t..", "00 00 03 01 01", ["[4, 5): text: a token of nothing but white space"]),
        ("Zoe ran.", "00 00 03 01 05", ["[4, 9): text: a token outside its sentence [0, 8)"]),
        ("Zoe ran.", "00 00 03 01 00", ["[4, 4): text: a token without a character"]),
    ],
)
def test_tokens_stand_in_their_sentence_and_are_no_white_space(
    project: Project, text: str, tokens: str, told: list[str]
) -> None:
    project._database.execute(
        "UPDATE sentence SET text = ?, tokens = ? WHERE document = 2", (text, bytes.fromhex(tokens))
    )
    project._database.execute("UPDATE document SET words = 2 WHERE id = 2")
    assert [str(fault) for fault in project.faults()] == [f"document 2 (d2) {each}" for each in told]


def test_a_project_of_another_version_is_not_looked_into(project: Project) -> None:
    project._database.execute("PRAGMA user_version = 1")
    project._database.execute("DROP TABLE journal")
    (fault,) = project.faults()
    assert (fault.kind, fault.where) == ("tables", "version")
    assert "review brings it up to date" in fault.what


def test_counting_that_is_switched_off_is_told(project: Project) -> None:
    project._database.execute("INSERT INTO triggers_off VALUES (1)")
    assert [fault.where for fault in project.faults()] == ["triggers_off"]


def test_an_entry_before_a_text_was_read_anew_is_in_force_no_more(project: Project) -> None:
    project.journal.close_history(1, Edit(Verb.REREAD, (), ()), time=0.0, annotator="ada")
    assert list(project.faults()) == []
    project._database.execute("UPDATE journal SET state = 1 WHERE id = 1")
    (fault,) = project.faults()
    assert (fault.where, fault.what) == ("journal entry 1 (label)", "in force, though its text was read anew since")


def test_what_is_not_read_whole_is_not_counted_yet(project: Project) -> None:
    project._database.execute("DELETE FROM mention_by_text")
    project._database.execute("DELETE FROM label_usage")
    assert [fault.where for fault in project.faults()] == ["mention"]
    project.bulk_insert.begin(1, "")
    assert list(project.faults()) == []


def test_what_sqlite_finds_wrong_is_told_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "p.ner"
    made = Project.open(path, create=True)
    made.journal.apply(0, Edit(Verb.ADD_LABEL, (), (LabelEntry(Label("PER", "1", 1), 0),), 0), time=0.0, annotator="")
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'journal_active'"
    (page,) = made._database.execute(query).fetchone()
    made.close()
    with path.open("r+b") as file:
        # An index of nothing, beside an entry.
        file.seek((page - 1) * 4096)
        file.write(bytes([10, 0, 0, 0, 0, 16, 0, 0]))
    project = Project.open(path, to_check=True)
    told = [str(fault) for fault in project.faults()]
    project.close()
    assert "SQLite: file: wrong # of entries in index journal_active" in told


def test_a_token_of_white_space_is_told_wherever_its_sentence_stands(project: Project) -> None:
    project._database.execute(
        "UPDATE sentence SET text = 'Eve \t\t\t..', tokens = x'0000030101' WHERE document = 1 AND start = 12"
    )
    project._database.execute("UPDATE document SET words = 6 WHERE id = 1")
    told = [str(fault) for fault in project.faults()]
    assert told == [f"{HERE} [16, 17): text: a token of nothing but white space"]
