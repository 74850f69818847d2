"""A session whose model is asked for the project's labels by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ner_tui.domain.labels import Label, LabelSet
from ner_tui.errors import ModelError
from ner_tui.predictors import load_model
from ner_tui.session import ModelReady, Place, Session, SessionOptions, open_session

MODEL = str(Path(__file__).parents[1] / "predictors" / "gliner" / "models" / "span")
TEXT = "Ada met Bob in New York City. They took two aspirin for the headache. " * 20
DRUGS = LabelSet((Label("DRUG", "1", 1, "medicine"), Label("PLACE", "2", 2)))

Sit = Callable[..., Session]


@pytest.fixture
def sit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sit]:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    opened: list[Session] = []

    def with_labels(labels: LabelSet, model: str | None = MODEL) -> Session:
        while opened:
            opened.pop().close()
        opened.append(open_session(["a.txt"], SessionOptions(labels=labels, model=model, load=load_model)))
        return opened[0]

    yield with_labels
    while opened:
        opened.pop().close()


def predicted(session: Session) -> ModelReady:
    prediction = session.prediction(lambda: Place(1, 0))
    assert prediction is not None
    ready, *_ = prediction.run(lambda: False)
    assert isinstance(ready, ModelReady)
    return ready


def suggested(session: Session) -> list[tuple[str, str, float | None]]:
    marks = session.document.spans(0, len(TEXT))
    return [(session.document.words(m.span.start, m.span.end), m.span.label, m.score) for m in marks]


def test_the_projects_labels_are_suggested_and_it_is_told_how_they_are_asked_for(sit: Sit) -> None:
    session = sit(DRUGS)
    ready = predicted(session)
    assert ready.labels == ("DRUG", "PLACE")
    assert ready.unmapped == ()
    assert "asked for DRUG as “medicine”, PLACE" in ready.remarks[0]
    found = suggested(session)
    assert {label for _, label, _ in found} == {"DRUG", "PLACE"}
    mark = next(each for each in session.document.spans(0, len(TEXT)) if each.kind == "suggested")
    inspection = session.inspector.at(mark.span.start)
    assert inspection is not None
    assert [opinion.model for opinion in inspection.opinions] == [f"{MODEL} (fp32)"]
    assert inspection.opinions[0].suggestion.alternatives
    assert all(share <= 1 for token in inspection.tokens for _, share in token.shares)


def test_what_was_predicted_is_not_predicted_again_unless_the_labels_are_others(sit: Sit) -> None:
    predicted(sit(DRUGS))
    first = suggested(sit(DRUGS))
    again = sit(DRUGS).prediction(lambda: Place(1, 0))
    assert again is not None
    assert len(list(again.run(lambda: False))) == 1
    session = sit(LabelSet((*DRUGS.labels, Label("DOSE", "3", 3))))
    predicted(session)
    assert suggested(session) != first


def test_without_a_label_set_it_is_refused_before_there_is_a_project(sit: Sit) -> None:
    with pytest.raises(ModelError, match="--labels drug,disease"):
        sit(LabelSet())
    assert not Path("annotations.ner").exists()


def test_a_project_whose_labels_came_of_themselves_keeps_its_model_where_this_one_is_refused(sit: Sit) -> None:
    sit(LabelSet(), "none")
    with pytest.raises(ModelError, match="--labels drug,disease"):
        sit(LabelSet())
    assert sit(LabelSet(), None).prediction(lambda: Place(1, 0)) is None


def test_a_hub_name_that_turns_out_to_be_one_is_refused_when_it_is_loaded(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ner_tui.predictors.resolve", lambda *_, **__: Path(MODEL))
    session = sit(LabelSet(), "someone/gliner")
    prediction = session.prediction(lambda: Place(1, 0))
    assert prediction is not None
    with pytest.raises(ModelError, match=r"someone/gliner.*--labels"):
        list(prediction.run(lambda: False))


def test_it_has_nothing_to_say_word_by_word(sit: Sit) -> None:
    asking = sit(DRUGS).model_question(0, 3)
    assert asking is not None
    with pytest.raises(ModelError, match="says nothing of single words"):
        asking.run()
