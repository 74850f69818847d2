"""Print the table that an encoder's size is chosen by: what each checkpoint finds, learns, weighs and takes.

    python -m benchmarks.knee DATA [--model DIR]... [--runs N]

For each checkpoint with an int8 graph: layers, megabytes of the graph, span F1 on each dev set and errors on each probe
(`benchmarks.accuracy`), F1 of a head that learnt CrossNER's music from 20 and 100 sentences (`benchmarks.fewshot`),
words a second on CoNLL-2003 testa, and milliseconds from the start of a process to what it says of a first screen of 25
sentences. The first rows are the bundled models. Timings are the best of some runs; other processes spoil them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import accuracy, fewshot
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import infer_format, open_source, read
from ner_tui.predictors import BUNDLED_MODELS
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.onnx import open_onnx

SCREEN = 25
FIRST = """
import sys
from pathlib import Path
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import infer_format, open_source, read
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.onnx import open_onnx
checkpoint = Checkpoint.read(Path(sys.argv[1]), "model")
predictor = open_onnx(checkpoint, checkpoint.weights("onnx"))
source, found = open_source(sys.argv[2]), []
for item in read(source, inference=infer_format(source)):
    if isinstance(item, AnnotatedSentence):
        found.append(item.sentence)
        if len(found) == {screen}:
            break
for words in predictor.predict(found, "document"):
    words.probabilities.argmax(axis=1)
"""
"""What a process does that shows a first screen; without torch, as in the program."""


def sentences(path: Path) -> list[Sentence]:
    source = open_source(str(path))
    items = read(source, inference=infer_format(source))
    return [item.sentence for item in items if isinstance(item, AnnotatedSentence)]


def opened(folder: Path) -> Predictor:
    checkpoint = Checkpoint.read(folder, str(folder))
    weights = checkpoint.weights("onnx")
    assert weights is not None
    return open_onnx(checkpoint, weights)


def words_a_second(folder: Path, path: Path, runs: int) -> float:
    predictor = opened(folder)
    text = sentences(path)
    best = float("inf")
    for _ in range(runs):
        began = perf_counter()
        for block in [predictor.predict(block, "document") for block in blocks(text)]:
            for _ in block:
                pass
        best = min(best, perf_counter() - began)
    predictor.close()
    return sum(len(each.tokens) for each in text) / best


def first_screen(folder: Path, path: Path, runs: int) -> float:
    command = [sys.executable, "-c", FIRST.format(screen=SCREEN), str(folder), str(path)]
    best = float("inf")
    for _ in range(runs):
        began = perf_counter()
        subprocess.run(command, check=True)
        best = min(best, perf_counter() - began)
    return 1000 * best


def only_graph(folder: Path, out: Path) -> Path:
    """A folder with the graph alone: `--model` would take the weights in float32 where they are beside it."""
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, out / name)
    weights = Checkpoint.read(folder, str(folder)).weights("onnx")
    assert weights is not None
    shutil.copyfile(weights.files[0], out / weights.files[0].name)
    return out


def row(folder: Path, data: Path, runs: int) -> dict[str, float | str]:
    with TemporaryDirectory() as scratch:
        alone = only_graph(folder, Path(scratch))
        found: dict[str, float | str] = {
            "model": folder.parent.name if folder.name == "out" else folder.name,
            "layers": json.loads((folder / "config.json").read_text())["num_hidden_layers"],
            "MB": (alone / "model_int8.onnx").stat().st_size / 1e6,
        }
        for one in accuracy.SETS:
            scored = accuracy.score(data, one, str(alone))
            found[one.name] = scored[one.judged_by]
        music = fewshot.read_states(alone, data / "crossner-music.conll")
        for number in (20, 100):
            found[f"music {number}"] = fewshot.score(music, number, 2)
        testa = data / "conll2003-testa.conll"
        found["words/s"] = words_a_second(alone, testa, runs)
        found["ms"] = first_screen(alone, testa, runs)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, action="append", default=[], help="checkpoint folder with a graph")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    for number, folder in enumerate([*BUNDLED_MODELS.values(), *arguments.model]):
        found = row(folder, arguments.data, arguments.runs)
        if not number:
            print("| " + " | ".join(found) + " |\n|" + "---|" * len(found))
        cells = (
            f"{value:,.{0 if abs(value) >= 200 else 1}f}" if isinstance(value, float) else value
            for value in found.values()
        )
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
