"""Values of objects and tables: what does not fit is refused with file, line and what may stand there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ner_tui.domain.checked_values import LARGEST, CheckedObject
from ner_tui.errors import FormatError


def of(**value: object) -> CheckedObject:
    return CheckedObject("a.jsonl", 7, value)


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (lambda: of().text("a"), "the record has no 'a'"),
        (lambda: of(a=[1]).text("a"), "'a' is a list where a text is needed"),
        (lambda: of(a=True).offset(True, "the start"), "the start is true where a whole number is needed"),
        (lambda: of(a=10**5000).text("a"), "'a' is a number of thousands of digits where a text is needed"),
        (lambda: of(a=LARGEST).number("a"), "'a' is 9007199254740992 where a number from 0 is needed"),
        (lambda: of().number("a"), "'a' is null where a number from 0 is needed"),
        (lambda: of(a=1).switch("a"), "'a' is 1 where true or false is needed"),
        (lambda: of(a="c").choice("a", ["b", "d"]), "'a' is \"c\" where one of b, d is needed"),
        (lambda: of(a="b").items("a"), "'a' is \"b\" where a list is needed"),
        (lambda: list(of(a=None).rows("a", int)), "'a' is null where a list is needed"),
        (lambda: list(of(a=[[1], [True]]).rows("a", int)), "'a' holds [true], which does not fit"),
        (lambda: list(of(a=[[-LARGEST]]).rows("a", int)), "'a' holds [-9007199254740992], which does not fit"),
        (lambda: of().mapping([], "a span"), "a span is a list where an object is needed"),
        (lambda: of().probability(1.5, "a score"), "a score is 1.5 where a number from 0 to 1 is needed"),
        (lambda: of(a=1).check_keys("a line", ["a", "kind"], ["kind"]), "a line lacks 'kind'"),
        (
            lambda: of(lable=1).check_keys("a line", ["label"]),
            "has no 'lable' (do you mean 'label'?); it may have: label",
        ),
    ],
)
def test_what_does_not_fit_is_refused(check: Callable[[], object], reason: str) -> None:
    with pytest.raises(FormatError) as refused:
        check()
    assert str(refused.value).startswith("a.jsonl:7: ")
    assert reason in str(refused.value)


def test_what_fits_is_returned() -> None:
    found = of(name="Ada", at=3, yes=True, rows=[[1, "a"], [2, "b"]], nothing=None)
    assert (found.text("name"), found.number("at"), found.switch("yes"), found.switch("no")) == ("Ada", 3, True, False)
    assert list(found.rows("rows", int, str)) == [[1, "a"], [2, "b"]]
    assert (list(found.rows("none", int)), found.items("nothing"), found.choice("name", ["Ada"])) == ([], [], "Ada")
