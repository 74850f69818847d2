"""Learning beside the prediction: what was decided in a project makes its suggestions better.

All of it runs in the worker thread of `prediction`, with its connection to the project. What the model says of a block
is read once and kept; then a lesson costs a fit and the decoding of what is near the reader.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from ner_tui.domain.annotation.suggestions import LEARNING, LEAST, Suggestion
from ner_tui.domain.decoding import decode_block
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.features import SAMPLE, Projection
from ner_tui.learning.gate_finding import GateFinder
from ner_tui.learning.head import Interrupted
from ner_tui.learning.learner import Learner, fit
from ner_tui.learning.lessons import in_words
from ner_tui.learning.prior import ModelView
from ner_tui.predictors.base import Context, Predictor, StatePredictor, SuggestedPart
from ner_tui.predictors.suggesting import ModelSource
from ner_tui.session.lessons import LessonKey, as_said, as_told, lesson_key, lesson_of, renamed
from ner_tui.session.voices import Voices, voices_of

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.domain.spans import Span
    from ner_tui.store.decided import DecidedSentence, DecidedVersion
    from ner_tui.store.predictions import SentenceBlock
    from ner_tui.store.project import Project

_BlockKey = tuple[tuple[str, tuple[str, ...]], ...]
KEPT_WORDS = 60_000
"""Words of which the model's word is kept: some 50 MB."""
MOST_LESSONS = 1_000
"""Sentences that are learnt from; of more, those near the last edit."""
MOST_WORDS = 25_000
"""Words that are learnt from: some 100 MB while a head is fitted."""
QUIET = 0.5
"""Seconds without an edit until what is decided is learnt from; confirmed or undone, it is at once."""
AT_ONCE = 8
"""Sentences for which suggestions are made at a time."""
SLICE = 0.5
"""Seconds of reading decided sentences after which the reader's own place has its turn again."""


