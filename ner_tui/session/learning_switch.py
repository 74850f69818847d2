"""Whether what is decided is learnt from: a person's choice, remembered in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.learning import FEWEST as FEWEST
from ner_tui.session.project_switch import ProjectSwitch
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.session.learning import Learning


class LearningSwitch(ProjectSwitch):
    """Whether a session learns, and what does. What was decided stays as it is, and so does what undo takes back."""

    def __init__(self, project: Project, *, can: bool) -> None:
        """Take what was chosen last.

        Args:
            can: whether this session can learn: it can suggest, and was not told to leave it.
        """
        # Whether it is on is read by the thread that predicts, too.
        super().__init__(project, "learning", usual=True)
        self.can = can
        self.source: Learning | None = None
        """What learns, at work in that thread; set by it."""

    @property
    def is_left_out(self) -> bool:
        """Whether this session could learn and does not, because a person wants it so."""
        return self.can and not self.is_on
