"""Every error a person can meet, as one tree.

NerTuiError              one clear sentence; commands print it and end with exit code 2
├── InputError           a file, folder or argument that cannot be used
│   ├── FormatError      a file whose content breaks its format, with the line
│   ├── ChangedOnDisk    a file that is not any more what was read
│   ├── BeingWritten     an output that another run is writing
│   └── EncodingError    a file that is not text in the encoding that was tried
├── ModelError           a checkpoint that cannot be loaded or that failed while predicting
└── ProjectError         a project file that cannot be opened, read or written
    └── ProjectWriteError  a change that the disk did not take
EditRefused              an edit that makes no sense here; the app shows the reason, nothing changed
"""

from __future__ import annotations

import logging
import sys

_log = logging.getLogger(__name__)


class NerTuiError(Exception):
    """What went wrong and what to do next, in one sentence for the person at the terminal."""

    def __init__(self, *words: object) -> None:
        super().__init__(*words)
        behind = sys.exception()
        if behind is not None and not isinstance(behind, NerTuiError):
            # The sentence is for a person; what a library said is found in the log alone.
            _log.info("%s, because of", type(self).__name__, exc_info=behind)


class InputError(NerTuiError):
    """A file, folder or argument that cannot be used."""


class FormatError(InputError):
    """A file whose content breaks its format."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        """Line number, counted from 1."""
        self.reason = reason


class ChangedOnDisk(InputError):
    """A file is not the one that was read: to write over it would lose what somebody else wrote."""


class BeingWritten(InputError):
    """An output that another run is writing."""


class EncodingError(InputError):
    """A file that is not text in the encoding that was tried.

    Attributes:
        fault: what is wrong, without the next step; empty where there is no other step.
        line: where that is, counted from 1; 1 where it is the whole file.
    """

    def __init__(self, message: str, fault: str = "", line: int = 1) -> None:
        super().__init__(message)
        self.fault = fault
        self.line = line


class ModelError(NerTuiError):
    """A checkpoint that cannot be loaded or that failed while predicting."""


class ProjectError(NerTuiError):
    """A project file that cannot be opened, read or written."""


class ProjectWriteError(ProjectError):
    """A change that the disk did not take: it was not made, and can be tried again."""


class EditRefused(Exception):
    """An edit that makes no sense at this place; the message is the reason, for the status line."""
