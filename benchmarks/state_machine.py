"""Edits, saves, changes outside, dumps and undo in any order: a project has to stay what its sources and journal tell.

    python -m benchmarks.state_machine [--runs N] [--seed S] [--steps N]

Each run opens files of several formats in a real session and does up to ``--steps`` of everything that changes a project
or its files. Whatever came before, ``check`` finds nothing, ``check --rebuild`` makes the same project, whose dump and
exports are the same; a file that was saved over says what is decided and nothing else; one that somebody else changed is
left alone; each undo leads to the state before, each redo to the one after, and undo of all to what was read, byte for
byte. A run that fails is shortened to the fewest steps that fail, and printed.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from benchmarks.state_machine_files import CHANGES, FILES
from ner_tui.domain.annotation.occurrences import Matching
from ner_tui.domain.annotation.suggestions import Alternative
from ner_tui.domain.annotation.verbs import NeedsJoin
from ner_tui.errors import EditRefused, FormatError, InputError
from ner_tui.formats.files.source import open_source
from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.session.transfer.dumping import dump
from ner_tui.session.transfer.exporting import write_project
from ner_tui.session.transfer.file_import import FileReader, infer_from_beginning
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.reanchoring import packed
from ner_tui.session.transfer.rebuild import check_project, rebuild
from ner_tui.session.transfer.saving import ChangedOnDisk
from ner_tui.store.project import Project

BATCH = 200
"""Runs that are made from one seed."""
ALLOWED = ("loaded from a dump", "no copy of the file")
"""What a check may remark on a project that was loaded."""
NO_TAGS = ("no tags that could be changed", "is gone from the disk")
"""Why a file may not be saved over though nobody changed it."""
PUT_BACK = "put back"
"""What somebody else does to have a file be what it was in the beginning."""
LABELS = ("PER", "ORG", "LOC", "GENE", "PERSON")
_TABLES = ("sentence", "sentence_state", "decision", "rejection", "suggestion", "covered_suggestion", "note")
State = list[object]
Row = tuple[Any, ...]
Verb = Callable[[Session, int, str], object]


def _word(session: Session, offset: int) -> tuple[int, int]:
    return session.document.tokens[session.document.tokens.at(offset)]


VERBS: dict[str, Verb] = {
    "label": lambda s, at, name: s.corrections.label(*_word(s, at), name, cursor=at),
    "label two": lambda s, at, name: s.corrections.label(
        _word(s, at)[0], _word(s, _word(s, at)[1] + 1)[1], name, cursor=at, join=True
    ),
    "relabel": lambda s, at, name: s.corrections.relabel(at, name),
    "extend": lambda s, at, _: s.corrections.resize(at, right=1, join=True),
    "extend left": lambda s, at, _: s.corrections.resize(at, left=-1, join=True),
    "shrink": lambda s, at, _: s.corrections.resize(at, right=-1),
    "shrink left": lambda s, at, _: s.corrections.resize(at, left=1),
    "accept": lambda s, at, _: s.corrections.accept(at),
    "remove": lambda s, at, _: s.corrections.remove(at),
    "confirm": lambda s, at, _: s.corrections.confirm(at),
    "confirm all": lambda s, at, _: s.corrections.confirm_in_sight(at, s.document.length),
    "take": lambda s, at, name: s.corrections.take(at, Alternative(*_word(s, at), name, 0.5)),
    "take nothing": lambda s, at, _: s.corrections.take(at, Alternative(*_word(s, at), None, 0.5)),
    "split token": lambda s, at, _: s.corrections.split_token(at, at + 1),
    "merge tokens": lambda s, at, _: s.corrections.merge_tokens(at),
    "move boundary": lambda s, at, _: s.corrections.move_boundary(at),
    "note": lambda s, at, name: s.corrections.note(*_word(s, at), f"{name}?", cursor=at),
    "remove note": lambda s, at, _: s.corrections.note(*_word(s, at), "", cursor=at),
    "flag": lambda s, at, _: s.corrections.flag(at),
    "fix all": lambda s, at, name: s.concordance.label(list(s.concordance.occurrences(_text(s, at), Matching())), name),
    "unfix all": lambda s, at, _: s.concordance.label(list(s.concordance.occurrences(_text(s, at), Matching())), None),
}
"""What a person can do at a place, by the name that a failure is printed with."""


def _text(session: Session, offset: int) -> str:
    return session.document.text[slice(*_word(session, offset))]


class Projects(RuleBasedStateMachine):
    """A person, their files, and somebody else who writes to them."""

    def __init__(self) -> None:
        super().__init__()
        self._temporary = TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        self.projects = 0
        self.files: list[Path] = []
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

    @rule(old=st.sampled_from(LABELS), new=st.sampled_from(LABELS))
    def rename_label(self, old: str, new: str) -> None:
        self.edit(lambda: self.session.label_editing.rename(old, new))

    @rule(old=st.sampled_from(LABELS), into=st.sampled_from(LABELS))
    def merge_labels(self, old: str, into: str) -> None:
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
        notices: list[str] = []
        sound(check_project(self.path, notices), notices)

    @rule()
    def make_again(self) -> None:
        """Make the same project from sources and journal, which holds together and is exported as the same files."""
        new, notices = self.folder / "new.ner", list[str]()
        new.unlink(missing_ok=True)
        sound(rebuild(self.path, new, notices), notices)
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
        (document,) = self.rows("SELECT min(id) FROM document WHERE source = (SELECT id FROM source WHERE path = ?)", str(path))[0]
        self.session.open(document)

    def rows(self, query: str, *values: object) -> list[Row]:
        """Return what the project file says, as another program would read it."""
        return self.observer.execute(query, values).fetchall()

    def state(self) -> State:
        """Return all that is known, as rows, with the counts that triggers keep."""
        rows: State = [self.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4") for table in _TABLES]
        rows.append(self.rows("SELECT * FROM tally WHERE number <> 0 ORDER BY 1, 2, 3"))
        kept = dict(self.rows("SELECT name, value FROM setting WHERE name IN ('labels', 'aliases')"))
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
            assert self.state() == there.pop(), "undo or redo leads to another state"
        else:
            assert self.was_reread, "more was undone or redone than was done"
        return True

    def save_over(self, path: Path) -> bool:
        """Write what is decided into a file; True if it is there, False if the file is as it was."""
        before = path.read_bytes() if path.exists() else None
        state = self.state()
        try:
            self.session.saving().run(lambda _: None, lambda: False)
        except ChangedOnDisk:
            assert before != self.known[path], "it is the file that was read"
        except (FormatError, InputError) as error:
            assert isinstance(error, FormatError) or any(each in str(error) for each in NO_TAGS), error
        else:
            assert before == self.known[path], "what somebody else wrote is gone"
            self.known[path] = path.read_bytes()
            assert spans(path) == self.decided(path), "the file says something else"
            before = self.known[path]
            self.session.saving().run(lambda _: None, lambda: False)
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
        documents = [row[0] for row in self.rows("SELECT id FROM document WHERE source = (SELECT id FROM source WHERE path = ?) ORDER BY id", str(path))]
        rows = self.rows("SELECT document, start, end, label FROM decision ORDER BY document, start")
        return [(documents.index(document), *span) for document, *span in rows if document in documents]


def spans(path: Path) -> list[Row]:
    """Return (document, start, end, label) for the spans of a file as its format's reader has them."""
    source = open_source(str(path))
    reader = FileReader(source, infer_from_beginning(source, None), ignore_tags=False)
    found = []
    for number, (_, sentences) in enumerate(reader.documents()):
        found += [(number, *span[:3]) for each in sentences for span in packed(each).spans]
    return found


