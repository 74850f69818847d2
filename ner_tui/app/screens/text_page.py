"""A page of plain text over the review screen, for the keys and for the messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from ner_tui.app.glyphs import printable
from ner_tui.app.keymap import COMMANDS, LABEL_KEYS, key_names
from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.widgets.first_card import card
from ner_tui.app.widgets.text_line import TextLine

if TYPE_CHECKING:
    from ner_tui.app.keymap import Command
    from ner_tui.domain.labels import LabelSet

_KEY_CELLS = 28
_WIDEST, _SHARE, _AROUND = 96, 0.9, 5
"""Of a page: cells at the most, of the window, and of that what is no text; as its styles have it."""


class TextPageScreen(Dialog[None]):
    """Shows a text until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "close", "close", show=False),
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("J,space,pagedown", "page(1)", "page down", show=False),
        Binding("K,pageup", "page(-1)", "page up", show=False),
        Binding("g,home", "edge(-1)", "beginning", show=False),
        Binding("G,end", "edge(1)", "end", show=False),
        Binding("slash", "search", "search", show=False),
        Binding("n", "next(1)", "next hit", show=False),
        Binding("p", "next(-1)", "previous hit", show=False),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._input = TextLine("", id="page-search", compact=True, placeholder="search", disabled=True)
        self._hit = -1
        """The line that was found last, or what was looked for and not found is before all."""

    def compose(self) -> ComposeResult:
        """Put the text into a frame that scrolls."""
        with VerticalScroll(classes="page", can_focus=False) as page:
            page.border_title = Content(self._title)
            page.border_subtitle = clickable(
                ("space more", "page(1)"), ("g G ends", ""), ("/ search", "search"), ("esc closes", "close")
            )
            yield Static(self._text, markup=False, id="page-text")
        yield self._input

    def action_scroll(self, step: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_edge(self, step: int) -> None:
        """Go to the beginning or the end."""
        page = self.query_one(VerticalScroll)
        page.scroll_to(y=0 if step < 0 else page.max_scroll_y, animate=False)

    def action_search(self) -> None:
        """Type what to look for."""
        self._input.disabled = False
        self._input.focus()

    @on(Input.Changed, "#page-search")
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._hit = -1
        self.action_next(1)

    @on(Input.Submitted, "#page-search")
    def _searched(self, message: Input.Submitted) -> None:
        message.stop()
        self._leave_search()

    def _leave_search(self) -> None:
        self._input.disabled = True
        self.set_focus(None)

    def action_next(self, step: int) -> None:
        """Go to the next (1) or previous (-1) line that holds what was typed, from the other end again."""
        wanted, lines = self._input.value.casefold(), self._text.plain.split("\n")
        found = [at for at, line in enumerate(lines) if wanted and wanted in line.casefold()]
        shown, page = self._text, self.query_one(VerticalScroll)
        if found:
            further = [at for at in found[::step] if (at - self._hit) * step > 0]
            self._hit = (further or found[::step])[0]
            start = sum(len(line) + 1 for line in lines[: self._hit])
            shown = shown.stylize("reverse", start, start + len(lines[self._hit]))
            page.scroll_to(y=max(0, self._hit - page.size.height // 3), animate=False)
        self.query_one("#page-text", Static).update(shown)

    def action_close(self) -> None:
        """Leave the line that is typed in, or close."""
        if self._input.has_focus:
            self._leave_search()
        else:
            self.dismiss()

    def action_page(self, step: int) -> None:
        """Scroll by a page."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=step * max(1, page.size.height - 2), animate=False)


def keys_screen(
    commands: Iterable[Command], labels: LabelSet, width: int = 80, *, settles: bool = False
) -> TextPageScreen:
    """Return a page with the keys of ``commands``, as they are now, for a window of ``width`` cells; see ``card``.

    What a newcomer needs stands first, and takes a screen of 24 rows; the rest is behind it.
    """
    commands = tuple(commands)
    shown_keys = {each.id: key_names(filter(None, each.keys.split(","))) or "no key" for each in commands}
    parts = [card(commands, settles=settles), Content("\n")]
    for group in dict.fromkeys(command.group for command in COMMANDS):
        parts.append(Content.styled(f"{group}\n", "bold underline"))
        lines = [(shown_keys[c.id], c.description) for c in COMMANDS if c.group == group]
        if group == "Labels":
            named = [(label, shown_keys[f"label.{label.key}"]) for label in labels if label.key in [*LABEL_KEYS]]
            lines = [(key, f"label as {printable(label.name)}") for label, key in named] + lines
        parts.extend(Content(line) for shown, words in lines for line in _entry(shown, words, width))
        parts.append(Content("\n"))
    parts.append(Content.styled("Further signs\n", "bold underline"))
    parts.extend(Content(line) for shown, words in _SIGNS for line in _entry(shown, words, width))
    return TextPageScreen("Keys", Content("").join(parts))


def _entry(keys: str, words: str, width: int) -> Iterator[str]:
    """Yield the lines of one entry: what is too long for a line goes on under its beginning."""
    room = max(16, min(_WIDEST, int(width * _SHARE)) - _AROUND - _KEY_CELLS - 3)
    for number, line in enumerate(wrap(words, room)):
        yield f"  {'' if number else keys:<{_KEY_CELLS}} {line}\n"


def messages_screen(messages: Iterable[str]) -> TextPageScreen:
    """Return a page with all notices, the newest first."""
    lines = [f"· {printable(text)}" for text in messages]
    return TextPageScreen("Messages", Content("\n".join(lines) or "nothing was said yet"))


_SIGNS = (
    ("LOC? .91", "under the text: what the model suggests, with its probability"),
    ("LOC?? .48", "a doubtful suggestion: keys that confirm leave it to you"),
    ("italic, (LOC .22)", "below the threshold, if you show those: left out unless you take it up"),
    ("LOC≠ORG", "the model disagrees with what was decided"),
    ("⚑", "a flagged sentence"),
    ("✎ !", "a note, an illegal tag or another problem in the source"),
    ("mouse", "click: cursor · drag: select · double click: entity · click a label: label it"),
)
"""What the card does not say."""
