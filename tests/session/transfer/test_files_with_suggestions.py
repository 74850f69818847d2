"""Files that bring suggestions and metadata: what becomes of both in a project, and on the way back into the file."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app.fakes import Gazetteer

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.spans import Span
from ner_tui.errors import InputError
from ner_tui.session import ProjectPrediction, Session, SessionOptions, open_session
from ner_tui.session.place import Place
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.session.transfer.copies import given_suggestions
from ner_tui.session.transfer.dumping import dump
from ner_tui.session.transfer.exporting import WriteRequest, write_project
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import check_project, rebuild
from ner_tui.session.transfer.saving import Save
from ner_tui.store.project import Project

RECORDS = [
    '{"id":7,"text":"Ada Okonkwo left Lagos.","spans":[{"start":0,"end":11,"label":"PER","source":"suggested","model":'
    '"m1","score":0.9,"margin":0.8,"alternatives":[{"start":0,"end":3,"label":"PER","score":0.1}]},{"start":17,"end":22,'
    '"label":"LOC","source":"suggested","score":0.3,"margin":-0.4}],"x":1.0}',
    '{"id":8,"text":"","x":null}',
    '{"id":9,"text":"Nobody saw New York City."}',
]
PER = Suggestion(Span(0, 11, "PER"), 0.9, 0.8, (Alternative(0, 3, "PER", 0.1),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(("\r\n".join(RECORDS) + "\r\n").encode())
    return path


@pytest.fixture
def sit(file: Path) -> Iterator[Callable[..., Session]]:
    sessions: list[Session] = []

    def opened(model: str | None = None, *paths: Path, read: ReadOptions | None = None) -> Session:
        for session in sessions:
            session.close()
        options = SessionOptions(
            project=str(file.parent / "p.ner"), annotator="ada", model=model, load=lambda _: Gazetteer(), add=True,
            read=read or ReadOptions(),
        )  # fmt: skip
        sessions[:] = [open_session([str(path) for path in paths or [file]], options)]
        return sessions[0]

    yield opened
    for session in sessions:
        session.close()


@pytest.fixture
def project(file: Path) -> Callable[[], Project]:
    return lambda: Project.open(file.parent / "p.ner")


def kinds(session: Session, end: int = 30) -> list[tuple[str, str]]:
    return [(mark.span.label, mark.kind) for mark in session.document.spans(0, end)]


def predict(session: Session, project: Path) -> None:
    assert session._options is not None
    for _ in ProjectPrediction(project, session._options, lambda: Place(1, 0)).run(threading.Event().is_set):
        pass


def save(session: Session, file: Path) -> None:
    Save(file.parent / "p.ner", session.document.id).run(lambda _: None, lambda: False)


def test_suggestions_of_a_file_are_open_under_the_name_of_their_model(
    sit: Callable[..., Session], project: Callable[[], Project]
) -> None:
    session = sit()
    assert kinds(session)[0] == ("PER", "suggested")
    stored = project()
    (first, _), (second, _) = stored.items.suggestions(1, 0, 30)
    assert (first.span, first.score, first.margin, first.alternatives) == (PER.span, 0.9, 0.8, PER.alternatives)
    assert [stored.predictions.run_names()[each.run] for each in (first, second)] == ["m1", "a.jsonl"]
    assert [label.name for label in stored.labels][:1] == ["PER"]
    assert not list(stored.faults())
    stored.close()
    assert session.row().suggestions == 1
    session.close()
    assert list(check_project(stored.path, [])) == []


def test_no_model_predicts_beside_them_unless_it_is_asked_to(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    (file.parent / "b.txt").write_text("Ada Okonkwo left.\n")
    session = sit(None, file, file.parent / "b.txt")
    predict(session, file.parent / "p.ner")
    stored = project()
    runs = {each.run for document in (1, 2, 3) for each, _ in stored.items.suggestions(document, 0, 30)}
    assert runs == {*stored.predictions.given_runs()}
    assert [each.span.label for each, _ in stored.items.suggestions(4, 0, 30)] == ["PER"]
    stored.close()
    session = sit("bundled")
    predict(session, file.parent / "p.ner")
    stored = project()
    (first, _), *_ = stored.items.suggestions(1, 0, 30)
    names = {stored.predictions.run_names()[run] for run in first.origins}
    assert {"m1"} < names
    assert [each.span.label for each, _ in stored.items.suggestions(3, 0, 30)] == ["LOC"]
    stored.close()


def test_without_a_model_they_are_worked_on_alone(sit: Callable[..., Session]) -> None:
    session = sit("none")
    assert session._options is None
    session.corrections.accept(0)
    assert kinds(session)[0] == ("PER", "decided")
    session.corrections.undo()
    assert kinds(session)[0] == ("PER", "suggested")


def test_saving_changes_the_answered_spans_and_nothing_else(sit: Callable[..., Session], file: Path) -> None:
    session = sit("none")
    session.corrections.relabel(1, "ORG")
    save(session, file)
    decided = '{"start":0,"end":11,"label":"ORG","source":"decided"}'
    suggested = RECORDS[0].partition('"spans":[')[2].partition(',{"start":17')[0]
    assert file.read_bytes().decode() == "\r\n".join([RECORDS[0].replace(suggested, decided), *RECORDS[1:], ""])
    session.corrections.undo()
    save(session, file)
    assert json.loads(file.read_text().splitlines()[0]) == json.loads(RECORDS[0])


def test_saving_what_nobody_touched_is_the_same_file(sit: Callable[..., Session], file: Path) -> None:
    before = file.read_bytes()
    save(sit("none"), file)
    assert file.read_bytes() == before


def test_a_file_that_was_opened_without_its_spans_is_not_saved(sit: Callable[..., Session], file: Path) -> None:
    session = sit("none", read=ReadOptions(ignore_tags=True))
    assert kinds(session) == []
    with pytest.raises(InputError, match="was opened without its tags"):
        save(session, file)


def test_an_export_to_the_same_format_is_the_file_with_the_corrections(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    session, out = sit("none"), file.parent / "out.jsonl"
    stored = project()
    write_project(stored, str(out), WriteRequest("jsonl"))
    assert out.read_bytes() == file.read_bytes()
    session.corrections.accept(0)
    write_project(stored, str(out), WriteRequest())
    first, rest = out.read_text().split("\n", 1)
    assert rest == file.read_text().split("\n", 1)[1]
    assert json.loads(first)["spans"][0] == {"start": 0, "end": 11, "label": "PER", "source": "decided"}
    stored.close()


def test_an_export_to_our_own_format_says_what_is_confirmed_and_noted_and_saving_does_not(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    session, out = sit("none"), file.parent / "out.jsonl"
    session.corrections.accept(0)
    session.corrections.confirm(0)
    session.corrections.note(0, 3, "who?", cursor=0)
    stored = project()
    write_project(stored, str(out), WriteRequest("jsonl"))
    first, *rest = out.read_text().split("\n")
    assert rest == file.read_text().split("\n")[1:]
    record = json.loads(first)
    assert [*record] == ["id", "text", "spans", "x", "notes", "sentences"]
    assert [each["status"] for each in record["sentences"]] == ["confirmed"]
    assert record["notes"] == [{"start": 0, "end": 3, "text": "who?"}]
    stored.close()
    save(session, file)
    assert [*json.loads(file.read_text().split("\n")[0])] == ["id", "text", "spans", "x"]


def test_an_export_to_another_format_takes_metadata_along_or_tells_what_is_lost(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    sit("none")
    out, stored = file.parent / "out", project()
    report = write_project(stored, str(out), WriteRequest("prodigy", with_suggestions=True))
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert [record["meta"]["id"] for record in records] == [7, 8, 9]
    assert [(each.get("source"), each["score"]) for each in records[0]["spans"]] == [("m1", 0.9), ("a.jsonl", 0.3)]
    assert report.changes == []
    report = write_project(stored, str(out), WriteRequest("doccano", with_suggestions=True))
    assert json.loads(out.read_text().splitlines()[0])["label"] == [[0, 11, "PER"]]
    report = write_project(stored, str(out), WriteRequest("conll"))
    assert report.changes == [f"{out}: metadata of 3 records, for which conll has no place: id, x"]
    stored.close()


def test_a_file_that_changed_is_read_again_with_its_suggestions_and_metadata(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    sit("none").corrections.accept(0)
    file.write_text("\n".join([RECORDS[0].replace('"id":7', '"id":70').replace("0.3", "0.6"), RECORDS[2]]))
    session = sit()
    assert kinds(session) == [("PER", "decided"), ("LOC", "suggested")]
    stored = project()
    assert stored.metadata.of_document(1) == {"id": 70, "x": 1.0}
    assert not list(stored.faults())
    stored.close()


def test_a_project_is_made_again_with_suggestions_and_metadata(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    session = sit("none")
    session.corrections.accept(0)
    session.close()
    again = file.parent / "again.ner"
    assert list(rebuild(file.parent / "p.ner", again, [])) == []
    old, new = project(), Project.open(again)
    shown = [[each.span for each, state in each.items.suggestions(1, 0, 30) if state] for each in (old, new)]
    assert shown == [[Span(17, 22, "LOC")]] * 2
    assert new.metadata.of_document(1) == old.metadata.of_document(1) == {"id": 7, "x": 1.0}
    old.close()
    new.close()


def test_a_dump_carries_metadata(sit: Callable[..., Session], project: Callable[[], Project], file: Path) -> None:
    hf = file.parent / "b.jsonl"
    hf.write_text(
        '{"id": "x", "tokens": ["Ada"], "ner_tags": ["B-PER"]}\n{"id": "y", "tokens": ["b"], "ner_tags": ["O"]}\n'
    )
    sit("none", file, hf)
    stored = project()
    with (file.parent / "dump").open("w") as out:
        dump(stored, out)
    load(str(file.parent / "dump"), file.parent / "new.ner")
    new = Project.open(file.parent / "new.ner")
    documents = [document.id for document in stored.content.documents()]
    assert [new.metadata.of_document(each) for each in documents] == [
        {"id": 7, "x": 1.0},
        {"id": 8, "x": None},
        {"id": 9},
        {},
    ]
    assert (
        new.metadata.of_sentences(4, 0, 99)
        == stored.metadata.of_sentences(4, 0, 99)
        == {0: {"id": "x"}, 4: {"id": "y"}}
    )
    new.close()
    stored.close()


def test_a_dump_carries_what_files_suggest_and_not_what_the_program_does(
    sit: Callable[..., Session], project: Callable[[], Project], file: Path
) -> None:
    session = sit("gazetteer", file)
    predict(session, file.parent / "p.ner")
    session.close()
    there, dumps = file.parent / "dump", list[str]()
    for name in ("p.ner", "new.ner"):
        stored = Project.open(file.parent / name)
        with there.open("w") as out:
            dump(stored, out)
        dumps.append(there.read_text())
        said = given_suggestions(stored, 1, 0, 99)
        assert [(each.span, each.score, each.model) for each in said] == [
            (Span(0, 11, "PER"), 0.9, "m1"),
            (Span(17, 22, "LOC"), 0.3, "a.jsonl"),
        ]
        assert said[0].alternatives == PER.alternatives
        stored.close()
        if name == "p.ner":
            load(str(there), file.parent / "new.ner")
    assert dumps[0] == dumps[1]
    assert not list(check_project(file.parent / "new.ner", []))


def test_numbers_of_tags_are_named_once_and_saved_as_numbers(sit: Callable[..., Session], file: Path) -> None:
    file.write_text('{"id":"0","tokens":["Ada","left"],"ner_tags":[1,0]}\n')
    session = sit("none", read=ReadOptions(tag_names=("O", "B-PER", "B-LOC")))
    session = sit()
    session.corrections.relabel(0, "LOC")
    save(session, file)
    assert file.read_text() == '{"id":"0","tokens":["Ada","left"],"ner_tags":[2,0]}\n'
