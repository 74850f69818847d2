"""What patterns find in words, for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.domain.spans import make_token
from ner_tui.patterns.pattern_set import PatternSet
from ner_tui.patterns.reading import PatternFile, read_patterns


def sentence_of(words: Sequence[str], start: int = 0) -> Sentence:
    """Return words with a space between two, and one at the end, as a sentence."""
    tokens, at = [], start
    for word in words:
        tokens.append(make_token((at, at + len(word))))
        at += len(word) + 1
    return Sentence(start, "".join(f"{word} " for word in words), tuple(tokens))


def text_of(text: str) -> Sentence:
    """Return a text as one sentence, cut into tokens as raw text is."""
    return Sentence(0, text, tuple(tokenize(text)))


def patterns_of(folder: Path, *patterns: dict[str, Any]) -> PatternSet:
    """Return patterns that were written into a file of JSON Lines."""
    file = folder / "patterns.jsonl"
    file.write_text("".join(f"{json.dumps(pattern)}\n" for pattern in patterns), "utf-8")
    return read_patterns([PatternFile(str(file))])


def found_in(patterns: PatternSet, sentence: Sentence) -> list[tuple[str, str]]:
    """Return the words and the label of each match."""
    (spans,) = patterns.find([sentence])
    return [(sentence.text[span.start - sentence.start : span.end - sentence.start], span.label) for span in spans]
