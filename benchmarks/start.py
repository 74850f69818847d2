"""Time the bundled model from nothing to its first prediction, in a process of its own.

    python benchmarks/start.py

Prints the median and the range of seven runs (the first one, which warms the disk's cache, is left out) and the heavy
packages that were imported on the way: torch must not be among them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

SCRIPT = """
import json, sys, time
begun = time.perf_counter()
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.predictors import load
from ner_tui.predictors.suggesting import suggest
found = suggest(load(), list(segment("Ada Lovelace met Charles Babbage in London.")))
took = time.perf_counter() - begun
heavy = [name for name in ("numpy", "onnxruntime", "tokenizers", "torch", "transformers") if name in sys.modules]
print(json.dumps({"seconds": took, "heavy": heavy, "suggestions": sum(map(len, found))}))
"""


def main() -> None:
    runs = [json.loads(subprocess.check_output([sys.executable, "-c", SCRIPT], text=True)) for _ in range(8)][1:]
    seconds = [run["seconds"] for run in runs]
    print(f"import + load + first prediction: median {statistics.median(seconds):.3f} s of {len(seconds)} runs")
    print(f"range {min(seconds):.3f} to {max(seconds):.3f} s; imported: {', '.join(runs[0]['heavy'])}")


if __name__ == "__main__":
    main()
