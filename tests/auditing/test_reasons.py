"""What speaks for a hypothesis, in words."""

from __future__ import annotations

import pytest

from ner_tui.auditing.evidence import NAMES
from ner_tui.auditing.examining import Examined
from ner_tui.auditing.hypotheses import Hypothesis
from ner_tui.auditing.reasons import reasons
from ner_tui.auditing.surfaces import SurfaceCounts
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.schemes import TagSpan

ONE_BY_ONE = "its words, one by one, are more often so elsewhere"


@pytest.mark.parametrize(("words", "times", "said"), [(2.0, 0, True), (0.5, 0, False), (2.0, 3, False)])
def test_that_words_are_so_elsewhere_is_said_where_all_of_them_together_are_not(
    words: float, times: int, said: bool
) -> None:
    sentence = TaggedSentence("gold.conll", ["Petr", "Korda", "won"], [1, 2, 3], (), [TagSpan(0, 1, "PER")])
    corpus = SurfaceCounts()
    for _ in range(times):
        corpus.take_in(["Petr", "Korda"], [(0, 2, "PER")])
    evidence = tuple(words if name == "words" else 0.0 for name in NAMES)
    about = Hypothesis(0, 2, ((0, 1, "PER"),), ((0, 2, "PER"),))
    found = reasons(sentence, Examined(0, about, evidence), corpus)
    assert (ONE_BY_ONE in found) == said
    assert any("the same words" in reason for reason in found) == (times > 0)
