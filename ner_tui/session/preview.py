"""The preview: the text that a session will begin with, read before it is open and in a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import NerTuiError
from ner_tui.formats import SUFFIXES, infer_format, may_hold_texts, read
from ner_tui.formats.files.beginning import beginning
from ner_tui.formats.files.inputs import STDIN
from ner_tui.formats.files.paths import expand

MOST = 20_000
"""Characters that are read at the most; many times what a screen shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a document."""

    text: str
    cursor: int
    """Offset of the cursor."""
    theme: str = ""
    """The project's colours, or empty."""


def preview(
    project: Path, paths: Sequence[str], fmt: str | None = None, encoding: str | None = None, text: str | None = None
) -> Preview | None:
    """Return what a session on ``project`` and ``paths`` will show.

    None where that takes longer, and where anything is wrong: opening the session reports it.
    """
    if STDIN in paths:
        return None
    if project.exists():
        from ner_tui.store.preview import preview as left_at

        found = left_at(project, [str(Path(path).resolve()) for path in paths], MOST)
        return Preview(*found) if found else None
    try:
        files = expand(paths, SUFFIXES, may_hold_texts).files
        if not files:
            return None
        source = beginning(files[0], encoding, MOST)
        inference = infer_format(source, fmt, text=text, to_preview=True)
        shown = source.text if inference.format == "text" else "".join(_sentences(read(source, inference=inference)))
    except NerTuiError:
        return None
    return Preview(shown, 0) if shown.strip() else None


def _sentences(items: Iterator[StreamItem]) -> Iterator[str]:
    """Yield the sentences of the first document."""
    begun = False
    for item in items:
        if isinstance(item, DocumentStart):
            if begun:
                return
            begun = True
        elif isinstance(item, AnnotatedSentence):
            yield item.sentence.text
