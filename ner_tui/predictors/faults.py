"""Failures of the libraries that read and run checkpoints, as one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ner_tui.errors import ModelError, NerTuiError

_NO_MEMORY = ("bad_alloc", "out of memory", "allocate memory", "allocate buffer")
"""Words of the libraries where there is no memory left."""


@contextmanager
def reported_as(what: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into ``ModelError("what: the library's reason")``.

    Checkpoints are files of strangers and the libraries that read them raise dozens of unrelated exceptions, the Rust
    ones even outside ``Exception``; none of them may end a session.
    """
    try:
        yield
    except (NerTuiError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise ModelError(f"{what}: {one_line(error)}") from error


def one_line(error: BaseException) -> str:
    """Return what a library says went wrong, as part of one sentence."""
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, MemoryError) or any(words in text.lower() for words in _NO_MEMORY):
        return "out of memory: close other programs, or take a smaller model"
    return text if len(text) <= 200 else f"{text[:200]}…"
