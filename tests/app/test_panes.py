"""What the panes show: what tells names apart, the model's readings with their keys, no more rows than there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.conftest import Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.widgets.detail import DetailPlace, _lines
from ner_tui.app.widgets.lines import shortened
from ner_tui.domain.annotation.edits import SentenceState
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session import DrawnSpan

WORDS = "Islamic Revolutionary Guard Corps"


def rows(app: Opened, widget: str) -> tuple[int, int]:
    """Return the first row of a widget, and the row after its last."""
    region = app.screen.query_one(widget).region
    return region.y, region.bottom


@given(st.text("ab東 ", max_size=40), st.integers(3, 30))
def test_names_are_cut_in_their_middle_and_fill_their_cells(name: str, width: int) -> None:
    shown = shortened(name, width)
    assert cell_len(shown) == width
    if cell_len(name) <= width:
        assert shown.rstrip(" ") == name.rstrip(" ")
    else:
        head, cut, tail = shown.partition("…")
        assert cut
        assert name.startswith(head.rstrip(" "))
        assert name.endswith(tail)
        assert cell_len(tail) >= (width - 1) // 2 - 1


async def test_documents_whose_names_begin_alike_are_told_apart(review: Open) -> None:
    files = {f"conll2003-testa-part-{number}": "One sat.\n" for number in (1, 2)}
    async with review(size=(110, 30), **files) as app:
        names = [line[:26] for line in app.lines() if "conll" in line[:12]]
        assert len(names) == 2
        assert ["1.txt" in names[0], "2.txt" in names[1]] == [True, True]


async def test_the_list_of_documents_is_as_high_as_what_it_holds(review: Open) -> None:
    async with review(size=(120, 40)) as app:
        top, bottom = rows(app, "#documents")
        assert bottom - top == 2
        assert rows(app, "#legend") == (bottom + 1, bottom + 5)


async def test_all_labels_have_a_row_before_documents_have_rows_to_spare(review: Open) -> None:
    files = {f"n{number}": "One sat.\n" for number in range(40)}
    async with review(size=(120, 40), **files) as app:
        for number in range(10):
            app.session.label_editing.add(f"L{number}")
        app.screen.labels_changed()
        await app.pilot.pause()
        top, bottom = rows(app, "#legend")
        assert bottom - top == 14
        assert rows(app, "#documents")[1] < top


def test_readings_have_their_keys_and_words_that_tell_them_apart() -> None:
    others = tuple(Alternative(8 * at, len(WORDS), "ORG", 0.2) for at in (1, 2))
    suggestion = Suggestion(Span(0, len(WORDS), "ORG"), 0.5, 0.3, others)
    drawn = DrawnSpan(suggestion.span, "suggested", 0.5, doubtful=True)
    place = DetailPlace(
        lambda start, end: WORDS[start:end], (0, 7), drawn, suggestion, SentenceState(0, "untouched", flagged=False), 1
    )
    shown = ["".join(text for text, _ in line) for line in _lines(place, 24, ("a", "t", "z 2"))]
    at = next(number for number, line in enumerate(shown) if line.startswith("a "))
    assert [line.split()[0] for line in shown[at:] if "ORG" in line] == ["a", "t", "z"]
    assert shown[at + 2].strip() != shown[at + 4].strip()
    assert all(cell_len(line) <= 24 for line in shown)


async def test_the_queue_has_what_stands_before_a_place(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24)) as app:
        await app.press("d")
        await app.until(lambda: any("Łódź" in line for line in app.lines()))
        line = next(line for line in app.lines() if "Łódź" in line)
        assert "eporters in Łódź" in " ".join(line.split())


def test_what_a_span_is_is_said_whole_in_any_width() -> None:
    drawn = DrawnSpan(Span(0, 7, "ORGANISATION"), "suggested", 0.5, doubtful=True)
    sentence = SentenceState(0, "untouched", flagged=False)
    place = DetailPlace(lambda start, end: WORDS[start:end], (0, 7), drawn, None, sentence, 1)
    for width in (16, 20, 40):
        shown = ["".join(text for text, _ in line) for line in _lines(place, width, ())]
        assert max(map(len, shown)) <= width
        assert "ORGANISATION suggested, doubtful" in " ".join(" ".join(shown).split())


async def test_a_window_of_another_size_offers_the_keys_that_it_has_room_for(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        first = app.screen.hints.text
        for width, offers_export in ((40, False), (160, True), (20, False)):
            await app.pilot.resize_terminal(width, 24)
            await app.pilot.pause()
            assert ("export" in app.screen.hints.text) is offers_export
            assert app.screen.hints.text.endswith(" z …")
        await app.pilot.resize_terminal(80, 24)
        await app.pilot.pause()
        assert app.screen.hints.text == first


async def test_a_list_of_keys_fits_a_window_that_became_wider(review: Open) -> None:
    async with review(size=(60, 20)) as app:
        await app.press("z")
        narrow = app.lines()
        await app.pilot.resize_terminal(120, 20)
        await app.pilot.pause()
        assert "what has been said" not in "\n".join(narrow)
        assert "what has been said" in "\n".join(app.lines())
