"""Blind mode: a model's suggestions are hidden until a person has decided something in the sentence."""

from __future__ import annotations

from ner_tui.store.project import Project

_SETTING = "blind"


class BlindMode:
    """Whether suggestions are hidden at first; remembered in the project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.is_on = project.setting(_SETTING) == "1"

    def switch(self) -> bool:
        """Turn it on or off; return what it is now."""
        self.is_on = not self.is_on
        self._project.set_setting(_SETTING, "1" if self.is_on else "0")
        return self.is_on

    def hides(self, document: int, offset: int) -> bool:
        """Whether what a model says of the sentence at ``offset`` is hidden now."""
        if not self.is_on:
            return False
        start, _ = self._project.items.sentence_range(document, offset)
        return self._project.items.status_at(document, start) == "untouched"
