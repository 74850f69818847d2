"""Versions of the project file: each is opened by every later ner-tui, after a copy was put beside it."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.versions import LATER, later

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.suggestions import SuggestionState
from ner_tui.domain.spans import Span
from ner_tui.errors import ProjectError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.project import Project
from ner_tui.store.tables import migrations, schema

PROJECTS = Path(__file__).parents[1] / "projects"
SCHEMAS = {
    1: "8c4f04876c7eafd3e92af7906475c97d1f261d7fc7d4cd44d0fbe1230bf97958",
    2: "b1d4db41b1a302f8c193187f1cc79c4ec8717d3845b69c2d88b3399440da5806",
    3: "a54705a9856ed6c41449cc3d56a242c35f41942b029e6482d86c57b285df9f03",
    4: "810e851443687a9f02e45b46b17e38e5d173339e4e90d19889679e43b97f7d42",
    5: "beeb9af1650dd7ee176f0167fbfb752dfa0d2611e6dfb6b2433df4e13394caf1",
}
"""SHA-256 of each version's tables, indexes and triggers. A version that was released never changes: what is to be
otherwise is another version, with a migration and a frozen project."""


def opened(path: Path, **options: object) -> Session:
    return open_session([], SessionOptions(project=str(path), annotator="ada", **options))  # type: ignore[arg-type]


def frozen(version: int, folder: Path) -> Path:
    """Copy the frozen project of a version."""
    return Path(shutil.copy(PROJECTS / f"version-{version}.ner", folder / "p.ner"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the frozen project of version 1."""
    return frozen(1, tmp_path)


