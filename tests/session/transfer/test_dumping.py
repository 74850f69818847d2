"""Dumps: everything a person knows of a project, out and back, and refusals that name the line."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.annotation.edits import Decision
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused, FormatError, InputError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.dumping import dump
from ner_tui.session.transfer.loading import load
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXT = "Ada met Bob in Łódź. Bob left.\n\nThe end, at last \U0001f642.\n"
CONLL = "Ada B-PER\nLovelace I-PER\nsaw O\nParis B-LOC\n. O\n\n-DOCSTART- O\n\nShe O\nleft O\n. O\n"


def sit(folder: Path, name: str = "p.ner", labels: tuple[str, ...] = ("PER", "LOC", "ORG")) -> Session:
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.conll").write_text(CONLL, encoding="utf-8")
    paths = [str(folder / "a.txt"), str(folder / "b.conll")]
    session = open_session(paths, SessionOptions(project=str(folder / name), annotator="t"))
    for label in labels:
        with suppress(EditRefused):
            session.label_editing.add(label)
    return session


def give(session: Session, at: int, tokens: int, label: str) -> None:
    """Label so many tokens from the one at or before an offset on."""
    index = session.document.tokens
    first = index.at(min(at, len(session.document.text) - 1))
    last = min(first + tokens, len(index)) - 1
    session.corrections.label(index[first].start, index[last].end, label, cursor=index[first].start, join=True)


def dumped(path: Path) -> str:
    project, out = Project.open(path, read_only=True), io.StringIO()
    try:
        dump(project, out)
    finally:
        project.close()
    return out.getvalue()


def there_and_back(folder: Path) -> tuple[str, str]:
    (folder / "dump.jsonl").unlink(missing_ok=True)
    (folder / "new.ner").unlink(missing_ok=True)
    first = dumped(folder / "p.ner")
    (folder / "dump.jsonl").write_text(first, encoding="utf-8", newline="")
    load(str(folder / "dump.jsonl"), folder / "new.ner")
    return first, dumped(folder / "new.ner")


def test_a_dump_holds_decisions_statuses_notes_and_labels(tmp_path: Path) -> None:
    session = sit(tmp_path)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.note(0, 3, "who?", cursor=0)
    session.corrections.flag(0)
    session.label_editing.describe("PER", "people")
    session.close()
    lines = [json.loads(line) for line in dumped(tmp_path / "p.ner").splitlines()]
    assert lines[0] == {"kind": "project", "version": 1}
    assert {"kind": "label", "name": "PER", "key": "1", "slot": 1, "description": "people"} in lines
    assert [line["path"] for line in lines if line["kind"] == "source"] == ["a.txt", "b.conll"]
    first = next(line for line in lines if line["kind"] == "sentence")
    assert first["spans"] == [[0, 3, "PER", "person"]]
    assert first["notes"] == [[0, 3, "who?"]]
    assert (first["status"], first["flagged"]) == ("in progress", True)


def test_what_was_accepted_with_others_is_told_from_what_a_person_said(tmp_path: Path) -> None:
    session = sit(tmp_path)
    suggestions = [Suggestion(Span(0, 3, "PER"), 0.99, 0.98), Suggestion(Span(8, 11, "PER"), 0.99, 0.98)]
    project = session._project
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    block = project.predictions.next_block((run,), 1, 0)
    assert block is not None
    project.predictions.save(block, 0, run, [replace(each, run=run) for each in suggestions])
    session.corrections.accept(0)
    session.corrections.confirm(0)
    session.close()
    there_and_back(tmp_path)
    for name in ("p.ner", "new.ner"):
        line = next(line for line in map(json.loads, dumped(tmp_path / name).splitlines()) if "spans" in line)
        assert line["spans"] == [[0, 3, "PER", "person"], [8, 11, "PER", "person"]]
        assert line["swept"] == [[8, 11]]
        kept = Project.open(tmp_path / name, read_only=True)
        assert [one.swept for one in kept.decided_sentences(9, 99)] == [(Span(8, 11, "PER"),)]
        kept.close()


@pytest.mark.parametrize("size", [1, 12, 20])
def test_a_dump_is_the_same_however_much_is_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    session = sit(tmp_path)
    session.corrections.label(8, 11, "PER", cursor=8)
    session.corrections.confirm(21)
    session.close()
    whole = dumped(tmp_path / "p.ner")
    assert [json.loads(line)["kind"] for line in whole.splitlines()].count("sentence") >= 4
    monkeypatch.setattr("ner_tui.session.transfer.dumping._BATCH", size)
    assert dumped(tmp_path / "p.ner") == whole


def test_a_loaded_project_can_be_worked_on(tmp_path: Path) -> None:
    session = sit(tmp_path)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.close()
    there_and_back(tmp_path)
    again = open_session((), SessionOptions(project=str(tmp_path / "new.ner"), annotator="t"))
    assert again.document.text == TEXT
    again.corrections.relabel(0, "ORG")
    assert [m.span.label for m in again.document.spans(0, 3)] == ["ORG"]
    assert again.row().spans == 3
    again.close()


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["label", "remove", "confirm", "flag", "note", "boundary", "merge", "undo", "rename"]),
              st.integers(0, 48), st.integers(1, 8), st.sampled_from(["PER", "LOC", "NEW"])),
    max_size=12,
)  # fmt: skip


@settings(max_examples=examples(60), deadline=None)
@example([("label", 0, 2, "PER"), ("remove", 0, 1, "PER"), ("boundary", 4, 1, "PER")])
@given(ACTIONS)
def test_loading_a_dump_and_dumping_again_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("dump")
    session = sit(folder)
    for verb, at, length, label in actions:
        do: Any = {
            "label": lambda a=at, n=length, x=label: give(session, a, n, x),
            "remove": lambda a=at: session.corrections.remove(a),
            "confirm": lambda a=at: session.corrections.confirm(a),
            "flag": lambda a=at: session.corrections.flag(a),
            "note": lambda a=at, n=length, x=label: session.corrections.note(a, a + n, x, cursor=a),
            "boundary": lambda a=at: session.corrections.move_boundary(a),
            "merge": lambda a=at: session.corrections.merge_tokens(a),
            "undo": lambda: session.corrections.undo(),
            "rename": lambda x=label: session.label_editing.rename("ORG", f"{x}2"),
        }[verb]
        with suppress(EditRefused):
            do()
    session.close()
    first, second = there_and_back(folder)
    assert second == first


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "a line lacks 'kind'"),
        ('{"kind":"cat"}', "where one of project, label"),
        ('{"kind":"label","name":"A","key":"","slot":-1,"description":""}', "'slot' is -1 where a number from 0 is"),
        ('{"kind":"label","name":"A"}', "a label lacks 'description'"),
        ('{"kind":"label","name":" ","key":"","slot":1,"description":""}', "needs a name"),
        ('{"kind":"document","name":"a","origin":"text","source":7}', "no source 7"),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,9]]}', "not inside the text"),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,2],[1,3]]}', "ascend"),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,3]],"spans":[[0,2,"PER","person"]]}', "span [0, 2]"),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,3]],"spans":[[0,3,"PER","cat"]]}', "'cat'"),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,3]],"swept":[[0,3]]}', "no span that a person decided"),
        (
            '{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,3]],"status":"done"}',
            "'status' is \"done\" where one of",
        ),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,3]],"suggested":[{}]}', "a suggestion lacks"),
        ('{"kind":"sentence","line":1,"text":"\\ud800","tokens":[]}', "surrogate"),
        ('{"kind":"sentence","line":1,"text":"Ada","tokens":[[0,3]],"mood":1}', "has no 'mood'"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_its_number_and_leaves_nothing(
    tmp_path: Path, line: str, said: str
) -> None:
    sit(tmp_path).close()
    good = dumped(tmp_path / "p.ner").splitlines()
    at = next(n for n, each in enumerate(good) if '"kind":"document"' in each) + (0 if '"document"' in line else 1)
    (tmp_path / "bad.jsonl").write_text("\n".join([*good[:at], line, *good[at:]]), encoding="utf-8")
    with pytest.raises(FormatError) as refused:
        load(str(tmp_path / "bad.jsonl"), tmp_path / "new.ner")
    assert f"bad.jsonl:{at + 1}:" in str(refused.value)
    assert said in str(refused.value)
    assert not list(tmp_path.glob("new.ner*"))


def test_an_existing_project_is_never_loaded_over(tmp_path: Path) -> None:
    sit(tmp_path).close()
    (tmp_path / "d.jsonl").write_text(dumped(tmp_path / "p.ner"), encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        load(str(tmp_path / "d.jsonl"), tmp_path / "p.ner")


def test_what_was_only_accepted_with_others_is_told_by_its_place_in_its_sentence(tmp_path: Path) -> None:
    session = sit(tmp_path)
    for at, source in ((8, "person"), (21, "sweep")):
        session._project.items.put(1, Decision(Span(at, at + 3, "PER"), source))  # type: ignore[arg-type]
    session.close()
    first, again = there_and_back(tmp_path)
    lines = [json.loads(line) for line in first.splitlines()]
    found = [(line["spans"], line.get("swept")) for line in lines if "spans" in line]
    assert found[:2] == [([[8, 11, "PER", "person"]], None), ([[0, 3, "PER", "person"]], [[0, 3]])]
    assert again == first
