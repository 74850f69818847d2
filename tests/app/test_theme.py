"""Colours: legible on every theme, apart under every common way of seeing colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region
from textual.theme import BUILTIN_THEMES

import ner_tui.app
from app.conftest import NEWS, Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.theme import (
    READABLE,
    SLOTS,
    VISIBLE,
    chrome_variables,
    contrast,
    entity_variables,
    unit_ground,
    worst_contrast,
)
from ner_tui.domain.labels import COLOUR_SLOTS

STYLES = (Path(ner_tui.app.__file__).parent / "ner_tui.tcss").read_text(encoding="utf-8")
THEMES = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]
SOME = ("textual-light", "dracula", "solarized-dark", "rose-pine-dawn")
"""Light, dark, and the two of least contrast; what all dialogs are made of is tried in every theme."""
ANSI = [name for name, theme in BUILTIN_THEMES.items() if theme.ansi]
NUMBERS = range(1, COLOUR_SLOTS + 1)
SIGNS = set("▕▏▁▂▃▄▅▆▇█▔╭╮╰╯│─○●⚑◐▐▌")
"""Lines, bars and signs: they say nothing that has to be read letter by letter."""
# Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    "deuteranopia": ((0.3673, 0.8607, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    "tritanopia": ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9308, 0.1476), (0.0047, 0.6914, 0.3039)),
}


def test_every_slot_has_its_colours_and_its_styles() -> None:
    assert len(SLOTS) == COLOUR_SLOTS
    for kind in ("decided", "suggested", "ink"):
        assert re.findall(rf"^\.entity--{kind}-(\d+) ", STYLES, re.MULTILINE) == [str(slot) for slot in NUMBERS]


@pytest.mark.parametrize("name", THEMES)
def test_entity_colours_can_be_read_in_every_theme(name: str) -> None:
    page, found = _entities(name)
    for slot in NUMBERS:
        block, text = found[f"entity-{slot}"], found[f"entity-{slot}-text"]
        assert worst_contrast(text, block) >= READABLE
        assert contrast(block, page) >= VISIBLE
        assert worst_contrast(found[f"entity-{slot}-ink"], page) >= READABLE
        assert worst_contrast(found[f"entity-{slot}-ink"], found["ground"]) >= READABLE


@pytest.mark.parametrize("palette", [[slot.on_dark for slot in SLOTS], [slot.on_light for slot in SLOTS]])
@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_blocks_differ_however_colours_are_seen(palette: list[str], vision: str) -> None:
    seen = [_lab(Color.parse(hue), vision) for hue in palette]
    assert min(_distance(one, other) for one, other in combinations(seen, 2)) >= 16
    assert min(_distance(one, other) for one, other in combinations(seen[:4], 2)) >= 26


@pytest.mark.parametrize("name", THEMES)
def test_the_inks_of_the_first_four_labels_differ_however_colours_are_seen(name: str) -> None:
    _, found = _entities(name)
    for vision in VISIONS:
        seen = [_lab(found[f"entity-{slot}-ink"], vision) for slot in range(1, 5)]
        assert min(_distance(one, other) for one, other in combinations(seen, 2)) >= 7


@pytest.mark.parametrize("name", THEMES)
def test_what_stands_around_the_text_can_be_read_in_every_theme(name: str) -> None:
    variables = BUILTIN_THEMES[name].to_color_system().generate()
    found = chrome_variables(variables, ansi=False)
    for ground in ("background", "panel", "surface"):
        for front in ("foreground", "text-muted", "text-warning", "text-error"):
            assert worst_contrast(Color.parse(found[front]), Color.parse(variables[ground])) >= READABLE
    assert worst_contrast(Color.parse(found["rule"]), Color.parse(variables["background"])) >= VISIBLE


@pytest.mark.thorough
async def test_every_cell_of_the_review_screen_can_be_read_in_every_theme(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 36), news=NEWS + "10\u00a0km to \x1b Paris\u200b\n") as app:
        await app.press("enter", "f", "v", "L", "l")
        for name in THEMES:
            app.pilot.app.theme = name
            await app.pilot.pause()
            assert list(illegible(app)) == [], name


@pytest.mark.thorough
@pytest.mark.parametrize(
    "keys",
    [["o"], ["question_mark"], ["z", "M"], ["z", "X"], ["z", "X", "D"], ["z", "l"], ["z", "O"], ["z", "d"]],
)
async def test_every_cell_of_a_dialog_can_be_read_in_themes_of_all_kinds(review: Open, keys: list[str]) -> None:
    async with review(Gazetteer(), size=(112, 36)) as app:
        await app.press("enter", *keys)
        page = app.pilot.app.screen.query(".page").first().region.shrink((1, 1, 1, 1))
        for name in SOME:
            app.pilot.app.theme = name
            await app.pilot.pause()
            assert list(illegible(app, page)) == [], name


@pytest.mark.parametrize("name", ANSI)
def test_themes_of_the_terminals_own_colours_stay_with_them(name: str) -> None:
    found = entity_variables({}, ansi=True, dark=BUILTIN_THEMES[name].dark)
    assert all(value.startswith("ansi_") for value in found.values())


PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
    "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
    "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "tango": "000000 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf "
    "555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec",
}


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("dark", [True, False])
def test_sixteen_colours_can_be_read_with_the_common_palettes(palette: str, dark: bool) -> None:
    colours = [Color.parse(f"#{each}") for each in PALETTES[palette].split()]
    found = entity_variables({}, ansi=True, dark=dark)
    page = Color(0, 0, 0) if dark else Color(255, 255, 255)

    def seen(name: str) -> Color:
        return colours[Color.parse(found[name]).rich_color.number or 0]

    for slot in NUMBERS:
        # VGA's bright blue has 4.1 with black, whichever way round: nothing but black and white is better.
        assert contrast(seen(f"entity-{slot}-text"), seen(f"entity-{slot}")) >= 4.1
        assert contrast(seen(f"entity-{slot}-ink"), page) >= 4.1


async def test_without_colours_a_decision_a_suggestion_and_a_doubt_still_differ(
    review: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with review(Gazetteer(), size=(112, 36)) as app:
        await app.press("enter")
        # Those of the text: the pane, further down, may still tell of the place where the cursor was.
        found = {segment.text.strip(): segment.style for segment in reversed([*_segments(app)]) if segment.style}
        for style in found.values():
            for colour in (style.color, style.bgcolor):
                if colour is not None and not colour.is_default:
                    red, green, blue = colour.get_truecolor()
                    assert red == green == blue
        decided, suggested, doubtful = (found[words] for words in ("Hugging Face", "Paris", "Łódź"))
        plain = found["last spring."]
        assert decided.bold
        assert decided.bgcolor != plain.bgcolor
        assert suggested.underline
        assert not suggested.bold
        assert doubtful.underline2
        assert any(segment.style and segment.style.reverse for segment in _segments(app))


def _entities(name: str) -> tuple[Color, dict[str, Color]]:
    theme = BUILTIN_THEMES[name]
    variables = theme.to_color_system().generate()
    found = entity_variables(variables, ansi=False, dark=theme.dark)
    parsed = {key: Color.parse(value) for key, value in found.items()}
    return Color.parse(variables["background"]), parsed | {"ground": unit_ground(variables)}


def _segments(app: Opened, within: Region | None = None) -> Iterator[Segment]:
    for y, row in enumerate(app.pilot.app.screen._compositor.render_strips()):
        x = 0
        for segment in row:
            if within is None or (within.contains(x, y) and within.contains(x + segment.cell_length - 1, y)):
                yield segment
            x += segment.cell_length


def illegible(app: Opened, within: Region | None = None) -> Iterator[str]:
    for segment in _segments(app, within):
        style, text = segment.style, segment.text.strip()
        if not text or style is None or style.color is None or style.bgcolor is None or style.color == style.bgcolor:
            continue
        ratio = worst_contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
        if ratio < (VISIBLE if set(text) <= SIGNS else READABLE):
            yield f"{ratio:.1f} {style} {text!r}"


def _lab(colour: Color, vision: str) -> tuple[float, float, float]:
    """Return a colour as it is seen, in CIELAB under D65."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    red, green, blue = (
        min(1.0, max(0.0, sum(m * part for m, part in zip(row, linear, strict=True)))) for row in VISIONS[vision]
    )
    x, y, z = (
        part / 0.008856 * 0.0689686 + 0.137931 if part <= 0.008856 else part ** (1 / 3)
        for part in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)
