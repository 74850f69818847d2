"""The keys of two strokes: the first lists what can follow it."""

from __future__ import annotations

from ner_tui.app.keymap import key_name, sequences
from ner_tui.app.screens.review.base import ReviewBase


class PrefixKeys(ReviewBase):
    """The action of a first key."""

    _second: str | None = None
    """The action that the second key of a pair asks for."""

    def action_prefix(self, prefix: str) -> None:
        """Show what can follow ``prefix``, and do what does."""
        pairs = sequences(self.KEYS).items()
        following = {keys.split(" ")[1]: each for keys, each in pairs if keys.startswith(f"{prefix} ")}

        def take(key: str) -> None:
            if key in following:
                self._second = following[key].action
            else:
                self.messages.tell(f"nothing is bound to {key_name(f'{prefix} {key}')}")

        choices = [(key, f"{key_name(key)}  {each.description}") for key, each in following.items()]
        self.messages.wait_for_key(f"{key_name(prefix)} and: ", take, choices=choices)
