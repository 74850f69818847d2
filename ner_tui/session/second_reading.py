"""A second reading: sentences drawn by chance to be read once more, and what they say of the others."""

from __future__ import annotations

from ner_tui.domain.annotation.doubts import Doubt
from ner_tui.domain.evaluation.auditing import Estimate
from ner_tui.session.statistics import exported, sentences
from ner_tui.store.project import Project

NUMBER = 20
"""Sentences that are drawn, if there are so many."""


class SecondReading:
    """Some sentences, whether confirmed or not, and what is corrected in them from now on."""

    def __init__(self, project: Project, number: int = NUMBER) -> None:
        self._project = project
        self._before = project.journal.last()
        with project.transaction():
            # Whoever checks again after more work gets others.
            name = project.samples.draw(number, self._before)
        self.doubts: list[Doubt] = []
        """The sentences, in the order of the documents."""
        place = project.samples.next(name, (0, 0), 1)
        while place is not None:
            sentence = project.content.sentence_at(*place)
            if sentence is not None and sentence.tokens:
                first, last = sentence.tokens[0].start, sentence.tokens[-1].end
                self.doubts.append(Doubt("audit", 0.0, place[0], first, last, None, sentence.start))
            place = project.samples.next(name, place, 1)

    def result(self, checked: int) -> Estimate:
        """Return what the first ``checked`` of the sentences say of those that were not drawn."""
        read = [(doubt.document, int(doubt.number)) for doubt in self.doubts[:checked]]
        audited = self._project.audits.read_again(read, self._before)
        left = max(0, sentences(self._project) - checked)
        return Estimate.of_audited(audited, left, exported(self._project))
