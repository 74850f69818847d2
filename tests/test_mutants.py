"""Mutants: what is changed in code, that each change is one, and that what is listed as equivalent is still there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks.code_changes import changes
from benchmarks.mutant_tests import Order, Reached
from benchmarks.mutants import ROOT, drawn, equivalent

EQUIVALENT = equivalent()


def changed(tmp_path: Path, source: str) -> dict[str, str]:
    """Return the source after each change, by the change's name."""
    path = tmp_path / "m.py"
    path.write_text(source, encoding="utf-8")
    every = [change for place in changes(path, tmp_path) for change in place]
    assert len({change.name for change in every}) == len(every)
    return {change.name: change.apply(path.read_bytes()).decode() for change in every}


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("x = a < b", ["(a <= b)", "(a >= b)"]),
        ("x = a is not b", ["(a is b)"]),
        ("x = a < b != c", ["(a <= b != c)", "(a >= b != c)", "(a < b == c)"]),
        ("x = a and b", ["(a or b)"]),
        ("x = not a", ["(a)"]),
        ("x = a - 1", ["(a + 1)", "a - (2)", "a - (0)"]),
        ("x = True", ["(False)"]),
        ("x = f(a, b, c)", ["(f(b, a, c))", "(f(a, c, b))"]),
        ("x = f(a, a, *b)", []),
        ("x = min(a, b)", ["(max)(a, b)"]),
        ("x = np.minimum(a, b)", []),
        ("x = a if b else c", ["a if (not b) else c"]),
        ("x = [a for a in b if c]", ["[a for a in b if (True)]"]),
        ("x += a", ["pass"]),
        ("x.y = a", ["pass"]),
        ("f(a)", ["pass"]),
        ("return a", ["return (None)"]),
        ("return None", []),
        ("raise a", ["pass"]),
        ("x = 'ä' + a", []),
        ("x = f'{a + 1}'", []),
        ("assert a < b", []),
        ("'''Some text'''", []),
        ("x: tuple[1] = a", []),
        ("x = zip(a, strict=True)", []),
    ],
)
def test_what_is_changed_in_a_line(tmp_path: Path, line: str, after: list[str]) -> None:
    lines = [source.splitlines()[1].strip() for source in changed(tmp_path, f"def g():\n    {line}\n").values()]
    expected = [each if each == "pass" or each.startswith("return") else f"x = {each}" for each in after]
    assert sorted(lines) == sorted(expected)


def test_a_change_is_told_with_its_function_and_counted_where_the_same_is_changed_twice(tmp_path: Path) -> None:
    source = "# ä\nclass A:\n    @cache\n    def f(self):\n        x = a < b; y = a < b\n\nB = 2\n"
    found = changed(tmp_path, source)
    assert {"A.f: a < b => a <= b", "A.f: a < b => a <= b (2)", "module: 2 => 3"} <= found.keys()
    assert found["A.f: a < b => a <= b (2)"].splitlines()[4].strip() == "x = a < b; y = (a <= b)"
    places = [place[0] for place in changes(tmp_path / "m.py", tmp_path)]
    assert {(each.line, each.function_line) for each in places} == {(5, 3), (7, 0)}


def test_what_only_a_type_checker_reads_is_left_alone(tmp_path: Path) -> None:
    assert (
        changed(tmp_path, "if TYPE_CHECKING:\n    a = 1\n@dataclass(frozen=True)\nclass A:\n    x: Literal[1]\n") == {}
    )


def test_a_number_of_a_hundred_or_more_is_changed_in_functions_alone(tmp_path: Path) -> None:
    source = "A = 100\nclass B:\n    c = 2_000.0\n    d = 99\n\ndef f(e=100):\n    g(300)\n"
    assert changed(tmp_path, source).keys() == {
        "module: 99 => 100",
        "module: 99 => 98",
        "f: 100 => 101",
        "f: 100 => 99",
        "f: g(300) => nothing",
        "f: g(300) => g(301)",
        "f: g(300) => g(299)",
    }


def test_the_same_seed_draws_the_same_changes_and_each_is_python() -> None:
    some = drawn("domain/spans", 12, 7)
    assert some == drawn("domain/spans", 12, 7) != drawn("domain/spans", 12, 8)
    assert len({(change.start, change.name) for change in some}) == 12
    for change in some:
        before = (ROOT / change.file).read_bytes()
        assert ast.dump(ast.parse(change.apply(before))) != ast.dump(ast.parse(before))


def test_the_tests_that_reach_a_function_run_before_all_others() -> None:
    change = next(each for each in drawn("domain/spans", 99, 1) if each.function == "snap")
    there, elsewhere = {(change.file, change.function_line)}, {(change.file, 1)}
    reached = Reached(
        {
            "a.py::one": there,
            "a.py::two": there,
            "b/test_spans.py::three": there,
            "c.py::four": elsewhere,
            "c.py::five": set(),
        },
        {"a.py::one": 2.0, "a.py::two": 1.0, "b/test_spans.py::three": 9.0, "c.py::four": 1.0, "c.py::five": 0.1},
        {"c.py::five"},
    )
    nearest = ["b/test_spans.py::three"]
    others = ["a.py::two", "a.py::one", "c.py::five"]
    assert list(reached.stages(change, reaching=False)) == [nearest, others, ["c.py::four"]]
    assert list(reached.stages(change, reaching=True)) == [nearest, others]
    # What runs when the module is imported is reached by whatever reaches the module.
    reached.imported = {(change.file, 1), *there}
    reached.functions["c.py::four"] = {(change.file, 1)}
    assert "c.py::four" in list(reached.stages(change, reaching=True))[1]
    assert Order(others, reached.seconds).failed == []


@pytest.mark.parametrize(("file", "name"), EQUIVALENT, ids=[f"{file}: {name}" for file, name in EQUIVALENT])
def test_a_change_that_is_listed_as_equivalent_can_still_be_made_and_has_a_reason(file: str, name: str) -> None:
    assert name in {change.name for place in changes(ROOT / file, ROOT) for change in place}
    assert len(EQUIVALENT[file, name]) > 10
