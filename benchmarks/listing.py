"""The list of benchmarks: what each shows, and how it is run, as the docstrings of their modules say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent


class Benchmark(NamedTuple):
    """A program of this folder."""

    name: str
    shows: str
    """A sentence, or the beginning of one."""
    commands: tuple[str, ...]
    """How it is run, from the repository's root."""


def benchmarks() -> Iterator[Benchmark]:
    """Yield the benchmarks by name, the one of the whole package first; modules that only help them are left out.

    Nothing is imported: some need packages that are not there.
    """
    for path in sorted(FOLDER.glob("*.py"), key=lambda path: (path.stem != "__main__", path.stem)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            lines = (ast.get_docstring(tree) or "").splitlines()
            name = FOLDER.name if path.stem == "__main__" else path.stem
            commands = tuple(line.strip() for line in lines if line.startswith(("    python ", "    pip ")))
            yield Benchmark(name, lines[0] if lines else "", commands)


def listed() -> str:
    """Return the list: a line for what each shows, and below it how it is run."""
    found = list(benchmarks())
    width = max(len(each.name) for each in found) + 2
    lines = []
    for each in found:
        lines += [f"{each.name:{width}}{each.shows}", *(f"{'':{width}}{command}" for command in each.commands)]
    # Two backquotes are for whoever reads the source.
    return "\n".join(lines).replace("``", "`")
