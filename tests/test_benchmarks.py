"""The benchmarks say how they are run as they can be run, and draw figures that a reader knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.listing import FOLDER, Benchmark, benchmarks
from benchmarks.speed import Row
from benchmarks.table import drawn, in_words

PROGRAMS = list(benchmarks())
SVG = "{http://www.w3.org/2000/svg}"


def source_of(benchmark: Benchmark) -> str:
    name = "__main__" if benchmark.name == FOLDER.name else benchmark.name
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def test_every_file_that_can_be_run_is_listed() -> None:
    run = {path.stem for path in FOLDER.glob("*.py") if '__name__ == "__main__"' in path.read_text(encoding="utf-8")}
    assert {each.name for each in PROGRAMS} == run - {"__main__"} | {"benchmarks"}


def test_the_list_says_in_a_line_what_each_shows_and_below_how_it_is_run() -> None:
    command = [sys.executable, "-m", "benchmarks", "--list"]
    listed = subprocess.run(command, cwd=FOLDER.parent, check=True, capture_output=True, text=True).stdout
    for each in PROGRAMS:
        shows = each.shows.replace("``", "`")
        assert re.search(rf"^{each.name} +{re.escape(shows)}\n +{re.escape(each.commands[0])}$", listed, re.MULTILINE)


@pytest.mark.parametrize("benchmark", PROGRAMS, ids=lambda each: each.name)
def test_each_says_in_a_sentence_what_it_shows(benchmark: Benchmark) -> None:
    assert re.fullmatch(r"[A-Z].{20,110}\.", benchmark.shows)


@pytest.mark.parametrize("benchmark", PROGRAMS, ids=lambda each: each.name)
def test_the_commands_are_of_this_file_and_name_its_options(benchmark: Benchmark) -> None:
    runs = [command for command in benchmark.commands if command.startswith("python")]
    assert runs
    for command in runs:
        module, script = re.match(r"python (?:-m ([\w.]+)|([\w/]+\.py))", command).groups()  # type: ignore[union-attr]
        name = module.removeprefix("benchmarks.") if module else Path(script).stem
        assert name == benchmark.name
        assert script is None or (FOLDER.parent / script).is_file()
    named = set(re.findall(r"--[a-z-]+", " ".join(runs)))
    assert named == set(re.findall(r'add_argument\(\s*"(--[a-z-]+)"', source_of(benchmark)))


def row(ours: float, peer: float, *, unit: str = "s", name: str = "a < b", other_program: bool = True) -> Row:
    return Row(name, unit, ours, peer, 1, peer_name="SLATE", other_program=other_program)


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_two_bars_of_a_row_are_as_long_as_their_figures() -> None:
    svg = drawn([row(0.5, 2.0)])
    ours, theirs = [float(bar.get("width", "")) for bar in ElementTree.fromstring(svg).iter(f"{SVG}rect")][1:]
    assert ours == pytest.approx(theirs / 4)
    assert texts(svg) == ["a < b", "less is better", "ner-tui", "0.500 s", "SLATE", "2.00 s"]


def test_rows_without_another_program_are_figures_below() -> None:
    svg = drawn([row(4.7, 4.4, unit="ms", other_program=False), Row("export", "words/s", 1_127_000, 1, 1), row(1, 1)])
    below = texts(svg)[-5:]
    assert below == ["ner-tui alone", "4.70 ms", "a < b (SLATE: 4.40 ms)", "1,130,000 words a second", "export"]


def test_everything_that_is_drawn_is_within_the_picture() -> None:
    svg = ElementTree.fromstring(drawn([row(1, 2), row(3, 1), row(1, 1, other_program=False)]))
    for each in (*svg.iter(f"{SVG}text"), *svg.iter(f"{SVG}rect")):
        assert float(each.get("y", "0")) < float(svg.get("height", ""))
        assert float(each.get("x", "0")) + float(each.get("width", "0")) <= float(svg.get("width", ""))


@pytest.mark.parametrize(
    ("figure", "unit", "words"),
    [
        (0.2081, "s", "0.208 s"),
        (0.0123, "s", "12.3 ms"),
        (30.24, "s", "30.2 s"),
        (21_934, "words/s", "21,900 words a second"),
        (2009.6, "MB", "2,010 MB"),
        (999.6, "MB", "1,000 MB"),
        (99.906, "%", "99.91 %"),
        (0, "s", "0 ms"),
        (7, "", "7.00"),
    ],
)
def test_figures_have_three_digits_and_a_unit(figure: float, unit: str, words: str) -> None:
    assert in_words(figure, unit) == words
