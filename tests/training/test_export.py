"""Graphs of several families: fused, and saying what the model itself says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import onnx
import onnxruntime
import torch
import transformers

from ner_tui.predictors.letter_shape_embedding import add_letter_shapes, run
from ner_tui.training.export import FUSED, export, output_layers
from ner_tui.training.outliers import calm

SIZES = {
    "vocab_size": 100,
    "max_position_embeddings": 64,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
}
SAMPLE = [[5, 9, 31, 77, 6], [5, 40, 41, 42, 43, 44, 6]]
"""Sub-tokens of some text."""
DISTILLED = {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64}
MORE: dict[str, dict[str, int]] = {
    "distilbert": {"vocab_size": 100, "max_position_embeddings": 64, **DISTILLED},
    "electra": {**SIZES, "embedding_size": 32},
}


def make(family: str) -> Any:
    torch.manual_seed(1)
    config = transformers.AutoConfig.for_model(family, **MORE.get(family, SIZES), num_labels=5)
    family_of: Any = transformers.AutoModelForTokenClassification
    model = family_of.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.normal_(0, 0.2)
    return model


@pytest.mark.parametrize("family", sorted(FUSED))
def test_a_fused_graph_says_what_its_model_says(family: str, tmp_path: Path) -> None:
    model = make(family)
    export(model, tmp_path, SAMPLE, keep_fp32=True)
    ids = torch.randint(5, 100, (3, 17))
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    with torch.no_grad():
        expected = model(input_ids=ids, attention_mask=mask).logits.numpy()
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    arrays = {"input_ids": ids.numpy(), "attention_mask": mask.numpy(), "token_type_ids": 0 * ids.numpy()}
    (found,) = session.run(["logits"], {given.name: arrays[given.name] for given in session.get_inputs()})
    seen = mask.numpy().astype(bool)
    assert found[seen] == pytest.approx(expected[seen], abs=1e-3)
    assert "Attention" in {node.op_type for node in onnx.load(str(tmp_path / "model.onnx")).graph.node}


@pytest.mark.parametrize("family", sorted(FUSED))
def test_the_int8_graph_reads_a_window_as_the_model_does_with_operators_that_are_fast(
    family: str, tmp_path: Path, int8_slack: float
) -> None:
    model = make(family)
    int8 = export(model, tmp_path, SAMPLE)
    graph = onnx.load(str(int8)).graph
    kinds = {node.op_type for node in graph.node}
    assert kinds.isdisjoint({"SkipLayerNormalization", "BiasGelu", "QAttention"})
    assert "MultiHeadAttention" in kinds
    assert "attention_mask" not in {given.name for given in graph.input}
    ids = torch.randint(5, 100, (1, 17))
    with torch.no_grad():
        expected = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.numpy()
    session = onnxruntime.InferenceSession(
        str(int8), providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )
    arrays = {"input_ids": ids.numpy(), "token_type_ids": 0 * ids.numpy()}
    (found,) = session.run(["logits"], {given.name: arrays[given.name] for given in session.get_inputs()})
    # Weights of chance have far larger errors in int8 than any that were learnt.
    assert abs(found - expected).mean() < 0.1 * int8_slack * abs(expected).mean()


@pytest.mark.parametrize("shaped", [False, True])
def test_a_family_that_is_written_out_says_what_its_model_says(shaped: bool, tmp_path: Path) -> None:
    model = make("mpnet")
    if shaped:
        add_letter_shapes(model, 4)
        model.letter_shapes.weight.data.normal_(0, 0.5)
    int8 = export(model, tmp_path, SAMPLE, keep_fp32=True)
    ids, types = torch.randint(5, 100, (1, 41)), torch.randint(0, 4, (1, 41))
    with torch.no_grad():
        expected = run(model, ids, torch.ones_like(ids), types, output_hidden_states=True)
    arrays = {"input_ids": ids.numpy()} | ({"token_type_ids": types.numpy()} if shaped else {})
    wanted = [expected.logits, *(expected.hidden_states[layer] for layer in (2, 1, 2))]
    names = ["logits", "last_hidden_state", "hidden_1", "hidden_2"]
    for name, most in (("model.onnx", 1e-3), (int8.name, 0.1)):
        session = onnxruntime.InferenceSession(str(tmp_path / name), providers=["CPUExecutionProvider"])
        for found, value in zip(session.run(names, arrays), wanted, strict=True):
            assert abs(found - value.numpy()).mean() < most * abs(value.numpy()).mean()
    graph = onnx.load(str(int8)).graph
    assert "MultiHeadAttention" in {node.op_type for node in graph.node}
    assert {node.op_type for node in graph.node}.isdisjoint({"Softmax", "Erf", "BiasGelu"})
    assert [each.name for each in graph.initializer if each.name.endswith("_int8")]


def test_states_are_given_at_a_third_two_thirds_and_the_end() -> None:
    assert [output_layers(count) for count in (12, 8, 6, 4, 2, 1)] == [
        (4, 8, 12),
        (3, 5, 8),
        (2, 4, 6),
        (1, 3, 4),
        (1, 2),
        (1,),
    ]


def test_outliers_are_calmed_and_the_result_stays_what_it_was(tmp_path: Path) -> None:
    model = make("bert")
    layer = model.bert.encoder.layer[0]
    with torch.no_grad():
        # Values many times those of the other channels: behind a norm, and behind a GELU.
        layer.attention.output.LayerNorm.weight[3] = 40.0
        layer.intermediate.dense.bias[11] = 60.0
    export(model, tmp_path, SAMPLE, keep_fp32=True)
    graph = tmp_path / "model.onnx"
    before = logits(graph)
    exact = calm(graph, SAMPLE)
    names = {node.name for node in onnx.load(str(graph)).graph.node}
    assert logits(graph) == pytest.approx(before, rel=1e-3, abs=1e-3)
    assert any("layer.0/attention/output" in name and name.endswith("_calmed") for name in names)
    assert any("layer.0/output" in name and name.endswith("_beside") for name in exact)
    assert set(exact) <= names


def test_the_table_of_words_is_int8_with_a_scale_for_each(tmp_path: Path) -> None:
    model = make("bert")
    with torch.no_grad():
        # With one scale for all nothing would be left of the other words.
        model.bert.embeddings.word_embeddings.weight[7] = 500.0
    constants = {each.name: each for each in onnx.load(str(export(model, tmp_path, SAMPLE))).graph.initializer}
    table = next(each for name, each in constants.items() if name.endswith("word_embeddings.weight_int8"))
    scales = onnx.numpy_helper.to_array(constants[table.name.replace("_int8", "_step")])
    words = onnx.numpy_helper.to_array(table) * scales
    expected = model.bert.embeddings.word_embeddings.weight.detach().numpy()
    assert table.data_type == onnx.TensorProto.INT8
    assert abs(words - expected).max(axis=1) == pytest.approx(0, abs=2.1)
    assert abs(words - expected)[8:].max() < 0.01


def logits(graph: Path) -> Any:
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    ids = torch.tensor([SAMPLE[0]]).numpy()
    values = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
    return session.run(["logits"], {given.name: values[given.name] for given in session.get_inputs()})[0]
