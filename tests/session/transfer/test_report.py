"""The page of a project: all of its text and what is known of it, and nothing that runs or is fetched."""

from __future__ import annotations

import re
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import dom_of

import ner_tui
from ner_tui.cli import main
from ner_tui.domain.printable import printable_lines

TEXT = (
    "Ada <script>document.title = 'ran'</script> lives in London & Rome.\n"
    'She met "Bob" <img src=x onerror=alert(1)>.\x1b[2J \u202ebidi\n'
)
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """A page as a parser has it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, str] = {"text": "", "title": "", "notes": ""}
        self._class: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self._class.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._class.pop()

    def handle_data(self, data: str) -> None:
        if "text" in self._class and not {"b", "sup", "sign", "flag"} & {*self._class}:
            self.texts["text"] += data
        for name in ("title", "notes"):
            if name in self._class:
                self.texts[name] += data

    def classes(self, tag: str) -> list[str]:
        return [attributes.get("class") or "" for name, attributes in self.elements if name == tag]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    document = ner_tui.Document.from_text(TEXT, [(TEXT.index("London"), TEXT.index("London") + 6, "LOC<b>")], name="a")
    ner_tui.write([document, ner_tui.Document.from_text("Eve left.", name="<i>b")], tmp_path / "a.jsonl")
    with ner_tui.open_project(tmp_path / "p<&>.ner", str(tmp_path / "a.jsonl"), annotator="me") as opened:
        opened.note(0, 3, 'who?\n<a href="http://kanari.example">x</a>')
        opened.flag(0)
        opened.confirm(0, document=1)
        return tmp_path / "p<&>.ner"


def report(project: Path) -> str:
    out = project.with_suffix(".html")
    assert main(["report", str(project), "-o", str(out)]) == 0
    return out.read_text(encoding="utf-8")


def test_all_of_the_text_is_there_as_text(project: Path) -> None:
    page = Page(report(project))
    assert page.texts["text"] == printable_lines(TEXT) + "Eve left."
    assert page.texts["title"] == "p<&>.ner"
    assert '“Ada”: who?\n<a href="http://kanari.example">x</a>' in page.texts["notes"]


def test_nothing_runs_and_nothing_is_fetched(project: Path) -> None:
    html = report(project)
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "embed", "form", "base", "svg"})
    links = [value for _, attributes in page.elements for name, value in attributes.items() if name in ("href", "src")]
    assert links
    assert all(value is not None and re.fullmatch(r"#[dnr]\d+", value) for value in links)
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(each["content"] for tag, each in page.elements if each.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none';")


def test_the_flagged_sentence_alone_has_the_flag_and_the_confirmed_one_its_sign(project: Path) -> None:
    text = report(project).split('<section id="d', 1)[1]
    assert [text.count(each) for each in ('<span class="flagged">', "⚑ ", "✓ ", "… ")] == [1, 1, 1, 0]
    assert text.index('<span class="flagged">') < text.index("⚑ ") < text.index("lives in") < text.index("✓ ")


def test_decisions_suggestions_states_and_notes_are_told_apart(tmp_path: Path) -> None:
    record = (
        '{"text": "Ada met Bob.", "spans": [{"start": 0, "end": 3, "label": "PER", "source": "decided"}, '
        '{"start": 8, "end": 11, "label": "PER", "source": "suggested", "score": 0.75, "margin": 0.5}]}\n'
    )
    (tmp_path / "a.jsonl").write_text(record)
    with ner_tui.open_project(tmp_path / "p.ner", str(tmp_path / "a.jsonl")) as opened:
        opened.note(8, 11, "sure?")
        opened.flag(0)
    html = report(tmp_path / "p.ner")
    page = Page(html)
    assert [each for each in page.classes("mark") if each][-2:] == ["e1", "e1 suggested"]
    assert '<mark class="e1">Ada<b>PER</b></mark> met <mark class="e1 suggested" title="suggested, 0.75">Bob' in html
    assert '<b>PER 0.75?</b></mark><sup id="r1"><a href="#n1">[1]</a></sup>.' in html
    assert "flagged" in page.classes("span")
    assert "0 of 1 sentence confirmed, 1 decision, 1 open suggestion" in html
    assert "prefers-color-scheme: dark" in html


@pytest.mark.thorough
def test_a_browser_shows_it_without_running_anything_of_it(project: Path) -> None:
    report(project)
    page = Page(dom_of(project.with_suffix(".html")))
    assert page.texts["title"] == "p<&>.ner"
    assert page.texts["text"] == printable_lines(TEXT) + "Eve left."


def test_it_takes_the_place_of_no_project_and_no_source(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = project.parent / "a.jsonl"
    for target in (project, source):
        before = target.read_bytes()
        assert main(["report", str(project), "-o", str(target)]) == 2
        assert target.read_bytes() == before
    assert "is a project" in capfd.readouterr().err


def test_a_project_that_is_open_elsewhere_is_reported_as_it_is(project: Path) -> None:
    with ner_tui.open_project(project) as opened:
        opened.label(0, 3, "PER")
        assert "<b>PER</b>" in report(project)


@pytest.mark.thorough
def test_four_times_the_text_takes_no_more_memory(tmp_path: Path) -> None:
    most = []
    # The first is there for what is loaded once, and a few hundred sentences are in memory at a time.
    for number in (10, 1_200, 4_800):
        path = tmp_path / f"{number}.ner"
        (tmp_path / f"{number}.conll").write_text(("Ada B-PER\n" + "went O\n" * 30 + "\n") * number)
        ner_tui.open_project(path, str(tmp_path / f"{number}.conll")).close()
        tracemalloc.start()
        try:
            assert main(["report", str(path), "-o", str(path.with_suffix(".html"))]) == 0
            most.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert most[2] < 1.3 * most[1]
