"""An int8 graph of ours turned back into a checkpoint that says the same."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")

import onnx
import torch

from ner_tui.errors import ModelError
from ner_tui.predictors import BUNDLED_MODELS
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.shapes import LATEST
from ner_tui.training.base import load_base, load_classifier, load_tokenizer, make_encoder
from ner_tui.training.base_folder import opened_base
from ner_tui.training.data import TrainingSentence, tag_names
from ner_tui.training.export import export
from ner_tui.training.folder import set_config
from ner_tui.training.loop import forward

TAGS = tag_names(["PER", "LOC"])
ROUNDED = 0.05
"""What int8 may round away of a matrix, as a share of it: more where weights were made larger."""


def exported(base: Path, folder: Path, tags: tuple[str, ...] = TAGS) -> Any:
    """Write a model with outliers as training does, its graph alone, and return it."""
    model: Any = load_base(base, tags, letter_shapes=True, seed=1)
    encoder = model.base_model
    with torch.no_grad():
        # Equal constants are written once, and no two of a trained model are equal.
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights), alpha=0.02)
        # A layer norm's channel is made smaller in the graph, one behind a GELU gets products of its own.
        encoder.embeddings.LayerNorm.weight[5] = 6.0
        encoder.encoder.layer[0].output.LayerNorm.weight[5] = 6.0
        encoder.encoder.layer[0].intermediate.dense.bias[3] = 8.0
    model.eval()
    model.config.save_pretrained(folder)
    load_tokenizer(base).save_pretrained(folder)
    set_config(folder, temperature=1.5)
    (folder / "onnx").mkdir()
    draw = Random(0)
    sample = [[2, *(draw.randrange(5, 40) for _ in range(30)), 3] for _ in range(3)]
    graph = onnx.load(str(export(model, folder / "onnx", sample))).graph
    constants = " ".join(each.name for each in graph.initializer)
    assert "calmed_by" in constants
    assert "beside_weights" in constants
    return model


@pytest.mark.parametrize("kind", ["tiny_base", "tiny_mpnet"])
def test_the_weights_come_back_but_for_what_int8_rounds_away(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    model = exported(request.getfixturevalue(kind), tmp_path)
    with opened_base(tmp_path) as folder:
        restored: Any = load_classifier(folder)
        again = load_base(folder, TAGS, letter_shapes=False, seed=2)
        config = json.loads((folder / "config.json").read_text())
    assert config["token_types"] == LATEST.name
    assert config["temperature"] == 1.5
    assert again.get_parameter("classifier.weight").equal(restored.classifier.weight)
    ids = torch.tensor([[2, 7, 9, 11, 8, 30, 3]])
    with torch.no_grad():
        exact, found = (each(input_ids=ids).logits for each in (model, restored))
    assert (exact - found).abs().max() < 0.05 * exact.abs().max()
    known = dict(restored.named_parameters())
    for name, weights in model.named_parameters():
        if any(part in name for part in ("position_embeddings", "relative", "intermediate", "layer.0.output.dense")):
            continue  # rows that are never used, and channels that changed places
        assert (weights - known[name]).norm() <= ROUNDED * weights.norm(), name


def test_a_graph_of_another_family_or_another_maker_is_refused(
    tiny_base: Path, tiny_onnx: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="cannot be trained on"), opened_base(tiny_onnx):
        pass
    exported(tiny_base, tmp_path)
    set_config(tmp_path, model_type="deberta")
    with pytest.raises(ModelError, match=r"'deberta' cannot be trained on.*for torch"), opened_base(tmp_path):
        pass


@pytest.mark.thorough
@pytest.mark.skipif(not all(map(Path.is_dir, BUNDLED_MODELS.values())), reason="no bundled model in this tree")
@pytest.mark.parametrize("name", BUNDLED_MODELS)
def test_a_bundled_model_can_be_trained_on(name: str) -> None:
    tags = Checkpoint.read(BUNDLED_MODELS[name], name).tags(None)
    with opened_base(name) as folder:
        model: Any = load_base(folder, tags, letter_shapes=False, seed=1)
        tokenizer = load_tokenizer(folder)
    words = tuple("Marta Okafor flew from Lisbon to Geneva .".split())
    encoder = make_encoder(model, tokenizer)
    (window,) = encoder.encode([TrainingSentence(words, (0,) * len(words))])
    model.eval()
    with torch.no_grad():
        best = forward(model, encoder.batch([window]))[0].argmax(-1).tolist()
    found = [tags[tag] for tag, head in zip(best, window.heads, strict=True) if head >= 0]
    assert found == ["B-PER", "I-PER", "O", "O", "B-LOC", "O", "B-LOC", "O"]
