"""The log of a session: the actions by their ids and how long they took, and no word of the document."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.fakes import Gazetteer
from ner_tui.app.app import NerApp
from ner_tui.cli.log_file import run_logged
from ner_tui.domain.document import Sentence
from ner_tui.predictors.base import Context, WordProbabilities
from ner_tui.session import Session

TEXT = "Zephyrine Okonkwo visited Kestrel Labs.\nNobody in Łódź wondered.\n"
WORDS = re.findall(r"\w{4,}", TEXT)


def use_logged(
    session: Session,
    log: Path,
    *keys: str,
    text: bool = False,
    meddle: Callable[[NerApp], None] = lambda _: None,
    until: str = "",
) -> str:
    """Press keys in the app, logged as ``review`` is, wait for a word in the log, and return it."""

    async def use() -> None:
        app = NerApp(session)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            meddle(app)
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            for _ in range(200):
                if until in log.read_text(encoding="utf-8"):
                    return
                await pilot.pause(0.02)
            raise AssertionError(f"{until!r} was never logged")

    def run() -> int:
        asyncio.run(use())
        return 0

    run_logged(run, str(log), ["review", "x.txt"], frozenset({"review"}), text=text, command="review")
    return log.read_text(encoding="utf-8")


KEYS = (
    *("l", "1", "slash", "K", "e", "s", "enter", "a", "u", "N", "t", "x", "enter"),
    *("z", "d", "escape", "question_mark", "escape"),
)


@pytest.mark.thorough
def test_a_session_is_logged_without_a_word_of_its_text(new_session: Callable[..., Session], tmp_path: Path) -> None:
    log = use_logged(new_session(Gazetteer(), note=TEXT), tmp_path / "it.log", *KEYS)
    actions = re.findall(r"ner_tui\.app\.app: ([\w.-]+): \d+\.\d ms$", log, re.MULTILINE)
    ids = [each for each in actions if "." in each]
    assert ids[:5] == ["move.right", "label.1", "find.start", "span.accept", "edit.undo"]
    assert ids[5:] == ["note.write", "view.detail", "view.help"]
    assert not [word for word in WORDS if word in log]


def test_with_text_the_sentence_is_there_and_what_was_said(new_session: Callable[..., Session], tmp_path: Path) -> None:
    log = use_logged(new_session(note=TEXT), tmp_path / "it.log", "l", "U", text=True)
    assert "Zephyrine Okonkwo visited Kestrel Labs." in log
    assert "notice 'nothing to redo" in log


def test_of_a_long_sentence_the_beginning_is_logged(new_session: Callable[..., Session], tmp_path: Path) -> None:
    log = use_logged(new_session(note="Zephyrine " * 2_000), tmp_path / "it.log", "l", text=True)
    assert 0 < log.count("Zephyrine") <= 100


def test_a_fault_that_the_app_lives_through_is_there_with_its_frames(
    new_session: Callable[..., Session], tmp_path: Path
) -> None:
    def meddle(app: NerApp) -> None:
        def broken() -> None:
            raise ValueError(TEXT)

        assert app.review is not None
        app.review.action_undo = broken  # type: ignore[method-assign]

    log = use_logged(new_session(note=TEXT), tmp_path / "it.log", "u", meddle=meddle)
    assert "a fault in edit.undo\n" in log
    assert re.search(r"test_action_log\.py:\d+ in broken\n", log)
    assert "builtins.ValueError: (--log-text writes what it says)" in log
    assert not [word for word in WORDS if word in log]


class Failing(Gazetteer):
    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        raise ZeroDivisionError(TEXT)


def test_a_model_that_fails_is_there_with_its_frames(new_session: Callable[..., Session], tmp_path: Path) -> None:
    log = use_logged(new_session(Failing(), note=TEXT), tmp_path / "it.log", until="the end of a thread")
    assert re.search(r"test_action_log\.py:\d+ in predict\nbuiltins\.ZeroDivisionError: \(--log-text writes", log)
    assert not [word for word in WORDS if word in log]


def test_the_app_is_as_it_was_when_the_log_is_over(new_session: Callable[..., Session], tmp_path: Path) -> None:
    before = dict(vars(NerApp))
    use_logged(new_session(note=TEXT), tmp_path / "it.log", "l")
    assert {name: value for name, value in vars(NerApp).items() if before.get(name) is not value} == {}
