"""The lines around the text: what they say stays apart, however little room there is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from rich.style import Style
from textual.geometry import Size

from ner_tui.app.saving_controller import SavingState
from ner_tui.app.screens.review.status_lines import top_line
from ner_tui.app.widgets.bar import Bar
from ner_tui.session import SessionOptions, open_session


@pytest.mark.parametrize("saving", SavingState)
def test_the_words_of_the_top_line_never_run_together(
    tmp_path: Path, saving: SavingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Ada met Bob.\n", encoding="utf-8")
    session = open_session([str(tmp_path / "a.txt")], SessionOptions(project=str(tmp_path / "p.ner")))
    left, right = top_line(session, saving=saving, importing="reading a.txt", predicting="predicting")
    session.close()
    bar = Bar("top")
    bar.show(left, right)
    monkeypatch.setattr(Bar, "rich_style", Style())
    monkeypatch.setattr(Bar, "get_component_rich_style", lambda bar, *names, **_: Style())
    words = {word for text, _ in (*left, *right) for word in text.split()}
    # In fewer cells the last piece itself is cut off.
    fewest = max(len(text) for text, _ in (*left, *right))
    for width in range(fewest, len(bar.text) + 2):
        monkeypatch.setattr(Bar, "size", Size(width, 1))
        assert set(bar.render_line(0).text.split()) <= words


@pytest.mark.parametrize(
    ("predicting", "shown"),
    [
        ("74% predicted, 0:14 left, 1,320 words/s", "· 74% predicted, 0:14 left"),
        ("learns from 3 confirmed on", "· learns from 3 confirmed on "),
        ("learned from 412 sentences", "· learned from 412 sentences "),
    ],
)
def test_a_line_of_80_cells_says_what_the_model_does(
    tmp_path: Path, predicting: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Ada met Bob.\n\n" * 1_000, encoding="utf-8")
    with closing(open_session([str(tmp_path / "a.txt")], SessionOptions(project=str(tmp_path / "p.ner")))) as session:
        left, right = top_line(session, saving=SavingState.SAVED, importing="", predicting=predicting)
    bar = Bar("top", left_yields=True)
    bar.show(left, right)
    monkeypatch.setattr(Bar, "rich_style", Style())
    monkeypatch.setattr(Bar, "get_component_rich_style", lambda bar, *names, **_: Style())
    monkeypatch.setattr(Bar, "size", Size(80, 1))
    assert bar.render_line(0).text.endswith(shown)


@pytest.mark.parametrize("told", ["exported 61 decisions in 366 sentences; 536 are open", "東" * 30])
def test_a_sentence_that_is_cut_off_shows_that_it_is(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bar = Bar("notice")
    bar.show([(f" {told}", ""), (" Kremlin", "")], [(" 1/2", "")])
    monkeypatch.setattr(Bar, "rich_style", Style())
    monkeypatch.setattr(Bar, "get_component_rich_style", lambda bar, *names, **_: Style())
    for width in (1, 2, 20, 40, 80):
        monkeypatch.setattr(Bar, "size", Size(width, 1))
        shown = bar.render_line(0)
        assert shown.cell_length == width
        assert shown.text.startswith(f" {told}") is not shown.text.endswith("…")
