"""How a person likes the screen: layout, panes and theme, kept in a file of theirs from one session to the next.

Panes and layout are kept for the kind of window that they were chosen in: what suits a wide one covers a narrow one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_NAME = "view.json"
_LARGEST = 1 << 16
"""Bytes of the file that are read."""


@dataclass(slots=True)
class KeptView:
    """Choices by name; without a path they last as long as the program."""

    path: Path | None = None
    choices: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_person(cls) -> KeptView:
        """Return what is kept of the person whose account this is; of what cannot be read, nothing."""
        from platformdirs import user_state_path

        path = user_state_path("ner-tui", appauthor=False) / _NAME
        with suppress(OSError, ValueError, RecursionError), path.open("rb") as file:
            kept = json.loads(file.read(_LARGEST))
            if isinstance(kept, dict):
                return cls(path, {name: value for name, value in kept.items() if isinstance(value, str)})
        return cls(path)

    def panes(self, *, wide: bool) -> bool | None:
        """Return whether the side panes are to be shown in a window of this kind; None if nobody said."""
        return self._switch("panes", wide=wide)

    def keep_panes(self, shown: bool, *, wide: bool) -> None:
        """Keep whether the side panes are shown in a window of this kind."""
        self._keep(_of("panes", wide=wide), "on" if shown else "off")

    def roomy(self, *, wide: bool) -> bool | None:
        """Return whether labels have rows of their own in a window of this kind; None if nobody said."""
        return self._switch("roomy", wide=wide)

    def keep_roomy(self, roomy: bool, *, wide: bool) -> None:
        """Keep whether labels have rows of their own in a window of this kind."""
        self._keep(_of("roomy", wide=wide), "on" if roomy else "off")

    @property
    def theme(self) -> str:
        """The theme that was chosen last, or nothing."""
        return self.choices.get("theme", "")

    @theme.setter
    def theme(self, name: str) -> None:
        self._keep("theme", name)

    def _switch(self, name: str, *, wide: bool) -> bool | None:
        return {"on": True, "off": False}.get(self.choices.get(_of(name, wide=wide), ""))

    def _keep(self, name: str, value: str) -> None:
        self.choices[name] = value
        if self.path is None:
            return
        from ner_tui.formats.files.atomic import put_text

        # Where nothing can be written it is as it always is the next time.
        with suppress(OSError, ValueError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            put_text(self.path, json.dumps(self.choices, indent=2, sort_keys=True) + "\n")


def _of(name: str, *, wide: bool) -> str:
    return f"{name}, {'large' if wide else 'small'} window"
