"""Learning beside the prediction: what is decided makes suggestions better, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from app.fakes import Gazetteer

from ner_tui.domain.document import Sentence
from ner_tui.domain.labels import LabelSet
from ner_tui.predictors.base import Context, WordProbabilities
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.prediction import AllPredicted, BlockResult, Learnt
from ner_tui.session.transfer.rebuild import check_project

DRUGS = ("aspirin", "codeine", "warfarin", "insulin")
TEXT = (
    "She took aspirin daily. No codeine was left. Then aspirin and codeine were given. He slept well.\n"
    "Later warfarin was tried. Ada Okonkwo left Paris. Some insulin was found. Nobody took warfarin again.\n"
)


class Encoder(Gazetteer):
    """A gazetteer whose states tell drugs from other words."""

    channels = 8

    def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        for sentence, words in zip(block, self.predict(block, context), strict=True):
            draw = np.random.default_rng([len(word) for word in sentence.words])
            states = 0.1 * draw.standard_normal((len(sentence.words), self.channels))
            states[:, 0] += [4.0 * (word in DRUGS) for word in sentence.words]
            yield WordProbabilities(words.probabilities, words.unseen, states.astype(np.float16))


class Sitting:
    """A session whose prediction runs until there is nothing to do, whenever it is asked to."""

    def __init__(self, folder: Path, predictor: type[Gazetteer] = Encoder, *, learn: bool = True) -> None:
        self.path = folder / "p.ner"
        (folder / "text.txt").write_text(TEXT)
        options = SessionOptions(
            project=str(self.path),
            labels=LabelSet.of(["PER", "LOC", "DRUG"]),
            learn=learn,
            load=lambda _: predictor(),
        )
        self.session: Session = open_session([str(folder / "text.txt")], options)
        self.events: list[object] = []
        self.quiet = 0

    def run(self) -> None:
        """Run the prediction until it has nothing to do three times in a row."""
        self.quiet = 0

        def everywhere() -> bool:
            self.quiet += 1
            return True

        prediction = self.session.prediction(lambda: Place(1, 0), everywhere)
        assert prediction is not None
        for event in prediction.run(lambda: self.quiet > 3):
            self.events.append(event)
            if isinstance(event, Learnt | BlockResult):
                self.quiet = 0

    def suggested(self) -> dict[str, str]:
        document = self.session.document
        marks = document.spans(0, len(TEXT))
        return {document.words(m.span.start, m.span.end): m.span.label for m in marks if m.kind == "suggested"}

    def teach(self, sentences: int) -> None:
        """Label the drugs of the first sentences, and confirm these."""
        for start in self.session.document.sentence_starts(0, len(TEXT))[:sentences]:
            end = self.session.document.sentence_range(start)[1]
            for drug in DRUGS:
                at = TEXT.find(drug, start, end)
                if at >= 0:
                    self.session.corrections.label(at, at + len(drug), "DRUG", cursor=at)
            self.session.corrections.confirm(start)


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    made = Sitting(tmp_path)
    made.run()
    yield made
    made.session.close()


ALONE = {"Ada Okonkwo": "PER", "Paris": "LOC"}
LEARNT = {**ALONE, "warfarin": "DRUG", "insulin": "DRUG"}


def test_a_new_label_is_suggested_after_a_few_sentences(sitting: Sitting) -> None:
    assert sitting.suggested() == ALONE
    sitting.teach(4)
    sitting.run()
    assert sitting.suggested() == LEARNT
    assert [event.sentences for event in sitting.events if isinstance(event, Learnt)] == [4]
    assert AllPredicted() in sitting.events


def test_undone_is_as_if_never_learnt(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    while sitting.session.corrections.undo():
        pass
    sitting.run()
    assert sitting.suggested() == ALONE
    assert list(check_project(sitting.path, [])) == []


def test_a_rejection_is_never_suggested_again(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.corrections.remove(TEXT.index("insulin"))
    sitting.run()
    assert "insulin" not in sitting.suggested()


def test_what_was_learnt_is_there_when_one_comes_back(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.close()
    again = Sitting(tmp_path)
    assert again.suggested() == LEARNT
    again.run()
    assert again.suggested() == LEARNT
    again.session.close()


def test_without_learning_nothing_changes(tmp_path: Path) -> None:
    still = Sitting(tmp_path, learn=False)
    still.run()
    still.teach(4)
    still.run()
    assert still.suggested() == ALONE
    still.session.close()


def test_a_model_without_states_remembers_strings(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, Gazetteer)
    bare.run()
    bare.teach(2)
    bare.run()
    assert bare.suggested() == {**ALONE, "aspirin": "DRUG", "codeine": "DRUG"}
    bare.session.close()


def test_nothing_is_read_again_while_nothing_is_decided(sitting: Sitting) -> None:
    before = len(sitting.events)
    sitting.run()
    assert [type(event).__name__ for event in sitting.events[before:]] == ["ModelReady", "AllPredicted"]
