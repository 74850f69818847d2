"""The keys with which something leaves the project, and the page that says how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.keymap import first_key
from ner_tui.app.queue_walk import WalkStart
from ner_tui.app.screens.review.prefix_keys import PrefixKeys
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.auditing import Estimate


class OutcomeKeys(PrefixKeys):
    """The actions of exporting, of writing back, and of the summary."""

    def action_export(self) -> None:
        """Ask where to and how, and export."""
        if not self._all_on_disk("export"):
            return
        from ner_tui.app.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(self.session), self._tell_outcome)

    def action_save(self) -> None:
        """Ask, and write the open document's decisions into the file it came from."""
        if not self._all_on_disk("save"):
            return
        try:
            extent = self.session.writing.save_extent()
        except NerTuiError as refused:
            self.messages.tell(str(refused))
            return
        from ner_tui.app.screens.save import SaveScreen

        self.app.push_screen(SaveScreen(self.session, extent), self._tell_outcome)

    def show_summary(self, found: Estimate | None = None) -> None:
        """Say how it went, what a second reading that is over says, and what can be done next."""
        if self.session.sample is not None:
            self.messages.tell("every sentence of the sample is confirmed")
            return
        from ner_tui.app.screens.summary import SummaryScreen

        self.messages.tell("every sentence is confirmed")
        summary = SummaryScreen(self.session, found, first_key(self.KEYS, "project.save"))
        self.app.push_screen(summary, self._go_on_after_summary)

    def _go_on_after_summary(self, wanted: str | None) -> None:
        if wanted == "reread":
            reading, entries = self.session.queue.second_reading()
            self.leave_order()
            self.go_to_stop(self.walk.begin(WalkStart(self.walk.wanted, entries, 0, second_reading=reading)))
        elif wanted == "export":
            self.action_export()
        elif wanted == "save":
            self.action_save()
        elif wanted == "more":
            self.action_prefix("z")

    def _tell_outcome(self, notice: str | None) -> None:
        if notice:
            self.messages.tell(notice)

    def _all_on_disk(self, what: str) -> bool:
        """Whether a worker that reads the project file finds all that is drawn; tells so if not."""
        if self.session.unsaved and not self.session.save_pending():
            self.messages.tell(f"{what} would leave out what is not saved")
            return False
        if what == "save" and self.session.read_only:
            self.messages.tell("this session is read-only: nothing can be changed")
            return False
        return True
