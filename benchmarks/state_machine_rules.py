"""The state machine: what a person and somebody else may do to a project and its files, and what has to hold then."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from benchmarks.state_machine_files import CHANGES, FILES, LABELS, PUT_BACK
from benchmarks.state_machine_verbs import VERBS
from benchmarks.state_machine_views import LookedAt, Row, dumped, sound, spans, written
from ner_tui.domain.annotation.verbs import NeedsJoin
from ner_tui.errors import ChangedOnDisk, EditRefused, FormatError, InputError
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import check_project, rebuild

NO_TAGS = ("no tags that could be changed", "is gone from the disk")
"""Why a file may not be saved over though nobody changed it."""
_TABLES = ("sentence", "sentence_state", "decision", "rejection", "suggestion", "covered_suggestion", "note")
State = list[object]


class Projects(RuleBasedStateMachine):
    """A person, their files, and somebody else who writes to them."""

    def __init__(self) -> None:
        super().__init__()
        self._temporary = TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        self.projects = 0
        self.files: list[Path] = []
        self.looked_at = LookedAt()
        self.begin_project()

    def begin_project(self) -> None:
        """Forget what was done: a new project has no journal."""
        self.projects += 1
        self.path = self.folder / f"p{self.projects}.ner"
        self.before: list[State] = []
        """States that undo leads back to, the last first."""
        self.after: list[State] = []
        self.was_reread = False
        """Whether a file was read anew: then more can be undone than is known here."""
        self.was_renamed = False
        """Whether a label was renamed or merged: a file that is read anew may bring its old name back."""

    @initialize(names=st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=3, unique=True))
    def open_files(self, names: list[str]) -> None:
        self.files = [self.folder / name for name in names]
        for name, path in zip(names, self.files, strict=True):
            path.write_bytes(FILES[name])
        self.sit(self.files)
        self.known = {path: path.read_bytes() for path in self.files}
        """Bytes of each file as the project knows it."""
        self.as_read = dict(self.known)
        self.first = self.state()

    @rule(verb=st.sampled_from(sorted(VERBS)), at=st.integers(0, 400), label=st.sampled_from(LABELS))
    def correct(self, verb: str, at: int, label: str) -> None:
        length = self.session.document.length
        if length > 1:
            self.edit(lambda: VERBS[verb](self.session, at % (length - 1), label))

    @rule(number=st.integers(0, 9))
    def open_document(self, number: int) -> None:
        documents = self.session.document_ids()
        self.session.open(documents[number % len(documents)])

    @rule(name=st.sampled_from(LABELS), description=st.sampled_from(["", "people"]))
    def add_label(self, name: str, description: str) -> None:
        self.edit(lambda: self.session.label_editing.add(name, description))

    @rule(name=st.sampled_from(LABELS), description=st.sampled_from(["", "people", "places"]))
    def describe_label(self, name: str, description: str) -> None:
        self.edit(lambda: self.session.label_editing.describe(name, description))

    @rule(name=st.sampled_from(LABELS))
    def recolour_label(self, name: str) -> None:
        self.edit(lambda: self.session.label_editing.recolour(name))

    @rule(name=st.sampled_from(LABELS))
    def delete_label(self, name: str) -> None:
        self.edit(lambda: self.session.label_editing.delete(name))

    @rule(old=st.sampled_from(LABELS), new=st.sampled_from(LABELS))
    def rename_label(self, old: str, new: str) -> None:
        self.was_renamed = True
        self.edit(lambda: self.session.label_editing.rename(old, new))

    @rule(old=st.sampled_from(LABELS), into=st.sampled_from(LABELS))
    def merge_labels(self, old: str, into: str) -> None:
        self.was_renamed = True
        self.edit(lambda: self.session.label_editing.merge(old, into))

    @rule()
    def undo(self) -> None:
        self.turn(self.session.corrections.undo, self.before, self.after)

    @rule()
    def redo(self) -> None:
        self.turn(self.session.corrections.redo, self.after, self.before)

    @rule()
    def save(self) -> None:
        self.save_over(self.source())

    @rule(number=st.integers(0, 9), change=st.sampled_from([*sorted(CHANGES), PUT_BACK]), at=st.integers(0, 50))
    def change_outside(self, number: int, change: str, at: int) -> None:
        path = self.files[number % len(self.files)]
        if change == PUT_BACK or not path.exists():
            path.write_bytes(FILES[path.name])
            return
        lines = path.read_bytes().splitlines(keepends=True)
        written = CHANGES[change](lines, at % len(lines))
        if written is None:
            path.unlink()
        elif written.strip():
            path.write_bytes(written)

    @rule(named=st.booleans())
    def open_again(self, named: bool) -> None:
        """Leave and come back; files that are named are read anew if they changed."""
        before = self.state()
        self.leave()
        there = [path for path in self.files if path.exists()] if named else []
        self.sit(there)
        for path in there:
            self.known[path] = path.read_bytes()
        if self.state() != before or any("changed since it was read" in each for each in self.session.notices):
            self.was_reread = True
            self.before, self.after = [], []

    @rule()
    def dump_and_load(self) -> None:
        self.leave()
        lines = dumped(self.path)
        self.begin_project()
        (self.folder / "dump.jsonl").write_text(lines, encoding="utf-8")
        load(str(self.folder / "dump.jsonl"), self.path)
        assert dumped(self.path) == lines, "a loaded project has another dump"
        self.sit([])
        # What was not saved when it was dumped belongs to its beginning.
        self.as_read = {path: read for path, read in self.known.items() if self.is_saved(path)}
        self.first = self.state()

    @rule()
    def check(self) -> None:
        if self.looked_at.is_new("check", self.path, self.files):
            notices: list[str] = []
            sound(check_project(self.path, notices), notices)

    @rule()
    def make_again(self) -> None:
        """Make the same project from sources and journal, which holds together and is exported as the same files."""
        if not self.looked_at.is_new("rebuild", self.path, self.files):
            return
        (new := self.folder / "new.ner").unlink(missing_ok=True)
        sound(rebuild(self.path, new, notices := list[str]()), notices)
        ours, theirs = written(self.path, self.folder / "out"), written(new, self.folder / "out")
        assert ours == theirs, "the rebuilt project is exported as something else"

    @rule()
    def undo_all(self) -> None:
        """Go back to what was read, save that, and come forth again."""
        steps = 0
        while self.turn(self.session.corrections.undo, self.before, self.after):
            steps += 1
        if not self.was_reread:
            assert self.state() == self.first, "undo of all is not the beginning"
            for path, read in self.as_read.items():
                self.open_from(path)
                if path.exists() and path.read_bytes() == self.known[path] and self.save_over(path):
                    assert path.read_bytes() == read, "what is saved after undo of all is not what was read"
        self.check()
        for _ in range(steps):
            self.redo()

    def teardown(self) -> None:
        try:
            if self.files:
                self.make_again()
                self.undo_all()
        finally:
            with suppress(AttributeError):
                self.leave()
            self._temporary.cleanup()

    def sit(self, paths: list[Path]) -> None:
        """Open the project."""
        options = SessionOptions(project=str(self.path), annotator="ada")
        self.session = open_session([str(path) for path in paths], options)
        self.observer = sqlite3.connect(self.path)

    def leave(self) -> None:
        """Close the project."""
        self.observer.close()
        self.session.close()

    def source(self) -> Path:
        """Return the file that the open document is from."""
        (path,) = self.rows(
            "SELECT path FROM source WHERE id = (SELECT source FROM document WHERE id = ?)", self.session.document.id
        )[0]
        return Path(path)

    def open_from(self, path: Path) -> None:
        """Open a document of a file."""
        self.session.open(self.documents(path)[0])

    def documents(self, path: Path) -> list[int]:
        """Return the ids of the documents of a file."""
        query = "SELECT id FROM document WHERE source = (SELECT id FROM source WHERE path = ?) ORDER BY id"
        return [row[0] for row in self.rows(query, str(path))]

    def rows(self, query: str, *values: object) -> list[Row]:
        """Return what the project file says, as another program would read it."""
        return self.observer.execute(query, values).fetchall()

    def state(self) -> State:
        """Return all that is known, as rows, with the counts that triggers keep."""
        rows: State = [self.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4") for table in _TABLES]
        rows.append(self.rows("SELECT * FROM tally WHERE number <> 0 ORDER BY 1, 2, 3"))
        kept: dict[str, str] = dict(self.rows("SELECT name, value FROM setting WHERE name IN ('labels', 'aliases')"))
        return [*rows, kept.get("labels", "[]"), json.loads(kept.get("aliases", "{}"))]

    def edit(self, change: Callable[[], object]) -> None:
        """Do something that may make no sense; what does is one step of undo."""
        state, entries = self.state(), self.entries()
        try:
            change()
        except (EditRefused, NeedsJoin):
            assert self.state() == state, "what was refused changed something"
        if self.entries() > entries:
            self.before.append(state)
            self.after.clear()
        else:
            assert self.state() == state, "something changed that undo does not know of"

    def entries(self) -> int:
        """Return the number of the journal's last entry."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM journal")[0][0])

    def turn(self, step: Callable[[], object], there: list[State], back: list[State]) -> bool:
        """Undo or redo, which leads to the last state of ``there``; False if there is nothing left."""
        state = self.state()
        if step() is None:
            assert not there, "there was more to undo or redo"
            return False
        back.append(state)
        if there:
            same = self.state() == there.pop()
            assert same or (self.was_reread and self.was_renamed), "undo or redo leads to another state"
        else:
            assert self.was_reread, "more was undone or redone than was done"
        return True

    def save_over(self, path: Path) -> bool:
        """Write what is decided into a file; True if it is there, False if the file is as it was."""
        before = path.read_bytes() if path.exists() else None
        state = self.state()
        try:
            self.session.writing.saving().run(lambda _: None, lambda: False)
        except ChangedOnDisk:
            assert before != self.known[path], "it is the file that was read"
        except FormatError:
            pass  # A pair of spans that its scheme cannot write, as export says too.
        except InputError as refused:
            said = str(refused)
            assert any(each in said for each in NO_TAGS), said
        else:
            assert before == self.known[path], "what somebody else wrote is gone"
            self.known[path] = path.read_bytes()
            assert spans(path) == self.decided(path), "the file says something else"
            before = self.known[path]
            self.session.writing.saving().run(lambda _: None, lambda: False)
            assert path.read_bytes() == before, "saving twice gives another file"
            assert self.state() == state, "saving changed the project"
            return True
        assert (path.read_bytes() if path.exists() else None) == before, "what could not be saved changed the file"
        return False

    def is_saved(self, path: Path) -> bool:
        """Whether a file is the one that the project knows, and says what is decided in the names that labels have."""
        if self.state()[-1]:
            return False
        known = path.exists() and path.read_bytes() == self.known[path]
        return known and spans(path) == self.decided(path)

    def decided(self, path: Path) -> list[Row]:
        """Return (document, start, end, label) for the spans of a file that are decided in the project."""
        documents = self.documents(path)
        rows = self.rows("SELECT document, start, end, label FROM decision ORDER BY document, start")
        return [(documents.index(document), *span) for document, *span in rows if document in documents]
