"""A server whose app is a few lines that speak the same packets, so that a test takes no time."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server
from typing import Any

import aiohttp

from ner_tui.web.server import Served, Server

APP = """
import json, os, sys
log, role = sys.argv[1:]
def note(what):
    with open(log, "a") as file:
        file.write(what + "\\n")
def say(kind, data):
    sys.stdout.buffer.write(kind + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()
note(f"begun {role} {os.getpid()} {os.environ['COLUMNS']}x{os.environ['ROWS']} {os.environ.get('WHY', '')}")
sys.stdout.buffer.write(b"__GANGLION__\\n")
say(b"D", f"this is {role}".encode())
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if head[:1] == b"D":
        if data == b"q":
            break
        if data == b"hang":
            while True: pass
        say(b"D", b"typed " + data)
    else:
        asked = json.loads(data)
        if asked["type"] == "quit":
            break
        if asked["type"] == "redraw":
            say(b"D", b"drawn again")
        elif asked["type"] == "resize":
            note(f"size {asked['width']}x{asked['height']}")
note(f"ended {role}")
print("and more\\nsaved: 7", file=sys.stderr, flush=True)
say(b"M", b'{"type": "exit"}')
"""


class Visitor:
    """A browser that was let in."""

    def __init__(self, server: Server, client: aiohttp.ClientSession) -> None:
        self.server = server
        self.client = client
        self.root = f"http://127.0.0.1:{server.port}"

    async def open(
        self, query: str = "width=90&height=20", origin: str | None = None
    ) -> aiohttp.ClientWebSocketResponse:
        return await self.client.ws_connect(f"{self.root}/ws?{query}", headers={"Origin": origin or self.root})


async def read_until(socket: aiohttp.ClientWebSocketResponse, words: bytes) -> bytes:
    """Return what is drawn up to and with some words."""
    seen = b""
    while words not in seen:
        message = await socket.receive(timeout=60)
        assert message.type == aiohttp.WSMsgType.BINARY, f"{message} after {seen!r}"
        seen += message.data
    return seen


@asynccontextmanager
async def serving(folder: Path, **options: Any) -> AsyncIterator[Visitor]:
    """Give a browser that a new server has let in."""
    (folder / "app.py").write_text(APP)
    command = [sys.executable, str(folder / "app.py"), str(folder / "log")]
    told: list[str] = []
    served = Served([*command, "editor"], [*command, "reader"], "WHY", "a title", **options)
    server = Server(served, create_server(("127.0.0.1", 0)), told.append)
    await server.start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        found = Visitor(server, client)
        try:
            async with client.get(server.address) as answer:
                assert answer.status == 200
            yield found
        finally:
            await server.stop()
