"""An audit of gold annotations: a model is asked, and hypotheses of error come out, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

from ner_tui.auditing.annotated import Read, annotated_blocks, counted, spans_of
from ner_tui.auditing.annotated import kept as kept_sentence
from ner_tui.auditing.evidence import sigmoid
from ner_tui.auditing.examining import Block, Examined
from ner_tui.auditing.hypotheses import Hypothesis
from ner_tui.auditing.judging import judge_of
from ner_tui.auditing.reasons import reasons
from ner_tui.auditing.trust import Trust
from ner_tui.auditing.weighing import EvidenceWeights
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.predictors.base import Context, Predictor

RATE = 0.03
"""Share of the spans that are thought to be wrong before anything is known."""
INJECTED = 4_000
"""Sentences that errors are put into to learn what errors look like, at the most, about."""
KEPT = -7.0
"""Log odds by the usual weights below which a hypothesis is dropped at once: of a million sentences few are kept."""
VERDICT = 2.0
"""Examples that a hypothesis about a sentence that a person has confirmed counts as."""
MOST = 30_000
"""Hypotheses that are kept at the end, those that are the likeliest by the usual weights."""
FAINT = 20
"""Of those that are not, one in so many is kept to learn from, or fewer: at the most `FAINTEST`, about."""
FAINTEST = 4_000
_ROUNDS = 3
_SEED = 0

USUAL = EvidenceWeights(
    (0.68, -0.17, 0.1, -0.28, -0.45, 0.14, 0.07, 0.12, 0.2, 0.64, 0.23, -0.18, -1.54, -0.89, -0.99, -3.23, -1.87), -3.93
)
"""Fitted on news, web text, tweets and encyclopedia articles with errors put in; what little text says of its own
errors is held to it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hypothesis of error with its place and its probability."""

    sentence: TaggedSentence
    about: Hypothesis
    probability: float
    reasons: tuple[str, ...]
    """In words, the strongest first."""
    evidence: tuple[float, ...]
    """In the order of ``evidence.NAMES``."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What came out."""

    findings: list[Finding]
    """The likeliest first."""
    sentences: int
    spans: int
    how: str
    """How each sentence was judged, in a sentence."""
    weights: EvidenceWeights
    """Of the evidence; a person's verdicts give others."""


def audit(
    read: Read,
    predictor: Predictor,
    label_map: LabelMap,
    context: Context,
    at_least: float,
    *,
    out_of_fold: bool = False,
    progress: Callable[[float], None] = lambda share: None,
) -> Audit:
    """Look for errors in annotations; what a person has confirmed is right, and learnt from.

    Args:
        read: called several times.
        predictor: what the annotations are held against.
        label_map: what its labels are called in the file.
        context: how much text around a sentence it reads.
        at_least: probability below which nothing is said.
        out_of_fold: have the annotations judged by what is learnt from others of them, also where the model could.
        progress: called with the share of the sentences that was looked at since the last call.

    Raises:
        InputError: nothing is annotated.
        ModelError: the model failed, or it cannot be used for these labels.
    """
    corpus, numbers = counted(read)
    judge = judge_of(lambda: annotated_blocks(read), numbers, predictor, label_map, context, out_of_fold)
    dice, share = Random(_SEED), min(1.0, INJECTED / max(numbers.annotated, 1))
    likeliest = Likeliest()
    wrong: list[Examined] = []
    settled: list[Examined] = []
    trust = Trust()
    for tagged, sentences, probabilities in judge.judged(annotated_blocks(read)):
        spans = [spans_of(each) for each in tagged]
        block = Block(sentences, spans, probabilities, judge.columns, corpus)
        trust.take_in(chain.from_iterable(spans))
        for each in block.examined():
            trust.look_at(each)
            if not tagged[each.sentence].confirmed:
                likeliest.add(tagged[each.sentence], each)
            elif len(settled) < MOST:
                settled.append(each)
        wrong += [each for each, touches in block.injected(share, numbers.labels, dice) if touches]
        progress(len(tagged) / numbers.sentences)
    kept = likeliest.taken()
    found = [trust.evidence(each) for _, each in kept]
    weights = weights_of(
        found,
        [trust.evidence(each) for each in wrong],
        [trust.evidence(each) for each in settled],
        RATE * numbers.spans,
        [trust.evidence(each) for each in likeliest.faint],
        likeliest.every,
    )
    chances = [sigmoid(weights.log_odds(each)) for each in found]
    likely = sorted(
        ((chance, number) for number, chance in enumerate(chances) if chance >= at_least),
        key=lambda one: (-one[0], one[1]),
    )
    findings = [
        Finding(
            kept[number][0],
            kept[number][1].about,
            round(chance, 4),
            reasons(*kept[number], corpus.strings),
            found[number],
        )
        for chance, number in likely
    ]
    how = f"{judge.how}; of very many places the {MOST:,} likeliest are told" if likeliest.faint else judge.how
    return Audit(findings, numbers.sentences, numbers.spans, how, weights)


