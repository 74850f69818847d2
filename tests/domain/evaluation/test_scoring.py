"""Scoring: the counts of seqeval, strict and not, and those of conlleval's rules, on any tags whatever."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import seqeval.metrics
import seqeval.metrics.v1
import seqeval.scheme
from conlleval import conlleval
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.evaluation.scoring import MEASURES, MeasureRow, Scores
from ner_tui.domain.evaluation.strict import strict_decode
from ner_tui.domain.schemes import SCHEMES, TagSpan, decode, encode

Corpus = list[tuple[list[str], list[str]]]
STRICT = {
    "iob1": (seqeval.scheme.IOB1, "BI"),
    "iob2": (seqeval.scheme.IOB2, "BI"),
    "bioes": (seqeval.scheme.IOBES, "BIES"),
    "bilou": (seqeval.scheme.BILOU, "BILU"),
}


def corpora(prefixes: str) -> st.SearchStrategy[Corpus]:
    """Gold and predicted tags of a few sentences, most of them illegal."""
    tags = st.sampled_from(["O", *(f"{prefix}-{label}" for prefix in prefixes for label in ("PER", "LOC"))])
    sentence = st.lists(st.tuples(tags, tags), min_size=1, max_size=8)
    return st.lists(sentence, min_size=1, max_size=4).map(
        lambda made: [([gold for gold, _ in pairs], [guess for _, guess in pairs]) for pairs in made]
    )


def scored(corpus: Corpus, scheme: str | None = None) -> Scores:
    """Score a corpus; strictly, if a scheme is given."""
    scores = Scores()
    for gold, guessed in corpus:
        right, found = (strict_decode(tags, scheme) if scheme else decode(tags) for tags in (gold, guessed))
        scores.add(right, found, len(gold))
    return scores


def agrees_with_report(scores: Scores, report: dict[str, dict[str, float]]) -> None:
    """Compare with a classification report of seqeval's."""
    averages = {"micro avg": scores.micro, "macro avg": scores.macro, "weighted avg": scores.weighted}
    assert {*scores.labels, *averages} == set(report)
    for name, row in report.items():
        ours = averages.get(name) or scores.label(name)
        assert ours[:3] == pytest.approx((row["precision"], row["recall"], row["f1-score"]))
        assert ours.support == row["support"]


def split(corpus: Corpus) -> tuple[list[list[str]], list[list[str]]]:
    return [gold for gold, _ in corpus], [guessed for _, guessed in corpus]


@given(corpora("BIES"))
@settings(max_examples=examples(200), deadline=None)
def test_the_figures_are_those_of_seqeval(corpus: Corpus) -> None:
    scores = scored(corpus)
    if scores.labels:
        report = seqeval.metrics.classification_report(*split(corpus), output_dict=True, zero_division=0)
        agrees_with_report(scores, report)


@pytest.mark.parametrize("scheme", STRICT)
@given(data=st.data())
@settings(max_examples=examples(200), deadline=None)
def test_the_strict_figures_are_those_of_seqeval_in_strict_mode(scheme: str, data: st.DataObject) -> None:
    theirs, prefixes = STRICT[scheme]
    corpus = data.draw(corpora(prefixes))
    scores = scored(corpus, scheme)
    if scores.labels:
        report = seqeval.metrics.v1.classification_report(
            *split(corpus), scheme=theirs, output_dict=True, zero_division=0
        )
        agrees_with_report(scores, report)


@given(corpora("BI"))
@settings(max_examples=examples(200), deadline=None)
def test_the_counts_are_those_of_conllevals_rules(corpus: Corpus) -> None:
    scores, theirs = scored(corpus), conlleval(*split(corpus))
    for label in ("PER", "LOC"):
        ours = scores.label(label)
        assert (ours.correct, ours.support, ours.predicted) == (
            theirs.correct[label], theirs.gold[label], theirs.guessed[label],
        )  # fmt: skip


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@given(data=st.data())
@settings(max_examples=examples(200), deadline=None)
def test_what_is_legal_counts_the_same_strictly_or_not(scheme: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 4), st.sampled_from("AB")), max_size=5))
    spans: list[TagSpan] = []
    at = 0
    for gap, length, label in gaps:
        spans.append(TagSpan(at + gap, at + gap + length, label))
        at += gap + length
    tags = encode(spans, at + 1, scheme)
    assert strict_decode(tags, scheme) == decode(tags) == spans


