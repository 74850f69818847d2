"""A model in a child process: the app's way to torch.

Importing torch in a thread stalls the screen, and a model that is killed or hangs must not take the session along. The
child is this program again; it starts in a session of its own, so Ctrl-C at the terminal reaches the app alone.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import IO, cast

from ner_tui.domain.document import Sentence
from ner_tui.errors import ModelError
from ner_tui.predictors.base import Context, ModelInfo, Piece, TrainedOn, WordProbabilities
from ner_tui.predictors.pipe_messages import Answer, Load, Request, receive, send

LOAD_SECONDS = 1_800.0
"""How long loading may take: the first use of a hub name downloads a gigabyte or more."""
ANSWER_SECONDS = 300.0
"""How long the model may be silent while it predicts; a batch on BERT-large takes some seconds."""
_START = "import sys; sys.path.append(sys.argv[1]); from ner_tui.predictors.child import main; main()"


class ChildPredictor:
    """A predictor whose model lives in a child process."""

    def __init__(
        self,
        spec: str,
        *,
        model_tags: Sequence[str] | None = None,
        allow_pickle: bool = False,
        trained_on: TrainedOn | None = None,
        load_seconds: float = LOAD_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        """Start the child and wait until it has loaded the model.

        Raises:
            ModelError: it cannot be loaded, or the child died or took too long.
        """
        self._name = spec
        self._answer_seconds = answer_seconds
        self._numbers = count(1)
        self._writing = threading.Lock()
        self._boxes: dict[int, SimpleQueue[Answer | None]] = {0: SimpleQueue()}
        self._heard = monotonic()
        self._gone = False
        self._closed = False
        # -P: a file named torch.py in the folder where the person works must not be imported.
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # A child that hangs with Python's lock held does not notice that its parent is gone.
        atexit.register(self._process.kill)
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._send((spec, None if model_tags is None else tuple(model_tags), allow_pickle, trained_on))
            self._info = cast(ModelInfo, self._next(0, load_seconds)[1])
        except BaseException:
            self.close()
            raise

    @property
    def info(self) -> ModelInfo:
        """What it is."""
        return self._info

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """Yield one value for each sentence of ``block`` in order; leaving off early lets the child stop too.

        Raises:
            ModelError: the model failed, or the child died or was silent for too long.
        """
        for item in self._ask("predict", list(block), context):
            yield cast(WordProbabilities, item)

    def wordpieces(self, text: str) -> Iterator[Piece]:
        """Yield every sub-token of ``text``, the special ones once.

        Raises:
            ModelError: see ``predict``.
        """
        for items in self._ask("wordpieces", text, "document"):
            yield from cast("list[Piece]", items)

    def close(self) -> None:
        """Kill the child; whoever waits for an answer gets a ``ModelError``."""
        self._closed = True
        self._process.kill()
        self._process.wait()
        atexit.unregister(self._process.kill)
        stream = self._process.stdin
        if stream:
            # What was not written yet cannot be written any more.
            with suppress(OSError):
                stream.close()

    def _ask(self, kind: str, subject: object, context: Context) -> Iterator[object]:
        number = next(self._numbers)
        self._boxes[number] = SimpleQueue()
        answer = "item"
        try:
            self._send((number, kind, subject, context))
            while True:
                answer, value = self._next(number, self._answer_seconds)
                if answer == "end":
                    return
                yield value
        finally:
            del self._boxes[number]
            if answer == "item":
                with suppress(ModelError):
                    self._send((number, "stop", None, context))

    def _send(self, message: Request | Load) -> None:
        try:
            with self._writing:
                send(cast("IO[bytes]", self._process.stdin), message)
        except (OSError, ValueError) as error:
            raise ModelError(self._epitaph()) from error

    def _next(self, number: int, seconds: float) -> tuple[str, object]:
        """Wait for the next answer to a request, as long as the child says anything at all now and then."""
        box = self._boxes[number]
        asked = monotonic()
        while True:
            if self._gone and box.empty():
                raise ModelError(self._epitaph())
            left = max(asked, self._heard) + seconds - monotonic()
            if left <= 0:
                self.close()
                raise ModelError(f"{self._name}: the model was silent for {seconds:.0f} s, so its process was ended")
            try:
                message = box.get(timeout=left)
            except Empty:
                continue
            if message is None:
                continue
            if message[1] == "error":
                raise ModelError(str(message[2]))
            return message[1], message[2]

    def _listen(self) -> None:
        """Put answers into the boxes of those who wait for them, until the child is gone."""
        stream = cast("IO[bytes]", self._process.stdout)
        try:
            # Whatever cannot be read is the end of it: nobody may wait for an answer that does not come.
            with suppress(Exception):
                while True:
                    message = cast(Answer, receive(stream))
                    self._heard = monotonic()
                    box = self._boxes.get(message[0])
                    if box:
                        box.put(message)
        finally:
            self._gone = True
            for box in list(self._boxes.values()):
                box.put(None)

    def _epitaph(self) -> str:
        if self._closed:
            return f"{self._name}: the model was closed"
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        if code < 0:
            return f"{self._name}: the model's process was killed (signal {-code}), perhaps for want of memory"
        return f"{self._name}: the model's process ended (exit code {code})"
