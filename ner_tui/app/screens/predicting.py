"""Predicting: starts the model after the first paint and shows what it finds as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from ner_tui.app.background import Background, Predicted, PredictionEnded
from ner_tui.app.screens.base import ReviewBase

if TYPE_CHECKING:
    from ner_tui.session import BlockResult, Place


class Predicting(ReviewBase):
    """The model's side of the screen."""

    _background: Background | None = None
    _near: Place | None = None

    def start_predicting(self) -> None:
        """Begin to predict near the cursor, if the sitting has a model."""
        self.note_place()
        forecast = self.session.forecast(self._place)
        if forecast is not None:
            self.model = "loading the model…"
            self.show_top()
            self._background = Background(forecast, self.post_message)
            self._background.start()

    def stop_predicting(self) -> None:
        """End it, without waiting for a model that does not listen."""
        if self._background is not None:
            self._background.stop()

    def note_place(self) -> None:
        """Note where the person stands, for the thread to read."""
        from ner_tui.session import Place

        self._near = Place(self.session.document.id, self.view.cursor)

    def _place(self) -> Place:
        assert self._near is not None
        return self._near

    @on(Predicted)
    def _predicted(self, message: Predicted) -> None:
        from ner_tui.session import ModelReady

        item = message.item
        if isinstance(item, ModelReady):
            self.model = f"{item.name} ready"
            said = self.session.model_ready(item)
            self.view.use_labels(self.session.labels)
            self.show_hints()
            self.recount_soon(self.session.document.id)
            if said:
                self.tell(said)
            return
        changed = self.session.store(item)
        if changed is not None:
            self.view.repaint(*changed)
        self.model = _progress(item)
        self.recount_soon(item.document)

    @on(PredictionEnded)
    def _ended(self, message: PredictionEnded) -> None:
        self.model = "no model" if message.error else "all predicted"
        self.keep_telling("model", message.error)
        self.recount_soon(self.session.document.id)


def _progress(result: BlockResult) -> str:
    if result.done_words >= result.total_words:
        return "all predicted"
    share = 100 * result.done_words // max(result.total_words, 1)
    return f"{share}% predicted, {result.words_per_second:,.0f} words/s, {_time(result.seconds_left)} left"


def _time(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
