"""What is learnt comes to a sentence when nobody is at work in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from session.learning.sittings import ALONE, LEARNT, TEXT, Sitting

from ner_tui.session import Place
from ner_tui.session.prediction import AllPredicted

HERE, ELSEWHERE = TEXT.index("insulin"), TEXT.index("warfarin")
FOUND = TEXT.index("found")


class Reader:
    """A sitting whose prediction goes on beside it, wherever its reader is."""

    def __init__(self, folder: Path) -> None:
        self.sitting = Sitting(folder)
        self.at = HERE
        prediction = self.sitting.session.prediction(lambda: Place(1, self.at))
        assert prediction is not None
        self._events = prediction.run(lambda: False)
        self.settle()

    def settle(self) -> None:
        """Have all said that there is to say."""
        for event in self._events:
            if event == AllPredicted():
                return

    @property
    def suggests(self) -> bool:
        """Whether the drug in the sentence in hand is suggested."""
        return "insulin" in self.sitting.suggested()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = Reader(tmp_path)
    made.sitting.session.corrections.label(FOUND, FOUND + 5, "LOC", cursor=FOUND)
    yield made
    made.sitting.session.close()


def test_suggestions_stay_where_a_person_is_at_work_and_change_when_they_go_on(reader: Reader) -> None:
    reader.sitting.teach(4)
    reader.settle()
    assert not reader.suggests
    assert "warfarin" in reader.sitting.suggested()
    reader.at = ELSEWHERE
    reader.settle()
    assert reader.sitting.suggested() == LEARNT
    # What is there by now stays, too, when one comes back to work.
    reader.at = HERE
    reader.sitting.session.corrections.confirm(TEXT.index("Ada"))
    reader.settle()
    assert reader.suggests


def test_a_sentence_that_is_only_looked_at_changes_at_once(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.sitting.teach(4)
    reader.settle()
    assert reader.suggests
    reader.sitting.session.close()


def test_what_is_undone_goes_from_a_sentence_in_hand_too(reader: Reader) -> None:
    reader.at = ELSEWHERE
    reader.sitting.teach(4)
    reader.settle()
    assert reader.suggests
    reader.at = HERE
    edits = reader.sitting.session.corrections
    while len([each for each in reader.sitting.session.document.spans(0, len(TEXT)) if each.kind == "decided"]) > 1:
        edits.undo()
    reader.settle()
    assert not reader.suggests


def test_what_stays_keeps_its_label_where_another_label_has_got_the_name_that_it_had(reader: Reader) -> None:
    session = reader.sitting.session
    reader.at = at = TEXT.index("Ada")
    session.corrections.label(TEXT.index("left Paris"), TEXT.index("left Paris") + 4, "DRUG", cursor=at)
    reader.settle()
    session.label_editing.rename("PER", "HUMAN")
    session.label_editing.rename("LOC", "PER")
    reader.sitting.teach(4)
    reader.settle()
    here = {words: label for words, label in reader.sitting.suggested().items() if words in ALONE}
    assert here == {"Ada Okonkwo": "HUMAN", "Paris": "PER"}
