"""A choice of a person that is on or off, and remembered in the project."""

from __future__ import annotations

from ner_tui.store.project import Project


class ProjectSwitch:
    """Whether something is on."""

    def __init__(self, project: Project, setting: str, *, usual: bool = False) -> None:
        """Take what was chosen last.

        Args:
            project: in which it is remembered.
            setting: its name there.
            usual: what it is where nobody has chosen.
        """
        self._project = project
        self._setting = setting
        kept = project.setting(setting)
        self.is_on = usual if kept is None else kept == "1"

    def switch(self) -> bool:
        """Turn it on or off; return what it is now."""
        self.is_on = not self.is_on
        self._project.set_setting(self._setting, "1" if self.is_on else "0")
        return self.is_on
