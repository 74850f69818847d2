"""Blocks read ahead and batches read side by side: the same bytes as one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.errors import ModelError
from ner_tui.predictors import load, onnx
from ner_tui.predictors import suggesting as labelling
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.suggesting import AHEAD, suggest, suggest_ahead, suggest_in_parts

pytest.importorskip("torch")

Make = Callable[..., list[Sentence]]
TEXTS = [f"Hugging Face {number} is a company based in New York City, near the Bridge. " for number in range(400)]
TEXTS += ["The City. ", "x" * 500, "", "the of New York " * 60] * 20


@pytest.fixture(scope="module")
def int8(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An int8 copy of the tiny model: what shares a batch shows in its results."""
    pytest.importorskip("onnx")
    from ner_tui.training.fastcopy import make_fast_copy

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("int8")))
        return str(make_fast_copy(str(tiny_checkpoint), "Ada left.").folder)


@pytest.fixture(scope="module")
def predictor(int8: str) -> Iterator[Predictor]:
    predictor = load(int8)
    yield predictor
    predictor.close()


@pytest.fixture(scope="module")
def document(sentences: Make) -> list[Sentence]:
    return sentences(*TEXTS)


def raw(predictor: Predictor, document: list[Sentence], skipped: int = 0) -> list[bytes]:
    """Return all probabilities of a document's blocks from one on."""
    cut = islice(blocks(document), skipped, None)
    return [words.probabilities.tobytes() for block in cut for words in predictor.predict(block, "document")]


@pytest.mark.thorough
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_processors_changes_nothing(
    int8: str, predictor: Predictor, document: list[Sentence], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "processors", lambda: threads)
    other = load(int8)
    assert raw(other, document) == raw(predictor, document)
    other.close()


def test_a_run_that_is_resumed_gives_the_bytes_of_a_whole_one(
    int8: str, predictor: Predictor, document: list[Sentence]
) -> None:
    whole, fresh = raw(predictor, document), load(int8)
    done = sum(len(block) for block in islice(blocks(document), 2))
    assert raw(fresh, document, skipped=2) == whole[done:]
    fresh.close()


@pytest.mark.thorough
def test_reading_ahead_suggests_what_block_after_block_does(predictor: Predictor, document: list[Sentence]) -> None:
    expected = [(list(block), suggest(predictor, block)) for block in blocks(document)]
    found = [(list(block), suggestions) for block, suggestions in suggest_ahead(predictor, blocks(document))]
    assert len(found) > 3
    assert found == expected


def test_the_app_sees_what_a_run_sees(predictor: Predictor, document: list[Sentence]) -> None:
    for block in blocks(document):
        parts = [one for _, part in suggest_in_parts(predictor, block, patience=0) for one in part]
        clear = [[(s.span, s.score) for s in suggestions] for suggestions in suggest(predictor, block)]
        for shown, expected in zip(parts, clear, strict=True):
            assert set(expected) <= {(s.span, s.score) for s in shown}


def test_what_is_taken_in_advance_is_bounded(predictor: Predictor, sentences: Make) -> None:
    taken = 0

    def endless() -> Iterator[list[Sentence]]:
        nonlocal taken
        while True:
            taken += 1
            yield sentences("New York City")

    assert len(list(islice(suggest_ahead(predictor, endless()), 10))) == 10
    assert taken == 10 + AHEAD


def test_empty_blocks_come_back_in_their_places(predictor: Predictor, sentences: Make) -> None:
    cut: list[list[Sentence]] = [[], sentences("New York City"), [], []]
    assert [len(block) for block, _ in suggest_ahead(predictor, cut)] == [0, 1, 0, 0]


def test_a_model_that_is_closed_while_it_reads_says_so(int8: str, document: list[Sentence]) -> None:
    predictor = load(int8)
    rows = predictor.predict(document, "document")
    predictor.close()
    with pytest.raises(ModelError, match="closed"):
        list(rows)


def test_leaving_off_early_is_no_hindrance(predictor: Predictor, document: list[Sentence]) -> None:
    rows = predictor.predict(document, "document")
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    (block,) = list(blocks(document))[:1]
    assert all(np.isfinite(words.probabilities).all() for words in predictor.predict(block, "document"))
    assert labelling.AHEAD > 1
