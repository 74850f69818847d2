"""Guidelines: a Markdown file over the text; nothing in it is followed, whatever its size only a part is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conftest import Open, Opened
from app.test_theme import SOME, illegible
from ner_tui.app.screens.guidelines import ENOUGH, MOST, GuidelinesScreen, parts
from ner_tui.app.screens.review.screen import ReviewScreen


def shown(app: Opened) -> str:
    rows = app.pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(strip.text for strip in row).rstrip() for row in rows)


async def test_the_guidelines_beside_the_project_are_shown(review: Open, tmp_path: Path) -> None:
    (tmp_path / "GUIDELINES.md").write_text("# People\n\nNames of [people](https://example.org), *not* titles.\n")
    async with review() as app:
        opened: list[str] = []
        app.pilot.app.open_url = lambda url, **_: opened.append(url)  # type: ignore[method-assign]
        await app.press("z", "g")
        await app.until(lambda: "not titles" in shown(app))
        row = next(y for y, line in enumerate(shown(app).splitlines()) if "not titles" in line)
        column = shown(app).splitlines()[row].index("people")
        await app.pilot.click(offset=(column + 1, row))
        await app.pilot.pause()
        assert opened == []
        await app.press("escape")
        assert isinstance(app.pilot.app.screen, ReviewScreen)


async def test_without_guidelines_it_is_said_how_to_have_some(review: Open) -> None:
    async with review() as app:
        await app.press("z", "g")
        assert "GUIDELINES.md" in app.told
        assert "--guidelines" in app.told


async def test_a_file_that_cannot_be_read_is_told_and_shown_once_it_can(review: Open, tmp_path: Path) -> None:
    file = tmp_path / "GUIDELINES.md"
    file.write_bytes(b"Stra\xdfe")
    async with review() as app:
        await app.press("z", "g")
        assert "not UTF-8" in app.told
        file.write_text("Names of streets.")
        await app.press("z", "g")
        await app.until(lambda: "Names of streets." in shown(app))


async def test_a_long_file_is_shown_in_parts(review: Open, tmp_path: Path) -> None:
    text = "".join(f"# Chapter {number}\n\n{'Words and words. ' * 150}\n\n" for number in range(9))
    (tmp_path / "guidelines.md").write_text(text)
    async with review() as app:
        await app.press("z", "g")
        await app.until(lambda: "Chapter 0" in shown(app))
        assert "1/5" in shown(app)
        await app.press("n")
        await app.until(lambda: "Chapter 2" in shown(app))
        await app.press("k")
        await app.until(lambda: "1/5" in shown(app) and "Chapter 0" not in shown(app))
        await app.press("G")
        await app.until(lambda: "5/5" in shown(app))
        await app.press("n", "g")
        await app.until(lambda: "Chapter 0" in shown(app))


async def test_pictures_html_markup_and_control_characters_are_text(review: Open, tmp_path: Path) -> None:
    (tmp_path / "GUIDELINES.md").write_text(
        "A ![picture](x.png), <b>b</b>, [red]r[/red], \x1b[31m, [@click=app.quit]q[/]\n"
    )
    async with review() as app:
        await app.press("z", "g")
        await app.until(lambda: "picture" in shown(app))
        assert isinstance(app.pilot.app.screen, GuidelinesScreen)
        assert "<b>b</b>, [red]r[/red]" in shown(app)
        assert "[@click=app.quit]q[/]" in shown(app)
        assert "\x1b" not in shown(app)


@given(st.lists(st.sampled_from(["# head", "words " * 500, "words " * 3000, "", "```", "~~~~", "- one", "x" * 20_000])))
def test_no_line_is_lost_and_no_part_is_long(lines: list[str]) -> None:
    found = parts("\n".join(lines))
    assert all(len(part) <= 4 * MOST for part in found)
    kept = "".join(found).replace("\n", "").replace("```", "").replace("~~~~", "")
    assert kept == "".join(lines).replace("```", "").replace("~~~~", "")


def test_a_part_begins_at_a_heading_and_never_within_a_block_of_code() -> None:
    text = f"# One\n\n{'a ' * (ENOUGH // 2)}\n\n```\n# no heading\n```\n\n# Two\n"
    assert [part.split("\n")[0] for part in parts(text)] == ["# One", "# Two"]


@pytest.mark.thorough
async def test_every_cell_of_the_guidelines_can_be_read_in_themes_of_all_kinds(review: Open, tmp_path: Path) -> None:
    (tmp_path / "GUIDELINES.md").write_text(EVERYTHING)
    async with review(size=(112, 60)) as app:
        await app.press("z", "g")
        await app.until(lambda: "the end" in shown(app))
        page = app.pilot.app.screen.query(".page").first().region.shrink((1, 1, 1, 1))
        for name in SOME:
            app.pilot.app.theme = name
            await app.pilot.pause()
            assert list(illegible(app, page)) == [], name


EVERYTHING = """# One
## Two
### Three
#### Four
##### Five
###### Six

Words, *slanted*, **bold**, ~~struck~~, `code`, [a link](https://example.org), https://example.org.

- one
    - two
1. first
2. second

> said by somebody

| label | what |
|---|---|
| PER | people |

```python
def what(number: int = 3) -> str:  # a comment
    return "text" + str(number)
```

---

the end
"""
