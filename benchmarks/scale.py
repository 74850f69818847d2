"""Rows of scale: a million sentences beside SLATE, beside a thousand, and beside what we promise.

    python -m benchmarks.scale DATA [--slate FOLDER] [--sentences N] [--keys N] [--json]

DATA is a folder with CoNLL files, whose sentences are drawn by chance and varied a little; FOLDER is where
``pip install --target FOLDER slate-nlp`` put SLATE, which loads the same text with the same spans. The program runs on
a pseudo-terminal with the bundled model; memory is the proportional set size of all its processes, read a few times a
second. Where there is no peer, a row is held against the limit itself.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.latency import PAINTED, TIME_LIMIT, Terminal, measure
from benchmarks.memory import LOOK_EVERY, Command, megabytes
from benchmarks.speed import Row, coming_back
from benchmarks.table import show

SENTENCES, SMALL = 1_000_000, 1_000
WORDS = 14
"""Words of a sentence on average."""
HOURS = 3_600
FIRST_PAINT, MEMORY, ANSWER, FOUND, EXPORTED = 2.0, 500.0, 1.0, 0.3, 500_000.0
"""Limits: seconds, megabytes, seconds, seconds, words a second."""
EARLY, LATER = 0.03, 0.06
"""Shares of the file that are predicted when the memory of ``predict`` is held against itself."""
ASKS_FIRST, ALL_OF_IT, NEAR = b"takes about", b"words/s", b"only near you"


def draw(data: Path, file: Path, sentences: int) -> int:
    """Write a CoNLL file of sentences from those of a folder; return how many words it has."""
    pool = [block for path in sorted(data.glob("*.conll")) for block in _blocks(path)]
    dice, done = random.Random(7), 0
    with file.open("w", encoding="utf-8") as out:
        for number in range(1, sentences + 1):
            block = dice.choice(pool)
            if done > WORDS * number:
                block = min((dice.choice(pool) for _ in range(4)), key=len)
            done += len(block)
            rows = (f"{word}{dice.choice('aeinost') if dice.random() < 0.05 else ''} {tag}" for word, tag in block)
            out.write("\n".join(rows) + "\n\n")
    return done


def _blocks(path: Path) -> Iterator[list[tuple[str, str]]]:
    for text in path.read_text(encoding="utf-8").split("\n\n"):
        block: list[tuple[str, str]] = []
        for line in text.split("\n"):
            cells = line.split("\t") if "\t" in line else line.split(" ")
            if len(cells) < 2 or line.startswith(("#", "-DOCSTART-")):
                continue
            word = next((cell for cell in cells if cell and not cell.isdecimal()), cells[0])
            tag = cells[-1] if re.fullmatch("[BI]-.+", cells[-1]) else "O"
            if tag != "O" and (not block or block[-1][1][2:] != tag[2:]):
                tag = f"B{tag[1:]}"
            block.append(("".join(word.split()) or "_", tag))
        if 2 <= len(block) <= 60:
            yield block


class TerminalSession(Terminal):
    """The program on a file, watched until it says one of some words."""

    def __init__(self, folder: Path, file: Path) -> None:
        self.begun = time.perf_counter()
        self.most = 0.0
        """Megabytes of all its processes, at the most so far."""
        super().__init__(folder, file)
        self._project = folder / f"{file.stem}.ner"

    def _read(self, seconds: float) -> int:
        size = super()._read(seconds)
        self.met.update(words for words in (ASKS_FIRST, ALL_OF_IT, NEAR) if words in self._seen)
        return size

    def painted(self, word: str) -> float:
        """Return seconds until a word of the text was drawn."""
        while word.encode() not in self._seen:
            if time.perf_counter() - self.begun > TIME_LIMIT:
                raise TimeoutError(f"{word!r} was never drawn")
            self._read(0.1)
        return time.perf_counter() - self.begun

    def indexed(self) -> float:
        """Return seconds until the file is in the project whole."""
        while not self._is_read():
            if time.perf_counter() - self.begun > HOURS:
                raise TimeoutError("it was never read to its end")
            self.settle(LOOK_EVERY)
            self.look()
        return time.perf_counter() - self.begun

    def look(self) -> None:
        """Take note of the memory in use."""
        self.most = max(self.most, megabytes(self.process))

    def _is_read(self) -> bool:
        try:
            database = sqlite3.connect(f"{self._project.as_uri()}?mode=ro", uri=True)
            try:
                waiting, there = database.execute(
                    "SELECT (SELECT count(*) FROM unread_source), (SELECT count(*) FROM sentence LIMIT 1)"
                ).fetchone()
            finally:
                database.close()
        except sqlite3.Error:
            return False
        return bool(there) and not waiting


def rows(data: Path, slate: str | None, sentences: int = SENTENCES, keys: int = 120) -> Iterator[Row]:
    """Measure the rows one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, tenth, small = folder / "large.conll", folder / "tenth.conll", folder / "small.conll"
        words = draw(data, large, sentences)
        some = draw(data, tenth, sentences // 10)
        draw(data, small, SMALL)
        beside = _keys(folder, small, keys)["idle"]
        costs = []
        for file, number in ((tenth, some), (large, words)):
            session = TerminalSession(folder, file)
            first = session.painted(file.read_text(encoding="utf-8")[:200].split(" ")[0])
            session.read_until(PAINTED)
            ready = time.perf_counter() - session.begun
            took = session.indexed()
            costs.append((took - ready) / number)
            if file == tenth:
                session.close()
        what = f"{sentences:,} sentences"
        yield Row(f"first paint of {what}", "s", first, FIRST_PAINT, 1)
        if slate:
            peer = _child("load", slate, str(large))
            figures = (took, peer["seconds"], 1.2)
            yield Row(f"open and index {what}", "s", *figures, peer_name="SLATE, with its spans", other_program=True)
            figures = (session.most, peer["megabytes"], 0.2)
            yield Row(f"memory for {what}", "MB", *figures, peer_name="SLATE", other_program=True)
        figures = (1e6 * costs[1], 1e6 * costs[0], 1.25)
        yield Row("cost per word of that", "µs", *figures, peer_name="a tenth of the sentences")
        found = _pressed(session, keys)
        session.look()
        session.close()
        yield coming_back(f"coming back to {what}", folder / "large.ner", _any_word(large), 5)
        for when, measured in found.items():
            # A fifth more, or three milliseconds: less than anyone notices.
            bar = max(1.2, 1 + 3 / beside["p50_ms"])
            halves = (measured["p50_ms"], beside["p50_ms"], bar)
            yield Row(f"key to last byte, {when}, p50", "ms", *halves, peer_name=f"{SMALL:,} sentences")
            limit = 50.0 if when == "predicting" else 30.0
            yield Row(f"key to last byte, {when}, p95", "ms", measured["p95_ms"], limit, 1)
        yield Row("memory with the bundled model", "MB", session.most, MEMORY, 1)
        early, later = _predicting(folder, large)
        yield Row(f"memory of predict at {LATER:.0%} of that", "MB", later, early, 1.1, peer_name=f"at {EARLY:.0%}")
        answers = _child("ask", str(folder / "large.ner"))
        for question, seconds in answers.items():
            if question in ("exported", "saved over"):
                yield Row(f"words {question} a second", "words/s", words / seconds, EXPORTED, 1, True)
            else:
                limit = FOUND if question.startswith("find") else ANSWER
                yield Row(f"{question}", "s", seconds, limit, 1)


def _any_word(file: Path) -> re.Pattern[bytes]:
    """Return what finds a long word of a file's first sentences, wherever in them a sitting was left."""
    with file.open(encoding="utf-8") as opened:
        words = {line.split(" ")[0] for line in islice(opened, 20_000)}
    return re.compile("|".join(re.escape(word) for word in sorted(words) if len(word) >= 8).encode())


def _predicting(folder: Path, file: Path) -> tuple[float, float]:
    """Predict the first part of a file; return the megabytes in use at the most, early and later."""
    partial, found = folder / "predicted.conll.partial", list[float]()
    command = Command(["predict", str(file), "-o", str(folder / "predicted.conll")])
    for share in (EARLY, LATER):
        while command.runs() and not (partial.exists() and partial.stat().st_size > share * file.stat().st_size):
            pass
        found.append(command.most)
    command.stop()
    return found[0], found[1]


def _keys(folder: Path, file: Path, keys: int) -> dict[str, dict[str, float]]:
    session = TerminalSession(folder, file)
    session.read_until(PAINTED)
    session.read_until(b"all predicted")
    session.settle(1)
    found = measure(session, keys)
    session.close()
    return {"idle": found}


def _pressed(session: TerminalSession, keys: int) -> dict[str, dict[str, float]]:
    """Press keys while all is predicted, and while nothing is."""
    session.read_until(ALL_OF_IT)
    predicting = measure(session, keys)
    # A long prediction is asked for, and waits near the cursor.
    session.read_until(NEAR)
    session.settle(2)
    return {"idle": measure(session, keys), "predicting": predicting}


def _child(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale", *arguments]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(output.stdout.splitlines()[-1])
    return found


def load(slate: str, file: Path) -> dict[str, float]:
    """Have SLATE load the text and the spans of a CoNLL file; return seconds and megabytes."""
    text = file.with_suffix(".slate")
    spans = file.with_suffix(".slate.annotations")
    with text.open("w", encoding="utf-8") as out, spans.open("w", encoding="utf-8") as marks:
        for line, block in enumerate(file.read_text(encoding="utf-8").removesuffix("\n\n").split("\n\n")):
            words, tags = zip(*(row.rsplit(" ", 1) for row in block.split("\n")), strict=True)
            out.write(" ".join(words) + "\n")
            for span in re.finditer("BI*", "".join(tag[0] for tag in tags)):
                start, end = span.start(), span.end() - 1
                place = f"({line}, {start})" if start == end else f"(({line}, {start}), ({line}, {end}))"
                marks.write(f"{place} - label:{tags[start][2:]}\n")
    script = (
        "import sys, time, json, resource; sys.path.insert(0, sys.argv[1])\n"
        "from slate.data import Datum\n"
        "class Config: annotation = 'token'; annotation_type = 'categorical'\n"
        "begun = time.perf_counter(); Datum(sys.argv[2], Config, sys.argv[3], [])\n"
        "print(json.dumps({'seconds': time.perf_counter() - begun,"
        " 'megabytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, slate, str(text), str(spans)], check=True, stdout=subprocess.PIPE
    )
    found: dict[str, float] = json.loads(made.stdout)
    return found


def ask(project: Path) -> dict[str, float]:
    """Return how many seconds the first fifty answers take, by question, and an export, and saving over the file."""
    from ner_tui.domain.annotation.doubts import DoubtFilter
    from ner_tui.domain.annotation.occurrences import Matching
    from ner_tui.domain.annotation.query import parse
    from ner_tui.session import SessionOptions, WriteRequest, open_session

    session = open_session([], SessionOptions(project=str(project)))
    session.open(session.document_ids()[0])

    def timed(answer: Callable[[], object]) -> float:
        begun = time.perf_counter()
        answer()
        return time.perf_counter() - begun

    found = {
        "queue": timed(lambda: list(islice(session.queue.entries(DoubtFilter()), 50))),
        "queue, one string with two labels": timed(
            lambda: list(islice(session.queue.entries(DoubtFilter(reason="mixed")), 50))
        ),
        "fix all": timed(lambda: list(islice(session.concordance.occurrences("London", Matching()), 50))),
        "statistics": timed(lambda: (session.statistics.overview(), list(session.statistics.documents()))),
        "find a word": timed(lambda: list(islice(filter(None, session.search.hits(parse("London"))), 50))),
        "find a label": timed(lambda: list(islice(filter(None, session.search.hits(parse("label:PER"))), 50))),
        "exported": timed(session.writing.exporting(str(project.with_suffix(".out")), WriteRequest("conll")).run),
        "saved over": timed(lambda: session.writing.saving().run(lambda _: None, lambda: False)),
    }
    session.close()
    return found


def main() -> None:
    if sys.argv[1:2] == ["load"]:
        print(json.dumps(load(sys.argv[2], Path(sys.argv[3]))))
        return
    if sys.argv[1:2] == ["ask"]:
        print(json.dumps(ask(Path(sys.argv[2]))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--slate", metavar="FOLDER", help="where SLATE is installed; without it its rows are left out")
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    parser.add_argument("--keys", type=int, default=120, help="keys pressed in each row")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(rows(options.data, options.slate, options.sentences, options.keys), as_json=options.json)


if __name__ == "__main__":
    main()
