"""The app in a real Chromium: the first paint, a key to its paint, and edits over reloads and killed browsers.

    python -m benchmarks.browser [--reloads N] [--kills N] [--keys N] [--json]

Needs the extra [web] and a Chromium in PATH. A server is started on a text of its own. The first paint is the time
from opening the address to the text on the socket that draws it, a key's from its press to the bytes that answer it, as
the browser's own protocol tells them. Before each reload and each kill an edit is made, and no more than a moment is
waited; all of them have to be in the project in the end.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import ner_tui
from benchmarks.devtools import LIMIT, Browser, Tab, started
from benchmarks.speed import Row
from benchmarks.table import show

WORDS = 400
"""Words of the text: an edit is made on each in turn."""
PAINTS = 7


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[asyncio.StreamReader]:
    """Serve a text, and give what the server says."""
    (folder / "a.txt").write_text(" ".join(f"Word{number}" for number in range(WORDS)) + ".\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ner_tui", "serve", "a.txt", "--model", "none", "--no-open", "--no-learning",
        cwd=folder, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        yield process.stderr
    finally:
        process.terminate()
        await process.wait()


async def address(said: asyncio.StreamReader) -> str:
    """Return the next address that is told."""
    async with asyncio.timeout(LIMIT):
        while not (found := re.findall(r"http://\S+token=\S+", (await said.readline()).decode())):
            pass
    return str(found[0])


async def paints(browser: Browser, root: str) -> list[float]:
    """Return how long first paints take, each in a tab of its own after the app before has ended."""
    taken = []
    for _ in range(PAINTS):
        tab = await browser.tab()
        begun = time.perf_counter()
        await tab.open(root)
        await tab.sees("Word")
        taken.append(time.perf_counter() - begun)
        await tab.sees("saved")
        await tab.press("q")
        await asyncio.sleep(0.5)
        await tab.do("Page.close")
        await asyncio.sleep(0.5)
    return taken


async def keys(tab: Tab, number: int) -> list[float]:
    """Return how long presses take until something is drawn."""
    taken = []
    for at in range(number):
        await asyncio.sleep(0.05)
        before, begun = len(tab.drawn), time.perf_counter()
        await tab.press("l" if at % 2 == 0 else "h")
        while len(tab.drawn) == before and time.perf_counter() - begun < LIMIT:
            await asyncio.sleep(0.0005)
        taken.append(time.perf_counter() - begun)
    return taken


async def decide(tab: Tab) -> None:
    """Decide the word under the cursor, see that it is drawn, and go on to the next."""
    drawn = len(tab.drawn)
    await tab.press("1")
    async with asyncio.timeout(LIMIT):
        while b"PER" not in tab.drawn[drawn:]:
            await asyncio.sleep(0.002)
    await tab.press("l")
    await asyncio.sleep(0.05)


async def measure(reloads: int, kills: int, presses: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with serving(folder) as said:
            first = await address(said)
            root = first.split("?")[0]
            async with started(folder / "first") as browser:
                tab = await browser.tab()
                await tab.open(first)
                await tab.sees("press any key")
                await tab.press("l")
                await tab.press("q")
                await asyncio.sleep(1)
                await tab.do("Page.close")
                shown = await paints(browser, root)
                tab = await browser.tab()
                await tab.open(root)
                await tab.sees("saved")
                pressed = await keys(tab, presses)
                for _ in range(reloads):
                    await decide(tab)
                    await tab.reload()
                    await tab.sees("Word")
            for number in range(kills):
                async with started(folder / f"killed{number}") as browser:
                    tab = await browser.tab()
                    # Without a cookie: the terminal says another address.
                    await tab.open(root)
                    await tab.open(await address(said))
                    await tab.sees("Word")
                    await tab.sees("saved")
                    await decide(tab)
        with ner_tui.open_project(folder / "annotations.ner", read_only=True) as project:
            kept = 100 * len(project.document().spans) / max(reloads + kills, 1)
    return [
        Row("first paint in Chromium", "s", statistics.median(shown), 1.5, 1),
        Row("key to paint in Chromium, p95", "s", statistics.quantiles(pressed, n=20)[-1], 0.08, 1),
        Row(f"edits kept over {reloads} reloads and {kills} kills", "%", kept, 100, 1, True),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reloads", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--keys", type=int, default=100, help="presses that are timed (default: 100)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(asyncio.run(measure(options.reloads, options.kills, options.keys)), as_json=options.json)


if __name__ == "__main__":
    main()
