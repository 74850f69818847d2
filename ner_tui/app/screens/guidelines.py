"""The guidelines: a Markdown file over the review screen. Nothing in it is followed, opened or run."""

from __future__ import annotations

import re
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownFence

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.dialog import Dialog, clickable

ENOUGH = 4_000
"""Characters from which on a heading begins a part of its own: every paragraph drawn takes its time."""
MOST = 8_000
"""Characters after which a part ends wherever it can."""
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class _Code(MarkdownFence):
    """A block of code in one colour: those of the usual highlighting cannot be read in every theme."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        """Return the code as it is."""
        return Content(code)


class _Page(Markdown):
    """Markdown in the colours of the theme."""

    BLOCKS = Markdown.BLOCKS | {"fence": _Code, "code_block": _Code}


class GuidelinesScreen(Dialog[None]):
    """Shows Markdown, a long one in parts, until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "close", show=False),
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("J,space,pagedown", "page(1)", "page down", show=False),
        Binding("K,pageup", "page(-1)", "page up", show=False),
        Binding("n", "turn(1)", "next part", show=False),
        Binding("p", "turn(-1)", "previous part", show=False),
        Binding("g,home", "edge(-1)", "beginning", show=False),
        Binding("G,end", "edge(1)", "end", show=False),
    ]

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._title = name
        self._parts = parts(_shown(text))
        self._at = 0

    def compose(self) -> ComposeResult:
        """Put the text into a frame that scrolls."""
        with VerticalScroll(classes="page guidelines", can_focus=False) as page:
            page.border_title = Content(printable(self._title))
            page.border_subtitle = self._place()
            yield _Page(self._parts[0], parser_factory=_parser, open_links=False)

    async def action_scroll(self, step: int) -> None:
        """Scroll by a line, at the end into the next part."""
        await self._scroll(step, step)

    async def action_page(self, step: int) -> None:
        """Scroll by a page, at the end into the next part."""
        await self._scroll(step, step * max(1, self.query_one(VerticalScroll).size.height - 2))

    async def _scroll(self, step: int, lines: int) -> None:
        page = self.query_one(VerticalScroll)
        if page.scroll_offset.y == (page.max_scroll_y if step > 0 else 0):
            await self.action_turn(step)
        else:
            page.scroll_relative(y=lines, animate=False)

    async def action_turn(self, step: int) -> None:
        """Show the next or previous part, if there is one."""
        at = self._at + step
        if 0 <= at < len(self._parts):
            await self._turn_to(at, at_end=step < 0)

    async def action_edge(self, step: int) -> None:
        """Go to the beginning or the end."""
        await self._turn_to(0 if step < 0 else len(self._parts) - 1, at_end=step > 0)

    async def _turn_to(self, at: int, *, at_end: bool) -> None:
        page, before = self.query_one(VerticalScroll), self._at
        self._at = at
        page.border_subtitle = self._place()
        if at != before:
            await self.query_one(Markdown).update(self._parts[at])
        # What has just been put in has no height before it was laid out.
        self.call_after_refresh(page.scroll_end if at_end else page.scroll_home, animate=False)

    def _place(self) -> Content:
        close = ("esc closes", "dismiss")
        if len(self._parts) == 1:
            return clickable(close)
        place = f"{self._at + 1}/{len(self._parts)}"
        return clickable((place, ""), ("n next", "turn(1)"), ("p previous", "turn(-1)"), close)


def parts(text: str) -> list[str]:
    """Cut Markdown into parts that are drawn quickly: before headings or between paragraphs where possible.

    Nothing is lost; a code block that has to be cut is fenced again. There is always one part.
    """
    found: list[str] = []
    lines: list[str] = []
    size, fence = 0, ""
    for line in _short(text):
        between = not fence and ((size > ENOUGH and _HEADING.match(line)) or (size > MOST and not line.strip()))
        if between or size > 2 * MOST:
            found.append("\n".join([*lines, fence] if fence else lines))
            lines, size = [fence] if fence else [], 0
        mark = _FENCE.match(line)
        if mark is not None and not fence:
            fence = mark[1]
        elif mark is not None and mark[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        lines.append(line)
        size += len(line) + 1
    return [*found, "\n".join(lines)]


def _short(text: str) -> list[str]:
    """Return the lines of ``text``, one that is longer than a part as several."""
    return [line[at : at + MOST] for line in text.split("\n") for at in range(0, max(1, len(line)), MOST)]


def _parser() -> MarkdownIt:
    """Return a parser to which pictures, HTML and names of characters are text as it was typed.

    The first two could not be shown. Names such as ``&rlm;`` and numbers in addresses such as ``%1B`` would bring
    characters back that ``_shown`` has replaced.
    """
    parser = MarkdownIt("gfm-like", {"html": False}).disable(["image", "entity"])
    parser.core.ruler.push("printable", _printable_tokens)
    return parser


def _printable_tokens(state: StateCore) -> None:
    tokens = [*state.tokens]
    for token in tokens:
        tokens += token.children or ()
        token.content = "\n".join(printable(line, len(line)) for line in token.content.split("\n"))


def _shown(text: str) -> str:
    """Return ``text`` with stand-ins for what a terminal would obey; its lines stay lines."""
    return "\n".join(printable(line, len(line)) for line in text.expandtabs(4).splitlines())
