"""A loaded GLiNER, and the suggestion source that it is together with the labels it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain

import numpy as np

from ner_tui.domain.annotation.suggestions import LEAST, PredictionRun, Suggestion
from ner_tui.domain.blocks import BLOCK_WORDS
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label
from ner_tui.errors import ModelError
from ner_tui.predictors.base import Context, ModelInfo, SuggestedPart
from ner_tui.predictors.batch_threads import BatchThreads, StartedBatch, sentences_read
from ner_tui.predictors.gliner import decoding
from ner_tui.predictors.gliner.graph import FloatArray, Graph, WindowBatch
from ner_tui.predictors.gliner.prompts import Prompt, passes, prompts_of
from ner_tui.predictors.gliner.settings import Settings
from ner_tui.predictors.gliner.words import BlockWords, Words
from ner_tui.predictors.onnx import pad_id, processors, read_tokenizer
from ner_tui.predictors.published import without_labels
from ner_tui.predictors.weights import Weights
from ner_tui.predictors.windows import LEFT_WORDS, Limits, Window, batches, plan

BATCH_PIECES = 1_024
"""Sub-tokens of a batch, prompts and padding included."""
PROMPT_SHARE = 2
"""A prompt takes one part in so many of a window at most; more labels are asked for in further passes."""


@dataclass(frozen=True, slots=True)
class LabelPass:
    """Labels that are asked for together."""

    first: int
    """Number of the first."""
    labels: int
    """How many there are."""
    prompt: tuple[int, ...]
    """The sub-tokens that stand before the text."""


class Gliner:
    """A loaded GLiNER model; labels are what it is asked for, so alone it suggests nothing."""

    def __init__(self, settings: Settings, threads: int | None = None) -> None:
        """Load a model.

        Args:
            settings: what its folder says of it.
            threads: batches that are read at a time, each by a processor; None: as many as this process may use.

        Raises:
            ModelError: a file is missing or damaged, or it is a kind of GLiNER that is not run.
        """
        self.settings = settings
        self._weights: Weights = settings.graph()
        tokenizer = read_tokenizer(settings.checkpoint)
        self.words = Words(settings, tokenizer)
        self.temperature = settings.checkpoint.temperature
        self.graph = Graph(settings, self._weights)
        self.pad_id = pad_id(settings.checkpoint, tokenizer)
        # What shares a batch is fixed before, so which thread reads it changes no result.
        self.pool = BatchThreads(threads or processors())
        self._info: ModelInfo | None = None

    @property
    def info(self) -> ModelInfo:
        """What it is. The first call hashes the weights."""
        if self._info is None:
            limits = self.settings
            longest = limits.width if self.graph.of_spans else decoding.LONGEST
            rule = (
                f"gliner-2: blocks {BLOCK_WORDS} words or a landmark, "
                f"windows {limits.words} words {limits.pieces} sub-tokens, "
                f"{LEFT_WORDS} words before, batches {BATCH_PIECES}, spans {longest} words, "
                f"temperature {self.temperature:g}"
            )
            scores = f"spans of {limits.width} words at most" if self.graph.of_spans else "spans word by word"
            remark = f"{limits.name}: a GLiNER, which scores {scores}; temperature {self.temperature:g}"
            self._info = ModelInfo(limits.name, self._weights.sha256(), self._weights.precision, (), rule, (remark,))
        return self._info

    def source(self, labels: Sequence[Label], label_map: LabelMap, context: Context, threshold: float) -> GlinerSource:
        """Return what suggests these labels; closing it closes the model.

        Args:
            labels: those that are asked for, in order.
            label_map: what becomes of their names.
            context: how much text around a sentence it reads.
            threshold: what a span has to score for ``ahead`` to give it.

        Raises:
            ModelError: no labels are given.
        """
        asked = [label for label in labels if label_map.target(label.name)]
        if not asked:
            raise ModelError(without_labels(self.settings.name))
        return GlinerSource(self, prompts_of(asked), label_map, context, threshold)

    def close(self) -> None:
        """Let go of the model; what was not read yet is not read any more."""
        self.graph.close()
        self.pool.close()


class GlinerSource:
    """A GLiNER that is asked for some labels."""

    unmapped = ()

    def __init__(
        self, model: Gliner, prompts: Sequence[Prompt], label_map: LabelMap, context: Context, threshold: float
    ) -> None:
        info, settings = model.info, model.settings
        self._model = model
        self._context: Context = context
        self._threshold = threshold
        self._names = [label_map.target(prompt.label) or prompt.label for prompt in prompts]
        self.labels = tuple(dict.fromkeys(self._names))
        """The labels it can suggest."""
        self._special = len(model.words.before) + len(model.words.after)
        self._passes = self._made(prompts)
        self._room = settings.pieces - self._special - max(len(each.prompt) for each in self._passes)
        asked = ", ".join(map(str, prompts))
        times = "" if len(self._passes) == 1 else f", in {len(self._passes)} passes"
        self.remarks = (f"{info.remarks[0]}, threshold {threshold:g}; it is asked for {asked}{times}",)
        """What a person should know of it before relying on it, a sentence each."""
        prompted = ";".join(f"{prompt.label}={prompt.text}" for prompt in prompts)
        self.run = PredictionRun(
            "model",
            f"{info.name} ({info.precision})",
            info.file_hash,
            f"{info.precision}; {info.window_rule}; {context}; {label_map}; {prompted}",
        )
        """What decides what it says."""

    def _made(self, prompts: Sequence[Prompt]) -> list[LabelPass]:
        """Return the passes that labels are asked for in."""
        words, settings = self._model.words, self._model.settings
        room = settings.pieces // PROMPT_SHARE
        # Behind a marker each; of one that is absurdly long the beginning.
        pieces = [(words.entity, *words.of_prompt(prompt.text))[: room - 1] for prompt in prompts]
        return [
            LabelPass(each.start, len(each), (*chain.from_iterable(pieces[each.start : each.stop]), words.separator))
            for each in passes(list(map(len, pieces)), room - 1)
        ]

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in ``SuggestionSource``."""
        from ner_tui.predictors.suggesting import in_parts

        return in_parts(block, self._read(block, LEAST), lambda _, found: found)

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        """As in ``TextSource``."""
        from ner_tui.predictors.suggesting import read_ahead

        return read_ahead(blocks, lambda block: self._read(block, self._threshold), lambda _, found: found)

    def close(self) -> None:
        """As in ``SuggestionSource``."""
        self._model.close()

    def _read(self, block: Sequence[Sentence], floor: float) -> Iterator[tuple[Suggestion, ...]]:
        """Return the suggestions for each sentence, as soon as the windows it needs have been read; begin at once."""
        limits = Limits(self._model.settings.words, self._room)
        words = self._model.words.of_block(block, limits.word_pieces)
        counts = [len(pieces) for pieces in words.pieces]
        windows = plan(words.sizes, counts, limits, self._context)
        before = list(accumulate(counts, initial=0))
        longest = max(len(each.prompt) for each in self._passes) + self._special
        cut = batches([before[window.end] - before[window.start] + longest for window in windows], BATCH_PIECES)
        found: list[list[decoding.Candidates]] = [[] for _ in windows]
        # Other readings of a place are the same, whatever is asked of the best.
        least = min(LEAST, floor)
        reads: list[Callable[[], None]] = [
            StartedBatch(
                self._model.pool.submit(partial(self._run, places, windows, words, least, found)), self.run.name
            )
            for places in cut
        ]

        def rows() -> Iterator[tuple[Suggestion, ...]]:
            ends = list(accumulate(words.sizes))
            for at in sentences_read(ends, windows, cut, reads):
                first = ends[at] - words.sizes[at]
                yield self._decoded(block[at], words, first, ends[at], windows, found, floor)

        return rows()

    def _run(
        self,
        places: Sequence[int],
        windows: Sequence[Window],
        words: BlockWords,
        least: float,
        found: list[list[decoding.Candidates]],
    ) -> None:
        """Read some windows, all passes, and note the candidates that are theirs and score ``least`` or more."""
        some = [windows[place] for place in places]
        lengths = [window.end - window.start for window in some]
        extract = decoding.of_spans if self._model.graph.of_spans else decoding.of_words
        for asked in self._passes:
            scores = self._scores(self._batch(asked, some, words))
            for row, (place, window) in enumerate(zip(places, some, strict=True)):
                each = extract(scores[row], lengths[row], least).moved(window.start, asked.first)
                # A span belongs to the window that has its middle for its own: there it is least at the edge.
                middle = (each.starts + each.ends) // 2
                found[place].append(each.where((middle >= window.own_start) & (middle < window.own_end)))

    def _batch(self, asked: LabelPass, some: Sequence[Window], words: BlockWords) -> WindowBatch:
        start = [*self._model.words.before, *asked.prompt]
        rows = [[piece for pieces in words.pieces[w.start : w.end] for piece in pieces] for w in some]
        shape = (len(some), max(map(len, rows)) + len(start) + len(self._model.words.after))
        ids = np.full(shape, self._model.pad_id, dtype=np.int64)
        mask, numbers = np.zeros((2, *shape), dtype=np.int64)
        for row, (pieces, window) in enumerate(zip(rows, some, strict=True)):
            whole = [*start, *pieces, *self._model.words.after]
            ids[row, : len(whole)] = whole
            mask[row, : len(whole)] = 1
            at = len(start)
            for number, each in enumerate(words.pieces[window.start : window.end], 1):
                if each:
                    numbers[row, at] = number
                at += len(each)
        return WindowBatch(ids, mask, numbers, [w.end - w.start for w in some], asked.labels)

    def _scores(self, batch: WindowBatch) -> FloatArray:
        logits = self._model.graph.forward(batch) / np.float32(self._model.temperature)
        # The exponent of a large negative number is no number, and its score is 0 all the same.
        with np.errstate(over="ignore"):
            scores: FloatArray = np.float32(1.0) / (np.float32(1.0) + np.exp(-logits))
        return scores

    def _decoded(
        self,
        sentence: Sentence,
        words: BlockWords,
        first: int,
        end: int,
        windows: Sequence[Window],
        found: Sequence[Sequence[decoding.Candidates]],
        floor: float,
    ) -> tuple[Suggestion, ...]:
        """Return a sentence's suggestions out of the candidates of the windows that own words of it."""
        own = [
            part
            for window, parts in zip(windows, found, strict=True)
            if window.own_start < end and first < window.own_end
            for part in parts
        ]
        joined = decoding.Candidates.joined(own)
        inside = joined.where((joined.starts >= first) & (joined.ends < end)).moved(-first, 0)
        if not len(inside) or not sentence.tokens:
            return ()
        snapped = decoding.on_tokens(inside, words.places[first:end], sentence)
        return decoding.suggestions(snapped, sentence, self._names, floor)
