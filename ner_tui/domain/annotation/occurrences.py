"""Occurrences: where a string of words stands again, however it is wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import snap


@dataclass(frozen=True, slots=True)
class Matching:
    """What counts as the same."""

    fold_case: bool = False
    whole_tokens: bool = True
    """Only where tokens begin and end; otherwise a match inside a token is widened to it."""


class Pattern:
    """A string to be found again: white space in it matches any white space, a line break too."""

    def __init__(self, text: str, matching: Matching) -> None:
        self._matching = matching
        words = text.split()
        self.anchor = max(words, key=len, default="")
        """The longest word: a sentence without it, whatever the case of ASCII letters, cannot match."""
        if matching.fold_case and not self.anchor.isascii():
            self.anchor = ""
        flags = re.IGNORECASE if matching.fold_case else 0
        self._regex = re.compile(r"\s+".join(map(re.escape, words)), flags) if words else None

    def find(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Yield ``[start, end)`` in the document for each match in a sentence, whole tokens."""
        if self._regex is None:
            return
        starts = {token.start for token in sentence.tokens}
        ends = {token.end for token in sentence.tokens}
        last = -1
        for match in self._regex.finditer(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            if not self._matching.whole_tokens:
                widened = snap(start, end, sentence.tokens)
                if widened is None:
                    continue
                start, end = widened
            elif start not in starts or end not in ends:
                continue
            if start >= last:
                yield start, end
                last = end
