"""Three versions of a document side by side: all is there, in order, and what all have stands alone."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.team.dump_parts import (
    Dump,
    DumpedDocument,
    Line,
    joined_notes,
    read_dump,
    rename_labels,
    stretches,
    united,
)


def lines(texts: str) -> list[Line]:
    return [{"kind": "sentence", "text": text, "tokens": [[0, 1]], "number": at} for at, text in enumerate(texts)]


def side_by_side(base: str, ours: str, theirs: str) -> list[tuple[str, str, str]]:
    def texts(some: list[Line]) -> str:
        return "".join(each["text"] for each in some)

    return [(texts(b), texts(o), texts(t)) for b, o, t in stretches(lines(base), lines(ours), lines(theirs))]


VERSION = st.text("abc", max_size=8)


@given(VERSION, VERSION, VERSION)
def test_every_version_is_there_whole_and_in_order(base: str, ours: str, theirs: str) -> None:
    found = side_by_side(base, ours, theirs)
    assert "".join(o for _, o, _ in found) == ours
    assert "".join(t for _, _, t in found) == theirs
    if ours != theirs:
        assert "".join(b for b, _, _ in found) == base
    assert all(any(each) for each in found)


@given(VERSION)
def test_what_nobody_changed_is_a_stretch_for_each_sentence(base: str) -> None:
    assert side_by_side(base, base, base) == [(text, text, text) for text in base]


def test_what_each_changed_stands_beside_what_was_there() -> None:
    assert side_by_side("abcd", "axbcd", "abcy") == [
        ("a", "a", "a"), ("", "x", ""), ("b", "b", "b"), ("c", "c", "c"), ("d", "d", "y"),
    ]  # fmt: skip
    assert side_by_side("abc", "ac", "abc") == [("a", "a", "a"), ("b", "", "b"), ("c", "c", "c")]
    # Both changed it alike: what was there says nothing of these sentences.
    assert side_by_side("abc", "axc", "axc") == [("", "a", "a"), ("", "x", "x"), ("", "c", "c")]
    assert side_by_side("", "a", "b") == [("", "a", "b")]


def test_words_that_are_cut_otherwise_are_another_sentence() -> None:
    cut = [{**lines("a")[0], "tokens": [[0, 2]]}]
    assert len(list(stretches(lines("ab"), [*cut, *lines("b")], lines("ab")))) == 2
    ((base, ours, theirs), _) = stretches(lines("ab"), [*cut, *lines("b")], lines("ab"))
    assert (base, ours, theirs) == (lines("a"), cut, lines("a"))
    spans = [{**lines("a")[0], "spans": [[0, 1, "X", "person"]]}]
    assert list(stretches(lines("a"), spans, lines("a"))) == [(lines("a"), spans, lines("a"))]


def test_neither_loses_what_either_added_and_what_one_took_away_is_gone() -> None:
    assert united([1, 2, 3], [3, 2, 4], [1, 2, 5, 4]) == [2, 4, 5]
    assert united([], [], []) == []
    assert united([{"a": 1}], [{"a": 1}, {"b": 2}], [{"a": 1}, {"a": 0}]) == [{"a": 1}, {"b": 2}, {"a": 0}]


def test_notes_on_the_same_words_are_one() -> None:
    assert joined_notes([[0, 3, "x"], [0, 4, "y"], [0, 3, "z"]]) == [[0, 3, "x · z"], [0, 4, "y"]]


def test_patterns_of_other_words_or_labels_are_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada left Oslo.")
    session = open_session([str(tmp_path / "a.txt")], SessionOptions(str(tmp_path / "p.ner")))
    patterns = [("Ada", "PER"), ("Oslo", "LOC"), ("Oslo", "ORG")]
    for words, label in patterns:
        session.own_patterns.switch(words, label)
    session.close()
    assert main(["dump", str(tmp_path / "p.ner"), "-o", str(tmp_path / "p.dump")]) == 0
    found = read_dump(str(tmp_path / "p.dump")).patterns.values()
    assert sorted((each["words"], each["label"]) for each in found) == patterns


def test_a_label_has_its_new_name_wherever_it_is_said() -> None:
    said = {"label": "PER", "alternatives": [{"label": None}, {"label": "PER"}, {"label": "LOC"}]}
    line: Line = {
        "spans": [[0, 1, "PER", "person"], [2, 3, "LOC", "file"]],
        "rejected": [[4, 5, "PERSON"], [4, 5, "PER"], [0, 1, "ORG"]],
        "suggested": [said],
    }
    pattern = {"kind": "pattern", "words": "Ada", "label": "PER"}
    dump = Dump({}, patterns={"x": pattern}, documents={("a", "a", 1): DumpedDocument({}, [line, {"text": "b"}])})
    rename_labels(dump, {"PER": "PERSON", "LOC": "PLACE"})
    assert line["spans"] == [[0, 1, "PERSON", "person"], [2, 3, "PLACE", "file"]]
    assert line["rejected"] == [[0, 1, "ORG"], [4, 5, "PERSON"]]
    assert said == {"label": "PERSON", "alternatives": [{"label": None}, {"label": "PERSON"}, {"label": "PLACE"}]}
    assert [each["label"] for each in dump.patterns.values()] == ["PERSON"]
