"""Names and arguments that are not UTF-8: what only reads them works, and what would keep them says why it cannot."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS, WRITERS
from ner_tui.session import Session, SessionOptions, open_session

Capture = pytest.CaptureFixture[str]
NAME = os.fsdecode(b"\xff\xfe")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(f"{NAME}.conll").write_text("Ada B-PER\nleft O\n\nBob B-PER\n\n", encoding="utf-8")
    Path("a.conll").write_text("Ada B-PER\nleft O\n\n", encoding="utf-8")


@pytest.mark.parametrize("fmt", sorted(set(WRITERS) - {"spacy"}))
def test_a_file_is_converted_into_every_format_and_comes_back(fmt: str, capsys: Capture) -> None:
    out = f"out{FORMATS[fmt].extension}"
    assert main(["convert", f"{NAME}.conll", "--to", fmt, "-o", out, "--on-loss", "warn"]) == 0
    assert main(["convert", out, "--from", fmt, "--to", "jsonl", "-o", "back.jsonl", "--on-loss", "warn"]) == 0
    assert "fault" not in capsys.readouterr().err
    records = [json.loads(line) for line in Path("back.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [span["label"] for record in records for span in record["spans"]] == ["PER", "PER"]


def opened(path: str = "a.conll", *, project: str = "p.ner", **options: str) -> Session:
    return open_session([path], SessionOptions(project=project, **options))  # type: ignore[arg-type]


def test_a_project_is_not_made_of_a_file_whose_name_it_could_not_keep() -> None:
    for path in (f"{NAME}.conll", "."):
        with pytest.raises(InputError, match="its name is not UTF-8, and a project could not keep it"):
            opened(path)
    assert not Path("p.ner").exists()


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("guidelines", f"{NAME}.conll", "its name is not UTF-8"),
        ("label_map", f"PER={NAME}", "is not UTF-8, so it can be no label"),
        ("label_map", f"{NAME}=PER", "--map .*: it is not UTF-8"),
        ("model", NAME, "--model .*: it is not UTF-8"),
    ],
)
def test_what_a_project_would_keep_of_the_arguments_is_refused(option: str, value: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        opened(**{option: value})


def test_a_project_may_be_called_anything_and_whoever_annotates_too() -> None:
    session = opened(project=f"{NAME}.ner", annotator=f"Ada{NAME}")
    session.corrections.relabel(0, "ORG")
    session.close()
    assert main(["check", f"{NAME}.ner"]) == 0
    assert main(["export", f"{NAME}.ner", "-o", "out.conll"]) == 0
    assert "Ada B-ORG" in Path("out.conll").read_text(encoding="utf-8")
    assert main(["dump", f"{NAME}.ner", "-o", "d.jsonl"]) == 0
    assert main(["load", "d.jsonl", "--project", "again.ner"]) == 0
