"""The whole way in a real Chromium: open, correct by key and by mouse, reload, export, read the file."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browser import chromium_or_skip

import ner_tui

pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("textual_serve", reason="the extra [web] is not installed")

from benchmarks.devtools import LIMIT, Browser, Tab, started

TEXT_COLUMN = 31
"""Where the text begins beside the panes, in a window as wide as the browser's."""
TEXT = "Ada Okonkwo left Lisbon.\n\nBo Ito stayed in Rome.\n"


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Serve a text, and return the address that is told."""
    (tmp_path / "a.txt").write_text(TEXT)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ner_tui", "serve", "a.txt", "--model", "none", "--no-open", "--annotator", "me",
        cwd=tmp_path, stderr=asyncio.subprocess.PIPE, env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = (await asyncio.wait_for(process.stderr.readline(), LIMIT)).decode()
        yield re.findall(r"http://\S+", line)[0]
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), LIMIT) == 0


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    chromium_or_skip()
    async with started(tmp_path / "browser") as found:
        yield found


def decided(project: Path) -> list[tuple[int, int, str]]:
    with ner_tui.open_project(project, read_only=True) as opened:
        return [(span.start, span.end, span.label) for span in opened.document().spans]


async def cell(tab: Tab, column: int, row: int) -> tuple[float, float]:
    """Return the middle of a cell of the terminal in pixels."""
    box = await tab.value("JSON.stringify(document.querySelector('.xterm-screen').getBoundingClientRect())")
    (columns, rows) = re.findall(r"width=(\d+)&height=(\d+)", [each for each in tab.requested if "/ws?" in each][-1])[0]
    place = json.loads(box)
    width, height = place["width"] / int(columns), place["height"] / int(rows)
    return place["x"] + (column + 0.5) * width, place["y"] + (row + 0.5) * height


async def becomes(project: Path, spans: list[tuple[int, int, str]]) -> None:
    async with asyncio.timeout(LIMIT):
        while decided(project) != spans:
            await asyncio.sleep(0.05)


async def test_a_person_corrects_reloads_and_takes_a_file_home(tmp_path: Path, address: str, browser: Browser) -> None:
    project = tmp_path / "annotations.ner"
    tab = await browser.tab()
    await tab.open(address)
    # A card is in front of a newcomer.
    await tab.sees("press any key")
    await tab.press("1", "e")
    await becomes(project, [(0, 11, "PER")])

    await tab.reload()
    await tab.sees("Okonkwo")
    # By mouse, on “Lisbon”.
    await tab.click(*await cell(tab, TEXT_COLUMN + TEXT.index("Lisbon") + 2, 1))
    await tab.press("3")
    await becomes(project, [(0, 11, "PER"), (17, 23, "LOC")])
    await tab.press("u")
    await becomes(project, [(0, 11, "PER")])

    await tab.press("o")
    await tab.sees("File to download")
    await tab.press("Enter")
    file = browser.downloads / "annotations.conll"
    async with asyncio.timeout(LIMIT):
        while not file.exists():
            await asyncio.sleep(0.05)
    assert file.read_text().startswith("Ada B-PER\nOkonkwo I-PER\nleft O\n")
    assert not (tmp_path / "annotations.conll").exists()

    await tab.press("q")
    async with asyncio.timeout(LIMIT):
        while not await tab.value("document.body.classList.contains('over')"):
            await asyncio.sleep(0.05)
    assert "saved in annotations.ner: 1 decision" in await tab.value("document.querySelector('.said').textContent")

    root = address.split("?")[0]
    foreign = [each for each in tab.requested if not each.startswith((root, root.replace("http", "ws")))]
    assert [each for each in foreign if not each.startswith(("data:", "about:", "blob:"))] == []
    assert [each for each in tab.complaints if "Security Policy" in each or "Refused" in each] == []


@pytest.mark.thorough
async def test_a_second_tab_looks_on_and_takes_over_when_the_first_is_closed(
    tmp_path: Path, address: str, browser: Browser
) -> None:
    first, second = await browser.tab(), await browser.tab()
    await first.open(address)
    await first.sees("press any key")
    await second.open(address.split("?")[0])
    await second.sees("being edited in another tab")
    await second.press("1")
    await first.press("2")
    await becomes(tmp_path / "annotations.ner", [(0, 3, "ORG")])
    await first.do("Page.close")
    # It opens itself again, some seconds later.
    async with asyncio.timeout(LIMIT):
        while decided(tmp_path / "annotations.ner"):
            await asyncio.sleep(0.5)
            await second.press("x")


@pytest.mark.thorough
async def test_a_hostile_page_in_the_same_browser_gets_no_socket(
    tmp_path: Path, address: str, browser: Browser
) -> None:
    tab, hostile = await browser.tab(), await browser.tab()
    await tab.open(address)
    await tab.sees("saved")
    (tmp_path / "evil.html").write_text("<title>evil</title>")
    await hostile.open((tmp_path / "evil.html").as_uri())
    socket = address.split("?")[0].replace("http", "ws") + "ws"
    # In one step: the answer may come before a second one.
    await hostile.value(
        f"window.s = 'waiting'; const w = new WebSocket('{socket}'); "
        "w.onopen = () => s = 'open'; w.onerror = () => s = 'refused'"
    )
    async with asyncio.timeout(LIMIT):
        while await hostile.value("window.s") == "waiting":
            await asyncio.sleep(0.05)
    assert await hostile.value("window.s") == "refused"
