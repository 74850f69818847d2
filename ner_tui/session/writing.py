"""What leaves a project: files that are made of it, and those that it came from saved over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ner_tui.session.open_document import OpenDocument
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.session.transfer.exporting import Export, WriteRequest
    from ner_tui.session.transfer.saving import Save, SaveExtent


class Writing:
    """Writes what is decided in a session; the work itself is for a thread."""

    def __init__(self, project: Project, document: Callable[[], OpenDocument]) -> None:
        self._project = project
        self._document = document

    def exporting(self, path: str, request: WriteRequest) -> Export:
        """Return the writing of what is decided to a file or into a folder, as work for a thread.

        It is done in one piece or not at all, and can be watched and stopped.

        Raises:
            ProjectError: the project is not in its place any more.
        """
        self._project.check_in_place()
        from ner_tui.session.transfer.exporting import Export

        return Export(self._project.path, path, request)

    def files_with_tags(self) -> tuple[list[str], int]:
        """Return the suffixes of the files that can be exported as they were opened, and how many files there are."""
        from ner_tui.formats.files.compression import suffix_of
        from ner_tui.session.transfer.corrected import has_tags

        sources = [stored for _, stored in self._project.content.sources()]
        return [suffix_of(stored.path) for stored in sources if has_tags(stored)], len(sources)

    def saving(self) -> Save:
        """Return the writing of the open document's decisions into the file it came from, as work for a thread.

        Raises:
            ProjectError: the project is not in its place any more.
        """
        self._project.check_in_place()
        from ner_tui.session.transfer.saving import Save

        return Save(self._project.path, self._document().id)

    def save_extent(self) -> SaveExtent:
        """Return what ``saving`` reaches.

        Raises:
            InputError: nothing can be saved into the file that the open document came from.
        """
        from ner_tui.session.transfer.saving import save_extent

        return save_extent(self._project, self._document().id)

    def changes_on_disk(self) -> list[str]:
        """Return how the open document's file differs from what was read, as lines of a difference."""
        from ner_tui.session.transfer.saving import changes_on_disk

        return changes_on_disk(self._project, self._document().id)
