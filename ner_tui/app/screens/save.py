"""The dialog to save over the file that was opened: asks first; refuses where somebody else wrote to it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Label

from ner_tui.app.glyphs import printable
from ner_tui.app.jobs import ExportEnded, Exporting, Job, export_job
from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.domain.counting import counted
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from ner_tui.session import Session
    from ner_tui.session.transfer.saving import SaveExtent


class SaveScreen(Dialog[str]):
    """A question and then what came of it; its result is what to tell the person."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "save", "write", show=False),
        Binding("n,escape,q", "cancel", "leave it", show=False),
        Binding("D", "difference", "difference", show=False),
    ]

    def __init__(self, session: Session, extent: SaveExtent) -> None:
        """``extent`` is what would be saved."""
        super().__init__()
        self._session = session
        self._extent = extent
        self._job: Job | None = None
        self._over = False

    def compose(self) -> ComposeResult:
        """Ask."""
        reached = counted(self._extent.decisions, "decision of yours", "decisions of yours")
        if self._extent.documents > 1:
            reached += f", in all {counted(self._extent.documents, 'document')} of the file"
        with VerticalScroll(classes="page", can_focus=False) as page:
            page.border_title = Content("Save")
            page.border_subtitle = clickable(("y or enter writes", "save"), ("n or esc leaves it", "cancel"))
            question = f"Write what is decided into {printable(self._extent.path)} ({reached})? "
            question += "Nothing changes in it but the entities that were changed."
            yield Label(Content(question), id="question", markup=False)
            yield Label("", id="trouble", markup=False)

    def on_unmount(self) -> None:
        """Leave no half of a file behind when the app is left meanwhile."""
        if self._job is not None:
            self._job.stop()

    def action_save(self) -> None:
        """Begin to write."""
        if self._job is not None or self._over:
            return
        try:
            save = self._session.writing.saving()
        except NerTuiError as refused:
            self._say(str(refused))
            return
        self._job = export_job(save, self.post_message)
        self._say("writing…  esc stops")
        self._job.start()

    def action_cancel(self) -> None:
        """Stop the writing that is under way, or close."""
        if self._job is None:
            self.dismiss("")
        else:
            self._job.cancel()

    def action_difference(self) -> None:
        """Show how the file on disk differs from what was read."""
        from ner_tui.app.screens.text_page import TextPageScreen

        try:
            lines = self._session.writing.changes_on_disk()
        except NerTuiError as failed:
            self._say(str(failed))
            return
        text = Content("\n".join(printable(line) for line in lines))
        self.app.push_screen(TextPageScreen("What changed on disk", text))

    @on(Exporting)
    def _came_so_far(self, message: Exporting) -> None:
        self._say(f"{message.progress.share:.0%} written  esc stops")

    @on(ExportEnded)
    def _ended(self, message: ExportEnded) -> None:
        self._job = None
        if message.report is not None:
            # What the file brought is written, too, and is nobody's work here.
            yours = counted(self._extent.decisions, "decision of yours", "decisions of yours")
            saved = f"saved {yours} to" if self._extent.decisions else "no entity is a decision of yours: saved"
            self.dismiss("; ".join([f"{saved} {message.report.path}", *message.report.changes]))
        elif message.error:
            self._over = True
            self.query_one(".page").border_subtitle = clickable(
                ("D shows the difference on disk", "difference"), ("esc closes", "cancel")
            )
            self._say(message.error)
        else:
            self._say("stopped: the file is as it was")

    def _say(self, words: str) -> None:
        self.query_one("#trouble", Label).update(Content(printable(words)))
