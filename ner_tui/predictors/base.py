"""What a suggestion source is, sentences in and suggestions out; and a predictor, which says more of every word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32]
    StateArray = NDArray[np.float16]
    BoolArray = NDArray[np.bool_]

SuggestedPart = tuple[Sequence[Sentence], list[tuple[Suggestion, ...]]]
"""Some consecutive sentences, and for each its suggestions, ascending."""
Context = Literal["document", "sentence"]
"""``document``: windows of consecutive sentences; ``sentence``: each sentence on its own (tweets, list items)."""

TrainedOn = Literal["words", "text"]
"""What a model with a byte-level or sentence-piece vocabulary saw in training: words split before, or running text."""
TRAINED_ON: tuple[TrainedOn, ...] = ("words", "text")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a project records of the model behind a prediction."""

    name: str
    """``bundled-4``, the folder as given, or the hub name."""
    file_hash: str
    """SHA-256 of the weights file, hexadecimal."""
    precision: str
    """``int8``, ``fp32``, ``bf16``, …"""
    tags: tuple[str, ...]
    """The model's tags in the order of its ids, such as ``O``, ``B-PER``."""
    window_rule: str
    """How the text was cut, in words that change when the rule does."""
    remarks: tuple[str, ...] = ()
    """What a person should know of it before relying on it, a sentence each."""


@dataclass(frozen=True, slots=True)
class WordProbabilities:
    """What a model says of the words of one sentence."""

    probabilities: FloatArray
    """words x tags, float32; every row sums to 1."""
    unseen: BoolArray
    """words; True where the model got no sub-token for the word, whose row then says ``O``."""
    states: StateArray | None = None
    """words x channels, float16: the hidden states of some layers, side by side, at the sub-token that speaks for the
    word; zeros for an unseen one. None where they were not asked for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One sub-token of the original recipe's listing."""

    text: str
    """As the vocabulary spells it, such as ``##ing`` or ``[CLS]``."""
    tag: str
    """The tag with the largest logit."""
    score: float
    """Its softmax probability, 0 to 1."""


class SuggestionSource(Protocol):
    """Who suggests: a model, a list of terms, whatever reads sentences and has something to say of them."""

    @property
    def run(self) -> PredictionRun:
        """What decides what it says; two sources of a project differ in ``run.source``."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can suggest."""
        ...

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Those of its own labels that the project does not have and nobody has named otherwise."""
        ...

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """Yield what it says of a block, as ``domain.blocks`` cuts it, in parts that together are the block.

        A suggestion lies inside one sentence, on whole tokens, and those of one source share no character. Their
        ``run`` and ``also`` are set by whoever stores them. A source that has no probabilities gives a score of 1 and
        a margin of 1 to what it is sure of.

        Raises:
            ModelError: it failed.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds; from another thread, end what it is at."""
        ...


class TextSource(SuggestionSource, Protocol):
    """A suggestion source that is a model, and labels texts without a project too."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of it before relying on it, a sentence each."""
        ...

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        """Yield each block with what is likely enough to be suggested, in order, while the next ones are being read.

        Raises:
            ModelError: it failed.
        """
        ...


@runtime_checkable
class PromptedModel(Protocol):
    """A loaded model that finds the labels it is asked for by name, such as a GLiNER; it has none of its own."""

    @property
    def info(self) -> ModelInfo:
        """What it is; it has no tags."""
        ...

    def source(self, labels: Sequence[Label], label_map: LabelMap, context: Context, threshold: float) -> TextSource:
        """Return what suggests these labels; closing it closes the model.

        Args:
            labels: those that are asked for, in order; what stands for each is its description or its name.
            label_map: what becomes of their names.
            context: how much text around a sentence it reads.
            threshold: what a span has to score for ``ahead`` to give it, 0 to 1.

        Raises:
            ModelError: no labels are given.
        """
        ...

    def close(self) -> None:
        """Let go of what the model holds."""
        ...


class Predictor(Protocol):
    """A loaded token-classification model; ``suggesting.ModelSource`` makes a suggestion source of it."""

    @property
    def info(self) -> ModelInfo:
        """What it is."""
        ...

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """Yield one value for each sentence of ``block`` in order; windows never reach outside the block.

        Raises:
            ModelError: the model failed.
        """
        ...

    def wordpieces(self, text: str) -> Iterator[Piece]:
        """Yield every sub-token of ``text``, the special ones once, as the original recipe lists them."""
        ...

    def close(self) -> None:
        """Let go of what the model holds, a child process included."""
        ...


@runtime_checkable
class StatePredictor(Predictor, Protocol):
    """A predictor that can also give the hidden states of its encoder, which a learner learns from."""

    @property
    def channels(self) -> int:
        """How many channels the states of a word have; 0: the checkpoint gives none."""
        ...

    def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """As ``predict``, the same probabilities, with the states of the words.

        Raises:
            ModelError: the model failed.
        """
        ...
