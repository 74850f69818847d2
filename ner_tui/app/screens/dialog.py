"""A page over the review screen, which is closed with a result."""

from __future__ import annotations

from textual import on
from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.style import Style

from ner_tui.app.widgets.targets import Target, Wanted


def clickable(*hints: tuple[str, str]) -> Content:
    """Return keys with what they do for the frame of a page, such as ``esc closes``; a click does the same.

    Args:
        hints: the words, and the action of the page that they stand for; without one they are only read.
    """
    parts: list[str | tuple[str, str | Style]] = []
    for words, action in hints:
        parts += [" · "] if parts else []
        parts.append((words, Style.from_meta({"@click": f"screen.{action}"})) if action else words)
    return Content.assemble(*parts)


def targets(*hints: tuple[str, str]) -> list[Target]:
    """Return the same for a line of a page."""
    return [Target(f" {words}", "bar--dim", action) for words, action in hints]


class Dialog(ModalScreen[ScreenResultType]):
    """Answers once, and when nothing lies over it any more."""

    _answer: tuple[ScreenResultType | None] | None = None
    """What it was closed with."""
    _closed_with_it = False

    @on(Wanted)
    async def _wanted_by_mouse(self, message: Wanted) -> None:
        """Do what was clicked."""
        message.stop()
        await self.run_action(message.action)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result; of several the first counts.

        The toolkit closes what is on top, whoever asks for it: a page that lies over this one, such as a list of
        commands over an export that ends meanwhile, would go in its place.
        """
        if self._answer is None:
            self._answer = (result,)
        if self._closed_with_it or self.app.screen is not self:
            return AwaitComplete()
        self._closed_with_it = True
        return super().dismiss(*self._answer)

    def on_screen_resume(self) -> None:
        """Close, if it was answered while another page lay over it."""
        if self._answer is not None:
            self.dismiss(*self._answer)
