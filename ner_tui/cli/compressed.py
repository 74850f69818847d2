"""Standard input and output that are compressed, for ``--compression``: files tell it by their names."""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from ner_tui.errors import InputError
from ner_tui.formats.files.compression import decompressed, text_into
from ner_tui.formats.files.inputs import STDIN


@contextmanager
def compressed_streams(arguments: Namespace) -> Iterator[None]:
    """Have standard input decompressed while the block runs, and compressed what ``-o -`` writes.

    Raises:
        InputError: the output is a terminal.
    """
    compression = arguments.compression
    before = sys.stdin, sys.stdout
    sys.stdin = io.TextIOWrapper(decompressed(before[0].buffer, compression, "stdin"))
    try:
        if getattr(arguments, "out", None) != STDIN:
            yield
            return
        if before[1].isatty():
            raise InputError(f"a terminal shows nothing of {compression}: name a file with -o, or leave --compression")
        with text_into(before[1].buffer, compression, "utf-8") as out:
            sys.stdout = out
            yield
        before[1].flush()
    finally:
        sys.stdin.detach()
        sys.stdin, sys.stdout = before
