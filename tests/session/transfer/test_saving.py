"""A file that was saved over: its project is sound, undo goes past the save, and a dump takes along what it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from session.transfer.test_dumping import dumped

from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import check_project, rebuild

IOB1 = "Nadia I-PER\nlives O\nin O\nParis I-ORG\n. O\n"
RECORD = {
    "text": "Ada left Bath.",
    "spans": [
        {"start": 0, "end": 3, "label": "PER"},
        {"start": 9, "end": 13, "label": "LOC", "source": "suggested", "model": "m", "score": 0.7, "margin": 0.2},
    ],
}
PARIS = 15


def sit(folder: Path, name: str = "a.conll", project: str = "p.ner", *, ignore_tags: bool = False) -> Session:
    options = SessionOptions(project=str(folder / project), annotator="ada", read=ReadOptions(ignore_tags=ignore_tags))
    return open_session([str(folder / name)], options)


def save(session: Session) -> None:
    session.writing.saving().run(lambda _: None, lambda: False)


def saved(folder: Path) -> Session:
    """A session whose file says LOC where it said ORG."""
    (folder / "a.conll").write_text(IOB1)
    session = sit(folder)
    session.corrections.relabel(PARIS, "LOC")
    save(session)
    assert (folder / "a.conll").read_text() == IOB1.replace("ORG", "LOC")
    return session


def extent_of(session: Session) -> tuple[str, int, int]:
    extent = session.writing.save_extent()
    return Path(extent.path).name, extent.documents, extent.decisions


def faults(path: Path) -> list[str]:
    told: list[str] = []
    found = [str(fault) for fault in check_project(path, told)]
    assert told == []
    return found


def test_a_project_whose_file_was_saved_over_is_sound_and_comes_out_the_same_when_rebuilt(tmp_path: Path) -> None:
    session = saved(tmp_path)
    session.corrections.flag(0)
    session.close()
    assert faults(tmp_path / "p.ner") == []
    assert list(rebuild(tmp_path / "p.ner", tmp_path / "new.ner", [])) == []
    assert dumped(tmp_path / "new.ner") == dumped(tmp_path / "p.ner")


def test_a_save_says_how_much_it_wrote(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(IOB1)
    session = sit(tmp_path)
    report = session.writing.saving().run(lambda _: None, lambda: False)
    assert report is not None
    assert (report.sentences, report.decisions) == (1, 2)
    assert str(report).startswith(f"2 decisions in 1 sentence to {tmp_path / 'a.conll'}")


def test_undo_goes_past_a_save_and_another_save_gives_the_bytes_that_were_read(tmp_path: Path) -> None:
    session = saved(tmp_path)
    session.close()
    session = sit(tmp_path)
    assert not any("changed since it was read" in notice for notice in session.notices)
    assert session.corrections.undo() is not None
    session.writing.exporting(str(tmp_path / "out.conll"), WriteRequest()).run()
    save(session)
    session.close()
    assert (tmp_path / "out.conll").read_text() == (tmp_path / "a.conll").read_text() == IOB1
    assert faults(tmp_path / "p.ner") == []


def test_a_file_that_is_put_back_to_what_was_read_keeps_the_way_back_and_can_be_saved_again(tmp_path: Path) -> None:
    saved(tmp_path).close()
    (tmp_path / "a.conll").write_text(IOB1)
    session = sit(tmp_path)
    assert not any("changed since it was read" in notice for notice in session.notices)
    save(session)
    assert (tmp_path / "a.conll").read_text() == IOB1.replace("ORG", "LOC")
    assert session.corrections.undo() is not None
    session.close()
    assert faults(tmp_path / "p.ner") == []


def test_a_file_that_changed_after_it_was_saved_is_read_anew_and_the_difference_is_to_what_was_saved(
    tmp_path: Path,
) -> None:
    session = saved(tmp_path)
    (tmp_path / "a.conll").write_text("So O\n" + IOB1.replace("ORG", "LOC"))
    assert [
        line for line in session.writing.changes_on_disk() if line[0] in "+-" and line[:3] not in ("+++", "---")
    ] == ["+So O"]
    session.close()
    session = sit(tmp_path)
    assert any("changed since it was read" in notice for notice in session.notices)
    assert session.corrections.undo() is None
    session.close()
    assert faults(tmp_path / "p.ner") == []


def test_records_that_changed_are_read_anew_with_their_confirmed_sentences(tmp_path: Path) -> None:
    confirmed = {**RECORD, "sentences": [{"start": 0, "end": 14, "status": "confirmed", "flagged": False}]}
    (tmp_path / "a.jsonl").write_text(json.dumps(confirmed) + "\n")
    sit(tmp_path, "a.jsonl").close()
    (tmp_path / "a.jsonl").write_text(json.dumps(confirmed | {"more": 1}) + "\n")
    sit(tmp_path, "a.jsonl").close()
    assert faults(tmp_path / "p.ner") == []


def through_a_dump(folder: Path) -> None:
    """Make q.ner of a dump of p.ner."""
    (folder / "dump.jsonl").write_text(dumped(folder / "p.ner"), encoding="utf-8")
    load(str(folder / "dump.jsonl"), folder / "q.ner")
    assert dumped(folder / "q.ner") == dumped(folder / "p.ner")


def test_a_loaded_project_is_of_the_file_as_it_was_saved(tmp_path: Path) -> None:
    saved(tmp_path).close()
    through_a_dump(tmp_path)
    session = sit(tmp_path, project="q.ner")
    assert not any("changed since it was read" in notice for notice in session.notices)
    session.corrections.relabel(PARIS, "PER")
    save(session)
    session.close()
    assert (tmp_path / "a.conll").read_text() == IOB1.replace("ORG", "PER")


@pytest.mark.parametrize("at_hand", [True, False])
def test_saving_from_a_loaded_project_keeps_the_suggestions_of_the_file(tmp_path: Path, at_hand: bool) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(RECORD) + "\n")
    sit(tmp_path, "a.jsonl").close()
    if not at_hand:
        file.rename(tmp_path / "away")
    through_a_dump(tmp_path)
    if not at_hand:
        (tmp_path / "away").rename(file)
    session = sit(tmp_path, "a.jsonl", "q.ner")
    session.corrections.relabel(0, "ORG")
    save(session)
    session.close()
    assert json.loads(file.read_text())["spans"] == [{"start": 0, "end": 3, "label": "ORG"}, RECORD["spans"][1]]
    assert list(check_project(tmp_path / "q.ner", [])) == []


def test_what_a_file_suggests_survives_a_dump_wherever_it_stands(tmp_path: Path) -> None:
    sentence = "Ada " + "left " * 70 + ". "
    said = {"label": "PER", "source": "suggested", "model": "m", "score": 0.7, "margin": 0.2}
    places = range(0, 60 * len(sentence), len(sentence))
    record = {"text": sentence * 60, "spans": [{"start": each, "end": each + 3, **said} for each in places]}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n")
    sit(tmp_path, "a.jsonl").close()
    assert dumped(tmp_path / "p.ner").count('"suggested"') == 60
    through_a_dump(tmp_path)


def test_a_loaded_project_knows_that_a_file_was_opened_without_its_tags(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(IOB1)
    sit(tmp_path, ignore_tags=True).close()
    through_a_dump(tmp_path)
    session = sit(tmp_path, project="q.ner")
    with pytest.raises(InputError, match="opened without its tags"):
        save(session)
    session.close()


def test_a_loaded_project_knows_the_names_of_tags_that_are_numbers(tmp_path: Path) -> None:
    numbers = {"tokens": ["Ada", "left", "Bath"], "ner_tags": [1, 0, 3]}
    (tmp_path / "a.jsonl").write_text(json.dumps(numbers) + "\n")
    names = ("O", "B-PER", "I-PER", "B-LOC")
    options = SessionOptions(project=str(tmp_path / "p.ner"), read=ReadOptions(tag_names=names))
    open_session([str(tmp_path / "a.jsonl")], options).close()
    through_a_dump(tmp_path)
    session = sit(tmp_path, "a.jsonl", "q.ner")
    session.corrections.relabel(0, "LOC")
    save(session)
    session.close()
    assert json.loads((tmp_path / "a.jsonl").read_text())["ner_tags"] == [3, 0, 3]


def test_before_it_is_saved_over_a_file_has_its_documents_and_decisions_counted(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(f"-DOCSTART- O\n\n{IOB1}\n-DOCSTART- O\n\n{IOB1}")
    (tmp_path / "b.conll").write_text(IOB1)
    (tmp_path / "c.txt").write_text("Ada left.\n")
    names = [str(tmp_path / name) for name in ("a.conll", "b.conll", "c.txt")]
    session = open_session(names, SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada"))
    assert session.writing.files_with_tags() == ([".conll", ".conll"], 3)
    assert extent_of(session) == ("a.conll", 2, 0)
    session.corrections.relabel(PARIS, "LOC")
    session.open(2)
    session.corrections.relabel(PARIS, "LOC")
    session.corrections.remove(0)
    assert extent_of(session) == ("a.conll", 2, 2)
    session.open(3)
    assert extent_of(session) == ("b.conll", 1, 0)
    session.open(4)
    with pytest.raises(InputError, match="no tags that could be changed"):
        session.writing.save_extent()
    session.close()
