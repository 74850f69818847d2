"""The queue on the screen: what is listed, the walk through it, and blind mode."""

from __future__ import annotations

from app.conftest import NEWS, TAGGED, Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.prediction_controller import Phase

MIXED = "Paris slept. Paris woke.\nŁódź woke.\n"


def listed(app: Opened) -> list[str]:
    """The lines of the list, with single blanks."""
    return [" ".join(line.strip("│ ▁▂▃▄▅▆▇█▸").split()) for line in app.lines()[2:-2] if line.strip("│ ▁▂▃▄▅▆▇█")]


async def test_the_queue_lists_the_most_doubtful_first_and_says_why(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("d")
        await app.until(lambda: "Łódź" in "\n".join(app.lines()))
        first, *others = listed(app)
        assert first.startswith("unsure .55 …wo, told reporters in Łódź that Paris had to wait… LOC")
        assert not any("Manhattan" in line for line in others)
        await app.press(*"RRRRRRR")
        await app.until(lambda: "perhaps LOC" in "\n".join(app.lines()))
        assert "below the threshold" in app.lines()[1]
        assert "Manhattan Bridge" in listed(app)[0]


async def test_choosing_an_entry_goes_there_and_n_goes_on_to_the_next(review: Open) -> None:
    async with review(Gazetteer(), news=NEWS, more=MIXED) as app:
        await app.press("d")
        await app.until(lambda: len(listed(app)) >= 2)
        await app.press("enter")
        assert app.under_cursor() == "Łódź"
        assert "doubt 1/2 " in app.screen.status.text
        assert "doubtful .55" in app.told
        await app.press("n")
        assert app.session.document.name.endswith("more.txt")
        assert app.under_cursor() == "Łódź"
        await app.press("p")
        assert app.session.document.name.endswith("news.txt")


async def test_an_entry_that_was_answered_is_passed_over(review: Open) -> None:
    async with review(Gazetteer(), news=NEWS, more=MIXED) as app:
        await app.press("d")
        await app.until(lambda: len(listed(app)) >= 2)
        await app.press("enter", "n", "a", "p")
        assert app.session.document.name.endswith("news.txt")
        assert app.under_cursor() == "Łódź"


async def test_escape_in_the_list_ends_the_walk(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("d")
        await app.until(lambda: bool(listed(app)))
        await app.press("enter", "d", "escape")
        assert "in the order of the documents again" in app.told


async def test_reasons_status_label_and_text_narrow_the_queue(review: Open) -> None:
    async with review(Gazetteer(), news=NEWS, tagged=TAGGED) as app:
        await app.press("d", "R")
        assert "unsure suggestions" in app.lines()[1]
        await app.until(lambda: len(listed(app)) == 1 and "Łódź" in listed(app)[0])
        await app.press("x", "R", "R")
        assert "model against label" in app.lines()[1]
        await app.until(lambda: "LOC .95" in listed(app)[0])
        await app.press("x", "0", "0", "0")
        await app.until(lambda: "LOC" in app.lines()[1])
        await app.press("x", "slash", "P", "a", "r", "enter")
        await app.until(lambda: "Paris" in listed(app)[0] and "“Par”" in app.lines()[1])


async def test_the_order_can_be_that_of_the_documents(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("d", "O")
        assert "by document" in app.lines()[1]


async def test_an_audited_sentence_counts_once_it_was_visited_and_confirmed(review: Open) -> None:
    async with review(Gazetteer(), news="Ada Okonkwo left. Nobody came.\n" * 30) as app:
        await app.press("d", *"RRRRRR")
        assert "audit" in app.lines()[1]
        await app.until(lambda: bool(listed(app)))
        await app.press("enter")
        assert "check the whole sentence" in app.told
        await app.press("enter")
        assert app.session.queue.estimate().checked == 1
        assert app.session.queue.estimate().wrong == 0


async def test_blind_mode_hides_suggestions_until_something_is_decided_in_their_sentence(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 36)) as app:
        await app.press("z", "i")
        assert not any("ORG?" in line for line in app.lines())
        await app.stand_on("office")
        await app.press("4")
        assert any("ORG?" in line for line in app.lines())
        assert not any("PER?" in line for line in app.lines())
        await app.press("z", "i")
        assert any("PER?" in line for line in app.lines())


async def test_where_a_label_is_still_to_be_learnt_and_nothing_is_doubtful_what_teaches_most_is_listed(
    review: Open,
) -> None:
    async with review(Gazetteer(), notes="She took aspirin.\nShe took codeine.\nShe took warfarin.\nHe sat.\n") as app:
        await app.reach(Phase.COMPLETE)
        await app.press("d")
        assert "most doubtful first" in app.lines()[1]
        await app.press("escape")
        app.session.learning.can = True
        app.session.label_editing.add("DRUG")
        await app.press("d")
        await app.until(lambda: "like it" in "\n".join(app.lines()))
        assert "most to learn first" in app.lines()[1]
        await app.press("enter")
        assert "to learn from" in app.screen.status.text
        assert "label what is there, then enter" in app.told


async def test_sentences_without_a_doubt_are_told_of_where_there_are_some(review: Open) -> None:
    async with review(size=(80, 24), news="One sat.\n") as app:
        await app.press("d")
        assert "audit: every 20th entry is one of 1 sentence without a doubt" in "\n".join(app.lines())
