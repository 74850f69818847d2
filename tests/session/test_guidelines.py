"""Guidelines: the file a session shows, how it is found, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.guidelines import LARGEST


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Ada met Bob.\n")
    return tmp_path


def sit(guidelines: str | None = None) -> Session:
    return open_session(["a.txt"], SessionOptions(project="p.ner", annotator="ada", guidelines=guidelines))


def test_a_file_that_was_named_is_remembered_wherever_one_stands_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("GUIDELINES.md").write_text("beside")
    Path("rules.md").write_text("\ufeffnamed", encoding="utf-8")
    sit("rules.md").close()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    session = open_session(["../a.txt"], SessionOptions(project="../p.ner", annotator="ada"))
    assert session.guidelines.read() == "named"
    assert session.guidelines.name == "rules.md"
    session.close()


@pytest.mark.parametrize("name", ["GUIDELINES.md", "guidelines.md"])
def test_without_one_the_file_beside_the_project_is_read(name: str) -> None:
    session = sit()
    with pytest.raises(InputError, match=r"no guidelines: put a GUIDELINES\.md beside the project"):
        session.guidelines.read()
    assert session.guidelines.name == ""
    Path(name).write_text("beside")
    assert (session.guidelines.read(), session.guidelines.name) == ("beside", name)
    session.close()


def test_a_named_file_that_is_gone_is_told_and_not_replaced_by_another() -> None:
    Path("rules.md").write_text("named")
    session = sit("rules.md")
    Path("rules.md").unlink()
    Path("GUIDELINES.md").write_text("beside")
    with pytest.raises(InputError, match=r"rules\.md: the guidelines cannot be read \(No such file"):
        session.guidelines.read()
    session.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"x" * (LARGEST + 1), "larger than 1,000,000 bytes"), (b"Stra\xdfe", "not UTF-8"), (None, "No such file")],
)
def test_what_cannot_be_shown_is_refused_before_a_project_is_made(content: bytes | None, reason: str) -> None:
    if content is not None:
        Path("rules.md").write_bytes(content)
    with pytest.raises(InputError, match=reason):
        sit("rules.md")
    assert not Path("p.ner").exists()


def test_a_folder_is_no_guidelines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="have to be a file"):
        sit(str(tmp_path))
