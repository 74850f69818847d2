"""Run an exported graph over dev sets and keep what the figures need: log-probabilities and gold, word by word.

Windows are those of prediction: consecutive sentences up to the largest size of the options,
messages one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import onnxruntime
import torch

from ner_tui.training.batches import Batch, Encoder, bucket
from ner_tui.training.data import IGNORED, Corpus, windows


@dataclass(frozen=True, slots=True)
class Scored:
    """The words of one set that have a target, in no particular order."""

    name: str
    logits: torch.Tensor
    """float32, (words, tags)."""
    admitted: torch.Tensor
    """Which tags are right for each word; bool, (words, tags)."""


def score_words(graph: Path, encoder: Encoder, corpus: Corpus, table: torch.Tensor, window_words: int) -> Scored:
    """Run a graph over a set.

    Args:
        graph: the ONNX file.
        encoder: how windows become sub-tokens.
        corpus: the set, its targets rows of the table.
        table: which tags each target admits; bool, (targets, tags).
        window_words: the largest window for documents.
    """
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    # A graph without a mask cannot be given padding.
    masked = any(given.name == "attention_mask" for given in session.get_inputs())
    size = 0 if corpus.source.kind == "messages" else window_words
    drawn = [window for document in corpus.documents for window in windows(document, repeat(size))]
    logits, rows = [], []
    for encoded in bucket(encoder.encode(drawn), pieces=1024 if masked else 0):
        batch = encoder.batch(encoded)
        seen = batch.targets != IGNORED
        logits.append(_run(session, batch)[seen])
        rows.append(batch.targets[seen])
    return Scored(corpus.source.path.stem, torch.cat(logits), table[torch.cat(rows)])


def _run(session: onnxruntime.InferenceSession, batch: Batch) -> torch.Tensor:
    given = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
    inputs = {each.name: given[each.name].numpy() for each in session.get_inputs()}
    return torch.from_numpy(session.run(["logits"], inputs)[0])


def accuracy(scored: Sequence[Scored]) -> float:
    """Give the share of words whose most probable tag is admitted."""
    right = [s.admitted.gather(1, s.logits.argmax(1, keepdim=True)).float() for s in scored]
    return float(torch.cat(right).mean())
