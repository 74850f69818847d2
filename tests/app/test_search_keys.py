"""Find, fix-all, notes, copies and token surgery, by their keys."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from app.conftest import TAGGED, Open

TWO = {"a": "Paris slept. Łódź slept.\n", "b": "Paris woke in paris.\n"}


async def test_find_goes_to_the_first_hit_while_it_is_typed(review: Open) -> None:
    async with review() as app:
        await app.press("slash", *"kes")
        await app.until(lambda: app.under_cursor() == "Kestrel")
        await app.press("enter")
        assert app.screen.focused is app.screen.view
        assert app.under_cursor() == "Kestrel"


async def test_what_is_typed_with_the_key_in_one_go_is_the_query_and_no_edit(review: Open) -> None:
    async with review() as app:
        burst = [events.Key("slash", "/"), *(events.Key(key, key) for key in "xeKes3")]
        app.pilot.app.call_later(lambda: [app.pilot.app.post_message(key) for key in burst])
        await app.until(lambda: [line.value for line in app.screen.query("#find Input").results(Input)] == ["xeKes3"])
        assert app.spans() == []


async def test_escape_goes_back_to_where_the_search_began(review: Open) -> None:
    async with review() as app:
        await app.press("l", "F", *"kes")
        await app.until(lambda: app.under_cursor() == "Kestrel")
        await app.press("escape")
        assert app.under_cursor() == "Face"


async def test_next_and_previous_go_over_all_documents_and_around(review: Open) -> None:
    async with review(**TWO) as app:
        await app.press("slash", *"Paris", "enter", "z", "Y")
        await app.until(lambda: app.session.document.name.endswith("b.txt"))
        await app.press("z", "Y")
        await app.until(lambda: app.session.document.name.endswith("a.txt"))
        assert "from the beginning" in app.told
        await app.press("z", "V")
        await app.until(lambda: app.session.document.name.endswith("b.txt"))


async def test_tab_lists_the_hits_of_the_project_and_enter_goes_there(review: Open) -> None:
    async with review(**TWO) as app:
        await app.press("slash", *"paris", "tab")
        await app.until(lambda: "3 found" in "\n".join(app.lines()))
        await app.press("j", "enter")
        assert app.session.document.name.endswith("b.txt")


async def test_the_list_of_no_query_asks_for_one_in_the_same_line(review: Open) -> None:
    async with review(**TWO) as app:
        await app.press("slash", "tab", *"slept")
        await app.until(lambda: app.under_cursor() == "slept")
        assert len(app.screen.query("#find")) == 1


async def test_a_bad_expression_is_said_in_the_bar(review: Open) -> None:
    async with review() as app:
        await app.press("slash", "slash", "left_parenthesis")
        assert "(" in app.lines()[-1]
        assert app.under_cursor() == "Hugging"


async def test_fix_all_labels_what_is_ticked_as_one_change_with_one_undo(review: Open) -> None:
    async with review(**TWO) as app:
        await app.press("3", "m")
        await app.until(lambda: "1 of 1 to LOC" in app.lines()[1])
        await app.press("i")
        await app.until(lambda: "2 of 2 to LOC" in app.lines()[1])
        await app.press("enter")
        assert "fix all: 2 places now LOC" in app.told
        await app.press("z", "D")
        assert app.spans() == [("Paris", "LOC"), ("paris", "LOC")]
        await app.press("u")
        assert app.spans() == []


async def test_all_hits_of_a_search_are_labelled_as_one_change_where_they_are_whole_tokens(review: Open) -> None:
    async with review(a="Paris slept. Parisians slept.\n", b="Paris woke in paris.\n") as app:
        await app.press("slash", *"paris", "tab")
        await app.until(lambda: "4 found" in "\n".join(app.lines()))
        await app.press("m")
        await app.until(lambda: "3 of 3 which label?" in app.lines()[1])
        await app.press("T")
        assert "the search says what is the same" in "\n".join(app.lines())
        await app.press("j", "space", "3", "enter")
        await app.until(lambda: "2 places now LOC" in app.told)
        assert app.spans() == [("Paris", "LOC")]
        await app.press("u")
        await app.until(lambda: "undo: fix all in 2 places" in app.told)
        assert app.spans() == []


async def test_hits_that_have_a_label_are_relabelled_together(review: Open) -> None:
    async with review(**TWO) as app:
        await app.press("3", "slash", *"label:LOC", "tab")
        await app.until(lambda: "1 found" in "\n".join(app.lines()))
        await app.press("m")
        await app.until(lambda: "0 of 1" in app.lines()[1])
        await app.press("space", "1", "enter")
        await app.until(lambda: app.spans() == [("Paris", "PER")])


async def test_fix_all_leaves_what_a_person_decided_unless_it_is_chosen(review: Open) -> None:
    async with review(**TWO) as app:
        await app.press(*"zD4zB3m")
        await app.until(lambda: "0 of 1 to LOC" in app.lines()[1])
        assert "1 decided by a person" in "\n".join(app.lines())
        await app.press("space", "enter", "z", "D")
        assert ("Paris", "LOC") in app.spans()


async def test_a_note_is_written_listed_found_and_undone(review: Open) -> None:
    async with review() as app:
        await app.press("3", "N", *"why", "enter")
        assert [note.text for note in app.session.document.notes(0, 7)] == ["why"]
        assert "✎" in "\n".join(app.lines())
        await app.press("f", "z", "I")
        await app.until(lambda: "2 notes and flags" in "\n".join(app.lines()))
        await app.press("f")
        await app.until(lambda: "1 notes" in "\n".join(app.lines()))
        await app.press("enter", "u", "u")
        assert not app.session.document.notes(0, 7)


async def test_a_note_is_read_beside_the_text_when_the_cursor_rests(review: Open) -> None:
    async with review(size=(120, 36)) as app:
        await app.press("3", "N", *"why", "enter")
        await app.until(lambda: any("✎ why" in line for line in app.lines()))


async def test_copy_gives_the_words_to_the_terminal_and_nothing_else_does(
    review: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with review() as app:
        copied: list[str] = []
        monkeypatch.setattr(app.pilot.app, "copy_to_clipboard", copied.append)
        await app.press("v", "L", "z", "c")
        assert copied == ["Hugging Face"]
        await app.press("escape", "z", "c")
        assert copied[1].startswith("Hugging Face opened an office")
        assert copied[1].endswith("spring.")


async def test_a_token_of_raw_text_is_split_and_merged(review: Open) -> None:
    async with review(news="Parisslept well.\n") as app:
        await app.press("z", "s")
        assert "split the token" in app.told
        await app.press("l", "h", "enter")
        assert app.under_cursor() == "Paris"
        await app.press("z", "m")
        assert app.under_cursor() == "Parisslept"
        await app.press("u")
        assert app.under_cursor() == "Paris"


async def test_a_sentence_boundary_is_put_where_the_cursor_is(review: Open) -> None:
    async with review(news="One came Two went.\n") as app:
        await app.stand_on("Two")
        await app.press("z", "b")
        assert app.session.document.sentence_starts(0, 20) == [0, 9]
        await app.press("z", "b")
        assert app.session.document.sentence_starts(0, 20) == [0]


async def test_the_tokens_of_a_conll_file_are_its_own(review: Open) -> None:
    async with review(tagged=TAGGED) as app:
        await app.press("z", "m")
        assert "its own" in app.told


async def test_boxes_below_a_scrolled_top_are_drawn_as_they_are_ticked(review: Open) -> None:
    async with review(news="Paris slept.\n" * 80) as app:
        await app.press("3", "m")
        await app.until(lambda: any("79 of 79" in line for line in app.lines()))
        await app.press("G")
        assert not any("[ ]" in line for line in app.lines())
        await app.press("x")
        boxes = [line for line in app.lines() if "Paris" in line and "[" in line]
        assert len(boxes) > 10
        assert all("[ ]" in line for line in boxes)
