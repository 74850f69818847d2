"""What a person can do to a project, one row for each: how the journal names it, how it is told, what it counts as.

A verb is stored by its name here, which never changes: journals hold it. How it is told may change.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import Literal, NamedTuple

Reach = Literal["place", "screen", "document"]
"""How far from the cursor an edit may have changed something: near it, in all that was in sight, or anywhere."""


class VerbEntry(NamedTuple):
    """A row of the table."""

    stored: str
    """Its name in journals."""
    told: str
    """What people are told that they did, in the history of a place and when it is undone."""
    corrects: bool
    """Whether it says that a suggestion or a decision was wrong, or one was missing; the statistics count these."""
    reach: Reach = "place"
    shrinks: bool = False
    """Whether it makes a span shorter, so that the cursor has to be moved to stay in it."""


@unique
class Verb(Enum):
    """What a person did."""

    LABEL = VerbEntry("label", "label", corrects=True)
    RELABEL = VerbEntry("relabel", "relabel", corrects=True)
    EXTEND_LEFT = VerbEntry("extend left", "extend left", corrects=True)
    EXTEND_RIGHT = VerbEntry("extend right", "extend right", corrects=True)
    SHRINK_LEFT = VerbEntry("shrink left", "shrink left", corrects=True, shrinks=True)
    SHRINK_RIGHT = VerbEntry("shrink right", "shrink right", corrects=True, shrinks=True)
    REJECT = VerbEntry("reject", "reject", corrects=True)
    DELETE = VerbEntry("delete", "delete", corrects=True)
    TAKE_ALTERNATIVE = VerbEntry("take reading", "take reading", corrects=True)
    FIX_ALL = VerbEntry("fix all", "fix all", corrects=True)
    ACCEPT = VerbEntry("accept", "accept", corrects=False)
    CONFIRM = VerbEntry("confirm", "confirm", corrects=False, reach="screen")
    FLAG = VerbEntry("flag", "flag", corrects=False)
    UNFLAG = VerbEntry("unflag", "unflag", corrects=False)
    SHOW_SUGGESTIONS = VerbEntry("show suggestions", "show suggestions", corrects=False)
    NOTE = VerbEntry("note", "note", corrects=False)
    REMOVE_NOTE = VerbEntry("remove note", "remove note", corrects=False)
    SPLIT_TOKEN = VerbEntry("split token", "split token", corrects=False)
    MERGE_TOKENS = VerbEntry("merge tokens", "merge tokens", corrects=False)
    SPLIT_SENTENCE = VerbEntry("split sentence", "split sentence", corrects=False)
    JOIN_SENTENCES = VerbEntry("join sentences", "join sentences", corrects=False)
    ADD_LABEL = VerbEntry("add label", "add label", corrects=False)
    DESCRIBE_LABEL = VerbEntry("describe label", "describe label", corrects=False)
    RENAME_LABEL = VerbEntry("rename label", "rename label", corrects=False)
    MERGE_LABELS = VerbEntry("merge labels", "merge labels", corrects=False, reach="document")
    UNDO = VerbEntry("undo", "undo", corrects=False)
    REDO = VerbEntry("redo", "redo", corrects=False)
    REREAD = VerbEntry("file changed", "file changed", corrects=False)
    """A source was read anew: the entry lists what was lost, and what is older is past undo."""
    OTHER = VerbEntry("", "an edit of a later version", corrects=False)
    """What this version does not know; it is read, and never written."""

    @classmethod
    def named(cls, stored: str) -> Verb:
        """Return the verb that journals call ``stored``; ``OTHER`` for a name that a later version has added."""
        return _BY_NAME.get(stored, Verb.OTHER)

    @property
    def stored(self) -> str:
        """Its name in journals."""
        return self.value.stored

    @property
    def told(self) -> str:
        """What people are told that they did."""
        return self.value.told

    @property
    def corrects(self) -> bool:
        """Whether the statistics count it as a correction."""
        return self.value.corrects


_BY_NAME = {verb.stored: verb for verb in Verb}


def verbs_reaching(reach: Reach) -> tuple[Verb, ...]:
    """Return the verbs whose edits may have changed something so far from the cursor."""
    return tuple(verb for verb in Verb if verb.value.reach == reach)