def sound(faults: Iterable[object], notices: list[str]) -> None:
    """Let nothing be found, and nothing be left out but what a dump does not have."""
    found = [str(fault) for fault in faults]
    assert found == [], found
    assert all(any(each in notice for each in ALLOWED) for notice in notices), notices


def written(path: Path, folder: Path) -> dict[str, bytes]:
    """Return what a sound project is written as: its dump, its files as they were opened, records with all that is known."""
    project = Project.open(path, to_check=True)
    try:
        sound(project.faults(), [])
        out = StringIO()
        dump(project, out)
        found = {"dump": out.getvalue().encode()}
        for request in (WriteRequest(), WriteRequest(fmt="jsonl", with_suggestions=True)):
            try:
                write_project(project, f"{folder}/", request)
            except FormatError as error:
                found[f"{request.fmt}"] = str(error).encode()
            for file in folder.iterdir() if folder.exists() else ():
                found[f"{request.fmt} {file.name}"] = file.read_bytes()
                file.unlink()
    finally:
        project.close()
    return found


def dumped(path: Path) -> str:
    """Return the dump of a project."""
    out, project = StringIO(), Project.open(path, read_only=True)
    try:
        dump(project, out)
    finally:
        project.close()
    return out.getvalue()


def run(runs: int, seed: int, steps: int) -> int:
    """Run the machine so many times, and return how many failures were found."""
    failures = 0
    for number, first in enumerate(range(0, runs, BATCH)):
        chosen = settings(
            max_examples=min(BATCH, runs - first), stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
        )  # fmt: skip
        try:
            run_state_machine_as_test(seeded(seed * 1_000_000 + number)(Projects), settings=chosen)
        except Exception:
            failures += 1
            print(f"batch {number} of seed {seed}", flush=True)
            traceback.print_exc()
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=25, help="of a run, at the most (default: 25)")
    options = parser.parse_args()
    begun = time.monotonic()
    failures = run(options.runs, options.seed, options.steps)
    print(f"{options.runs:,} runs of seed {options.seed}: {failures} failures, {time.monotonic() - begun:.0f} s")
    raise SystemExit(failures > 0)


if __name__ == "__main__":
    main()
