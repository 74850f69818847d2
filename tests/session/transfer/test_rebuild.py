"""Checking a project: every kind of damage is found and placed, and sources with journal make the same state again."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest
from session.transfer.test_dumping import dumped
from store.test_journal import TEXT, press, suggest

from ner_tui.cli import main
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import check_project, rebuild
from ner_tui.store.project import Project

TAGGED = "Nadia B-PER\nlives O\nin O\nParis B-ORG\n. O\n\nShe O\nsings O\n. O\n"


def worked_on(folder: Path, seed: int = 1) -> Path:
    """A project of two files with forty corrections, some of them taken back."""
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.conll").write_text(TAGGED)
    session = sit(folder)
    chance = random.Random(seed)
    for _ in range(40):
        press(session, chance.randrange(14), chance.randrange(len(TEXT) - 1))
        if chance.random() < 0.3:
            session.corrections.undo()
        if chance.random() < 0.1:
            session.corrections.redo()
    session.label_editing.add("GENE")
    session.close()
    return folder / "p.ner"


def sit(folder: Path, *, ignore_tags: bool = False) -> Session:
    paths = [str(folder / name) for name in ("a.txt", "b.conll")]
    options = SessionOptions(project=str(folder / "p.ner"), annotator="ada", read=ReadOptions(ignore_tags=ignore_tags))
    return open_session(paths, options)


def faults(path: Path) -> list[str]:
    told: list[str] = []
    found = [str(fault) for fault in check_project(path, told)]
    assert told == []
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_project_that_was_worked_on_is_found_sound_and_comes_out_the_same_when_rebuilt(
    tmp_path: Path, seed: int
) -> None:
    path = worked_on(tmp_path, seed)
    suggest(tmp_path, Span(0, 12, "PER"), Span(17, 20, "ORG"))
    assert faults(path) == []
    assert list(rebuild(path, tmp_path / "new.ner", [])) == []
    assert faults(tmp_path / "new.ner") == []


def test_suggestions_that_nobody_answered_are_found_sound(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.conll").write_text(TAGGED)
    sit(tmp_path).close()
    suggest(tmp_path, Span(0, 12, "PER"), Span(17, 20, "ORG"))
    assert faults(tmp_path / "p.ner") == []


@pytest.mark.parametrize("answer", ["another label", "a part of it", "rejected", "none"])
def test_a_files_suggestion_that_was_answered_does_not_come_back_when_rebuilt(tmp_path: Path, answer: str) -> None:
    span = {"start": 0, "end": 12, "label": "LOC", "source": "suggested", "score": 0.7, "model": "m"}
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Hugging Face opened.", "spans": [span]}) + "\n")
    options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada")
    session = open_session([str(tmp_path / "a.jsonl")], options)
    match answer:
        case "another label":
            session.corrections.relabel(0, "PER")
        case "a part of it":
            session.corrections.label(0, 7, "PER", cursor=0)
        case "rejected":
            session.corrections.remove(0)
    session.close()
    assert list(rebuild(tmp_path / "p.ner", tmp_path / "new.ner", [])) == []
    ours, again = dumped(tmp_path / "p.ner"), dumped(tmp_path / "new.ner")
    assert ours == again
    assert ('"suggested"' in ours) == (answer == "none")


def test_renaming_reading_again_and_ignored_tags_are_part_of_what_is_rebuilt(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.conll").write_text(TAGGED)
    session = sit(tmp_path)
    session.corrections.label(0, 12, "PER", cursor=0)
    session.label_editing.rename("PER", "PERSON")
    session.corrections.label(17, 20, "ORG", cursor=17)
    session.close()
    assert faults(tmp_path / "p.ner") == []
    (tmp_path / "a.txt").write_text("Listen. " + TEXT)
    (tmp_path / "b.conll").write_text("So O\n" + TAGGED)
    session = sit(tmp_path)
    session.corrections.undo()
    session.label_editing.merge("ORG", "LOC")
    session.close()
    assert faults(tmp_path / "p.ner") == []
    (tmp_path / "p.ner").unlink()
    sit(tmp_path, ignore_tags=True).close()
    assert faults(tmp_path / "p.ner") == []


def test_what_a_file_suggests_has_the_names_that_labels_have_after_several_were_renamed(tmp_path: Path) -> None:
    said = {"source": "suggested", "model": "m", "score": 0.7, "margin": 0.2}
    spans = [{"start": 0, "end": 3, "label": "PER", **said}, {"start": 9, "end": 13, "label": "LOC", **said}]
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Ada left Bath.", "spans": spans}) + "\n")
    session = open_session([str(tmp_path / "a.jsonl")], SessionOptions(project=str(tmp_path / "p.ner")))
    for old, new in (("LOC", "PLACE"), ("PLACE", "LOC"), ("PER", "PLACE")):
        session.label_editing.rename(old, new)
    session.close()
    assert list(rebuild(tmp_path / "p.ner", tmp_path / "new.ner", [])) == []
    project = Project.open(tmp_path / "new.ner", read_only=True)
    assert [each.span.label for each, _ in project.items.suggestions(1, 0, 14)] == ["PLACE", "LOC"]
    project.close()
    (tmp_path / "a.jsonl").unlink()
    (tmp_path / "dump").write_text(dumped(tmp_path / "p.ner"))
    load(str(tmp_path / "dump"), tmp_path / "loaded.ner")
    assert list(rebuild(tmp_path / "loaded.ner", tmp_path / "again.ner", [])) == []
    for made in ("new.ner", "loaded.ner", "again.ner"):
        assert dumped(tmp_path / made) == dumped(tmp_path / "p.ner")


def test_a_loaded_project_has_no_journal_and_is_taken_as_it_is(tmp_path: Path) -> None:
    path = worked_on(tmp_path)
    assert main(["dump", str(path), "-o", str(tmp_path / "dump.jsonl")]) == 0
    assert main(["load", str(tmp_path / "dump.jsonl"), "--project", str(tmp_path / "q.ner")]) == 0
    told: list[str] = []
    assert list(check_project(tmp_path / "q.ner", told)) == []
    # One sentence, in which no file is placed where it need not be, with what can be done.
    (sentence,) = told
    assert sentence.startswith("a.txt, b.conll: taken as they are: loaded from a dump, which has no journal; ")
    assert sentence.endswith(f"ner-tui dump {tmp_path / 'q.ner'} -o FILE")


def test_of_many_loaded_files_a_few_are_named(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Ada met Bo {number} times.\n")
    files = [str(tmp_path / f"{number}.txt") for number in range(5)]
    open_session(files, SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada")).close()
    (tmp_path / "dump").write_text(dumped(tmp_path / "p.ner"))
    load(str(tmp_path / "dump"), tmp_path / "q.ner")
    told: list[str] = []
    assert list(check_project(tmp_path / "q.ner", told)) == []
    assert [each.split(":")[0] for each in told] == ["0.txt, 1.txt, 2.txt and 2 more"]


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE decision SET end = end + 1", "spans"),
        ("UPDATE decision SET start = start + 900, end = end + 900", "spans"),
        ("UPDATE sentence SET text = text || 'x' WHERE document = 1 AND start = 0", "text"),
        ("UPDATE sentence SET tokens = x'01ff'", "text"),
        ("UPDATE sentence SET tokens = x'00ff01' WHERE start = 0", "text"),
        ("UPDATE document SET words = words + 1", "counts"),
        ("UPDATE tally SET number = number + 1 WHERE document = 0", "counts"),
        ("DELETE FROM mention", "counts"),
        ("UPDATE label_usage SET number = 7", "counts"),
        ("DELETE FROM decision", "state"),
        ("UPDATE sentence_state SET status = 'confirmed'", "state"),
        ("INSERT INTO rejection VALUES (1, 0, 3, 'PER')", "state"),
        ("UPDATE journal SET state = 1", "journal"),
        ("UPDATE journal SET added = '[[\"spell\"]]'", "journal"),
        ("INSERT INTO sentence_state VALUES (1, 3, 'confirmed', 0)", "spans"),
        ("INSERT INTO note VALUES (9, 3, 4, 'nowhere')", "tables"),
        ("DROP TRIGGER decision_insert", "tables"),
        ("CREATE TRIGGER mine AFTER INSERT ON journal BEGIN DELETE FROM journal; END", "tables"),
        ("CREATE TABLE mine (a)", "tables"),
    ],
)
def test_damage_is_found(tmp_path: Path, damage: str, kind: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.conll").write_text(TAGGED)
    session = sit(tmp_path)
    session.open(1)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.flag(20)
    session.corrections.undo()
    session.close()
    assert faults(tmp_path / "p.ner") == []
    database = sqlite3.connect(tmp_path / "p.ner")
    database.execute(damage)
    database.commit()
    database.close()
    assert f": {kind}: " in "\n".join(faults(tmp_path / "p.ner"))


def test_pages_that_were_overwritten_are_found(tmp_path: Path) -> None:
    path = worked_on(tmp_path)
    content = bytearray(path.read_bytes())
    for at in range(3 * 4096, len(content), 4096):
        content[at : at + 60] = b"\xff" * 60
    path.write_bytes(content)
    assert any(": file: " in fault for fault in faults(path))


def test_the_command_says_what_where_and_exits_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = worked_on(tmp_path)
    assert main(["check", str(path)]) == 0
    assert "nothing found" in capsys.readouterr().err
    database = sqlite3.connect(path)
    database.execute("UPDATE document SET words = 3, name = 'evil\x1b]0;x' WHERE id = 1")
    database.commit()
    database.close()
    assert main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "document 1 (evil␛]0;x): counts: it is said to have 3 words" in out
    assert main(["check", str(path), "--json"]) == 1
    assert '"kind": "counts"' in capsys.readouterr().out
    assert main(["check", str(path), "--rebuild", "-o", str(tmp_path / "new.ner")]) == 0
    assert main(["check", str(tmp_path / "new.ner")]) == 0
    assert main(["check", str(path), "--rebuild", "-o", str(tmp_path / "new.ner")]) == 2
    assert main(["check", str(path), "--rebuild"]) == 2


def test_a_project_is_left_as_it_was_by_a_check(tmp_path: Path) -> None:
    path = worked_on(tmp_path)
    before = path.read_bytes()
    assert faults(path) == []
    assert path.read_bytes() == before
    project = Project.open(path)
    assert project.journal.last() > 0
    project.close()
