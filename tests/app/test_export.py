"""The export dialog: the file is written in the background, watched, and whole or not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input, RadioButton

from app.conftest import Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.screens.export import ExportScreen
from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import SCHEMES
from ner_tui.formats import WRITERS
from ner_tui.session.transfer import exporting, project_stream

TAGGED = "Nadia B-PER x\nlives  O y\n\n# end\n"
NOTE = "Ada Okonkwo wrote.\nShe sang.\n"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Hold every export up at its second sentence until the gate is opened."""
    opened, annotated = Event(), project_stream.annotated
    seen = 0

    def slow(*arguments: object, step: object, **options: object) -> object:
        def wait(sentence: Sentence) -> None:
            nonlocal seen
            seen += 1
            if seen > 1:
                opened.wait(5)
            step(sentence)  # type: ignore[operator]

        return annotated(*arguments, step=wait, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "annotated", slow)
    yield opened
    opened.set()


def dialog(app: Opened) -> str:
    rows = app.pilot.app.screen._compositor.render_strips()
    return " ".join("".join(strip.text for row in rows for strip in row).replace("│", " ").split())


def choices(app: Opened, name: str) -> list[tuple[bool, str]]:
    buttons = app.pilot.app.screen.query(f"#{name} RadioButton").results(RadioButton)
    return [(button.value, str(button.label)) for button in buttons]


