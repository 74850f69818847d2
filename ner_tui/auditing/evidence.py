"""What speaks for a hypothesis of error, as numbers to be weighed and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

from ner_tui.auditing.hypotheses import KINDS, Hypothesis
from ner_tui.auditing.surfaces import OUTSIDE, SurfaceCounts
from ner_tui.domain.tag_chain import TINY, FloatMatrix, TagChain
from ner_tui.learning.lessons import WordSpan

NAMES = (
    "likelier",
    "steep",
    "by word",
    "unlikely",
    "extent",
    "elsewhere",
    "nearby",
    "words",
    "ends",
    "neighbours",
    "trust",
    *KINDS,
)
"""What each number is: how much likelier the model finds the proposed reading than the given one (log odds), how much
of that is beyond `_STEEP`, and what it is for a word that differs, on the mean; how unlikely it finds the given reading
by itself; the logarithm of how many words it is about; how the same words are annotated elsewhere, and nearby, and each
of them by itself; whether spans begin and end as names do; what the spans in the same list are; how often model and
annotations agree about such labels, see `trust.Trust`; and which kind of error it is."""
_LEAST, _MOST = -8.0, 10.0
_STEEP = 4.0
"""Log odds from which more of them says little: the words of a place are not as independent as the chain takes them."""
_SMALLEST = 1e-6
_SMOOTH = 0.5
_CLOSE = 4
"""Letters of the longest lower-case words that names seldom begin or end with."""
_JOINS = frozenset({",", ";", "and", "or", "&", "/", "und", "et", "y", "e"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A sentence and what is known around it."""

    words: Sequence[str]
    given: Sequence[WordSpan]
    """All that is annotated in it."""
    chain: TagChain
    begins: FloatMatrix
    """The chain's chances that a span begins, which are worked out once."""
    row: int
    """Of its first word in the chain."""
    columns: dict[str, int]
    """Of labels in the chain."""
    corpus: SurfaceCounts
    near: SurfaceCounts
    """Of the sentences around it."""
    alone: SurfaceCounts
    """Of the words one by one, see `annotated.one_by_one`."""
    counted: Sequence[WordSpan]
    """What was annotated in it when the counts were made."""
    own: Counter[tuple[str, str]]
    """What the sentence itself has given to both counts."""

    def chance(self, first: int, end: int, spans: Sequence[WordSpan]) -> float:
        """Return the probability that words ``[first, end)`` have exactly these spans, by the model."""
        chance, at, before = 1.0, self.row + first, -1
        owners = {place: (span[2], place == span[0]) for span in spans for place in range(span[0], span[1])}
        for place in range(first, end):
            row = self.row + place
            if place not in owners:
                chance *= float(self.chain.outside[row])
                before = -1
                continue
            label, is_first = owners[place]
            column = self.columns.get(label)
            if column is None:
                return TINY
            if not is_first:
                chance *= float(self.chain.stay[row, column])
            elif place == first:
                chance *= float(self.begins[at, column])
            else:
                chance *= float((self.chain.cut if before == column else self.chain.mass)[row, column])
            before = column
        if before >= 0:
            chance *= 1.0 - float(self.chain.stay[self.row + end, before])
        return chance

    def evidence(self, about: Hypothesis) -> tuple[float, ...]:
        """Return the numbers, in the order of `NAMES`."""
        given = self.chance(about.first, about.end, about.given)
        proposed = self.chance(about.first, about.end, about.proposed)
        likelier = _held(log(max(proposed, TINY)) - log(max(given, TINY)))
        by_word, words = self._by_word(about)
        return (
            likelier,
            max(0.0, likelier - _STEEP),
            _held(by_word),
            _held(log(max(1.0 - given, TINY)) - log(max(given, TINY))),
            log(about.end - about.first),
            _held(self._by(self.corpus, about)),
            _held(self._by(self.near, about)),
            _held(words),
            float(_odd(self.words, about.given) - _odd(self.words, about.proposed)),
            float(self._listed(about.proposed, about) - self._listed(about.given, about)),
            # It is known when all of the text has been looked at.
            0.0,
            *(1.0 if about.kind == kind else 0.0 for kind in KINDS),
        )

    def _by(self, counts: SurfaceCounts, about: Hypothesis) -> float:
        """Return how much the same words elsewhere speak for the proposed reading, in log odds."""
        strings = {span[:2]: " ".join(self.words[span[0] : span[1]]) for span in (*about.given, *about.proposed)}
        of_given = {span[:2]: span[2] for span in about.given}
        of_proposed = {span[:2]: span[2] for span in about.proposed}
        total = 0.0
        for place, string in strings.items():
            is_inside = any(
                place != other and place[0] < other[1] and other[0] < place[1] for other in (*of_given, *of_proposed)
            )
            for spans, sign in ((of_proposed, 1.0), (of_given, -1.0)):
                if place in spans:
                    total += sign * counts.odds(string, spans[place], self.own)
                elif not is_inside:
                    total += sign * counts.odds(string, OUTSIDE, self.own)
        return total / max(len(strings), 1)

    def _by_word(self, about: Hypothesis) -> tuple[float, float]:
        """Return how much the model, and the same word elsewhere, speak for what each word is proposed to be.

        Both are log odds, the mean of the words that differ.
        """
        model = elsewhere = 0.0
        others = 0
        given, proposed = _tags(about.given), _tags(about.proposed)
        places = [at for at in range(about.first, about.end) if given.get(at) != proposed.get(at)]
        counted = _tags(self.counted)
        for at in places:
            of_given, of_proposed = given.get(at, _NONE), proposed.get(at, _NONE)
            same = of_given[0] == of_proposed[0]
            model += log(self._mass(at, *of_proposed, same=same) / self._mass(at, *of_given, same=same))
            word = self.words[at].casefold()
            if not same:
                others += 1
                own = Counter(
                    (word, counted.get(other, _NONE)[0])
                    for other, text in enumerate(self.words)
                    if text.casefold() == word
                )
                times = [self.alone.times(word, label, own) + _SMOOTH for label in (of_proposed[0], of_given[0])]
                elsewhere += log(times[0] / times[1])
        return model / max(len(places), 1), elsewhere / max(others, 1)

    def _mass(self, at: int, label: str, is_first: bool, *, same: bool) -> float:
        """Return the probability of a word's label; if both readings have the ``same``, of its place in a span too."""
        row, column = self.row + at, self.columns.get(label)
        if label == OUTSIDE:
            return max(float(self.chain.outside[row]), _SMALLEST)
        if column is None:
            return _SMALLEST
        part = (self.chain.cut if is_first else self.chain.stay) if same else self.chain.mass
        return max(float(part[row, column]), _SMALLEST)

    def _listed(self, spans: Sequence[WordSpan], about: Hypothesis) -> int:
        """Return how many spans beside ``spans``, a comma or an “and” between, have the same label."""
        others = [span for span in self.given if span not in about.given]
        return sum(
            one[2] == other[2]
            for one in spans
            for other in others
            if self._joined(other[1], one[0]) or self._joined(one[1], other[0])
        )

    def _joined(self, first: int, end: int) -> bool:
        return 0 < end - first <= 2 and all(word.casefold() in _JOINS for word in self.words[first:end])


_NONE = (OUTSIDE, False)


def _tags(spans: Iterable[WordSpan]) -> dict[int, tuple[str, bool]]:
    """Return by word of a span its label, and whether it is the first."""
    return {at: (label, at == first) for first, end, label in spans for at in range(first, end)}


def _odd(words: Sequence[str], spans: Iterable[WordSpan]) -> int:
    """Return how many ends of spans are no words that names begin or end with."""
    return sum(_is_odd(words[at]) for first, end, _ in spans for at in (first, end - 1))


def _is_odd(word: str) -> bool:
    return (word.islower() and len(word) <= _CLOSE) or not any(sign.isalnum() for sign in word)


def _held(value: float) -> float:
    return min(max(value, _LEAST), _MOST)


def sigmoid(value: float) -> float:
    """Return the probability that log odds stand for."""
    return 1.0 / (1.0 + exp(-min(max(value, -50.0), 50.0)))
