"""``merge``: two people's dumps of one project become one, and what they differ in is there to be settled."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from merging import TEXT, Capture, Work, both, branch, confirm, dump, label, make_base, merge, spans, states

from ner_tui.cli import main
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.spans import Span
from ner_tui.session import SessionOptions, open_session
from ner_tui.store.project import Project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    make_base()
    return tmp_path


def test_what_each_changed_is_in_the_merged_dump(capfd: Capture) -> None:
    branch("ours", both(label("Ada", "PER"), confirm("Ada")))
    branch("theirs", both(label("Rome", "LOC"), label("Oslo", "LOC")))
    merged = merge(capfd)
    assert spans(merged) == {"Ada": "PER", "Oslo": "LOC", "Rome": "LOC"}
    assert [line.get("status") for line in merged if line["kind"] == "sentence"][:2] == ["in progress", "in progress"]


def test_both_labels_of_a_conflict_stay_to_be_settled(capfd: Capture) -> None:
    branch("ours", both(label("Oslo", "LOC"), label("Ada", "PER")))
    branch("theirs", label("Oslo", "ORG"))
    merged = merge(capfd, code=1)
    assert spans(merged) == {"Ada": "PER"}
    (contested,) = [line["suggested"] for line in merged if "suggested" in line]
    assert {(each["model"], each["label"]) for each in contested} == {("ours", "LOC"), ("theirs", "ORG")}
    assert "line 1: LOC “Oslo” in ours, ORG “Oslo” in theirs" in capfd.readouterr().err
    session = open_session([], SessionOptions("merged.ner"))
    (entry,) = session.queue.entries(DoubtFilter(reason="conflict"))
    assert entry.place.text == "Oslo"
    session.corrections.confirm(0)
    assert session.queue.holds(entry), "no key that confirms many settles a conflict"
    session.corrections.relabel(TEXT.index("Oslo"), "ORG")
    assert not session.queue.holds(entry)
    session.close()


def test_a_span_that_one_took_away_and_the_other_moved_is_a_conflict(capfd: Capture) -> None:
    branch("start", label("Ada", "PER"))
    shutil.copy("start.jsonl", "base.jsonl")
    branch("ours", lambda session: session.corrections.remove(0), start="start")
    branch("theirs", lambda session: session.corrections.resize(0, right=1), start="start")
    merged = merge(capfd, code=1)
    assert spans(merged) == {}
    assert "nothing in ours, PER “Ada left” in theirs" in capfd.readouterr().err


def test_the_same_change_on_both_sides_is_no_conflict(capfd: Capture) -> None:
    branch("ours", both(label("Ada", "PER"), confirm("Ada")))
    branch("theirs", both(label("Ada", "PER"), confirm("Ada")))
    assert spans(merge(capfd)) == {"Ada": "PER"}


def test_sentences_that_one_side_joined_are_taken_with_the_others_spans_elsewhere(capfd: Capture) -> None:
    branch("ours", lambda session: session.corrections.move_boundary(TEXT.index("Bob")))
    branch("theirs", label("Kyiv", "LOC"))
    merged = merge(capfd)
    texts = [line["text"] for line in merged if line["kind"] == "sentence"]
    assert texts[0] == "Ada left Oslo. Bob met Cy in Rome. "
    assert "".join(texts) == TEXT
    assert spans(merged) == {"Kyiv": "LOC"}


def test_notes_of_both_on_the_same_words_become_one(capfd: Capture) -> None:
    for name, note in {"start": "ship?", "ours": "a name", "theirs": "a boat"}.items():
        work = both(*(lambda session, at=at, note=note: session.corrections.note(at, at + 3, note, cursor=at)
                      for at in ((0,) if name == "start" else (0, TEXT.index("Bob")))))  # fmt: skip
        branch(name, work, start="base" if name == "start" else "start")
    shutil.copy("start.jsonl", "base.jsonl")
    notes = [line.get("notes") for line in merge(capfd) if line["kind"] == "sentence"]
    assert notes[:2] == [[[0, 3, "a boat · a name"]], [[0, 3, "a boat · a name"]]]


def settled(*spans: Span) -> Work:
    return lambda session: session.corrections.take_reading(0, 3, spans, cursor=0)


@pytest.fixture
def gold() -> None:
    """A base whose first word is a conflict of ana and bo, and so is its fourth."""
    Path("base.ner").unlink()
    for name, tags in {"ana": "B-PER O O B-PER", "bo": "B-LOC O O O"}.items():
        rows = zip(("Ada", "left", "with", "Bob"), tags.split(), strict=True)
        Path(f"{name}.conll").write_text("".join(f"{word} {tag}\n" for word, tag in rows))
    assert main(["adjudicate", "ana.conll", "bo.conll", "--project", "base.ner"]) == 0
    dump("base")


@pytest.mark.parametrize("span", [Span(0, 3, "PER"), Span(0, 8, "LOC")])
@pytest.mark.parametrize("turned", [False, True])
def test_what_one_rejected_and_the_other_decided_is_a_conflict(
    gold: None, span: Span, turned: bool, capfd: Capture
) -> None:
    branch("theirs" if turned else "ours", settled())
    branch("ours" if turned else "theirs", settled(span))
    merged = merge(capfd, code=1)
    assert spans(merged) == {}
    with closing(open_session([], SessionOptions("merged.ner"))) as session:
        found = session.adjudication.conflict_at(0)
        assert found is not None
        said = {each.spans: each.readers for each in found.readings}
        assert said == {(span,): ("ours" if turned else "theirs",), (): ("theirs" if turned else "ours",)}


def test_whose_conflict_it_is_stays_known_and_who_was_followed_is_told_of_those_who_voted(
    gold: None, capfd: Capture
) -> None:
    branch("ours", settled(Span(0, 3, "PER")))
    branch("theirs", settled(Span(0, 3, "LOC")))
    merge(capfd, code=1)
    with closing(open_session([], SessionOptions("merged.ner"))) as session:
        here, there = session.adjudication.conflict_at(0), session.adjudication.conflict_at(14)
        assert here is not None
        assert there is not None
        assert [each.readers for each in here.readings] == [("theirs",), ("ours",)]
        assert [each.readers for each in there.readings] == [("ana",), ("bo",)]
        for conflict in (here, there):
            taken = conflict.readings[0].spans
            session.corrections.take_reading(conflict.start, conflict.end, taken, cursor=conflict.start)
        (*_, found) = session.adjudication.following()
        assert found is not None
        assert found.conflicts == 2
        assert [(each.name, each.followed) for each in found.readers] == [("ana", 1), ("bo", 1)]


def test_a_sentence_is_confirmed_only_as_somebody_has_confirmed_it(capfd: Capture) -> None:
    branch("start", both(label("Ada", "PER"), confirm("Ada")))
    shutil.copy("start.jsonl", "base.jsonl")
    branch("ours", label("Oslo", "LOC"), start="start")
    branch("theirs", both(confirm("Bob"), lambda session: session.corrections.relabel(0, "ORG")), start="start")
    merged = merge(capfd)
    assert spans(merged) == {"Ada": "ORG", "Oslo": "LOC"}
    assert states(merged)[:2] == ["in progress", "confirmed"]


def test_labels_that_both_added_have_keys_of_their_own(capfd: Capture) -> None:
    branch("ours", lambda session: session.label_editing.add("SHIP"))
    branch("theirs", lambda session: session.label_editing.add("DRUG"))
    labels = [line for line in merge(capfd) if line["kind"] == "label"]
    assert [line["name"] for line in labels][-2:] == ["SHIP", "DRUG"]
    assert len({line["key"] for line in labels}) == len(labels)


def test_a_label_that_one_side_renamed_has_its_new_name_in_what_the_other_said(capfd: Capture) -> None:
    branch("start", label("Ada", "PER"))
    shutil.copy("start.jsonl", "base.jsonl")
    for one, other in (("ours", "theirs"), ("theirs", "ours")):
        branch(one, lambda session: session.label_editing.rename("PER", "PERSON"), start="start")
        branch(other, label("Bob", "PER"), start="start")
        merged = merge(capfd)
        assert spans(merged) == {"Ada": "PERSON", "Bob": "PERSON"}
        assert "PER" not in [line["name"] for line in merged if line["kind"] == "label"]


def test_documents_that_either_added_are_all_there(capfd: Capture) -> None:
    for name in ("ours", "theirs"):
        Path(f"{name}.txt").write_text(f"{name} saw Bob.\n")
        shutil.copy("base.ner", f"{name}.ner")
        open_session([f"{name}.txt"], SessionOptions(f"{name}.ner", add=True)).close()
        dump(name)
    merged = merge(capfd)
    assert [Path(line["name"]).name for line in merged if line["kind"] == "document"] == [
        "a.txt", "ours.txt", "theirs.txt",
    ]  # fmt: skip


def test_whose_readings_are_contested_is_kept(capfd: Capture) -> None:
    for name, label_name in {"ours": "LOC", "theirs": "ORG"}.items():
        branch(name, label("Oslo", label_name))
        lines = (
            Path(f"{name}.jsonl")
            .read_text()
            .replace('{"kind":"project"', f'{{"annotator":"{name}-x","kind":"project"', 1)
        )
        Path(f"{name}.jsonl").write_text(lines)
    merged = merge(capfd, code=1)
    assert merged[0]["readers"] == ["ours-x", "theirs-x"]
    with closing(Project.open(Path("merged.ner"), read_only=True)) as project:
        assert json.loads(project.setting("readers") or "") == ["ours-x", "theirs-x"]
