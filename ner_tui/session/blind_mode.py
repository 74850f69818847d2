"""Blind mode: a model's suggestions are hidden until a person has decided something in the sentence."""

from __future__ import annotations

from ner_tui.session.project_switch import ProjectSwitch
from ner_tui.store.project import Project


class BlindMode(ProjectSwitch):
    """Whether suggestions are hidden at first: everywhere, or where chance has sent a person to look without them."""

    def __init__(self, project: Project) -> None:
        super().__init__(project, "blind")
        self.place: tuple[int, int] | None = None
        """Document and start of a sentence in which they are hidden at first, also where it is off."""

    @property
    def only(self) -> int | None:
        """Where the only sentence begins that it reaches; None: it reaches all."""
        return None if self.is_on or self.place is None else self.place[1]

    def is_anywhere(self, document: int) -> bool:
        """Whether it reaches a sentence of a document."""
        return self.is_on or (self.place is not None and self.place[0] == document)

    def reaches(self, document: int, start: int) -> bool:
        """Whether suggestions are hidden in the sentence that begins at ``start`` as long as nobody has touched it."""
        return self.is_on or self.place == (document, start)

    def hides(self, document: int, offset: int) -> bool:
        """Whether what a model says of the sentence at ``offset`` is hidden now."""
        if not self.is_anywhere(document):
            return False
        start, _ = self._project.items.sentence_range(document, offset)
        return self.reaches(document, start) and self._project.items.status_at(document, start) == "untouched"
