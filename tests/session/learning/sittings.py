"""Sessions whose model has states to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from app.fakes import Gazetteer

from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import LabelSet
from ner_tui.predictors.base import Context, WordProbabilities
from ner_tui.predictors.suggesting import ModelSource
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.learning import Learning
from ner_tui.session.prediction import BlockResult, Learnt
from ner_tui.store.project import Project

DRUGS = ("aspirin", "codeine", "warfarin", "insulin")
TEXT = (
    "She took aspirin daily. No codeine was left. Then aspirin and codeine were given. He slept well.\n"
    "Later warfarin was tried. Ada Okonkwo left Paris. Some insulin was found. Nobody took warfarin again.\n"
)


ALONE = {"Ada Okonkwo": "PER", "Paris": "LOC"}
LEARNT = {**ALONE, "warfarin": "DRUG", "insulin": "DRUG"}


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

    def __init__(
        self,
        folder: Path,
        predictor: type[Gazetteer] = Encoder,
        *,
        learn: bool = True,
        text: str = TEXT,
        model: str | None = None,
    ) -> None:
        self.path = folder / "p.ner"
        self.text = text
        (folder / "text.txt").write_text(text)
        options = SessionOptions(
            project=str(self.path),
            labels=LabelSet.of(["PER", "LOC", "DRUG"]),
            learn=learn,
            load=lambda _: predictor(),
            model=model,
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

    def new_events(self) -> list[object]:
        """Run the prediction, and return what it told."""
        before = len(self.events)
        self.run()
        return self.events[before:]

    def suggested(self) -> dict[str, str]:
        document = self.session.document
        marks = document.spans(0, len(TEXT))
        return {document.words(m.span.start, m.span.end): m.span.label for m in marks if m.kind == "suggested"}

    def teach(self, sentences: int) -> None:
        """Label the drugs of the first sentences, and confirm these."""
        for start in self.session.document.sentence_starts(0, len(self.text))[:sentences]:
            end = self.session.document.sentence_range(start)[1]
            for drug in DRUGS:
                at = self.text.find(drug, start, end)
                if at >= 0:
                    self.session.corrections.label(at, at + len(drug), "DRUG", cursor=at)
            self.session.corrections.confirm(start)


def learning_of(
    project: Project, clock: Callable[[], float] = lambda: 0.0, learns: Callable[[], bool] = lambda: True
) -> Learning:
    predictor = Encoder()
    model = ModelSource(predictor, LabelMap(), "document")
    return Learning(project, predictor, model, LabelMap(), "document", clock, learns)
