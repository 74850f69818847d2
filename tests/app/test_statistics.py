"""The statistics screen: the counters at once, the rest as it is counted."""

from __future__ import annotations

from collections import Counter

from app.conftest import Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.screens.statistics import StatisticsScreen
from ner_tui.app.widgets.figures import FiguresView, KnownFigures, lines
from ner_tui.app.widgets.lines import bar
from ner_tui.domain.evaluation.agreement import Agreement
from ner_tui.domain.evaluation.following import Following, ReaderFigures
from ner_tui.domain.spans import Span
from ner_tui.session.statistics import Counts, Overview


def page(app: Opened) -> str:
    rows = app.pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(strip.text for strip in row).strip("│ ") for row in rows)


async def test_the_figures_of_a_little_work(review: Open) -> None:
    async with review(Gazetteer(), size=(100, 44)) as app:
        await app.press("enter")
        await app.stand_on("Łódź")
        await app.press("1", "enter", "z", "O")
        await app.until(lambda: "counting" not in page(app))
        shown = page(app).splitlines()
        assert shown[1 : shown.index("Pace")] == FIGURES.splitlines()
        assert "this session: 5 keys, 1 correction, 5.0 keys each" in page(app)
        assert "none of 4 sentences without a doubt was checked by chance yet" in page(app)
        assert any(line.startswith("news.txt                 4          2") for line in shown)
        await app.press("escape")
        assert app.screen.is_active


async def test_it_opens_before_anything_is_counted_and_scrolls(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 12)) as app:
        await app.press("z", "O")
        assert isinstance(app.pilot.app.screen, StatisticsScreen)
        assert "0 of 6 sentences confirmed" in page(app)
        await app.until(lambda: "counting" not in page(app))
        await app.press("G")
        assert "notes.txt" in page(app)
        await app.press("K", "k", "j", "J", "g")
        assert "0 of 6 sentences confirmed" in page(app)
        await app.press("q")
        assert app.screen.is_current


async def test_numbers_under_way_say_so(review: Open) -> None:
    async with review(size=(100, 44)) as app:
        screen = StatisticsScreen(app.session, 3)
        await app.pilot.app.push_screen(screen)
        screen._reader.stop()
        await app.pilot.pause()
        assert isinstance(app.pilot.app.screen.query_one(FiguresView), FiguresView)
        assert "this session: 3 keys, 0 corrections" in page(app)


def test_many_labels_are_listed_by_what_was_confused_most() -> None:
    found = Agreement(share=1.0)
    for number in range(20):
        for _ in range(number):
            found.add([Span(0, 1, f"L{number}")], [Span(0, 1, "PER")])
    known = KnownFigures(Overview(Counts("", 1, 0, 0, 0, 0, 0, 0, 0), ()), 0, 0, agreement=found)
    shown = ["".join(text for text, _ in line) for line in lines(known, 80)]
    at = shown.index(" suggested → decided, what differed most")
    assert shown[at + 1].split()[:4] == ["L19", "→", "PER", "19"]
    assert shown[at + 2].split()[:4] == ["L18", "→", "PER", "18"]
    assert all(len(line) <= 80 for line in shown[at : at + 12])


def test_annotators_of_a_gold_project_have_a_line_each_with_a_bar_of_how_often_they_were_followed() -> None:
    ana, bo = ReaderFigures("ana", followed=3, spans=9), ReaderFigures("b\x1bo", followed=1, missed=Counter(PER=2))
    known = KnownFigures(Overview(Counts("", 1, 0, 0, 0, 0, 0, 0, 0), ()), 0, 0, following=Following([ana, bo], 4))
    shown = ["".join(text for text, _ in line) for line in lines(known, 100)]
    at = next(number for number, line in enumerate(shown) if line.startswith(" Annotators"))
    assert shown[at + 1].split() == ["ana", "3", "0", "0", "0", "█" * 9]
    assert shown[at + 2].split()[1:] == ["1", "0", "2", "0", "█" * 3]
    assert "4 settled conflicts" in shown[at + 3]
    assert "\x1b" not in shown[at + 2]


def test_a_bar_is_an_eighth_of_a_cell_fine_and_never_hides_something() -> None:
    assert bar(0, 4) == "    "
    assert bar(1, 4) == "████"
    assert bar(0.5, 4) == "██  "
    assert bar(1 / 32, 4) == "▏   "
    assert bar(0.0001, 4) == "▏   "
    assert bar(7, 4) == "████"


FIGURES = """\
2 of 6 sentences confirmed, 33.3%  ██████▋
0 sentences begun · 0 flagged
5 decided · 1 suggested · 0 rejected · 0 to look at

Labels             decided  suggested   rejected  confirmed
PER                      2          1          0       100%  █████████████▍░░░░░░░
ORG                      1          0          0       100%  ██████▋
LOC                      2          0          0       100%  █████████████▍
MISC                     0          0          0          –

Agreement with the model
in 2 confirmed sentences
as suggested             4  ████████████████████
relabelled               1  █████
re-bounded               0
added                    0
removed                  0
as suggested are 80.0% of the suggestions and 80.0% of the decisions

a row for what was suggested, a column for what was decided
PER        ORG        LOC    nothing
PER                      1          0          0          0
ORG                      0          1          0          0
LOC                      1          0          2          0
nothing                  0          0          0          0

"""


async def test_patterns_that_were_made_and_those_that_went_quiet_are_listed(review: Open) -> None:
    names = "May ran.\nMay sat.\nMay won.\nMay lost.\n"
    async with review(None, size=(100, 70), names=names) as app:
        await app.press("1", "z", "x")
        assert "“May” is suggested wherever it stands, as PER" in app.told
        await app.until(lambda: sum(mark.kind == "suggested" for mark in app.session.document.spans(0, 40)) == 3)
        for name in ("May sat", "May won", "May lost"):
            await app.stand_on(name)
            await app.press("x")
        await app.press("z", "O")
        await app.until(lambda: "“May” as PER is suggested no longer: rejected 3 times" in page(app))
        assert "“May” is PER, made here" in page(app)
        await app.press("escape")
        await app.press("g", "z", "x")
        await app.until(lambda: app.session.own_patterns.listed == ())
