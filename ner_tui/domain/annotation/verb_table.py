"""What a person can do to a project, a row for each: its name in journals, its words for people, what it counts as.

A verb is stored by its name here, which never changes: journals hold it. Its words may change.
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
    corrects: bool
    """Whether it says that a suggestion or a decision was wrong, or one was missing; the statistics count these."""
    reach: Reach = "place"
    shrinks: bool = False
    """Whether it makes a span shorter, so that the cursor has to be moved to stay in it."""
    words: str = ""
    """What people read that they did, in the history of a place and when it is undone; empty: its name in journals."""


@unique
class Verb(Enum):
    """What a person did."""

    LABEL = VerbEntry("label", corrects=True)
    RELABEL = VerbEntry("relabel", corrects=True)
    EXTEND_LEFT = VerbEntry("extend left", corrects=True)
    EXTEND_RIGHT = VerbEntry("extend right", corrects=True)
    SHRINK_LEFT = VerbEntry("shrink left", corrects=True, shrinks=True)
    SHRINK_RIGHT = VerbEntry("shrink right", corrects=True, shrinks=True)
    REJECT = VerbEntry("reject", corrects=True)
    DELETE = VerbEntry("delete", corrects=True)
    TAKE_ALTERNATIVE = VerbEntry("take reading", corrects=True)
    FIX_ALL = VerbEntry("fix all", corrects=True)
    ACCEPT = VerbEntry("accept", corrects=False)
    KEEP = VerbEntry("keep", corrects=False, words="gold is right")
    CONFIRM = VerbEntry("confirm", corrects=False, reach="screen")
    FLAG = VerbEntry("flag", corrects=False)
    UNFLAG = VerbEntry("unflag", corrects=False)
    SHOW_SUGGESTIONS = VerbEntry("show suggestions", corrects=False)
    NOTE = VerbEntry("note", corrects=False)
    REMOVE_NOTE = VerbEntry("remove note", corrects=False)
    SPLIT_TOKEN = VerbEntry("split token", corrects=False)
    MERGE_TOKENS = VerbEntry("merge tokens", corrects=False)
    SPLIT_SENTENCE = VerbEntry("split sentence", corrects=False)
    JOIN_SENTENCES = VerbEntry("join sentences", corrects=False)
    ADD_LABEL = VerbEntry("add label", corrects=False)
    DESCRIBE_LABEL = VerbEntry("describe label", corrects=False)
    RECOLOUR_LABEL = VerbEntry("recolour label", corrects=False)
    DELETE_LABEL = VerbEntry("delete label", corrects=False)
    RENAME_LABEL = VerbEntry("rename label", corrects=False)
    MERGE_LABELS = VerbEntry("merge labels", corrects=False, reach="document")
    UNDO = VerbEntry("undo", corrects=False)
    REDO = VerbEntry("redo", corrects=False)
    REREAD = VerbEntry("file changed", corrects=False)
    """A source was read anew: the entry lists what was lost, and what is older is past undo."""
    OTHER = VerbEntry("", corrects=False, words="an edit of a later version")
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
    def words(self) -> str:
        """What people read that they did."""
        return self.value.words or self.value.stored

    @property
    def corrects(self) -> bool:
        """Whether the statistics count it as a correction."""
        return self.value.corrects


_BY_NAME = {verb.stored: verb for verb in Verb}


def verbs_reaching(reach: Reach) -> tuple[Verb, ...]:
    """Return the verbs whose edits may have changed something so far from the cursor."""
    return tuple(verb for verb in Verb if verb.value.reach == reach)
