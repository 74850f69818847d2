"""The order of most to learn: doubt times the places that are alike, and sentences that nothing decided is like."""

from __future__ import annotations

from pathlib import Path

from session.test_queue import doubtful, opened, predict

from ner_tui.domain.annotation.doubts import Doubt, DoubtFilter
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session import Session
from ner_tui.store.teaching import NEAR

NAMES = "Bo left.\n\nAl left.\n\nBo ran.\n\nBo sat.\n\n"
"""Bo at 0, 20, 29; Al at 10."""


def suggest(folder: Path, text: str, *spans: tuple[str, int, float]) -> Session:
    """Open a session in which words are suggested at places, each with a margin."""
    opened(folder, text, "a.txt").close()
    predict(folder, *(Suggestion(Span(at, at + len(word), "PER"), 0.6, margin, (), 1) for word, at, margin in spans))
    return opened(folder, text, "a.txt")


def places(session: Session) -> list[int]:
    return [entry.doubt.start for entry in doubtful(session, order="learning") if entry.doubt.reason == "unsure"]


def unlike(session: Session) -> list[Doubt]:
    return [entry.doubt for entry in session.queue.entries(DoubtFilter(reason="unlike"))]


def lines(*words: str) -> str:
    return "".join(f"{each}.\n\n" for each in words)


def test_the_place_that_many_are_like_comes_before_a_more_doubtful_one(tmp_path: Path) -> None:
    session = suggest(tmp_path, NAMES, ("Bo", 0, 0.2), ("Al", 10, 0.1), ("Bo", 20, 0.3), ("Bo", 29, 0.3))
    assert [entry.doubt.start for entry in doubtful(session)] == [10, 0, 20, 29]
    assert places(session) == [0, 10, 20, 29]
    # The first Bo is answered; the others are two.
    session.corrections.accept(0)
    assert places(session) == [20, 10, 29]


def test_what_is_decided_elsewhere_is_no_place_to_be_learnt_for(tmp_path: Path) -> None:
    session = suggest(tmp_path, NAMES, ("Bo", 0, 0.2), ("Al", 10, 0.1))
    session.corrections.label(20, 22, "PER", cursor=20)
    session.corrections.label(29, 31, "PER", cursor=29)
    assert places(session) == [10, 0]


def test_sentences_stand_between_the_doubts_and_behind_them(tmp_path: Path) -> None:
    text = lines(*(f"Bo saw {name}" for name in ("it", "us", "me", "him", "her", "you")))
    session = suggest(
        tmp_path, text, *(("Bo", text.index(f"Bo saw {n}"), 0.2) for n in ("it", "us", "me", "him", "her"))
    )
    reasons = [entry.doubt.reason for entry in doubtful(session, order="learning")]
    assert reasons[:5] == ["unsure"] * 4 + ["unlike"]
    assert reasons[5] == "unsure"
    assert set(reasons[6:]) == {"unlike"}
    assert {entry.doubt.reason for entry in doubtful(session, order="learning", label="PER")} == {"unsure"}


def test_without_a_suggestion_sentences_are_offered_of_which_none_is_confirmed_or_kept_for_chance(
    tmp_path: Path,
) -> None:
    text = lines(*(f"{who} took {what}" for who in ("Ada", "Bo", "Cy") for what in ("aspirin", "codeine", "tea", "it")))
    session = opened(tmp_path, text, "a.txt")
    by_chance = {e.doubt.start for e in session.queue.entries(DoubtFilter(reason="audit"))}
    assert by_chance
    starts = set(session.document.sentence_starts(0, len(text)))
    assert {doubt.start for doubt in unlike(session)} == starts - by_chance
    first = unlike(session)[0]
    session.corrections.confirm(first.start)
    assert {doubt.start for doubt in unlike(session)} == starts - by_chance - {first.start}


def test_it_is_the_same_at_each_call_and_in_another_session(tmp_path: Path) -> None:
    text = lines(*(f"Name{n} met Other{n % 7} in Town{n % 3}" for n in range(40)))
    session = opened(tmp_path, text, "a.txt")
    found = list(session.queue.entries(DoubtFilter("learning")))
    assert list(session.queue.entries(DoubtFilter("learning"))) == found
    session.close()
    assert list(opened(tmp_path, text, "a.txt").queue.entries(DoubtFilter("learning"))) == found


def test_one_entry_in_twenty_is_there_by_chance_in_this_order_too(tmp_path: Path) -> None:
    text = lines(*(f"Name{n} met Other{n % 7} in Town{n % 3}" for n in range(60)))
    reasons = [e.doubt.reason for e in opened(tmp_path, text, "a.txt").queue.entries(DoubtFilter("learning"))]
    assert reasons[19] == reasons[39] == "audit"
    assert reasons[:19] == ["unlike"] * 19


def test_a_sentence_waits_until_it_is_confirmed_whatever_is_decided_in_it(tmp_path: Path) -> None:
    session = opened(tmp_path, NAMES, "a.txt")
    entry = next(session.queue.entries(DoubtFilter(reason="unlike")))
    start = entry.doubt.start
    session.corrections.label(start, start + 2, "PER", cursor=start)
    assert session.queue.holds(entry)
    session.corrections.confirm(start)
    assert not session.queue.holds(entry)
    session.corrections.undo()
    assert session.queue.holds(entry)


def test_of_a_large_project_sentences_from_all_over_are_looked_at_and_no_more_than_a_few_hundred(
    tmp_path: Path,
) -> None:
    text = lines(*(f"Name{n} sat" for n in range(2_000)))
    session = opened(tmp_path, text, "a.txt")
    starts = [doubt.start for doubt in unlike(session)]
    assert NEAR < len(starts) <= 2 * NEAR + 200
    assert max(starts) > len(text) * 0.8
