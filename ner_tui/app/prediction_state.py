"""How far the prediction is, and what the person was asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ner_tui.session import BlockResult


class Phase(Enum):
    """How far the prediction is."""

    OFF = auto()
    """It was not started yet."""
    NONE = auto()
    """This session has no source of suggestions."""
    LOADING = auto()
    READY = auto()
    """The model is loaded and has predicted nothing yet."""
    RUNNING = auto()
    COMPLETE = auto()
    FAILED = auto()
    """It ended before its time and can be started again."""


class Offer(Enum):
    """Whether the person was asked: if the rest is to be predicted, because that takes long, or by which model."""

    NONE = auto()
    OPEN = auto()
    """The question is on the screen."""
    ANSWERED = auto()


@dataclass(frozen=True, slots=True)
class PredictionState:
    """What the model is doing."""

    phase: Phase = Phase.OFF
    model: str = ""
    """Its name, from ``READY`` on."""
    result: BlockResult | None = None
    """The last one, while it is running."""
    silent: bool = False
    """Whether it has not answered for so long that there is a notice."""
    unsaved: bool = False
    """Whether it failed because the disk did not take what it predicted."""
    lessons: int = 0
    """How many sentences it has learnt from."""

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to predict."""
        result = self.result
        return self.phase is Phase.COMPLETE or (result is not None and result.done_words >= result.total_words)
