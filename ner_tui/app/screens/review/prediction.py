"""Predicting: starts the model after the first paint, shows what it finds as it comes, and asks before a long job."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual import on

from ner_tui.app.jobs import Predicted, PredictionEnded, PredictionJob
from ner_tui.app.keymap import COMMANDS, key_name
from ner_tui.app.screens.review.base import ReviewBase

if TYPE_CHECKING:
    from textual.timer import Timer

    from ner_tui.session import BlockResult, Place

SETTLED = 1.0
"""Seconds for which a question that came up by itself is no question yet: y and n may have been meant otherwise."""
SILENT = 20.0
"""Seconds without a word of the model after which a person is told, and can give it up."""
HOPELESS = 300.0
"""Seconds after which it is given up by itself, once it has been loaded; loading may take a download."""
LOOK = 1.0
"""Seconds between two looks at whether the model says anything."""
_SUBJECT = "long prediction"
_LOADING = "loading the model…"


class PredictionKeys(ReviewBase):
    """The model's side of the screen."""

    _background: PredictionJob | None = None
    _near: Place | None = None
    _everywhere = True
    """Whether all is to be predicted, or only what is near the cursor; read by the thread."""
    _offered_at: float | None = None
    """When somebody was asked whether to predict the rest."""
    _offer_stands = False
    """Whether that question waits for an answer."""
    _result: BlockResult | None = None
    _looking: Timer | None = None
    _ended_early = False
    """Whether the model ended before its time, and can be tried again."""

    def start_predicting(self) -> None:
        """Begin to predict near the cursor, if the session has a model."""
        self.note_place()
        # While files are read, they need the processor more: what is near the cursor comes first in any case.
        prediction = self.session.prediction(self._place, lambda: self._everywhere and not self.reading)
        if prediction is not None:
            self.model, self._ended_early = _LOADING, False
            self.show_top()
            self._background = PredictionJob(prediction, self.post_message)
            self._background.start()
            self._look_no_more()
            self._looking = self.set_interval(LOOK, self._look)

    def stop_predicting(self) -> None:
        """End it, without waiting for a model that does not listen."""
        self._look_no_more()
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
        """Predict the rest, or from now on only what is near the cursor; try a model again, or give it up."""
        if self._ended_early:
            self.keep_telling("model", "")
            self.start_predicting()
            return
        if self._background is not None and self._background.silent >= SILENT:
            self._give_up("the model was given up")
            return
        if self._background is None or self.model in ("all predicted", "no model"):
            self.tell("there is nothing left to predict")
            return
        self._offered_at = self._offered_at or monotonic()
        self._predict_everywhere(not self._everywhere)

    def _predict_everywhere(self, everywhere: bool) -> None:
        self._offer_stands, self._everywhere = False, everywhere
        self.keep_telling(_SUBJECT, "")
        other = self._key("predicts the rest")
        self.tell("predicting the rest" if everywhere else f"predicting only near the cursor{other}")
        if self._result is not None:
            self.model = _progress(self._result, everywhere)
            self.show_top()

    def _key(self, what: str) -> str:
        """Return that the key of this command does ``what``, to go behind a sentence; nothing if it has no key."""
        keys = next((each.keys for each in getattr(self, "KEYS", COMMANDS) if each.id == "model.rest"), "")
        return f"; {key_name(keys.split(',')[0])} {what}" if keys else ""

    def _look(self) -> None:
        """Tell of a model that says nothing any more, and give it up in the end."""
        silent = self._background.silent if self._background is not None else 0.0
        if silent >= HOPELESS and self.model != _LOADING:
            self._give_up(f"the model said nothing for {HOPELESS / 60:.0f} minutes and was given up")
        elif silent >= SILENT:
            self.keep_telling("model", f"no word of the model for {_time(silent)}{self._key('gives it up')}")
        elif "no word of" in self.standing.get("model", ""):
            self.keep_telling("model", "")

    def _give_up(self, why: str) -> None:
        if self._background is not None:
            self._background.give_up()
        self._over(why)

    def _look_no_more(self) -> None:
        if self._looking is not None:
            self._looking.stop()
            self._looking = None

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
        self._over(message.error)

    def _over(self, error: str) -> None:
        self._look_no_more()
        self.model, self._ended_early = "no model" if error else "all predicted", bool(error)
        self._offer_stands = False
        self.keep_telling(_SUBJECT, "")
        self.keep_telling("model", f"{error}{self._key('tries again')}" if error else "")
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
