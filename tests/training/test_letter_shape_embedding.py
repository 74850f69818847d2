"""Letter shapes for a family without token types: added to the words, saved, loaded, exported and fed like others."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")

import numpy as np
import torch

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.letter_shape_embedding import KEY, run
from ner_tui.predictors.onnx import open_onnx
from ner_tui.predictors.shapes import LATEST
from ner_tui.predictors.transformer import open_transformer
from ner_tui.training.base import load_base, load_classifier
from ner_tui.training.data import tag_names
from ner_tui.training.finetune import train
from ner_tui.training.recipe import Recipe, RecipeSource, TrainingOptions

OPTIONS = TrainingOptions(
    epochs=12,
    learning_rate=3e-3,
    head_learning_rate=3e-2,
    batch_pieces=128,
    window_words=(0, 20),
    letter_shapes=True,
    attention_dropout=0.0,
    bf16=False,
)


@pytest.fixture(scope="module")
def trained(tiny_mpnet: Path, small_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(train=(RecipeSource(small_set),), dev=(RecipeSource(small_set),), options=OPTIONS)
    return train(recipe, tiny_mpnet, tmp_path_factory.mktemp("out") / "model").folder


def sentence(text: str) -> Sentence:
    return Sentence(0, text, tuple(tokenize(text)))


def test_the_rows_are_learnt_and_the_first_says_nothing(trained: Path) -> None:
    model = load_classifier(trained)
    rows = model.get_parameter(KEY)
    assert rows.shape == (LATEST.rows, 32)
    assert not rows[0].any()
    assert rows[1].norm() > 0.1
    assert json.loads((trained / "config.json").read_text())["token_types"] == LATEST.name
    assert json.loads((trained / "config.json").read_text())["attention_probs_dropout_prob"] == 0.0


def test_capitals_are_seen_and_left_out_they_are_small_letters(trained: Path) -> None:
    model: Any = load_classifier(trained)
    model.eval()
    ids, mask = torch.tensor([[0, 7, 9, 8, 2]]), torch.ones(1, 5, dtype=torch.long)
    shaped = torch.tensor([[0, 1, 1, 0, 0]])
    with torch.no_grad():
        plain = run(model, ids, mask, None).logits
        assert torch.allclose(run(model, ids, mask, torch.zeros_like(ids)).logits, plain, atol=1e-5)
        assert not torch.allclose(run(model, ids, mask, shaped).logits, plain, atol=1e-2)


def test_training_goes_on_with_the_rows_there_are(trained: Path) -> None:
    classifier: Any = load_classifier(trained)
    tags = [classifier.config.id2label[number] for number in range(7)]
    again = load_base(trained, tags, letter_shapes=True, seed=9)
    assert torch.equal(again.get_parameter(KEY), load_classifier(trained).get_parameter(KEY))


@pytest.mark.parametrize("kind", ["tiny_base", "tiny_mpnet"])
def test_a_model_of_an_older_table_gets_the_rows_that_are_new(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    base = request.getfixturevalue(kind)
    tags = tag_names(["PER"])
    older: Any = load_base(base, tags, letter_shapes=True, seed=1)

    def rows(model: Any) -> torch.nn.Embedding:
        found: torch.nn.Embedding = (
            model.base_model.embeddings.token_type_embeddings if kind == "tiny_base" else model.letter_shapes
        )
        return found

    with torch.no_grad():
        rows(older).weight.normal_()
    table = torch.nn.Embedding(4, rows(older).embedding_dim)
    with torch.no_grad():
        table.weight.copy_(rows(older).weight[:4])
    if kind == "tiny_base":
        older.base_model.embeddings.token_type_embeddings = table
        older.config.type_vocab_size = 4
    else:
        older.letter_shapes = table
    older.config.token_types = "letter-shape-1"
    older.save_pretrained(tmp_path)
    kept: Any = load_base(tmp_path, tags, letter_shapes=False, seed=2)
    assert kept.config.token_types == "letter-shape-1"
    assert torch.equal(rows(kept).weight, table.weight)
    latest: Any = load_base(tmp_path, tags, letter_shapes=True, seed=2)
    assert latest.config.token_types == LATEST.name
    assert torch.equal(rows(latest).weight[:4], table.weight)
    assert rows(latest).num_embeddings == LATEST.rows


def test_checkpoint_and_graph_are_fed_alike_and_agree(trained: Path) -> None:
    checkpoint = Checkpoint.read(trained, "model")
    safe, graph = checkpoint.weights("safetensors"), checkpoint.weights("onnx")
    assert safe is not None
    assert graph is not None
    block = [sentence("Anbe daan Coda be ."), sentence("anbe daan coda be .")]
    exact, fast = (
        [np.asarray(words.probabilities) for words in opened.predict(block, "sentence")]
        for opened in (open_transformer(checkpoint, safe), open_onnx(checkpoint, graph))
    )
    for ours, theirs in zip(exact, fast, strict=True):
        assert ours == pytest.approx(theirs, abs=0.1)
    assert exact[0][0].argmax() != 0
    assert exact[1][0].argmax() == 0


def test_without_shapes_nothing_is_added(tiny_mpnet: Path, small_set: Path, tmp_path: Path) -> None:
    recipe = Recipe(train=(RecipeSource(small_set),), options=replace(OPTIONS, epochs=1, letter_shapes=False))
    folder = train(recipe, tiny_mpnet, tmp_path / "plain").folder
    assert KEY not in load_classifier(folder).state_dict()
    assert "token_types" not in json.loads((folder / "config.json").read_text())
