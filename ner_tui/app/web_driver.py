"""The toolkit's driver for browsers: draws and takes keys in packets, by standard output and input."""

from __future__ import annotations

import os
import select
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size

from ner_tui.app.typed_input import TypedInput, can_be_meant, can_be_size
from ner_tui.domain.printable import without_surrogates

if TYPE_CHECKING:
    from textual.message import Message

    from ner_tui.app.app import NerApp

_AT_ONCE = 1 << 16
"""Bytes that are read at once."""
_LOOK = 0.1
"""Seconds between two looks at whether the app is over."""
_PASTES_PAUSE = 1.0
"""Seconds without a byte after which the end of a paste is not waited for any longer."""
REDRAW = "redraw"
"""The packet that asks for all to be drawn again, for a page that has nothing of it."""


class BrowserDriver(WebDriver):
    """Takes keys and pastes whatever bytes they come in, and leaves when nobody is at the other end."""

    _app: NerApp

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._typed = TypedInput(self.process_message, debug=self._debug)
        self._gone = False
        self._write = partial(self._written)

    def start_application_mode(self) -> None:
        """Begin to draw, and to take keys: the page has them from its beginning, though the toolkit thinks not."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def _written(self, data: bytes) -> int:
        """Write all of a packet; where nobody reads it any more, the thread that reads the keys says so."""
        left = data
        while left and not self._gone:
            try:
                left = left[os.write(self.fileno, left) :]
            except OSError:
                self._gone = True
        return len(data)

    def write(self, data: str) -> None:
        """Draw."""
        super().write(without_surrogates(data))

    def run_input_thread(self) -> None:
        """Take what the server sends until the app is over."""
        packets, heard = ByteStream(), monotonic()
        keys = self._input_reader._fileno
        while not self.exit_event.is_set():
            try:
                if select.select([keys], [], [], _LOOK)[0]:
                    heard = monotonic()
                    data = os.read(keys, _AT_ONCE)
                    if not data:
                        self._app.call_later(self._app.end)
                        return
                    for kind, payload in packets.feed(data):
                        if kind == "D":
                            self._typed.feed(payload)
                        else:
                            self._on_meta(kind, payload)
                elif self._typed.pasting and monotonic() - heard > _PASTES_PAUSE:
                    self._typed.end_paste()
                self._typed.tick()
            except OSError:
                self._app.call_later(self._app.end)
                return
            except Exception as broken:
                self._app.call_later(self._app.survive, broken)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Do what the server asks for."""
        if packet_type == "quit":
            # The page is gone: there is nobody to answer a question.
            self._app.call_later(self._app.end)
        elif packet_type == REDRAW:
            self._app.call_later(self._app.redraw)
        elif packet_type != "resize" or can_be_size(
            Size(cast("int", payload["width"]), cast("int", payload["height"]))
        ):
            super().on_meta(packet_type, payload)

    def process_message(self, message: Message) -> None:
        """Hand on what a person or a terminal can have meant."""
        if can_be_meant(message):
            super().process_message(message)
