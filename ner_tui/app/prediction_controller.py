"""The prediction: runs the model beside the person, asks before a long job, and gives up what does not answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from ner_tui.app.jobs import PredictionJob
from ner_tui.app.messages import Messages, Topic
from ner_tui.app.prediction_state import Offer as Offer
from ner_tui.app.prediction_state import Phase as Phase
from ner_tui.app.prediction_state import PredictionState as PredictionState
from ner_tui.app.prediction_state import clock_time, in_words
from ner_tui.app.prediction_state import describe as describe
from ner_tui.session.learning_switch import FEWEST
from ner_tui.session.place import Place

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

    from ner_tui.session import BlockResult, ModelReady, Session

SETTLED = 1.0
"""Seconds for which a question that came up by itself is no question yet: y and n may have been meant otherwise."""
SILENT = 20.0
"""Seconds without an answer of the model after which there is a notice, and the person can give it up."""
HOPELESS = 300.0
"""Seconds after which it is given up by itself, once it has been loaded; loading may take a download."""
LONGEST_NAME = 52
"""Characters of a model's name that are shown in a question."""
LOOK = 1.0
"""Seconds between two looks at whether the model answers."""
NO_MODEL_HERE = "no model suggests or learns in this session: --model bundled does both, for any labels"


class PredictionController:
    """Starts, watches and ends the prediction of a session."""

    def __init__(
        self,
        session: Session,
        messages: Messages,
        host: MessagePump,
        *,
        key: str,
        changed: Callable[[], None],
        importing: Callable[[], bool],
    ) -> None:
        """Prepare; nothing is predicted before ``start``.

        Args:
            host: a screen, which has the timers and takes what the prediction posts.
            key: what the person presses for ``switch``, or empty.
            changed: called when ``state`` is another by itself, not by a call from outside.
            importing: whether files are still read; called from the thread that predicts.
        """
        self._session = session
        self._messages = messages
        self._host = host
        self._key = key
        self._changed = changed
        self._importing = importing
        self.state = PredictionState()
        self.everywhere = True
        """Whether all is to be predicted, or only what is near the cursor; read by the thread."""
        self.offer = Offer.NONE
        self.model_offer = Offer.NONE
        """Whether the person was asked if the model that the project names may be loaded."""
        self._offered_at = 0.0
        self._place = Place(session.document.id, 0)
        self._job: PredictionJob | None = None
        self._timer: Timer | None = None
        self._goes_on = False
        """Whether what was started takes in what is read later."""
        self._suggested: set[str] = set()
        """Labels that the session's sources know."""

    @property
    def words(self) -> str:
        """What is done now, for the top line."""
        return describe(
            self.state,
            everywhere=self.everywhere,
            left_alone=self._session.learning.is_left_out,
            remembers_only=self.remembers_only,
        )

    @property
    def has_new_labels(self) -> bool:
        """Whether the project has labels that nothing suggests before they are learnt, and they are to be."""
        learning = self._session.learning
        return (
            learning.can
            and learning.is_on
            and self.state.phase in (Phase.READY, Phase.RUNNING, Phase.COMPLETE)
            and any(name not in self._suggested for name in self._session.labels.names)
        )

    @property
    def remembers_only(self) -> bool:
        """Whether new labels are suggested for no other words than those they were given to: little is confirmed."""
        source = self._session.learning.source
        more_comes = source is not None and source.has_states
        return more_comes and self.has_new_labels and self._session.row().confirmed < FEWEST

    @property
    def beginning(self) -> str:
        """Why so little is suggested for some labels yet, and what to do; empty if that is not so."""
        if not self.remembers_only:
            return ""
        return f"new labels: same words only until {FEWEST} confirmed · d lists what teaches most"

    def note_place(self, document: int, offset: int) -> None:
        """Note where the person is, for the thread to read: what is near is predicted first."""
        self._place = Place(document, offset)

    def make_way(self) -> None:
        """Leave the next moment to what was pressed."""
        if self._job is not None:
            self._job.make_way()

    def start(self) -> None:
        """Load the model and predict, if the session has one; one that was never chosen is asked about first."""
        if self._session.unchosen_model:
            if self.model_offer is Offer.NONE:
                self._offer_model()
            return
        # While files are read, they need the processor more: what is near the cursor comes first in any case.
        prediction = self._session.prediction(lambda: self._place, lambda: self.everywhere and not self._importing())
        if prediction is None:
            self.state = PredictionState(Phase.NONE)
            return
        self.state = PredictionState(Phase.LOADING)
        self._goes_on = prediction.goes_on
        self._job = PredictionJob(prediction, self._host.post_message)
        self._job.start()
        self._stop_watching()
        self._timer = self._host.set_interval(LOOK, self._watch)

    def take_in(self) -> None:
        """Predict what was read since all was predicted."""
        if self.state.complete and not self._goes_on:
            self.start()

    def look_at_patterns(self) -> None:
        """Have other patterns matched: a prediction that goes on sees them by itself."""
        if not self._goes_on and (self.state.complete or self.state.phase in (Phase.OFF, Phase.NONE)):
            self.start()

    def stop(self) -> None:
        """End it, without waiting for a model that does not answer."""
        self._stop_watching()
        if self._job is not None:
            self._job.stop()

    def saved_again(self) -> None:
        """Predict on, if that has ended because nothing could be written."""
        if self.state.unsaved:
            self._restart()

    def ready(self, item: ModelReady) -> None:
        """Take note that the model is loaded."""
        self._suggested.update(item.labels)
        self.state = replace(self.state, phase=Phase.READY, model=item.name)

    def complete(self) -> None:
        """Take note that all is predicted; what is decided is learnt from nevertheless."""
        self.state = replace(self.state, phase=Phase.COMPLETE)

    def learnt(self, sentences: int) -> None:
        """Take note of how many sentences were learnt from."""
        self.state = replace(self.state, lessons=sentences)

    def advance(self, result: BlockResult) -> None:
        """Take note of what was predicted; ask the person if the rest takes long."""
        if result.takes_long and self.offer is Offer.NONE:
            self.everywhere, self.offer, self._offered_at = False, Offer.OPEN, monotonic()
            question = f"predicting the rest takes about {in_words(result.seconds_left)}: y / n"
            self._messages.keep(Topic.LONG_PREDICTION, question)
        self.state = replace(self.state, phase=Phase.RUNNING, result=result)

    def end(self, error: str, *, unsaved: bool = False) -> None:
        """Take note that nothing more is predicted, because of ``error`` if that is not empty."""
        self._stop_watching()
        self._goes_on = False
        if self.offer is Offer.OPEN:
            self.offer = Offer.ANSWERED
        self._messages.withdraw(Topic.LONG_PREDICTION)
        if error:
            self._messages.keep(Topic.MODEL, error + self._with_key("tries again"))
        else:
            self._messages.withdraw(Topic.MODEL)
        self.state = PredictionState(Phase.FAILED if error else Phase.COMPLETE, unsaved=unsaved)

    def asks(self) -> bool:
        """Whether something is asked, to be answered with y or n."""
        return Offer.OPEN in (self.offer, self.model_offer)

    def take_key(self, key: str) -> bool:
        """Take a key that answers whether the rest is to be predicted, or the model loaded; False if it does not."""
        if not self.asks() or monotonic() - self._offered_at < SETTLED or key not in ("y", "n"):
            return False
        if self.model_offer is Offer.OPEN:
            self._settle_model(key == "y")
        else:
            self._predict_everywhere(key == "y")
        return True

    def switch(self) -> None:
        """Predict the rest, or from now on only what is near the cursor; start a model again, or give it up."""
        if self._session.unchosen_model:
            self._offer_model()
        elif self.state.phase is Phase.FAILED:
            self._restart()
        elif self._job is not None and self._job.silent >= SILENT:
            self._give_up("the model was given up")
        elif self.state.phase is Phase.NONE:
            self._messages.tell(NO_MODEL_HERE)
        elif self.state.phase is Phase.OFF or self.state.complete:
            self._messages.tell("there is nothing left to predict")
        else:
            self._predict_everywhere(not self.everywhere)

    def switch_learning(self) -> None:
        """Learn from what is decided, or have the model alone speak; tell why it cannot, where it cannot."""
        learning = self._session.learning
        if learning.can:
            is_on = learning.switch()
            self._messages.tell("learning again" if is_on else "learning is off: what it suggested goes")
        elif self.state.phase in (Phase.OFF, Phase.NONE):
            self._messages.tell(NO_MODEL_HERE)
        else:
            self._messages.tell("this session was begun with --no-learning")

    def _offer_model(self) -> None:
        self.model_offer, self._offered_at = Offer.OPEN, monotonic()
        name = self._session.unchosen_model
        shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        self._messages.keep(Topic.MODEL, f"load the model {shown}? y / n: the project names it, you never did")

    def _settle_model(self, wanted: bool) -> None:
        self.model_offer = Offer.ANSWERED
        self._messages.withdraw(Topic.MODEL)
        if wanted:
            self._session.choose_model()
            self.start()
        else:
            self._messages.tell(f"no model predicts{self._with_key('asks again')}; --model names another")

    def _restart(self) -> None:
        self._messages.withdraw(Topic.MODEL)
        self.start()

    def _predict_everywhere(self, everywhere: bool) -> None:
        self.offer, self.everywhere = Offer.ANSWERED, everywhere
        self._messages.withdraw(Topic.LONG_PREDICTION)
        near = f"predicting only near the cursor{self._with_key('predicts the rest')}"
        self._messages.tell("predicting the rest" if everywhere else near)

    def _watch(self) -> None:
        """Tell of a model that does not answer any more, and give it up in the end."""
        silent = self._job.silent if self._job is not None else 0.0
        if silent >= HOPELESS and self.state.phase is not Phase.LOADING:
            self._give_up(f"the model said nothing for {HOPELESS / 60:.0f} minutes and was given up")
        elif silent >= SILENT:
            self.state = replace(self.state, silent=True)
            waiting = f"no word of the model for {clock_time(silent)}{self._with_key('gives it up')}"
            self._messages.keep(Topic.MODEL, waiting)
        elif self.state.silent:
            self.state = replace(self.state, silent=False)
            self._messages.withdraw(Topic.MODEL)

    def _give_up(self, why: str) -> None:
        if self._job is not None:
            self._job.give_up()
        self.end(why)
        self._changed()

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _with_key(self, what: str) -> str:
        """Return that the key of ``switch`` does ``what``, to go behind a sentence; nothing if it has no key."""
        return f"; {self._key} {what}" if self._key else ""
