"""Whether what is decided is learnt from: a person's choice, remembered in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.session.learning import Learning

_SETTING = "learning"


class LearningSwitch:
    """Whether a session learns, and what does. What was decided stays as it is, and so does what undo takes back."""

    def __init__(self, project: Project, *, can: bool) -> None:
        """Take what was chosen last.

        Args:
            can: whether this session can learn: it has a model, and was not told to leave it.
        """
        self._project = project
        self.can = can
        self.is_on = project.setting(_SETTING) != "0"
        """Read by the thread that predicts, too."""
        self.source: Learning | None = None
        """What learns, at work in that thread; set by it."""

    @property
    def is_left_out(self) -> bool:
        """Whether this session could learn and does not, because a person wants it so."""
        return self.can and not self.is_on

    def switch(self) -> bool:
        """Turn it on or off; return what it is now."""
        self.is_on = not self.is_on
        self._project.set_setting(_SETTING, "1" if self.is_on else "0")
        return self.is_on
