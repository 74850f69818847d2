"""Files that no option gives an encoding: lists of patterns and of names, dumps, and what a model learns from."""

from __future__ import annotations

from ner_tui.errors import EncodingError
from ner_tui.formats.files.source import Source, open_source


def open_utf8(path: str, encoding: str | None = None) -> Source:
    """Read a file as ``open_source`` does; where that is no UTF-8, the next step is to save it so.

    Args:
        encoding: None: a byte order mark counts, and a NUL is refused.

    Raises:
        EncodingError: it is no UTF-8.
        InputError: it cannot be read.
    """
    try:
        return open_source(path, encoding)
    except EncodingError as error:
        if not error.fault:
            raise
        raise EncodingError(f"{error.fault}: save the file as UTF-8", line=error.line) from error
