from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from ner_tui.app.theme import HUES, READABLE, contrast, entity_variables

THEMES = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]


@pytest.mark.parametrize("name", THEMES)
def test_entity_colours_can_be_read_in_every_theme(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    variables = theme.to_color_system().generate()
    found = entity_variables(variables, ansi=False, dark=theme.dark)
    page = Color.parse(variables["background"])
    for slot in range(1, len(HUES) + 1):
        block, text = Color.parse(found[f"entity-{slot}"]), Color.parse(found[f"entity-{slot}-text"])
        assert contrast(text, block) >= READABLE
        assert contrast(Color.parse(found[f"entity-{slot}-ink"]), page) >= READABLE


@pytest.mark.parametrize("name", [name for name, theme in BUILTIN_THEMES.items() if theme.ansi])
def test_themes_of_the_terminals_own_colours_stay_with_them(name: str) -> None:
    found = entity_variables({}, ansi=True, dark=BUILTIN_THEMES[name].dark)
    assert all(value.startswith("ansi_") for value in found.values())
