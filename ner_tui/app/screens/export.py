"""Exporting: asks where to, in which format and scheme, and writes the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, Label, RadioButton, RadioSet

from ner_tui.errors import NerTuiError
from ner_tui.session import WriteRequest

if TYPE_CHECKING:
    from ner_tui.session import Session

_FORMATS = {
    "conll": ("conll", "word and tag"),
    "conll2003": ("conll", "word POS chunk tag"),
    "jsonl": ("jsonl", "JSON Lines: spans and scores"),
}
"""Format: its file extension, and what people are told of it."""
_SCHEMES = {
    "": "as in the source, or IOB2",
    "iob2": "IOB2",
    "iob1": "IOB1",
    "bioes": "BIOES",
    "bilou": "BILOU",
    "io": "IO",
}
"""Tag scheme, and what people are told of it."""


class _Radio(RadioButton):
    """A radio button that tells on from off by more than a shade."""

    def render(self) -> Content:
        self.BUTTON_INNER = "●" if self.value else "○"
        return super().render()


class _Check(Checkbox):
    """A checkbox that tells on from off by more than a shade."""

    def render(self) -> Content:
        self.BUTTON_INNER = "X" if self.value else " "
        return super().render()


class ExportScreen(ModalScreen[str]):
    """A dialog; its result is what to tell the person."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False),
        Binding("ctrl+s", "export", "export", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out the questions."""
        path = Path(self._session.project_path).with_suffix(".conll")
        with VerticalScroll(classes="page", can_focus=False) as page:
            page.border_title = Content("Export")
            page.border_subtitle = Content("enter exports · tab moves · esc cancels")
            yield Label("File", markup=False)
            yield Input(str(path), id="path", compact=True, select_on_focus=False)
            with Horizontal(id="choices"):
                with RadioSet(id="format", compact=True):
                    for name, (_, words) in _FORMATS.items():
                        yield _Radio(Content(f"{name}: {words}"), value=name == "conll", name=name)
                with RadioSet(id="scheme", compact=True):
                    for name, words in _SCHEMES.items():
                        yield _Radio(Content(words), value=not name, name=name)
            yield _Check(Content("only confirmed sentences"), id="reviewed", compact=True)
            yield Label("", id="trouble", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Export", id="export", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    @on(RadioSet.Changed, "#format")
    def _format_changed(self) -> None:
        """Give the path the extension of the format, if it has that of another."""
        path = self.query_one("#path", Input)
        known = {f".{extension}" for extension, _ in _FORMATS.values()}
        if Path(path.value).suffix in known:
            path.value = str(Path(path.value).with_suffix(f".{_FORMATS[self._chosen('format')][0]}"))

    @on(Input.Submitted)
    @on(Button.Pressed, "#export")
    def _wanted(self) -> None:
        self.action_export()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Close without exporting."""
        self.dismiss("")

    def action_export(self) -> None:
        """Write the file; where that fails, say why and stay."""
        path = self.query_one("#path", Input).value.strip()
        if not path:
            self._say("name a file to export to")
            return
        only = self.query_one("#reviewed", Checkbox).value
        try:
            request = WriteRequest(self._chosen("format"), self._chosen("scheme") or None, only_reviewed=only)
            report = self._session.export(str(Path(path).expanduser()), request)
        except NerTuiError as refused:
            self._say(str(refused))
        else:
            self.dismiss(f"exported {report}")

    def _say(self, trouble: str) -> None:
        self.query_one("#trouble", Label).update(Content(trouble))

    def _chosen(self, what: str) -> str:
        pressed = self.query_one(f"#{what}", RadioSet).pressed_button
        assert pressed is not None
        assert pressed.name is not None
        return pressed.name
