"""Whether suggestions below the threshold are shown: few of them are right, so by default they are not."""

from __future__ import annotations

from ner_tui.store.project import Project

_SETTING = "faint"


class FaintMode:
    """Whether suggestions below the threshold are shown; remembered in the project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.is_on = project.setting(_SETTING) == "1"

    def switch(self) -> bool:
        """Turn it on or off; return what it is now."""
        self.is_on = not self.is_on
        self._project.set_setting(_SETTING, "1" if self.is_on else "0")
        return self.is_on
