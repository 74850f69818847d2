"""What a person asked for when files were read, kept in the project to read them again in the same way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from ner_tui.domain.spelling import Spelling, spelling_of
from ner_tui.store.project import Project

_TAG_NAMES = "tag names"
"""The setting that keeps the names of tags that are numbers."""


class AskedFor(NamedTuple):
    """How a source was read."""

    after: int = 0
    """The journal's last entry then."""
    ignore_tags: bool = False
    """Whether a person wanted its words alone."""
    text: str | None = None
    """Of a table, the column of the texts that was named."""
    tags_as: tuple[str, ...] = ()
    """How its tags are spelled, as examples that ``spelling_of`` takes; empty: nobody had to say."""


def keep_asked_for(project: Project, source: int, asked: AskedFor) -> None:
    """Keep how a source was read."""
    project.set_setting(f"source {source}", json.dumps(asked))


def asked_for(project: Project, source: int) -> AskedFor:
    """Return how a source was read."""
    asked = AskedFor(*json.loads(project.setting(f"source {source}") or "[]"))
    return asked._replace(tags_as=tuple(asked.tags_as))


def spelling_shown(examples: Sequence[str]) -> Spelling | None:
    """Return the spelling of tags that examples show; None where there are none."""
    return spelling_of(examples) if examples else None


def keep_tag_names(project: Project, names: Sequence[str]) -> None:
    """Keep the names of tags that are numbers for the files of a project."""
    project.set_setting(_TAG_NAMES, json.dumps(list(names), ensure_ascii=False))


def kept_tag_names(project: Project) -> tuple[str, ...]:
    """Return the names of tags that are numbers in the files of a project."""
    return tuple(json.loads(project.setting(_TAG_NAMES) or "[]"))
