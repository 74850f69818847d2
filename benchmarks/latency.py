"""Time keys on a pseudo-terminal of 120 by 40: from the key to the last byte that is drawn for it.

    python benchmarks/latency.py [--keys N] [--json]

A document of 100,000 tokens with 5,000 spans stands beside one of 2,000 tokens with 100, each in a real ``ner-tui
review`` with the bundled model, which learns nothing meanwhile: once while it predicts, once when all is predicted.
Keys are pressed one at a time, and a key's drawing is over when nothing came for ``QUIET`` seconds. What the side pane
adds when the cursor rests comes later than that and is not counted.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import random
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

LARGE, SMALL = 100_000, 2_000
SPAN_EVERY = 20
QUIET = 0.06
TIME_LIMIT = 120
COLUMNS, ROWS = 120, 40
PAINTED, PREDICTING, PREDICTED = b"saved", b"words/s", b"all predicted"
LEARNT = b"learned from"
MOVES = ("lh", "jk", "wb")
EDITS = ("1u", "es")
"""Pairs of keys of which the second takes back the first: nothing scrolls."""
SCROLLING = "JJJJKKKK"
WORDS = "the old market street council river opened after long winter with more people than expected in".split()
NAMES = (("Ada Okonkwo", "PER"), ("Lisbon", "LOC"), ("Kestrel Labs", "ORG"), ("Portuguese", "MISC"))


def write(path: Path, tokens: int) -> None:
    """Write a CoNLL file of one document with an entity in every ``SPAN_EVERY`` tokens."""
    dice, lines, done = random.Random(1), [], 0
    while done < tokens:
        name, label = dice.choice(NAMES)
        words = name.split()
        lines += [f"{word} {'I' if at else 'B'}-{label}" for at, word in enumerate(words)]
        lines += [f"{dice.choice(WORDS)} O" for _ in range(SPAN_EVERY - len(words) - 1)]
        lines += [". O", ""]
        done += SPAN_EVERY
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Terminal:
    """The program in a pseudo-terminal."""

    def __init__(self, folder: Path, file: Path, options: Sequence[str] = ("--no-learning",)) -> None:
        self._seen = b""
        """The last of what was drawn."""
        self.met: set[bytes] = set()
        """Which of the words that are waited for were drawn."""
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.chdir(folder)
            project = f"{file.stem}.ner"
            command = [sys.executable, "-m", "ner_tui", "review", *options, str(file), "--project", project]
            os.execv(sys.executable, command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read_until(self, words: bytes, limit: float = TIME_LIMIT) -> None:
        """Read until ``words`` were drawn, for so many seconds at the most."""
        end = time.monotonic() + limit
        while words not in self.met:
            if time.monotonic() > end:
                raise TimeoutError(f"{words!r} was never drawn; last: {self._seen[-300:]!r}")
            self._read(1)

    def settle(self, seconds: float) -> None:
        """Read what comes within ``seconds``."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def _read(self, seconds: float) -> int:
        """Read what comes next, within ``seconds``; return how many bytes it was."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return 0
        read = os.read(self.fd, 1 << 16)
        self._seen = self._seen[-1000:] + read
        self.met.update(words for words in (PAINTED, PREDICTING, PREDICTED, LEARNT) if words in self._seen)
        return len(read)

    def press(self, key: str, pause: float = 0.2, quiet: float = QUIET) -> tuple[float, int]:
        """Press a key after a pause; return (milliseconds to the last byte, bytes), both 0 if nothing was drawn.

        Its drawing is over when nothing came for ``quiet`` seconds.
        """
        self.settle(pause)
        begun = last = time.perf_counter()
        size = 0
        os.write(self.fd, key.encode())
        while read := self._read(quiet if size else 1.0):
            size += read
            last = time.perf_counter()
        return (last - begun) * 1000, size

    def close(self) -> None:
        """Quit the program."""
        os.write(self.fd, b"q")
        try:
            while os.read(self.fd, 1 << 16):
                pass
        except OSError:
            pass
        os.waitpid(self.process, 0)


def measure(terminal: Terminal, number: int) -> dict[str, float]:
    """Press half of ``number`` keys that move within the page, a quarter that edit and a quarter that scroll."""
    moves = pressed(terminal, [key for pair in MOVES for key in pair * (number // 4 // len(MOVES))])
    edits = pressed(terminal, [key for pair in EDITS for key in pair * (number // 8 // len(EDITS))])
    scrolling = pressed(terminal, [SCROLLING[at % len(SCROLLING)] for at in range(number // 4)])
    times = [milliseconds for milliseconds, _ in (*moves, *edits, *scrolling)]
    return {
        "keys": len(times),
        "p50_ms": statistics.median(times),
        "p95_ms": p95(times),
        "moving_p95_bytes": p95([size for _, size in moves]),
        "editing_p95_bytes": p95([size for _, size in edits]),
        "scrolling_p95_bytes": p95([size for _, size in scrolling]),
    }


def pressed(terminal: Terminal, keys: Sequence[str]) -> list[tuple[float, int]]:
    """Press keys one after the other; return what ``press`` does for each that something was drawn for."""
    return [found for key in keys if (found := terminal.press(key))[1]]


def p95(values: Sequence[float]) -> float:
    """Return what nineteen of twenty values are not above."""
    return sorted(values)[int(len(values) * 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200, help="keys pressed in each row")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for tokens in (SMALL, LARGE):
            file = Path(name) / f"text{tokens}.conll"
            write(file, tokens)
            terminal = Terminal(Path(name), file)
            terminal.read_until(PAINTED)
            terminal.press("\x1b")  # the card of the first start
            if tokens == LARGE:
                terminal.read_until(PREDICTING)
                rows["100,000 tokens, predicting"] = measure(terminal, arguments.keys)
            terminal.read_until(PREDICTED)
            terminal.settle(1)
            rows[f"{tokens:,} tokens, idle"] = measure(terminal, arguments.keys)
            terminal.close()
    if arguments.json:
        print(json.dumps(rows))
        return
    print(f"{'':28} keys    p50 ms  p95 ms   bytes p95: moving  editing  scrolling")
    for title, row in rows.items():
        cells = (f"{row['keys']:4.0f}", f"{row['p50_ms']:9.1f}", f"{row['p95_ms']:7.1f}")
        sizes = (f"{row['moving_p95_bytes']:18,.0f}", f"{row['editing_p95_bytes']:8,.0f}")
        print(f"{title:28}", *cells, *sizes, f"{row['scrolling_p95_bytes']:10,.0f}")
    ours, small = rows["100,000 tokens, idle"]["p50_ms"], rows["2,000 tokens, idle"]["p50_ms"]
    print(f"p50 of the long document over the short one: {ours / small:.2f} x, {ours - small:+.1f} ms")


if __name__ == "__main__":
    main()
