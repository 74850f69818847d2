"""Combining sources: one passes through, of several the likeliest is shown and names all; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.combining import combine
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion, SuggestionState
from ner_tui.domain.spans import Span

ALTERNATIVES = st.lists(
    st.builds(Alternative, st.just(0), st.just(2), st.sampled_from([None, "PER"]), st.floats(0, 1)), max_size=2
).map(tuple)


@st.composite
def said(draw: st.DrawFn, run: int) -> list[Suggestion]:
    """What one source says: spans that share no character, in no particular order."""
    cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    spans = [(start, end) for start, end in pairwise(cuts) if draw(st.booleans())]
    labels, scores = st.sampled_from(["PER", "LOC"]), st.sampled_from([0.2, 0.5, 0.9])
    return draw(
        st.permutations(
            [
                Suggestion(Span(*span, draw(labels)), draw(scores), draw(st.floats(-1, 1)), draw(ALTERNATIVES), run)
                for span in spans
            ]
        )
    )


several = st.tuples(said(1), said(2), said(3)).map(lambda each: [one for some in each for one in some])


def bare(suggestions: list[Suggestion]) -> list[Suggestion]:
    return sorted((replace(each, also=()) for each in suggestions), key=lambda each: (each.span, each.run))


@given(said(1))
def test_one_source_passes_through_as_it_is(suggestions: list[Suggestion]) -> None:
    assert combine(suggestions) == (suggestions, [])


@given(several)
def test_nothing_is_lost_and_nothing_but_the_origins_is_changed(suggestions: list[Suggestion]) -> None:
    shown, covered = combine(suggestions)
    assert bare([*shown, *covered]) == bare(suggestions)
    assert all(not each.also for each in covered)


@given(several)
def test_what_is_shown_shares_no_character_and_covers_what_is_not_likelier(suggestions: list[Suggestion]) -> None:
    shown, covered = combine(suggestions)
    for one, other in combinations(shown, 2):
        assert not one.span.overlaps(other.span.start, other.span.end)
    for each in covered:
        over = [one for one in shown if one.span.overlaps(each.span.start, each.span.end) and one.run != each.run]
        assert any(one.score >= each.score for one in over)
        assert all(each.run in one.also for one in over if one.score > each.score)


@given(several)
def test_what_is_shown_names_the_runs_of_all_that_it_covers_and_no_others(suggestions: list[Suggestion]) -> None:
    shown, covered = combine(suggestions)
    for one in shown:
        over = {each.run for each in covered if each.span.overlaps(one.span.start, one.span.end)}
        assert set(one.also) == over - {one.run}
        assert one.origins == (one.run, *sorted(one.also))


@given(several, st.randoms())
def test_neither_the_order_nor_an_earlier_answer_makes_a_difference(suggestions: list[Suggestion], chance) -> None:  # type: ignore[no-untyped-def]
    shown, covered = combine(suggestions)
    again = [*shown, *covered]
    chance.shuffle(again)
    assert tuple(map(bare, combine(again))) == tuple(map(bare, (shown, covered)))
    assert sorted(each.also for each in combine(again)[0]) == sorted(each.also for each in shown)


def test_the_numbers_of_states_that_files_hold_never_change() -> None:
    names = "ANSWERED OPEN DOUBTFUL CONFLICT SETTLED BELOW_THRESHOLD DENIED".split()
    assert {state.name: state.value for state in SuggestionState} == {name: at for at, name in enumerate(names)}
