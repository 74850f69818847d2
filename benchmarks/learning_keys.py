"""How long keys take while it is learnt from hundreds of sentences, in the real program on a pseudo-terminal."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.latency import LEARNT, PAINTED, PREDICTED, Terminal, p95
from ner_tui.domain.labels import LabelSet
from ner_tui.session import SessionOptions, open_session

WordSpan = tuple[int, int, str]
ROUNDS = 12
"""Times that something is taken back and done again: each is learnt from at once."""
KEYS = "lhlhjkwb"
"""Pressed after each, while it is learnt."""
PAUSE = 0.06
"""Seconds between two keys."""
QUIET = 0.02
"""Seconds without a byte after which a key's own drawing is over: what was learnt is drawn when it comes."""
LEFT_OPEN = 10
"""Sentences at the end that nobody has confirmed."""


def key_times(gold: Sequence[tuple[Sequence[str], Sequence[WordSpan]]], labels: Sequence[str]) -> tuple[float, float]:
    """Return the milliseconds that nineteen of twenty keys do not exceed: without learning, and while it learns.

    Args:
        gold: words and spans of sentences; all but the last few are confirmed as they are.
        labels: of the project.
    """
    found = []
    for learns in (False, True):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _make(folder, gold, labels)
            options = () if learns else ("--no-learning",)
            terminal = Terminal(folder, folder / "stream.conll", options)
            terminal.read_until(PAINTED)
            terminal.read_until(LEARNT if learns else PREDICTED)
            terminal.settle(1)
            times = []
            for at in range(ROUNDS):
                for key in ("uU"[at % 2], *KEYS):
                    milliseconds, size = terminal.press(key, PAUSE, QUIET)
                    times += [milliseconds] if size else []
            terminal.close()
            found.append(p95(times))
    still, learning = found
    return still, learning


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
