"""Documents longer than what is kept in memory look and feel like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session import open_document as memory
from ner_tui.session.transfer.indexing import read_on
from ner_tui.store.project import Project

WHOLE, HALF, MARGIN = 30_000, 10_000, 5_000
"""In place of what is kept in memory otherwise: a tenth is enough to see it move."""


def sentence(number: int) -> str:
    return f"Sentence {number} tells of a market in Lisbon, of Ada and of the number {number * 7}. "


def opened(folder: Path, text: str) -> Session:
    """Open a session on a text, all of it read."""
    (folder / "long.txt").write_text(text, encoding="utf-8")
    options = SessionOptions(project=str(folder / "p.ner"))
    open_session([str(folder / "long.txt")], options).close()
    project = Project.open(folder / "p.ner")
    for unread in project.bulk_insert.unread():
        list(read_on(project, unread))
    project.close()
    return open_session([str(folder / "long.txt")], options)


@pytest.fixture(params=["lines", "one line"])
def session(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name, size in {"WHOLE": WHOLE, "HALF": HALF, "MARGIN": MARGIN}.items():
        monkeypatch.setattr(memory, name, size)
    end = "\n" if request.param == "lines" else ""
    return opened(tmp_path, "".join(sentence(number) + end for number in range(1_000)))


def test_a_stretch_around_the_reader_is_in_memory(session: Session) -> None:
    document = session.document
    whole = document.text
    assert document.length == len(whole) > 2 * WHOLE
    for offset in (0, 25_000, 25_100, 31_000, document.length, 4_000, 0):
        document.show(offset)
        held = document.stretch
        assert len(held.text) <= 2 * HALF + 1_000
        assert held.text == whole[held.start : held.end]
        assert held.start <= max(0, offset - MARGIN)
        assert held.end >= min(document.length, offset + MARGIN)
        near = document.tokens[document.tokens.at(offset)]
        assert near.start <= offset
    # What is asked for beyond it is read.
    assert document.words(60_000, 60_050) == whole[60_000:60_050]
    assert document.sentence_start(60_000) == document.sentence_starts(59_000, 60_001)[-1]
    assert document.line(65_000) == whole.count("\n", 0, 65_000) + 1
    session.close()


@pytest.mark.thorough
async def test_keys_go_through_the_whole_of_it_and_what_is_in_sight_stays(session: Session) -> None:
    app = NerApp(session)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        view, whole = screen.view, session.document.text
        await pilot.press("G")
        assert view.token is not None
        assert whole[slice(*view.token)] in (".", whole.rstrip()[-1:])
        assert view.token[1] >= len(whole.rstrip()) - 1
        assert session.document.stretch.end == len(whole)
        # Page by page over the seams between what was in memory and what is, each page beginning where the last ended.
        before = view.cursor
        seams = set()
        for _ in range(15):
            await pilot.press("K")
            assert view.cursor < before, "the cursor goes up"
            first, last = view.visible_range()
            assert first <= view.cursor < last
            before = view.cursor
            seams.add(session.document.stretch.start)
        assert len(seams) > 1, "the text in memory moved along"
        offset = whole.index("Sentence 500 ")
        view.stand_on(offset)
        await pilot.press("w")
        await pilot.press("1")
        await pilot.pause()
        decided = [mark for mark in session.document.spans(offset, offset + 80) if mark.kind == "decided"]
        assert [whole[mark.span.start : mark.span.end] for mark in decided]
        assert "line" in str(screen.status.render_line(0).text)
    session.close()


async def test_the_wheel_leaves_the_cursor_where_it_is(session: Session) -> None:
    app = NerApp(session)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        view = screen.view
        begin = view.token
        for _ in range(15):
            view.scroll_relative(y=40, animate=False, immediate=True)
            await pilot.pause()
        assert session.document.stretch.start > 0, "the wheel brought other text"
        assert view.visible_range()[0] > HALF
        assert view.token == begin
        await pilot.press("l")
        assert view.token is not None
        assert begin is not None
        assert begin[1] <= view.token[0] <= begin[1] + 2
        assert view.visible_range()[0] == 0
    session.close()
