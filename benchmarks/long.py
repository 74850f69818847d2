"""Rows of long text: a document of 5 MB, a line of 1 MB, and a sentence of 50,000 tokens, on a pseudo-terminal.

    python -m benchmarks.long DATA [--keys N] [--only NAME] [--no-predict] [--json]

DATA is a folder with CoNLL files, from whose sentences the texts are made. Each is opened with the bundled model, and
when all of it is predicted keys are pressed at its beginning, in the middle and at its end: those that move, and those
that label and undo. The peer is a file of 1,000 sentences; where there is none, a row is held against the limit. Then
each is predicted without a project, beside as many words of ordinary sentences.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.latency import MOVES, PAINTED, PREDICTED, SCROLLING, p95, pressed
from benchmarks.memory import Command
from benchmarks.scale import FIRST_PAINT, MEMORY, SMALL, TerminalSession, draw
from benchmarks.speed import Row
from benchmarks.table import show
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.store.project import Project

DOCUMENT, LINE, TOKENS = 5_000_000, 1_000_000, 50_000
"""Characters, characters, tokens."""
NAMES = ("document", "line", "sentence")
POOL = 70_000
"""Sentences that are drawn: more than 5 MB."""
PARAGRAPH = 8
"""Sentences of a paragraph."""
ORDINARY = 200_000
"""Words of the file beside which the words a second are held, at the most."""
LABELLING = "1u"
SLOWEST = 30.0
"""Milliseconds that nineteen of twenty keys may take."""
TIME_LIMIT = 3_600
SHARES = 10
"""Parts of a text in each of which some words have to be labelled."""


def make(data: Path, folder: Path) -> dict[str, Path]:
    """Write the texts and the file of 1,000 sentences; return them by name."""
    pool, small = folder / "pool.conll", folder / "small.conll"
    draw(data, pool, POOL)
    draw(data, small, SMALL)
    rows = pool.read_text(encoding="utf-8")
    sentences = [" ".join(row.rpartition(" ")[0] for row in block.split("\n")) for block in rows.split("\n\n") if block]
    paragraphs = [" ".join(sentences[at : at + PARAGRAPH]) for at in range(0, len(sentences), PARAGRAPH)]
    texts = {
        "document.txt": "\n\n".join(paragraphs)[:DOCUMENT] + "\n",
        "line.txt": " ".join(sentences)[:LINE] + "\n",
        "sentence.conll": "\n".join([row for row in rows.split("\n") if row][:TOKENS]) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {**{Path(name).stem: folder / name for name in texts}, "small": small, "pool": pool}


def rows(data: Path, keys: int, names: tuple[str, ...] = NAMES, *, predict: bool = True) -> Iterator[Row]:
    """Measure the rows one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = make(data, folder)
        small = TerminalSession(folder, files["small"])
        small.read_until(PAINTED)
        _wait_for_the_model(small)
        for name in names:
            yield from _sat(folder, name, files[name], small, keys)
            if predict:
                yield from _predicted(folder, name, files[name], files["pool"])
        small.close()


def _sat(folder: Path, name: str, file: Path, small: TerminalSession, keys: int) -> Iterator[Row]:
    """Open a file, twice: it is left in the middle."""
    session = TerminalSession(folder, file)
    first = session.painted(file.read_text(encoding="utf-8")[:200].split()[0])
    yield Row(f"{name}: first paint", "s", first, FIRST_PAINT, 1)
    session.read_until(PAINTED)
    session.indexed()
    _wait_for_the_model(session)
    yield from _pressed(f"{name}, at the beginning", session, small, keys)
    most = _left(session)
    _stand_in_the_middle(folder / f"{file.stem}.ner")
    session = TerminalSession(folder, file)
    session.read_until(PAINTED)
    _wait_for_the_model(session)
    yield from _pressed(f"{name}, in the middle", session, small, keys)
    session.press("G")
    yield from _pressed(f"{name}, at the end", session, small, keys)
    most = max(most, _left(session))
    yield Row(f"{name}: memory with the bundled model", "MB", most, MEMORY, 1)


