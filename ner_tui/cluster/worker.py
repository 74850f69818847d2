"""What a worker process does: one model, one part after the other, and an end where it is stuck."""

from __future__ import annotations

import json
import os
import pickle
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ner_tui import __version__
from ner_tui.api.labelling import ModelOptions, open_labeller
from ner_tui.errors import NerTuiError
from ner_tui.session.parts.doing import PartWorker
from ner_tui.session.parts.marks import PartJob

STUCK_AFTER = 600.0
"""Seconds without a sentence done after which a worker ends itself: what it is at is then tried again, or given up."""


class Worker:
    """Labels parts; the engine makes one in each of its processes."""

    def __init__(self, options: ModelOptions, folder: str, version: str, stuck_after: float = STUCK_AFTER) -> None:
        """Prepare; the model is loaded with the first part.

        Args:
            folder: the one that the command was given in, which relative paths begin at, where this machine has it.
            version: of the program that gives the parts.
        """
        if os.path.isdir(folder):  # noqa: PTH112
            os.chdir(folder)
        self._version = version
        self._stuck_after = stuck_after
        self._alive: float | None = None
        """When something was done last; None: nothing is to be done."""
        self._parts = PartWorker(lambda: open_labeller(options, lambda sentence: None), self._note_alive)
        threading.Thread(target=self._watch, daemon=True).start()

    def __call__(self, rows: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """Do the parts of some rows, which are pickled; return what became of them."""
        done: list[tuple[int, str, bool, str]] = []
        for raw in rows["job"]:
            job: PartJob = pickle.loads(raw)
            self._note_alive()
            try:
                if self._version != __version__:
                    told = f"a worker has ner-tui {__version__}, and the command {self._version}: install one version"
                    done.append((job.number, "", False, told))
                    continue
                mark, here = self._parts.do(job)
                done.append((job.number, json.dumps(asdict(mark)), here, ""))
            except NerTuiError as error:
                done.append((job.number, "", False, str(error)))
            except OSError as error:
                done.append((job.number, "", False, f"{job.text}: {error}"))
            finally:
                self._alive = None
        names = ("number", "mark", "here", "error")
        return {name: [each[at] for each in done] for at, name in enumerate(names)}

    def _note_alive(self) -> None:
        self._alive = time.monotonic()

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self._stuck_after / 4))
            alive = self._alive
            if alive is not None and time.monotonic() - alive > self._stuck_after:
                # Nothing else ends a call that is in a library.
                os._exit(75)


def row(job: PartJob) -> dict[str, bytes]:
    """Return a part as what flows through the engine; of its file's other parts, only that there are some."""
    near = tuple(dict.fromkeys((job.file.parts[0], job.part, job.file.parts[-1])))
    return {"job": pickle.dumps(replace(job, file=replace(job.file, parts=near)))}
