"""Keys against the session: what is pressed is what is decided, in the project on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.conftest import NEWS, TAGGED, Open
from app.fakes import Gazetteer


async def test_the_text_is_on_screen_and_the_cursor_on_its_first_word(review: Open) -> None:
    async with review() as app:
        assert any("Hugging Face opened an office" in line for line in app.lines())
        assert app.under_cursor() == "Hugging"


async def test_the_cursor_moves_by_token_row_and_edge(review: Open) -> None:
    async with review() as app:
        for keys, word in (
            ("l", "Face"),
            ("l l h", "Face"),
            ("j", "Its"),
            ("j j j", "Nobody"),
            ("j j j k k", "Its"),
            ("z e", "."),
            ("z e z a", "Hugging"),
            ("G", "."),
            ("G g", "Hugging"),
            ("right down left z e z a", "Its"),
            ("J", "Nobody"),
        ):
            await app.stand_on("Hugging")
            await app.press(*keys.split())
            assert app.under_cursor() == word, keys


async def test_a_digit_labels_the_token_under_the_cursor(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Okonkwo")
        await app.press("1")
        assert app.spans() == [("Okonkwo", "PER")]


async def test_a_digit_labels_the_selection_and_ends_it(review: Open) -> None:
    async with review() as app:
        await app.stand_on("New York")
        await app.press("v", "l", "L", "3")
        assert app.spans() == [("New York City", "LOC")]
        assert app.screen.view.selection is None


async def test_a_digit_inside_an_entity_relabels_it_in_one_press(review: Open) -> None:
    async with review() as app:
        await app.stand_on("New York")
        await app.press("v", "L", "3", "h", "2")
        assert app.spans() == [("New York", "ORG")]


async def test_a_label_that_does_not_exist_is_said(review: Open) -> None:
    async with review() as app:
        await app.press("9")
        assert "no label has the key 9" in app.told


async def test_extend_and_shrink_on_either_side(review: Open) -> None:
    async with review() as app:
        await app.stand_on("York City")
        await app.press("3", "e", "E")
        assert app.spans() == [("New York City", "LOC")]
        await app.press("S", "s")
        assert app.spans() == [("York", "LOC")]


async def test_labelling_over_an_entity_trims_it_and_one_undo_restores_both(review: Open) -> None:
    async with review() as app:
        await app.stand_on("New York")
        await app.press("v", "L", "L", "3")
        await app.stand_on("City last")
        await app.press("v", "L", "4")
        assert app.spans() == [("New York", "LOC"), ("City last", "MISC")]
        assert "trimmed" in app.told
        await app.press("u")
        assert app.spans() == [("New York City", "LOC")]


async def test_crossing_a_sentence_asks_once_and_joins(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Bridge")
        await app.press("3", "e", "e")
        assert "joins two sentences" in app.told
        await app.press("n")
        assert app.spans() == [("Bridge .".replace(" ", ""), "LOC")]
        await app.press("e", "y")
        assert app.spans() == [("Bridge. Kestrel", "LOC")]


async def test_a_conll_file_refuses_to_join_and_says_why(review: Open) -> None:
    async with review(tagged=TAGGED) as app:
        await app.stand_on("Paris")
        await app.press("e", "e")
        assert "sentence boundary" in app.told


async def test_flagging_marks_the_sentence_in_the_gutter(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("f")
        assert app.session.document.sentence_state(0).flagged
        assert any(line.startswith("▌⚑  Hugging") for line in app.lines())


async def test_the_text_never_moves_when_labels_change(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24)) as app:

        def bare() -> list[str]:
            width = app.screen.view.size.width
            return [
                "".join(c if c.isalnum() and c.isascii() else " " for c in line[2:width]) for line in app.lines()[1:20]
            ]

        before = bare()
        await app.press("enter", "1", "e", "x", "u")
        assert bare() == before


async def test_spacing_toggles_between_a_row_of_labels_and_labels_within(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24)) as app:
        assert "²Hugging Face" in "".join(app.lines())
        await app.press("z", "k")
        assert any(line.strip().startswith("ORG? .96") or "ORG?" in line for line in app.lines())


async def test_a_drag_selects_tokens_and_a_double_click_the_entity(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24)) as app:
        await app.pilot.mouse_down("#view", offset=(2, 0))
        await app.pilot.hover("#view", offset=(17, 0))
        await app.pilot.mouse_up("#view", offset=(17, 0))
        await app.pilot.pause()
        assert app.screen.view.selection == (0, len("Hugging Face opened"))
        await app.pilot.click("#view", offset=(40, 0), times=2)
        assert NEWS[slice(*app.screen.view.selection or (0, 0))] == "New York City"


async def test_a_click_in_the_legend_labels(review: Open) -> None:
    async with review(size=(120, 40)) as app:
        await app.pilot.click("#legend", offset=(5, 1))
        await app.until(lambda: app.spans() == [("Hugging", "ORG")])


async def test_a_click_in_the_list_opens_a_document(review: Open) -> None:
    async with review(size=(120, 40)) as app:
        await app.pilot.click("#documents", offset=(5, 1))
        await app.until(lambda: app.session.document.name.endswith("notes.txt"))


async def test_side_panes_fold_away_and_come_back(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        assert not any("Labels" in line for line in app.lines())
        await app.press("z", "v")
        assert any("Labels" in line for line in app.lines())


@pytest.mark.parametrize("size", [(40, 10), (30, 6), (20, 4)])
async def test_a_very_small_terminal_still_works(review: Open, size: tuple[int, int]) -> None:
    async with review(Gazetteer(), size=size) as app:
        await app.press("2", "G", "g", *"zvzvzk", "question_mark", "escape")
        assert app.spans()[0] == ("Hugging Face", "ORG")


async def test_a_blank_document_can_be_opened_and_left(review: Open) -> None:
    async with review(blank=" \n\n", news=NEWS) as app:
        await app.press("1", "j", "l", "w", "a", "enter", "v", "x", "e", "z", "G", "z", "D")
        assert app.session.document.name.endswith("news.txt")


async def test_a_session_resumes_where_it_was_left(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Łódź")
        await app.press("3", "q")
    app.session.close()
    async with review() as again:
        assert again.under_cursor() == "Łódź"
        assert again.spans() == [("Łódź", "LOC")]
        await again.press("u")
        assert again.spans() == []


async def test_export_writes_the_file_and_says_so(review: Open, tmp_path: Path) -> None:
    async with review(notes="Ada Okonkwo wrote.\n") as app:
        await app.press("v", "L", "1", "o", "enter")
        await app.until(lambda: "exported" in app.told)
        assert (tmp_path / "work.conll").read_text(encoding="utf-8") == (
            "Ada B-PER\nOkonkwo I-PER\nwrote O\n. O\n\n"
        ) or (tmp_path / "work.conll").read_text(encoding="utf-8").startswith("-DOCSTART-")


async def test_help_shows_every_key(review: Open) -> None:
    async with review(size=(100, 70)) as app:
        await app.press("question_mark")
        shown = "\n".join("".join(s.text for s in row) for row in app.pilot.app.screen._compositor.render_strips())
        assert "accept the suggestion" in shown
        await app.press("escape")
        assert app.pilot.app.screen is app.screen


async def test_the_palette_finds_an_action_by_name(review: Open) -> None:
    async with review() as app:
        await app.press("ctrl+p", *"flag the sen")
        await app.pilot.pause(0.3)
        await app.press("down", "enter")
        await app.until(lambda: app.session.document.sentence_state(0).flagged)


async def test_the_palette_lists_what_the_key_help_lists_and_nothing_of_the_toolkit(review: Open) -> None:
    from textual.command import CommandList

    async with review() as app:
        await app.press("ctrl+p")
        await app.until(lambda: app.pilot.app.screen.query_one(CommandList).option_count > 20)
        listed = app.pilot.app.screen.query_one(CommandList).options
        names = " ".join(str(option.prompt) for option in listed)
        assert "Flag the sentence" in names
        assert not any(word in names for word in ("Maximize", "Screenshot", "Keys", "Quit the application"))


async def test_markup_and_escapes_in_texts_and_names_are_only_text(review: Open) -> None:
    async with review(Gazetteer(), size=(120, 40), **{"[red]x": "[bold]Paris[/bold] \x1b[31mred\n"}) as app:
        shown = "\n".join(app.lines())
        assert "[bold]Paris[/bold] ␛[31mred" in shown
        assert "[red]x.txt" in shown


async def test_repeat_does_the_last_correction_again_elsewhere(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Okonkwo")
        await app.press("1")
        await app.stand_on("City")
        await app.press("z", "R")
        assert app.spans() == [("City", "PER"), ("Okonkwo", "PER")]


async def test_a_second_key_finishes_a_pair_and_another_is_told(review: Open) -> None:
    async with review() as app:
        await app.press("z")
        assert any("e  end of the line" in line for line in app.lines())
        await app.press("escape", "z", "9")
        assert "nothing is bound to z 9" in app.told
