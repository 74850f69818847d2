"""The commands. Nothing is imported before the command that needs it is known, and nothing at all outside ``main``:
whoever presses Ctrl-C while Python reads modules gets a sentence like anybody else."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from typing import TextIO

FINE, FINDINGS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: all fine, findings, unusable input or arguments, Ctrl-C."""
WORKERS = ("ask", "predict")
"""What the names of threads begin with in which models work."""
GRACE = 0.5
"""Seconds that they have to come to an end by themselves."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        argv: what was asked for; None for the arguments of this process, which belongs to the command then.
    """
    if argv is None:
        _fill_closed_streams()
    try:
        code = _main(argv)
    except KeyboardInterrupt:
        print("ner-tui: interrupted", file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone: say nothing.
        give_up(sys.stdout)
        code = FINE
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        from ner_tui.cli.failures import sentence, was_interrupted
        from ner_tui.cli.printing import tell

        if was_interrupted(error):
            tell("ner-tui: interrupted")
            code = INTERRUPTED
        else:
            tell(f"ner-tui: {sentence(error)}")
            code = UNUSABLE
        if argv is None and isinstance(error, OSError):
            give_up(sys.stdout)
    if argv is None:
        _leave_models(code)
    return code


def _main(argv: Sequence[str] | None) -> int:
    from ner_tui.cli.interrupts import Interrupts
    from ner_tui.cli.parser import build_parser

    asked = (sys.argv[1:] if argv is None else argv) or _resumed()
    _refuse_path(asked[0])
    try:
        arguments = build_parser(asked[0]).parse_args(asked)
    except SystemExit:
        # What was asked for, such as --help, may not have come out.
        if argv is None:
            sys.stdout.flush()
        raise
    # The app has a way of its own to end.
    if argv is None and arguments.command != "review":
        Interrupts().install()
    code = _logged(arguments, asked) if arguments.log or arguments.log_text else _run(arguments)
    if argv is None:
        # What cannot be written has to be reported, and when the interpreter ends it is too late.
        sys.stdout.flush()
    return code


def _resumed() -> list[str]:
    """Return what is asked for by no word at all."""
    from pathlib import Path

    from ner_tui.session import DEFAULT_PROJECT

    return ["review"] if Path(DEFAULT_PROJECT).exists() else ["--help"]


def _refuse_path(word: str) -> None:
    """Refuse what is there where the name of a command has to be."""
    from pathlib import Path

    from ner_tui.cli.parser import COMMANDS

    if word not in COMMANDS and Path(word).exists():
        from ner_tui.errors import InputError

        raise InputError(f"{word} is no command: ner-tui review {word} opens it, ner-tui --help lists the commands")


def _streams(arguments: Namespace) -> AbstractContextManager[None]:
    if getattr(arguments, "compression", None):
        from ner_tui.cli.compressed import compressed_streams

        return compressed_streams(arguments)
    from contextlib import nullcontext

    return nullcontext()


def _run(arguments: Namespace) -> int:
    from importlib import import_module

    from ner_tui.formats.files.inputs import inputs_noted
    from ner_tui.formats.files.replacing import versions_told

    with versions_told() as kept:
        try:
            with inputs_noted(), _streams(arguments):
                return int(import_module(f"ner_tui.cli.{arguments.command}").run(arguments))
        finally:
            if kept:
                from ner_tui.cli.printing import tell

                for sentence in kept:
                    tell(sentence)


def _logged(arguments: Namespace, asked: Sequence[str]) -> int:
    from functools import partial

    from ner_tui.errors import InputError

    if not arguments.log:
        raise InputError("--log-text says what goes into a log: name its file with --log FILE")
    from ner_tui.cli.log_file import known_words, run_logged
    from ner_tui.cli.parser import build_parser

    command, known = arguments.command, known_words(build_parser(arguments.command))
    return run_logged(partial(_run, arguments), arguments.log, asked, known, text=arguments.log_text, command=command)


def _fill_closed_streams() -> None:
    """Put something in the place of standard streams that are closed, or the next file that is opened gets it.

    To read or write there fails, as it should; only messages, which nobody wants then, go nowhere.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            place = os.open(os.devnull, os.O_RDONLY if name == "stdout" else os.O_WRONLY)
            if place != number:
                os.dup2(place, number)
                os.close(place)
            stream = os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def give_up(stream: TextIO) -> None:
    """Keep Python from writing to a stream once more, at the end, what could not be written."""
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _leave_models(code: int) -> None:
    """End the process here if a model is still at work, or hangs: the interpreter cannot be torn down under it."""
    threading = sys.modules.get("threading")
    working = [each for each in threading.enumerate() if each.name.startswith(WORKERS)] if threading else []
    if not working:
        return
    from contextlib import suppress

    with suppress(KeyboardInterrupt):
        for thread in working:
            # Between two blocks it closes the project, and with that goes what SQLite keeps beside it.
            thread.join(GRACE / len(working))
    if any(thread.is_alive() for thread in working):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