def _pressed(place: str, session: TerminalSession, small: TerminalSession, keys: int) -> Iterator[Row]:
    """Press ``keys`` keys that move, a third of them scrolling, and as many that label and undo, by turns in both."""
    moves = [key for pair in MOVES for key in pair * (keys // 3 // len(MOVES))]
    scrolls = [SCROLLING[at % len(SCROLLING)] for at in range(keys // 3)]
    for kind, pressed_keys in (("move", [*moves, *scrolls]), ("label and undo", [*LABELLING] * (keys // 2))):
        ours, usual = ([milliseconds for milliseconds, _ in pressed(each, pressed_keys)] for each in (session, small))
        # A fifth more, or three milliseconds: less than anyone notices.
        peer = statistics.median(usual)
        halves = (statistics.median(ours), peer, max(1.2, 1 + 3 / peer))
        yield Row(f"{place}: {kind}, p50", "ms", *halves, peer_name=f"{SMALL:,} sentences")
        yield Row(f"{place}: {kind}, p95", "ms", p95(ours), SLOWEST, 1)


def _wait_for_the_model(session: TerminalSession) -> None:
    until = time.monotonic() + TIME_LIMIT
    while PREDICTED not in session.met:
        if time.monotonic() > until:
            raise TimeoutError("it was never predicted to its end")
        session.settle(0.5)
        session.look()
    session.settle(1)


def _left(session: TerminalSession) -> float:
    """Quit, and return the memory that was in use."""
    session.look()
    session.close()
    return session.most


def _stand_in_the_middle(path: Path) -> None:
    project = Project.open(path)
    document = project.content.document_ids()[0]
    with project.transaction():
        project.content.set_cursor(document, project.content.length(document) // 2)
    project.close()


def _predicted(folder: Path, name: str, file: Path, pool: Path) -> Iterator[Row]:
    """Predict a text without a project, and as much ordinary text beside it."""
    tags, speed, most = _predict(folder, file)
    words = _words(file)
    ordinary = folder / "ordinary.conll"
    _cut(pool, ordinary, min(len(words), ORDINARY))
    usual = _predict(folder, ordinary)[1]
    right = [word for word, _ in tags] == words
    yield Row(f"{name}: predict, words that came out", "", len(tags) * right, len(words), 1, True, "all")
    yield Row(f"{name}: predict, least share labelled in a tenth", "", *_least_share(tags), 0.5, True, "all")
    # The windows over one long sentence overlap by a quarter.
    what = f"{name}: predict, words a second of processor time"
    yield Row(what, "words/s", speed, usual, 0.8, True, "ordinary sentences")
    yield Row(f"{name}: predict, memory", "MB", most, MEMORY, 1)


def _predict(folder: Path, file: Path) -> tuple[list[tuple[str, str]], float, float]:
    """Return words with tags, words a second of processor time, and megabytes."""
    out = folder / "predicted.out"
    command = Command(["predict", str(file), "-o", str(out)])
    while command.runs():
        pass
    lines = [line.rpartition(" ") for line in out.read_text(encoding="utf-8").split("\n") if line]
    out.unlink()
    return [(word, tag) for word, _, tag in lines], len(lines) / command.seconds(), command.most


def _words(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".conll":
        return [line.rpartition(" ")[0] for line in text.split("\n") if line]
    return [text[token.start : token.end] for token in tokenize(text)]


def _cut(pool: Path, out: Path, words: int) -> None:
    """Write the sentences that the first ``words`` words of a file are in."""
    done, taken = 0, list[str]()
    for block in pool.read_text(encoding="utf-8").split("\n\n"):
        if done >= words:
            break
        taken.append(block)
        done += block.count("\n") + 1
    out.write_text("\n\n".join(taken) + "\n\n", encoding="utf-8")


def _least_share(tags: list[tuple[str, str]]) -> tuple[float, float]:
    """Return which share of words has a label where the fewest have, of ten parts, and of all."""
    marked = [tag != "O" for _, tag in tags]
    size = -(-len(marked) // SHARES)
    return min(statistics.mean(marked[at : at + size]) for at in range(0, len(marked), size)), statistics.mean(marked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--keys", type=int, default=60, help="keys of each kind pressed at each place")
    parser.add_argument("--only", choices=NAMES, action="append", help="one of the texts")
    parser.add_argument("--no-predict", action="store_true", help="leave out the rows of predict")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = tuple(options.only or NAMES)
    show(rows(options.data, options.keys, names, predict=not options.no_predict), as_json=options.json)


if __name__ == "__main__":
    main()
