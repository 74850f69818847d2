"""Patterns that are made in a project, and those that go quiet because they were rejected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app.fakes import Gazetteer
from session.transfer.test_dumping import there_and_back

from ner_tui.errors import ProjectError
from ner_tui.patterns.reading import PatternFile
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.own_patterns import OFTEN, SETTING, OwnPattern, QuietPattern
from ner_tui.store.project import READERS, Project

TEXT = "".join(f"Then May {verb} home.\n\n" for verb in ("ran", "went", "came", "drove", "walked", "flew"))
STARTS = [at for at in range(len(TEXT)) if TEXT.startswith("May", at)]


@pytest.fixture(params=[True, False], ids=["beside a model", "alone"])
def session(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    opened = open_here(tmp_path, with_model=request.param)
    yield opened
    opened.close()


def open_here(folder: Path, *, with_model: bool = False, **options: object) -> Session:
    (folder / "a.txt").write_text(TEXT)
    load = (lambda _: Gazetteer()) if with_model else None
    made = SessionOptions(project=str(folder / "p.ner"), load=load, **options)  # type: ignore[arg-type]
    return open_session([str(folder / "a.txt")], made)


def predict(session: Session) -> None:
    prediction = session.prediction(lambda: Place(1, 0))
    if prediction is not None:
        list(prediction.run(lambda: False))


def suggested(session: Session) -> list[int]:
    return [mark.span.start for mark in session.document.spans(0, len(TEXT)) if mark.kind == "suggested"]


def test_the_words_of_a_pattern_are_suggested_everywhere_until_it_is_taken_away(session: Session) -> None:
    predict(session)
    assert suggested(session) == []
    assert session.own_patterns.switch("May", "PER")
    predict(session)
    assert suggested(session) == STARTS
    assert not session.own_patterns.switch("May", "PER")
    predict(session)
    assert suggested(session) == []


def test_a_running_prediction_sees_a_pattern_that_is_made_meanwhile(tmp_path: Path) -> None:
    session = open_here(tmp_path, with_model=True, learn=True)
    looks = 0

    def everywhere() -> bool:
        nonlocal looks
        looks += 1
        if looks == 3:
            session.own_patterns.switch("May", "PER")
        return True

    prediction = session.prediction(lambda: Place(1, 0), everywhere)
    assert prediction is not None
    list(prediction.run(lambda: looks > 6))
    assert suggested(session) == STARTS
    session.close()


def test_what_is_rejected_often_goes_quiet_and_is_listed(session: Session) -> None:
    session.own_patterns.switch("May", "PER")
    predict(session)
    for start in STARTS[: OFTEN - 1]:
        session.corrections.remove(start)
    predict(session)
    assert suggested(session) == STARTS[OFTEN - 1 :]
    assert not session.own_patterns.quiet
    session.corrections.remove(STARTS[OFTEN - 1])
    predict(session)
    assert suggested(session) == []
    assert session.own_patterns.quiet == (QuietPattern("May", "PER", OFTEN),)
    session.corrections.undo()
    predict(session)
    assert suggested(session) == STARTS[OFTEN - 1 :]


def test_what_is_accepted_as_often_is_not_quiet(session: Session) -> None:
    session.own_patterns.switch("May", "PER")
    predict(session)
    for start in STARTS[:OFTEN]:
        session.corrections.remove(start)
    for start in STARTS[OFTEN:]:
        session.corrections.label(start, start + 3, "PER", cursor=start)
    assert session.own_patterns.quiet == ()


def test_patterns_of_files_go_quiet_too(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("May\n")
    session = open_here(tmp_path, patterns=(PatternFile(str(tmp_path / "names.txt"), "PER"),))
    predict(session)
    for start in STARTS[:OFTEN]:
        session.corrections.remove(start)
    predict(session)
    assert suggested(session) == []
    session.close()


def test_patterns_are_there_in_the_next_session_and_in_what_a_dump_makes(tmp_path: Path) -> None:
    session = open_here(tmp_path)
    session.own_patterns.switch("May", "PER")
    session.own_patterns.switch("  Then\nMay ", "ORG")
    session.close()
    session = open_here(tmp_path)
    assert session.own_patterns.listed == (OwnPattern("May", "PER"), OwnPattern("Then May", "ORG"))
    session.close()
    first, second = there_and_back(tmp_path)
    assert first == second
    made = Project.open(tmp_path / "new.ner", read_only=True)
    assert made.setting("own patterns") is not None
    made.close()


@pytest.mark.parametrize("kept", ["{", "5", "[5]", '[["May"]]'])
@pytest.mark.parametrize("name", [SETTING, READERS])
def test_what_somebody_else_has_put_in_their_place_is_told(tmp_path: Path, name: str, kept: str) -> None:
    session = open_here(tmp_path)
    session._project.set_setting(name, kept)
    if name == READERS and kept.startswith("["):
        assert session.adjudication.is_on
    else:
        with pytest.raises(ProjectError, match=r"p\.ner cannot be used"):
            _ = session.own_patterns.listed if name == SETTING else session.adjudication.is_on
    session.close()
