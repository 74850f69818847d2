"""The log file of ``--log FILE``: what a report of a fault needs, and no text of a document unless ``--log-text``.

It takes what modules log to loggers of their own names. Records of level DEBUG are for text: they are written with
``--log-text`` only. Of an error the frames are always written, and its message only where no text can be in it, as in
those of SQLite and onnxruntime: others may quote a word of a file.
"""

from __future__ import annotations

import logging
import os
import platform
import re
import sys
import time
import traceback
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ner_tui import __version__
from ner_tui.cli.failures import causes
from ner_tui.domain.schemes import SCHEMES
from ner_tui.errors import InputError
from ner_tui.formats.files.inputs import refuse_output

FIRST_WORDS = "ner-tui log"
"""What a log begins with: a file that begins otherwise is somebody's, and is left alone."""
LIBRARIES = (
    "textual", "rich", "numpy", "onnxruntime", "tokenizers", "platformdirs", "torch", "transformers", "onnx",
    "safetensors", "huggingface_hub",
)  # fmt: skip
"""The packages whose versions are logged."""
ENVIRONMENT = ("TERM", "COLORTERM", "LANG", "LC_ALL", "NO_COLOR")
"""The variables that are logged; of others, whether they are set at all."""
_log = logging.getLogger("ner_tui.log")


def run_logged(
    run: Callable[[], int], path: str, words: Sequence[str], known: frozenset[str], *, text: bool, command: str
) -> int:
    """Run a command, log it to ``path`` behind what other runs have logged there, and return its exit code.

    Args:
        run: runs the command.
        path: the log file; it is made if it is not there.
        words: the command line, without the program's name.
        known: words of a command line that are the program's own, such as options and names of formats.
        text: log messages, names of files and words of documents too.
        command: which command it is.

    Raises:
        InputError: the file cannot be written, or it is something else than a log.
    """
    handler, logger, begun = _Handler(_opened(path)), logging.getLogger("ner_tui"), time.perf_counter()
    handler.setFormatter(_Formatter(text=text))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if text else logging.INFO)
    try:
        _describe(words, known, text=text)
        code = run()
        _log.info("exit code %s", code)
        return code
    except BaseException as error:
        _log.error("%s ended early", command, exc_info=error)
        raise
    finally:
        _log.info("%s: %.3f s", command, time.perf_counter() - begun)
        logger.setLevel(level)
        logger.removeHandler(handler)
        handler.close()


def _opened(path: str) -> int:
    refuse_output(path)
    try:
        # Without O_NONBLOCK a named pipe that nobody reads would hang the command.
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o666)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: the log cannot be written there ({why}): name another file with --log") from error
    found = os.fstat(handle)
    if not S_ISREG(found.st_mode) or (found.st_size and FIRST_WORDS.encode() not in os.read(handle, 200)):
        os.close(handle)
        raise InputError(f"{path} is no log of ner-tui and is left as it is: name a new file with --log")
    return handle


def _describe(words: Sequence[str], known: frozenset[str], *, text: bool) -> None:
    import sqlite3

    _log.info("%s of ner-tui %s", FIRST_WORDS, __version__)
    _log.info("Python %s on %s", platform.python_version(), platform.platform())
    _log.info("SQLite %s, %s processors", sqlite3.sqlite_version, os.cpu_count())
    _log.info("%s", ", ".join(f"{name} {_version(name)}" for name in LIBRARIES))
    _log.info("%s", ", ".join(f"{name}={os.environ[name]}" for name in ENVIRONMENT if name in os.environ))
    _log.info("%s", ", ".join(f"{name} {'is' if name in os.environ else 'not'} set" for name in ("TMUX", "SSH_TTY")))
    size = os.get_terminal_size(sys.__stderr__.fileno()) if sys.__stderr__ and sys.__stderr__.isatty() else None
    _log.info("terminal %s, encoding %s", f"{size.columns}x{size.lines}" if size else "none", sys.stdout.encoding)
    _log.info("command: %s", " ".join(words if text else (_without_text(word, known) for word in words)))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"


def _without_text(word: str, known: frozenset[str]) -> str:
    """Return what a word of the command line is, without what a person named."""
    if match := re.fullmatch(r"(--[a-z-]+)=(.*)", word, re.DOTALL):
        return f"{match[1]}={_without_text(match[2], known)}"
    if word in known or word == "-" or re.fullmatch(r"[\d.]+(/\d+)?", word):
        return word
    if word.startswith("-") and any(name.startswith(word) for name in known):
        return word
    # A folder that may not be looked into hides what is in it.
    with suppress(OSError, ValueError):
        path = Path(word)
        if path.is_dir():
            return "FOLDER"
        if path.is_file():
            suffix = path.suffix if re.fullmatch(r"\.\w{1,8}", path.suffix) else ""
            return f"FILE{suffix}({path.stat().st_size:,} bytes)"
    return "…"


class _Handler(logging.Handler):
    """Writes each record at once; where it cannot, the command goes on without its log."""

    def __init__(self, file: int) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        with suppress(OSError):
            os.write(self._file, f"{self.format(record)}\n".encode(errors="backslashreplace"))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
        super().close()


class _Formatter(logging.Formatter):
    """A line for each record with its time, thread and logger; below it an error with its frames."""

    def __init__(self, *, text: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        self._text = text

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Return an error and those behind it, the first one first."""
        lines: list[str] = []
        for error in reversed(causes(ei[1])):
            for frame in traceback.extract_tb(error.__traceback__):
                lines.append(f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}")
            kind = type(error)
            lines.append(
                f"{kind.__module__}.{kind.__qualname__}: {str(error) if self._text else _without_words(error)}"
            )
        return "\n".join(lines)


def _without_words(error: BaseException) -> str:
    """Return what an error says as far as no text of a document can be in it."""
    if isinstance(error, SystemExit):
        return str(error.code)
    if isinstance(error, OSError) and error.errno is not None:
        return f"[{error.errno}] {error.strerror}"
    module = type(error).__module__
    if module.startswith(("sqlite3", "onnxruntime")):
        # SQLite quotes what it does not understand, onnxruntime names files.
        words = re.sub(r"([\"'`]).*\1", r"\1…\1", str(error), flags=re.DOTALL)
        words = re.sub(r"(?<!\S)\S*[/\\]\S{4,}", "…", words)
        return " ".join([*filter(None, [getattr(error, "sqlite_errorname", "")]), words])
    return "(--log-text writes what it says)"


def _short(filename: str) -> str:
    """Return a path of code without what is before its package: that names a person's folders."""
    return re.sub(r".*/(?:(?:site|dist)-packages/|(?=ner_tui/))|.*/", "", filename.replace("\\", "/"), count=1)


def known_words(parser: ArgumentParser) -> frozenset[str]:
    """Return all that a command line can hold that is not of a person's own: commands, options and values to choose."""
    found = set(SCHEMES)
    for action in parser._actions:
        found.update(action.option_strings, map(str, action.choices or ()))
        if isinstance(action, _SubParsersAction):
            for each in action.choices.values():
                found |= known_words(each)
    return frozenset(found)
