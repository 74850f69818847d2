"""Blind mode: a model's suggestions are hidden until a person has decided something in the sentence."""

from __future__ import annotations

from ner_tui.session.project_switch import ProjectSwitch
from ner_tui.store.project import Project


class BlindMode(ProjectSwitch):
    """Whether suggestions are hidden at first."""

    def __init__(self, project: Project) -> None:
        super().__init__(project, "blind")

    def hides(self, document: int, offset: int) -> bool:
        """Whether what a model says of the sentence at ``offset`` is hidden now."""
        if not self.is_on:
            return False
        start, _ = self._project.items.sentence_range(document, offset)
        return self._project.items.status_at(document, start) == "untouched"
