"""The page on the architecture is true: its paths, its packages, its words."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ner_tui"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted({name for name in re.findall(r"`([\w./-]+)`", PAGE) if re.search(r"/|\.(py|tcss|toml|md)$", name)})
PACKAGES = sorted(str(each.parent.relative_to(PACKAGE)) for each in PACKAGE.glob("*/**/__init__.py"))
KINDS = """
file format, tag scheme, verb, key, command, config option, screen, page that lists places, reason to doubt, statistic,
label colour, model backend, kind of item, migration, error, benchmark row
"""
MOST_TERMS = 30


def rows(title: str) -> dict[str, str]:
    """Return the rows of the table under a title by their first cells."""
    part = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (.+?) \| (.+) \|$", part, re.MULTILINE)
    return dict(lines[1:])


def paths(cell: str) -> list[str]:
    return re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.\w+)`", cell)


@pytest.mark.parametrize("name", NAMED)
def test_every_path_leads_somewhere(name: str) -> None:
    assert (PACKAGE / name).exists() or (ROOT / name).exists()


@pytest.mark.parametrize("page", ["SECURITY.md", "CONTRIBUTING.md", "README.md"])
def test_every_test_and_benchmark_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(r"\b(?:tests|benchmarks)/[\w./-]*\w", (ROOT / page).read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_name_of_the_code_is_defined_there() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    names = {name.split(".")[0] for name in re.findall(r"`(_?[A-Z]\w*(?:\.\w+)?)`", PAGE)}
    unknown = [n for n in sorted(names) if not re.search(rf"^ *(class )?{n}\b( ?[:=(]|$)", code, re.MULTILINE)]
    assert len(names) > 10
    assert not unknown


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_described(package: str) -> None:
    assert f"`{package}/`" in rows("Packages")


@pytest.mark.parametrize("kind", [kind.strip() for kind in KINDS.replace("\n", " ").split(",")])
def test_every_kind_of_change_has_its_row(kind: str) -> None:
    (files,) = [files for change, files in rows("Where each kind of change lands").items() if kind in change]
    assert paths(files)


def test_each_word_of_the_glossary_has_one_meaning() -> None:
    terms = re.findall(r"^\| ([^|]+?) \|", PAGE.split("## Glossary")[1], re.MULTILINE)[1:]
    assert len(terms) == len(set(terms)) <= MOST_TERMS
    assert terms == list(rows("Glossary"))


def test_each_class_has_a_name_of_its_own() -> None:
    names = Counter(
        node.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, number in names.items() if number > 1] == []
