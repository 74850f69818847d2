"""Addresses of file systems, as those of S3 are: predict reads from there what it reads from a path."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import InputError
from ner_tui.formats.files.paths import WHY_LEFT_OUT
from ner_tui.formats.files.raw_bytes import read_bytes
from ner_tui.formats.files.remote import is_remote, remote_file, remote_files
from ner_tui.formats.files.replacing import version_of
from ner_tui.session.parts import planning
from ner_tui.session.parts.planning import ReadingOptions, plan_file
from ner_tui.session.parts.reading import read_part

pytest.importorskip("pyarrow", reason="the extra [parquet] is not installed")

LABELLING = "--model none --patterns terms.txt --label X".split()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("terms.txt").write_text("Ada\nRome\n")
    (tmp_path / "in" / "sub").mkdir(parents=True)
    Path("in/a.conll").write_text("Ada O\nleft O\nRome O\n\nBo O\nstayed O\n")
    Path("in/sub/b.txt").write_text("Ada went to Rome.\n")
    Path("in/.hidden.txt").write_text("Ada\n")
    Path("in/empty.txt").write_text("")
    Path("in/c.pdf").write_text("%PDF")
    return tmp_path


def address(path: str) -> str:
    return Path(path).absolute().as_uri()


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("s3://bucket/a.conll", True), ("hdfs://host:9000/a", True), ("a.conll", False), ("c:/a", False), ("-", False)],
)
def test_an_address_begins_with_its_scheme(path: str, is_one: bool) -> None:
    assert is_remote(path) is is_one


def test_what_is_written_is_what_is_written_of_the_path(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", address("in/a.conll"), "-o", "by_address.conll", *LABELLING]) == 0
    assert main(["predict", "in/a.conll", "-o", "by_path.conll", *LABELLING]) == 0
    assert Path("by_address.conll").read_bytes() == Path("by_path.conll").read_bytes()
    assert Path("by_path.conll").read_text().startswith("Ada B-X\nleft O\nRome B-X\n")


def test_of_a_folder_the_files_of_texts_are_read_and_the_others_are_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", address("in"), "-o", "out/", *LABELLING]) == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.conll", "b.conll"]
    told = capfd.readouterr().err
    assert [line for line in told.splitlines() if line.startswith("left out")] == [
        f"left out: {address('in/c.pdf')}: {WHY_LEFT_OUT}",
        f"left out: {address('in/empty.txt')}: {WHY_LEFT_OUT}",
    ]


def test_a_folder_is_listed_with_its_folders_and_without_what_is_hidden() -> None:
    assert remote_files(f"{address('in')}/", {".conll", ".txt"}) == {
        address("in/a.conll"): True,
        address("in/c.pdf"): False,
        address("in/empty.txt"): False,
        address("in/sub/b.txt"): True,
    }


def test_parts_are_those_of_the_path_and_are_read_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SMALLEST", 200)
    monkeypatch.setattr(planning, "USUAL", 4)
    Path("big.conll").write_text("".join(f"-DOCSTART- O\n\nAda{number} O\nleft O\n\n" for number in range(60)))
    here, there = (plan_file(path, ReadingOptions(), lambda told: None) for path in ("big.conll", address("big.conll")))
    assert len(here.parts) > 2
    assert there.parts == here.parts
    assert [read_part(there, part).text for part in there.parts] == [read_part(here, part).text for part in here.parts]


def test_a_file_that_is_another_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(address("in/a.conll"))
    plan = plan_file(address("in/a.conll"), ReadingOptions(), lambda told: None)
    assert plan.version == before
    Path("in/a.conll").write_text("Bo O\n")
    assert version_of(address("in/a.conll")) != before
    assert version_of(address("in/none.conll")) is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["predict", "file:///none/such.conll", *LABELLING], "file:///none/such.conll does not exist, or is empty"),
        (["predict", "xyz://bucket/a.conll", *LABELLING], "xyz://bucket/a.conll cannot be read: Unrecognized"),
        (["predict", "in/a.conll", "-o", "s3://bucket/a.conll", *LABELLING], "nothing is written there"),
        (["review", "s3://bucket/a.conll"], "predict alone reads from there"),
        (["score", "s3://bucket/a.conll", "in/a.conll"], "predict alone reads from there"),
        (["check", "s3://bucket/a.conll"], "predict alone reads from there"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(command: list[str], said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    assert said in capfd.readouterr().err


def test_without_pyarrow_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.formats.files.remote.find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "pyarrow.fs", None)
    for look in (remote_file, lambda address: remote_files(address, ())):
        with pytest.raises(InputError, match=r"pip install 'ner-tui\[ray\]'"):
            look("s3://bucket/a.conll")


def test_a_file_system_that_fails_while_it_is_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(path: str) -> BytesIO:
        raise OSError("connection reset")

    monkeypatch.setattr("ner_tui.formats.files.raw_bytes.open_bytes", failing)
    with pytest.raises(InputError, match=r"a\.conll cannot be read: connection reset"):
        read_bytes(address("in/a.conll"), 1)
