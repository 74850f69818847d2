"""The server: pages, sockets and downloads for the browsers that are let in, and a process for each sitting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from socket import socket
from time import monotonic
from urllib.parse import quote

from aiohttp import web
from textual_serve.download_manager import DownloadManager

from ner_tui.web import page
from ner_tui.web.access import Access, Admitted, Asked, Refused
from ner_tui.web.sitting import Sitting, cells

GRACE = 5.0
"""Seconds that an app waits for a page that is reloaded; then it ends, and all is saved."""
MOST_READERS = 8
"""Pages that look on at the most."""
PROMPT = 1.0
"""Seconds between two addresses that are told to somebody who had none that holds."""
_LARGEST_MESSAGE = 1 << 21
"""Bytes of what is pasted at once."""
SECOND = "it is being edited in another tab or window"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Served:
    """What is served."""

    edit: Sequence[str]
    """The command that edits, a word each."""
    look: Sequence[str]
    """The command that looks on."""
    because: str
    """The variable in which that is told why it cannot edit."""
    title: str
    behind_proxy: bool = False


class Server:
    """Lets browsers in, one to edit and others to look on."""

    def __init__(self, served: Served, listening: socket, tell: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            served: what.
            listening: where; its port is part of what requests have to name.
            tell: says something to the person at the terminal.
        """
        self._served = served
        self._listening = listening
        self._tell = tell
        self.port: int = listening.getsockname()[1]
        self.access = Access(self.port, behind_proxy=served.behind_proxy)
        self._downloads = DownloadManager()
        self._seats = asyncio.Lock()
        self._editor: Sitting | None = None
        self._sittings: set[Sitting] = set()
        self._tasks: set[asyncio.Future[None]] = set()
        self._prompted = 0.0
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """The address that lets the next browser in, once."""
        return f"http://127.0.0.1:{self.port}/?token={self.access.token}"

    async def start(self) -> None:
        """Begin to answer."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/ws", self._socket),
                web.get("/page.css", self._style),
                web.get("/page.js", self._script),
                web.get("/state", self._state),
                web.get("/favicon.ico", self._no_icon),
                web.get("/download/{key}", self._download),
                web.static("/static", str(files("textual_serve") / "static")),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, self._listening).start()

    async def stop(self) -> None:
        """End all sittings, with everything saved, and answer nobody any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(sitting.end() for sitting in self._sittings))
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        judged = self.access.judge(_asked(request, self.access.cookie_name))
        if isinstance(judged, Refused):
            self._prompt(request, judged)
            answer: web.StreamResponse = _html(page.told_page(judged.reason), judged.status)
        elif judged.is_new:
            answer = self._let_in(judged)
        else:
            try:
                answer = await handler(request)
            except web.HTTPException as failed:
                answer = _html(page.told_page(failed.reason), failed.status)
        if not answer.prepared:
            answer.headers.update(page.HEADERS)
        return answer

    def _let_in(self, admitted: Admitted) -> web.Response:
        # Opened by the page itself, the next request comes from this server, and brings the cookie.
        answer = _html(page.told_page("opening …", "/"))
        answer.set_cookie(
            self.access.cookie_name,
            self.access.cookie,
            httponly=True,
            samesite="Strict",
            secure=admitted.is_safe,
            path="/",
        )
        return answer

    def _prompt(self, request: web.Request, refused: Refused) -> None:
        """Tell who opens an address that was used already, or none, the next one, at the terminal."""
        is_visit = request.path == "/" and request.headers.get("Sec-Fetch-Site", "none") == "none"
        if refused.status == 403 and is_visit and monotonic() - self._prompted > PROMPT:
            self._prompted = monotonic()
            self._tell(f"a browser without a pass was refused; this lets one in: {self.address}")

    async def _index(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get("X-Forwarded-Host", "") if self._served.behind_proxy else ""
        is_safe = self._served.behind_proxy and request.headers.get("X-Forwarded-Proto") == "https"
        socket = f"{'wss' if is_safe else 'ws'}://{host or request.headers['Host']}/ws"
        return _html(page.app_page(socket, self._served.title))

    async def _style(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=page.STYLE, content_type="text/css")

    async def _script(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=page.SCRIPT, content_type="text/javascript")

    async def _no_icon(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    async def _state(self, _: web.Request) -> web.StreamResponse:
        """Tell a page that was lost whether to go on, or else what the app said last that a person left."""
        editor = self._editor
        if editor is None or not editor.is_over:
            return web.Response(text="going on")
        # It says what became of the project when it has closed it.
        await editor.end()
        return web.Response(text=f"over\n{editor.last_words}")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        answer = web.WebSocketResponse(autoping=False, max_msg_size=_LARGEST_MESSAGE, compress=False, timeout=1.0)
        await answer.prepare(request)
        width, height = cells(request.query.get("width"), 80), cells(request.query.get("height"), 24)
        sitting = await self._seat()
        if sitting is None:
            await answer.close(code=1013, message=b"too many pages look on")
            return answer
        try:
            await sitting.attend(answer, width, height)
        finally:
            self._later(self._wait_for_page(sitting))
        return answer

    async def _seat(self) -> Sitting | None:
        """Return the sitting of a page that is opened: that which edits, if no page has it, or else one to look on."""
        async with self._seats:
            editor = self._editor
            if editor is None or editor.is_over:
                if editor is not None:
                    # It may still be closing the project.
                    await editor.end()
                self._editor = editor = self._new(Sitting(self._served.edit, {}, self._downloads))
            elif await editor.page_answers():
                if len(self._sittings) > MOST_READERS:
                    return None
                return self._new(Sitting(self._served.look, {self._served.because: SECOND}, self._downloads))
            return editor

    def _new(self, sitting: Sitting) -> Sitting:
        self._sittings.add(sitting)
        return sitting

    async def _wait_for_page(self, sitting: Sitting) -> None:
        """End a sitting whose page is gone and does not come again; a page that looks on then edits in its place."""
        pages = sitting.pages
        if not sitting.is_over and sitting is self._editor:
            await asyncio.sleep(GRACE)
        # One that came meanwhile, and is gone again, is waited for by itself.
        if not sitting.is_over and (sitting.has_page or sitting.pages != pages):
            return
        was_left = sitting.is_over
        await sitting.end()
        self._sittings.discard(sitting)
        if sitting is self._editor and not was_left:
            self._editor = None
            # It opens itself again, and is the first then.
            reader = next((each for each in self._sittings if each.has_page), None)
            if reader is not None:
                await reader.close_page()

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        try:
            found = await self._downloads.get_download_metadata(key)
        except KeyError:
            raise web.HTTPNotFound(reason="this file was taken already: export it again") from None
        answer = web.StreamResponse(headers=page.HEADERS)
        answer.content_type = "application/octet-stream"
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}"
        await answer.prepare(request)
        async for chunk in self._downloads.download(key):
            await answer.write(chunk)
        await answer.write_eof()
        return answer


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def _asked(request: web.Request, cookie: str) -> Asked:
    headers = request.headers
    return Asked(
        request.method,
        request.path,
        headers.getall("Host", []),
        headers.getall("Origin", []),
        headers.get("Sec-Fetch-Site", ""),
        headers.get("Sec-Fetch-Mode", ""),
        request.cookies.get(cookie, ""),
        request.query.get("token", ""),
        request.path == "/ws",
        headers.get("X-Forwarded-Host", ""),
    )
