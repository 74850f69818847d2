"""What speaks for a hypothesis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.auditing.annotated import one_by_one
from ner_tui.auditing.evidence import NAMES, Setting
from ner_tui.auditing.examining import Examined
from ner_tui.auditing.hypotheses import Hypothesis
from ner_tui.auditing.surfaces import SurfaceCounts
from ner_tui.auditing.trust import Trust
from ner_tui.domain.tag_chain import TagColumns, stacked_chain
from ner_tui.learning.lessons import WordSpan

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


def setting(text: str, given: Sequence[WordSpan] = (), rows: np.ndarray | None = None) -> Setting:
    words = text.split()
    values = np.tile(np.array([0.6, 0.1, 0.1, 0.1, 0.1], np.float32), (len(words), 1)) if rows is None else rows
    columns = TagColumns.of(TAGS)
    chain, firsts = stacked_chain([values], columns, 1)
    numbers = {label: number for number, label in enumerate(columns.labels)}
    counts = SurfaceCounts()
    first, alone = int(firsts[0]), SurfaceCounts()
    return Setting(words, given, chain, chain.begin, first, numbers, counts, counts, alone, given, Counter())


def readings(first: int, end: int) -> Iterator[tuple[WordSpan, ...]]:
    """Yield all sets of spans of words ``[first, end)``."""
    if first >= end:
        yield ()
        return
    for rest in readings(first + 1, end):
        yield rest
    for stop in range(first + 1, end + 1):
        for label in ("PER", "LOC"):
            for rest in readings(stop, end):
                yield ((first, stop, label), *rest)


@settings(max_examples=examples(40))
@given(st.lists(st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5), min_size=3, max_size=5))
def test_the_readings_of_a_whole_sentence_have_all_of_the_probability(values: list[list[float]]) -> None:
    rows = np.array(values, np.float32)
    rows /= rows.sum(axis=1, keepdims=True)
    here = setting(" ".join("abcde"[: len(rows)]), rows=rows)
    total = sum(here.chance(0, len(rows), each) for each in readings(0, len(rows)))
    assert total == pytest.approx(1.0, abs=1e-6)


def test_a_label_that_the_model_does_not_have_has_no_probability() -> None:
    assert setting("a b").chance(0, 1, [(0, 1, "DRUG")]) < 1e-20


def values_of(here: Setting, about: Hypothesis) -> dict[str, float]:
    return dict(zip(NAMES, here.evidence(about), strict=True))


def test_the_model_speaks_for_what_it_finds_likelier() -> None:
    rows = np.array([[0.1, 0.8, 0.0, 0.1, 0.0]], np.float32)
    found = values_of(setting("Ada", [(0, 1, "LOC")], rows), Hypothesis(0, 1, ((0, 1, "LOC"),), ((0, 1, "PER"),)))
    assert found["likelier"] == pytest.approx(np.log(8), abs=1e-3)
    assert found["unlikely"] == pytest.approx(np.log(9), abs=1e-3)
    assert (found["label"], found["missing"]) == (1.0, 0.0)


def test_the_same_words_elsewhere_speak_but_not_the_sentence_itself() -> None:
    here = setting("Ada left")
    for _ in range(3):
        here.corpus.take_in(["Ada"], [(0, 1, "PER")])
        here.corpus.count(["Ada"], [(0, 1, "PER")])
    missing = Hypothesis(0, 1, (), ((0, 1, "PER"),))
    assert values_of(here, missing)["elsewhere"] > 1
    own = Counter({("Ada", "PER"): 3})
    assert values_of(replace(here, own=own), missing)["elsewhere"] == 0


def test_where_the_same_words_are_in_no_span_that_speaks_against() -> None:
    here = setting("May came")
    here.corpus.take_in(["May"], [(0, 1, "PER")])
    here.corpus.count(["May"], [(0, 1, "PER")])
    for _ in range(5):
        here.corpus.count(["May"], [])
    assert values_of(here, Hypothesis(0, 1, (), ((0, 1, "PER"),)))["elsewhere"] < 0


def test_spans_end_as_names_do() -> None:
    longer, name = (0, 2, "PER"), (0, 1, "PER")
    assert values_of(setting("Ada , left"), Hypothesis(0, 2, (longer,), (name,)))["ends"] == 1
    assert values_of(setting("Ada said so"), Hypothesis(0, 2, (name,), (longer,)))["ends"] == -1


def test_neighbours_in_a_list_are_of_a_kind() -> None:
    text, others = "Paris , Rome and Oslo", [(0, 1, "LOC"), (2, 3, "PER"), (4, 5, "LOC")]
    about = Hypothesis(2, 3, ((2, 3, "PER"),), ((2, 3, "LOC"),))
    assert values_of(setting(text, others), about)["neighbours"] == 2


def test_of_very_many_strings_those_that_were_a_span_once_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.auditing.surfaces.MOST", 3)
    counts, sentence = (
        SurfaceCounts(),
        (["Oslo", "and", "Oslo", "and", "Ada", "Bob", "Cy"], [(0, 1, "LOC"), (2, 3, "LOC")]),
    )
    counts.take_in(*sentence)
    for at in (4, 5, 6):
        counts.take_in(sentence[0], [(at, at + 1, "PER")])
    counts.count(*sentence)
    assert counts.times("Oslo", "LOC", Counter()) == 2
    assert [counts.odds(name, "PER", Counter()) for name in ("Ada", "Bob", "Cy")] == [0, 0, 0]
    # What comes again after that has given more than is left of it.
    counts.take_in(sentence[0], [(4, 5, "PER")])
    own = Counter({("Ada", "PER"): 2})
    assert (counts.times("Ada", "PER", own), counts.odds("Ada", "PER", own)) == (0, 0)


def test_however_many_strings_there_are_few_are_kept_and_those_that_come_often_are_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ner_tui.auditing.surfaces.MOST", 10)
    counts = SurfaceCounts()
    for number in range(300):
        # Each comes twice: it is not once alone that makes a string rare.
        for _ in range(2):
            counts.take_in([f"w{number}", "Corp"], [(0, 2, "ORG")])
        counts.take_in(["New", "York"], [(0, 2, "LOC")])
        assert max(len(counts._counts), len(counts._lengths)) <= 11
    assert counts.times("New York", "LOC", Counter()) == 300
    counts.count(["in", "New", "York"], [])
    assert counts.times("New York", "O", Counter()) == 1


def test_each_word_speaks_by_what_it_is_elsewhere_whatever_its_case() -> None:
    here = setting("Ada KORDA won", [(0, 1, "PER")])
    longer = Hypothesis(0, 2, ((0, 1, "PER"),), ((0, 2, "PER"),))
    assert values_of(here, longer)["words"] == 0
    for _ in range(4):
        here.alone.take_in(*one_by_one(["Petr", "Korda"], [(0, 2, "PER")]))
    assert values_of(here, longer)["words"] == pytest.approx(np.log(9))
    for _ in range(9):
        here.alone.take_in(*one_by_one(["a", "korda"], []))
    assert values_of(here, longer)["words"] < 0


def test_what_the_sentence_itself_says_of_a_word_does_not_count() -> None:
    words, given = ["Korda", "beat", "Korda"], [(0, 1, "PER")]
    here = setting(" ".join(words), given)
    here.alone.take_in(*one_by_one(words, given))
    assert values_of(here, Hypothesis(2, 3, (), ((2, 3, "PER"),)))["words"] == 0


def test_the_model_speaks_for_each_word_by_itself() -> None:
    rows = np.array([[0.1, 0.8, 0.0, 0.1, 0.0], [0.4, 0.0, 0.4, 0.0, 0.2]], np.float32)
    given, proposed = ((0, 2, "LOC"),), ((0, 2, "PER"),)
    found = values_of(setting("Ada Korda", given, rows), Hypothesis(0, 2, given, proposed))
    assert found["by word"] == pytest.approx((np.log(8) + np.log(2)) / 2, abs=1e-3)
    assert found["extent"] == pytest.approx(np.log(2))


def test_where_a_span_begins_a_word_of_it_speaks_by_its_place_in_the_span() -> None:
    rows = np.array([[0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.75, 0.25, 0.0, 0.0]], np.float32)
    given, proposed = ((0, 2, "PER"),), ((0, 1, "PER"), (1, 2, "PER"))
    found = values_of(setting("Ada Bob", given, rows), Hypothesis(0, 2, given, proposed))
    assert found["by word"] == pytest.approx(np.log(3), abs=1e-3)
    assert found["words"] == 0
    assert found["split"] == 1


def test_labels_that_the_model_and_the_annotations_differ_about_are_trusted_less() -> None:
    trust = Trust()
    missing = {label: Hypothesis(0, 1, (), ((0, 1, label),)) for label in ("PER", "LOC")}
    for label, times in (("PER", 1), ("LOC", 9)):
        row = [0.1, 0.9, 0.0, 0.0, 0.0] if label == "PER" else [0.1, 0.0, 0.0, 0.9, 0.0]
        here = setting("Ada", (), np.array([row], np.float32))
        for _ in range(times):
            trust.look_at(Examined(0, missing[label], here.evidence(missing[label])))
        trust.take_in([(0, 1, label)] * 10)
    values = {label: trust.of(about) for label, about in missing.items()}
    assert values["PER"] == pytest.approx(np.log(12 / 2))
    assert values["LOC"] == pytest.approx(np.log(12 / 10))
    examined = Examined(0, missing["PER"], setting("Ada").evidence(missing["PER"]))
    assert dict(zip(NAMES, trust.evidence(examined), strict=True)) == {
        **dict(zip(NAMES, examined.evidence, strict=True)),
        "trust": values["PER"],
    }
