"""Parts and blocks of a few sentences, so that files of some kilobytes have many."""

from __future__ import annotations

import pytest

from ner_tui.domain import blocks
from ner_tui.session.parts import planning


def make_parts_small(monkeypatch: pytest.MonkeyPatch, *, size: int, landmark_every: int, block_words: int) -> None:
    """Have files be cut into small parts, and texts into small blocks, to the end of a test.

    Args:
        size: bytes of the smallest part.
        landmark_every: sentences from one landmark to the next, about.
        block_words: words of a block, at the most.
    """
    monkeypatch.setattr(planning, "SMALLEST", size)
    monkeypatch.setattr(blocks, "LANDMARK_EVERY", landmark_every)
    monkeypatch.setattr(blocks, "LANDMARK_PARAGRAPHS", 2)
    monkeypatch.setattr(blocks, "LANDMARK_QUIET", 3)
    monkeypatch.setattr(blocks, "BLOCK_WORDS", block_words)
