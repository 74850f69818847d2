"""Predicting: starts the model after the first paint, shows what it finds as it comes, and asks before a long job."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual import on

from ner_tui.app.background import Background, Predicted, PredictionEnded
from ner_tui.app.keymap import COMMANDS, key_name
from ner_tui.app.screens.base import ReviewBase

if TYPE_CHECKING:
    from ner_tui.session import BlockResult, Place

SETTLED = 1.0
"""Seconds for which a question that came up by itself is no question yet: y and n may have been meant otherwise."""
_SUBJECT = "long prediction"


class Predicting(ReviewBase):
    """The model's side of the screen."""

    _background: Background | None = None
    _near: Place | None = None
    _everywhere = True
    """Whether all is to be predicted, or only what is near the cursor; read by the thread."""
    _offered_at: float | None = None
    """When somebody was asked whether to predict the rest."""
    _offer_stands = False
    """Whether that question waits for an answer."""
    _result: BlockResult | None = None

    def start_predicting(self) -> None:
        """Begin to predict near the cursor, if the sitting has a model."""
        self.note_place()
        forecast = self.session.forecast(self._place, lambda: self._everywhere)
        if forecast is not None:
            self.model = "loading the model…"
            self.show_top()
            self._background = Background(forecast, self.post_message)
            self._background.start()

    def stop_predicting(self) -> None:
        """End it, without waiting for a model that does not listen."""
        if self._background is not None:
            self._background.stop()

    def saved_again(self) -> None:
        """Predict on, if that has ended because nothing could be written."""
        if "cannot be written" in self.standing.get("model", ""):
            self.keep_telling("model", "")
            self.start_predicting()

    def note_place(self) -> None:
        """Note where the person stands, for the thread to read."""
        from ner_tui.session import Place

        self._near = Place(self.session.document.id, self.view.cursor)

    def answers_offer(self, key: str) -> bool:
        """Take a key that answers whether the rest is to be predicted; False if it does not."""
        stands = self._offer_stands and monotonic() - (self._offered_at or 0.0) >= SETTLED
        if not stands or key not in ("y", "n"):
            return False
        self._predict_everywhere(key == "y")
        return True

    def action_predict_rest(self) -> None:
        """Predict the rest, or from now on only what is near the cursor."""
        if self._background is None or self.model in ("all predicted", "no model"):
            self.tell("there is nothing left to predict")
            return
        self._offered_at = self._offered_at or monotonic()
        self._predict_everywhere(not self._everywhere)

    def _predict_everywhere(self, everywhere: bool) -> None:
        self._offer_stands, self._everywhere = False, everywhere
        self.keep_telling(_SUBJECT, "")
        keys = next((each.keys for each in getattr(self, "KEYS", COMMANDS) if each.id == "model.rest"), "")
        other = f"; {key_name(keys.split(',')[0])} predicts the rest" if keys else ""
        self.tell("predicting the rest" if everywhere else f"predicting only near the cursor{other}")
        if self._result is not None:
            self.model = _progress(self._result, everywhere)
            self.show_top()

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
        if item.takes_long and self._offered_at is None:
            self._everywhere, self._offer_stands, self._offered_at = False, True, monotonic()
            self.keep_telling(_SUBJECT, f"predicting the rest takes about {_long_time(item.seconds_left)}: y / n")
        self._result = item
        self.model = _progress(item, self._everywhere)
        self.recount_soon(item.document)

    @on(PredictionEnded)
    def _ended(self, message: PredictionEnded) -> None:
        self.model = "no model" if message.error else "all predicted"
        self._offer_stands = False
        self.keep_telling(_SUBJECT, "")
        self.keep_telling("model", message.error)
        self.recount_soon(self.session.document.id)


def _progress(result: BlockResult, everywhere: bool) -> str:
    if result.done_words >= result.total_words:
        return "all predicted"
    share = 100 * result.done_words // max(result.total_words, 1)
    if not everywhere:
        return f"{share}% predicted, only near you"
    return f"{share}% predicted, {result.words_per_second:,.0f} words/s, {_time(result.seconds_left)} left"


def _time(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _long_time(seconds: float) -> str:
    """Return a time of minutes or more as people say it."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= 10:
        return f"{hours + (minutes >= 30)} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
