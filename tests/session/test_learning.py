"""Learning beside the prediction: what is decided makes suggestions better, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from app.fakes import Gazetteer
from session.test_sources import TermList

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused, ModelError
from ner_tui.predictors.base import Context, WordProbabilities
from ner_tui.predictors.suggesting import ModelSource
from ner_tui.session import Place, PredictionOptions, ProjectPrediction, Session, SessionOptions, open_session
from ner_tui.session.learning import QUIET, Learning
from ner_tui.session.prediction import AllPredicted, BlockResult, Learnt
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.session.voices import Voices
from ner_tui.store.project import Project

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


def test_what_is_undone_is_not_suggested_in_its_place_before_it_is_unlearnt(tmp_path: Path) -> None:
    """Else the next key could confirm what a person has just taken back."""
    sitting = Sitting(tmp_path, model="none")
    at = TEXT.index("Ada Okonkwo")
    sitting.session.corrections.label(at, at + 11, "PER", cursor=at)
    sitting.run()
    project = Project.open(sitting.path)
    block = project.predictions.block_at(1, at)
    assert block is not None
    (run,) = project.predictions.runs_of(block)
    said = project.suggestions.of_runs(1, at, at + 11, {run: ""}, tuple)
    assert [each.span.label for each in said] == ["PER"], "learnt from the decision that covers it"
    learnt = project.decided_version()

    sitting.session.corrections.undo()
    assert sitting.suggested() == {}
    assert not project.predictions.save(block, 0, run, said, learnt=learnt), "found before it was undone"
    assert sitting.suggested() == {}
    assert list(project.faults()) == []
    project.close()
    sitting.run()
    assert sitting.suggested() == {}
    sitting.session.close()


def test_what_a_decision_was_made_of_is_back_when_it_is_undone(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    at = TEXT.index("insulin")
    for change in (
        lambda: sitting.session.corrections.accept(at),
        lambda: sitting.session.corrections.relabel(at, "LOC"),
    ):
        change()
        sitting.run()
        sitting.session.corrections.undo()
        assert sitting.suggested() == LEARNT


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


def test_switched_off_the_model_alone_suggests_until_it_is_on_again(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    switch, edits = sitting.session.learning, sitting.session.corrections
    assert not switch.switch()
    assert switch.is_left_out
    sitting.run()
    assert sitting.suggested() == ALONE
    edits.accept(TEXT.index("Paris"))
    edits.undo()
    sitting.session.close()
    again = Sitting(tmp_path)
    assert again.session.learning.is_left_out, "remembered"
    again.run()
    assert again.suggested() == ALONE
    again.session.learning.switch()
    assert Learnt(4) in again.new_events()
    assert again.suggested() == LEARNT
    assert list(check_project(again.path, [])) == []
    again.session.close()


def test_what_was_learnt_is_forgotten_once_when_it_is_switched_off(sitting: Sitting) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    is_on = [True]
    learning = learning_of(project, learns=lambda: is_on[0])
    told = []
    for is_on[0] in (True, False, False, True, True):
        told.append((learning.refresh(lambda: False), learning.lessons))
        assert learning.has_looked
    assert told == [(True, 4), (True, 0), (False, 0), (True, 4), (False, 4)]
    project.close()


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


def test_left_out_in_one_session_what_was_learnt_before_goes(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.learning.switch()
    sitting.session.close()
    again = Sitting(tmp_path)
    assert again.suggested() == LEARNT
    again.run()
    assert again.suggested() == ALONE
    again.session.close()


def test_a_model_without_states_remembers_strings(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, Gazetteer)
    bare.run()
    bare.teach(2)
    bare.run()
    assert bare.suggested() == {**ALONE, "aspirin": "DRUG", "codeine": "DRUG"}
    bare.session.close()


def test_without_a_model_strings_are_remembered_and_nothing_is_read_before_there_are_any(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, model="none")
    bare.run()
    assert [each for each in bare.events if isinstance(each, BlockResult)] == []
    bare.teach(2)
    bare.run()
    assert bare.suggested() == {"aspirin": "DRUG", "codeine": "DRUG"}
    bare.session.learning.switch()
    bare.run()
    assert bare.suggested() == {}
    bare.session.close()


def test_nothing_is_read_again_while_nothing_is_decided(sitting: Sitting) -> None:
    before = len(sitting.events)
    sitting.run()
    assert [type(event).__name__ for event in sitting.events[before:]] == ["ModelReady", "AllPredicted"]


def test_a_run_that_comes_back_has_predicted_what_it_predicted(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.corrections.confirm(TEXT.index("Ada"))
    (last,) = [event for event in sitting.new_events() if isinstance(event, BlockResult)][-1:]
    assert last.done_words == last.total_words


def test_without_learning_the_model_has_its_word_back(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.close()
    again = Sitting(tmp_path, learn=False)
    again.run()
    assert again.suggested() == ALONE
    assert list(check_project(again.path, [])) == []
    again.session.close()


def test_suggestions_that_stay_are_not_stored_again(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, Gazetteer)
    bare.run()
    bare.teach(3)
    bare.run()
    bare.session.corrections.confirm(TEXT.index("He slept"))
    told = [type(event) for event in bare.new_events()]
    assert Learnt in told
    assert BlockResult not in told
    bare.session.close()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c.split_token(TEXT.index("warfarin"), TEXT.index("warfarin") + 3), id="a token cut"),
        pytest.param(lambda c: c.split_token(TEXT.index("aspirin"), TEXT.index("aspirin") + 3), id="a decided one cut"),
        pytest.param(lambda c: c.merge_tokens(TEXT.index("daily")), id="tokens joined"),
        pytest.param(lambda c: c.move_boundary(TEXT.index("was tried")), id="a sentence cut"),
        pytest.param(lambda c: c.move_boundary(TEXT.index("He slept")), id="sentences joined"),
    ],
)
def test_a_text_that_is_cut_otherwise_is_read_again(
    sitting: Sitting, change: Callable[[object], object], tmp_path: Path
) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    assert learning.refresh(lambda: False)
    place = (1, 0, len(TEXT))
    list(learning.suggest(list(project.content.sentences(*place))))
    change(sitting.session.corrections)
    for start in sitting.session.document.sentence_starts(0, len(TEXT)):
        with suppress(EditRefused):
            sitting.session.corrections.confirm(start)
    assert learning.refresh(lambda: False)
    sentences = list(project.content.sentences(*place))
    ((_, found),) = learning.suggest(sentences)
    assert len(found) == len(sentences)
    assert learning.lessons == len([sentence for sentence in sentences if sentence.tokens])
    project.close()
    sitting.run()
    assert list(check_project(sitting.path, [])) == []


def test_renamed_labels_are_suggested_by_their_names(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    for old, new in (("DRUG", "MEDICINE"), ("LOC", "PLACE"), ("PER", "LOC")):
        sitting.session.label_editing.rename(old, new)
    sitting.run()
    expected = {"Ada Okonkwo": "LOC", "Paris": "PLACE", "warfarin": "MEDICINE", "insulin": "MEDICINE"}
    assert sitting.suggested() == expected
    assert list(check_project(sitting.path, [])) == []


def test_a_renamed_label_is_still_one_that_the_model_knows(sitting: Sitting) -> None:
    sitting.session.label_editing.rename("PER", "PERSON")
    at = TEXT.index("Ada")
    sitting.session.corrections.accept(at)
    sitting.session.corrections.confirm(at)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    learning.refresh(lambda: False)
    assert learning.learner is not None
    assert {"PERSON", "LOC"} <= learning.learner.prior.known
    assert "PER" not in learning.learner.table.labels
    project.close()


def test_what_was_learnt_since_is_not_covered_by_undo(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    at = TEXT.index("insulin")
    sitting.session.corrections.accept(at)
    sitting.run()
    while sitting.session.corrections.undo():
        said = Project.open(sitting.path)
        assert not list(said.faults())
        said.close()
    sitting.run()
    assert sitting.suggested() == ALONE


def learning_of(
    project: Project, clock: Callable[[], float] = lambda: 0.0, learns: Callable[[], bool] = lambda: True
) -> Learning:
    predictor = Encoder()
    model = ModelSource(predictor, LabelMap(), "document")
    return Learning(project, predictor, model, LabelMap(), "document", clock, learns)


def test_it_waits_until_nothing_is_decided_for_a_moment_or_a_sentence_is_confirmed(sitting: Sitting) -> None:
    now = [0.0]
    project = Project.open(sitting.path)
    learning = learning_of(project, lambda: now[0])
    edits = sitting.session.corrections

    def learns() -> bool:
        return learning.refresh(lambda: False)

    assert not learns()
    at = TEXT.index("aspirin")
    edits.label(at, at + 7, "DRUG", cursor=at)
    assert not learns()
    now[0] += QUIET / 2
    at = TEXT.index("codeine")
    edits.label(at, at + 7, "DRUG", cursor=at)
    assert not learns()
    now[0] += QUIET * 0.9
    assert not learns(), "something was decided since"
    now[0] += QUIET
    assert learns()
    assert not learns()
    edits.confirm(at)
    assert learns(), "at once"
    edits.undo()
    assert learns(), "at once"
    edits.redo()
    assert learns(), "at once"
    edits.note(0, 3, "why?", cursor=0)
    now[0] += 2 * QUIET
    assert not learns(), "nothing else is decided"
    project.close()


def test_a_fit_that_nobody_waits_for_is_given_up(sitting: Sitting) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    asked = iter([False, False, True])
    assert not learning.refresh(lambda: next(asked))
    assert not learning.lessons
    assert learning.refresh(lambda: False)
    project.close()


def test_a_model_that_fails_while_it_is_learnt_from_fails(tmp_path: Path, sitting: Sitting) -> None:
    class Broken(Encoder):
        def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
            raise ModelError("gazetteer: broken")

    sitting.teach(4)
    options = PredictionOptions(Broken, LabelMap(), "document", learn=True)
    with pytest.raises(ModelError, match="broken"):
        list(ProjectPrediction(sitting.path, options, lambda: Place(1, 0)).run(lambda: False))


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


def test_a_project_without_words_has_nothing_to_learn_from(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "e.ner", create=True)
    learning = learning_of(project)
    assert not learning.refresh(lambda: False)
    assert learning.has_looked
    assert project.predictions.first_blocks(100) == []
    assert learning._find_projection(Encoder()).own(np.ones((1, 8), np.float16)).shape[0] == 1
    project.close()


def test_undo_puts_back_nothing_over_what_was_said_since(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    at = TEXT.index("Ada Okonkwo")
    sitting.session.corrections.remove(at)
    project = Project.open(sitting.path)
    block = project.predictions.block_at(1, at)
    assert block is not None
    (run,) = project.predictions.runs_of(block)
    new = Suggestion(Span(at + 4, at + 16, "PER"), 0.9, 0.8, (), run)
    assert project.predictions.save(block, 0, run, [new])
    sitting.session.corrections.undo()
    assert sitting.suggested() == {"Okonkwo left": "PER"}
    assert list(project.faults()) == []
    project.close()


def test_who_learnt_is_told_from_the_model_alone(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    project = Project.open(sitting.path)
    assert list(project.predictions.run_names().values()) == ["gazetteer (fp32)", "gazetteer (fp32) + learning"]
    project.close()


def test_what_is_decided_far_apart_is_read_a_little_at_a_call(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for path in paths:
        path.write_text(TEXT)
    session = open_session([str(path) for path in paths], SessionOptions(project=str(tmp_path / "three.ner")))
    for document in (1, 2, 3):
        session.open(document)
        session.corrections.confirm(0)
    project = Project.open(tmp_path / "three.ner")
    seconds = iter(range(100))
    learning = learning_of(project, lambda: float(next(seconds)))
    calls = [(learning.refresh(lambda: False), learning.is_reading, learning.has_looked) for _ in range(3)]
    assert calls == [(False, True, False), (False, True, False), (True, False, True)]
    assert learning.lessons == 3
    project.close()
    session.close()
