"""A project as training data: decisions in confirmed sentences, nothing else, and only true neighbours together."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.training_data import confirmed_sentences

TEXT = "Ada ran. Bob sat. Cy lay. Di ate. Ed won.\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def project_of(*confirmed: str) -> Path:
    """Make a project in which Ada and Cy are decided and the sentences with these words are confirmed."""
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    session = open_session(["a.txt"], SessionOptions(project="p.ner"))
    for name in ("Ada", "Cy"):
        session.corrections.label(TEXT.index(name), TEXT.index(name) + len(name), "PER", cursor=TEXT.index(name))
    for word in confirmed:
        session.corrections.confirm(TEXT.index(word))
    session.close()
    return Path("p.ner")


def test_only_confirmed_sentences_are_learnt_from_and_how_many_are_not_is_said() -> None:
    told: list[str] = []
    found = confirmed_sentences(project_of("Ada", "Bob", "Di"), told.append)
    assert found == [
        [(["Ada", "ran", "."], ["B-PER", "O", "O"]), (["Bob", "sat", "."], ["O", "O", "O"])],
        [(["Di", "ate", "."], ["O", "O", "O"])],
    ]
    assert told == ["p.ner: its 3 confirmed sentences are read; 2 that are not confirmed are left out"]


def test_of_a_project_that_is_confirmed_throughout_nothing_is_said() -> None:
    told: list[str] = []
    (found,) = confirmed_sentences(project_of("Ada", "Bob", "Cy", "Di", "Ed"), told.append)
    assert len(found) == 5
    assert told == []


def test_a_project_without_a_confirmed_sentence_is_refused() -> None:
    with pytest.raises(InputError, match="no sentence is confirmed: confirm some with enter"):
        confirmed_sentences(project_of(), lambda _: None)
