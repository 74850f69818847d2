"""The peers of the learning benchmark: what they are taught is what is right."""

from __future__ import annotations

from benchmarks.learning_peers import _bilou, _spans, _tags, dictionary

SPANS = ((0, 1, "PER"), (2, 4, "LOC"), (4, 7, "ORG"))


def test_spans_are_written_as_tags_of_each_word() -> None:
    assert _bilou(8, SPANS) == ["U-PER", "O", "B-LOC", "L-LOC", "B-ORG", "I-ORG", "L-ORG", "O"]
    assert _spans(_tags(8, SPANS)) == set(SPANS)


def test_the_dictionary_suggests_what_was_decided_before_the_longest_first() -> None:
    gold = [
        (("New", "York"), ((0, 2, "LOC"),)),
        (("York", "won"), ((0, 1, "ORG"),)),
        (("New", "York", "beat", "York"), ()),
    ]
    assert dictionary(gold) == [set(), set(), {(0, 2, "LOC"), (3, 4, "ORG")}]
