"""What speaks for a hypothesis of error, in words."""

from __future__ import annotations

from collections.abc import Iterator

from ner_tui.auditing.annotated import spans_of
from ner_tui.auditing.evidence import NAMES
from ner_tui.auditing.examining import Examined
from ner_tui.auditing.surfaces import OUTSIDE, SurfaceCounts
from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.learning.lessons import WordSpan

_CLEAR = 1.0
"""Log odds from which the model's word is a reason, and that of words elsewhere."""
_OFTEN = 2
"""Times that a string has a reading elsewhere, from which that is a reason."""


def reasons(sentence: TaggedSentence, examined: Examined, corpus: SurfaceCounts) -> tuple[str, ...]:
    """Return the reasons, the strongest first.

    Args:
        sentence: that the hypothesis is about.
        examined: the hypothesis with its evidence.
        corpus: how strings are annotated in the whole.
    """
    return tuple(_reasons(sentence, examined, corpus))


def _reasons(sentence: TaggedSentence, examined: Examined, corpus: SurfaceCounts) -> Iterator[str]:
    values = dict(zip(NAMES, examined.evidence, strict=True))
    about = examined.about
    if values["likelier"] >= _CLEAR:
        yield f"the model reads it as {_told(about.proposed)}"
    elif values["unlikely"] >= 0:
        yield "the model is in doubt"
    told = tuple(_elsewhere(sentence, examined, corpus))
    yield from told
    if values["words"] >= _CLEAR and not told:
        yield "its words, one by one, are more often so elsewhere"
    if values["ends"] > 0:
        yield "what is annotated begins or ends with a word that names seldom do"
    if values["neighbours"] > 0:
        yield "its neighbours in a list are of that kind"
    if about.kind in ("split", "merged", "boundary"):
        yield {
            "split": "one span may be several",
            "merged": "several spans may be one",
            "boundary": "it may begin or end elsewhere",
        }[about.kind]


def _elsewhere(sentence: TaggedSentence, examined: Examined, corpus: SurfaceCounts) -> Iterator[str]:
    own = corpus.own(sentence.words, spans_of(sentence))
    for first, end, label in examined.about.proposed or examined.about.given:
        string = " ".join(sentence.words[first:end])
        reading = label if examined.about.proposed else OUTSIDE
        times = corpus.times(string, reading, own)
        if times >= _OFTEN:
            what = "no entity" if reading == OUTSIDE else reading
            yield f"the same words are {what} {counted(times, 'time')} elsewhere"


def _told(spans: tuple[WordSpan, ...]) -> str:
    return ", ".join(label for _, _, label in spans) or "no entity"
