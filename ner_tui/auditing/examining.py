"""A block of annotated sentences beside what a model says of them: hypotheses of error, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from ner_tui.auditing.annotated import CorpusCounts
from ner_tui.auditing.evidence import Setting
from ner_tui.auditing.hypotheses import Hypothesis, Suggested, hypotheses
from ner_tui.auditing.injecting import with_error
from ner_tui.auditing.surfaces import SurfaceCounts
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.decoding import decode_block
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.domain.tag_chain import TagColumns, stacked_chain
from ner_tui.learning.lessons import FloatArray, WordSpan, in_words

LIKELY = 0.5
"""Probability from which a span counts as what the model finds."""
FAINT = 0.02
"""Probability down to which a place is looked at where nothing is annotated."""
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Examined:
    """A hypothesis about one sentence of a block."""

    sentence: int
    about: Hypothesis
    evidence: tuple[float, ...]


class Block:
    """Consecutive sentences, what is annotated in them, and what a model says."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        spans: Sequence[tuple[WordSpan, ...]],
        probabilities: Sequence[FloatArray],
        columns: TagColumns,
        corpus: CorpusCounts,
    ) -> None:
        """Take them in.

        Args:
            sentences: each with a word at least.
            spans: what is annotated in each, ascending.
            probabilities: of the tags, for each sentence words x tags.
            columns: what the tags mean.
            corpus: of the whole of what the sentences are from.
        """
        words = [tuple(sentence.words) for sentence in sentences]
        near = SurfaceCounts()
        for each, there in zip(words, spans, strict=True):
            near.take_in(each, there)
        for each, there in zip(words, spans, strict=True):
            near.count(each, there)
        chain, firsts = stacked_chain(probabilities, columns, _AROUND)
        begins, numbers = chain.begin, {label: number for number, label in enumerate(columns.labels)}
        found = decode_block(sentences, probabilities, columns, LIKELY, faint=FAINT)
        self._suggested = [_suggested(sentence, some) for sentence, some in zip(sentences, found, strict=True)]
        self._settings = [
            Setting(
                each,
                there,
                chain,
                begins,
                first,
                numbers,
                corpus.strings,
                near,
                corpus.words,
                there,
                corpus.strings.own(each, there),
            )
            for each, there, first in zip(words, spans, firsts.tolist(), strict=True)
        ]

    def examined(self) -> Iterator[Examined]:
        """Yield the hypotheses about what is annotated."""
        for number, setting in enumerate(self._settings):
            yield from self._of(number, setting)

    def injected(self, share: float, labels: Sequence[str], dice: Random) -> Iterator[tuple[Examined, bool]]:
        """Yield hypotheses about annotations that errors were put into, and whether each is about the error.

        Args:
            share: of the sentences with spans that get one.
            labels: that there are.
        """
        for number, setting in enumerate(self._settings):
            if not setting.given or dice.random() >= share:
                continue
            wrong, (first, end) = with_error(setting.words, setting.given, labels, dice)
            for each in self._of(number, replace(setting, given=wrong)):
                touches = each.about.first < end and first < each.about.end
                yield each, touches

    def _of(self, number: int, setting: Setting) -> Iterator[Examined]:
        for about in hypotheses(setting.given, self._suggested[number], LIKELY):
            yield Examined(number, about, setting.evidence(about))


def _suggested(sentence: Sentence, suggestions: Sequence[Suggestion]) -> list[Suggested]:
    return [
        Suggested(
            in_words(sentence, [each.span])[0],
            each.score,
            tuple((_reading(sentence, other), other.score) for other in each.alternatives),
        )
        for each in suggestions
    ]


def _reading(sentence: Sentence, other: Alternative) -> WordSpan | None:
    return in_words(sentence, [Span(other.start, other.end, other.label)])[0] if other.label else None
