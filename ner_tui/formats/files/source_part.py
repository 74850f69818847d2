"""A part of a file that is read as a source of its own, as if the rest of the file were there."""

from __future__ import annotations

from collections.abc import Callable

from ner_tui.formats.files.line_ends import Newline
from ner_tui.formats.files.source import Source


class SourcePart(Source):
    """Lines or rows of a file that follow each other: it may have no text in it though the file has some."""

    def __init__(
        self,
        whole: Callable[[], Source],
        path: str,
        sha256: str,
        text: str,
        encoding: str,
        newline: Newline,
        tag_names: tuple[str, ...],
        *,
        had_bom: bool = False,
    ) -> None:
        """Take what was read of it.

        Args:
            whole: opens the file, for what only all of it tells.
            sha256: of the part's bytes.
        """
        super().__init__(path, sha256, text, encoding, had_bom, newline, tag_names)
        object.__setattr__(self, "_whole", whole)

    @property
    def whole(self) -> Source:
        """The file, which is read anew."""
        found: Source = self._whole()  # type: ignore[attr-defined]
        return found
