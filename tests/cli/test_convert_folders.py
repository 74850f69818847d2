"""``ner-tui convert`` into folders: a file for each document, under its own name, and all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_format_of_two_files_is_written_as_two() -> None:
    Path("a.conll").write_text("Ada B-PER\nleft O\n")
    assert main(["convert", "a.conll", "-o", "b.ann", "--to", "brat"]) == 0
    assert Path("b.txt").read_text() == "Ada left"
    assert Path("b.ann").read_text().startswith("T1\tPER 0 3\tAda")


TWO_DOCUMENTS = "Ada B-PER\n\nleft O\n\n-DOCSTART- O\n\nBob B-PER\n"


def files_in(folder: str) -> dict[str, str]:
    return {file.name: file.read_text() for file in sorted(Path(folder).iterdir())}


def test_a_folder_gets_a_file_for_each_document(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text(TWO_DOCUMENTS)
    Path("there").mkdir()
    for out in ("there", "made/here/"):
        assert main(["convert", "a.conll", "-o", out, "--to", "brat", "--on-loss", "warn"]) == 0
        assert files_in(out) == {
            "a-2.ann": "T1\tPER 0 3\tBob\n", "a-2.txt": "Bob", "a.ann": "T1\tPER 0 3\tAda\n", "a.txt": "Ada\nleft",
        }  # fmt: skip
    assert main(["convert", "a.conll", "-o", "new/", "--to", "conll"]) == 0
    assert files_in("new") == {"a.conll": "Ada B-PER\n\nleft O\n\n", "a-2.conll": "Bob B-PER\n\n"}


def test_without_another_format_a_folder_gets_the_file() -> None:
    Path("a.conll").write_text(TWO_DOCUMENTS)
    assert main(["convert", "a.conll", "-o", "new/", "--scheme", "bioes"]) == 0
    assert files_in("new") == {"a.conll": TWO_DOCUMENTS.replace("B-", "S-")}


def test_a_loss_in_one_document_keeps_all_from_being_written(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text("Ada B-PER\nBob B-PER\n\n-DOCSTART- O\n\nEve B-PER\n")
    command = ["convert", "a.conll", "-o", "new/", "--to", "conll", "--scheme", "io"]
    assert main(command) == 1
    assert not Path("new").exists()
    assert "lost: a.conll:1: IO cannot keep two adjacent" in capfd.readouterr().err
    assert main([*command, "--on-loss", "warn"]) == 0
    assert files_in("new") == {"a.conll": "Ada I-PER\nBob I-PER\n\n", "a-2.conll": "Eve I-PER\n\n"}


@pytest.mark.parametrize("to", ["brat", "webanno-tsv"])
def test_several_documents_in_a_file_that_holds_one_are_refused_with_the_next_step(
    to: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("a.conll").write_text(TWO_DOCUMENTS)
    assert main(["convert", "a.conll", "-o", "new.ann", "--to", to]) == 2
    assert "is one document, and a.conll is there already: -o FOLDER/ gives each a file" in capfd.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["a.conll"]


def test_documents_without_marks_between_them_are_a_loss(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text(TWO_DOCUMENTS)
    assert main(["convert", "a.conll", "-o", "new.json", "--to", "gliner"]) == 1
    assert "lost: a.conll: which sentences are of one of 2 documents is not in it" in capfd.readouterr().err
    assert main(["convert", "a.conll", "-o", "new/", "--to", "gliner"]) == 0
    assert sorted(files_in("new")) == ["a-2.json", "a.json"]
