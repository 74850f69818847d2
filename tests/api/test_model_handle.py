"""A model from Python: whatever it is given, a result for each input, in order; in whatever process."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

import ner_tui
from ner_tui import Document, InputError, Model, ModelError
from ner_tui.api.models import Input
from ner_tui.cli import main

TEXT = "Ada Lovelace met Charles Babbage in London. She left for Paris."
WORDS = ["Ada", "", "New York", "\t", "London", "\x1b[31m"]


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with ner_tui.load_model("fast", threads=1) as loaded:
        yield loaded


def test_offsets_are_those_of_the_text_as_it_was_given(model: Model) -> None:
    text = "\ufeff  \U0001d4b3 " + TEXT
    document = model.predict(text)
    assert document.text == text
    assert {entity.text for entity in document.entities} >= {"Charles Babbage", "London", "Paris"}
    for entity in document.entities:
        assert text[entity.start : entity.end] == entity.text
        assert document.words[slice(*entity.words)] == entity.text.split()
        assert entity.score is not None
        assert 0.4 <= entity.score <= 1


def test_words_stay_those_that_were_given_but_for_empty_ones(model: Model) -> None:
    document = model.predict(WORDS)
    assert document.words == ["Ada", "_", "New York", "\t", "London", "\x1b[31m"]
    assert len(document.tags()) == len(WORDS)
    assert len(document.sentences) == 1
    assert document.text[slice(*document.tokens[2])] == "New York"


@settings(max_examples=examples(15))
@given(
    st.lists(st.one_of(st.text(st.characters(), max_size=60), st.lists(st.text(max_size=8), max_size=5)), max_size=6)
)
def test_every_input_has_one_result_whatever_it_holds(model: Model, texts: list[Input]) -> None:
    found = list(model.predict_all(iter(texts)))
    assert len(found) == len(texts)
    for given_text, document in zip(texts, found, strict=True):
        if isinstance(given_text, str):
            assert document.text == given_text
        elif not isinstance(given_text, Document):
            assert document.words == [word or "_" for word in given_text]


def test_what_stands_beside_a_text_changes_nothing_in_its_result(model: Model) -> None:
    together = list(model.predict_all(["", TEXT, "x " * 3_000, TEXT]))
    assert together[1] == together[3] == model.predict(TEXT)


def test_a_generator_without_end_is_taken_a_little_ahead(model: Model) -> None:
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(1)
            yield "Ada left."

    found = model.predict_all(endless())
    assert [entity.text for entity in next(found).entities] == ["Ada"]
    assert len(taken) < 50


def test_the_sentences_and_words_of_a_document_are_kept(model: Model) -> None:
    given_document = Document.from_words(["Ada", "met", "Ms.", "Ito"], ["O", "O", "O", "O"], name="x")
    found = model.predict(given_document)
    assert (found.words, found.name, found.origin) == (given_document.words, "x", "tokens")


def test_the_api_says_what_predict_writes(model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "a.jsonl"
    assert main(["predict", str(tmp_path / "a.txt"), "--model", "fast", "-o", str(out)]) == 0
    (written,) = ner_tui.read(out)
    found = model.predict(TEXT)
    assert [each.span for each in written.suggestions] == [each.span for each in found.suggestions]
    assert [each.score for each in written.suggestions] == [round(each.score, 4) for each in found.suggestions]


def test_results_do_not_depend_on_the_number_of_threads(model: Model) -> None:
    with ner_tui.load_model("fast", threads=3) as other:
        assert list(other.predict_all([TEXT] * 20)) == list(model.predict_all([TEXT] * 20))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (None, "input 1 is NoneType: give a text"),
        (b"Ada", "input 1 is bytes"),
        (["Ada", 7], "word 1 of input 1 is no text but int"),
    ],
)
def test_what_is_no_text_is_refused_with_its_number(model: Model, wrong: object, said: str) -> None:
    found = model.predict_all(["Ada", cast("str", wrong)])
    with pytest.raises(InputError, match=said):
        list(found)


def test_one_text_is_not_taken_for_many_letters(model: Model) -> None:
    with pytest.raises(InputError, match="predict_all takes many inputs"):
        model.predict_all(TEXT)


def test_labels_that_are_wanted_and_maps_are_as_those_of_the_command() -> None:
    with ner_tui.load_model("fast", labels=["PERSON"], label_map={"PER": "PERSON"}) as people:
        assert people.labels == ("PERSON",)
        assert {entity.label for entity in people.predict(TEXT).entities} == {"PERSON"}
    with pytest.raises(InputError, match="does not find DRUG"):
        ner_tui.load_model("fast", labels={"DRUG": "what is swallowed"})


def test_patterns_alone_need_no_model(tmp_path: Path) -> None:
    (tmp_path / "ships.txt").write_text("Beagle\n")
    with ner_tui.load_model("none", patterns=str(tmp_path / "ships.txt"), pattern_labels=["SHIP"]) as ships:
        assert [tuple(entity)[:4] for entity in ships.predict("The Beagle.").entities] == [(4, 10, "SHIP", "Beagle")]
        assert ships.info is None
    with pytest.raises(InputError, match="there have to be patterns"):
        ner_tui.load_model("none")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"threshold": 40}, "threshold is from 0 to 1"),
        ({"threads": 0}, "threads are 1 or more"),
        ({"context": "page"}, "there is no context 'page'"),
    ],
)
def test_options_without_a_meaning_are_refused_before_anything_is_loaded(options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ner_tui.load_model("fast", **options)  # type: ignore[arg-type]


def test_a_model_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such folder"):
        ner_tui.load_model(tmp_path / "nothing" / "here" / "at" / "all")


def test_a_closed_model_says_so() -> None:
    model = ner_tui.load_model("fast")
    model.close()
    with pytest.raises(ModelError, match="closed"):
        model.predict(TEXT)


def test_several_threads_may_use_one(model: Model) -> None:
    expected = model.predict(TEXT)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(model.predict, [TEXT] * 12)) == [expected] * 12


def test_a_pickle_holds_how_it_was_asked_for_and_no_weights(model: Model) -> None:
    pickled = pickle.dumps(model)
    assert len(pickled) < 2_000
    assert pickle.loads(pickled).predict(TEXT) == model.predict(TEXT)


@pytest.mark.parametrize("start", ["spawn", pytest.param("fork", marks=pytest.mark.skipif(
    sys.platform == "win32", reason="there is no fork"))])  # fmt: skip
def test_a_worker_process_says_the_same(model: Model, start: str) -> None:
    # Used before, so that its threads are there when the process is forked.
    expected = model.predict(TEXT)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(start)) as pool:
        assert pool.submit(model.predict, TEXT).result(timeout=120) == expected
    assert model.predict(TEXT) == expected
