"""Regular expressions match the same on every Python that the program is for."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "ner_tui"


def test_no_expression_repeats_a_group_possessively() -> None:
    """Python before 3.11.5, as Debian 12 has it, then takes the part of it that failed (gh-106052).

    An atomic group, ``(?>(?:..)*)``, does not.
    """
    possessive = re.compile(r"""\)(?:[*+?]|\{+[^+\n"']*\}+)\+(?!['"]\])""")
    assert possessive.search("(?:a)*+")
    assert possessive.search("(?:a){{2,{MOST}}}+")
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if possessive.search(line)
    ]
    assert found == []
