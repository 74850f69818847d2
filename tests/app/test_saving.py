"""Saving over the file that was opened: its own tags alone change, and nobody else's work is lost."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Label

from app.conftest import Open, Opened

# Two blanks, a comment, a third column, a blank line with a tab, no last line end: all of it has to stay.
ODD = "# about\nNadia  x B-PER\nlives x O\nin x O\nParis x B-ORG\n. x O\n\t\n\nShe x O\nsings x O"


def tagged(folder: Path) -> Path:
    return folder / "tagged.conll"


def said(app: Opened) -> str:
    """What the dialog says."""
    found = app.pilot.app.screen.query("#trouble").results(Label)
    return " ".join(str(label.content) for label in found)


async def test_only_the_tag_of_what_was_changed_changes(review: Open, tmp_path: Path) -> None:
    tagged(tmp_path).write_text(ODD)
    tagged(tmp_path).chmod(0o640)
    async with review(tagged="Nadia B-") as app:
        await app.stand_on("Paris")
        await app.press("3", "z", "w", "y")
        await app.until(lambda: "saved 1 decision of yours to " in app.told)
    assert tagged(tmp_path).read_text() == ODD.replace("Paris x B-ORG", "Paris x B-LOC")
    assert tagged(tmp_path).stat().st_mode & 0o777 == 0o640


async def test_saving_what_was_not_edited_leaves_every_byte(review: Open, tmp_path: Path) -> None:
    tagged(tmp_path).write_bytes(ODD.encode())
    async with review(tagged="Nadia B-") as app:
        await app.press("z", "w", "y")
        await app.until(lambda: "no entity is a decision of yours: saved " in app.told)
    assert tagged(tmp_path).read_bytes() == ODD.encode()


async def test_a_second_save_knows_the_file_it_wrote(review: Open, tmp_path: Path) -> None:
    tagged(tmp_path).write_text(ODD)
    async with review(tagged="Nadia B-") as app:
        await app.stand_on("Paris")
        await app.press("3", "z", "w", "y")
        await app.until(lambda: "saved" in app.told)
        await app.press("4", "z", "w", "y")
        await app.until(lambda: "saved" in app.told)
    assert "Paris x B-MISC" in tagged(tmp_path).read_text()


async def test_a_file_that_changed_meanwhile_is_left_alone_and_the_difference_shown(
    review: Open, tmp_path: Path
) -> None:
    tagged(tmp_path).write_text(ODD)
    async with review(tagged="Nadia B-") as app:
        await app.stand_on("Paris")
        await app.press("3")
        tagged(tmp_path).write_text(ODD.replace("sings", "dances"))
        await app.press("z", "w", "y")
        await app.until(lambda: "has changed on disk" in said(app))
        await app.press("D")
        await app.until(lambda: "+dances x O" in "\n".join(app.lines()))
        assert "-sings x O" in "\n".join(app.lines())
    assert tagged(tmp_path).read_text() == ODD.replace("sings", "dances")


async def test_a_project_that_is_gone_is_told_in_the_dialog(review: Open, tmp_path: Path) -> None:
    tagged(tmp_path).write_text(ODD)
    async with review(tagged="Nadia B-") as app:
        await app.press("z", "w")
        (tmp_path / "work.ner").rename(tmp_path / "elsewhere.ner")
        await app.press("y")
        await app.until(lambda: "was removed or replaced while it was open" in said(app))
        (tmp_path / "elsewhere.ner").rename(tmp_path / "work.ner")


async def test_a_raw_text_has_no_tags_to_write_and_nothing_is_asked(review: Open) -> None:
    async with review() as app:
        await app.press("z", "w")
        await app.until(lambda: "no tags that could be changed" in app.told)
        assert app.pilot.app.screen is app.screen


async def test_the_question_says_which_file_and_how_much_of_it_is_written(review: Open, tmp_path: Path) -> None:
    records = "".join(f'{{"id": {number}, "text": "Oslo sleeps."}}\n' for number in range(3))
    async with review(records=records) as app:
        await app.press(*"3zD3zw")
        question = str(app.pilot.app.screen.query_one("#question", Label).content)
        assert f"{tmp_path / 'records.txt'} (2 decisions of yours, in all 3 documents of the file)?" in question
        # Records have spans, and no tags.
        assert "tags" not in question
        await app.press("y")
        await app.until(lambda: "saved 2 decisions of yours to " in app.told)


async def test_an_illegal_tag_is_drawn_with_a_mark_until_its_span_is_edited(review: Open, tmp_path: Path) -> None:
    wrong = "Nadia B-PER\nlives O\nin O\nParis I-LOC\n. O\n"
    tagged(tmp_path).write_text(wrong)
    async with review(tagged="Nadia B-", size=(120, 36)) as app:
        assert app.screen.view.render_line(0).text[:3] == "▌ !"
        await app.press("w")
        await app.until(lambda: any("! Paris:" in line for line in app.lines()))
        await app.press("2")
        assert app.screen.view.render_line(0).text[:3] == "▌◐ "
        await app.press("z", "w", "y")
        await app.until(lambda: "saved" in app.told)
    assert tagged(tmp_path).read_text() == wrong.replace("I-LOC", "B-ORG")
