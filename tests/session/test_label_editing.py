"""The project's labels: added, described, renamed and merged everywhere, each as one change and one undo."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.store.project import Project

TEXT = "Ada Lovelace met Bob in New York City. They took a train to Bath Spa. Nobody saw them.\n"
MORE = "Bob wrote to Ada Lovelace. She was in Bath Spa.\n"


def sit(folder: Path) -> Session:
    paths = []
    for name, text in {"a.txt": TEXT, "b.txt": MORE}.items():
        path = folder / name
        if not path.exists():
            path.write_text(text)
        paths.append(str(path))
    return open_session(paths, SessionOptions(project=str(folder / "p.ner"), annotator="ada"))


def suggest(folder: Path, document: int, *spans: Span) -> None:
    project = Project.open(folder / "p.ner")
    block = project.predictions.next_block((1,), document, 0)
    assert block is not None
    other = Alternative(0, 3, "ORG", 0.1)
    found = [Suggestion(span, 0.8, (0.2, 0.9)[at % 2], (other,), 1) for at, span in enumerate(spans)]
    project.predictions.save(block, 0, 1, found)
    project.close()


def known(folder: Path) -> list[list[tuple[object, ...]]]:
    """Every row that an edit can change, and the counts kept of them."""
    database = sqlite3.connect(folder / "p.ner")
    tables = ("sentence", "sentence_state", "decision", "rejection", "suggestion", "note")
    rows = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables]
    rows.append(database.execute("SELECT * FROM tally WHERE number <> 0 ORDER BY 1, 2, 3").fetchall())
    rows.append(
        database.execute("SELECT * FROM setting WHERE name IN ('labels', 'aliases') AND value <> '{}'").fetchall()
    )
    database.close()
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    session = sit(tmp_path)
    suggest(tmp_path, 1, Span(0, 12, "PER"), Span(24, 37, "LOC"), Span(60, 68, "LOC"))
    suggest(tmp_path, 2, Span(0, 3, "PER"), Span(13, 25, "PER"), Span(38, 46, "LOC"))
    session.corrections.accept(0)
    session.corrections.remove(24)
    session.corrections.label(17, 20, "ORG", cursor=17)
    session.close()
    return tmp_path


def everything(session: Session) -> set[str]:
    """Every label that stands anywhere in the open document or can be taken there."""
    marks = session.document.spans(0, len(session.document.text))
    found = {mark.span.label for mark in marks}
    for mark in marks:
        suggestion = session.document.suggestion_at(mark.span.start)
        found |= {reading.label for reading in suggestion.alternatives if reading.label} if suggestion else set()
    return found


def test_a_label_is_renamed_wherever_it_stands_and_keeps_its_key_colour_and_place(folder: Path) -> None:
    session = sit(folder)
    before = session.labels.labels[1]
    assert session.label_editing.rename("ORG", "COMPANY") == "ORG is called COMPANY now, in 1 place"
    after = session.labels.labels[1]
    assert (after.name, after.key, after.slot) == ("COMPANY", before.key, before.slot)
    assert everything(session) == {"PER", "LOC", "COMPANY"}
    session.close()
    assert sit(folder).labels.names == ("PER", "COMPANY", "LOC", "MISC")


def test_merged_labels_are_one_in_every_document(folder: Path) -> None:
    session = sit(folder)
    assert session.label_editing.merge("LOC", "ORG").startswith("merged LOC into ORG, in 3 places")
    assert [(label.name, label.key) for label in session.labels] == [("PER", "1"), ("ORG", "2"), ("MISC", "4")]
    assert everything(session) == {"PER", "ORG"}
    session.open(2)
    assert everything(session) == {"PER", "ORG"}
    assert session.row().spans == 2


def test_readings_of_a_label_that_was_merged_are_read_as_the_other(folder: Path) -> None:
    session = sit(folder)
    session.label_editing.merge("ORG", "MISC")
    suggestion = session.document.suggestion_at(60)
    assert suggestion is not None
    assert [reading.label for reading in suggestion.alternatives] == ["MISC"]


def test_a_label_that_something_carries_is_not_deleted(folder: Path) -> None:
    session = sit(folder)
    with pytest.raises(EditRefused, match=r"^PER stands in \d+ places: merge it into another label"):
        session.label_editing.delete("PER")
    assert "PER" in session.labels.names


@pytest.mark.parametrize("change", ["rename", "merge", "add", "describe", "recolour", "delete"])
def test_undo_after_a_change_of_labels_leaves_the_project_as_it_was(folder: Path, change: str) -> None:
    before = known(folder)
    session = sit(folder)
    {
        "rename": lambda: session.label_editing.rename("PER", "PERSON"),
        "merge": lambda: session.label_editing.merge("LOC", "PER"),
        "add": lambda: session.label_editing.add("DATE", "days and years"),
        "describe": lambda: session.label_editing.describe("PER", "people, also in fiction"),
        "recolour": lambda: session.label_editing.recolour("PER"),
        "delete": lambda: session.label_editing.delete("MISC"),
    }[change]()
    after = known(folder)
    assert after != before
    session.close()
    session = sit(folder)
    done = session.corrections.undo()
    assert done is not None
    assert done.everywhere
    assert known(folder) == before
    assert session.corrections.redo() is not None
    assert known(folder) == after


@pytest.fixture(scope="module")
def suggested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which nothing is decided, to be copied into its folder as ``p.ner``."""
    folder = tmp_path_factory.mktemp("project")
    sit(folder).close()
    suggest(folder, 1, Span(0, 12, "PER"), Span(17, 20, "ORG"), Span(24, 37, "LOC"))
    suggest(folder, 2, Span(0, 3, "PER"), Span(0, 3, "ORG"), Span(38, 46, "LOC"))
    return (folder / "p.ner").rename(folder / "suggested")


