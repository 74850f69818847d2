"""Copies of a project that is open, or whose session was killed, hold all that was acknowledged, or are refused."""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from hostile.separate import SITTING, Sitting, files, labelled, made, names
from ner_tui.cli import main
from ner_tui.errors import ProjectError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be moved there")

Capture = pytest.CaptureFixture[str]


@pytest.mark.thorough
def test_copies_made_at_any_moment_hold_all_that_was_acknowledged_before_or_are_refused(
    sittings: Callable[..., Sitting],
) -> None:
    """With a log so short that it is brought into the file all the time."""
    sitting = sittings("p.ner", "a.conll", limit=30_000)
    kinds = {"alone": 0, "with its log": 0, "log first": 0}
    refused = 0
    for word in range(36):
        kind = ("alone", "with its log", "log first")[word % 3]
        sitting.tell(word)
        copied = {"alone": ("",), "with its log": ("", "-wal"), "log first": ("-wal", "")}[kind]
        for end in copied:
            shutil.copyfile(f"p.ner{end}", f"copy.ner{end}")
        assert sitting.answer() == "done"
        try:
            found = labelled("copy.ner")
        except ProjectError:
            refused += 1
        else:
            assert found >= set(range(word))
            kinds[kind] += 1
        for path in Path().glob("copy.ner*"):
            path.unlink()
    assert kinds["with its log"], "a copy of both has to be right as a rule"
    assert refused, "a copy without the log has to be refused as a rule"
    sitting.leave()
    assert labelled() == set(range(36))


@pytest.mark.thorough
def test_a_session_that_is_killed_at_any_moment_is_found_again(sittings: Callable[..., Sitting]) -> None:
    """Nothing is refused of which nothing was taken away: not while its log is begun, brought in or taken away."""
    made(sittings)
    dice, at = random.Random(4), 0
    for _ in range(8):
        process = Popen([sys.executable, SITTING, "keep", "20000", str(at)], stdout=PIPE, text=True)
        assert process.stdout
        told = [process.stdout.readline()]
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        told += process.communicate()[0].splitlines()
        acknowledged = max(map(int, told))
        found = labelled()
        assert found >= set(range(acknowledged + 1))
        at = max(found) + 1


@pytest.mark.thorough
@pytest.mark.parametrize("first", [True, False])
def test_backup_and_dump_beside_a_session_hold_all_that_was_acknowledged_and_it_goes_on(
    first: bool, sittings: Callable[..., Sitting], capsys: Capture
) -> None:
    if not first:
        made(sittings)
    sitting = sittings("p.ner", *(["a.conll"] if first else []), limit=30_000)
    for word in range(0, 18, 3):
        sitting.label(word, word + 1, word + 2)
        assert main(["backup", "p.ner", "-o", f"{word}.ner"]) == 0
        assert main(["dump", "p.ner", "-o", f"{word}.jsonl"]) == 0
        assert labelled(f"{word}.ner") == set(range(word + 3))
        dumped = Path(f"{word}.jsonl").read_text(encoding="utf-8")
        assert dumped.count('"PER","person"') == word + 3
    assert sitting.leave() == "left"
    assert labelled() == set(range(18))
    assert not [name for name in names() if name.endswith(("-wal", "-shm"))]


def test_a_backup_has_the_rights_of_the_project_and_replaces_no_project(
    sittings: Callable[..., Sitting], capsys: Capture
) -> None:
    made(sittings)
    Path("p.ner").chmod(0o640)
    assert main(["backup", "p.ner", "-o", "backup.ner"]) == 0
    assert Path("backup.ner").stat().st_mode & 0o777 == 0o640
    before = files()
    for out in ("backup.ner", "p.ner", "p.ner-wal", "-", "new/", ".", "missing/b.ner"):
        Path("p.ner-wal").unlink(missing_ok=True)
        assert main(["backup", "p.ner", "-o", out]) == 2
        assert capsys.readouterr().err.splitlines()[-1].startswith("ner-tui: ")
    assert files() == before
    assert not list(Path().glob(".*"))
