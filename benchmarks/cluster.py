"""Parts of files on a Ray cluster beside one run: the same bytes, what it costs, what is done twice after kills.

    python -m benchmarks.cluster FILE... [--model SPEC] [--words N] [--runs N] [--kills N] [--gigabytes N] [--json]

FILE is a CoNLL file, whose sentences are written over again until there are N words. The cluster has two processors of
this machine; its rate is taken from when all workers have computed their first batch, so that starting does not count,
until the parts are joined, and one run's from when its model is loaded, with a thread for each worker: medians of some
runs, by turns. Then it is run
again while workers are killed at random, and each batch that a model computes is counted: what was computed when a
worker was killed, and not noted yet, is computed again. A plan is made of a file of that many gigabytes, which is a
hole but for the places that are looked at.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks.counting_worker import Computed, computed, counting
from benchmarks.memory import family, own
from benchmarks.speed import Row
from benchmarks.table import show
from ner_tui.api.labelling import ModelOptions, open_labeller
from ner_tui.cluster.ray_engine import cluster, do_parts, require_ray
from ner_tui.formats import WriteOptions
from ner_tui.session.parts.joining import join_file
from ner_tui.session.parts.labelling import PartsWriter
from ner_tui.session.parts.marks import Mark, PartJob
from ner_tui.session.parts.planning import Part, PlannedFile, ReadingOptions, part_size, plan_file
from ner_tui.session.transfer.headless import OutputPart

WORKERS = 2


def corpus(files: list[Path], words: int, out: Path) -> None:
    """Write sentences of files, over again, each with a number so that none is like another, until there are enough."""
    sentences = [s for file in files for s in file.read_text(encoding="utf-8").split("\n\n") if s.strip()]
    sentences = [sentence for sentence in sentences if "DOCSTART" not in sentence]
    with out.open("w", encoding="utf-8") as stream:
        for number, sentence in enumerate(cycle(sentences)):
            if words <= 0:
                break
            lines = sentence.strip("\n").split("\n")
            separator = "\t" if "\t" in lines[0] else " "
            stream.write("\n".join([*lines, f"{number}{separator}O"]) + "\n\n")
            words -= len(lines) + 1


@dataclass
class Run:
    """One run on the cluster."""

    rate: float
    """Words a second, from when all workers have computed their first batch until the parts are joined."""
    seconds: float
    """From the first part that is given to the last that is done."""
    computed: Computed
    killed: int
    """How many workers were killed."""
    text: bytes
    driver: float
    """Megabytes of this process at the most, as seen."""
    worker: float
    """Of the largest worker."""


def workers() -> list[int]:
    """Return the processes that have a model."""
    found = []
    for pid in family(os.getpid())[1:]:
        with suppress(OSError):
            if b"MapWorker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def run(plan: PlannedFile, folder: Path, options: ModelOptions, pool: int, kills: int = 0, every: float = 3.0) -> Run:
    """Label a file on the cluster.

    Args:
        folder: the parts go there; it is made.
        kills: how many workers are killed, one about every ``every`` seconds.
    """
    folder.mkdir()
    begun = time.perf_counter()
    jobs = [
        PartJob(plan, part, str(folder), at, "conll", "iob2", " ", at > 0, False) for at, part in enumerate(plan.parts)
    ]
    over, most = threading.Event(), {"driver": 0.0, "worker": 0.0, "killed": 0}
    watching = threading.Thread(target=_watch, args=(over, most, kills, every))
    watching.start()
    marks: dict[int, Mark] = {}
    try:
        for outcome in do_parts(jobs, options, workers=pool):
            assert outcome.mark is not None, outcome.error
            marks[outcome.number] = outcome.mark
        seconds = time.perf_counter() - begun
    finally:
        over.set()
        watching.join()
    join_file([(job, marks[job.number]) for job in jobs], str(folder / "joined"))
    ended, found = time.time(), computed(folder.parent)
    rate = sum(mark.words for mark in marks.values()) * found.since / (ended - found.begun)
    text = (folder / "joined").read_bytes()
    return Run(rate, seconds, found, int(most["killed"]), text, most["driver"], most["worker"])


def _watch(over: threading.Event, most: dict[str, float], kills: int, every: float) -> None:
    """Look at memory, and kill a worker now and then."""
    rng = random.Random(1)
    while not over.wait(rng.uniform(0, 2 * every)):
        found = workers()
        most["driver"] = max(most["driver"], own(os.getpid()))
        most["worker"] = max([most["worker"], *map(own, found)])
        if found and most["killed"] < kills:
            with suppress(OSError):
                os.kill(rng.choice(found), signal.SIGKILL)
                most["killed"] += 1


def one_run(plan: PlannedFile, options: ModelOptions) -> tuple[float, bytes]:
    """Label a file in this process; return words a second, and what is written."""
    labeller = open_labeller(options, lambda told: None)
    words = 0

    def done(sentence: object) -> None:
        nonlocal words
        words += len(sentence.tokens)  # type: ignore[attr-defined]

    out = io.StringIO()
    writer = PartsWriter(labeller, WriteOptions("conll", "iob2", " "), print, lambda *rest: None, done)
    begun = time.perf_counter()
    whole = replace(plan, parts=(Part(0, plan.size),))
    writer.write([(whole, whole.parts[0])], out, OutputPart(), follows=False)
    seconds = time.perf_counter() - begun
    labeller.close()
    return words / seconds, out.getvalue().encode()


def sparse(path: Path, gigabytes: int, text: bytes) -> None:
    """Write a file that has text at its beginning and wherever it may be cut, and nothing between."""
    size = gigabytes << 30
    with path.open("wb") as file:
        file.write(text)
        file.truncate(size)
        for place in range(part_size(size), size - len(text), part_size(size)):
            file.seek(place - 1000)
            file.write(text)


def rows(options: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus(options.files, options.words, folder / "corpus.conll")
        text = (folder / "corpus.conll").read_bytes()[:500_000]
        sparse(folder / "sparse.conll", options.gigabytes, text[: text.rindex(b"\n\n") + 2])
        begun = time.perf_counter()
        found = plan_file(str(folder / "sparse.conll"), ReadingOptions(), lambda told: None)
        taken = time.perf_counter() - begun
        yield Row(f"plan of {options.gigabytes} GB, {len(found.parts)} parts", "s", taken, 5.0, 1)
        plan = plan_file(str(folder / "corpus.conll"), ReadingOptions(), lambda told: None)
        whole, one = list[tuple[float, bytes]](), ModelOptions(options.model, threads=1)
        two, alone = list[Run](), list[Run]()
        # Whatever else runs here is to come between both alike: Ray has its processes stand back.
        os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112
        # What is printed meanwhile is Ray's, and goes to the log.
        with counting(folder), cluster("local"):
            for turn in range(options.runs):
                whole.append(one_run(plan, ModelOptions(options.model, threads=WORKERS)))
                two.append(run(plan, folder / f"two{turn}", one, WORKERS))
                alone.append(run(plan, folder / f"one{turn}", one, 1))
            assert all(each.computed.times == 1 for each in (*two, *alone))
            every = two[-1].seconds / max(options.kills, 1)
            killed = run(plan, folder / "killed", one, WORKERS, options.kills, every)
            twice = killed.computed
        rate = median(rate for rate, _ in whole)
        by_two, by_one = (median(each.rate for each in some) for some in (two, alone))
        yield Row("words a second by two workers", "words/s", by_two, rate, 0.9, True, "one run, 2 threads")
        yield Row("words a second by two workers", "words/s", by_two, 2 * by_one, 0.9, True, "one worker, twice")
        kills = f"{killed.killed} kills"
        yield Row(f"computed of a part, of what it has, at the most, {kills}", "times", twice.most, 2, 1)
        yield Row(f"computed of all parts, of what they have, {kills}", "times", twice.all, 2, 1)
        outputs = [each.text for each in (*two, *alone, killed)]
        same = outputs.count(whole[0][1])
        yield Row("outputs that are those of one run", f"of {len(outputs)}", same, len(outputs), 1, True)
        yield Row("memory of the driver", "MB", max(each.driver for each in (*two, killed)), 400, 1)
        yield Row("memory of a worker", "MB", max(each.worker for each in (*two, killed)), 500, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", default="fast")
    parser.add_argument("--words", type=int, default=200_000, help="of the corpus (default: 200,000)")
    parser.add_argument("--runs", type=int, default=1, help="of which the median is taken (default: 1)")
    parser.add_argument("--kills", type=int, default=10, help="of workers (default: 10)")
    parser.add_argument("--gigabytes", type=int, default=10, help="of the file that is planned (default: 10)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    require_ray()
    show(rows(options), as_json=options.json)


if __name__ == "__main__":
    main()
