"""What is released: which files an sdist has to hold, and which versions are the lowest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.distribution import missing, review
from tools.lowest import EXTRAS, ROOT, TESTS, TOOLS, lowest, requirements


def test_a_file_of_git_that_is_not_in_the_sdist_is_named() -> None:
    assert missing(["PKG-INFO", "a.py", "tests/b.py"], ["tests/c.py", "a.py", "tests/b.py", "Makefile"]) == [
        "Makefile", "tests/c.py",
    ]  # fmt: skip


def test_every_requirement_of_a_person_has_a_lowest_version() -> None:
    found = [each.partition("==")[0] for each in lowest()]
    assert {"textual", "rich", "onnxruntime", "markdown-it-py[linkify]", *TOOLS} <= {*found}
    assert len(found) == len({*found})


def test_the_lowest_versions_are_those_of_the_file() -> None:
    extras = "\n".join(f'{extra} = ["{extra}-package>=2"]' for extra in EXTRAS)
    head = '[project]\ndependencies = ["a[b]>=1.2,<2", "c>=3"]\n[project.optional-dependencies]\n'
    text = f'{head}{extras}\ndev = ["pytest>=8.4", "ruff>=1"]\n'
    assert list(requirements(text)) == ["a[b]==1.2", "c==3", *(f"{each}-package==2" for each in EXTRAS), "pytest==8.4"]
    with pytest.raises(ValueError, match="c<4 has no lowest version"):
        list(requirements(text.replace("c>=3", "c<4")))


@pytest.mark.parametrize("test", TESTS)
def test_the_tests_for_them_are_there(test: str) -> None:
    assert (ROOT / test.removeprefix("--ignore=")).exists()


@pytest.mark.thorough
def test_review_is_opened_and_left_at_a_terminal_and_a_failure_is_told(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Ada left.")
    review([sys.executable, "-m", "ner_tui", "review", str(text), "--model", "none"], tmp_path)
    assert (tmp_path / "annotations.ner").exists()
    with pytest.raises(SystemExit, match="review ends with"):
        review([sys.executable, "-m", "ner_tui", "review", str(tmp_path / "none.txt")], tmp_path)
