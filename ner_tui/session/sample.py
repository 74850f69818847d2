"""A random sample of the sentences of all documents, the same for the same seed, to be reviewed on its own."""

from __future__ import annotations

from ner_tui.session.place import Place
from ner_tui.store.project import Project


class Sample:
    """The sentences of a sample, in the order of the documents."""

    def __init__(self, project: Project, number: int, seed: int) -> None:
        self._project = project
        with project.transaction():
            self._name = project.samples.draw(number, seed)

    @property
    def progress(self) -> tuple[int, int]:
        """(confirmed, all) sentences."""
        return self._project.samples.progress(self._name)

    def next(self, document: int, offset: int, step: int, *, unconfirmed: bool = False) -> Place | None:
        """Return the first word of the next (1) or previous (-1) sentence of the sample from a place on, or None."""
        here = self._project.items.sentence_range(document, offset)[0] if step < 0 else offset
        found = self._project.samples.next(self._name, (document, here), step, unconfirmed=unconfirmed)
        if found is None:
            return None
        sentence = self._project.content.sentence_at(*found)
        return Place(found[0], sentence.tokens[0].start if sentence and sentence.tokens else found[1])

    def first(self) -> Place | None:
        """Return the first sentence that is not confirmed, or else the first of all."""
        return self.next(0, 0, 1, unconfirmed=True) or self.next(0, 0, 1)
