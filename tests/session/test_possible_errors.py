"""Possible errors in a project: what an audit keeps there, what answers one, and how answers change the order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from auditing.test_gold import Names

from ner_tui.auditing.evidence import NAMES
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.spans import Span
from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.possible_errors import FEWEST, Stopped
from ner_tui.session.transfer.dumping import dump
from ner_tui.session.transfer.loading import load
from ner_tui.session.transfer.rebuild import check_project

WANTED = DoubtFilter(reason="error")


def line(at: int, place: str = "B-LOC") -> str:
    who, where = ("Ada", "Bob", "Cleo")[at % 3], ("Oslo", "Rome", "Lima")[at // 3 % 3]
    return f"{who} B-PER\nwent O\nto O\n{where} {place}\n. O\n\n"


def opened(folder: Path, text: str = "", model: Names | None = None) -> Session:
    path = folder / "gold.conll"
    if text:
        path.write_text(text)
    options = SessionOptions(project=str(folder / "p.ner"), annotator="ada", load=lambda spec: model or Names())
    return open_session([str(path)], options)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session at labels of which one is wrong and one is missing."""
    tags = {10: "B-PER", 20: "O"}
    session = opened(tmp_path, "".join(line(at, tags.get(at, "B-LOC")) for at in range(60)))
    yield session
    session.close()


def look(session: Session) -> list[tuple[str, str]]:
    """Look for errors; return (what would change, the words) of what waits for an answer."""
    audit = session.possible_errors.audit()
    assert audit is not None
    audit.run(lambda share: None, lambda: False)
    return left(session)


def left(session: Session) -> list[tuple[str, str]]:
    return [(entry.why.split(" ", 1)[1], entry.place.text) for entry in session.queue.entries(WANTED)]


def test_an_audit_keeps_what_it_finds_the_likeliest_first_with_its_reasons(session: Session) -> None:
    found = look(session)
    assert sorted(found[:2]) == [("PER → LOC", "Oslo"), ("no entity → LOC", "Oslo")]
    entry = next(session.queue.entries(WANTED))
    error = session.possible_errors.at(entry.doubt.start)
    assert error is not None
    assert "the model reads it as LOC" in error.reasons
    assert error.probability == entry.doubt.number
    looked_at = session.inspector.at(entry.doubt.start)
    assert looked_at is not None
    assert looked_at.error == error
    assert list(check_project(Path(session.project_path), [])) == []


def test_a_word_of_a_person_answers_it_and_undoing_that_asks_again(session: Session) -> None:
    found = look(session)
    entry = next(session.queue.entries(WANTED))
    start, end = entry.doubt.start, entry.doubt.end
    words: tuple[Callable[[], object], ...] = (
        lambda: session.corrections.confirm(start),
        lambda: session.corrections.label(start, end, "MISC", cursor=0),
    )
    for word in words:
        word()
        assert not session.queue.holds(entry)
        assert left(session) == found[1:]
        session.corrections.undo()
        assert session.queue.holds(entry)
        assert left(session) == found


@pytest.mark.parametrize("right", [True, False])
def test_a_verdict_is_a_decision_or_a_rejection_that_goes_with_a_dump_and_is_not_asked_again(
    session: Session, tmp_path: Path, right: bool
) -> None:
    look(session)
    for entry in list(session.queue.entries(WANTED)):
        error = session.possible_errors.at(entry.doubt.start)
        assert error is not None
        session.corrections.settle(error, right=right, cursor=entry.doubt.start)
    assert left(session) == []
    assert look(session) == []
    other = tmp_path / "other"
    other.mkdir()
    (other / "gold.conll").write_bytes((tmp_path / "gold.conll").read_bytes())
    with (other / "p.jsonl").open("w") as out:
        dump(session._project, out)
    load(str(other / "p.jsonl"), other / "p.ner")
    again = opened(other)
    assert look(again) == []
    again.close()


def test_it_is_gone_with_the_labels_that_it_is_about_and_has_their_new_names(session: Session) -> None:
    look(session)
    session.label_editing.rename("LOC", "PLACE")
    assert {change for change, _ in left(session)[:2]} == {"PER → PLACE", "no entity → PLACE"}
    assert set(look(session)[:2]) == {("PER → PLACE", "Oslo"), ("no entity → PLACE", "Oslo")}


def test_an_audit_that_nobody_wants_any_more_keeps_nothing(session: Session) -> None:
    audit = session.possible_errors.audit()
    assert audit is not None
    with pytest.raises(Stopped):
        audit.run(lambda share: None, lambda: True)
    assert not session.possible_errors.is_any_left


def test_labels_of_nothing_are_refused(tmp_path: Path) -> None:
    session = opened(tmp_path, "a O\nb O\n\n")
    audit = session.possible_errors.audit()
    assert audit is not None
    with pytest.raises(InputError, match="nothing is annotated"):
        audit.run(lambda share: None, lambda: False)
    session.close()


def test_enough_answers_change_the_order_of_what_is_left(session: Session) -> None:
    """Two changes of labels: one is always wrong here, though the model speaks for it, and the other right."""
    look(session)
    tokens = session.document.tokens
    places = [tokens[number] for number in range(len(tokens))]
    persons = [token for token in places if session.document.words(*token) in ("Ada", "Bob", "Cleo")]

    def error(number: int, by_model: bool) -> PossibleError:
        start, end = persons[number]
        given, proposed = (Span(start, end, "PER"),), (Span(start, end, "LOC" if by_model else "ORG"),)
        evidence = [0.0] * len(NAMES)
        evidence[NAMES.index("likelier" if by_model else "neighbours")] = 4.0
        return PossibleError(1, start, end, given, proposed, 0.6 if by_model else 0.3, (), tuple(evidence))

    errors = [error(number, number % 2 == 0) for number in range(FEWEST + 10)]
    project = session._project
    with project.transaction():
        project.possible_errors.replace(errors)
    for number, each in enumerate(errors[:FEWEST]):
        assert session.possible_errors.weigh() == 0
        session.corrections.settle(each, right=number % 2 == 0, cursor=each.start)
    by_model = [each.start for each in errors[FEWEST:] if each.evidence[0]]
    before = [entry.doubt.start for entry in session.queue.entries(WANTED)]
    assert set(before[:5]) == set(by_model)
    assert session.possible_errors.weigh() == FEWEST
    after = [entry.doubt.start for entry in session.queue.entries(WANTED)]
    assert set(after[-5:]) == set(by_model)


def test_answers_about_what_another_version_found_are_left_alone(session: Session) -> None:
    look(session)
    tokens = session.document.tokens
    older = [
        PossibleError(1, start, end, (Span(start, end, "PER"),), (), 0.4, (), (1.0, 2.0))
        for start, end in [tokens[number] for number in range(0, 5 * FEWEST, 5)]
    ]
    with session._project.transaction():
        session._project.possible_errors.replace(older)
    for each in older:
        session.corrections.settle(each, right=True, cursor=each.start)
    assert session.possible_errors.weigh() == 0
    assert {each.probability for each in session._project.possible_errors.all()} == {0.4}
