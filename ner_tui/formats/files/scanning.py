"""A large file read once, a piece at a time, to know that it can be read, and how."""

from __future__ import annotations

import codecs

from ner_tui.formats.files.encodings import bare, controls_read_as, line_ends, require_text, undecodable
from ner_tui.formats.files.line_ends import LineEnds


class Scan:
    """What is known of a file after the pieces that were taken."""

    def __init__(self, path: str, codec: str, asked: str | None, mark: bytes) -> None:
        """Prepare to take what follows the byte order mark.

        Args:
            codec: to decode with.
            asked: the one that a person named.
            mark: the byte order mark; empty: there is none.
        """
        import hashlib

        self._path, self._codec, self._asked = path, codec, asked
        self._digest = hashlib.sha256(mark)
        self._decoder = codecs.getincrementaldecoder(codec)()
        self._lines = 0
        self.size = len(mark)
        """In bytes."""
        self.ends = LineEnds()
        self.blank = True
        self.doubt = ""
        """See ``controls_read_as``."""

    @property
    def sha256(self) -> str:
        """Of its bytes, hexadecimal."""
        return self._digest.hexdigest()

    def take(self, raw: bytes) -> None:
        """Take the next piece; an empty one is the end.

        Raises:
            EncodingError: it is not text in that encoding.
        """
        self._digest.update(raw)
        require_text(self._path, raw, self._codec, self._asked, self.size)
        waiting = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            at = error.start - waiting
            line = self._lines + line_ends(raw[: max(at, 0)]) + 1
            raise undecodable(self._path, error.object, error.start, self._codec, self.size + at, line) from error
        self.ends.count(text)
        self.blank = self.blank and not text.strip()
        self.doubt = self.doubt or controls_read_as(text, bare(self._codec))
        self.size += len(raw)
        self._lines += line_ends(raw)
