"""Who judges annotations: a model, or heads that are fitted on the annotations themselves, in folds.

A sentence is never judged by what was learnt from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from ner_tui.auditing.annotated import AnnotatedBlock, Numbers, spans_of
from ner_tui.domain.decoding import decode_block
from ner_tui.domain.document import Sentence
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.errors import InputError
from ner_tui.learning.features import SAMPLE, Projection
from ner_tui.learning.learner import Learner, fit
from ner_tui.learning.lessons import FloatArray, Lesson, TagTable, WordSpan, in_words
from ner_tui.learning.prior import ModelView
from ner_tui.predictors.base import Context, Predictor, StatePredictor, WordProbabilities
from ner_tui.predictors.suggesting import read_ahead

FOLDS = 5
"""A sentence is in the fold of its number."""
LEARNT = 2_500
"""Sentences that heads are fitted on, about: each head on those of all folds but one."""
SEEN = 0.985
"""Share of what is annotated that a model finds exactly only in what it was trained on."""
_FEWEST = 100
"""Spans by which that is told, at the least."""

JudgedBlock = tuple[list[TaggedSentence], list[Sentence], list[FloatArray]]
_Ask = Callable[[Sequence[Sentence]], Iterator[WordProbabilities]]


@dataclass(frozen=True)
class Judge:
    """Gives probabilities of tags, never by what was learnt from the same sentence."""

    ask: _Ask
    """Has the model read a block."""
    columns: TagColumns
    """What the tags mean."""
    how: str
    """What is done, in a sentence."""
    known: Mapping[int, list[ModelView]]
    """What was asked already, by the number of the block."""
    projection: Projection | None = None
    learners: tuple[Learner, ...] = field(default=())
    """By fold; none: the model judges."""
    places: tuple[list[int], ...] = field(default=())
    """By fold, where the tags of a learner stand in ``columns``: a label that one fold alone has, its head lacks."""

    def judged(self, blocks: Iterable[AnnotatedBlock]) -> Iterator[JudgedBlock]:
        """Yield each block with the probabilities of tags, for each sentence words x tags.

        Raises:
            ModelError: the model failed.
        """
        waiting: list[list[TaggedSentence]] = []

        def sentences() -> Iterator[Sequence[Sentence]]:
            for tagged, block in blocks:
                waiting.append(tagged)
                yield block

        asked, first = count(), 0

        def begin(block: Sequence[Sentence]) -> Iterator[ModelView]:
            number = next(asked)
            return iter(self.known[number]) if number in self.known else _known(self.ask(block), self.projection)

        for block, known in read_ahead(sentences(), begin, lambda _, known: known):
            rows = self._out_of_fold(block, known, first) if self.learners else [each.probabilities for each in known]
            first += len(rows)
            yield waiting.pop(0), list(block), rows

    def _out_of_fold(self, block: Sequence[Sentence], known: Sequence[ModelView], first: int) -> list[FloatArray]:
        """Return the probabilities of a block whose first sentence has a number, from learners that know none of it."""
        rows = [each.probabilities for each in known]
        for fold, (learner, places) in enumerate(zip(self.learners, self.places, strict=True)):
            here = [at for at in range(len(block)) if (first + at) % FOLDS == fold]
            found = learner.probabilities([block[at].words for at in here], [known[at] for at in here])
            for at, some in zip(here, found, strict=True):
                rows[at] = np.zeros((len(some), len(self.columns.columns)), some.dtype)
                rows[at][:, places] = some
        return rows


def judge_of(
    blocks: Callable[[], Iterator[AnnotatedBlock]],
    numbers: Numbers,
    predictor: Predictor,
    label_map: LabelMap,
    context: Context,
    out_of_fold: bool,
) -> Judge:
    """Return who is to judge annotations.

    Args:
        blocks: begins to read them anew.
        numbers: what was counted of them.
        predictor: the model.
        label_map: what its labels are called in the file.
        context: how much text around a sentence it reads.
        out_of_fold: see ``gold.audit``.

    Raises:
        InputError: nothing is annotated, or the model cannot judge these labels.
        ModelError: the model failed.
    """
    if not numbers.labels:
        raise InputError("nothing is annotated: there are no errors to look for")
    info = predictor.info
    dropped = {label: "" for label in tag_labels(info.tags) if label_map.target(label) not in numbers.labels}
    columns = TagColumns.of(info.tags, LabelMap(tuple({**dict(label_map.pairs), **dropped}.items())))
    strange = [label for label in numbers.labels if label not in columns.labels]
    sample = _Sample.of(blocks(), numbers)

    def ask(block: Sequence[Sentence]) -> Iterator[WordProbabilities]:
        return predictor.predict(block, context)

    if strange:
        why = f"{info.name} does not know {', '.join(strange)}"
    elif out_of_fold:
        why = "that is asked for"
    else:
        known = sample.known(ask, None)
        why = f"{info.name} has seen this text in training" if sample.found(known, columns) >= SEEN else ""
        if not why or not _has_states(predictor):
            return Judge(ask, columns, f"judged by {info.name}{f', although {why}' if why else ''}", known)
    if not isinstance(predictor, StatePredictor) or not predictor.channels:
        raise InputError(
            f"annotations cannot be judged out of fold by {info.name}, which gives no states to learn from, and {why}: "
            "take the bundled model, or say --map"
        )
    if not strange:
        # What it learnt from the very sentences it must not say of them.
        columns = TagColumns.of(info.tags, LabelMap(tuple((label, "") for label in tag_labels(info.tags))))
    states = predictor

    def ask_states(block: Sequence[Sentence]) -> Iterator[WordProbabilities]:
        return states.predict_with_states(block, context)

    projection = sample.projection(ask_states)
    known = sample.known(ask_states, projection)
    learners = tuple(sample.learner(fold, known, columns, numbers.labels) for fold in range(FOLDS))
    how = f"judged out of fold, since {why}: {FOLDS} heads, each fitted on four fifths of {sample.size:,} sentences"
    there = {label for learner in learners for label in learner.table.labels}
    tags = TagTable(
        [*(each for each in numbers.labels if each in there), *sorted(there.difference(numbers.labels))]
    ).tags
    places = tuple([tags.index(tag) for tag in learner.table.tags] for learner in learners)
    return Judge(ask_states, TagColumns.of(tags), how, known, projection, learners, places)


def _has_states(predictor: Predictor) -> bool:
    return isinstance(predictor, StatePredictor) and predictor.channels > 0


@dataclass(frozen=True)
class _Sample:
    """Blocks out of all."""

    blocks: list[tuple[int, int, AnnotatedBlock]]
    """With the number of each among all, and that of its first sentence."""

    @classmethod
    def of(cls, blocks: Iterable[AnnotatedBlock], numbers: Numbers) -> _Sample:
        """Take one block out of so many."""
        every, first, taken = max(1, numbers.sentences // LEARNT), 0, []
        for number, block in enumerate(blocks):
            if number % every == 0:
                taken.append((number, first, block))
            first += len(block[0])
        return cls(taken)

    @property
    def size(self) -> int:
        return sum(len(tagged) for _, _, (tagged, _) in self.blocks)

    def known(self, ask: _Ask, projection: Projection | None) -> dict[int, list[ModelView]]:
        """Return what a model says, by the number of the block."""
        return {number: list(_known(ask(sentences), projection)) for number, _, (_, sentences) in self.blocks}

    def projection(self, ask: _Ask) -> Projection:
        """Find the features from the first words."""
        states: list[np.ndarray] = []
        for _, _, (_, sentences) in self.blocks:
            states += [each.states for each in ask(sentences) if each.states is not None]
            if sum(map(len, states)) >= SAMPLE:
                break
        return Projection.of(np.concatenate(states))

    def found(self, known: Mapping[int, list[ModelView]], columns: TagColumns) -> float:
        """Return which share of what is annotated, or found, is both."""
        both = either = 0
        for _, tagged, _, alone in self._each(known, columns):
            there = set(spans_of(tagged))
            both += 2 * len(there & alone)
            either += len(there) + len(alone)
        return both / either if either >= 2 * _FEWEST else 0.0

    def learner(
        self, fold: int, known: Mapping[int, list[ModelView]], columns: TagColumns, labels: Sequence[str]
    ) -> Learner:
        """Return what is learnt from all folds but one."""
        lessons, said = list[Lesson](), list[ModelView]()
        for number, tagged, each, alone in self._each(known, columns):
            if number % FOLDS != fold:
                lessons.append(Lesson(tuple(tagged.words), spans_of(tagged)))
                said.append(ModelView(each.probabilities, each.own, alone))
        return fit(lessons, said, columns, labels)

    def _each(
        self, known: Mapping[int, list[ModelView]], columns: TagColumns
    ) -> Iterator[tuple[int, TaggedSentence, ModelView, frozenset[WordSpan]]]:
        """Yield the number of each sentence, it, what the model says of it, and what it finds there by itself."""
        for block, first, (tagged, sentences) in self.blocks:
            found = decode_block(sentences, [each.probabilities for each in known[block]], columns)
            alone = [
                frozenset(in_words(sentence, [each.span for each in some]))
                for sentence, some in zip(sentences, found, strict=True)
            ]
            yield from zip(count(first), tagged, known[block], alone, strict=False)


def _known(said: Iterator[WordProbabilities], projection: Projection | None) -> Iterator[ModelView]:
    # Begun at once: the model reads ahead.
    return (
        ModelView(each.probabilities, projection.own(each.states) if projection and each.states is not None else None)
        for each in said
    )
