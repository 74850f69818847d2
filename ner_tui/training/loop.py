"""The training loop: batches in, better weights in the model; nothing is read or written here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from random import Random
from time import monotonic

import torch
from transformers import PreTrainedModel

from ner_tui.training.base import takes_token_types
from ner_tui.training.batches import Batch, Encoder, bucket
from ner_tui.training.data import IGNORED, Corpus, epoch_windows
from ner_tui.training.recipe import Options

AVERAGE_EVERY = 10
"""Steps between two samples of the running average of weights."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; reported after every step."""

    epoch: int
    """From 1."""
    step: int
    steps: int
    """Of the whole run."""
    loss: float
    """Of this step."""
    seconds: float
    """Since the run began."""


def fit(
    model: PreTrainedModel,
    encoder: Encoder,
    corpora: Sequence[Corpus],
    table: torch.Tensor,
    options: Options,
    progress: Callable[[Progress], None] = lambda _: None,
    after_epoch: Callable[[int], None] = lambda _: None,
) -> None:
    """Fine-tune a token-classification model in place.

    Args:
        model: gives logits of shape (windows, sub-tokens, tags).
        encoder: how windows become sub-tokens.
        corpora: the sets to train on.
        table: which tags each target admits; bool, (targets, tags).
        options: the settings; `options.seed` fixes windows, batches and dropout.
        progress: called after each step.
        after_epoch: called with the epoch's number while the model holds its weights.
    """
    torch.manual_seed(options.seed)
    random = Random(options.seed)
    epochs = [_epoch(corpora, encoder, options, random) for _ in range(options.epochs)]
    steps = sum(len(batches) for batches in epochs)
    optimizer = torch.optim.AdamW(_groups(model, options.weight_decay), lr=options.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps, options.warm_up))
    average = _Average(model, first=steps - round(steps * options.average_last))
    began = monotonic()
    step = 0
    model.train()
    for epoch, batches in enumerate(epochs, 1):
        for batch in batches:
            step += 1
            with _autocast(options.bf16):
                logits = forward(model, batch)
            loss = partial_loss(logits, batch.targets, table)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), options.clip_norm)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            average.take(step)
            progress(Progress(epoch, step, steps, loss.item(), monotonic() - began))
        after_epoch(epoch)
    average.give()
    model.eval()  # type: ignore[no-untyped-call]


def forward(model: PreTrainedModel, batch: Batch) -> torch.Tensor:
    """Run the model on a batch: logits (windows, sub-tokens, tags)."""
    inputs = {"input_ids": batch.ids, "attention_mask": batch.mask}
    if takes_token_types(model):
        inputs["token_type_ids"] = batch.types
    logits: torch.Tensor = model(**inputs).logits
    return logits


def partial_loss(logits: torch.Tensor, targets: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """Give the mean over words of -log of the probability of the tags each target admits.

    Args:
        logits: (windows, sub-tokens, tags).
        targets: rows of the table or `IGNORED`; (windows, sub-tokens).
        table: bool, (targets, tags). A row that admits one tag gives plain cross-entropy.
    """
    seen = targets != IGNORED
    logs = torch.log_softmax(logits[seen].float(), dim=-1)
    admitted = logs.masked_fill(~table[targets[seen]], float("-inf"))
    return -torch.logsumexp(admitted, dim=-1).mean()


def _epoch(corpora: Sequence[Corpus], encoder: Encoder, options: Options, random: Random) -> list[Batch]:
    encoded = encoder.encode(epoch_windows(corpora, options, random))
    return [encoder.batch(windows) for windows in bucket(encoded, options.batch_pieces, random)]


def _rate(step: int, steps: int, warm_up: float) -> float:
    """Rise linearly from 0 to 1 over the warm-up, then fall linearly to 0 at the end."""
    rise = max(1, round(steps * warm_up))
    return (step + 1) / rise if step < rise else max(0.0, (steps - step) / max(1, steps - rise))


def _groups(model: PreTrainedModel, weight_decay: float) -> list[dict[str, object]]:
    """Decay matrices; leave biases and norms alone, which only shift and scale."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _autocast(bf16: bool) -> AbstractContextManager[object]:
    return torch.autocast("cpu", dtype=torch.bfloat16) if bf16 else nullcontext()


class _Average:
    """The mean of the weights at every `AVERAGE_EVERY`-th step from `first` on."""

    def __init__(self, model: PreTrainedModel, first: int) -> None:
        self._model = model
        self._first = first
        self._mean: list[torch.Tensor] = []
        self._count = 0

    def take(self, step: int) -> None:
        """Add the weights as they are after this step, if it is one of the sampled ones."""
        if step < self._first or (step - self._first) % AVERAGE_EVERY:
            return
        self._count += 1
        with torch.no_grad():
            if not self._mean:
                self._mean = [p.detach().clone() for p in self._model.parameters()]
            for mean, weight in zip(self._mean, self._model.parameters(), strict=True):
                mean.lerp_(weight, 1 / self._count)

    def give(self) -> None:
        """Put the mean into the model; with no or one sample the weights stay."""
        if self._count > 1:
            with torch.no_grad():
                for mean, weight in zip(self._mean, self._model.parameters(), strict=True):
                    weight.copy_(mean)
