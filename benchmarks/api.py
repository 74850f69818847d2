"""The Python API beside ``ner-tui predict`` on the same texts, and what importing it takes.

    python -m benchmarks.api FILE... [--model SPEC] [--texts N] [--runs N] [--json]

FILE is a CoNLL file, whose sentences are the texts, over again until there are enough. Both are timed from the start
of a process to its end, model and all: the API gives the texts to ``predict_all``, the command reads and writes JSON
Lines. They find the same, which is checked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.speed import Row, by_turns
from benchmarks.table import show
from ner_tui import read

_API = """
import json, sys
import ner_tui
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
model = ner_tui.load_model(sys.argv[2])
found = [[entity[:3] for entity in document.entities] for document in model.predict_all(texts)]
json.dump(found, open(sys.argv[3], "w"))
"""
_IMPORT = "import time; begun = time.perf_counter(); import ner_tui; print(time.perf_counter() - begun)"


def texts_of(files: list[Path], number: int) -> Iterator[str]:
    """Yield so many sentences of files as texts, over again if need be."""
    texts = [item.sentence.text.strip() for file in files for document in read(file) for item in document.sentences]
    return islice(cycle(filter(None, texts)), number)


def rows(files: list[Path], model: str, number: int, runs: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given, ours, theirs = folder / "texts.jsonl", folder / "ours.json", folder / "theirs.jsonl"
        with given.open("w", encoding="utf-8") as out:
            for text in texts_of(files, number):
                out.write(json.dumps({"text": text}) + "\n")
        api = [sys.executable, "-c", _API, str(given), model, str(ours)]
        command = [sys.executable, "-m", "ner_tui", "predict", str(given), "--model", model, "-o", str(theirs)]
        figures = by_turns(lambda: _seconds(api), lambda: _seconds(command), runs)
        documents = list(read(theirs))
        found = [[[each.start, each.end, each.label] for each in document.entities] for document in documents]
        assert found == json.loads(ours.read_text(encoding="utf-8"))
        words = sum(len(document.tokens) for document in documents)
        mine, peers = (words / seconds for seconds in figures)
        yield Row(f"words labelled a second, {number:,} texts", "words/s", mine, peers, 0.95, True, "ner-tui predict")
    taken, _ = by_turns(_import_seconds, lambda: 0.03, runs)
    yield Row("import ner_tui", "s", taken, 0.03, 1)


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _import_seconds() -> float:
    return float(subprocess.check_output([sys.executable, "-c", _IMPORT], text=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", default="bundled", help="as for `ner-tui predict` (default: bundled)")
    parser.add_argument("--texts", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=5, help="of which the median is taken (default: 5)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(rows(options.files, options.model, options.texts, options.runs), as_json=options.json)


if __name__ == "__main__":
    main()
