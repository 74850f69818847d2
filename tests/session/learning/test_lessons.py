"""What is said of suggestions of labels that were learnt."""

from __future__ import annotations

import pytest

from ner_tui.domain.annotation.suggestions import FLOOR, Alternative, Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session.lessons import as_told


def test_a_suggestion_that_is_lifted_to_be_shown_tells_its_distance_to_the_next_best() -> None:
    others = (Alternative(0, 5, "GENE", 0.35), Alternative(0, 3, None, 0.25))
    told = as_told(Suggestion(Span(0, 3, "DRUG"), 0.3, -0.05, others))
    assert told.score == FLOOR
    assert told.margin == pytest.approx(FLOOR - 0.35)


def test_one_beside_which_no_span_is_likelier_stays_faint() -> None:
    suggestion = Suggestion(Span(0, 3, "DRUG"), 0.3, -0.25, (Alternative(0, 3, None, 0.55),))
    assert as_told(suggestion) is suggestion
