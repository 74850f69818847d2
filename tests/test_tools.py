"""The quick loop: which tests a change affects, and when none begins any more."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import quick
from tools.affected import affected_tests, changed_files

FILES = {
    "ner_tui/__init__.py": "",
    "ner_tui/__main__.py": "from ner_tui.shapes import area\n",
    "ner_tui/lengths.py": "def length(): ...\n",
    "ner_tui/shapes/__init__.py": "LAZY = {'squares': ('Square',)}\n",
    "ner_tui/shapes/area.py": "def area():\n    from ner_tui.lengths import length\n",
    "ner_tui/shapes/squares.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ner_tui.lengths\n",
    "ner_tui/words.py": "from importlib import import_module\nimport_module(f'ner_tui.words_of.{1}')\n",
    "ner_tui/words_of/__init__.py": "",
    "ner_tui/words_of/one.py": "STYLE = 'look.tcss'\n",
    "ner_tui/look.tcss": "",
    "README.md": "",
    "benchmarks/fast.py": "import helper\n",
    "benchmarks/helper.py": "",
    "tests/conftest.py": "",
    "tests/test_readme.py": "TEXT = open('README.md')\n",
    "tests/shapes/conftest.py": "",
    "tests/shapes/fakes.py": "import ner_tui.lengths\n",
    "tests/shapes/test_area.py": "from ner_tui.shapes.area import area\n",
    "tests/shapes/test_lazy.py": "from ner_tui.shapes import Square\n",
    "tests/shapes/test_with_fakes.py": "from shapes.fakes import x\n",
    "tests/test_command.py": "RUN = ['-m', 'ner_tui']\n",
    "tests/test_patched.py": "def test(monkeypatch): monkeypatch.setattr('ner_tui.words.run', None)\n",
    "tests/test_one.py": "",
    "tests/test_speed.py": "import benchmarks.fast\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "--message=x")
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("ner_tui/lengths.py", {"shapes/test_area.py": 2, "shapes/test_with_fakes.py": 2, "test_command.py": 3}),
        ("ner_tui/shapes/squares.py", {"shapes/test_lazy.py": 2}),
        ("ner_tui/words_of/one.py", {"test_one.py": 1, "test_patched.py": 2}),
        ("ner_tui/look.tcss", {"test_one.py": 2, "test_patched.py": 3}),
        ("README.md", {"test_readme.py": 1}),
        ("benchmarks/helper.py", {"test_speed.py": 2}),
        ("tests/test_one.py", {"test_one.py": 0}),
        (
            "tests/shapes/conftest.py",
            {"shapes/test_area.py": 1, "shapes/test_lazy.py": 1, "shapes/test_with_fakes.py": 1},
        ),
        ("nothing.txt", {}),
    ],
)
def test_a_change_affects_the_tests_that_reach_it(root: Path, changed: str, tests: dict[str, int]) -> None:
    found = affected_tests(root, [changed])
    assert {path.removeprefix("tests/"): distance for path, distance in found.items()} == tests
    assert list(found.values()) == sorted(found.values())


def test_a_module_that_is_gone_affects_the_test_of_its_name_still(root: Path) -> None:
    (root / "ner_tui" / "words_of" / "one.py").unlink()
    assert affected_tests(root, ["ner_tui/words_of/one.py"]) == {"tests/test_one.py": 1}


def test_what_changed_is_what_differs_from_where_the_branch_began(root: Path) -> None:
    assert changed_files(root) == []
    git(root, "checkout", "--quiet", "-b", "other")
    (root / "README.md").write_text("Hello\n", encoding="utf-8")
    git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "--all", "--message=y")
    (root / "ner_tui" / "lengths.py").unlink()
    (root / "ner_tui" / "größe.py").write_text("", encoding="utf-8")
    assert changed_files(root) == ["README.md", "ner_tui/größe.py", "ner_tui/lengths.py"]


def test_without_a_branch_of_that_name_what_is_not_committed_has_changed(root: Path) -> None:
    git(root, "branch", "--move", "trunk")
    (root / "README.md").write_text("Hello\n", encoding="utf-8")
    assert changed_files(root) == ["README.md"]


def test_no_test_begins_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(quick._UNTIL, "1")
    with pytest.raises(pytest.skip.Exception, match="no time left"):
        quick.pytest_runtest_setup()
    monkeypatch.delenv(quick._UNTIL)
    quick.pytest_runtest_setup()
