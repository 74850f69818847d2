"""Patterns at work in a project: those of files, those made in it, without what was rejected too often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

from ner_tui.session.own_patterns import SETTING, OwnPattern, own_patterns, quiet_patterns

if TYPE_CHECKING:
    from ner_tui.patterns.source import PatternSource
    from ner_tui.store.project import Project

Make = Callable[[tuple[OwnPattern, ...]], "PatternSource"]


@dataclass(slots=True)
class PatternRun:
    """A source of patterns whose words change while it is at work; then all is to be matched anew."""

    project: Project
    source: PatternSource | None
    make: Make | None = None
    """Makes the source of the patterns that the project has now; None: they are those of files."""
    id: int = 0
    """Of the run that the words of now are."""
    _seen: object = None
    """What was decided and made when it was looked last."""

    def refresh(self) -> None:
        """See whether other patterns are there, or others have gone quiet; that is cheap."""
        made = self.project.setting(SETTING) if self.make else None
        now = (self.project.decided_version(), made)
        if now == self._seen:
            return
        if self.make and made is not None and (self._seen is None or made != self._seen[1]):  # type: ignore[index]
            self.source = self.make(own_patterns(self.project))
        self._seen = now
        if self.source is not None:
            self.source.hush((each.words, each.label) for each in quiet_patterns(self.project))
            self.id = self.project.predictions.begin(self.source.run, time=time())
