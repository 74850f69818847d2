"""Patterns that were made in a project, of its entities; and all patterns that went quiet, since they were rejected."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.domain.label_map import LabelMap
from ner_tui.session.place import PredictionOptions
from ner_tui.store.file.connection import damage_as_error

if TYPE_CHECKING:
    from ner_tui.patterns.reading import PatternFile
    from ner_tui.predictors.base import SuggestionSource
    from ner_tui.store.project import Project

SETTING = "own patterns"
OFTEN = 3
"""Rejections of a string with a label from which on patterns no longer suggest it, unless more places have it."""


class OwnPattern(NamedTuple):
    """Words that are suggested with a label wherever they stand."""

    words: str
    label: str


class QuietPattern(NamedTuple):
    """What patterns suggest no longer."""

    words: str
    label: str
    rejected: int
    """How often."""


def own_patterns(project: Project) -> tuple[OwnPattern, ...]:
    """Return the patterns that were made in a project, in that order.

    Raises:
        ProjectError: what the project has in their place is none.
    """
    with damage_as_error(project.path):
        return tuple(
            OwnPattern(str(words), str(label)) for words, label in json.loads(project.setting(SETTING) or "[]")
        )


def put_own_patterns(project: Project, patterns: Sequence[OwnPattern]) -> None:
    """Keep these patterns in place of those that were there."""
    if patterns or project.setting(SETTING):
        project.set_setting(SETTING, json.dumps(patterns, ensure_ascii=False))


def own_options(project: Project) -> PredictionOptions | None:
    """Return what to predict with where a session has nothing else: the patterns, if any were made."""
    made = project.setting(SETTING) and not project.read_only
    return PredictionOptions(None, LabelMap(), "document") if made else None


def pattern_files(
    files: tuple[PatternFile, ...] | None, only: tuple[str, ...]
) -> tuple[Callable[[], SuggestionSource], ...]:
    """Return what loads the patterns of files, for labels that are wanted; nothing where no files are named.

    Files are not kept in a project: what one of a stranger names is not looked up.
    """
    if files is None:
        return ()
    from ner_tui.patterns.source import PatternSource

    return (partial(PatternSource, files, only),)


def quiet_patterns(project: Project) -> tuple[QuietPattern, ...]:
    """Return the strings that were rejected so often with a label that no pattern suggests them so any more."""
    return tuple(
        QuietPattern(words, label, rejected)
        for words, label, rejected, decided in project.teaching.rejected_strings(OFTEN)
        if rejected > decided
    )


class OwnPatterns:
    """The patterns of a project, for whoever makes them."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @property
    def listed(self) -> tuple[OwnPattern, ...]:
        """Those that were made here."""
        return own_patterns(self._project)

    @property
    def quiet(self) -> tuple[QuietPattern, ...]:
        """What patterns suggest no longer, those made here and those of files."""
        return quiet_patterns(self._project)

    def switch(self, words: str, label: str) -> bool:
        """Make a pattern of words, or take it away if there is one; return whether there is one now."""
        there, one = self.listed, OwnPattern(" ".join(words.split()), label)
        is_new = one not in there
        kept = (*there, one) if is_new else tuple(each for each in there if each != one)
        put_own_patterns(self._project, kept)
        return is_new
