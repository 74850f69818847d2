"""The beginning of a file, to be shown while the rest is read."""

from __future__ import annotations

import codecs

from ner_tui.errors import InputError
from ner_tui.formats.files.compression import open_bytes
from ner_tui.formats.files.encodings import codec_of, decode
from ner_tui.formats.files.line_ends import newline_of, unified
from ner_tui.formats.files.source import Source, named_encoding


def beginning(path: str, encoding: str | None, size: int) -> Source:
    """Read the first ``size`` bytes of a file, or rather the whole lines of them, to show them while it is read.

    Of a line that is longer it is what they hold of it.

    Raises:
        InputError: as ``open_source``, as far as these bytes tell.
    """
    try:
        with open_bytes(path) as file:
            raw = file.read(size + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    wanted = named_encoding(path, encoding, [raw])
    text, used, had_bom = decode(path, raw if len(raw) <= size else _whole(raw[:size], wanted), wanted)
    newline = newline_of(text)
    return Source(path, "", unified(text, newline), used, had_bom, newline)


def _whole(raw: bytes, encoding: str | None) -> bytes:
    """Return the whole lines that bytes begin with, or the whole characters if they hold no line end."""
    if lines := max(raw.rfind(b"\n"), raw.rfind(b"\r") if b"\n" not in raw else -1) + 1:
        return raw[:lines]
    decoder = codecs.getincrementaldecoder(codec_of(raw[:4], encoding)[1])("ignore")
    decoder.decode(raw)
    return raw[: len(raw) - len(decoder.getstate()[0])]
