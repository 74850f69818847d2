"""The running average of a model's weights, which is often better than the last of them."""

from __future__ import annotations

from typing import Any

import torch
from transformers import PreTrainedModel

AVERAGE_EVERY = 10
"""Steps between two samples of the running average of weights."""


class AveragedWeights:
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

    def give(self) -> bool:
        """Put the mean into the model; with no or one sample the weights stay, and it is False."""
        if self._count > 1:
            with torch.no_grad():
                for mean, weight in zip(self._mean, self._model.parameters(), strict=True):
                    weight.copy_(mean)
        return self._count > 1

    def state(self) -> dict[str, Any]:
        """Return what was taken so far."""
        return {"count": self._count, "mean": self._mean}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what was taken."""
        self._count, self._mean = state["count"], list(state["mean"])
