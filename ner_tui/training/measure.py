"""Run a model, or its exported graph, over dev sets: spans found, log-probabilities and gold, word by word.

Windows are those of prediction: consecutive sentences up to the largest size of the options,
messages one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import onnxruntime
import torch

from ner_tui.domain.evaluation.scoring import ScoreFigures, figures
from ner_tui.domain.evaluation.strict import strict_decode
from ner_tui.domain.schemes import TagSpan
from ner_tui.training.batches import Batch, WindowEncoder, bucket
from ner_tui.training.data import IGNORED, Corpus, TrainingSentence, windows


@dataclass(frozen=True, slots=True)
class Scored:
    """The words of one set that have a target, in no particular order."""

    name: str
    logits: torch.Tensor
    """float32, (words, tags)."""
    admitted: torch.Tensor
    """Which tags are right for each word; bool, (words, tags)."""
    spans: ScoreFigures
    """Of exact spans."""


Forward = Callable[[Batch], torch.Tensor]
"""Runs a model: logits of (windows, sub-tokens, tags)."""
PIECES = 1024
"""Sub-tokens of a batch, padding included, for whatever takes a mask."""


class SpanCount:
    """Counts exact spans of a set, each word with its likeliest tag, as seqeval has it in strict IOB2."""

    def __init__(self, corpus: Corpus, tags: Sequence[str]) -> None:
        """
        Args:
            corpus: the set; labels that it does not annotate are left out of what is found.
            tags: the model's tags in order.
        """
        self._corpus = corpus
        self._tags = tags
        self._correct = self._predicted = self._support = 0

    def add(self, logits: torch.Tensor, batch: Batch) -> None:
        """Count what is found in a batch; logits are (windows, sub-tokens, tags)."""
        tags = self._tags
        for found, targets in zip(logits.argmax(-1), batch.targets, strict=True):
            seen = targets != IGNORED
            gold = _spans([tags[row] if row < len(tags) else "O" for row in targets[seen].tolist()], self._corpus)
            ours = _spans([tags[row] for row in found[seen].tolist()], self._corpus)
            self._correct += len(gold & ours)
            self._predicted += len(ours)
            self._support += len(gold)

    @property
    def figures(self) -> ScoreFigures:
        """Precision, recall and F1, 0 to 1."""
        return figures(self._correct, self._predicted, self._support)


def span_figures(
    forward: Forward, encoder: WindowEncoder, corpus: Corpus, tags: Sequence[str], window_words: int
) -> ScoreFigures:
    """Return precision, recall and F1 of exact spans (see `SpanCount`).

    Args:
        forward: runs the model.
        encoder: how windows become sub-tokens.
        corpus: the set.
        tags: the model's tags in order.
        window_words: the largest window for documents.
    """
    count = SpanCount(corpus, tags)
    pieces = 0 if encoder.sees_padding else PIECES
    for batch in (encoder.batch(each) for each in bucket(encoder.encode(_drawn(corpus, window_words)), pieces)):
        count.add(forward(batch), batch)
    return count.figures


def _spans(tags: Sequence[str], corpus: Corpus) -> set[TagSpan]:
    annotated = corpus.source.annotated
    return {span for span in strict_decode(tags, "iob2") if annotated is None or span.label in annotated}


def _drawn(corpus: Corpus, window_words: int) -> list[TrainingSentence]:
    size = 0 if corpus.source.kind == "messages" else window_words
    return [window for document in corpus.documents for window in windows(document, repeat(size))]


class GraphForward:
    """Runs an ONNX graph as a model is run."""

    def __init__(self, graph: Path) -> None:
        self._session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
        self._inputs = [given.name for given in self._session.get_inputs()]
        self.takes_padding = "attention_mask" in self._inputs
        """A graph without a mask cannot be given any."""

    def __call__(self, batch: Batch) -> torch.Tensor:
        """Return the logits of a batch."""
        given = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
        return torch.from_numpy(self._session.run(["logits"], {name: given[name].numpy() for name in self._inputs})[0])


def score_words(
    forward: Forward,
    encoder: WindowEncoder,
    corpus: Corpus,
    table: torch.Tensor,
    tags: Sequence[str],
    window_words: int,
) -> Scored:
    """Run a model or a graph over a set.

    Args:
        forward: runs it.
        encoder: how windows become sub-tokens.
        corpus: the set, its targets rows of the table.
        table: which tags each target admits; bool, (targets, tags).
        tags: the model's tags in order.
        window_words: the largest window for documents.
    """
    alone = encoder.sees_padding or not getattr(forward, "takes_padding", True)
    logits, rows, count = [], [], SpanCount(corpus, tags)
    for encoded in bucket(encoder.encode(_drawn(corpus, window_words)), pieces=0 if alone else PIECES):
        batch = encoder.batch(encoded)
        found = forward(batch)
        count.add(found, batch)
        seen = batch.targets != IGNORED
        logits.append(found[seen])
        rows.append(batch.targets[seen])
    return Scored(corpus.source.path.stem, torch.cat(logits), table[torch.cat(rows)], count.figures)


def accuracy(scored: Sequence[Scored]) -> float:
    """Give the share of words whose most probable tag is admitted."""
    right = [s.admitted.gather(1, s.logits.argmax(1, keepdim=True)).float() for s in scored]
    return float(torch.cat(right).mean())
