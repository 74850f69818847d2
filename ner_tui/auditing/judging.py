"""Who judges annotations: a model, or heads that are fitted on the annotations themselves, in folds.

A sentence is never judged by what was learnt from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from ner_tui.domain.decoding import decode_block
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.errors import InputError
from ner_tui.learning.features import Projection
from ner_tui.learning.learner import Learner, fit
from ner_tui.learning.lessons import FloatArray, Lesson, WordSpan, in_words
from ner_tui.learning.prior import Known
from ner_tui.predictors.base import Context, Predictor, StatePredictor, WordProbabilities
from ner_tui.predictors.suggesting import read_ahead

if TYPE_CHECKING:
    from ner_tui.auditing.gold import Numbers
    from ner_tui.domain.document import Sentence

FOLDS = 5
LEARNT = 2_500
"""Sentences that heads are fitted on, about: each head on those of all folds but one."""
SEEN = 0.985
"""Share of what is annotated that a model finds exactly only in what it was trained on."""
_FEWEST = 100
"""Spans by which that is told, at the least."""

AnnotatedBlock = tuple[list[TaggedSentence], "list[Sentence]"]
JudgedBlock = tuple[list[TaggedSentence], "list[Sentence]", list[FloatArray]]


@dataclass(frozen=True)
class Judge:
    """Gives probabilities of tags, never by what was learnt from the same sentence."""

    predictor: Predictor
    context: Context
    columns: TagColumns
    """What the tags mean."""
    how: str
    """What is done, in a sentence."""
    projection: Projection | None = None
    learners: tuple[Learner, ...] = ()
    """By fold; none: the model judges."""
    said: Mapping[int, list[WordProbabilities]] = field(default_factory=dict)
    """What was asked already, by the number of the block."""

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

        asked = count()
        ask = _with_states(self.predictor, self.context) if self.learners else _without(self.predictor, self.context)

        def begin(block: Sequence[Sentence]) -> Iterator[WordProbabilities]:
            number = next(asked)
            return iter(self.said[number]) if number in self.said else ask(block)

        for number, (block, said) in enumerate(read_ahead(sentences(), begin, lambda _, rows: rows)):
            rows = [each.probabilities for each in said]
            if self.learners and self.projection:
                learner = self.learners[number % FOLDS]
                known = [_known(each, self.projection) for each in said]
                rows = [learner.probabilities(each.words, one) for each, one in zip(block, known, strict=True)]
            yield waiting.pop(0), list(block), rows


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
    can_learn = isinstance(predictor, StatePredictor) and predictor.channels > 0
    if (strange or out_of_fold) and not can_learn:
        raise InputError(
            f"{info.name} does not know {', '.join(strange)} and gives no states to learn them from: "
            "take the bundled model, or say --map"
        )
    if not can_learn:
        return Judge(predictor, context, columns, f"judged by {info.name}")
    sample = _Sample.of(blocks(), numbers, predictor, context)
    seen = not strange and (out_of_fold or sample.found(columns) >= SEEN)
    said = {number: some for number, _, _, some in sample.blocks}
    if not strange and not seen:
        return Judge(predictor, context, columns, f"judged by {info.name}", said=said)
    if seen:
        # What it learnt from the very sentences it must not say of them.
        columns = TagColumns.of(info.tags, LabelMap(tuple((label, "") for label in tag_labels(info.tags))))
        why = "that is asked for" if out_of_fold else f"{info.name} has seen this text in training"
    else:
        why = f"{info.name} does not know {', '.join(strange)}"
    learners = tuple(sample.learner(fold, columns, numbers.labels) for fold in range(FOLDS))
    how = f"judged out of fold, since {why}: {FOLDS} heads, each fitted on four fifths of {sample.size:,} sentences"
    return Judge(predictor, context, learners[0].columns, how, sample.projection, learners, said)


@dataclass(frozen=True)
class _Sample:
    """Blocks that are learnt from, with what the model says of them."""

    blocks: list[tuple[int, list[TaggedSentence], list[Sentence], list[WordProbabilities]]]
    """With the number of each among all."""
    projection: Projection

    @classmethod
    def of(cls, blocks: Iterator[AnnotatedBlock], numbers: Numbers, predictor: Predictor, context: Context) -> _Sample:
        # One block out of so many, in an order that takes them from all folds.
        every = max(1, numbers.sentences // LEARNT)
        every += every % FOLDS == 0
        ask = _with_states(predictor, context)
        taken: list[tuple[int, list[TaggedSentence], list[Sentence], list[WordProbabilities]]] = []
        for number, (tagged, sentences) in enumerate(blocks):
            if number % every:
                continue
            taken.append((number, tagged, sentences, list(ask(sentences))))
        states = [each.states for _, _, _, said in taken for each in said if each.states is not None]
        return cls(taken, Projection.of(np.concatenate(states)))

    @property
    def size(self) -> int:
        return sum(len(tagged) for _, tagged, _, _ in self.blocks)

    def found(self, columns: TagColumns) -> float:
        """Return which share of what is annotated, or found, is both."""
        both = either = 0
        for _, tagged, sentences, said in self.blocks:
            for each, some in zip(tagged, _alone(sentences, said, columns), strict=True):
                there = {(span.start, span.end, span.label) for span in each.spans}
                both += 2 * len(there & some)
                either += len(there) + len(some)
        return both / either if either >= 2 * _FEWEST else 0.0

    def learner(self, fold: int, columns: TagColumns, labels: Sequence[str]) -> Learner:
        """Return what is learnt from all folds but one."""
        lessons, known = list[Lesson](), list[Known]()
        for number, tagged, sentences, said in self.blocks:
            if number % FOLDS == fold:
                continue
            for each, one, alone in zip(tagged, said, _alone(sentences, said, columns), strict=True):
                spans = tuple(sorted((span.start, span.end, span.label) for span in each.spans))
                lessons.append(Lesson(tuple(each.words), spans))
                known.append(_known(one, self.projection, alone))
        return fit(lessons, known, columns, labels)


def _known(said: WordProbabilities, projection: Projection, spans: frozenset[WordSpan] = frozenset()) -> Known:
    return Known(said.probabilities, None if said.states is None else projection.own(said.states), spans)


def _alone(
    sentences: Sequence[Sentence], said: Sequence[WordProbabilities], columns: TagColumns
) -> Iterator[frozenset[WordSpan]]:
    """Yield what the model finds by itself in each sentence."""
    for sentence, some in zip(
        sentences, decode_block(sentences, [each.probabilities for each in said], columns), strict=True
    ):
        yield frozenset(in_words(sentence, [each.span for each in some]))


def _with_states(predictor: Predictor, context: Context) -> Callable[[Sequence[Sentence]], Iterator[WordProbabilities]]:
    assert isinstance(predictor, StatePredictor)
    return lambda block: predictor.predict_with_states(block, context)


def _without(predictor: Predictor, context: Context) -> Callable[[Sequence[Sentence]], Iterator[WordProbabilities]]:
    return lambda block: predictor.predict(block, context)
