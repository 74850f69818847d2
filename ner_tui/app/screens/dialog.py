"""A page over the review screen, which is closed with a result."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """Answers once, and when nothing lies over it any more."""

    _answer: tuple[ScreenResultType | None] | None = None
    """What it was closed with."""
    _closed_with_it = False

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
