"""The toolkit's driver for Unix terminals, with threads that nothing a terminal sends or does can end."""

from __future__ import annotations

import os
import select
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from textual.drivers.linux_driver import LinuxDriver

from ner_tui.app.typed_input import TypedInput, can_be_meant
from ner_tui.domain.printable import without_surrogates

if TYPE_CHECKING:
    from textual.message import Message

    from ner_tui.app.steady_app import SteadyApp

_AT_ONCE = 1 << 16
"""Bytes that are read at once."""
_LOOK = 0.1
"""Seconds between two looks at whether the app is over."""
_PASTES_PAUSE = 1.0
"""Seconds without a byte after which the end of a paste is not waited for any longer: it would swallow every key."""


class TerminalDriver(LinuxDriver):
    """Takes keys and pastes whatever bytes they come in, draws however slowly they go out, and leaves all as it was."""

    _app: SteadyApp

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        assert self._file is not None
        self._file = PatientFile(self._file)  # type: ignore[assignment]
        self._typed = TypedInput(self.process_message, debug=self._debug)
        self._heard = monotonic()

    def start_application_mode(self) -> None:
        """Take the terminal over, or leave it as it was."""
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]
        except Exception:
            if self._writer_thread is not None:
                self.stop_application_mode()
            raise

    def _run_input_thread(self) -> None:
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
            except OSError as gone:
                self._app.call_later(self._app.input_ended, gone)
                return
            except Exception as broken:
                self._app.call_later(self._app.survive, broken)

    def run_input_thread(self) -> None:
        """Take what the terminal sends until the app is over."""
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _LOOK)[0]:
                self._heard = monotonic()
                self._typed.feed(self._read())
            elif self._typed.pasting and monotonic() - self._heard > _PASTES_PAUSE:
                self._typed.end_paste()
            self._typed.tick()

    def _read(self) -> bytes:
        try:
            data = os.read(self.fileno, _AT_ONCE)
        except BlockingIOError:
            # Another program on the same terminal may have set it so, and have read what was there.
            return b""
        if not data:
            raise OSError("the terminal is closed")
        return data

    def process_message(self, message: Message) -> None:
        """Hand on what a person or a terminal can have meant."""
        if can_be_meant(message):
            super().process_message(message)


class PatientFile:
    """A stream to a terminal, which may take nothing for a while, or be gone."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gone = False

    def fileno(self) -> int:
        """Return the number of the stream."""
        return self._file.fileno()

    def write(self, text: str) -> None:
        """Write all of ``text``."""
        data = without_surrogates(text).encode(self._file.encoding, "backslashreplace")
        while data and not self._gone:
            try:
                data = data[os.write(self.fileno(), data) :]
            except BlockingIOError:
                select.select([], [self.fileno()], [])
            except OSError:
                # Nobody sees it; the thread that reads the keys says so.
                self._gone = True

    def flush(self) -> None:
        """Do nothing: all is written."""
