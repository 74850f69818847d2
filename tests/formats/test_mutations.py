"""Whatever the bytes of a file are: a sentence for people or a reading from which nothing is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutations import SAMPLES, files, try_file


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    assert try_file(tmp_path / name) == "read"


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(4))
def test_broken_files_lose_nothing_in_silence(seed: int, tmp_path: Path) -> None:
    ends = set()
    for name, raw in files(1000, seed):
        (tmp_path / name).write_bytes(raw)
        try:
            ends.add(try_file(tmp_path / name))
        except Exception as error:
            raise AssertionError(f"{name}: {raw!r}") from error
    assert ends == {"read", "refused"}
