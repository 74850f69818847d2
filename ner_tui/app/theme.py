"""Entity colours: twelve slots made legible on whatever theme is chosen.

Each slot is three theme variables, which a theme may override: ``$entity-N`` (background of a decision),
``$entity-N-text`` (text on it) and ``$entity-N-ink`` (text of a suggestion or label on the page). The hues are chosen
so that any two of them stay apart under protanopia, deuteranopia and tritanopia, the first four the furthest; light
blocks stand on dark pages and dark ones on light pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from textual.color import Color


class ColourSlot(NamedTuple):
    """The colours of one slot."""

    on_dark: str
    """On dark pages; one of the 256 colours."""
    on_light: str
    ansi: str
    """Where there are 16 colours: the bright one of this name. Palettes of terminals differ, but bright colours are
    light in all of them, and black on them can be read."""
    ansi_ink: str
    """Text of this slot on a light page of 16 colours."""


SLOTS = (
    ColourSlot("#5f87af", "#0a6edc", "cyan", "blue"),  # steel blue; blue
    ColourSlot("#ffaf00", "#aa6414", "yellow", "black"),  # orange; brown
    ColourSlot("#afffaf", "#00503c", "green", "black"),  # light green; dark green
    ColourSlot("#ffd7ff", "#5a326e", "magenta", "magenta"),  # pink; aubergine
    ColourSlot("#af8700", "#826e3c", "blue", "black"),  # ochre; khaki
    ColourSlot("#ff5f5f", "#821e00", "red", "red"),  # coral; rust
    ColourSlot("#afafff", "#1e1ed2", "cyan", "blue"),  # light blue; deep blue
    ColourSlot("#808080", "#647878", "white", "black"),  # grey
    ColourSlot("#af87ff", "#8200a0", "magenta", "magenta"),  # violet; purple
    ColourSlot("#ffff00", "#b428a0", "yellow", "magenta"),  # yellow; magenta
    ColourSlot("#00ff5f", "#001464", "green", "blue"),  # bright green; navy
    ColourSlot("#d7afaf", "#500000", "white", "red"),  # rose; maroon
)
"""As many as ``COLOUR_SLOTS`` of the domain, which give themselves out to labels."""
READABLE = 4.5
"""Contrast ratio that text needs, after WCAG 2 level AA."""
VISIBLE = 3.0
"""Contrast ratio that lines, bars and signs need."""
_MANY = ("truecolor", "256")
"""What Rich calls a terminal that has colours for every theme."""
_SHADE = 0.07
"""How far the ground of the current sentence is from the page towards the text's colour."""
_BLACK, _WHITE = Color(0, 0, 0), Color(255, 255, 255)


def entity_variables(variables: dict[str, str], *, ansi: bool, dark: bool) -> dict[str, str]:
    """Return the entity colours for a theme's ``variables``."""
    if ansi:
        return _ansi_variables(dark)
    page, unit = Color.parse(variables["background"]), unit_ground(variables)
    found = {}
    for slot, colours in _numbered():
        block = Color.parse(colours.on_dark if luminance(page) < 0.18 else colours.on_light)
        found[f"entity-{slot}"] = block.hex
        found[f"entity-{slot}-text"] = max((_BLACK, _WHITE), key=lambda text: worst_contrast(text, block)).hex
        found[f"entity-{slot}-ink"] = readable(block, page, unit).hex
    return found


def chrome_variables(variables: dict[str, str], *, ansi: bool) -> dict[str, str]:
    """Return the theme's variables for what stands around the text, made legible on the page, panels and dialogs.

    ``$rule`` is new: lines between panes; and ``$unit``: behind the text of the current sentence.
    """
    if ansi:
        return {"rule": "ansi_default", "unit": "ansi_default"}
    page, *others = (Color.parse(variables[name]) for name in ("background", "panel", "surface"))
    front = Color.parse(variables["foreground"])
    unit = unit_ground(variables)
    others.append(unit)
    found = {"rule": readable(Color.parse(variables["panel"]), page, least=VISIBLE), "unit": unit}
    colours = {"foreground": front, "text-muted": front.blend(page, 0.3)}
    colours |= {f"text-{name}": Color.parse(variables[name]) for name in ("warning", "error")}
    found |= {name: readable(colour, page, *others) for name, colour in colours.items()}
    track = Color.parse(variables["scrollbar-background"])
    thumb = readable(Color.parse(variables["scrollbar"]), track, least=VISIBLE)
    found |= dict.fromkeys(("scrollbar", "scrollbar-hover", "scrollbar-active"), thumb)
    return {name: colour.hex for name, colour in found.items()}


def unit_ground(variables: dict[str, str]) -> Color:
    """Return what stands behind the text of the current sentence: the page, a little nearer to the text's colour."""
    return Color.parse(variables["background"]).blend(Color.parse(variables["foreground"]), _SHADE, 1.0)


def fitting(colours: str | None, background: str) -> str | None:
    """Return the theme for a terminal of so few colours that themes cannot be shown, or None for any.

    Args:
        colours: Rich's name for what the terminal can do; None if it has none.
        background: what the terminal says of its page in ``COLORFGBG``, such as ``15;0``, or empty.
    """
    if colours in _MANY:
        return None
    return "ansi-light" if background.rpartition(";")[2] in ("7", "15") else "ansi-dark"


def _ansi_variables(dark: bool) -> dict[str, str]:
    found = {}
    for slot, colours in _numbered():
        found[f"entity-{slot}"] = f"ansi_bright_{colours.ansi}"
        found[f"entity-{slot}-text"] = "ansi_black"
        found[f"entity-{slot}-ink"] = f"ansi_bright_{colours.ansi}" if dark else f"ansi_{colours.ansi_ink}"
    return found


def _numbered() -> Iterator[tuple[int, ColourSlot]]:
    return enumerate(SLOTS, start=1)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Color) -> float:
    """Return the relative luminance of a colour, 0 to 1, after WCAG 2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=1024)
def readable(hue: Color, *grounds: Color, least: float = READABLE) -> Color:
    """Return ``hue`` moved towards black or white until its contrast with all ``grounds`` is at least ``least``."""
    away = _WHITE if luminance(grounds[0]) < 0.18 else _BLACK
    for step in range(41):
        ink = hue.blend(away, step / 40)
        if all(worst_contrast(ink, ground) >= least for ground in grounds):
            return ink
    return away


def worst_contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio in true colour, in 256 colours or in greys, whichever is the lowest."""
    greys, of_256 = (one.monochrome, other.monochrome), (_of_256(one), _of_256(other))
    return min(contrast(*pair) for pair in ((one, other), greys, of_256))


@lru_cache(maxsize=4096)
def _of_256(colour: Color) -> Color:
    """Return what a terminal of 256 colours shows for a colour."""
    return Color(*colour.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor())
