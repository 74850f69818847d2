"""A run that can be interrupted: its state on disk every few minutes, written whole or not at all, the last two kept.

The state is weights, optimiser, averages, the best weights so far and the random state of dropout. Windows and batches
are not in it: they are drawn anew from the seed, the same ones.
"""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from time import monotonic
from typing import Any

import torch

from ner_tui.errors import InputError
from ner_tui.formats.files.atomic import in_place_of

EVERY = 300.0
"""Seconds between two states on disk."""
KEPT = 2
"""States that are kept: if the last cannot be read, the one before can."""


class Keeper:
    """The states of one run in a folder of their own."""

    def __init__(self, folder: Path, key: str, every: float = EVERY) -> None:
        """
        Args:
            folder: it is made when there is something to keep.
            key: tells this run from others: a state of another is not gone on from.
            every: seconds between two states.
        """
        self._folder = folder
        self._key = key
        self._every = every
        self._since = monotonic()

    def last(self) -> dict[str, Any] | None:
        """Return the last state that can be read, if there is one.

        Raises:
            InputError: the states are those of another run.
        """
        for path in reversed(self._states()):
            try:
                state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
                continue
            if state.get("key") != self._key:
                raise InputError(
                    f"{self._folder}: holds an unfinished run of another recipe, base or data; "
                    "delete that folder to begin anew"
                )
            return state
        return None

    def is_due(self) -> bool:
        """Whether it is time for a state."""
        return monotonic() - self._since >= self._every

    def keep(self, step: int, state: dict[str, Any]) -> None:
        """Write the state after a step; older ones than the last two go.

        Raises:
            InputError: the folder cannot be written.
        """
        path = self._folder / f"step-{step:07}.pt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with in_place_of(path) as stream:
                torch.save(state | {"key": self._key}, stream)
            for old in self._states()[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from error
        self._since = monotonic()

    def forget(self) -> None:
        """Delete the states: the run is done."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _states(self) -> list[Path]:
        # A link or a pipe of that name is none of ours, and would be followed or waited for.
        return sorted(path for path in self._folder.glob("step-*.pt") if path.is_file() and not path.is_symlink())
