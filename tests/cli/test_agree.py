"""``agree`` as a person runs it: figures of several annotators, what was compared, and what cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session

ANA = "Ada B-PER\nleft O\nOslo B-LOC\n\nAcme B-ORG\ngrew O\n\n"
BO = "Ada B-PER\nleft O\nOslo B-ORG\n\nAcme B-ORG\ngrew O\n\n"
CY = "Ada B-PER\nleft O\nOslo B-LOC\n\nAcme O\ngrew O\n\n"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in {"ana": ANA, "bo": BO, "cy": CY}.items():
        Path(f"{name}.conll").write_text(content)
    return tmp_path


def agreed(capfd: Capture, *arguments: str) -> Any:
    assert main(["agree", *arguments, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def project(name: str, source: str, *confirmed: int) -> str:
    session = open_session([source], SessionOptions(project=name))
    for offset in confirmed:
        session.corrections.confirm(offset)
    session.close()
    return name


def test_every_pair_and_all_together_have_their_figures(capfd: Capture) -> None:
    found = agreed(capfd, "ana.conll", "bo.conll", "cy.conll")
    assert [(pair["a"], pair["b"]) for pair in found["pairs"]] == [("ana", "bo"), ("ana", "cy"), ("bo", "cy")]
    first = found["pairs"][0]
    assert first["f1"] == pytest.approx(2 / 3)
    assert first["f1_unlabelled"] == first["per_label"]["PER"]["f1"] == 1
    assert first["f1_overlap"] == pytest.approx(2 / 3)
    assert (first["per_label"]["LOC"]["f1"], first["per_label"]["LOC"]["f1_unlabelled"]) == (0, 1)
    assert {"a": "LOC", "b": "ORG", "number": 1} in first["confusion"]
    assert {"fleiss", "alpha", "alpha_spans"} <= found.keys()
    assert {"fleiss", "alpha", "alpha_spans"} <= found["per_label"]["LOC"].keys()
    assert found["differences"] == {"LOC": 2, "ORG": 4}
    assert (found["words"], found["of_words"]) == (5, 5)


def test_the_table_says_who_differs_in_what(capfd: Capture) -> None:
    assert main(["agree", "ana.conll", "bo.conll"]) == 0
    out, err = capfd.readouterr()
    assert "2 of 2 sentences, 5 of 5 words (100.0%), in 1 document that all have" in out
    assert [line.split() for line in out.splitlines() if line.startswith("LOC")][-1] == ["LOC", "ORG", "1"]
    assert "ana.conll: read as conll" in err


def test_of_projects_only_what_all_confirmed_counts_and_the_share_is_said(capfd: Capture) -> None:
    sides = project("ana.ner", "ana.conll", 0, 14), project("bo.ner", "bo.conll", 14)
    found = agreed(capfd, *sides)
    assert (found["sentences"], found["of_sentences"], found["pairs"][0]["f1"]) == (1, 2, 1)
    assert main(["agree", *sides]) == 0
    assert "1 of 2 sentences, 2 of 5 words (40.0%)" in capfd.readouterr().out
    assert agreed(capfd, *sides, "--sentences", "all")["pairs"][0]["f1"] == pytest.approx(2 / 3)


def test_where_nothing_is_confirmed_the_next_step_is_told(capfd: Capture) -> None:
    assert main(["agree", project("ana.ner", "ana.conll"), "bo.conll"]) == 2
    assert "none is confirmed on every side: confirm some, or say --sentences all" in capfd.readouterr().err


def test_other_texts_and_a_single_annotator_are_refused(capfd: Capture) -> None:
    Path("other.conll").write_text("Quite O\nanother O\ntext O\n\n")
    assert main(["agree", "ana.conll", "other.conll"]) == 2
    told = capfd.readouterr().err
    assert "ana.conll and other.conll have no text in common: compare annotations of the same texts" in told
    assert main(["agree", "ana.conll"]) == 2
    assert "ana.conll is of one annotator" in capfd.readouterr().err


def test_documents_that_one_lacks_are_left_out_and_counted(capfd: Capture) -> None:
    Path("more.conll").write_text(f"-DOCSTART- O\n\n{ANA}-DOCSTART- O\n\nMore O\n\n")
    assert main(["agree", "more.conll", "ana.conll"]) == 0
    assert "in 1 document that all have; left out: 1 of more" in capfd.readouterr().out


def test_a_dump_that_is_no_project_any_more_is_told_with_its_line(capfd: Capture) -> None:
    assert main(["dump", project("ana.ner", "ana.conll", 0), "-o", "ana.jsonl"]) == 0
    lines = Path("ana.jsonl").read_text().splitlines(keepends=True)
    Path("broken.jsonl").write_text("".join([*lines[:-1], "{}\n"]))
    assert main(["agree", "ana.jsonl", "broken.jsonl"]) == 2
    assert f"broken.jsonl:{len(lines)}: " in capfd.readouterr().err
