"""The review of dependencies is of those that there are, in the ranges that hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
REVIEW = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
COLUMNS = 7


def required() -> dict[str, str]:
    """Return what is needed to run, with its range, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for name, extra in project["optional-dependencies"].items() if name != "dev" for each in extra]
    wanted = [*project["dependencies"], *extras]
    parts = [re.fullmatch(r"([\w-]+)(.*)", each) for each in wanted]
    return {part[1]: part[2] for part in parts if part}


def test_every_dependency_is_reviewed_in_its_range_and_no_other() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| `([^`]+)` \|", REVIEW, re.MULTILINE)
    assert dict(rows) == required()
    assert len(rows) == len(required())


def test_no_question_of_the_review_is_left_open() -> None:
    for row in re.findall(r"^\| `.*\|$", REVIEW, re.MULTILINE):
        cells = row.strip("|").split("|")
        assert len(cells) == COLUMNS, row
        assert all(cell.strip() for cell in cells), row
