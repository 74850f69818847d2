"""Keys at random on every screen, in bursts, for a few seconds; ``python -m benchmarks.monkey`` goes on for longer."""

from __future__ import annotations

import os
import random

import pytest

from benchmarks.monkey import run

SECONDS = 8.0


@pytest.mark.thorough
def test_bursts_of_random_keys_raise_nothing_and_leave_a_sitting_that_answers() -> None:
    seed = int(os.environ.get("MONKEY_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
    print(f"seed {seed}")
    result = run(1_000_000, seed, SECONDS)
    assert result.keys > 0
    assert (result.faults, result.hangs) == ([], []), f"MONKEY_SEED={seed}"