CHANGES = st.tuples(st.integers(0, 7), st.sampled_from(["PER", "ORG", "LOC", "MISC", "NEW", "TOO"]), st.integers(0, 5))


@settings(max_examples=examples(40), deadline=None)
@example(changes=[(2, "ORG", 0), (1, "PER", 1)])
@given(changes=st.lists(CHANGES, max_size=12))
def test_any_changes_are_undone_and_redone_to_the_last_row(
    suggested: Path, changes: list[tuple[int, str, int]]
) -> None:
    folder = suggested.parent
    shutil.copy(suggested, folder / "p.ner")
    before = known(folder)
    session = sit(folder)
    for verb, name, at in changes:
        other = ["PER", "ORG", "LOC", "MISC", "NEW", "TOO"][at]
        place = (0, 17, 24, 60, 3, 38)[at]
        with suppress(EditRefused):
            match verb:
                case 0:
                    session.label_editing.add(name, "why")
                case 1:
                    session.label_editing.rename(name, other)
                case 2:
                    session.label_editing.merge(name, other)
                case 3:
                    session.label_editing.delete(name)
                case 4:
                    session.label_editing.recolour(name)
                case 5:
                    session.corrections.relabel(place, name)
                case 6:
                    session.corrections.accept(place)
                case _:
                    session.corrections.remove(place)
    after = known(folder)
    while session.corrections.undo():
        pass
    assert known(folder) == before
    while session.corrections.redo():
        pass
    assert known(folder) == after
    session.close()


def test_what_a_model_says_after_a_renaming_is_heard_by_the_new_name(folder: Path) -> None:
    session = sit(folder)
    session.label_editing.rename("PER", "PERSON")
    session.label_editing.merge("ORG", "MISC")
    suggest_again = Project.open(folder / "p.ner")
    block = suggest_again.predictions.next_block((2,), 2, 0)
    assert block is not None
    found = [Suggestion(Span(0, 3, "PER"), 0.8, 0.5, (Alternative(0, 3, "ORG", 0.2),), 2)]
    assert suggest_again.predictions.save(block, 0, 2, found)
    suggest_again.close()
    session.open(2)
    suggestion = session.document.suggestion_at(0)
    assert suggestion is not None
    assert (suggestion.span.label, suggestion.alternatives[0].label) == ("PERSON", "MISC")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "needs a name"),
        ("O", "no entity"),
        ("TWO WORDS", "white space"),
        ("A\x1b[31m", "control"),
        ("A=B", "equals"),
        ("PER", "already"),
    ],
)
def test_a_name_that_cannot_be_a_label_is_refused_with_the_reason(folder: Path, name: str, reason: str) -> None:
    session = sit(folder)
    with pytest.raises(EditRefused, match=reason):
        session.label_editing.add(name)
    with pytest.raises(EditRefused, match=reason):
        session.label_editing.rename("LOC", name)


def test_a_change_of_labels_that_fails_half_way_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sit(folder)
    before = known(folder)
    calls = iter([None, None])

    def fail(*_: object) -> None:
        if next(calls, "last") == "last":
            raise KeyboardInterrupt

    monkeypatch.setattr("ner_tui.store.items.Items.restate", fail)
    with pytest.raises(KeyboardInterrupt):
        session.label_editing.merge("PER", "LOC")
    assert known(folder) == before


def test_a_merge_of_many_marks_restates_them_all(tmp_path: Path) -> None:
    words = "Ada Bob Cem Dov. " * 200
    (tmp_path / "many.txt").write_text(words)
    session = open_session([str(tmp_path / "many.txt")], SessionOptions(project=str(tmp_path / "p.ner")))
    chance = random.Random(3)
    for at in range(0, len(words) - 17, 17):
        session.corrections.label(at, at + 3, chance.choice(["PER", "ORG"]), cursor=at)
    session.label_editing.merge("ORG", "PER")
    assert session.label_counts() == {"PER": 199, "LOC": 0, "MISC": 0}
    assert session.corrections.undo() is not None
    assert session.label_counts()["ORG"] > 50
