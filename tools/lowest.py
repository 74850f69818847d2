"""The lowest versions that ``pyproject.toml`` allows, and the tests that run with them.

    python -m tools.lowest --list          # a line for each, as a constraint of pip
    python -m tools.lowest PYTHON TREE     # install them for an interpreter, and run the tests of TREE with it

The transformer extra is left out: its lowest torch is several gigabytes. Spacy is no part of development either.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("uima", "parquet")
"""Extras whose lowest versions are tried too."""
TOOLS = ("hypothesis", "pytest", "pytest-asyncio")
"""Of the tools for development, those that the tests need, at their lowest versions too."""
TESTS = (
    "tests/app/test_guidelines.py", "tests/app/test_layout.py", "tests/app/test_review.py", "tests/app/test_screens.py",
    "tests/app/test_startup.py", "tests/cli/test_commands.py", "tests/cli/test_predicting.py", "tests/config",
    "tests/domain/annotation/test_query.py", "tests/formats/files", "tests/formats/records", "tests/formats/standoff",
    "tests/formats/tables", "tests/hostile/test_small_windows.py",
)  # fmt: skip
"""Those that reach every dependency, in a minute or two."""
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(\[[a-z,]+\])?>=([0-9.]+)")


def requirements(text: str) -> Iterator[str]:
    """Yield what is needed to run the tests, each package at the lowest version that ``pyproject.toml`` allows.

    Args:
        text: of that file.

    Raises:
        ValueError: a requirement has no lowest version.
    """
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(each for extra in EXTRAS for each in extras[extra])]
    wanted += [each for each in extras["dev"] if re.split(r"[\[<>=]", each)[0] in TOOLS]
    for each in wanted:
        found = _REQUIREMENT.match(each)
        if found is None:
            raise ValueError(f"{each} has no lowest version")
        name, extra, version = found.groups()
        yield f"{name}{extra or ''}=={version}"


def lowest() -> list[str]:
    """Return the same of this project."""
    return list(requirements((ROOT / "pyproject.toml").read_text()))


def main(arguments: list[str]) -> int:
    """Run the tests and return an exit code."""
    if arguments == ["--list"]:
        print(*lowest(), sep="\n")
        return 0
    python, tree = arguments
    pip = [python, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    if code := subprocess.run([*pip, *lowest()], check=False).returncode:
        return code
    tests = [python, "-m", "pytest", "-p", "no:cacheprovider", *TESTS]
    # Some of them start the program from elsewhere.
    return subprocess.run(tests, cwd=tree, check=False, env=os.environ | {"PYTHONPATH": tree}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
