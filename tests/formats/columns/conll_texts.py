"""CoNLL as text."""

from __future__ import annotations

from ner_tui.formats import Source


def source_of(text: str, path: str = "x.txt") -> Source:
    return Source(path, "", text, "utf-8", False, "\n")