async def test_the_screen_stays_alive_and_says_how_far_it_is(review: Open, gate: Event, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o", "enter")
        await app.until(lambda: "of 7 tokens" in dialog(app))
        await app.press("tab", "x")
        assert not (tmp_path / "work.conll").exists()
        gate.set()
        await app.until(lambda: "exported 0 decisions" in app.told)
        assert (tmp_path / "work.conll").exists()


async def test_every_format_and_every_scheme_can_be_chosen(review: Open) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o")
        chosen = {
            what: [button.name for button in app.pilot.app.screen.query(f"#{what} RadioButton")]
            for what in ("format", "scheme")
        }
        assert sorted(filter(None, chosen["format"])) == sorted(WRITERS)
        assert chosen["scheme"] == ["", *SCHEMES]


async def test_what_each_choice_of_spans_comes_to_is_shown_before_anything_is_written(
    review: Open, tmp_path: Path
) -> None:
    async with review(Gazetteer(), notes=NOTE) as app:
        await app.press("o")
        assert choices(app, "spans") == [
            (True, "0 decided entities, without 1 open suggestion"),
            (False, "0 decided entities and 1 open suggestion"),
            (False, "only confirmed sentences: 0 of 2"),
        ]
        for name, written in (("with-suggestions", "Ada B-PER\nOkonkwo I-PER"), ("confirmed", "")):
            for button in app.pilot.app.screen.query("#spans RadioButton").results(RadioButton):
                button.value = button.value or button.name == name
            await app.pilot.pause()
            await app.press("ctrl+s")
            await app.until(lambda: "exported" in app.told)
            assert (tmp_path / "work.conll").read_text().startswith(written)
            await app.press("o")
        await app.press("escape")


async def test_a_file_that_was_opened_with_tags_is_written_as_it_was(review: Open, tmp_path: Path) -> None:
    async with review(tagged=TAGGED) as app:
        await app.press("o")
        assert choices(app, "format")[:2] == [(True, "as opened, with corrections"), (False, "conll: word and tag")]
        await app.press("enter")
        await app.until(lambda: "exported 1 decision" in app.told)
        assert (tmp_path / "work.conll").read_text() == TAGGED


async def test_a_path_that_ends_with_a_slash_is_a_folder(review: Open, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o")
        app.pilot.app.screen.query_one("#path", Input).value = f"{tmp_path}/out/"
        await app.press("enter")
        await app.until(lambda: "exported" in app.told)
        assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".conll"]


async def test_the_name_of_the_file_follows_the_format(review: Open) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o")
        path = app.pilot.app.screen.query_one("#path", Input)
        for name, extension in (("brat", ".ann"), ("label-studio", ".json"), ("conll2003", ".conll")):
            for button in app.pilot.app.screen.query("#format RadioButton").results(RadioButton):
                button.value = button.value or button.name == name
            await app.until(lambda extension=extension: Path(path.value).suffix == extension)  # type: ignore[misc]


async def test_a_name_of_another_format_is_not_written_under(review: Open, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o")
        path = app.pilot.app.screen.query_one("#path", Input)
        path.value = str(tmp_path / "new.jsonl")
        await app.press("enter")
        await app.until(lambda: "new.jsonl is no name for conll: call it .conll, or choose its format" in dialog(app))
        assert not (tmp_path / "new.jsonl").exists()
        path.value = str(tmp_path / "new.txt")
        await app.press("enter")
        await app.until(lambda: not isinstance(app.pilot.app.screen, ExportScreen))
        assert (tmp_path / "new.txt").read_text(encoding="utf-8").startswith("Ada ")


async def test_escape_stops_it_and_leaves_the_file_that_was_there(review: Open, gate: Event, tmp_path: Path) -> None:
    (tmp_path / "work.conll").write_text("precious\n")
    async with review(notes=NOTE) as app:
        await app.press("o", "enter")
        await app.until(lambda: "of 7 tokens" in dialog(app))
        await app.press("escape")
        gate.set()
        await app.until(lambda: "stopped: nothing was written" in dialog(app))
        assert (tmp_path / "work.conll").read_text() == "precious\n"
        assert not list(tmp_path.glob(".*.tmp"))
        await app.press("escape")
        assert not isinstance(app.pilot.app.screen, ExportScreen)


async def test_leaving_the_app_meanwhile_leaves_no_half_of_a_file(review: Open, gate: Event, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o", "enter")
        await app.until(lambda: "of 7 tokens" in dialog(app))
        gate.set()
        await app.press("ctrl+q")
    assert not list(tmp_path.glob(".*.tmp"))


async def test_a_folder_that_is_not_there_is_said_in_the_dialog(review: Open, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o")
        app.pilot.app.screen.query_one("#path").value = str(tmp_path / "nowhere" / "out.conll")  # type: ignore[attr-defined]
        await app.press("enter")
        await app.until(lambda: "there is no folder" in dialog(app))
        await app.press("escape")
        assert app.pilot.app.screen is app.screen


async def test_a_project_file_that_is_gone_is_said_in_the_dialog(review: Open, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        (tmp_path / "work.ner").rename(tmp_path / "elsewhere.ner")
        await app.press("o", "enter")
        await app.until(lambda: "was removed or replaced while it was open" in dialog(app))
        (tmp_path / "elsewhere.ner").rename(tmp_path / "work.ner")


async def test_what_is_decided_meanwhile_is_not_in_the_file(review: Open, gate: Event, tmp_path: Path) -> None:
    async with review(notes=NOTE) as app:
        await app.press("o", "enter")
        await app.until(lambda: "of 7 tokens" in dialog(app))
        app.session.corrections.label(0, 11, "PER", cursor=0)
        gate.set()
        await app.until(lambda: "exported 0 decisions" in app.told)
        assert "PER" not in (tmp_path / "work.conll").read_text()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_what_went_wrong_is_in_sight_beside_the_path(review: Open, size: tuple[int, int]) -> None:
    async with review(size=size) as app:
        await app.press("o")
        app.pilot.app.screen.query_one("#path", Input).value = ""
        await app.press("enter")
        await app.until(lambda: "name a file to export to" in dialog(app))
        app.pilot.app.screen.query_one("#path", Input).value = "/there/is/none.conll"
        # From the end of the dialog, too.
        await app.press("shift+tab", "shift+tab", "enter")
        await app.until(lambda: "/there/is/none.conll cannot be written" in dialog(app))


async def test_what_comes_back_as_it_was_is_called_as_it_was(review: Open, tmp_path: Path) -> None:
    record = '{"text": "Ada left.", "spans": [{"start": 0, "end": 3, "label": "PER"}], "meta": {"id": 7}}\n'
    async with review(records=record) as app:
        await app.press("o")
        path = app.pilot.app.screen.query_one("#path", Input)
        assert Path(path.value).name == "work.txt"
        buttons = {
            button.name: button for button in app.pilot.app.screen.query("#format RadioButton").results(RadioButton)
        }
        for name, extension in (("conllu", ".conllu"), ("", ".txt")):
            buttons[name].value = True
            await app.until(lambda extension=extension: Path(path.value).suffix == extension)  # type: ignore[misc]
        await app.press("enter")
        await app.until(lambda: "exported 1 decision" in app.told)
        assert (tmp_path / "work.txt").read_text() == record
