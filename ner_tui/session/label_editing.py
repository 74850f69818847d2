"""The project's list of labels, changed by a person or a model; what a person changes is journalled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.domain.annotation import relabelling
from ner_tui.domain.annotation.edits import Edit
from ner_tui.domain.counting import counted
from ner_tui.domain.labels import LabelSet
from ner_tui.errors import EditRefused
from ner_tui.store.project import WHOLE, Project

if TYPE_CHECKING:
    from ner_tui.session.prediction import ModelReady


class LabelEditing:
    """Adds, describes, recolours, deletes, renames and merges labels.

    All of them raise ``EditRefused`` with the reason where it makes no sense, and return what to tell the person.
    """

    def __init__(self, project: Project, clock: Callable[[], float], annotator: str) -> None:
        self._project = project
        self._clock = clock
        self._annotator = annotator

    @property
    def labels(self) -> LabelSet:
        """The labels as they are now."""
        return self._project.labels

    def add(self, name: str, description: str = "") -> str:
        """Put a label at the end of the list."""
        edit = relabelling.add_label(self.labels, name, description)
        self._apply(edit)
        label = self.labels.labels[-1]
        return f"added {label.name}, key {label.key}" if label.key else f"added {label.name}"

    def describe(self, name: str, description: str) -> str:
        """Say what a label is for; empty text takes it back."""
        self._apply(relabelling.describe_label(self.labels, name, description))
        return f"described {name}"

    def recolour(self, name: str) -> str:
        """Give a label the next colour."""
        self._apply(relabelling.recolour_label(self.labels, name))
        return f"{name} has another colour"

    def delete(self, name: str) -> str:
        """Take a label that nothing carries off the list."""
        self._require_read()
        edit = relabelling.delete_label(self.labels, name)
        if number := self._project.label_list.carried(name):
            raise EditRefused(
                f"{name} stands in {counted(number, 'place')}: merge it into another label, or remove it there"
            )
        self._apply(edit)
        return f"deleted {name}"

    def rename(self, old: str, new: str) -> str:
        """Call a label by a name that nothing carries yet, wherever it stands in the project."""
        self._require_read()
        edit = relabelling.rename_label(self.labels, self._project.label_list.aliases, old, new)
        if self._project.label_list.carried(new.strip()):
            raise EditRefused(f"{new.strip()} is in use already: add it as a label, then merge {old} into it")
        if self._project.label_list.is_read(new.strip()):
            raise EditRefused(f"{new.strip()} was merged into another label before: undo that, or choose another name")
        number = self._project.label_list.carried(old)
        self._apply(edit)
        return f"{old} is called {new.strip()} now, in {counted(number, 'place')}"

    def merge(self, old: str, into: str) -> str:
        """Give everything that carries ``old`` the label ``into``, and take ``old`` off the list."""
        self._require_read()
        head = relabelling.unlist_merged(self.labels, self._project.label_list.aliases, old, into)
        number = self._project.label_list.carried(old)
        edits: list[tuple[int, Callable[[], Edit | None]]] = [(WHOLE, lambda: head)]
        for document in self._project.label_list.documents_with(old):
            edits.append((document, partial(self._merged, document, old, into)))
        self._project.journal.apply_all(edits, time=self._clock(), annotator=self._annotator)
        return f"merged {old} into {into}, in {counted(number, 'place')}"

    def take_from_model(self, ready: ModelReady, *, fixed: bool) -> str:
        """List the labels that a model can suggest, unless the list is ``fixed``; return what to tell, or nothing."""
        if not fixed:
            # One that was renamed since the model was asked is known by its other name.
            aliases = self._project.label_list.aliases
            listed = self.labels.with_names(name for name in ready.labels if name not in aliases)
            # A model that is made ready again has nothing to add, and nobody waits for the file.
            if listed != self.labels:
                self._project.labels = listed
        if not ready.unmapped:
            return ""
        what = "are not suggested" if fixed else "were added to the project's labels"
        return f"labels of the model that the project did not have {what}: {', '.join(ready.unmapped)} (see --map)"

    def carried(self, name: str) -> int:
        """Return how many decisions, rejections and suggestions carry a label."""
        return self._project.label_list.carried(name)

    def _require_read(self) -> None:
        # Further down a file may say the old name, or mean something of its own by the new one.
        for unread in self._project.bulk_insert.unread():
            name = Path(unread.path).name
            what = "labels can be renamed, merged and deleted"
            raise EditRefused(f"{name} is still being read: {what} when it is there whole")

    def _merged(self, document: int, old: str, into: str) -> Edit | None:
        return relabelling.merge_items(*self._project.items.carrying(document, (old, into)), old, into)

    def _apply(self, edit: Edit) -> None:
        self._project.journal.apply(WHOLE, edit, time=self._clock(), annotator=self._annotator)
