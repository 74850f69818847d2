"""Whether suggestions below the threshold are shown: few of them are right, so by default they are not."""

from __future__ import annotations

from ner_tui.session.project_switch import ProjectSwitch
from ner_tui.store.project import Project


class FaintMode(ProjectSwitch):
    """Whether suggestions below the threshold are shown."""

    def __init__(self, project: Project) -> None:
        super().__init__(project, "faint")
