"""A headless Chromium, driven by its own protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What the program is called."""
LIMIT = 90.0
"""Seconds that anything may take."""


def chromium() -> str | None:
    """Return the program, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Tab:
    """A tab of a browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.requested: list[str] = []
        """The addresses of everything that was asked for."""
        self.complaints: list[str] = []
        """What the browser says in its console."""
        self.drawn = b""
        """What came by the last socket that was opened."""
        self._sockets = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._waiting.pop(said["id"]).set_result(said)
            elif said["method"] == "Network.requestWillBeSent":
                self.requested.append(said["params"]["request"]["url"])
            elif said["method"] == "Network.webSocketCreated":
                self.requested.append(said["params"]["url"])
                self.drawn = b""
                self._sockets.set()
            elif said["method"] == "Network.webSocketFrameReceived":
                frame = said["params"]["response"]
                if frame["opcode"] == 2:
                    self.drawn += base64.b64decode(frame["payloadData"])
            elif said["method"] == "Log.entryAdded":
                self.complaints.append(said["params"]["entry"]["text"])

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, and return its answer."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        answer = await asyncio.wait_for(self._waiting[number], LIMIT)
        assert "error" not in answer, answer
        found: dict[str, Any] = answer["result"]
        return found

    async def open(self, address: str) -> None:
        """Go to an address."""
        await self.do("Page.navigate", url=address)

    async def reload(self) -> None:
        """Load the page with the app again."""
        self._sockets.clear()
        await self.do("Page.reload")
        await asyncio.wait_for(self._sockets.wait(), LIMIT)

    async def value(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        return (await self.do("Runtime.evaluate", expression=expression))["result"].get("value")

    async def sees(self, words: str) -> None:
        """Wait until words were drawn on the page that was opened last."""
        async with asyncio.timeout(LIMIT):
            while words.encode() not in self.drawn:
                await asyncio.sleep(0.02)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            special = {"Enter": "\r"}.get(key)
            code = {"Enter": 13}.get(key, ord(key[0].upper()))
            text = special or key
            await self.do("Input.dispatchKeyEvent", type="keyDown", key=key, text=text, windowsVirtualKeyCode=code)
            await self.do("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    async def click(self, x: float, y: float) -> None:
        """Go to a place with the mouse, in pixels, and press it."""
        await self.do("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


class Browser:
    """A browser with a folder of its own."""

    def __init__(self, client: aiohttp.ClientSession, port: int, downloads: Path) -> None:
        self._client = client
        self._port = port
        self.downloads = downloads

    async def tab(self) -> Tab:
        """Open a tab."""
        async with self._client.put(f"http://127.0.0.1:{self._port}/json/new?about:blank") as answer:
            address = (await answer.json())["webSocketDebuggerUrl"]
        tab = Tab(await self._client.ws_connect(address, max_msg_size=0))
        for domain in ("Page", "Network", "Runtime", "Log"):
            await tab.do(f"{domain}.enable")
        await tab.do("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        return tab


@asynccontextmanager
async def started(folder: Path) -> AsyncIterator[Browser]:
    """Give a browser that is killed at the end."""
    program = chromium()
    assert program is not None, "there is no Chromium in PATH"
    profile, downloads = folder / "profile", folder / "downloads"
    downloads.mkdir(parents=True)
    process = await asyncio.create_subprocess_exec(
        program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
        "--window-size=1000,700",
        "--disable-background-networking", "--no-first-run", f"--user-data-dir={profile}", "about:blank",
        stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = profile / "DevToolsActivePort"
        async with asyncio.timeout(LIMIT):
            while not (port.exists() and port.read_text().strip()):
                await asyncio.sleep(0.05)
        async with aiohttp.ClientSession() as client:
            yield Browser(client, int(port.read_text().split()[0]), downloads)
    finally:
        process.kill()
        await process.wait()
