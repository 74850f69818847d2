"""Whatever the bytes of a file are, and whoever wrote a project: one sentence, or what was read; nothing else."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ner_tui.cli import main
from ner_tui.errors import FormatError, NerTuiError, ProjectError
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import check_project

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
NEEDS = {"xmi": "cassis", "cas-json": "cassis", "spacy": "spacy", "parquet": "pyarrow"}
"""The packages that read formats of others."""
EACH = 60
"""Inputs of a target; `python benchmarks/fuzz.py` takes a million."""


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    import fuzz as program

    fuzz: Any = program
    before = signal.getsignal(signal.SIGPROF)

    def ring(_: int, __: FrameType | None) -> None:
        raise fuzz.Slow

    signal.signal(signal.SIGPROF, ring)
    yield fuzz
    signal.signal(signal.SIGPROF, before)
    shutil.rmtree(fuzz.good_project().parent)
    fuzz.good_project.cache_clear()


def test_what_the_corpus_holds_is_read(fuzz: Any, tmp_path: Path) -> None:
    for name, target in fuzz.targets().items():
        for number, data in enumerate(target.corpus):
            folder = tmp_path / f"{name}{number}"
            folder.mkdir()
            # Not every sample of columns has tags, and not every package is installed.
            missing = name in NEEDS and find_spec(NEEDS[name]) is None
            with suppress(NerTuiError) if missing or name in ("conll", "conll2003") else nullcontext():
                target.run(folder, data)


@pytest.mark.thorough
def test_broken_files_are_refused_in_one_sentence_or_read(fuzz: Any) -> None:
    for name, target in fuzz.targets().items():
        runner = fuzz.Runner(name, target)
        number = EACH if target.weight >= 0.2 else EACH // 6
        for data in fuzz.inputs(name, target, random.Random(f"tests/{name}"), number):
            runner.take(data)
        runner.close()
        assert not [(each.what, each.data) for each in runner.found.values()]


def ask_for(megabytes: int) -> None:
    """Have so much in memory, and give it back."""
    assert b"x" * (megabytes << 20)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a peak cannot be forgotten")
def test_an_input_is_blamed_for_the_memory_that_it_needs_and_for_no_other(
    fuzz: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[fuzz.Runner.__module__], "BYTES", 50 << 20)
    ask_for(100)
    runner = fuzz.Runner("x", fuzz.Target(lambda folder, data: ask_for(len(data)), (b"",), ()))
    assert runner.execute(b"small") == ""
    assert runner.memory() < 50 << 20
    assert runner.execute(b"large" * 20) == "more than a gigabyte"
    assert runner.execute(b"small") == ""
    assert runner.memory() > 50 << 20
    runner.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Ada met Bob in Bath.\n", encoding="utf-8")
    session = open_session([str(tmp_path / "a.txt")], SessionOptions(project=str(tmp_path / "p.ner")))
    session.corrections.label(0, 3, "PER", cursor=0)
    session.close()
    return tmp_path / "p.ner"


DAMAGE = {
    "a text for a number": "UPDATE journal SET removed = 7, added = '{}'",
    "no tokens": "UPDATE sentence SET tokens = zeroblob(100)",
    "no text": "UPDATE sentence SET text = CAST(x'ff' AS TEXT)",
    "no source": "UPDATE source SET content = x'00ff'",
    "no document": "DELETE FROM document",
    "no sentence": "DELETE FROM sentence",
    "no table": "DROP TABLE sentence",
    "no such page": "UPDATE sqlite_master SET rootpage = 9999 WHERE name = 'sentence'",
    "no SQL": "UPDATE sqlite_master SET sql = CAST(x'ff' AS TEXT) WHERE name = 'document'",
    "a view for a table": "DROP TABLE decision; CREATE VIEW decision AS SELECT 1",
    "a trigger of a stranger": "CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM decision; END",
    "a newer version": "PRAGMA user_version = 900",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_project_that_somebody_damaged_is_refused_or_used_and_nothing_else(
    project: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(project)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.executescript(DAMAGE[damage])
    try:
        found = bool(list(check_project(project, [])))
    except ProjectError as refused:
        found = "\n" not in str(refused)
    assert found
    for read_only in (True, False):
        with suppress(ProjectError):
            open_session([], SessionOptions(project=str(project), read_only=read_only)).close()
    for command in ("info", "dump", "export", "check"):
        assert main([command, str(project)]) in (0, 1, 2)
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert "a fault of the program" not in said


@pytest.mark.parametrize("path", ["a\\u0000b", "x" * 5000])
def test_a_path_that_no_file_could_have_is_told_with_its_line(tmp_path: Path, path: str) -> None:
    lines = (BENCHMARKS.parent / "tests/fuzz/corpus/dump/one.jsonl").read_text(encoding="utf-8")
    (tmp_path / "d.jsonl").write_text(lines.replace("a.txt", path, 1), encoding="utf-8")
    with pytest.raises(FormatError, match=r":4: 'path' is no path"):
        load(str(tmp_path / "d.jsonl"), tmp_path / "p.ner")
    assert not (tmp_path / "p.ner").exists()


@pytest.mark.parametrize("key", ["notes", "rejected"])
def test_a_number_that_no_project_can_hold_is_told_with_its_line(tmp_path: Path, key: str) -> None:
    lines = (BENCHMARKS.parent / "tests/fuzz/corpus/dump/one.jsonl").read_text(encoding="utf-8").splitlines()
    at, record = next((at, json.loads(line)) for at, line in enumerate(lines) if '"sentence"' in line)
    lines[at] = json.dumps(record | {key: [[0, 9999999999999999993, "x"]]})
    (tmp_path / "d.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(FormatError, match=rf":{at + 1}: '{key}' holds"):
        load(str(tmp_path / "d.jsonl"), tmp_path / "p.ner")
    assert not (tmp_path / "p.ner").exists()
