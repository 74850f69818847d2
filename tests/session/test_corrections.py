"""Corrections: what the screen is told of each edit, of undo and of redo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.edit_result import EditResult
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXT = "Ada Lovelace met Bo. Eve left Rome. She slept.\n"
EVE, SHE = TEXT.index("Eve"), TEXT.index("She")
ROME = Span(TEXT.index("Rome"), TEXT.index("Rome") + 4, "LOC")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(TEXT)
    paths = [str(tmp_path / f"{name}.txt") for name in "ab"]
    options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada")
    open_session(paths, options).close()
    project = Project.open(tmp_path / "p.ner")
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    block = project.predictions.block_at(1, 0)
    assert block is not None
    said = [Suggestion(Span(0, 12, "PER"), 0.9, 0.8, (), run), Suggestion(ROME, 0.9, 0.8, (), run)]
    assert project.predictions.save(block, 0, run, said)
    project.close()
    made = open_session(paths, options)
    yield made
    made.close()


def decided(session: Session) -> list[Span]:
    return [each.span for each in session.document.spans(0, len(TEXT)) if each.kind == "decided"]


def test_an_edit_tells_what_looks_different_and_where_to_stand(session: Session) -> None:
    done = session.corrections.label(17, 19, "PER", cursor=18)
    assert done == EditResult(Verb.LABEL, 1, 17, 19, 18, "", (0,))
    assert (done.changed, done.everywhere) == (True, False)
    # What it is laid over looks different too.
    done = session.corrections.label(4, 12, "ORG", cursor=4)
    assert (done.start, done.end, done.signs) == (0, 12, ())
    assert done.notice == "replaced PER “Ada Lovelace”"


def test_what_confirms_changes_the_look_of_the_sentence(session: Session) -> None:
    done = session.corrections.confirm(EVE + 2)
    assert (done.verb, done.start, done.end, done.cursor) == (Verb.CONFIRM, EVE, SHE, EVE + 2)
    assert decided(session) == [ROME]
    done = session.corrections.confirm_in_sight(0, SHE - 1)
    assert (done.start, done.end, done.cursor) == (0, EVE, 0)
    assert decided(session) == [Span(0, 12, "PER"), ROME]


def test_a_cursor_stays_in_a_span_that_gets_shorter(session: Session) -> None:
    session.corrections.accept(0)
    done = session.corrections.resize(11, right=-1)
    assert (done.verb, done.cursor) == (Verb.SHRINK_RIGHT, 2)
    session.corrections.undo()
    done = session.corrections.resize(2, left=1)
    assert (done.verb, done.cursor) == (Verb.SHRINK_LEFT, 4)
    session.corrections.undo()
    done = session.corrections.resize(1, right=-1)
    assert done.cursor == 1
    session.corrections.undo()
    done = session.corrections.resize(2, right=1)
    assert (done.verb, done.cursor, done.start, done.end) == (Verb.EXTEND_RIGHT, 2, 0, 16)


def test_each_verb_is_one_edit_that_undo_takes_back_and_redo_does_again(session: Session) -> None:
    c = session.corrections
    steps: list[tuple[Callable[[], EditResult], Verb]] = [
        (lambda: c.relabel(0, "ORG"), Verb.RELABEL),
        (lambda: c.accept(0), Verb.ACCEPT),
        (lambda: c.remove(0), Verb.REJECT),
        (lambda: c.take(0, Alternative(0, 3, "ORG", 0.1)), Verb.TAKE_ALTERNATIVE),
        (lambda: c.split_token(0, 2), Verb.SPLIT_TOKEN),
        (lambda: c.move_boundary(EVE), Verb.JOIN_SENTENCES),
        (lambda: c.note(0, 3, "?", cursor=2), Verb.NOTE),
        (lambda: c.flag(0), Verb.FLAG),
    ]
    for do, verb in steps:
        done = do()
        assert (done.verb, done.document) == (verb, 1)
        back = c.undo()
        assert back is not None
        assert back.verb is Verb.UNDO
        assert back.notice.startswith(f"undo: {verb.words}")
        again = c.redo()
        assert again is not None
        assert again.verb is Verb.REDO
        assert again.notice.startswith(f"redo: {verb.words}")
        c.undo()
    assert c.undo() is None
    assert c.redo() is not None


def test_tokens_are_merged_where_they_were_split(session: Session) -> None:
    session.corrections.split_token(0, 2)
    assert session.corrections.merge_tokens(0).verb is Verb.MERGE_TOKENS
    assert session.document.tokens[0].end == 3


def test_undo_of_what_is_in_another_document_tells_which(session: Session) -> None:
    session.corrections.label(17, 19, "PER", cursor=18)
    session.open(2)
    back = session.corrections.undo()
    assert back is not None
    assert (back.document, back.start, back.end, back.cursor) == (1, 17, 19, 18)


def test_undo_of_what_was_done_to_one_span_names_it(session: Session) -> None:
    c = session.corrections
    c.label(17, 19, "PER", cursor=18)
    words = session.document.words(17, 19)
    back = c.undo()
    assert back is not None
    assert back.notice == f"undo: label PER “{words}”"
    c.label(17, 19, "PER", cursor=18)
    c.remove(17)
    back = c.undo()
    assert back is not None
    assert back.notice.endswith(f" PER “{words}”")
    session.open(2)
    c.undo()
    again = c.redo()
    assert again is not None
    # Of another document, which the text on the screen is not from, it is told which one.
    assert again.notice == "redo: label"


def test_undo_of_many_confirmed_sentences_says_how_many_they_were(session: Session) -> None:
    session.corrections.confirm_in_sight(0, len(TEXT))
    sentences = session.row().confirmed
    back = session.corrections.undo()
    assert back is not None
    assert back.notice == f"undo: confirm {sentences} sentences"
    session.corrections.confirm(0)
    back = session.corrections.undo()
    assert back is not None
    assert back.notice == "undo: confirm"


def test_undo_of_a_change_in_several_places_tells_of_all_in_the_open_document(session: Session) -> None:
    from ner_tui.domain.annotation.occurrences import Matching

    session.open(2)
    places = list(session.concordance.occurrences("Bo", Matching()))
    places += list(session.concordance.occurrences("Rome", Matching()))
    assert session.concordance.label(places, "MISC") == 4
    back = session.corrections.undo()
    assert back is not None
    assert (back.document, back.start, back.end) == (2, 17, ROME.end)
    assert (back.notice, back.signs) == ("undo: fix all in 4 places", (0, EVE))


def test_undo_of_what_is_about_labels_says_that_anything_may_look_different(session: Session) -> None:
    session.label_editing.add("GENE")
    back = session.corrections.undo()
    assert back is not None
    assert (back.everywhere, back.document, back.start, back.end) == (True, 1, 0, len(TEXT))
    assert back.notice == "undo: add label"


def test_blind_mode_shows_first_what_it_hides_and_confirms_nothing_unseen(session: Session) -> None:
    session.blind_mode.is_on = True
    assert session.corrections.hides_something(EVE)
    assert not session.corrections.hides_something(SHE)
    with pytest.raises(EditRefused, match="blind mode"):
        session.corrections.confirm_in_sight(0, len(TEXT))
    done = session.corrections.confirm(EVE)
    assert (done.verb, done.start, done.end) == (Verb.SHOW_SUGGESTIONS, EVE, SHE)
    assert decided(session) == []
    assert session.corrections.confirm(EVE).verb is Verb.CONFIRM
    assert decided(session) == [ROME]
    with pytest.raises(EditRefused, match="no suggestion"):
        session.corrections.accept(0)
    session.blind_mode.is_on = False
    assert not session.corrections.hides_something(0)


def test_a_key_that_confirms_and_finds_nothing_but_doubts_leaves_them_and_changes_nothing(session: Session) -> None:
    run = session._project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    session._project.items.put(1, Suggestion(Span(SHE, SHE + 3, "PER"), 0.6, 0.1, (), run))
    done = session.corrections.confirm(SHE)
    assert (done.changed, done.left, decided(session)) == (False, (SHE,), [])
    assert session.corrections.undo() is None
