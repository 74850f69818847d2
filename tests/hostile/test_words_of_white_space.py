"""Words that are white space to Unicode, and none to a file of columns: they are words in a project, and no damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session

WORDS = ("\u00a0", "\u3000", "\u2028", "\u2029", "\u1680", "\u2003", "\u0085", "\v", "\f", "\x1c", "\x1f", "\u00a0\f")


@pytest.mark.thorough
@pytest.mark.parametrize("word", WORDS, ids=ascii)
@pytest.mark.parametrize("separator", [" ", "\t"], ids=["space", "tab"])
def test_a_project_with_such_words_is_whole_and_gives_them_back(
    word: str, separator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = (("Ada", "B-PER"), (word, "I-PER"), ("left", "O"), (), (word, "B-ORG"), (), ("x", "O"))
    text = "".join(f"{separator.join(row)}\n" for row in rows)
    Path("a.conll").write_text(text, encoding="utf-8", newline="")
    session = open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a"))
    session.corrections.flag(0)
    assert len(session.document.tokens) == 5
    session.close()
    assert main(["check", "p.ner"]) == 0
    assert main(["check", "p.ner", "--rebuild", "-o", "q.ner"]) == 0
    assert main(["dump", "p.ner", "-o", "p.jsonl"]) == 0
    assert main(["load", "p.jsonl", "--project", "r.ner"]) == 0
    for project in ("q.ner", "r.ner"):
        assert main(["check", project]) == 0
    for project in ("p.ner", "q.ner", "r.ner"):
        assert main(["export", project, "-o", f"{project}.conll"]) == 0
        assert Path(f"{project}.conll").read_bytes() == text.encode()
