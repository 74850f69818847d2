"""Learning beside the prediction: what was decided in a project makes its suggestions better.

All of it runs in the worker thread of `prediction`, with its connection to the project. What the model says of a block
is read once and kept; then a lesson costs a fit and the decoding of what is near the reader.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ner_tui.domain.annotation.suggestions import FLOOR, LEAST, Suggestion
from ner_tui.domain.decoding import decode_block
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.features import SAMPLE, Projection
from ner_tui.learning.learner import Known, Learner, fit
from ner_tui.learning.lessons import Lesson, WordSpan
from ner_tui.predictors.base import Context, Predictor, StatePredictor, SuggestedPart
from ner_tui.predictors.suggesting import ModelSource

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.domain.spans import Span
    from ner_tui.store.decided import DecidedSentence
    from ner_tui.store.predictions import SentenceBlock
    from ner_tui.store.project import Project

KEPT_WORDS = 60_000
"""Words of which the model's word is kept: some 50 MB."""
MOST_LESSONS = 1_000
"""Sentences that are learnt from; of more, these many spread evenly."""
EVEN = 0.5
"""Chance of some span from which on a place is suggested, whichever label is the likeliest."""


class Learning:
    """A suggestion source that learns: a model's word, and what was decided in the project."""

    def __init__(
        self, project: Project, predictor: Predictor, model: ModelSource, label_map: LabelMap, context: Context
    ) -> None:
        """Prepare; nothing is read before `refresh`.

        Args:
            project: of the thread that this is used in.
            predictor: what the model is.
            model: it as a suggestion source; says all there is to say while nothing was decided.
            label_map: what its labels are called in the project.
            context: how much text around a sentence it reads.
        """
        self._project = project
        self._predictor = predictor
        self._model = model
        self._context: Context = context
        self._columns = TagColumns.of(predictor.info.tags, label_map)
        self._projection: Projection | None = None
        self._read: OrderedDict[tuple[str, ...], list[Known]] = OrderedDict()
        self._words = 0
        self._version: int | None = None
        self._decided: tuple[DecidedSentence, ...] = ()
        self._learner: Learner | None = None
        self.labels, self.unmapped = model.labels, model.unmapped
        self.run = replace(model.run, settings=f"{model.run.settings}; learning")
        """One run, whatever was learnt: what it said before is replaced."""

    @property
    def lessons(self) -> int:
        """How many sentences were learnt from."""
        return self._learner.lessons if self._learner else 0

    def refresh(self, cancelled: Callable[[], bool]) -> bool:
        """Learn anew if something else is decided than when it was learnt last; tell whether that was so.

        Raises:
            ModelError: the model failed.
        """
        version = self._project.data_version()
        if version == self._version:
            return False
        self._version = version
        decided = self._project.decided_sentences()
        if decided == self._decided:
            return False
        lessons: list[Lesson] = []
        known: list[Known] = []
        block: SentenceBlock | None = None
        sentences: list[Sentence] = []
        step = max(1, -(-len(decided) // MOST_LESSONS))
        for one in decided[::step]:
            if cancelled():
                self._version = None
                return False
            if block is None or one.document != block.document or not block.start <= one.start < block.end:
                block = self._project.predictions.block_at(one.document, one.start)
                sentences = [] if block is None else list(self._sentences(block))
            at = next((number for number, each in enumerate(sentences) if each.start == one.start), None)
            if at is not None and sentences[at].tokens:
                lessons.append(_lesson(sentences[at], one))
                known.append(self._known(sentences)[at])
        self._decided = decided
        labels = self._project.labels.names
        self._learner = fit(lessons, known, self._columns, labels, self._learner) if lessons else None
        return True

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in `SuggestionSource`."""
        learner = self._learner
        if learner is None:
            yield from self._model.suggest(block)
            return
        known = self._known(block)
        rows = [
            learner.probabilities(sentence.words, each) if len(sentence.tokens) else np.zeros((0, 1), np.float32)
            for sentence, each in zip(block, known, strict=True)
        ]
        found = decode_block(block, rows, learner.columns, faint=LEAST)
        known_labels = learner.prior.known
        yield (
            block,
            [tuple(each if each.span.label in known_labels else _told(each) for each in some) for some in found],
        )

    def close(self) -> None:
        """As in `SuggestionSource`."""
        self._model.close()

    def _sentences(self, block: SentenceBlock) -> Iterator[Sentence]:
        return self._project.content.sentences(block.document, block.start, block.end)

    def _known(self, block: Sequence[Sentence]) -> list[Known]:
        key = tuple(sentence.text for sentence in block)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = self._ask(block)
            self._words += sum(len(sentence.tokens) for sentence in block)
            while self._words > KEPT_WORDS and len(self._read) > 1:
                _, dropped = self._read.popitem(last=False)
                self._words -= sum(len(each.probabilities) for each in dropped)
        self._read.move_to_end(key)
        return found

    def _ask(self, block: Sequence[Sentence]) -> list[Known]:
        predictor = self._predictor
        if not isinstance(predictor, StatePredictor) or not predictor.channels:
            said = [Known(each.probabilities, None) for each in predictor.predict(block, self._context)]
        else:
            projection = self._projection or self._find_projection(predictor)
            said = [
                Known(each.probabilities, None if each.states is None else projection.own(each.states))
                for each in predictor.predict_with_states(block, self._context)
            ]
        alone = decode_block(block, [each.probabilities for each in said], self._columns)
        return [
            replace(each, spans=frozenset(_in_words(sentence, [suggestion.span for suggestion in some])))
            for sentence, each, some in zip(block, said, alone, strict=True)
        ]

    def _find_projection(self, predictor: StatePredictor) -> Projection:
        """Find the features from the project's first words: the same in every session."""
        states, words = [], 0
        for document in self._project.content.document_ids():
            place = 0
            while words < SAMPLE:
                block = self._project.predictions.block_at(document, place)
                if block is None or block.start < place:
                    break
                for each in predictor.predict_with_states(list(self._sentences(block)), self._context):
                    if each.states is not None:
                        states.append(each.states)
                        words += len(each.states)
                place = block.end
            if words >= SAMPLE:
                break
        self._projection = Projection.of(np.concatenate(states))
        return self._projection


def _told(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion of a new label as it is told: where there is rather a span than none, it is suggested.

    Which of many new labels it has is seldom sure, and to correct a label costs less than to find a span.
    """
    none = next((other.score for other in suggestion.alternatives if other.label is None), 0.0)
    if suggestion.score < FLOOR and none < 1 - EVEN and suggestion.score > none:
        return replace(suggestion, score=FLOOR)
    return suggestion


def _lesson(sentence: Sentence, decided: DecidedSentence) -> Lesson:
    spans, rejected = (_in_words(sentence, some) for some in (decided.spans, decided.rejected))
    return Lesson(tuple(sentence.words), spans, rejected, decided.is_confirmed)


def _in_words(sentence: Sentence, spans: Sequence[Span]) -> tuple[WordSpan, ...]:
    """Return spans of a sentence in its words; those that do not begin and end with words are left out."""
    starts = {token.start: number for number, token in enumerate(sentence.tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(sentence.tokens)}
    return tuple(
        (starts[span.start], ends[span.end], span.label) for span in spans if span.start in starts and span.end in ends
    )
