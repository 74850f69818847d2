"""Exporting: asks where to, in which format and scheme, and has the file written while the screen stays alive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, RadioButton, RadioSet

from ner_tui.app.glyphs import printable
from ner_tui.app.jobs import ExportEnded, Exporting, Job, export_job
from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.widgets.text_line import TextLine
from ner_tui.domain.counting import counted
from ner_tui.domain.schemes import SCHEMES
from ner_tui.errors import NerTuiError
from ner_tui.session import WriteRequest, output_formats

if TYPE_CHECKING:
    from ner_tui.session import ExportProgress, ExportReport, Session

AS_OPENED = ""
"""In place of a format's name: files with tags as they were opened, with what was corrected in them."""
DEFAULT = "conll"
"""The format that is chosen to begin with, where no file can be exported as it was opened."""
DECIDED, WITH_SUGGESTIONS, CONFIRMED = "decided", "with-suggestions", "confirmed"
"""What of the project is written."""
_BAR = 24
"""Cells of the progress bar."""


class _Radio(RadioButton):
    """A radio button that tells on from off by more than a shade."""

    def render(self) -> Content:
        self.BUTTON_INNER = "●" if self.value else "○"
        return super().render()


class _Radios(RadioSet):
    """Radio buttons among which enter means what it means in the whole dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.export", "export", show=False)]


class ExportScreen(Dialog[str]):
    """A dialog; its result is what to tell the person. What each choice of spans comes to is there before it writes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False),
        Binding("ctrl+s", "export", "export", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._formats = {each.name: each for each in output_formats()}
        self._own = self._formats[DEFAULT].extension
        """The suffix of what comes back as it was opened."""
        self._job: Job | None = None
        self._download: TemporaryDirectory[str] | None = None
        """Where a file waits for the browser to take it."""

    def compose(self) -> ComposeResult:
        """Lay out the questions."""
        with_tags, files = self._session.writing.files_with_tags()
        # Several files become one where a file is named: each as it was opened is for a folder.
        chosen = AS_OPENED if len(with_tags) == files == 1 else DEFAULT
        if chosen == AS_OPENED:
            self._own = with_tags[0] or self._own
        path = Path(self._session.project_path).with_suffix(self._own)
        with VerticalScroll(classes="page", can_focus=False) as page:
            page.border_title = Content("Export")
            page.border_subtitle = clickable(("enter exports", "export"), ("tab moves", ""), ("esc cancels", "cancel"))
            # A browser takes a file wherever it takes its downloads.
            asked = "File to download" if self.app.is_web else "File, or folder/ for a file of each document"
            yield Label(asked, markup=False)
            yield TextLine(path.name if self.app.is_web else str(path), id="path", compact=True, select_on_focus=False)
            yield Label(Content(self._extent(str(path), DECIDED)), id="extent", markup=False)
            # Beside the path, which has the focus: what stands at the end is out of sight on a small screen.
            for what in ("progress", "trouble"):
                label = Label("", id=what, markup=False)
                label.display = False
                yield label
            with _Radios(id="spans", compact=True):
                for name, words in self._choices_of_spans():
                    yield _Radio(Content(words), value=name == DECIDED, name=name)
            with Horizontal(id="choices"):
                with _Radios(id="format", compact=True):
                    if with_tags:
                        yield _Radio("as opened, with corrections", value=chosen == AS_OPENED, name=AS_OPENED)
                    for each in self._formats.values():
                        yield _Radio(Content(f"{each.name}: {each.choice}"), value=each.name == chosen, name=each.name)
                with _Radios(id="scheme", compact=True):
                    yield _Radio(Content("as in the source, or IOB2"), value=True, name="")
                    for name, scheme in SCHEMES.items():
                        yield _Radio(Content(scheme.title), name=name)
            with Horizontal(id="buttons"):
                yield Button("Export", id="export", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def _choices_of_spans(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each choice, and what is written then."""
        counts = self._session.row()
        decided = counted(counts.spans, "decided entity", "decided entities")
        suggested = counted(counts.suggestions, "open suggestion")
        yield DECIDED, f"{decided}, without {suggested}"
        yield WITH_SUGGESTIONS, f"{decided} and {suggested}"
        yield CONFIRMED, f"only confirmed sentences: {counts.confirmed:,} of {counts.sentences:,}"

    def _extent(self, path: str, spans: str) -> str:
        """Return what would be written, and where to."""
        counts, file = self._session.row(), Path(os.path.expanduser(path.strip()))  # noqa: PTH111
        replaced = file.is_file() and not self.app.is_web
        decided = counted(counts.spans, "decided entity", "decided entities")
        suggested = counted(counts.suggestions, "open suggestion")
        what = {
            DECIDED: f"{decided}, and leaves out {suggested}",
            WITH_SUGGESTIONS: f"{decided} and, as if decided too, {suggested}",
            CONFIRMED: f"what is decided in {counts.confirmed:,} of {counted(counts.sentences, 'sentence')}",
        }[spans]
        replaces = ", in place of the file there" if replaced else ""
        return f"enter writes {what}{replaces}"

    @on(Input.Changed, "#path")
    @on(RadioSet.Changed, "#spans")
    def _other_extent(self) -> None:
        self.query_one("#extent", Label).update(
            Content(self._extent(self.query_one("#path", Input).value, self._chosen("spans")))
        )

    def on_unmount(self) -> None:
        """Leave no half of a file behind when the app is left meanwhile."""
        if self._job is not None:
            self._job.stop()

    @on(RadioSet.Changed, "#format")
    def _format_changed(self) -> None:
        """Give the path the extension of the format, if it has that of another."""
        path, chosen = self.query_one("#path", Input), self._chosen("format")
        extension = self._own if chosen == AS_OPENED else self._formats[chosen].extension
        if Path(path.value).suffix in {self._own, *(each.extension for each in self._formats.values())}:
            path.value = str(Path(path.value).with_suffix(extension))

    @on(Input.Submitted)
    @on(Button.Pressed, "#export")
    def _wanted(self) -> None:
        self.action_export()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Stop the export that is under way, or else close without exporting."""
        if self._job is None:
            self.dismiss("")
        else:
            self._job.cancel()
            self._say("stopping…")

    def action_export(self) -> None:
        """Begin to write the file."""
        if self._job is not None:
            return
        path = self.query_one("#path", Input).value.strip()
        if not path:
            self._say(trouble="name a file to export to")
            return
        if wrong := self._misnamed(path):
            self._say(trouble=wrong)
            return
        spans = self._chosen("spans")
        request = WriteRequest(
            self._chosen("format") or None,
            self._chosen("scheme") or None,
            only_confirmed=spans == CONFIRMED,
            with_suggestions=spans == WITH_SUGGESTIONS,
        )
        if self.app.is_web:
            if path.endswith("/") or not Path(path).name:
                self._say(trouble="a browser takes one file: name a file")
                return
            self._download = TemporaryDirectory(prefix="ner-tui-")
            path = str(Path(self._download.name, Path(path).name))
        # A path object loses the slash at the end of a folder's name.
        slash = "/" if path.endswith("/") else ""
        try:
            export = self._session.writing.exporting(f"{Path(os.path.expanduser(path))}{slash}", request)  # noqa: PTH111
        except NerTuiError as refused:
            self._say(trouble=str(refused))
            return
        self._job = export_job(export, self.post_message)
        self._say("writing…  esc stops")
        self._job.start()

    def _misnamed(self, path: str) -> str:
        """Return why a file of the chosen format cannot have this name: it is that of others; empty if it can."""
        chosen = self._formats.get(self._chosen("format"))
        # What comes back as it was opened tells so itself.
        if chosen is None or path.endswith("/") or not chosen.is_misnamed(path):
            return ""
        return f"{Path(path).name} is no name for {chosen.name}: call it {chosen.extension}, or choose its format"

    @on(Exporting)
    def _came_so_far(self, message: Exporting) -> None:
        if self._job is not None and not self._job.cancelled:
            self._say(_progress(message.progress))

    @on(ExportEnded)
    def _ended(self, message: ExportEnded) -> None:
        """Close, or stay and say why nothing was written."""
        self._job = None
        if message.report is not None:
            self._deliver(message.report)
            self.dismiss(_told(message.report))
        elif message.error:
            self._say(trouble=message.error)
        else:
            self._say("stopped: nothing was written, what was there before is still there")

    def _deliver(self, report: ExportReport) -> None:
        """Give the file to the browser, if there is one, and keep it nowhere."""
        if self._download is not None:
            file = Path(report.path)
            # It is open when this returns, and needs its name no more.
            self.app.deliver_binary(file, mime_type="application/octet-stream")
            self._download.cleanup()
            report.path = f"{file.name}, which the browser takes as a download"

    def _say(self, progress: str = "", *, trouble: str = "") -> None:
        for what, words in ("progress", progress), ("trouble", trouble):
            label = self.query_one(f"#{what}", Label)
            label.update(Content(printable(words)))
            label.display = bool(words)
        self.query_one("#path", Input).scroll_visible(animate=False, top=True)

    def _chosen(self, what: str) -> str:
        pressed = self.query_one(f"#{what}", RadioSet).pressed_button
        assert pressed is not None
        assert pressed.name is not None
        return pressed.name


def _progress(progress: ExportProgress) -> str:
    done = round(progress.share * _BAR)
    bar = "█" * done + "─" * (_BAR - done)
    return f"{bar} {progress.done_words:,} of {progress.total_words:,} tokens  esc stops"


def _told(report: ExportReport) -> str:
    more = f" and {len(report.changes) - 1:,} more" if len(report.changes) > 1 else ""
    changes = f"; {report.changes[0]}{more}" if report.changes else ""
    return f"exported {report}{changes}"
