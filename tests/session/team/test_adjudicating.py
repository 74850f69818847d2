"""Adjudicating: what all read alike is decided, each conflict waits with its readings, and nothing agreed is lost."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.adjudication import Conflict
from ner_tui.session.team.adjudicating import AdjudicationReport, adjudicate
from ner_tui.session.team.sides import SideOptions
from ner_tui.session.transfer.rebuild import check_project

WORDS = "Ada Okonkwo left New York . | Bob saw Acme . | Nobody grew ."
TAGS = {
    "ana": "B-PER I-PER O B-LOC I-LOC O | B-PER O B-ORG O | O O O",
    "bo": "B-PER I-PER O B-LOC O O | B-PER O B-LOC O | O O O",
    "cy": "B-PER I-PER O O B-LOC O | B-PER O O O | O O O",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, tags in TAGS.items():
        write(name, WORDS, tags)
    return tmp_path


def write(name: str, words: str, tags: str) -> str:
    rows = [f"{word} {tag}" if word != "|" else "" for word, tag in zip(words.split(), tags.split(), strict=True)]
    Path(f"{name}.conll").write_text("\n".join(rows) + "\n\n")
    return f"{name}.conll"


def gold(*names: str, blind: bool = False, all_sentences: bool = False) -> AdjudicationReport:
    paths = [name if "." in name else f"{name}.conll" for name in names or TAGS]
    return adjudicate(paths, SideOptions(only_confirmed=not all_sentences), Path("gold.ner"), blind=blind)


@pytest.fixture
def sit() -> Session:
    gold()
    return open_session([], SessionOptions("gold.ner", annotator="judge"))


def conflict(session: Session, word: str) -> Conflict:
    found = session.adjudication.conflict_at(session.document.text.index(word))
    assert found is not None
    return found


def decided(session: Session) -> list[tuple[str, str]]:
    return [
        (session.document.words(mark.span.start, mark.span.end), mark.span.label)
        for mark in session.document.spans(0, session.document.length)
        if mark.kind == "decided"
    ]


def test_what_all_read_alike_is_decided_and_conflicts_are_counted() -> None:
    report = gold()
    assert (report.agreed, report.conflicts, report.sentences, report.unread) == (2, 2, 3, 0)
    assert "ana, bo, cy: 2 spans by agreement, 2 conflicts in 3 sentences" in str(report)
    with closing(open_session([], SessionOptions("gold.ner"))) as session:
        assert decided(session) == [("Ada Okonkwo", "PER"), ("Bob", "PER")]
        assert session.row().confirmed == 1, "a sentence without a conflict is confirmed"
        found = session.inspector.at(0)
        assert found is not None
        assert found.agreed


def test_a_conflict_has_each_reading_once_with_its_readers_and_the_most_common_first(sit: Session) -> None:
    with closing(sit) as session:
        readings = conflict(session, "New York").readings
        words = [[(session.document.words(s.start, s.end), s.label) for s in each.spans] for each in readings]
        assert words == [[("New", "LOC")], [("New York", "LOC")], [("York", "LOC")]]
        assert [each.readers for each in readings] == [("bo",), ("ana",), ("cy",)]
        acme = conflict(session, "Acme").readings
        assert [[s.label for s in each.spans] for each in acme] == [["LOC"], ["ORG"], []]
        assert acme[-1].readers == ("cy",)


def test_taking_a_reading_answers_the_conflict_and_confirms_its_sentence_when_it_was_the_last(sit: Session) -> None:
    with closing(sit) as session:
        here = conflict(session, "New York")
        session.corrections.take_reading(here.start, here.end, here.readings[1].spans, cursor=here.start)
        assert decided(session) == [("Ada Okonkwo", "PER"), ("New York", "LOC"), ("Bob", "PER")]
        assert session.adjudication.conflict_at(here.start) is None
        assert session.document.sentence_state(0).status == "confirmed"
        assert len(list(session.queue.entries(DoubtFilter(reason="conflict")))) == 1


def test_undo_brings_a_conflict_back_with_all_of_its_readings(sit: Session) -> None:
    with closing(sit) as session:
        here = conflict(session, "New York")
        for reading in (*(each.spans for each in here.readings), ()):
            session.corrections.take_reading(here.start, here.end, reading, cursor=here.start)
            assert session.corrections.undo() is not None
            assert conflict(session, "New York") == here
            assert session.document.sentence_state(0).status == "untouched"


def test_nothing_is_there_is_an_answer_too(sit: Session) -> None:
    with closing(sit) as session:
        here = conflict(session, "Acme")
        session.corrections.take_reading(here.start, here.end, (), cursor=here.start)
        assert decided(session) == [("Ada Okonkwo", "PER"), ("Bob", "PER")]
        assert session.adjudication.conflict_at(here.start) is None


def test_keys_that_confirm_many_settle_no_conflict(sit: Session) -> None:
    with closing(sit) as session:
        session.corrections.confirm_in_sight(0, session.document.length)
        assert decided(session) == [("Ada Okonkwo", "PER"), ("Bob", "PER")]
        assert conflict(session, "Acme")


def test_names_are_hidden_where_that_is_asked_for() -> None:
    gold(blind=True)
    with closing(open_session([], SessionOptions("gold.ner"))) as session:
        assert {each.readers for each in conflict(session, "Acme").readings} == {()}
        found = session.inspector.at(session.document.text.index("Acme"))
        assert found is not None
        assert {each.model for each in found.opinions} == {"a reader"}


def test_conflicts_and_readers_survive_a_dump() -> None:
    gold()
    assert main(["dump", "gold.ner", "-o", "gold.jsonl"]) == 0
    assert main(["load", "gold.jsonl", "--project", "again.ner"]) == 0
    with (
        closing(open_session([], SessionOptions("gold.ner"))) as one,
        closing(open_session([], SessionOptions("again.ner"))) as other,
    ):
        assert conflict(one, "New York") == conflict(other, "New York")
    assert list(check_project(Path("again.ner"), [])) == []


def project(name: str, *confirmed: int) -> str:
    with closing(open_session([f"{name}.conll"], SessionOptions(f"{name}.ner"))) as session:
        for offset in confirmed:
            session.corrections.confirm(offset)
    return f"{name}.ner"


def test_sentences_that_not_all_have_confirmed_are_left_open() -> None:
    sides = project("ana", 0, 30), project("bo", 0)
    report = gold(*sides)
    assert (report.sentences, report.unread, report.conflicts) == (1, 2, 1)
    Path("gold.ner").unlink()
    assert gold(*sides, all_sentences=True).conflicts == 2


def test_notes_of_all_annotators_come_along_with_their_names() -> None:
    sides = [project("ana", 0, 30), project("bo", 0, 30)]
    for name, at in {"ana": 0, "bo": 17}.items():
        with closing(open_session([], SessionOptions(f"{name}.ner"))) as session:
            assert session.document.words(17, 25) == "New York"
            session.corrections.note(17, 25, "a city?", cursor=17)
            session.corrections.note(at, at + 3, "sure", cursor=at)
    gold(*sides)
    with closing(open_session([], SessionOptions("gold.ner"))) as session:
        assert [(note.start, note.end, note.text) for note in session.document.notes(0, 100)] == [
            (0, 3, "ana: sure"),
            (17, 20, "bo: sure"),
            (17, 25, "ana: a city? · bo: a city?"),
        ]


def test_other_words_are_aligned_and_spans_without_a_place_are_listed() -> None:
    write("bo", WORDS.replace("New York", "NewYork"), "B-PER I-PER O B-LOC O | B-PER O B-LOC O | O O O")
    report = gold("ana", "bo")
    assert report.conflicts == 1, "the place is the same for both, whatever the words"
    write("cy", WORDS.replace("Acme", "Akme"), TAGS["cy"].replace("B-PER O O O", "B-PER O B-ORG O"))
    Path("gold.ner").unlink()
    report = gold("ana", "cy")
    assert report.not_placed == ["cy: cy.conll: not placed: ORG “Akme”"]
    assert report.unread == 1


def test_a_sentence_with_a_span_that_has_no_place_is_not_confirmed() -> None:
    nothing = TAGS["ana"].replace("B-LOC I-LOC", "O O")
    write("ana", WORDS.replace("New York", "NewYork"), nothing.replace("O O O |", "O O |", 1))
    write("bo", WORDS, nothing.replace("O O O |", "B-LOC O O |", 1))
    write("cy", WORDS.replace("New York", "by NewYork"), nothing.replace("O O O |", "B-LOC I-LOC O |", 1))
    for other, decided_there in {"bo": ["Ada Okonkwo", "Bob", "Acme"], "cy": ["Bob", "Acme"]}.items():
        report = gold("ana", other)
        assert len(report.not_placed) == 1
        assert report.conflicts == 0
        with closing(open_session([], SessionOptions("gold.ner"))) as session:
            assert [words for words, _ in decided(session)] == decided_there
            assert session.document.sentence_state(0).status == "untouched"
            assert session.row().confirmed == 2
        Path("gold.ner").unlink()


def test_documents_that_not_all_have_are_left_out_and_counted() -> None:
    Path("ana.conll").write_text(f"-DOCSTART- O\n\n{Path('ana.conll').read_text()}-DOCSTART- O\n\nMore O\n\n")
    report = gold()
    assert (report.documents, report.left_out) == (1, {"ana": 1, "bo": 0, "cy": 0})


def test_annotators_of_one_prodigy_file_are_readers() -> None:
    record = '{{"text": "Ada left.", "spans": [{}], "answer": "accept", "_annotator_id": "{}"}}\n'
    span = '{"start": 0, "end": 3, "label": "PER"}'
    Path("p.jsonl").write_text(record.format(span, "ana") + record.format("", "bo"))
    report = gold("p.jsonl")
    assert (report.readers, report.conflicts) == (("ana", "bo"), 1)


def test_who_was_followed_is_told_of_what_is_settled_and_the_votes_go_along(
    sit: Session, capfd: pytest.CaptureFixture[str]
) -> None:
    with closing(sit) as session:
        here = conflict(session, "New York")
        session.corrections.take_reading(here.start, here.end, here.readings[1].spans, cursor=here.start)
        (*_, found) = session.adjudication.following()
    assert found is not None
    assert (found.conflicts, [each.followed for each in found.readers]) == (1, [1, 0, 0])
    capfd.readouterr()
    assert main(["agree", "gold.ner", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [(each["name"], each["followed"], each["boundaries"]) for each in told["annotators"]] == [
        ("ana", 1, {}),
        ("bo", 0, {"LOC": 1}),
        ("cy", 0, {"LOC": 1}),
    ]
    assert main(["agree", "gold.ner"]) == 0
    assert "Where bo errs" in capfd.readouterr().out
    assert main(["export", "gold.ner", "--to", "jsonl"]) == 0
    written = json.loads(capfd.readouterr().out)
    votes = written["sentences"][1]["meta"]["votes"]
    text = written["text"]
    said = {name: [(text[start:end], label) for start, end, label in spans] for name, spans in votes.items()}
    assert said["bo"] == [("Bob", "PER"), ("Acme", "LOC")]
    assert said["cy"] == [("Bob", "PER")]
    assert "meta" not in written["sentences"][2], "nobody has a span there"


def test_what_is_exported_is_what_was_agreed_and_settled(sit: Session, capfd: pytest.CaptureFixture[str]) -> None:
    with closing(sit) as session:
        for word, number in {"New York": 1, "Acme": 0}.items():
            here = conflict(session, word)
            session.corrections.take_reading(here.start, here.end, here.readings[number].spans, cursor=here.start)
        assert session.row().confirmed == session.row().sentences
    capfd.readouterr()
    assert main(["export", "gold.ner"]) == 0
    tags = [line.split()[1] for line in capfd.readouterr().out.splitlines() if line]
    assert tags == "B-PER I-PER O B-LOC I-LOC O B-PER O B-LOC O O O O".split()


def test_a_project_that_is_there_and_texts_of_others_are_refused() -> None:
    gold()
    with pytest.raises(Exception, match="is there already"):
        gold()
    write("other", "Quite another text", "O O O")
    Path("gold.ner").unlink()
    with pytest.raises(Exception, match="no text in common"):
        gold("ana", "other")
    assert not Path("gold.ner").exists()


def order_of(names: dict[str, str]) -> list[str]:
    """Return the words at which the conflicts of files stand, in the order of the walk; a letter is a tag."""
    Path("gold.ner").unlink(missing_ok=True)
    spelled = {"P": "B-PER", "R": "B-ORG", ".": "O"}
    for name, letters in names.items():
        tags = " | ".join(f"{spelled[letter]} O" for letter in letters)
        write(name, " | ".join(f"w{at} ." for at in range(len(letters))), tags)
    gold(*names)
    with closing(open_session([], SessionOptions("gold.ner"))) as session:
        return [
            session.document.words(entry.doubt.start, entry.doubt.end)
            for entry in session.queue.entries(DoubtFilter("doubt", "conflict"))
        ]


def test_of_four_annotators_the_conflict_comes_first_of_which_it_is_least_sure_who_is_right() -> None:
    sides = {
        "a": "PRPRPRPRPRPRPRPRPRPRPP",
        "b": "PRPRPRPRPRPRPRPRPRPRPR",
        "c": "PRPRPRPRPRPRPRPRPRPRPP",
        "d": "P.PR..PR.RP..RPR..PRPR",
    }
    found = order_of(sides)
    assert len(found) == 9
    assert found[0] == "w21", "that d misses what the others have says little: it often does"
    three = order_of({name: letters for name, letters in sides.items() if name != "c"})
    assert three == sorted(three, key=lambda word: int(word[1:])), "three are too few to tell"