@pytest.mark.parametrize(
    ("tags", "scheme", "spans"),
    [
        ("O I-PER I-PER", "iob2", []),
        ("O I-PER I-PER", "iob1", [(1, 3)]),
        ("B-PER I-LOC", "iob2", [(0, 1)]),
        ("I-PER B-PER I-PER", "iob2", [(1, 3)]),
        ("I-PER B-PER I-PER", "iob1", [(0, 1), (1, 3)]),
        ("S-PER S-PER", "bioes", [(0, 1), (1, 2)]),
        ("B-PER M-PER E-PER B-PER", "bmes", [(0, 3)]),
        ("PER PER O LOC", "io", [(0, 2), (3, 4)]),
        ("PER B-PER", "iob2", [(1, 2)]),
        ("E-PER S-PER", "iob2", []),
    ],
)
def test_strict_leaves_out_what_breaks_the_scheme(tags: str, scheme: str, spans: list[tuple[int, int]]) -> None:
    assert [span[:2] for span in strict_decode(tags.split(), scheme)] == spans


def counted(gold: Sequence[TagSpan], predicted: Sequence[TagSpan]) -> Scores:
    scores = Scores()
    scores.add(gold, predicted, 20)
    return scores


def test_the_four_measures_give_what_nervaluate_gives_for_each_kind_of_error() -> None:
    gold = [TagSpan(0, 2, "A"), TagSpan(3, 5, "A"), TagSpan(6, 8, "A"), TagSpan(9, 11, "A"), TagSpan(12, 14, "A")]
    guessed = [TagSpan(0, 2, "A"), TagSpan(3, 5, "B"), TagSpan(6, 7, "A"), TagSpan(9, 12, "B"), TagSpan(15, 16, "A")]
    scores = counted(gold, guessed)
    assert scores.kinds == dict.fromkeys(["correct", "label", "boundaries", "both", "missed", "spurious"], 1)
    assert {name: scores.measure(name)[:] for name in MEASURES} == {
        "strict": (1, 3, 0, 1, 1),
        "exact": (2, 2, 0, 1, 1),
        "partial": (2, 0, 2, 1, 1),
        "type": (2, 2, 0, 1, 1),
    }
    assert scores.measure("strict").figures.precision == 1 / 5
    assert scores.measure("partial").figures.recall == 3 / 5


def test_confusions_of_labels_and_of_boundaries_are_counted_apart() -> None:
    gold = [TagSpan(0, 2, "LOC"), TagSpan(3, 6, "ORG"), TagSpan(8, 9, "PER")]
    scores = counted(gold, [TagSpan(0, 2, "ORG"), TagSpan(4, 7, "ORG"), TagSpan(8, 9, "PER")])
    assert scores.confusion == {("LOC", "ORG"): 1, ("PER", "PER"): 1}
    assert scores.boundaries == {("ORG", "too short", "too long"): 1}
    assert not scores.missed
    assert not scores.spurious


def test_nothing_on_either_side_is_no_division_by_zero() -> None:
    scores = counted([], [])
    assert scores.micro == scores.macro == scores.weighted == (0, 0, 0, 0, 0, 0)


def test_sentences_words_and_labels_are_counted_and_errors_are_returned() -> None:
    scores = Scores()
    per, org, loc = TagSpan(0, 2, "PER"), TagSpan(3, 6, "ORG"), TagSpan(8, 9, "LOC")
    assert scores.add([per, org], [per, org], 10) == []
    errors = scores.add([per, loc], [org, per._replace(label="ORG")], 12)
    assert [match.kind for match in errors] == ["label", "spurious", "missed"]
    assert (scores.sentences, scores.words) == (2, 22)
    assert scores.gold == {"PER": 2, "ORG": 1, "LOC": 1}
    assert scores.predicted == {"PER": 1, "ORG": 3}
    assert scores.confusion == {("PER", "PER"): 1, ("ORG", "ORG"): 1, ("PER", "ORG"): 1}
    assert (scores.missed, scores.spurious) == ({"LOC": 1}, {"ORG": 1})
    assert scores.kinds == {"correct": 2, "label": 1, "spurious": 1, "missed": 1}
    assert scores.labels == ["LOC", "ORG", "PER"]


def test_averages_weigh_spans_labels_or_labels_by_their_spans() -> None:
    scores = Scores()
    scores.add(
        [TagSpan(0, 1, "A"), TagSpan(1, 2, "A"), TagSpan(2, 3, "B")], [TagSpan(0, 1, "A"), TagSpan(2, 3, "A")], 9
    )
    assert scores.label("A") == (1 / 2, 1 / 2, 1 / 2, 1, 2, 2)
    assert scores.label("B") == (0, 0, 0, 0, 0, 1)
    assert scores.micro == pytest.approx((1 / 2, 1 / 3, 2 / 5, 1, 2, 3))
    assert scores.macro == pytest.approx((1 / 4, 1 / 4, 1 / 4, 1, 2, 3))
    assert scores.weighted == pytest.approx((1 / 3, 1 / 3, 1 / 3, 1, 2, 3))


def test_half_a_match_counts_half() -> None:
    row = MeasureRow(correct=2, incorrect=1, partial=2, missed=3, spurious=1)
    assert row.figures == pytest.approx((3 / 6, 3 / 8, 3 / 7, 3, 6, 8))