class Learning:
    """A suggestion source that learns: a model's word, and what was decided in the project."""

    def __init__(
        self,
        project: Project,
        predictor: Predictor,
        model: ModelSource,
        label_map: LabelMap,
        context: Context,
        clock: Callable[[], float] = monotonic,
        learns: Callable[[], bool] = lambda: True,
        pause: Callable[[], object] = lambda: None,
    ) -> None:
        """Prepare; nothing is read before `refresh`.

        Args:
            project: of the thread that this is used in.
            predictor: what the model is.
            model: it as a suggestion source; says all there is to say while nothing was decided.
            label_map: what its labels are called in the project.
            context: how much text around a sentence it reads.
            clock: tells the time in seconds.
            learns: whether it is to learn; if not, the model alone speaks.
            pause: called between two steps of suggesting, for others to have their turn.
        """
        self._clock = clock
        self._learns = learns
        self._pause = pause
        self._project = project
        self._predictor = predictor
        self._model = model
        self._context: Context = context
        self._label_map = label_map
        self._columns = TagColumns.of(predictor.info.tags, label_map)
        self.projection: Projection | None = None
        """From states to features, once it was found."""
        self._read: OrderedDict[_BlockKey, list[ModelView]] = OrderedDict()
        """What was said of blocks, that of the one that was wanted last at the end."""
        self._lock = Lock()
        """Of these, which are looked up from other threads, too."""
        self._words = 0
        self._of_lessons: dict[LessonKey, ModelView] = {}
        """What was said of the decided sentences, which may lie in any blocks."""
        self.version: DecidedVersion | None = None
        """Up to where was learnt; None: nothing was looked at yet."""
        self._seen: tuple[DecidedVersion | None, float] = (None, 0.0)
        """What is decided, and since when."""
        self.learnt_from: tuple[tuple[DecidedSentence, ...], tuple[str, ...], dict[str, str]] | None = None
        """From what was learnt."""
        self._gates = GateFinder()
        self._aliases: dict[str, str] = {}
        self.is_off = False
        """Whether it was switched off when that was asked last."""
        self.is_reading = False
        """Whether there is more to read before it is learnt from."""
        self.has_unlearnt = False
        """Whether something that was learnt from had been undone when it was learnt last."""
        self.learner: Learner | None = None
        """What was learnt last."""
        self.labels, self.unmapped = model.labels, model.unmapped
        self.run = replace(model.run, name=f"{model.run.name} + learning", settings=model.run.settings + LEARNING)
        """One run, whatever was learnt: what it said before is replaced."""

    @property
    def lessons(self) -> int:
        """How many sentences were learnt from."""
        return self.learner.lessons if self.learner else 0

    @property
    def has_states(self) -> bool:
        """Whether the model gives what more than strings can be learnt from."""
        return isinstance(self._predictor, StatePredictor) and bool(self._predictor.channels)

    @property
    def has_looked(self) -> bool:
        """Whether what is decided was learnt from, if anything is and it is to be."""
        return self.is_off or self.version is not None

    def refresh(self, cancelled: Callable[[], bool]) -> bool:
        """Learn anew if something else is decided than when it was learnt last; tell whether that was so.

        It waits until a sentence is confirmed, something is undone or nothing was decided for a moment. What has to be
        read first is read a few blocks at a call.

        Raises:
            ModelError: the model failed.
        """
        self.is_reading = False
        if not self._learns():
            had, self.learner = self.learner, None
            self.learnt_from, self.version = None, None
            self.is_off = True
            return had is not None
        self.is_off = False
        version = self._project.decided_version()
        if version == self.version or not self._is_due(version):
            return False
        decided = self._project.decided_sentences(MOST_LESSONS, MOST_WORDS)
        labels, aliases = self._project.labels.names, self._project.label_list.aliases
        learnt = (decided, labels, aliases)
        if learnt == self.learnt_from or not (decided or self.learner):
            self.version = version
            return False
        known = self._of_decided(decided, cancelled)
        if known is None:
            return False
        keys = [lesson_key(one) for one in decided]
        lessons = [lesson_of(one) for one, key in zip(decided, keys, strict=True) if key in known]
        said = [renamed(known[key], aliases) for key in keys if key in known]
        try:
            learner = fit(lessons, said, self._named(aliases), labels, cancelled, self._gates) if lessons else None
        except Interrupted:
            return False
        self.has_unlearnt = self.version is not None and self._project.is_turned_since(self.version)
        self.version, self.learnt_from, self._aliases = version, learnt, aliases
        self._of_lessons, self.learner = known, learner
        return True

    def _is_due(self, version: DecidedVersion) -> bool:
        if version != self._seen[0]:
            self._seen = version, self._clock()
        if self.version is None or version.confirmed != self.version.confirmed:
            return True
        if self._project.is_turned_since(self.version):
            # Until that is unlearnt nothing that was learnt can be shown.
            return True
        return self._clock() - self._seen[1] >= QUIET

    def _of_decided(
        self, decided: Sequence[DecidedSentence], cancelled: Callable[[], bool]
    ) -> dict[LessonKey, ModelView] | None:
        """Return what the model says of decided sentences; None if that is not all read yet."""
        known: dict[LessonKey, ModelView] = {}
        block: SentenceBlock | None = None
        there: dict[LessonKey, ModelView] = {}
        until = self._clock() + SLICE
        for one in decided:
            key = lesson_key(one)
            if key in self._of_lessons:
                known[key] = self._of_lessons[key]
                continue
            if block is None or one.document != block.document or not block.start <= one.sentence.start < block.end:
                if cancelled():
                    return None
                if there and self._clock() >= until:
                    self.is_reading = True
                    return None
                block = self._project.predictions.block_at(one.document, one.sentence.start)
                sentences = [] if block is None else list(self._sentences(block))
                there = {
                    (one.document, sentence.start, tuple(sentence.words)): said
                    for sentence, said in zip(sentences, self._known(sentences) if sentences else (), strict=True)
                }
            # Of a sentence that was changed meanwhile the next look takes care.
            if one.sentence.tokens and key in there:
                known[key] = self._of_lessons[key] = there[key]
        return known

    def _named(self, aliases: dict[str, str]) -> TagColumns:
        """Return what the model's tags mean, in the names that labels have now."""
        if not aliases:
            return self._columns
        targets = {label: self._label_map.target(label) or "" for label in tag_labels(self._predictor.info.tags)}
        pairs = tuple((label, aliases.get(target, target)) for label, target in targets.items())
        return TagColumns.of(self._predictor.info.tags, LabelMap(pairs))

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in `SuggestionSource`."""
        learner = self.learner
        if learner is None:
            yield from self._model.suggest(block)
            return
        known, found = self._known(block), list[tuple[Suggestion, ...]]()
        for first in range(0, len(block), AT_ONCE):
            self._pause()
            some = block[first : first + AT_ONCE]
            rows = learner.probabilities([each.words for each in some], known[first : first + AT_ONCE])
            self._pause()
            found += decode_block(some, rows, learner.columns, faint=LEAST)
        self._pause()
        known_labels = learner.prior.known
        told = [[each if each.span.label in known_labels else as_told(each) for each in some] for some in found]
        yield block, [tuple(as_said(each, self._aliases) for each in some) for some in told]

    def voices(self, document: int, sentence: Sentence, span: Span) -> Voices | None:
        """Return who speaks for a suggestion, by what was learnt last; None if that is not known. For any thread."""
        learner, (decided, *_) = self.learner, self.learnt_from or ((),)
        key, here = (sentence.text, tuple(sentence.words)), in_words(sentence, [span])
        with self._lock:
            said = next((each[block.index(key)] for block, each in self._read.items() if key in block), None)
        if learner is None or said is None or not here:
            return None
        votes = learner.votes(sentence.words, said, here[0])
        return voices_of(votes, learner, decided if votes.memory else (), document, sentence, span)

    def close(self) -> None:
        """As in `SuggestionSource`."""
        self._model.close()

    def _sentences(self, block: SentenceBlock) -> Iterator[Sentence]:
        return self._project.content.sentences(block.document, block.start, block.end)

    def _known(self, block: Sequence[Sentence]) -> list[ModelView]:
        key = tuple((sentence.text, tuple(sentence.words)) for sentence in block)
        found = self._read.get(key)
        if found is None:
            found = self._ask(block)
        with self._lock:
            if key not in self._read:
                self._read[key] = found
                self._words += sum(len(sentence.tokens) for sentence in block)
            while self._words > KEPT_WORDS and len(self._read) > 1:
                _, dropped = self._read.popitem(last=False)
                self._words -= sum(len(each.probabilities) for each in dropped)
            self._read.move_to_end(key)
        return found

    def _ask(self, block: Sequence[Sentence]) -> list[ModelView]:
        predictor = self._predictor
        if not isinstance(predictor, StatePredictor) or not predictor.channels:
            said = [ModelView(each.probabilities, None) for each in predictor.predict(block, self._context)]
        else:
            projection = self.projection or self._find_projection(predictor)
            said = [
                ModelView(each.probabilities, None if each.states is None else projection.own(each.states))
                for each in predictor.predict_with_states(block, self._context)
            ]
        alone = decode_block(block, [each.probabilities for each in said], self._columns)
        return [
            replace(each, spans=frozenset(in_words(sentence, [suggestion.span for suggestion in some])))
            for sentence, each, some in zip(block, said, alone, strict=True)
        ]

    def _find_projection(self, predictor: StatePredictor) -> Projection:
        """Find the features from the project's first words: the same in every session."""
        states = [np.zeros((1, predictor.channels), np.float16)]
        for block in self._project.predictions.first_blocks(SAMPLE):
            said = predictor.predict_with_states(list(self._sentences(block)), self._context)
            states += [each.states for each in said if each.states is not None]
        # The row of zeros stands in for a project whose words were joined or taken away meanwhile.
        self.projection = Projection.of(np.concatenate(states[1:] or states))
        return self.projection
