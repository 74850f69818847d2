"""An audit as a whole, by a model that has a list of names and states that tell them from other words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from ner_tui.auditing.annotated import kept
from ner_tui.auditing.evidence import NAMES
from ner_tui.auditing.examining import Examined
from ner_tui.auditing.gold import Audit, Likeliest, audit
from ner_tui.auditing.hypotheses import Hypothesis
from ner_tui.domain.document import Sentence
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.schemes import TagSpan
from ner_tui.errors import InputError
from ner_tui.predictors.base import Context, ModelInfo, Piece, WordProbabilities

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
PEOPLE, PLACES = ("Ada", "Bob", "Cleo", "Dora"), ("Oslo", "Rome", "Lima", "Cork")


class Names:
    """Knows people and places, some of them all; its states tell both from other words."""

    def __init__(self, channels: int = 4, tags: tuple[str, ...] = TAGS, knows_all: bool = False) -> None:
        self.info = ModelInfo("names", "0" * 64, "fp32", tags, "none")
        self.channels = channels
        self._unsure = () if knows_all else ("Dora",)

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        for sentence in block:
            words = sentence.words
            rows = np.full((len(words), len(self.info.tags)), 0.01, np.float32)
            states = np.zeros((len(words), max(self.channels, 1)), np.float16)
            for at, word in enumerate(words):
                kind = 1 if word in PEOPLE else 3 if word in PLACES else 0
                rows[at, kind] = 0.9
                if word in self._unsure:
                    rows[at, 0] = 1.2
                rows[at] /= rows[at].sum()
                states[at, kind % states.shape[1]] = 4 + len(word) / 10
            yield WordProbabilities(rows, np.zeros(len(words), bool), states)

    def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        return self.predict(block, context)

    def wordpieces(self, text: str) -> Iterator[Piece]:
        return iter(())

    def close(self) -> None:
        pass


def text(
    number: int = 300, labels: tuple[str, str] = ("PER", "LOC"), confirmed: Callable[[int], bool] = lambda _: False
) -> list[TaggedSentence]:
    """Return annotated sentences, six lines each."""
    found = []
    for at in range(number):
        words = [PEOPLE[at % 4], "went", "to", PLACES[at // 4 % 4], "by", f"train{at % 7}"]
        spans = [TagSpan(0, 1, labels[0]), TagSpan(3, 4, labels[1])]
        found.append(TaggedSentence("gold.conll", words, range(7 * at + 1, 7 * at + 7), (), spans, confirmed(at)))
    return found


def with_spans(sentences: list[TaggedSentence], at: int, *spans: TagSpan) -> None:
    old = sentences[at]
    sentences[at] = TaggedSentence(old.path, old.words, old.lines, (), spans, old.confirmed)


def audited(
    sentences: list[TaggedSentence], model: Names, at_least: float = 0.3, *, out_of_fold: bool = False
) -> Audit:
    return audit(lambda: iter(sentences), model, LabelMap(), "document", at_least, out_of_fold=out_of_fold)


def spoilt(
    labels: tuple[str, str] = ("PER", "LOC"), confirmed: Callable[[int], bool] = lambda _: False
) -> list[TaggedSentence]:
    """Return sentences of which three are wrong: one lacks a person, one a place, one has another label."""
    sentences = text(labels=labels, confirmed=confirmed)
    with_spans(sentences, 20, TagSpan(3, 4, labels[1]))
    with_spans(sentences, 90, TagSpan(0, 1, labels[0]))
    with_spans(sentences, 200, TagSpan(0, 1, labels[1]), TagSpan(3, 4, labels[1]))
    return sentences


def places(found: Audit) -> set[tuple[int, str]]:
    return {(each.sentence.lines[0] // 7, each.about.kind) for each in found.findings}


def test_what_is_wrong_comes_out_with_its_place_and_why() -> None:
    found = audited(spoilt(), Names())
    assert found.how == "judged by names"
    assert places(found) == {(20, "missing"), (90, "missing"), (200, "label")}
    missing = next(each for each in found.findings if each.sentence.lines[0] == 141)
    assert missing.about.proposed == ((0, 1, "PER"),)
    assert any("PER" in reason for reason in missing.reasons)
    assert any("elsewhere" in reason for reason in missing.reasons)
    assert [each.probability for each in found.findings] == sorted(
        (each.probability for each in found.findings), reverse=True
    )
    assert (found.sentences, found.spans) == (300, 598)


def test_the_same_annotations_have_the_same_findings() -> None:
    assert audited(spoilt(), Names()) == audited(spoilt(), Names())


def test_labels_that_the_model_does_not_know_are_learnt_out_of_fold() -> None:
    found = audited(spoilt(("WHO", "WHERE")), Names())
    assert places(found) == {(20, "missing"), (90, "missing"), (200, "label")}
    assert "out of fold" in found.how
    assert "does not know WHO, WHERE" in found.how


@pytest.mark.parametrize("rare", [(201,), (201, 202), (201, 202, 206)], ids=str)
def test_labels_that_are_in_one_fold_alone_change_nothing_elsewhere(rare: tuple[int, ...]) -> None:
    """What is learnt without that fold has fewer labels than the rest."""
    sentences = spoilt(("WHO", "WHERE"))
    for number in rare:
        with_spans(sentences, number, TagSpan(0, 1, "WHO"), TagSpan(3, 4, f"TOWN{number % 5}"))
    found = places(audited(sentences, Names()))
    assert {each for each in found if each[0] not in rare} == {(20, "missing"), (90, "missing"), (200, "label")}


def test_a_file_of_one_block_is_learnt_from_and_judged_out_of_fold_too() -> None:
    sentences = text(60, labels=("WHO", "WHERE"))
    with_spans(sentences, 20, TagSpan(3, 4, "WHERE"))
    assert (20, "missing") in places(audited(sentences, Names()))


def test_a_model_that_finds_nearly_all_of_it_has_seen_it_and_is_not_asked() -> None:
    found = audited(text(), Names(knows_all=True))
    assert "has seen this text" in found.how
    assert audited(text()[:40], Names(knows_all=True)).how == "judged by names"


def test_without_states_labels_cannot_be_learnt() -> None:
    with pytest.raises(InputError, match="gives no states to learn from, and names does not know WHO, WHERE"):
        audited(text(labels=("WHO", "WHERE")), Names(channels=0))


def test_where_nothing_is_annotated_there_is_nothing_to_look_for() -> None:
    with pytest.raises(InputError, match="nothing is annotated"):
        audited([TaggedSentence("gold.conll", ["Ada"], [1], (), ())], Names())


def test_what_a_person_has_confirmed_is_not_asked_about() -> None:
    found = audited(spoilt(confirmed=lambda at: at == 90), Names())
    assert places(found) == {(20, "missing"), (200, "label")}


def test_nothing_less_probable_than_is_asked_for_comes_out() -> None:
    chances = [each.probability for each in audited(spoilt(), Names()).findings]
    between = (chances[0] + chances[-1]) / 2
    asked = [each.probability for each in audited(spoilt(), Names(), between).findings]
    assert asked == [chance for chance in chances if chance >= between]
    assert 0 < len(asked) < len(chances)


def test_of_very_many_places_the_likeliest_are_kept_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    every = audited(spoilt(), Names(), 0.0)
    monkeypatch.setattr("ner_tui.auditing.gold.MOST", 2)
    found = audited(spoilt(), Names(), 0.0)
    assert len(every.findings) == 3
    assert [each.about for each in found.findings] == [each.about for each in every.findings[:2]]
    assert "the 2 likeliest are told" in found.how
    assert "likeliest" not in every.how


def test_of_however_many_places_few_are_kept_to_learn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.auditing.gold.MOST", 8)
    monkeypatch.setattr("ner_tui.auditing.gold.FAINTEST", 6)
    likeliest, many = Likeliest(), 3_000
    sentence = TaggedSentence("gold.conll", ["Ada"], [1], (), ())
    for number in range(many):
        evidence = (float(number % 7), *(0.0 for _ in NAMES[1:]))
        likeliest.add(sentence, Examined(0, Hypothesis(0, 1, (), ((0, 1, "PER"),)), evidence))
    kept = likeliest.taken()
    assert [each.evidence[0] for _, each in kept] == [6.0] * 8
    assert 3 <= len(likeliest.faint) <= 6
    assert likeliest.every * len(likeliest.faint) == pytest.approx(many - 8, rel=0.35)


@pytest.mark.parametrize("word", ["Ada", "A\0da"])
def test_a_sentence_is_kept_with_its_words_lines_and_spans(word: str) -> None:
    given = TaggedSentence("gold.conll", [word, "met", "Bob"], [4, 5, 6], ("O", "O", "B-PER"), [TagSpan(2, 3, "PER")])
    found = kept(given)
    assert list(found.words) == given.words
    assert (found.words[0], list(found.words[1:]), len(found.words)) == (word, ["met", "Bob"], 3)
    assert list(found.lines) == given.lines
    assert (found.spans, found.place(2)) == (given.spans, "gold.conll:6")
