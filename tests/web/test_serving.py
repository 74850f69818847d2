"""``serve`` before anything is served: what ``review`` would end with is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.cli import main, serve
from ner_tui.session import SessionOptions, open_session

pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("textual_serve", reason="the extra [web] is not installed")

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ner_tui.predictors.hub.HfApi.model_info", unreachable)
    Path("a.txt").write_text("Ada left Paris.\n")
    Path("broken.txt").write_bytes(b"Ada \xff left\n")
    Path("empty-model").mkdir()
    return tmp_path


def unreachable(*_: object, **__: object) -> None:
    raise ConnectionError("no network")


async def nothing_served(*_: object, **__: object) -> None:
    raise AssertionError("an address was about to be told")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["broken.txt"], "line 1): make its project with ner-tui review"),
        (["a.txt", "--project", "nowhere/p.ner"], "nowhere"),
        (["a.txt", "--model", "nope"], "nope: there is no such folder here"),
        (["a.txt", "--model", "empty-model"], "empty-model"),
        (["a.txt", "--labels", "="], "--labels"),
        (["a.txt", "--guidelines", "gone.md"], "gone.md"),
        (["a.txt", "--map", "nonsense"], "nonsense"),
        (["a.txt", "--config", "gone.toml"], "gone.toml"),
    ],
)
def test_what_review_refuses_is_refused_before_an_address_is_told(
    capfd: Capture, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setattr(serve, "_serve", nothing_served)
    before = {path.name for path in Path().iterdir()}
    assert main(["serve", *arguments, "--no-open"]) == 2
    told = capfd.readouterr().err
    assert (words in told, "http://" in told, "Traceback" in told) == (True, False, False)
    assert {path.name for path in Path().iterdir()} == before


def test_a_project_that_somebody_has_open_is_refused(capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_serve", nothing_served)
    session = open_session(["a.txt"], SessionOptions(project="p.ner", annotator="ada"))
    assert main(["serve", "p.ner", "--no-open"]) == 2
    assert "open" in capfd.readouterr().err
    session.close()


def test_what_can_be_served_leaves_nothing_before_somebody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = []

    async def served(*_: object, **__: object) -> None:
        reached.append(sorted(path.name for path in Path().iterdir()))

    monkeypatch.setattr(serve, "_serve", served)
    before = sorted(path.name for path in Path().iterdir())
    assert main(["serve", "a.txt", "--no-open"]) == 0
    assert reached == [before]
