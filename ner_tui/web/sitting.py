"""A sitting: the process of an app, and the page that it is drawn on, which may be reloaded."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

ANSWER = 1.0
"""Seconds in which a page that is still there answers."""
LEAVING = 5.0
"""Seconds that an app has to close its project, before it is ended."""
MOST_CELLS = 1_000
"""Columns or rows of a page at the most."""
_LAST = 4_000
"""Bytes of what an app says in the end that are kept."""
_FRESH = b"\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2004h"
"""What an app says once, when it begins: another screen, the mouse, no cursor, the marks of pastes."""


class _Kept:
    """What an app says beside what it draws, passed on; the end of it is kept."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream
        self.last = b""

    async def read(self, most: int) -> bytes:
        """Return the next of it."""
        data = await self._stream.read(most)
        self.last = (self.last + data)[-_LAST:]
        return data

    async def to_end(self) -> None:
        """Take the rest of it."""
        while await self.read(_LAST):
            pass


class _Service(AppService):
    """The app's process, begun without a shell."""

    def __init__(self, command: Sequence[str], added: Mapping[str, str], downloads: DownloadManager) -> None:
        super().__init__(
            "", write_bytes=_nowhere, write_str=_nowhere, close=_nothing, download_manager=downloads, debug=False
        )
        self._argv = command
        self._added = added
        self.process: Process | None = None
        self.said: _Kept | None = None

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = {**self._build_environment(width, height), **self._added}
        self.process = self._process = await asyncio.create_subprocess_exec(
            # In a session of its own: Ctrl-C at the server's terminal is for the server, which ends it tidily.
            *self._argv, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=os.name == "posix",
        )  # fmt: skip
        assert self.process.stdin is not None
        assert self.process.stderr is not None
        self.said = _Kept(self.process.stderr)
        self.process.stderr = self.said  # type: ignore[assignment]
        self._stdin = self.process.stdin
        return self.process

    @property
    def task(self) -> asyncio.Task[None] | None:
        """What passes on what the app draws; done when the app is."""
        return self._task


class Sitting:
    """An app, drawn on one page at a time."""

    def __init__(self, command: Sequence[str], added: Mapping[str, str], downloads: DownloadManager) -> None:
        """Prepare.

        Args:
            command: of the app, a word each.
            added: variables of its environment.
            downloads: takes files that the app gives.
        """
        self._service = _Service(command, added, downloads)
        self._service.remote_close = self._left
        self._page: web.WebSocketResponse | None = None
        self.pages = 0
        """How many it was drawn on, one after the other."""
        self._answered = asyncio.Event()
        self._ended = False
        self._closing: asyncio.Future[Any] | None = None
        """What closes a page, which nobody waits for."""
        self._ending = asyncio.Lock()

    @property
    def is_over(self) -> bool:
        """Whether the app has ended, or is being ended."""
        task = self._service.task
        return self._ended or (task is not None and task.done())

    @property
    def has_page(self) -> bool:
        """Whether it is drawn on a page, as far as that is known."""
        return self._page is not None and not self._page.closed

    @property
    def last_words(self) -> str:
        """What the app said last, such as why it could not begin; empty: nothing."""
        said = self._service.said.last.decode("utf-8", "replace").strip() if self._service.said else ""
        return said.rpartition("\n")[2]

    async def page_answers(self) -> bool:
        """Whether the page it is drawn on is still there: a browser that was killed, or is asleep, says nothing."""
        if not self.has_page or self._page is None:
            return False
        self._answered.clear()
        with suppress(ConnectionError, RuntimeError, asyncio.TimeoutError):
            await self._page.ping()
            await asyncio.wait_for(self._answered.wait(), ANSWER)
            return True
        return False

    async def attend(self, page: web.WebSocketResponse, width: int, height: int) -> None:
        """Draw on a page, in place of the one before, and take keys from it, until it is closed or the app ends."""
        before, self._page = self._page, page
        self.pages += 1
        if before is not None and not before.closed:
            self._closing = asyncio.ensure_future(before.close())
        service = self._service
        service.remote_write_bytes, service.remote_write_str = page.send_bytes, page.send_str
        if service.task is None:
            await service.start(width, height)
            assert service.task is not None
            service.task.add_done_callback(self._app_ended)
        else:
            await page.send_bytes(_FRESH)
            await service.set_terminal_size(width, height)
            await service.send_meta({"type": "redraw"})
        try:
            async for message in page:
                if message.type is WSMsgType.PING:
                    await page.pong(message.data)
                elif message.type is WSMsgType.PONG:
                    self._answered.set()
                elif message.type is not WSMsgType.TEXT or not await self._take(message.data, page):
                    break
        finally:
            if self._page is page:
                self._page = None
                service.remote_write_bytes, service.remote_write_str = _nowhere, _nowhere
            await page.close()

    async def _take(self, data: str, page: web.WebSocketResponse) -> bool:
        """Do what a page asks for; False if that is nothing that a page of ours says."""
        import json

        try:
            kind, value = (*json.loads(data), None)[:2]
        except (ValueError, TypeError):
            return False
        if kind == "stdin" and isinstance(value, str):
            await self._service.send_bytes(value.encode("utf-8", "replace"))
        elif kind == "resize" and isinstance(value, dict):
            await self._service.set_terminal_size(cells(value.get("width"), 80), cells(value.get("height"), 24))
        elif kind == "ping":
            await page.send_json(["pong", value])
        elif kind in ("blur", "focus"):
            await (self._service.blur() if kind == "blur" else self._service.focus())
        else:
            return False
        return True

    async def _left(self) -> None:
        """Take note that the person has left the app, which is about to end."""
        self._ended = True
        await self.close_page()

    async def close_page(self) -> None:
        """Close the page, if there is one."""
        if self._page is not None:
            with suppress(ConnectionError, RuntimeError):
                await self._page.close()

    def _app_ended(self, _: asyncio.Task[None]) -> None:
        self._closing = asyncio.ensure_future(self.close_page())

    async def end(self) -> None:
        """End the app: it closes its project, or is ended."""
        self._ended = True
        # A page that is gone and a server that stops may both ask for it.
        async with self._ending:
            await self._end()

    async def _end(self) -> None:
        process = self._service.process
        if process is None:
            return
        with suppress(asyncio.TimeoutError, ConnectionError, RuntimeError):
            await asyncio.wait_for(self._service.stop(), LEAVING)
        for end in (None, process.terminate, process.kill):
            with suppress(ProcessLookupError):
                if end is not None:
                    end()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), 1.0)
                break
        if self._service.said is not None:
            with suppress(asyncio.TimeoutError, RuntimeError):
                await asyncio.wait_for(self._service.said.to_end(), 1.0)


def cells(value: object, otherwise: int) -> int:
    """Return a number of columns or rows that a page can have."""
    try:
        number = int(str(value))
    except ValueError:
        return otherwise
    return min(max(number, 1), MOST_CELLS)


async def _nowhere(_: Any) -> None:
    """Draw nothing: there is no page."""


async def _nothing() -> None:
    """Close nothing."""
