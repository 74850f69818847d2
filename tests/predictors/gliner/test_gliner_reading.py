"""How a GLiNER reads: windows that leave no word out, labels in passes, what it is asked with and says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from predictors.gliner.conftest import Ask, sentence_of

from ner_tui.domain.annotation.suggestions import FLOOR, LEAST
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label
from ner_tui.errors import ModelError
from ner_tui.predictors import load, load_model
from ner_tui.predictors.base import Context, PromptedModel
from ner_tui.predictors.gliner.graph import WindowBatch
from ner_tui.predictors.gliner.model import Gliner
from ner_tui.predictors.gliner.settings import Settings

WORDS = "Ada met Bob in New York City , and then they left for Łódź by train .".split()
NAMES = ("person", "place")


def document(sentences: int, words: int) -> list[Sentence]:
    found, start = [], 0
    for number in range(sentences):
        text = " ".join(WORDS[(number + at) % len(WORDS)] for at in range(words)) + " "
        found.append(sentence_of(text, start))
        start += len(text)
    return found


@pytest.mark.parametrize(("sentences", "words"), [(1, 700), (60, 23), (3, 65)])
@pytest.mark.parametrize("context", ["document", "sentence"])
def test_no_word_is_left_out_however_long_a_text_is(ask: Ask, sentences: int, words: int, context: str) -> None:
    """The model takes 64 words at a time; asked for everything, it has to say something of each word."""
    block = document(sentences, words)
    found = ask(block, NAMES, 0.0, context)
    for sentence, suggestions in zip(block, found, strict=True):
        covered = {
            token for token in sentence.tokens if any(s.span.overlaps(token.start, token.end) for s in suggestions)
        }
        assert covered == set(sentence.tokens)


def test_a_text_that_fits_is_read_in_one_piece_and_each_sentence_for_itself_if_asked(ask: Ask) -> None:
    block = document(3, 12)
    whole = sentence_of("".join(sentence.text for sentence in block))
    together = [s.score for suggestions in ask(block, NAMES, 0.2) for s in suggestions]
    assert together
    # A span over two sentences is none of ours, and makes room for another.
    assert set(together) & {s.score for s in ask([whole], NAMES, 0.2)[0]}
    alone = [ask([sentence_of(sentence.text)], NAMES, 0.2)[0] for sentence in block]
    apart = ask(block, NAMES, 0.2, "sentence")
    assert [[s.score for s in each] for each in apart] == [[s.score for s in each] for each in alone]


def test_a_span_near_the_edge_of_a_window_is_the_word_of_the_window_it_is_inside_of(model: Gliner, ask: Ask) -> None:
    """Of two windows that overlap only one speaks of a place: nothing is found twice."""
    (found,) = ask(document(1, 300), NAMES, LEAST)
    places = [(s.span.start, s.span.end) for s in found]
    assert places == sorted(set(places))
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_more_labels_than_a_pass_takes_are_asked_for_in_several(
    model: Gliner, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"kind {number}" for number in range(60)]
    asked: list[int] = []
    forward = model.graph.forward

    def counted(batch: WindowBatch) -> object:
        asked.append(batch.labels)
        return forward(batch)

    monkeypatch.setattr(model.graph, "forward", counted)
    block = document(2, 20)
    together = {(s.span, s.score) for each in ask(block, names, 0.0) for s in each}
    assert asked == [20, 20, 20]
    thirds = [ask(block, names[start : start + 20], 0.0) for start in (0, 20, 40)]
    best = max(s.score for found in thirds for each in found for s in each)
    assert max(score for _, score in together) == best
    assert {span.label for span, _ in together} <= set(names)
    source = model.source([Label(name, "", 0) for name in names], LabelMap(), "document", FLOOR)
    assert source.remarks[0].endswith("in 3 passes")


def test_labels_whose_descriptions_fill_the_window_get_passes_of_their_own(model: Gliner, ask: Ask) -> None:
    wordy = [Label(f"l{number}", "", 0, "a very long description of what it is " * 5) for number in range(4)]
    assert len(model.source(wordy, LabelMap(), "document", FLOOR).remarks) == 1
    assert ask(document(1, 100), wordy, 0.0)[0]


def test_a_label_is_asked_for_with_its_description(ask: Ask) -> None:
    sentence = sentence_of("Ada met Bob in New York City.")
    described, named = (
        ask([sentence], [label], 0.0)[0] for label in (Label("PER", "", 0, "a human being"), "a human being")
    )
    assert [(s.span.start, s.span.end, s.score) for s in described] == [
        (s.span.start, s.span.end, s.score) for s in named
    ]
    assert {s.span.label for s in described} == {"PER"}


def test_labels_are_called_as_the_map_says_and_those_it_drops_are_not_asked_for(ask: Ask) -> None:
    sentence = sentence_of("Ada met Bob in New York City.")
    mapped, plain = (
        ask([sentence], ("person", "place"), 0.0, label_map="person=PER,place=")[0],
        ask([sentence], ["person"], 0.0)[0],
    )
    assert {s.span.label for s in mapped} == {"PER"}
    assert [s.score for s in mapped] == [s.score for s in plain]


def test_a_reviewer_is_shown_less_likely_spans_too_and_other_readings(model: Gliner) -> None:
    source = model.source([Label("person", "", 0), Label("place", "", 0)], LabelMap(), "document", 0.9)
    block = document(4, 20)
    parts = list(source.suggest(block))
    assert [sentence for some, _ in parts for sentence in some] == block
    shown = [s for _, found in parts for each in found for s in each]
    assert any(s.below_threshold for s in shown)
    assert all(s.score >= LEAST for s in shown)
    for suggestion in shown:
        others = [other.score for other in suggestion.alternatives]
        assert others == sorted(others, reverse=True)
        assert suggestion.margin == pytest.approx(suggestion.score - others[0], abs=1e-6)
        own = (suggestion.span.start, suggestion.span.end, suggestion.span.label)
        assert own not in [(other.start, other.end, other.label) for other in suggestion.alternatives]
        assert all(other.start < own[1] and own[0] < other.end for other in suggestion.alternatives)


def test_blocks_that_are_read_ahead_come_in_order_and_say_the_same(ask: Ask, model: Gliner) -> None:
    blocks = [document(2, 30), [], document(1, 10), document(5, 40)]
    source = model.source([Label("person", "", 0)], LabelMap(), "document", FLOOR)
    together = list(source.ahead(blocks))
    assert [list(block) for block, _ in together] == blocks
    assert [found for _, found in together] == [ask(block, ["person"]) for block in blocks]


def test_sentences_without_words_have_no_suggestions(ask: Ask) -> None:
    block = [Sentence(0, "  \n", ()), *[sentence_of("Ada left.", 3)]]
    nothing, something = ask(block, ["person"], 0.0)
    assert nothing == ()
    assert something


@pytest.mark.parametrize("text", ["\ud800 x", "a" * 100_000, "\u200b\u200b Ada", "<<ENT>> person <<SEP>> [CLS]"])
def test_text_is_text_whatever_it_spells(ask: Ask, text: str) -> None:
    (found,) = ask([sentence_of(text)], ["person"], 0.0)
    assert found


def test_a_temperature_flattens_the_scores(changed: Callable[..., Path], ask: Ask, folder: Path) -> None:
    sentence = sentence_of("Ada met Bob in New York City.")
    warm = Gliner(Settings.read(changed(folder.name, temperature=4.0), "warm"))
    source = warm.source([Label("person", "", 0)], LabelMap(), "document", 0.0)
    ((_, (found,)),) = source.ahead([[sentence]])
    (plain,) = ask([sentence], ["person"], 0.0)
    assert max(abs(s.score - 0.5) for s in found) < max(abs(s.score - 0.5) for s in plain)
    assert "temperature 4" in source.remarks[0]


def test_what_it_says_of_itself(model: Gliner) -> None:
    info = model.info
    assert (info.name, info.precision, info.tags) == (model.settings.name, "fp32", ())
    assert "windows 64 words" in info.window_rule
    source = model.source([Label("PER", "", 0), Label("dose", "", 0)], LabelMap(), "document", 0.3)
    assert "temperature 1, threshold 0.3" in source.remarks[0]
    assert source.remarks[0].endswith("it is asked for PER as “person”, dose")
    assert source.labels == ("PER", "dose")
    assert source.unmapped == ()


def test_whatever_changes_what_it_says_makes_another_run(model: Gliner) -> None:
    def run(*labels: Label, context: Context = "document") -> object:
        return model.source(labels, LabelMap(), context, FLOOR).run

    drug = Label("drug", "1", 1)
    runs = [
        run(drug),
        run(drug, Label("dose", "", 0)),
        run(Label("drug", "1", 1, "a medicine")),
        run(drug, context="sentence"),
    ]
    assert len(set(runs)) == 4
    assert run(drug) == run(Label("drug", "5", 3))


def test_without_labels_it_is_said_how_they_are_given(model: Gliner) -> None:
    with pytest.raises(ModelError, match="--labels drug,disease"):
        model.source([], LabelMap(), "document", FLOOR)
    with pytest.raises(ModelError, match="--labels drug,disease"):
        model.source([Label("drug", "", 0)], LabelMap.parse("drug="), "document", FLOOR)


def test_the_door_opens_it_as_a_model_and_not_as_a_token_classifier(folder: Path) -> None:
    model = load_model(str(folder), isolated=True)
    assert isinstance(model, PromptedModel)
    model.close()
    with pytest.raises(ModelError, match="has no tags"):
        load(str(folder))


def test_a_model_that_was_closed_says_so(model: Gliner) -> None:
    source = model.source([Label("person", "", 0)], LabelMap(), "document", FLOOR)
    source.close()
    with pytest.raises(ModelError, match="was closed"):
        list(source.suggest(document(1, 5)))


def test_a_reader_who_leaves_early_leaves_no_work_behind(model: Gliner) -> None:
    source = model.source([Label("person", "", 0)], LabelMap(), "document", FLOOR)

    def endless() -> Iterator[Sequence[Sentence]]:
        while True:
            yield document(1, 20)

    ahead = source.ahead(endless())
    for _ in range(3):
        next(ahead)
    source.close()
