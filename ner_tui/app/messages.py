"""Messages: the notices and questions of the bottom line, and the key it waits for. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from traceback import format_exception

from ner_tui.errors import NerTuiError


class Topic(Enum):
    """What a standing notice is about."""

    SAVING = auto()
    """An edit, or where the person is, could not be saved."""
    IMPORT = auto()
    MODEL = auto()
    LONG_PREDICTION = auto()
    """Whether to predict the rest, which takes long."""
    FAULT = auto()
    """An action that failed, or something else where nothing should."""


@dataclass(frozen=True, eq=False, slots=True)
class StandingNotice:
    """A notice that is shown until it is withdrawn or replaced."""

    topic: Topic
    of: str
    """What of the topic, such as a file; a notice replaces the one on the same."""
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to be answered with y, or anything else for no."""

    text: str
    on_yes: Callable[[], None]


@dataclass(frozen=True, slots=True)
class KeyPrompt:
    """The next key is waited for, in place of what it is bound to."""

    text: str
    take: Callable[[str], None]
    give_up: Callable[[], None]
    """Called if escape comes instead."""
    choices: Sequence[tuple[str, str]]
    """What the key can be, and how that is listed; may be empty."""


class Messages:
    """The notices, questions and prompts."""

    def __init__(self, changed: Callable[[], None], earlier: Sequence[str] = (), key: str = "") -> None:
        """Begin with nothing to show.

        Args:
            changed: called when something else is to be shown.
            earlier: notices that are in the log already.
            key: what to press for the log, if anything.
        """
        self._see = f" ({key}: messages)" if key else ""
        self._changed = changed
        self._standing: dict[tuple[Topic, str], StandingNotice] = {}
        self.notice = ""
        """The last one; it is shown until the next key."""
        self.waiting: list[str] = []
        """Those that nobody asked for; the first is shown while there is no other, until the next key."""
        self.log: list[str] = list(earlier)
        """Every notice of this session, in order."""
        self.question: Question | None = None
        self.prompt: KeyPrompt | None = None

    @property
    def standing(self) -> list[str]:
        """The standing notices, the oldest first."""
        return [notice.text for notice in self._standing.values()]

    def tell(self, notice: str) -> None:
        """Show ``notice`` until the next key; an empty one takes the last away."""
        self.notice = notice
        if notice:
            self.log.append(notice)
        self._changed()

    def tell_later(self, notice: str) -> None:
        """Show ``notice`` as soon as none is shown that answers a key."""
        self.waiting.append(notice)
        self.log.append(notice)
        self._changed()

    def end_notice(self) -> None:
        """Show the notice that is shown no longer: another key came."""
        if self.notice:
            self.notice = ""
            self._changed()
        elif self.waiting:
            del self.waiting[0]
            self._changed()

    def keep(self, topic: Topic, text: str, of: str = "") -> StandingNotice:
        """Show a notice until it is withdrawn, or replaced by another on the same."""
        before, kept = self._standing.get((topic, of)), StandingNotice(topic, of, text)
        if before is None or before.text != text:
            self.log.append(text)
        self._standing[topic, of] = kept
        self._changed()
        return kept

    def withdraw(self, topic: Topic, of: str = "") -> None:
        """Take a standing notice away, if there is one."""
        if self._standing.pop((topic, of), None) is not None:
            self._changed()

    def stands(self, topic: Topic) -> bool:
        """Whether there is a standing notice on a topic as a whole."""
        return (topic, "") in self._standing

    def shows(self, notice: StandingNotice) -> bool:
        """Whether a notice was neither withdrawn nor replaced."""
        return self._standing.get((notice.topic, notice.of)) is notice

    def tell_fault(self, error: Exception, action: str = "") -> None:
        """Tell what went wrong where nothing should have, until ``action`` works; nothing else stops."""
        known = isinstance(error, NerTuiError)
        if not known:
            self.log.append("".join(format_exception(error)))
        what = str(error) if known else f"something went wrong: {type(error).__name__}: {error}{self._see}"
        self.keep(Topic.FAULT, what, action)

    def withdraw_fault(self, action: str) -> None:
        """Take away the notice of a fault in an action that works now."""
        self.withdraw(Topic.FAULT, action)

    def ask(self, text: str, on_yes: Callable[[], None]) -> None:
        """Ask a question that the next key answers."""
        self.question = Question(text, on_yes)
        self._changed()

    def wait_for_key(
        self,
        text: str,
        take: Callable[[str], None],
        give_up: Callable[[], None] = lambda: None,
        choices: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Give the next key to ``take`` and show ``text`` until it comes; escape calls ``give_up`` instead."""
        self.prompt = KeyPrompt(text, take, give_up, choices)
        self._changed()

    def take_key(self, key: str) -> bool:
        """Give a key to what waits for one; False if nothing does."""
        if self.prompt is not None:
            prompt, self.prompt = self.prompt, None
            self._changed()
            if key == "escape":
                prompt.give_up()
            else:
                prompt.take(key)
            return True
        if self.question is not None:
            question, self.question = self.question, None
            self.tell("")
            if key in ("y", "Y"):
                question.on_yes()
            return True
        return False
