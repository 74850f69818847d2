"""The examples of docs/api.md do what they show."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import ner_tui

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_every_example_on_the_page_does_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    # One session, as a reader would have it: what a block names, the next ones use.
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "api.md", str(PAGE), 0)
    assert len(session.examples) > 30
    report: list[str] = []
    results = doctest.DocTestRunner().run(session, out=report.append)
    assert results.failed == 0, "".join(report)


def test_the_page_names_all_that_is_public() -> None:
    page = PAGE.read_text(encoding="utf-8")
    errors = {"InputError", "ModelError", "ProjectError"}
    unnamed = [name for name in ner_tui.__all__ if not name.startswith("__") and name not in errors]
    assert [name for name in unnamed if not re.search(rf"\b{name}\b", page)] == []
