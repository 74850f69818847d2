"""A set of patterns, and what of a text they match: the longest first, as spaCy's ``EntityRuler`` has it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.patterns.conditions import LocatedExpression
from ner_tui.patterns.terms import BREAK, TermTable, lowered, parts, whole
from ner_tui.patterns.token_patterns import Steps, TokenPatterns

Match = tuple[int, int, int]
"""``[start, end)`` in tokens of a sentence, and the number of the pattern."""


class PatternSet:
    """Patterns with their labels; filled once, then asked."""

    def __init__(self) -> None:
        self.version = ""
        """Another text where the files say something else."""
        self._terms = TermTable(parts)
        self._words = TermTable(whole)
        self._lower = TermTable(lowered)
        self._tokens = TokenPatterns()
        self._expressions: list[tuple[int, LocatedExpression]] = []
        self._names: dict[str, int] = {}
        self._labels = array("i")
        """Of each pattern, by its number, the place of its label in ``labels``."""

    def __len__(self) -> int:
        return len(self._labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the patterns, in the order in which they were met."""
        return tuple(self._names)

    def add_term(self, words: Iterable[str], label: str) -> None:
        """Add a term, its words as white space separates them; it matches however text is cut into tokens."""
        self._terms.add(words, self._number(label))

    def add_tokens(self, words: Iterable[str], label: str, *, is_lower: bool) -> None:
        """Add tokens that match as they are, or in lower case whatever the case of the text."""
        words = tuple(words)
        if not is_lower:
            self._words.add(words, self._number(label))
        elif all(word == word.lower() for word in words):
            self._lower.add(words, self._number(label))
        else:
            # No token is ever so in lower case.
            self._number(label)

    def add_steps(self, steps: Steps, label: str) -> None:
        """Add a token pattern."""
        self._tokens.add(steps, self._number(label))

    def add_expression(self, expression: LocatedExpression, label: str) -> None:
        """Add a regular expression; what it matches has to begin and end where tokens do."""
        self._expressions.append((self._number(label), expression))

    def find(self, block: Sequence[Sentence], wanted: frozenset[str] | None = None) -> list[list[Span]]:
        """Return the matches in each sentence, ascending, none of which share a token.

        Longer ones go before shorter ones, then those further left, then the patterns in order.

        Args:
            wanted: labels; others are passed over. None: all are wanted.

        Raises:
            FormatError: an expression takes too long.
        """
        sentences = [sentence.words for sentence in block]
        found: list[list[Match]] = [[] for _ in block]
        joined = [word for words in sentences for word in (*words, BREAK)]
        starts = list(accumulate((len(words) + 1 for words in sentences), initial=0))
        for table in (self._terms, self._words, self._lower):
            for start, end, number in table.find(joined):
                at = bisect_right(starts, start) - 1
                found[at].append((start - starts[at], end - starts[at], number))
        for sentence, words, matches in zip(block, sentences, found, strict=True):
            matches += self._tokens.find(words)
            matches += self._expression_matches(sentence)
        numbers = None if wanted is None else {place for name, place in self._names.items() if name in wanted}
        return [
            [
                Span(sentence.tokens[start].start, sentence.tokens[end - 1].end, names[self._labels[number]])
                for start, end, number in _longest(
                    each for each in matches if numbers is None or self._labels[each[2]] in numbers
                )
            ]
            for names in (self.labels,)
            for sentence, matches in zip(block, found, strict=True)
        ]

    def _expression_matches(self, sentence: Sentence) -> Iterator[Match]:
        if not self._expressions:
            return
        first = {token.start - sentence.start: at for at, token in enumerate(sentence.tokens)}
        last = {token.end - sentence.start: at for at, token in enumerate(sentence.tokens)}
        for number, expression in self._expressions:
            for start, end in expression.spans(sentence.text):
                if start < end and start in first and end in last:
                    yield first[start], last[end] + 1, number

    def _number(self, label: str) -> int:
        self._labels.append(self._names.setdefault(label, len(self._names)))
        return len(self._labels) - 1


def _longest(matches: Iterable[Match]) -> list[Match]:
    taken: set[int] = set()
    kept: list[Match] = []
    for match in sorted(matches, key=lambda each: (each[0] - each[1], each[0], each[2])):
        start, end, _ = match
        # None before it is shorter, so that none lies inside it.
        if start not in taken and end - 1 not in taken:
            taken.update(range(start, end))
            kept.append(match)
    return sorted(kept)
