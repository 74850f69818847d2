"""Who speaks for a suggestion: the model, what was learnt of words, and strings that were decided."""

from __future__ import annotations

from pathlib import Path

from session.learning.sittings import LEARNT, TEXT, Encoder, Sitting
from session.test_sources import TermList

from ner_tui.domain.label_map import LabelMap
from ner_tui.session import Place, PredictionOptions, ProjectPrediction
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.session.voices import Voices
from ner_tui.store.project import Project


def voices(sitting: Sitting, words: str) -> Voices | None:
    found = sitting.session.inspector.at(TEXT.index(words))
    assert found is not None
    return found.voices


def test_who_speaks_for_a_suggestion_is_known(sitting: Sitting) -> None:
    assert voices(sitting, "Paris") is None, "nothing was learnt"
    sitting.teach(6)
    sitting.run()
    at = TEXT.rindex("warfarin")
    found = sitting.session.inspector.at(at)
    assert found is not None
    assert found.voices is not None
    votes = found.voices.votes
    assert (found.voices.label, found.voices.lessons, votes.model) == ("DRUG", 6, None)
    assert votes.head is not None
    assert votes.head > 0.5
    assert votes.memory == (1, 1)
    assert [(Path(name).name, *rest) for name, *rest in found.places] == [("text.txt", 2, "Later warfarin was tried.")]
    insulin = voices(sitting, "insulin")
    assert insulin is not None
    assert insulin.votes.memory is None
    assert insulin.places == ()


def test_three_decided_places_are_named_the_nearest_first(tmp_path: Path) -> None:
    text = "".join(f"On day {number} she took aspirin again.\n" for number in range(8))
    made = Sitting(tmp_path, text=text)
    made.run()
    made.teach(6)
    made.run()
    found = made.session.inspector.at(text.rindex("aspirin"))
    assert found is not None
    assert found.voices is not None
    assert found.voices.votes.memory == (6, 6)
    assert [line for _, line, _ in found.places] == [6, 5, 4]
    made.session.close()


def test_what_is_hidden_or_unlearnt_has_no_voices(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    assert voices(sitting, "insulin") is not None
    sitting.session.blind_mode.switch()
    assert voices(sitting, "insulin") is None
    sitting.session.blind_mode.switch()
    sitting.session.learning.switch()
    sitting.run()
    assert voices(sitting, "Paris") is None


def test_what_learns_is_one_source_among_others(sitting: Sitting) -> None:
    sitting.teach(4)
    sources = [
        lambda: TermList({"daily": "WORK"}, score=0.9),
        lambda: TermList({"Nobody": "WORK"}, score=0.9, name="other.txt"),
    ]
    options = PredictionOptions(Encoder, LabelMap(), "document", learn=True, further=tuple(sources))
    left = iter(range(120))
    list(ProjectPrediction(sitting.path, options, lambda: Place(1, 0)).run(lambda: next(left, None) is None))
    assert sitting.suggested().items() >= LEARNT.items()
    assert list(check_project(sitting.path, [])) == []


def test_who_learnt_is_told_from_the_model_alone(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    project = Project.open(sitting.path)
    assert list(project.predictions.run_names().values()) == ["gazetteer (fp32)", "gazetteer (fp32) + learning"]
    project.close()
