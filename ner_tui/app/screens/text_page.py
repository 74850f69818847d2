"""A page of plain text over the review screen, for the keys and for the messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import COMMANDS, LABEL_KEYS, key_names
from ner_tui.app.screens.dialog import Dialog

if TYPE_CHECKING:
    from ner_tui.app.keymap import Command
    from ner_tui.domain.labels import LabelSet

_KEY_CELLS = 28


class TextPageScreen(Dialog[None]):
    """Shows a text until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,m,M,question_mark,f1,enter", "dismiss", "close", show=False),
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("J,space,pagedown", "page(1)", "page down", show=False),
        Binding("K,pageup", "page(-1)", "page up", show=False),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Put the text into a frame that scrolls."""
        with VerticalScroll(classes="page", can_focus=False) as page:
            page.border_title = Content(self._title)
            page.border_subtitle = Content("esc closes")
            yield Static(self._text, markup=False)

    def action_scroll(self, step: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        """Scroll by a page."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=step * max(1, page.size.height - 2), animate=False)


def keys_screen(commands: Iterable[Command], labels: LabelSet) -> TextPageScreen:
    """Return a page with the keys of ``commands``, as they are now."""
    shown_keys = {each.id: key_names(filter(None, each.keys.split(","))) or "no key" for each in commands}
    parts: list[Content] = []
    for group in dict.fromkeys(command.group for command in COMMANDS):
        parts.append(Content.styled(f"{group}\n", "bold underline"))
        lines = [(shown_keys[c.id], c.description) for c in COMMANDS if c.group == group]
        if group == "Labels":
            named = [(label, shown_keys[f"label.{label.key}"]) for label in labels if label.key in [*LABEL_KEYS]]
            lines = [(key, f"label as {printable(label.name)}") for label, key in named] + lines
        parts.extend(Content(f"  {shown:<{_KEY_CELLS}} {words}\n") for shown, words in lines)
        parts.append(Content("\n"))
    parts.append(Content(_SIGNS))
    return TextPageScreen("Keys", Content("").join(parts))


def messages_screen(messages: Iterable[str]) -> TextPageScreen:
    """Return a page with all notices, the newest first."""
    lines = [f"· {printable(text)}" for text in messages]
    return TextPageScreen("Messages", Content("\n".join(lines) or "nothing was said yet"))


_SIGNS = """\
Signs
  solid block                  decided: by the file or by you
  underlined, LOC? .91         suggested by the model, with its probability
  underlined twice, LOC?? .48  a doubtful suggestion: keys that confirm leave it to you
  italic, (LOC .22)            below the threshold, if you show those: left out unless you take it up
  LOC≠ORG                      the model disagrees with what was decided
  ● ◐ ⚑                        sentence confirmed, in progress, flagged
  ✎ !                          a note, an illegal tag or another problem in the source
  mouse                        click: cursor · drag: select · double click: entity · click a label: label it
"""
