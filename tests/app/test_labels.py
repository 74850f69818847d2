"""Labels in the app: any number of them, given by keys or by a part of their names, and changed in one list."""

from __future__ import annotations

import pytest
from textual import events

from app.conftest import Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.screens.labels import LabelsScreen
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.widgets.label_list import matching
from ner_tui.domain.labels import LabelSet

MANY = tuple(f"KIND_{number:03}" for number in range(300))


def give_many(app: Opened) -> None:
    for name in MANY:
        app.session.label_editing.add(name)
    app.screen.labels_changed()


def shown(app: Opened) -> str:
    rows = app.pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(strip.text for strip in row).rstrip() for row in rows)


async def test_a_label_is_added_in_the_list_and_given_with_enter(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Kestrel")
        await app.press("z", "X", "A", *"SHIP", "enter")
        assert "added SHIP, key 5" in shown(app)
        await app.press("enter")
        assert isinstance(app.pilot.app.screen, ReviewScreen)
        assert app.spans() == [("Kestrel", "SHIP")]
        assert any("5  SHIP" in line for line in app.lines())


async def test_a_label_is_recoloured_and_deleted_in_the_list(review: Open) -> None:
    async with review() as app:
        colour = app.session.labels.labels[0].slot
        await app.press("z", "X", "C")
        assert app.session.labels.labels[0].slot == colour + 1
        await app.press("x")
        assert "deleted PER" in shown(app)
        await app.press("u", "u")
        assert (app.session.labels.labels[0].name, app.session.labels.labels[0].slot) == ("PER", colour)


async def test_what_cannot_be_a_label_is_refused_and_can_be_typed_again(review: Open) -> None:
    async with review() as app:
        await app.press("z", "X", "A", *"PER", "enter")
        assert "there is a label PER already" in shown(app)
        await app.press("S", "enter")
        assert "PERS" in app.session.labels.names


async def test_escape_gives_up_what_is_typed_and_then_closes_the_list(review: Open) -> None:
    async with review() as app:
        await app.press("z", "X", "A", *"SHIP", "escape")
        assert isinstance(app.pilot.app.screen, LabelsScreen)
        await app.press("escape")
        assert isinstance(app.pilot.app.screen, ReviewScreen)
        assert "SHIP" not in app.session.labels.names


async def test_a_label_is_renamed_wherever_it_stands_and_u_takes_it_back(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.stand_on("Ada")
        await app.press("a", "z", "X", "R", *["backspace"] * 3, *"HUMAN", "enter")
        assert "PER is called HUMAN now" in shown(app)
        assert app.spans() == [("Ada Okonkwo", "HUMAN")]
        await app.press("u", "escape")
        assert app.spans() == [("Ada Okonkwo", "PER")]
        assert any("1  PER" in line for line in app.lines())


async def test_the_text_shows_the_new_name_as_soon_as_the_list_is_closed(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 34)) as app:
        await app.press("z", "X", "R", *["backspace"] * 3, *"HUMAN", "enter", "escape")
        assert any("HUMAN? .98" in line for line in app.lines())


async def test_a_label_is_merged_into_one_that_is_chosen_by_a_part_of_its_name(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.stand_on("Hugging")
        await app.press("a", "z", "X", "j", "M", *"mis", "enter")
        assert "merged ORG into MISC, in" in shown(app)
        await app.press("escape")
        assert app.session.labels.names == ("PER", "LOC", "MISC")
        assert app.spans() == [("Hugging Face", "MISC")]


async def test_keys_stay_with_their_labels_when_another_is_merged_away(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Kestrel")
        await app.press("z", "X", "M", *"org", "enter", "escape", "3")
        assert app.spans() == [("Kestrel", "LOC")]
        await app.stand_on("Bridge")
        await app.press("1")
        assert app.spans() == [("Kestrel", "LOC")]
        assert "no label has the key 1" in app.told


async def test_undo_of_a_change_of_labels_leaves_the_cursor_where_it_is(review: Open) -> None:
    async with review() as app:
        await app.stand_on("Kestrel")
        await app.press("z", "X", "R", *"SON", "enter", "escape", "u")
        assert app.session.labels.names[0] == "PER"
        assert app.under_cursor() == "Kestrel"


async def test_u_in_the_list_takes_back_nothing_that_was_done_in_the_text(review: Open) -> None:
    async with review() as app:
        await app.press("1", "z", "X", "u")
        assert "nothing was changed here" in shown(app)
        assert len(app.spans()) == 1
        await app.press("A", *"SHIP", "enter", "u", "u")
        assert len(app.spans()) == 1
        await app.press("U")
        assert "SHIP" in app.session.labels.names


async def test_a_description_is_shown_beside_the_label_and_its_count(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("z", "X", "D", *"people and families", "enter")
        (line,) = (line for line in shown(app).splitlines() if "people and families" in line)
        assert line.split("▸")[1].split()[:3] == ["1", "PER", "2"]


async def test_labels_beyond_nine_have_codes_of_two_keys(review: Open) -> None:
    async with review() as app:
        give_many(app)
        await app.stand_on("Kestrel")
        await app.press("0")
        assert any(line.startswith(" b  KIND_006  ") for line in app.lines())
        await app.press("b")
        assert not any(line.startswith(" b  KIND_006  ") for line in app.lines())
        assert app.spans() == [("Kestrel", "KIND_006")]
        await app.stand_on("Bridge")
        await app.press("0", "Z")
        assert ("Bridge", app.session.labels.with_key("0Z").name) in app.spans()  # type: ignore[union-attr]
        await app.press("0", "comma")
        assert "no label has the key 0" in app.told


async def test_the_code_prefix_says_so_where_every_label_has_a_digit(review: Open) -> None:
    async with review() as app:
        await app.press("0")
        assert "keys of one digit" in app.told
        await app.press("1")
        assert len(app.spans()) == 1


async def test_codes_are_shown_in_the_legend_and_the_spans_of_such_labels_are_drawn(review: Open) -> None:
    async with review(size=(80, 16)) as app:
        give_many(app)
        await app.press("0", "a")
        assert "ᵃHugging Face" in app.lines()[1]
        await app.press("z", "v")
        app.screen.legend.scroll_to(y=8, animate=False, immediate=True)
        await app.pilot.pause()
        assert any("0a  KIND_005" in line for line in app.lines())


async def test_a_label_is_given_by_a_part_of_its_name_however_many_there_are(review: Open) -> None:
    async with review() as app:
        give_many(app)
        await app.stand_on("Kestrel")
        await app.press("z", "l", *"_217", "enter")
        assert app.spans() == [("Kestrel", "KIND_217")]
        await app.stand_on("Bridge")
        await app.press("z", "R")
        assert ("Bridge", "KIND_217") in app.spans()


async def test_the_list_by_name_goes_down_and_can_be_left(review: Open) -> None:
    async with review() as app:
        await app.press("z", "l", "o", "down", "enter")
        assert app.spans() == [("Hugging", "LOC")]
        await app.press("z", "l", *"xyz")
        assert "no label has this in its name" in shown(app)
        await app.press("enter", "escape")
        assert isinstance(app.pilot.app.screen, ReviewScreen)


async def test_a_click_in_the_list_gives_the_label(review: Open) -> None:
    async with review() as app:
        await app.press("z", "X")
        await app.pilot.click("LabelList", offset=(6, 2))
        await app.pilot.pause()
        assert app.spans() == [("Hugging", "LOC")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["GPE-LOC", "LOC", "ORG", "X"]),
        ("loc", ["LOC", "GPE-LOC"]),
        ("pe-l", ["GPE-LOC"]),
        ("2", ["LOC"]),
        ("firm", ["ORG"]),
        ("nothing", []),
    ],
)
def test_the_likeliest_label_comes_first(typed: str, found: list[str]) -> None:
    labels = LabelSet.of(["GPE-LOC", "LOC", "ORG", "X"])
    described = LabelSet.of(["ORG"]).labels[0]
    labels = labels.with_label(type(described)("ORG", "3", 3, "firms and parties"), 2)
    assert [label.name for label in matching(labels, typed)] == found


async def test_hostile_names_and_descriptions_are_drawn_as_data(review: Open) -> None:
    async with review() as app:
        app.session.label_editing.add("[red]X[/red]")
        app.session.label_editing.describe("[red]X[/red]", "\x1b[31m[bold]what")
        await app.press("z", "X", "G")
        assert "[red]X[/red]" in shown(app)
        assert "\x1b" not in shown(app)
        assert "[bold]what" in shown(app)


async def test_keys_that_come_all_at_once_do_what_they_do_one_by_one(review: Open) -> None:
    async with review() as app:
        for key in ("z", "e", "h", "1", "j", "z", "a", "0", "l", "2"):
            app.pilot.app.post_message(events.Key(key, key))
        await app.pilot.pause()
        assert app.spans() == [("spring", "PER"), ("head", "ORG")]


async def test_a_part_of_a_name_may_come_at_once_with_the_keys_before_it(review: Open) -> None:
    async with review() as app:
        for key in ("z", "l", "m", "i", "s"):
            app.pilot.app.post_message(events.Key(key, key))
        await app.pilot.pause()
        await app.press("enter")
        assert app.spans() == [("Hugging", "MISC")]


async def test_a_fault_in_an_answer_does_not_end_the_session(review: Open) -> None:
    def fail(key: str) -> None:
        raise ValueError(key)

    async with review() as app:
        app.screen.messages.wait_for_key("what?", fail)
        await app.press("a")
        assert "something went wrong: ValueError: a" in app.told
        await app.press("1")
        assert len(app.spans()) == 1
