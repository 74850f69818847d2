"""A large file is read beside the person's work: the list, the counts and the text grow, and edits stay."""

from __future__ import annotations

from pathlib import Path

from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.adding import FIRST


async def test_the_rest_of_a_large_file_comes_while_the_person_works(tmp_path: Path) -> None:
    sentences = 2 * FIRST // 5
    file = tmp_path / "large.conll"
    file.write_text("".join(f"Ada B-PER\nsaw O\nLisbon O\n{n} O\ntimes O\n\n" for n in range(sentences)))
    session = open_session([str(file)], SessionOptions(project=str(tmp_path / "p.ner")))
    begun = session.document.length
    app = NerApp(session)
    async with app.run_test(size=(120, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        view = screen.view
        await pilot.press("l", "l", "3")
        for _ in range(1_000):
            await pilot.pause(0.05)
            if screen.imports.reading is None and session.indexing() is None and session.document.length > begun:
                break
        assert session.row().sentences == sentences
        assert screen.documents.row(session.document.id) == session.row(session.document.id)
        assert [(mark.span.label, mark.kind) for mark in session.document.spans(8, 14)] == [("LOC", "decided")]
        await pilot.press("G")
        assert view.token is not None
        assert session.document.words(*view.token) == "times"
        assert view.token[1] >= session.document.length - 1
    session.close()
