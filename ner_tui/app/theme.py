"""Entity colours: nine slots made legible on whatever theme is chosen.

The hues are Okabe and Ito's, which stay apart under the common colour-vision deficiencies. Each slot is three theme
variables, which a theme may override: ``$entity-N`` (background of a decision), ``$entity-N-text`` (text on it) and
``$entity-N-ink`` (text of a suggestion or label on the page).
"""

from __future__ import annotations

from textual.color import Color

HUES = ("#56b4e9", "#e69f00", "#2fb88a", "#cc79a7", "#f0e442", "#d55e00", "#4c8fd0", "#a0a0a0", "#ab8fdc")
"""Sky blue, orange, green, purple, yellow, vermilion, blue, grey, lavender."""
_ANSI = ("cyan", "yellow", "green", "magenta", "blue", "red", "cyan", "white", "magenta")
READABLE = 4.5
"""Contrast ratio that text needs, after WCAG 2 level AA."""


def entity_variables(variables: dict[str, str], *, ansi: bool, dark: bool) -> dict[str, str]:
    """Return the entity colours for a theme's ``variables``."""
    if ansi:
        return _ansi_variables(dark)
    page = Color.parse(variables["background"])
    found = {}
    for slot, hue in enumerate(HUES, 1):
        block = Color.parse(hue)
        found[f"entity-{slot}"] = block.hex
        found[f"entity-{slot}-text"] = max(("#000000", "#ffffff"), key=lambda text: contrast(Color.parse(text), block))
        found[f"entity-{slot}-ink"] = _ink(block, page).hex
    return found


def _ansi_variables(dark: bool) -> dict[str, str]:
    found = {}
    for slot, name in enumerate(_ANSI, 1):
        found[f"entity-{slot}"] = f"ansi_{name}"
        found[f"entity-{slot}-text"] = "ansi_black"
        found[f"entity-{slot}-ink"] = f"ansi_bright_{name}" if dark and name != "white" else f"ansi_{name}"
        if not dark and name in {"yellow", "white"}:
            found[f"entity-{slot}-ink"] = "ansi_black"
    return found


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ink(hue: Color, page: Color) -> Color:
    """Return ``hue`` moved towards black or white until it can be read on ``page``."""
    away = Color.parse("#ffffff" if _luminance(page) < 0.18 else "#000000")
    for step in range(21):
        ink = hue.blend(away, step / 20)
        if contrast(ink, page) >= READABLE:
            return ink
    return away
