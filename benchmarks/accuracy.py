"""Score what ``ner-tui predict`` writes against gold CoNLL files, as seqeval does in strict IOB2.

    python benchmarks/accuracy.py DATA [--model SPEC] [--json]

DATA is a folder with the dev sets in two columns; the probes stand beside this script. The tags are read by the script
itself, so that a mistake in the program's own reader or writer cannot hide. For each set: entity precision, recall and
F1, errors (entities that were missed or made up), and the bar: of F1 the least, of a probe's errors the most.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.scheme import IOB2, Entities


@dataclass(frozen=True)
class Set:
    name: str
    file: str
    context: str
    """``--context`` of the run."""
    drop_misc: bool
    """Turn MISC to O in gold and prediction: the set does not annotate it as CoNLL-2003 does."""
    bars: tuple[float, float]
    """Of the default model and of ``fast``."""

    @property
    def judged_by(self) -> str:
        """Which figure the bars are of: ``f1``, at least, or the ``errors`` of a probe, at most."""
        return "errors" if Path(self.file).is_absolute() else "f1"


_PROBES = Path(__file__).resolve().parent / "probe"
SETS = (
    Set("CoNLL-2003 testa", "conll2003-testa.conll", "document", False, (95.0, 94.2)),
    Set("UNER-EWT dev", "uner-ewt-dev.conll", "document", True, (81.5, 79.5)),
    Set("BTC dev", "btc-dev.conll", "sentence", True, (80.0, 78.5)),
    Set("WNUT-17 dev", "wnut17-dev.conll", "sentence", True, (74.0, 72.0)),
    Set("BTC dev as one document", "btc-dev.conll", "document", True, (79.0, 77.5)),
    Set("The probe", str(_PROBES / "probe.conll"), "document", False, (130, 185)),
    Set("The second probe", str(_PROBES / "second.conll"), "document", False, (71, 101)),
)


def read_tags(path: Path, drop_misc: bool) -> list[list[str]]:
    """Return the last column by sentence."""
    sentences: list[list[str]] = [[]]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip() or line.startswith("-DOCSTART-"):
            sentences.append([])
            continue
        tag = line.replace("\t", " ").split(" ")[-1]
        sentences[-1].append("O" if drop_misc and tag.endswith("-MISC") else tag)
    return [sentence for sentence in sentences if sentence]


def predict(gold: Path, out: Path, context: str, model: str | None) -> None:
    command = [sys.executable, "-m", "ner_tui", "predict", str(gold), "-o", str(out), "--context", context]
    command += ["--scheme", "iob2"] + (["--model", model] if model else [])
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def score(data: Path, one: Set, model: str | None) -> dict[str, float | str]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predicted.conll"
        predict(data / one.file, out, one.context, model)
        gold, predicted = read_tags(data / one.file, one.drop_misc), read_tags(out, one.drop_misc)
    wanted, found = (
        {entity.to_tuple() for entity in chain(*Entities(tags, IOB2).entities)} for tags in (gold, predicted)
    )
    options = {"mode": "strict", "scheme": IOB2}
    return {
        "set": one.name,
        "precision": 100 * float(precision_score(gold, predicted, **options)),
        "recall": 100 * float(recall_score(gold, predicted, **options)),
        "f1": 100 * float(f1_score(gold, predicted, **options)),
        "errors": len(found ^ wanted),
        "bar": one.bars[model == "fast"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", help="a checkpoint in place of the bundled model")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = [score(arguments.data, one, arguments.model) for one in SETS]
    if arguments.json:
        print(json.dumps(rows))
        return
    print(f"{'set':26}{'precision':>10}{'recall':>8}{'F1':>8}{'errors':>8}{'bar':>7}")
    for row in rows:
        print(
            f"{row['set']:26}{row['precision']:10.2f}{row['recall']:8.2f}{row['f1']:8.2f}{row['errors']:8}{row['bar']:7.1f}"
        )


if __name__ == "__main__":
    main()
