"""A file whose tags can be read in two ways: what a person said of them holds for as long as the project does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.session.transfer.dumping import dump
from ner_tui.session.transfer.exporting import WriteRequest, write_project
from ner_tui.session.transfer.indexing import read_on
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import rebuild
from ner_tui.store.project import Project

TWO_WAYS = "Ada S_X\nleft O\n\nLagos S_X\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text(TWO_WAYS)


def sit(*examples: str) -> Session:
    return open_session(["a.conll"], SessionOptions(project="p.ner", read=ReadOptions(tags_as=examples)))


def labels(session: Session) -> list[str]:
    document = session.document
    return [mark.span.label for mark in document.spans(0, len(document.text))]


def test_the_question_names_the_option() -> None:
    with pytest.raises(InputError, match=r"say --tags-as b_PER, or --tags-as PER$|say --tags-as B_PER, or"):
        sit()


@pytest.mark.parametrize(("examples", "label"), [(("B_PER", "O"), "X"), (("PER", "O"), "S_X")])
def test_the_answer_holds_for_reading_saving_exporting_and_rebuilding(examples: tuple[str, ...], label: str) -> None:
    session = sit(*examples)
    assert labels(session) == [label, label]
    session.corrections.label(0, 3, "Y", cursor=0)
    saved = TWO_WAYS.replace("Ada S_X", "Ada S_Y" if label == "X" else "Ada Y")
    assert session.writing.saving().run(lambda _: None, lambda: False)
    assert Path("a.conll").read_text() == saved
    session.close()
    again = open_session([], SessionOptions(project="p.ner"))
    assert labels(again) == ["Y", label]
    again.close()
    project = Project.open(Path("p.ner"), read_only=True)
    write_project(project, "out.conll", WriteRequest())
    project.close()
    assert Path("out.conll").read_text() == saved
    assert list(rebuild(Path("p.ner"), Path("new.ner"), [])) == []


def test_it_holds_for_a_dump() -> None:
    sit("PER", "O").close()
    project = Project.open(Path("p.ner"))
    with Path("dump").open("w") as out:
        dump(project, out)
    project.close()
    load("dump", Path("new.ner"))
    session = open_session([], SessionOptions(project="new.ner"))
    session.corrections.label(0, 3, "Y", cursor=0)
    assert session.writing.saving().run(lambda _: None, lambda: False)
    session.close()
    assert Path("a.conll").read_text() == TWO_WAYS.replace("Ada S_X", "Ada Y")
    Path("dump").write_text(Path("dump").read_text().replace('"PER","O"', '"O"'))
    with pytest.raises(InputError, match=r"dump:\d+: 'tags_as' shows no spelling: give one tag of PER"):
        load("dump", Path("other.ner"))


def test_it_holds_for_the_rest_of_a_large_file_and_for_one_that_changed() -> None:
    Path("a.conll").write_text(TWO_WAYS * 8_000)
    session = sit("B_PER", "O")
    session.close()
    project = Project.open(Path("p.ner"))
    for unread in project.bulk_insert.unread():
        assert not any(part.failed for part in read_on(project, unread))
    assert project.labels.names == ("X",)
    project.close()
    Path("a.conll").write_text(TWO_WAYS.replace("Ada", "Eve"))
    session = sit()
    assert labels(session) == ["X", "X"]
    session.close()
