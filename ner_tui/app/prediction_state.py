"""How far the prediction is, what the person was asked about it, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from ner_tui.session.learning_switch import FEWEST

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


def describe(
    state: PredictionState, *, everywhere: bool, left_alone: bool = False, remembers_only: bool = False
) -> str:
    """Return what the model is doing, for the top line; empty without a model.

    Args:
        everywhere: whether all is to be predicted.
        left_alone: whether the person has switched learning off.
        remembers_only: whether there are labels that are suggested for no other words than those that were given them.
    """
    result = state.result
    if state.complete:
        if left_alone:
            return "learning off"
        if remembers_only:
            return f"learns from {FEWEST} confirmed on"
        if state.lessons:
            return f"learned from {state.lessons:,} sentence{'s' if state.lessons > 1 else ''}"
        return "all predicted"
    if result is not None:
        share = 100 * result.done_words // max(result.total_words, 1)
        if not everywhere and left_alone:
            return f"{share}% predicted, learning off"
        if not everywhere and state.lessons:
            return f"{share}% predicted, learned from {state.lessons:,}"
        if not everywhere:
            return f"{share}% predicted, only near you"
        if not result.words_per_second:
            return f"{share}% predicted"
        left = clock_time(result.seconds_left)
        return f"{share}% predicted, {left} left, {result.words_per_second:,.0f} words/s"
    match state.phase:
        case Phase.LOADING:
            return "loading the model…"
        case Phase.READY:
            return f"{state.model} ready"
        case Phase.NONE:
            return "no model suggests"
        case Phase.FAILED:
            return "no model"
        case _:
            return ""


def clock_time(seconds: float) -> str:
    """Return a time as a clock counts it, such as ``1:05`` or ``2:00:00``."""
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def in_words(seconds: float) -> str:
    """Return a time of minutes or more as people say it."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= 10:
        return f"{hours + (minutes >= 30)} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
