"""The commands. Nothing heavy is imported before the command that needs it is known."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ner_tui.cli.parser import build_parser
from ner_tui.cli.printing import tell
from ner_tui.errors import NerTuiError

FINE, FINDINGS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: all fine, findings, unusable input or arguments, Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = build_parser().parse_args(argv)
    try:
        return int(import_module(f"ner_tui.cli.{arguments.command}").run(arguments))
    except NerTuiError as error:
        tell(f"ner-tui: {error}")
        return UNUSABLE
    except KeyboardInterrupt:
        print("ner-tui: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone: say nothing, and keep Python from flushing into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
