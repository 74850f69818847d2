"""Edits, saves, changes outside, dumps and undo in any order: a project stays what its sources and journal tell.

    python -m benchmarks.state_machine [--runs N] [--seed S] [--steps N]

Each run opens files of several formats in a real session and does up to ``--steps`` of everything that changes a
project or its files. Whatever came before, ``check`` finds nothing, ``check --rebuild`` makes the same project, whose
dump and exports are the same; a file that was saved over says what is decided and nothing else; one that somebody else
changed is left alone; each undo leads to the state before, each redo to the one after, and undo of all to what was
read, byte for byte. A run that fails is shortened to the fewest steps that fail, and printed.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.state_machine_rules import Projects

BATCH = 200
"""Runs that are made from one seed."""


def run(runs: int, seed: int, steps: int) -> int:
    """Run the machine so many times, and return how many failures were found."""
    failures = 0
    for number, first in enumerate(range(0, runs, BATCH)):
        chosen = settings(
            max_examples=min(BATCH, runs - first), stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
        )  # fmt: skip
        try:
            run_state_machine_as_test(seeded(seed * 1_000_000 + number)(Projects), settings=chosen)
        except Exception:
            failures += 1
            print(f"batch {number} of seed {seed}", flush=True)
            traceback.print_exc()
        print(f"{min(first + BATCH, runs):,} runs, {failures} failures", file=sys.stderr, flush=True)
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20_000, help="(default: 20,000)")
    parser.add_argument("--seed", type=int, default=1, help="(default: 1)")
    parser.add_argument("--steps", type=int, default=25, help="of a run, at the most (default: 25)")
    options = parser.parse_args()
    begun = time.monotonic()
    failures = run(options.runs, options.seed, options.steps)
    print(f"{options.runs:,} runs of seed {options.seed}: {failures} failures, {time.monotonic() - begun:.0f} s")
    raise SystemExit(failures > 0)


if __name__ == "__main__":
    main()
