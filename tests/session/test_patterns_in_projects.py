"""Patterns in a project: beside the model or alone, in the next session, taken away, by its labels' names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app.fakes import Gazetteer

from ner_tui.domain.labels import LabelSet
from ner_tui.errors import FormatError, InputError
from ner_tui.patterns.reading import PatternFile
from ner_tui.session import ModelReady, Place, Session, SessionOptions, open_session
from ner_tui.session.transfer.rebuild import check_project

TEXT = "Ada Okonkwo left New York City for Paris. The Manhattan Bridge was closed. Nobody saw Łódź.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text(TEXT, encoding="utf-8")
    Path("works.txt").write_text("Paris\nNew York\nThe Manhattan Bridge\n", encoding="utf-8")
    return tmp_path


WORKS = (PatternFile("works.txt", "WORK"),)


@pytest.fixture
def sit() -> Iterator[Callable[..., Session]]:
    open_now: list[Session] = []

    def opened(*paths: str, **options: object) -> Session:
        while open_now:
            open_now.pop().close()
        open_now.append(open_session(paths, SessionOptions(annotator="ada", **options)))  # type: ignore[arg-type]
        return open_now[-1]

    yield opened
    for session in open_now:
        session.close()


def predict(session: Session) -> list[ModelReady]:
    """Run the prediction of a session to its end, and let it take note of what is ready."""
    prediction = session.prediction(lambda: Place(1, 0))
    items = list(prediction.run(lambda: False)) if prediction else []
    ready = [item for item in items if isinstance(item, ModelReady)]
    for item in ready:
        session.model_ready(item)
    return ready


def shown(session: Session) -> list[tuple[str, str]]:
    marks = session.document.spans(0, len(TEXT))
    return [(session.document.words(m.span.start, m.span.end), m.span.label) for m in marks if m.kind != "below"]


def test_patterns_suggest_beside_the_model_and_come_before_it(sit: Callable[..., Session], folder: Path) -> None:
    session = sit("text.txt", patterns=WORKS, load=lambda _: Gazetteer())
    predict(session)
    assert shown(session) == [
        ("Ada Okonkwo", "PER"),
        ("New York", "WORK"),
        ("Paris", "WORK"),
        ("The Manhattan Bridge", "WORK"),
        ("Łódź", "LOC"),
    ]
    assert session.labels.find("WORK")
    session.close()
    assert list(check_project(folder / "annotations.ner", [])) == []


def test_patterns_work_without_a_model(sit: Callable[..., Session]) -> None:
    session = sit("text.txt", patterns=WORKS, model="none", load=lambda _: Gazetteer())
    assert [item.name for item in predict(session)] == ["works.txt"]
    assert shown(session) == [("New York", "WORK"), ("Paris", "WORK"), ("The Manhattan Bridge", "WORK")]
    assert session.model_question(0, 3) is None
    session.corrections.accept(TEXT.index("Paris"))
    session.corrections.remove(TEXT.index("New York"))
    assert predict(session)
    assert shown(session) == [("Paris", "WORK"), ("The Manhattan Bridge", "WORK")]


def test_what_patterns_suggested_stays_when_they_are_not_given_again(sit: Callable[..., Session]) -> None:
    predict(sit("text.txt", patterns=WORKS, model="none", load=lambda _: Gazetteer()))
    Path("works.txt").unlink()
    session = sit(load=lambda _: Gazetteer())
    assert predict(session) == []
    assert len(shown(session)) == 3


def test_a_file_of_patterns_that_changed_is_matched_anew_and_none_takes_its_suggestions_away(
    sit: Callable[..., Session],
) -> None:
    # The model was never named: what it predicted stays, what patterns said does not.
    predict(sit("text.txt", patterns=WORKS, load=lambda _: Gazetteer()))
    Path("works.txt").write_text("Nobody\n", encoding="utf-8")
    session = sit(patterns=WORKS, load=lambda _: Gazetteer())
    predict(session)
    assert [each for each in shown(session) if each[1] == "WORK"] == [("Nobody", "WORK")]
    session = sit(patterns=(), load=lambda _: Gazetteer())
    predict(session)
    assert [label for _, label in shown(session)] == ["PER", "LOC", "LOC", "LOC"]


def test_labels_that_a_fixed_list_lacks_are_not_suggested_but_told(sit: Callable[..., Session]) -> None:
    Path("two.csv").write_text("Paris,CITY\nNobody,WORK\n")
    session = sit(
        "text.txt", patterns=(PatternFile("two.csv"),), model="none", labels=LabelSet.of(["CITY"]),
        load=lambda _: Gazetteer(),
    )  # fmt: skip
    (ready,) = predict(session)
    assert shown(session) == [("Paris", "CITY")]
    assert session.labels.names == ("CITY",)
    assert session.model_ready(ready) == (
        "labels of two.csv that the project does not have are not suggested: WORK (see --labels)"
    )


def test_a_label_that_was_renamed_is_suggested_by_its_name_now(sit: Callable[..., Session]) -> None:
    session = sit("text.txt", patterns=WORKS, model="none", load=lambda _: Gazetteer())
    predict(session)
    session.label_editing.rename("WORK", "ART")
    Path("works.txt").write_text("Paris\n", encoding="utf-8")
    session = sit(patterns=WORKS, load=lambda _: Gazetteer())
    predict(session)
    assert shown(session) == [("Paris", "ART")]
    assert not session.labels.find("WORK")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("gone.txt", "gone.txt does not exist"),
        ("-", "- is no file: patterns are read from files alone"),
        ("/dev/zero", "/dev/zero is no file"),
    ],
)
def test_what_is_no_file_ends_the_prediction_with_a_sentence(sit: Callable[..., Session], path: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        predict(sit("text.txt", patterns=(PatternFile(path, "X"),), model="none", load=lambda _: Gazetteer()))


def test_what_is_not_supported_ends_the_prediction_with_its_line(sit: Callable[..., Session]) -> None:
    Path("p.jsonl").write_text('\n{"label": "A", "pattern": [{"POS": "NOUN"}]}\n')
    session = sit("text.txt", patterns=(PatternFile("p.jsonl"),), model="none", load=lambda _: Gazetteer())
    with pytest.raises(FormatError, match=r"p\.jsonl:2: the token attribute 'POS' is not supported"):
        predict(session)


def test_patterns_are_refused_where_nothing_may_change(sit: Callable[..., Session]) -> None:
    sit("text.txt")
    with pytest.raises(InputError, match="--labels and --patterns"):
        sit("text.txt", patterns=WORKS, read_only=True)
