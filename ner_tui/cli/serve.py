"""``ner-tui serve``: the review app in a browser, for a person without a terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from argparse import Namespace
from contextlib import suppress
from typing import TYPE_CHECKING

from ner_tui.cli.printing import tell
from ner_tui.errors import EncodingError, InputError

if TYPE_CHECKING:
    from socket import socket

    from ner_tui.web.server import Served

LOOPBACK = "127.0.0.1"
_PASSED_ON = ("labels", "guidelines", "model", "map", "annotator", "config")
"""The options that go to ``review`` as they are."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.cli.parser import build_parser
    from ner_tui.cli.review import rehearse
    from ner_tui.formats.files.inputs import STDIN
    from ner_tui.formats.standoff.extras import require_extra
    from ner_tui.session.naming import named

    if STDIN in arguments.paths:
        raise InputError("serve takes files and projects: standard input is there once, and a page may be reloaded")
    arguments.project, arguments.paths = named(arguments.paths, arguments.project)
    for package in ("aiohttp", "textual_serve"):
        require_extra(package, "web", "serve shows the app in a browser")
    # What a page would end with is said here, where somebody can mend it.
    try:
        rehearse(build_parser("review").parse_args(_review(arguments)))
    except EncodingError as error:
        if not error.fault:
            raise
        step = "make its project with ner-tui review, which takes an --encoding, and serve that"
        raise InputError(f"{error.fault}: {step}") from error
    listening = _listening(arguments.port)
    try:
        asyncio.run(_serve(_served(arguments), listening, opens=arguments.open))
    finally:
        listening.close()
    return 0


def _review(arguments: Namespace) -> list[str]:
    """Return the command that edits, without the program."""
    passed = [f"--{name}={value}" for name in _PASSED_ON if (value := getattr(arguments, name)) is not None]
    learning = ["--no-learning"] if arguments.no_learning else []
    return ["review", "--project", arguments.project, *passed, *learning, "--", *arguments.paths]


def _served(arguments: Namespace) -> Served:
    from ner_tui.cli.review import READ_ONLY_BECAUSE
    from ner_tui.web.server import Served

    program = [sys.executable, "-m", "ner_tui"]
    return Served(
        [*program, *_review(arguments)],
        [*program, "review", "--project", arguments.project, "--read-only"],
        READ_ONLY_BECAUSE,
        f"{os.path.basename(arguments.project)} – ner-tui",  # noqa: PTH119
        arguments.behind_proxy,
    )


def _listening(port: int | None) -> socket:
    """Return a socket of this computer alone.

    Raises:
        InputError: the port is taken.
    """
    from socket import create_server

    try:
        return create_server((LOOPBACK, port or 0))
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(f"--port {port}: {reason}; without --port a free one is taken") from error


async def _serve(served: Served, listening: socket, *, opens: bool) -> None:
    from ner_tui.web.server import Server

    server, stopped = Server(served, listening, tell), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError):
            loop.add_signal_handler(getattr(signal, name), stopped.set)
    await server.start()
    try:
        if served.behind_proxy:
            tell(
                f"BEHIND A PROXY: any name is answered at {LOOPBACK}:{server.port}, and whoever the proxy lets through "
                "needs nothing but the token: the proxy has to ask for a password, and to speak TLS"
            )
        tell(f"open this in a browser; it lets one in, once: {server.address}")
        tell("Ctrl-C ends it; everything is saved as it is made")
        if opens:
            _open(server.address)
        await stopped.wait()
    finally:
        await server.stop()


def _open(address: str) -> None:
    """Open a browser with a window, if there is one: others would draw on this terminal."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    import webbrowser
    from threading import Thread

    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
