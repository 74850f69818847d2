"""The encoding of a file that nobody names, found from its bytes: for ``--encoding auto``.

What is UTF-8 to its end is that. Else ``charset-normalizer`` compares what the bytes would be in the encodings that
texts are met in; of those that give the same letters, or fit as well, the commonest is taken.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from ner_tui.errors import EncodingError
from ner_tui.formats.files.encodings import codec_of

_MET = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2",
    "iso8859_5", "iso8859_7", "iso8859_15", "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949", "mac_roman",
    "utf_16_le", "utf_16_be",
]  # fmt: skip
"""What is considered, the commonest first: code pages of DOS and the like fit nearly all short texts."""
_OF_TWO_BYTES = frozenset({"cp932", "euc_jp", "gb18030", "big5", "cp949"})
"""Those of them in which an accented letter and what follows it are one character, of a few accented words at times."""
_SAMPLE = 1 << 16
"""Bytes that are looked at."""
_NOT_ASCII = re.compile(rb"[\0\x80-\xff]")


def detect(name: str, chunks: Iterable[bytes]) -> str | None:
    """Return the codec of a file's bytes, None for what the byte order mark says, or UTF-8.

    Args:
        chunks: the bytes; no more of them are taken than needed.

    Raises:
        EncodingError: none fits.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, taking = b"", iter(chunks)
    for number, chunk in enumerate(taking):
        if not number and codec_of(chunk[:4], None)[0]:
            return None
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            break
        if b"\0" in chunk:
            break
        before = chunk[-_SAMPLE:]
    else:
        try:
            decoder.decode(b"", final=True)
            return None
        except UnicodeDecodeError:
            chunk = b""
    return _best(name, _sample(before + chunk + next(taking, b"")))


def _sample(raw: bytes) -> bytes:
    """Return bytes from the line on that holds the first which is not ASCII, whole lines of them."""
    found = _NOT_ASCII.search(raw)
    start = max(raw.rfind(b"\n", 0, found.start()), raw.rfind(b"\r", 0, found.start())) + 1 if found else 0
    # In UTF-16 a character may begin before any byte that shows it.
    start = 0 if raw.count(b"\0") else start
    sample = raw[start : start + _SAMPLE]
    end = sample.rfind(b"\n") + 1 if len(sample) == _SAMPLE and not raw.count(b"\0") else 0
    return sample[:end] if end else sample


def _best(name: str, sample: bytes) -> str:
    # Its import takes a fifth of a second, which only this needs.
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=_MET)
    found = matches.best()
    if found is None:
        raise EncodingError(f"{name} fits no encoding that is looked for: name it, such as --encoding cp1252")
    equal = [each for each in matches if (each.chaos, each.coherence) == (found.chaos, found.coherence)]
    fits = {charset for each in equal for charset in each.could_be_from_charset}
    # What East Asian bytes are in other alphabets is no text to the eye, and fits those as well.
    commonest = _MET[:1] if found.encoding in _OF_TWO_BYTES else _MET
    same = [each for each in commonest if each in fits]
    return codecs.lookup(same[0] if same else found.encoding).name