@pytest.fixture
def later_version(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    later(monkeypatch)
    yield LATER
    monkeypatch.undo()
    schema.own_schema.cache_clear()


def test_a_version_has_the_tables_that_it_was_given() -> None:
    made = "\n".join(f"{kind} {name} {sql}" for (kind, name), sql in sorted(schema.own_schema().items()))
    assert hashlib.sha256(made.encode()).hexdigest() == SCHEMAS[schema.VERSION]


def test_there_is_a_migration_to_every_version_and_a_frozen_project_of_each() -> None:
    versions = range(1, schema.VERSION + 1)
    assert list(migrations.MIGRATIONS) == list(versions)[1:]
    assert {path.name for path in PROJECTS.iterdir()} == {f"version-{version}.ner" for version in versions}


def test_a_frozen_project_of_version_1_is_read_and_gone_on_with(project: Path) -> None:
    session = opened(project)
    assert [notice.split("; ")[0] for notice in session.notices] == [f"{project} was brought up to date"]
    assert [(mark.span, mark.kind) for mark in session.document.spans(0, 40)] == [
        (Span(0, 12, "PER"), "decided"),
        (Span(17, 20, "PER"), "suggested"),
        (Span(24, 37, "LOC"), "suggested"),
    ]
    assert [note.text for note in session.document.notes(0, 40)] == ["which one?"]
    assert session.document.sentence_state(0).status == "in progress"
    assert session.corrections.undo() is not None
    assert session.corrections.undo() is not None
    assert [mark.kind for mark in session.document.spans(0, 12)] == ["suggested"]
    session.close()
    assert list(check_project(project, [])) == []


def test_a_frozen_project_of_version_2_has_metadata_and_suggestions_of_its_files(tmp_path: Path) -> None:
    path = frozen(2, tmp_path)
    opened(path).close()
    assert list(check_project(path, [])) == []
    project = Project.open(path, read_only=True)
    document = [*project.content.documents()][-1].id
    assert project.metadata.of_document(document) == {"id": 7}
    (suggestion, state), *_ = project.items.suggestions(document, 0, 20)
    assert (suggestion.span, state) == (Span(9, 14, "LOC"), SuggestionState.OPEN)
    assert project.predictions.given_runs() == {suggestion.run: "m"}
    project.close()


def test_a_frozen_project_of_version_3_knows_what_a_file_was_read_as_and_what_it_was_saved_as(tmp_path: Path) -> None:
    path = frozen(3, tmp_path)
    opened(path).close()
    assert list(check_project(path, [])) == []
    project = Project.open(path, read_only=True)
    (source,) = project.content.saved_hashes()
    assert "Paris B-ORG" in project.content.source_text(source)
    assert "Paris B-LOC" in project.content.text_on_disk(source)
    project.close()


def test_a_frozen_project_of_version_4_knows_which_files_have_labels_and_what_is_doubtful(tmp_path: Path) -> None:
    path = frozen(4, tmp_path)
    session = opened(path)
    assert session.row().doubts == 3
    assert [(doubt.reason, doubt.document, doubt.start) for doubt in session._project.doubts.find(DoubtFilter())] == [
        ("denied", 1, 8),
        ("model", 1, 15),
        ("unsure", 2, 0),
    ]
    session.close()
    assert list(check_project(path, [])) == []


def test_a_frozen_project_of_version_5_knows_what_an_audit_found(tmp_path: Path) -> None:
    path = frozen(5, tmp_path)
    assert list(check_project(path, [])) == []
    session = opened(path)
    assert not session.notices
    assert list(tmp_path.glob("*.v*")) == []
    errors = session.queue.entries(DoubtFilter(reason="error"))
    assert [entry.why for entry in errors] == ["90% ORG → LOC", "40% no entity → PER"]
    found = session.possible_errors.at(15)
    assert found is not None
    assert (found.given, found.reasons) == ((Span(15, 20, "ORG"),), ("the model reads it as LOC",))
    session.close()


def test_doubts_of_an_older_project_are_those_of_today_and_what_is_faint_is_none(tmp_path: Path) -> None:
    path = frozen(3, tmp_path)
    database = sqlite3.connect(path)
    # As it was stored: by the margin, and with what is below the threshold among the doubts.
    for start, end, score, margin, state in ((17, 20, 0.86, 0.72, 1), (24, 37, 0.66, 0.4, 2), (0, 3, 0.2, -0.6, 5)):
        database.execute("DELETE FROM suggestion WHERE document = 1 AND start = ?", (start,))
        database.execute(
            "INSERT INTO suggestion VALUES (1, ?, ?, 'LOC', ?, ?, '[]', 1, '[]', ?)", (start, end, score, margin, state)
        )
    database.execute("INSERT INTO suggestion VALUES (2, 6, 9, 'ORG', 0.99, 0.98, '[]', 1, '[]', 1)")
    database.commit()
    query = "SELECT number FROM tally WHERE document = 0 AND kind = 'doubt'"
    assert database.execute(query).fetchone() == (2,)
    database.close()
    session = opened(path)
    states = {
        (document, suggestion.span.start): state
        for document in (1, 2)
        for suggestion, state in session._project.items.suggestions(document, 0, 100)
    }
    assert states == {
        (1, 0): SuggestionState.BELOW_THRESHOLD,
        (1, 17): SuggestionState.DOUBTFUL,
        (1, 24): SuggestionState.OPEN,
        (2, 6): SuggestionState.DENIED,
    }
    assert (session.row().doubts, session.row(1).doubts, session.row(2).doubts) == (2, 1, 1)
    session.close()
    assert list(check_project(path, [])) == []


def test_a_copy_is_made_before_a_project_is_brought_up_to_date(project: Path, later_version: int) -> None:
    with pytest.raises(ProjectError, match="older"):
        opened(project, read_only=True)
    session = opened(project)
    assert "p.v1.ner is as it was before" in session.notices[0]
    session.close()
    version = "PRAGMA user_version"
    assert sqlite3.connect(project).execute(version).fetchone() == (later_version,)
    copy = sqlite3.connect(project.with_name("p.v1.ner"))
    assert copy.execute(version).fetchone() == (1,)
    assert copy.execute("SELECT count(*) FROM decision").fetchone() == (3,)
    assert list(check_project(project, [])) == []
    assert [fault.where for fault in check_project(project.with_name("p.v1.ner"), [])] == ["version"]


def test_a_copy_never_replaces_another_file(project: Path, later_version: int) -> None:
    mine = project.with_name("p.v1.ner")
    mine.write_text("mine")
    opened(project).close()
    assert mine.read_text() == "mine"
    assert project.with_name("p.v1-2.ner").exists()


def test_a_migration_that_fails_leaves_the_project_as_it_was(
    project: Path, later_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(database: sqlite3.Connection) -> None:
        database.execute("DROP TABLE audit")
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setitem(migrations.MIGRATIONS, later_version, half)
    before = sqlite3.connect(project).execute("SELECT * FROM sqlite_master").fetchall()
    with pytest.raises(ProjectError, match="disk full"):
        Project.open(project)
    assert sqlite3.connect(project).execute("SELECT * FROM sqlite_master").fetchall() == before


@pytest.mark.parametrize("version", range(1, 6))
def test_what_was_made_before_the_first_release_is_refused_in_one_sentence(project: Path, version: int) -> None:
    database = sqlite3.connect(project)
    database.execute(f"PRAGMA application_id = {schema.FORMER_ID}")
    database.execute(f"PRAGMA user_version = {version}")
    database.close()
    with pytest.raises(ProjectError, match="before the first release of ner-tui: write it out with `ner-tui dump`"):
        Project.open(project)


def test_the_states_that_are_stored_are_numbers_that_never_change() -> None:
    assert [int(state) for state in SuggestionState] == [0, 1, 2, 3, 4, 5, 6]