class Likeliest:
    """The likeliest hypotheses by the usual weights, however many there are."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, int, TaggedSentence, Examined]] = []
        self._seen = 0
        self.faint: list[Examined] = []
        """Some that were not taken."""
        self.every = FAINT
        """For how many each of these stands."""
        self._dropped = 0

    def add(self, sentence: TaggedSentence, examined: Examined) -> None:
        """Look at one more."""
        odds = USUAL.log_odds(examined.evidence)
        if odds < KEPT:
            return
        self._kept.append((-odds, self._seen, kept_sentence(sentence), examined))
        self._seen += 1
        if len(self._kept) > MOST + MOST // 4:
            self._cut()

    def taken(self) -> list[tuple[TaggedSentence, Examined]]:
        """Return them in the order in which they were added."""
        if len(self._kept) > MOST:
            self._cut()
        return [(sentence, examined) for _, _, sentence, examined in sorted(self._kept, key=lambda each: each[1])]

    def _cut(self) -> None:
        self._kept.sort(key=lambda each: each[:2])
        for *_, examined in self._kept[MOST:]:
            if self._dropped % self.every == 0:
                self.faint.append(examined)
            self._dropped += 1
            if len(self.faint) > FAINTEST:
                self.faint = self.faint[::2]
                self.every *= 2
        del self._kept[MOST:]


def weights_of(
    evidence: Sequence[tuple[float, ...]],
    wrong: Sequence[tuple[float, ...]],
    settled: Sequence[tuple[float, ...]],
    expected: float,
    faint: Sequence[tuple[float, ...]] = (),
    every: int = FAINT,
) -> EvidenceWeights:
    """Return how the evidence is to be weighed, by errors that were put in.

    Which of the hypotheses are right is not known, only what right ones look like (Elkan & Noto 2008): they are taken
    for wrong ones at first, then for as wrong as they have turned out to be.

    Args:
        evidence: of the hypotheses.
        wrong: of hypotheses about errors that were put in.
        settled: of hypotheses about what a person has confirmed, none of which is right.
        expected: how many of the hypotheses may be right.
        faint: of hypotheses that are too improbable to be told.
        every: for how many each of these stands.
    """
    weights = USUAL
    if not evidence:
        return weights
    chances = [0.0] * len(evidence)
    for _ in range(_ROUNDS if wrong else 1):
        total = min(max(sum(chances), expected / 3), expected * 3) if any(chances) else expected
        counts = (
            [1.0 - chance for chance in chances]
            + [float(every)] * len(faint)
            + [VERDICT] * len(settled)
            + [total / max(len(wrong), 1)] * len(wrong)
        )
        right = [False] * (len(evidence) + len(faint) + len(settled)) + [True] * len(wrong)
        weights = USUAL.fitted([*evidence, *faint, *settled, *wrong], right, counts)
        chances = [sigmoid(weights.log_odds(each)) for each in evidence]
    return weights
