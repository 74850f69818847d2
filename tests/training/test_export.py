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

from ner_tui.training.export import FUSED, export

SIZES = {
    "vocab_size": 100,
    "max_position_embeddings": 64,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
}
DISTILLED = {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64}
MORE: dict[str, dict[str, int]] = {
    "distilbert": {"vocab_size": 100, "max_position_embeddings": 64, **DISTILLED},
    "electra": {**SIZES, "embedding_size": 32},
}


def make(family: str) -> Any:
    torch.manual_seed(1)
    config = transformers.AutoConfig.for_model(family, **MORE.get(family, SIZES), num_labels=5)
    model = transformers.AutoModelForTokenClassification.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.normal_(0, 0.2)
    return model


@pytest.mark.parametrize("family", sorted(FUSED))
def test_a_fused_graph_says_what_its_model_says(family: str, tmp_path: Path) -> None:
    model = make(family)
    int8 = export(model, tmp_path, keep_fp32=True)
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
    # Weights of products are int8, all but those of the first way out of a feed-forward block.
    plain = [node for node in onnx.load(str(int8)).graph.node if node.op_type == "MatMul"]
    assert len(plain) == 1
