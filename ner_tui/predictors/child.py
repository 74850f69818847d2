"""The child process that holds a model: loads it, then answers requests until its parent is gone.

Requests come through standard input and answers go through standard output, which nothing else may use: whatever
libraries print goes nowhere.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from typing import IO, cast

from ner_tui.domain.document import Sentence
from ner_tui.errors import NerTuiError
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.faults import one_line
from ner_tui.predictors.pipe_messages import Load, Request, receive, send


def main() -> None:
    """Serve one parent."""
    requests, answers = _private_streams()
    spec, model_tags, allow_pickle, trained_on = cast(Load, receive(requests))
    inbox = _Inbox(requests)
    try:
        predictor = load(spec, model_tags=model_tags, allow_pickle=allow_pickle, trained_on=trained_on)
        send(answers, (0, "end", predictor.info))
    except BaseException as error:
        send(answers, (0, "error", _sentence(error)))
        return
    while True:
        _answer(predictor, inbox, answers)


class _Inbox:
    """Requests that wait, and the numbers of those that nobody waits for any more."""

    def __init__(self, requests: IO[bytes]) -> None:
        self.waiting: SimpleQueue[Request] = SimpleQueue()
        self.stopped: set[int] = set()
        # Reading in a thread notices at once that the parent is gone, even while the model works.
        threading.Thread(target=self._listen, args=(requests,), daemon=True).start()

    def _listen(self, requests: IO[bytes]) -> None:
        try:
            while True:
                request = cast(Request, receive(requests))
                if request[1] == "stop":
                    self.stopped.add(request[0])
                else:
                    self.waiting.put(request)
        except (EOFError, OSError):
            os._exit(0)


def _answer(predictor: Predictor, inbox: _Inbox, answers: IO[bytes]) -> None:
    """Answer the next request, unless or until it is stopped."""
    request = inbox.waiting.get()
    number = request[0]
    try:
        for item in _items(predictor, request):
            if number in inbox.stopped:
                inbox.stopped.discard(number)
                return
            send(answers, (number, "item", item))
        send(answers, (number, "end", None))
    except BrokenPipeError:
        os._exit(0)
    except BaseException as error:
        send(answers, (number, "error", _sentence(error)))


def _items(predictor: Predictor, request: Request) -> Iterator[object]:
    _, kind, subject, context = request
    if kind == "predict":
        return predictor.predict(cast("Sequence[Sentence]", subject), context)
    # All in one message: a message for each sub-token would be mostly overhead.
    return iter([list(predictor.wordpieces(cast(str, subject)))])


def _sentence(error: BaseException) -> str:
    return str(error) if isinstance(error, NerTuiError) else f"the model failed: {one_line(error)}"


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Take standard input and output for messages and leave the null device in their place."""
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return streams
