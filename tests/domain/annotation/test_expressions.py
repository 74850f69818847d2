"""Expressions that people write: the syntax of `re`, and an end after a while."""

from __future__ import annotations

import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from patience import HANGS

from ner_tui.domain.annotation.expressions import Expression
from ner_tui.errors import InputError

PARTS = [
    *r"a b e \d \w \b \{ \[ [ [^ ] { } {2} {1,2} {,} {e} ( ) (?: | * +? ? ^ $ . - :".split(),
    *r"[[:alpha:]] [a&&b] {e<=1} (?i) \N{COLON}".split(),
    " ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join), st.text("abeE1 {}[]<=:-&", max_size=12))
@example(r"[\d[]+", "1[a")
@example("[[:alpha:]]", "a:]")
@example("[a]+", "[a")
def test_an_expression_finds_what_re_finds(expression: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = [match.span() for match in re.finditer(expression, text)]
        except re.error:
            with pytest.raises(InputError, match="this expression cannot be read"):
                Expression(expression)
            assume(False)
        assert [match.span() for match in Expression(expression).finditer(text)] == expected


@pytest.mark.parametrize("expression", ["(", "a**", r"\p{L}", "a{99999999999}", "(?:" * 5_000 + ")" * 5_000])
def test_what_re_does_not_take_is_refused(expression: str) -> None:
    with pytest.raises(InputError, match="this expression cannot be read: "):
        Expression(expression)


def test_repetitions_that_would_fill_the_memory_are_refused() -> None:
    with pytest.raises(InputError, match="repeated more than 100,000 times"):
        Expression("((((a{50}){50}){50}){50}){50}")
    for times in ("{1}", "{0}"):
        assert Expression(f"(a{{100}}){{1000}}b{times}")
        with pytest.raises(InputError, match="repeated more than 100,000 times"):
            Expression(f"(a{{101}}){{1000}}b{times}")


def test_an_expression_is_given_up_in_any_thread() -> None:
    def look() -> None:
        list(Expression("(a|aa)+$").finditer("a" * 60 + "b"))

    began = monotonic()
    with ThreadPoolExecutor(1) as pool, pytest.raises(InputError, match="takes too long on one sentence"):
        pool.submit(look).result()
    assert monotonic() - began < HANGS
