"""What is typed, as bytes, to the events of the toolkit, with nothing in it that could end the thread that reads it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser

from ner_tui.app.terminal_text import Pasted, TerminalText, Typed

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.message import Message

_log = logging.getLogger(__name__)
_LOGGED = 80
"""Characters of what could not be read that are logged."""
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of pairs are no characters, and can neither be drawn nor stored."""
_LARGEST = 10_000
"""Columns or rows that a terminal may have at the most."""


class TypedInput:
    """Takes keys and pastes whatever bytes they come in."""

    def __init__(self, take: Callable[[Message], None], *, debug: bool = False) -> None:
        """Prepare.

        Args:
            take: is given each event.
            debug: of the toolkit's parser.
        """
        self._take = take
        self._debug = debug
        self._text = TerminalText()
        self._parser = XTermParser(debug)

    @property
    def pasting(self) -> bool:
        """Whether the end of a paste is still to come."""
        return self._text.pasting

    def feed(self, data: bytes) -> None:
        """Take bytes."""
        for part in self._text.feed(data):
            if isinstance(part, Pasted):
                self._take(events.Paste(part.text))
            else:
                self._parse(part)

    def end_paste(self) -> None:
        """Take what came of a paste whose end does not come."""
        self._take(events.Paste(self._text.end_paste().text))

    def tick(self) -> None:
        """Take keys whose end is not waited for any longer."""
        for message in self._parser.tick():
            self._take(message)

    def _parse(self, typed: Typed) -> None:
        messages = iter(self._parser.feed(typed.text))
        while True:
            try:
                message = next(messages)
            except StopIteration:
                return
            except Exception as broken:
                # What no terminal should send, such as the key of a character that there is not.
                _log.info("the terminal sent %r", typed.text[:_LOGGED], exc_info=broken)
                self._parser = XTermParser(self._debug)
                return
            # The parser was given the end of a paste in place of what was pasted.
            if not (isinstance(message, events.Paste) and not message.text):
                self._take(message)


def can_be_meant(message: Message) -> bool:
    """Whether a person or a terminal can have meant an event."""
    if isinstance(message, events.Key) and _HALVES.search(message.character or ""):
        return False
    return not isinstance(message, events.Resize) or can_be_size(message.size)


def can_be_size(size: Size) -> bool:
    """Whether a terminal can have a size."""
    return 0 < size.width <= _LARGEST and 0 < size.height <= _LARGEST
