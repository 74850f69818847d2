"""The stylesheet of the app says what the toolkit's own says, with less work."""

from __future__ import annotations

from typing import Any

import pytest
from textual.css import stylesheet as toolkit
from textual.css.parse import parse as parse_css
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from app.conftest import Open, Opened


def parts(app: Opened) -> list[DOMNode]:
    """Return a new node for each part of each widget on the screen."""
    found = []
    for widget in app.pilot.app.screen.walk_children():
        for name in sorted(widget._get_component_classes()):
            found.append(DOMNode(classes=name))
            found[-1]._attach(widget)
    return found


@pytest.mark.parametrize("keys", [[], ["z", "X"], ["?"]])
async def test_parts_of_widgets_have_the_styles_that_the_toolkit_gives_them(review: Open, keys: list[str]) -> None:
    async with review() as app:
        await app.press(*keys)
        for theme in ("textual-light", "dracula"):
            app.app.theme = theme
            await app.pilot.pause()
            ours, own = parts(app), parts(app)
            for node, other in zip(ours, own, strict=True):
                app.app.stylesheet.apply(node)
                Stylesheet.apply(app.app.stylesheet, other)
                assert node.styles.base.get_rules() == other.styles.base.get_rules(), node.classes
            assert ours


async def test_parts_of_the_text_and_of_lists_are_looked_up_once(review: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with review() as app:
        looked: list[str] = []
        apply = Stylesheet.apply

        def count(sheet: Stylesheet, node: DOMNode, **named: Any) -> None:
            looked.append(type(node).__name__)
            apply(sheet, node, **named)

        monkeypatch.setattr(Stylesheet, "apply", count)
        app.app.stylesheet.update_nodes(app.pilot.app.screen.walk_children())
        assert "DocumentView" in looked
        assert "DOMNode" not in looked


def styled(app: Opened) -> dict[str, object]:
    return {str(node): node.styles.base.css_lines for node in app.pilot.app.screen.walk_children()}


async def test_what_an_app_has_parsed_no_other_parses(review: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with review() as app:
        own = styled(app)
    app.session.close()
    parsed: list[str] = []

    def parse(scope: str, css: str, *given: Any, **named: Any) -> object:
        parsed.append(css)
        return parse_css(scope, css, *given, **named)

    monkeypatch.setattr(toolkit, "parse", parse)
    async with review() as app:
        assert styled(app) == own
        assert parsed == []
        app.app.theme = "nord"
        await app.pilot.pause()
        assert len(parsed) == len(set(parsed)) > 5


async def test_rules_of_a_theme_are_another_themes_no_more(review: Open) -> None:
    async with review() as app:
        seen = []
        for theme in ("textual-dark", "textual-light", "textual-dark"):
            app.app.theme = theme
            await app.pilot.pause()
            seen.append(
                (app.screen.view.get_component_styles("document--unit").background, app.screen.styles.background)
            )
        assert seen[0] == seen[2]
        assert seen[0] != seen[1]
