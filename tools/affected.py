"""Which tests a change affects, nearest first, told by the imports in the sources alone.

    python -m tools.affected [FILE...]

FILEs are changed files, by default those that git finds changed since the branch left ``main``. A module reaches what
it imports anywhere in its code, what stands in its strings as a dotted name (``monkeypatch.setattr("ner_tui.cli...")``,
modules that are imported by name), and files whose names stand there. Nothing is kept between runs and nothing names a
module here, so it stays right when modules move. A test's distance is the number of imports between it and the change;
``test_x.py`` is next to every ``x.py``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
CODE = ("ner_tui", "tests", "benchmarks", "tools")
BASE = "main"
"""The branch that a change is held against."""
TOO_COMMON = frozenset({"__init__.py", "conftest.py", "__main__.py"})
"""Names of files that say nothing of which file is meant."""


def changed_files(root: Path, base: str = BASE) -> list[str]:
    """Return the files that differ from where the branch left ``base``, new and deleted ones too, as git names them.

    Raises:
        subprocess.CalledProcessError: ``root`` is no git repository.
    """
    found = _git(root, "merge-base", "HEAD", base, check=False) or ["HEAD"]
    changed = _git(root, "diff", "--name-only", found[0])
    return sorted({*changed, *_git(root, "ls-files", "--others", "--exclude-standard")})


def _git(root: Path, *arguments: str, check: bool = True) -> list[str]:
    command = ["git", "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, cwd=root, check=check, capture_output=True, text=True).stdout.splitlines()


def affected_tests(root: Path, changed: Iterable[str]) -> dict[str, int]:
    """Return the test files that a change may break, each with its distance, nearest first.

    Args:
        root: the folder of the repository.
        changed: paths below it, with ``/`` between their parts; they need not exist any more.
    """
    changed = list(changed)
    edges = _users(root)
    distances = dict.fromkeys(changed, 0)
    waiting = deque(distances)
    while waiting:
        path = waiting.popleft()
        for user in (*edges.get(path, ()), *edges.get(f"test_{PurePosixPath(path).name}", ())):
            if user not in distances:
                distances[user] = distances[path] + 1
                waiting.append(user)
    found = {path: distance for path, distance in distances.items() if _is_test(path) and (root / path).is_file()}
    return dict(sorted(found.items(), key=lambda item: (item[1], _apart(item[0], distances), item[0])))


def _is_test(path: str) -> bool:
    return path.startswith("tests/") and PurePosixPath(path).name.startswith("test_")


def _apart(test: str, distances: dict[str, int]) -> bool:
    """Whether a test stands in another package than all that changed: tests mirror the packages."""
    package = PurePosixPath(test).parts[1]
    return not any(distance == 0 and package in PurePosixPath(path).parts[:2] for path, distance in distances.items())


def _users(root: Path) -> dict[str, set[str]]:
    """Return, by the path of each file, the code that uses it; by the mere name of a test, where it is."""
    files = {
        path.relative_to(root).as_posix(): path for folder in CODE for path in sorted((root / folder).rglob("*.py"))
    }
    modules = {_name(path): path for path in files}
    users: dict[str, set[str]] = {}
    others = _other_files(root)
    for path, file in files.items():
        source = file.read_text(encoding="utf-8")
        for used in {*_modules_used(ast.parse(source), path, modules), *_files_named(source, others)} - {path}:
            users.setdefault(used, set()).add(path)
        for conftest in _conftests(path, files):
            users.setdefault(conftest, set()).add(path)
        if _is_test(path):
            users.setdefault(file.name, set()).add(path)
    return users


def _name(path: str) -> str:
    """Return the dotted name of a module."""
    return ".".join(part for part in PurePosixPath(path).with_suffix("").parts if part != "__init__")


def _other_files(root: Path) -> dict[str, str]:
    """Return the path of every file of the repository that is no code, by its name."""
    listed = _git(root, "ls-files", "--cached", "--others", "--exclude-standard")
    return {PurePosixPath(path).name: path for path in listed if not path.endswith(".py")}


def _files_named(source: str, others: dict[str, str]) -> Iterator[str]:
    for name in re.findall(r"[\w.-]+\.\w+|\bMakefile\b", source):
        if name in others and name not in TOO_COMMON:
            yield others[name]


def _conftests(path: str, files: dict[str, Path]) -> Iterator[str]:
    for folder in PurePosixPath(path).parents:
        conftest = f"{folder}/conftest.py"
        if conftest in files and conftest != path:
            yield conftest


def _modules_used(tree: ast.Module, path: str, modules: dict[str, str]) -> Iterator[str]:
    """Yield the paths of modules that code uses, but for those that only its annotations need."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                waiting += otherwise
                continue
            case ast.Import(names=names):
                dotted = [each.name for each in names]
            case ast.ImportFrom(module=module, names=names, level=0):
                dotted = [f"{module}.{each.name}" for each in names]
            case ast.Constant(value=str(text)) if re.fullmatch(r"\w+(\.\w+)*\.?", text):
                # A package may name its own modules, to import them when they are asked for.
                dotted = [text] if "." in text or text in CODE or path.endswith("/__init__.py") else []
            case _:
                dotted = []
        waiting += ast.iter_child_nodes(node)
        for name in dotted:
            yield from _paths_of(name, path, modules)


def _paths_of(name: str, path: str, modules: dict[str, str]) -> Iterator[str]:
    if name.endswith("."):
        # The beginning of a name that is put together where the code runs.
        yield from (found for each, found in modules.items() if each.rpartition(".")[0] == name[:-1])
        return
    # Tests and benchmarks import their own modules from their own folders.
    folder = list(PurePosixPath(path).parts[:-1])
    for at in range(len(folder), -1, -1):
        parts = [*folder[:at], *name.split(".")]
        for end in range(len(parts), at, -1):
            if (found := modules.get(".".join(parts[:end]))) is not None:
                yield found
                if end == 1 and name == parts[0]:
                    # Naming a whole package runs it: ``python -m``.
                    yield from filter(None, [modules.get(f"{name}.__main__")])
                return


def main() -> None:
    """Print distances and test files."""
    for path, distance in affected_tests(ROOT, sys.argv[1:] or changed_files(ROOT)).items():
        print(distance, path)


if __name__ == "__main__":
    main()
