"""What a parent and the child process that holds its model say to each other, and how it goes through a pipe.

A message is a pickled tuple behind its length in eight bytes. Both ends are this program: the child reads checkpoints
of strangers, but what it sends is its own.
"""

from __future__ import annotations

import pickle
import struct
from typing import IO

from ner_tui.predictors.base import Context, TrainedOn

Load = tuple[str, tuple[str, ...] | None, bool, TrainedOn | None]
"""The first message to the child: spec, model tags, whether pickled weights are allowed, what it was trained on."""
Request = tuple[int, str, object, Context]
"""To the child: number, ``predict`` or ``wordpieces``, the block or text, context; or ``stop`` with an older number."""
Answer = tuple[int, str, object]
"""From the child: the request's number (0 for loading), ``item``, ``end`` or ``error``, and the value or sentence."""

_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], message: object) -> None:
    """Write a message.

    Raises:
        OSError: the other side is gone.
    """
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read a message.

    Raises:
        EOFError: the other side is gone.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data
