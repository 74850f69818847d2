"""How often a model and annotations agree about each label: where they seldom do, that they differ says little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log

from ner_tui.auditing.evidence import NAMES
from ner_tui.auditing.examining import Examined
from ner_tui.auditing.hypotheses import Hypothesis
from ner_tui.learning.lessons import WordSpan

_LIKELIER, _TRUST = NAMES.index("likelier"), NAMES.index("trust")
_SMOOTH = (2, 1)
"""Spans that are thought to agree, and to differ, before any was seen."""


class Trust:
    """Counts, for each label, of the spans that are annotated, and of those that a model reads otherwise."""

    def __init__(self) -> None:
        self._annotated = Counter[str]()
        self._not_found = Counter[str]()
        self._found_alone = Counter[str]()

    def take_in(self, spans: Iterable[WordSpan]) -> None:
        """Count what is annotated in a sentence."""
        self._annotated.update(label for _, _, label in spans)

    def look_at(self, examined: Examined) -> None:
        """Count what a model says of a place of the annotations."""
        if examined.evidence[_LIKELIER] > 0:
            self._not_found.update(label for _, _, label in examined.about.given)
            self._found_alone.update(label for _, _, label in examined.about.proposed)

    def evidence(self, examined: Examined) -> tuple[float, ...]:
        """Return the evidence of a hypothesis with that of trust, when everything is counted."""
        return (*examined.evidence[:_TRUST], self.of(examined.about), *examined.evidence[_TRUST + 1 :])

    def of(self, about: Hypothesis) -> float:
        """Return the log odds that model and annotations agree, the mean of the spans of both readings."""
        odds = [self._odds(label, self._not_found) for _, _, label in about.given]
        odds += [self._odds(label, self._found_alone) for _, _, label in about.proposed]
        return sum(odds) / max(len(odds), 1)

    def _odds(self, label: str, differ: Counter[str]) -> float:
        agree = max(0, self._annotated[label] - self._not_found[label])
        return log((agree + _SMOOTH[0]) / (differ[label] + _SMOOTH[1]))
