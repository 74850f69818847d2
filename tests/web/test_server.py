"""The server over real sockets: what it refuses, and what becomes of an app whose page is reloaded or gone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("textual_serve", reason="the extra [web] is not installed")

import aiohttp
from patience import HANGS

from ner_tui.web import server as server_module
from web.visitors import Visitor, read_until, serving

Log = Callable[[], list[str]]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    path = tmp_path / "log"
    return lambda: path.read_text().splitlines() if path.exists() else []


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with serving(tmp_path) as found:
        yield found


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to that")


async def test_every_answer_keeps_a_browser_from_fetching_elsewhere(visitor: Visitor) -> None:
    for path in ("/", "/page.css", "/static/js/textual.js", "/download/nothing", "/elsewhere"):
        async with visitor.client.get(visitor.root + path) as answer:
            text = await answer.text()
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"] or "/static/" in path
        if "textual.js" not in path:
            assert "http://" not in text.replace(visitor.root, "")
            assert "https://" not in text
            assert "<script>" not in text


async def test_the_cookie_is_for_this_servers_pages_alone(visitor: Visitor) -> None:
    async with aiohttp.ClientSession() as client, client.get(visitor.server.address) as answer:
        (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["domain"]
    assert cookie.value not in visitor.server.address


async def test_an_address_lets_one_browser_in(visitor: Visitor) -> None:
    address = visitor.server.address
    for status in (200, 403):
        async with aiohttp.ClientSession() as client, client.get(address) as answer:
            assert answer.status == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://127.0.0.1"])
async def test_a_page_of_another_server_gets_no_socket(visitor: Visitor, log: Log, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await visitor.open(origin=origin)
    assert refused.value.status == 403
    assert log() == []


async def test_a_name_that_was_rebound_to_this_computer_gets_nothing(visitor: Visitor, log: Log) -> None:
    evil = f"evil.example:{visitor.server.port}"
    async with visitor.client.get(visitor.root, headers={"Host": evil}) as answer:
        assert answer.status == 421
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await visitor.client.ws_connect(f"{visitor.root}/ws", headers={"Host": evil, "Origin": f"http://{evil}"})
    assert log() == []


async def test_who_has_no_cookie_gets_nothing(visitor: Visitor, log: Log) -> None:
    async with aiohttp.ClientSession() as stranger:
        for path in ("/", "/page.css", "/static/js/textual.js", "/download/x"):
            async with stranger.get(visitor.root + path) as answer:
                assert answer.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await stranger.ws_connect(f"{visitor.root}/ws", headers={"Origin": visitor.root})
    assert log() == []


async def test_keys_go_to_the_app_and_what_it_draws_comes_back(visitor: Visitor, log: Log) -> None:
    page = await visitor.open()
    await read_until(page, b"this is editor")
    await page.send_json(["stdin", "n€"])
    await read_until(page, "typed n€".encode())
    await page.send_json(["resize", {"width": 120, "height": 1e9}])
    await until(lambda: any(line.startswith("size 120x") for line in log()))
    assert log()[0].split()[3] == "90x20"
    assert log()[-1] in ("size 120x24", "size 120x1000")


@pytest.mark.parametrize("said", ["[]", "{", "[[]]", '["stdin", 7]', '["resize", 7]', '["deliver", "x"]', '"x"'])
async def test_a_page_that_says_something_else_is_closed(visitor: Visitor, said: str) -> None:
    page = await visitor.open()
    await read_until(page, b"this is editor")
    await page.send_str(said)
    assert (await page.receive(timeout=60)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_a_page_that_is_reloaded_finds_the_app_as_it_was(visitor: Visitor, log: Log) -> None:
    page = await visitor.open()
    await read_until(page, b"this is editor")
    for _ in range(20):
        await page.close()
        page = await visitor.open("width=70&height=10")
        assert b"\x1b[?1049h" in await read_until(page, b"drawn again")
        await page.send_json(["stdin", "x"])
        await read_until(page, b"typed x")
    assert [line.split()[0] for line in log() if not line.startswith("size")] == ["begun"]
    assert "size 70x10" in log()


async def test_a_second_page_looks_on_and_is_told_why(visitor: Visitor, log: Log) -> None:
    first = await visitor.open()
    await read_until(first, b"this is editor")
    # It answers pings while it is read, as a browser does.
    reading = asyncio.create_task(first.receive())
    second = await visitor.open()
    await read_until(second, b"this is reader")
    assert "being edited in another tab" in log()[1]
    reading.cancel()
    await second.close()
    await until(lambda: "ended reader" in log())
    assert "ended editor" not in log()


async def test_a_page_that_does_not_answer_loses_the_app_to_the_next(visitor: Visitor, log: Log) -> None:
    silent = await visitor.client.ws_connect(f"{visitor.root}/ws", headers={"Origin": visitor.root}, autoping=False)
    await read_until(silent, b"this is editor")
    page = await visitor.open()
    await read_until(page, b"drawn again")
    assert len([line for line in log() if line.startswith("begun")]) == 1


async def test_an_app_ends_tidily_when_its_page_is_gone(
    visitor: Visitor, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "GRACE", 0.1)
    page = await visitor.open()
    await read_until(page, b"this is editor")
    await page.close()
    await until(lambda: "ended editor" in log())
    page = await visitor.open()
    await read_until(page, b"this is editor")
    assert [line.split()[0] for line in log()] == ["begun", "ended", "begun"]


async def test_an_app_waits_anew_for_each_page_that_is_gone(
    visitor: Visitor, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[asyncio.Future[None]] = []

    async def waiting(_: float) -> None:
        waits.append(asyncio.get_running_loop().create_future())
        await waits[-1]

    monkeypatch.setattr(server_module, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": waiting}))
    for number in range(2):
        page = await visitor.open()
        await read_until(page, b"drawn again" if number else b"this is editor")
        await page.close()
        while len(waits) <= number:
            await asyncio.sleep(0.02)
    # The time of the first is over while the second is gone for a moment.
    waits[0].set_result(None)
    page = await visitor.open()
    await read_until(page, b"drawn again")
    assert [line.split()[0] for line in log() if "size" not in line] == ["begun"]
    for each in waits:
        each.cancel()


async def test_a_page_that_looks_on_edits_when_the_page_that_did_is_gone(
    visitor: Visitor, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "GRACE", 0.1)
    first = await visitor.open()
    await read_until(first, b"this is editor")
    reading = asyncio.create_task(first.receive())
    second = await visitor.open()
    await read_until(second, b"this is reader")
    # As when a browser is killed whose last part still answered when the next one asked.
    reading.cancel()
    await first.close()
    assert (await second.receive(timeout=60)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert await (await visitor.client.get(f"{visitor.root}/state")).text() == "going on"
    await read_until(await visitor.open(), b"this is editor")


async def test_an_app_that_hangs_is_ended_with_its_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.web.sitting.LEAVING", 0.2)
    async with serving(tmp_path) as visitor:
        page = await visitor.open()
        await read_until(page, b"this is editor")
        await page.send_json(["stdin", "hang"])
        process = int((tmp_path / "log").read_text().split()[2])
        os.kill(process, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_an_app_that_is_ended_by_several_at_once_ends_once(
    visitor: Visitor, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await visitor.open()
    await read_until(page, b"this is editor")
    (sitting,) = visitor.server._sittings
    delays, say = iter(range(9)), sitting._service.send_meta

    async def late(data: dict[str, str | int | bool | None]) -> bool:
        # Whoever asks second is still at it when the first is done.
        await asyncio.sleep(0.3 * next(delays))
        return bool(await say(data))

    monkeypatch.setattr(sitting._service, "send_meta", late)
    await asyncio.gather(*(sitting.end() for _ in range(3)))
    assert [line for line in log() if line.startswith("ended")] == ["ended editor"]


async def test_a_person_who_leaves_sees_the_page_close(visitor: Visitor, log: Log) -> None:
    page = await visitor.open()
    await read_until(page, b"this is editor")
    await page.send_json(["stdin", "q"])
    assert (await page.receive(timeout=60)).type == aiohttp.WSMsgType.CLOSE
    assert log()[-1] == "ended editor"
    page = await visitor.open()
    await read_until(page, b"this is editor")


async def test_a_page_whose_app_has_ended_is_told_what_it_said_last(visitor: Visitor) -> None:
    page = await visitor.open()
    await read_until(page, b"this is editor")
    async with visitor.client.get(f"{visitor.root}/state") as answer:
        assert await answer.text() == "going on"
    await page.send_json(["stdin", "q"])
    await page.receive(timeout=HANGS)
    async with visitor.client.get(f"{visitor.root}/state") as answer:
        assert await answer.text() == "over\nsaved: 7"


async def test_behind_a_proxy_sockets_go_where_the_page_came_from(tmp_path: Path) -> None:
    async with serving(tmp_path, behind_proxy=True) as visitor:
        headers = {"X-Forwarded-Host": "ner.example", "X-Forwarded-Proto": "https"}
        async with visitor.client.get(visitor.root, headers=headers) as answer:
            assert 'data-session-websocket-url="wss://ner.example/ws"' in await answer.text()
