"""How long keys take while it is learnt from hundreds of sentences, in the real program on a pseudo-terminal."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.latency import LEARNT, PAINTED, Terminal, p95
from ner_tui.domain.labels import LabelSet
from ner_tui.session import SessionOptions, open_session

WordSpan = tuple[int, int, str]
ROUNDS = 12
"""Times that something is taken back and done again: each is learnt from at once."""
KEYS = "lhlhjkwb"
"""Pressed after each, while it is learnt."""
PAUSE = 0.06
"""Seconds between two keys."""
LEARNING = 3.0
"""Seconds in which all is learnt and suggested."""
QUIET = 0.02
"""Seconds without a byte after which a key's own drawing is over: what was learnt is drawn when it comes."""
LEFT_OPEN = 10
"""Sentences at the end that nobody has confirmed."""


def key_times(gold: Sequence[tuple[Sequence[str], Sequence[WordSpan]]], labels: Sequence[str]) -> tuple[float, float]:
    """Return the milliseconds that nineteen of twenty keys do not exceed: when all is learnt, and while it is learnt.

    The keys are the same, in the same sitting: what is drawn is the same, too.

    Args:
        gold: words and spans of sentences; all but the last few are confirmed as they are.
        labels: of the project.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make(folder, gold, labels)
        terminal = Terminal(folder, folder / "stream.conll", ())
        terminal.read_until(PAINTED)
        terminal.read_until(LEARNT)
        terminal.settle(LEARNING)
        _pressed(terminal, 0, 0)
        _pressed(terminal, 1, 0)
        still = [each for at in range(ROUNDS) for each in _pressed(terminal, at, LEARNING)]
        learning = [each for at in range(ROUNDS) for each in _pressed(terminal, at, 0)]
        terminal.close()
    return p95(still), p95(learning)


def _pressed(terminal: Terminal, at: int, wait: float) -> list[float]:
    """Take something back or do it again, wait, and press the keys; return how long each took."""
    times = []
    for number, key in enumerate(("uU"[at % 2], *KEYS)):
        if number == 1:
            terminal.settle(wait)
        milliseconds, size = terminal.press(key, PAUSE, QUIET)
        times += [milliseconds] if size else []
    terminal.settle(wait)
    return times


def _make(folder: Path, gold: Sequence[tuple[Sequence[str], Sequence[WordSpan]]], labels: Sequence[str]) -> None:
    """Make the project of a file whose sentences are confirmed but for the last few."""
    file = folder / "stream.conll"
    file.write_text("\n".join("".join(_lines(*each)) for each in gold), encoding="utf-8")
    options = SessionOptions(project=str(folder / "stream.ner"), labels=LabelSet.of(labels))
    session = open_session([str(file)], options)
    starts = session.document.sentence_starts(0, session.document.length)
    for start in starts[:-LEFT_OPEN]:
        session.corrections.confirm(start)
    session.introduce()
    session.close()


def _lines(words: Sequence[str], spans: Sequence[WordSpan]) -> list[str]:
    tags = ["O"] * len(words)
    for first, end, label in spans:
        tags[first:end] = [f"B-{label}", *[f"I-{label}"] * (end - first - 1)]
    return [f"{word} {tag}\n" for word, tag in zip(words, tags, strict=True)]
