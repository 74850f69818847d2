"""Readers: threads in which batches are read, and which hold up nobody's way out.

Those of ``concurrent.futures`` are waited for when the interpreter ends, for ever if a model hangs inside its runtime.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread, get_native_id
from time import monotonic

from ner_tui.errors import ModelError
from ner_tui.predictors.windows import Window

NAME = "predict"
"""What the names of the threads begin with."""
TIME_LIMIT = 1.0
"""Seconds that closing waits for the batches that are being read: a runtime should not be torn down at work."""
NICENESS = 10
"""How far these threads stand back, where threads can: who presses a key is not to wait for a batch."""
_Work = tuple["Future[None]", Callable[[], None]]


class BatchThreads:
    """A few threads that do one thing after the other."""

    def __init__(self, threads: int) -> None:
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._closed = False
        self._changing = Lock()
        self._threads = [Thread(target=self._work, name=f"{NAME}-{at}", daemon=True) for at in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], None]) -> Future[None]:
        """Have something done in turn; the future tells when it is, and what was raised."""
        future: Future[None] = Future()
        with self._changing:
            if self._closed:
                future.cancel()
            else:
                self._waiting.put((future, work))
        return future

    def close(self) -> None:
        """Do nothing that has not been begun; futures of it are cancelled."""
        with self._changing:
            self._closed = True
        while not self._waiting.empty():
            item = self._waiting.get()
            if item is not None:
                item[0].cancel()
        for _ in self._threads:
            self._waiting.put(None)
        deadline = monotonic() + TIME_LIMIT
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))

    def _work(self) -> None:
        if sys.platform == "linux":
            # Elsewhere the number of a thread may be that of another process.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)
        while (item := self._waiting.get()) is not None:
            future, work = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(None)
            # Neither result nor error is kept alive until there is more to do.
            del item, future, work


class StartedBatch:
    """A batch that is read in the background; calling it waits until it has been."""

    def __init__(self, future: Future[None], name: str) -> None:
        self._future = future
        self._name = name

    def __call__(self) -> None:
        """Wait until it has been read.

        Raises:
            ModelError: reading it failed, or the model was closed before.
        """
        try:
            self._future.result()
        except CancelledError as error:
            raise ModelError(f"{self._name}: the model was closed") from error

    def cancel(self) -> None:
        """Leave it, unless it has begun."""
        self._future.cancel()


def sentences_read(
    ends: Sequence[int],
    windows: Sequence[Window],
    batches: Sequence[Sequence[int]],
    reads: Sequence[Callable[[], None]],
) -> Iterator[int]:
    """Have batches read, and yield the number of each sentence, in order, as soon as all of its words have been.

    Those that were started and are not wanted any more are cancelled.

    Args:
        ends: the number of words up to and with each sentence.
        windows: they own the words in order.
        batches: the windows of each batch, by number.
        reads: reads a batch, or waits until it has been.

    Raises:
        ModelError: reading failed.
    """
    waiting = set(range(len(windows)))
    sentence = 0
    try:
        for batch, read in zip(batches, reads, strict=True):
            read()
            waiting.difference_update(batch)
            # Up to the first window that was not read, all is there.
            ready = windows[min(waiting)].own_start if waiting else ends[-1]
            while sentence < len(ends) and ends[sentence] <= ready:
                yield sentence
                sentence += 1
        # Nothing was to be read of those without words.
        yield from range(sentence, len(ends))
    finally:
        for read in reads:
            if isinstance(read, StartedBatch):
                read.cancel()
