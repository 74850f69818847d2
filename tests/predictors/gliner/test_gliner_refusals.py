"""GLiNER folders that cannot be used, and what is said of each: one sentence, with what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from predictors.gliner.conftest import sentence_of

from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label
from ner_tui.errors import ModelError
from ner_tui.predictors import load, load_model

Changed = Callable[..., Path]


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(str(folder))
    told = str(caught.value)
    assert "\n" not in told
    assert str(folder) in told
    return told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"labels_encoder": "BAAI/bge-small-en-v1.5"}, "a bi-encoder GLiNER model.*gliner.*JSON Lines"),
        ({"model_type": "gliner_bi_encoder_token"}, "a bi-encoder GLiNER model"),
        ({"relations_layer": "none"}, "a relation GLiNER model"),
        ({"model_type": "gliner_uni_encoder_span_relex"}, "a relation GLiNER model"),
        ({"labels_decoder": "gpt2"}, "writes labels of its own"),
        ({"precomputed_prompts_mode": True}, "labels were fixed before"),
        ({"model_type": "gliner2"}, "a GLiNER2 model.*with gliner2"),
        ({"words_splitter_type": "mecab"}, "splits words with 'mecab'"),
        ({"max_len": "all"}, "max_len in gliner_config.json is 'all', not a number from 1"),
        ({"max_len": 0}, "max_len"),
        ({"max_width": True}, "max_width"),
        ({"max_width": 10**6}, "more than 64"),
        ({"ent_token": ""}, "names no ent_token"),
        ({"sep_token": 3}, "names no ent_token or no sep_token"),
        ({"ent_token": "<<KIND>>"}, "tokenizer.json has no '<<KIND>>'"),
        ({"temperature": 0}, "temperature is set to 0"),
        ({"encoder_config": {"max_position_embeddings": 20}}, "takes only 20 sub-tokens"),
    ],
)
def test_settings_of_kinds_that_are_not_run_or_make_no_sense(
    changed: Changed, settings: dict[str, object], told: str
) -> None:
    assert re.search(told, refused(changed(**settings)))


@pytest.mark.parametrize(
    ("without", "told"),
    [
        (["model.onnx"], r"without an ONNX graph.*GLiNER\.from_pretrained\(.*export_to_onnx"),
        (["tokenizer.json"], "no tokenizer.json"),
        (["tokenizer_config.json"], None),
    ],
)
def test_files_that_are_missing(changed: Changed, without: Sequence[str], told: str | None) -> None:
    folder = changed(without=without)
    if told is None:
        load_model(str(folder)).close()
    else:
        assert re.search(told, refused(folder))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("gliner_config.json", "{", "is not valid JSON"),
        ("gliner_config.json", "[]", "holds no settings"),
        ("tokenizer.json", "{}", "not a tokenizer"),
        ("tokenizer_config.json", "[", "is not valid JSON"),
        ("model.onnx", "nothing of the kind", "is not a model that can be run"),
    ],
)
def test_files_that_are_damaged(changed: Changed, name: str, content: str, told: str) -> None:
    folder = changed()
    (folder / name).write_text(content)
    assert told in refused(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.safetensors"])
def test_of_weights_without_a_graph_it_is_said_how_a_graph_is_made(changed: Changed, name: str) -> None:
    folder = changed(without=["model.onnx"])
    (folder / name).write_bytes(b"")
    assert "export_to_onnx" in refused(folder)
    with pytest.raises(ModelError, match="export_to_onnx"):
        load_model(str(folder), allow_pickle=True)


def test_a_file_that_is_a_link_to_elsewhere_is_not_followed(changed: Changed, tmp_path: Path) -> None:
    for name in ("gliner_config.json", "tokenizer.json", "model.onnx"):
        folder = changed()
        (folder / name).rename(tmp_path / name)
        (folder / name).symlink_to(tmp_path / name)
        assert "leads out of the folder" in refused(folder)
        folder.rename(tmp_path / f"done-{name}")


def test_a_tokenizer_that_makes_far_more_of_a_text_than_there_is_is_not_used(changed: Changed) -> None:
    folder = changed()
    path = folder / "tokenizer.json"
    grows = {"type": "Replace", "pattern": {"Regex": ""}, "content": "x" * 20_000}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"normalizer": grows}))
    assert "characters of one" in refused(folder)


onnx = pytest.importorskip("onnx")

INPUTS = ("input_ids", "attention_mask", "words_mask", "text_lengths")
SPANS = (*INPUTS, "span_idx", "span_mask")


def write_graph(path: Path, inputs: Sequence[str], outputs: Sequence[str], **shapes: Sequence[int | str]) -> None:
    """Write a graph that gives its first input as each output."""
    helper, kinds = onnx.helper, onnx.TensorProto
    given = [
        helper.make_tensor_value_info(name, kinds.INT64, shapes.get(name, (f"{name}-0", f"{name}-1")))
        for name in inputs
    ]
    nodes = [helper.make_node("Cast", [inputs[0]], [name], to=kinds.FLOAT) for name in outputs]
    values = [helper.make_tensor_value_info(name, kinds.FLOAT, None) for name in outputs]
    graph = helper.make_graph(nodes, "g", given, values)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), str(path))


@pytest.mark.parametrize(
    ("inputs", "outputs", "told"),
    [
        ((*SPANS, "labels_embeds"), ("logits",), "a bi-encoder GLiNER model"),
        ((*INPUTS, "labels_input_ids", "labels_attention_mask"), ("logits",), "a bi-encoder GLiNER model"),
        (SPANS, ("logits", "rel_idx", "rel_logits", "rel_mask"), "a relation GLiNER model"),
        (("input_ids", "attention_mask"), ("span_logits",), "a GLiNER2 model"),
        ((*INPUTS, "schema_ids"), ("logits",), "a GLiNER2 model"),
        ((*SPANS, "colour"), ("logits",), "asks for colour, so it is no GLiNER graph.*export_to_onnx"),
        (("input_ids", "attention_mask"), ("logits",), "has no text_lengths"),
        ((*INPUTS, "span_idx"), ("logits",), "has no span_mask"),
        (SPANS, ("scores",), "has no logits"),
    ],
)
def test_graphs_are_told_by_their_inputs_and_outputs(
    changed: Changed, inputs: Sequence[str], outputs: Sequence[str], told: str
) -> None:
    folder = changed()
    write_graph(folder / "model.onnx", inputs, outputs)
    assert re.search(told, refused(folder))


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        ({"input_ids": (1, 128)}, r"one size of text only \(\[1, 128\]\)"),
        ({"span_idx": ("b", "s", 2), "text_lengths": ("b", 1)}, None),
    ],
)
def test_a_graph_of_one_size_is_refused_where_sizes_differ(
    changed: Changed, shapes: dict[str, Sequence[int | str]], told: str | None
) -> None:
    folder = changed()
    write_graph(folder / "model.onnx", SPANS, ["logits"], **shapes)
    if told is None:
        load_model(str(folder)).close()
    else:
        assert re.search(told, refused(folder))


def test_a_graph_that_gives_something_else_is_told_when_it_is_run(changed: Changed) -> None:
    folder = changed()
    write_graph(folder / "model.onnx", SPANS, ["logits"], span_idx=("b", "s", 2))
    with pytest.raises(ModelError, match=r"gives \[1, \d+\] values, not \[1, 2, 6, 1\]"):
        suggest(folder)


def test_values_that_are_no_numbers_are_no_scores(changed: Changed) -> None:
    folder = changed()
    graph = onnx.load(str(folder / "model.onnx"))
    for node in graph.graph.node:
        node.output[:] = ["hidden_logits" if name == "logits" else name for name in node.output]
    graph.graph.node.append(onnx.helper.make_node("Log", ["minus"], ["logits"]))
    graph.graph.node.insert(len(graph.graph.node) - 1, onnx.helper.make_node("Abs", ["hidden_logits"], ["positive"]))
    graph.graph.node.insert(len(graph.graph.node) - 1, onnx.helper.make_node("Neg", ["positive"], ["minus"]))
    onnx.save(graph, str(folder / "model.onnx"))
    with pytest.raises(ModelError, match="not numbers"):
        suggest(folder)


def suggest(folder: Path) -> None:
    model = load_model(str(folder))
    source = model.source([Label("person", "", 0)], LabelMap(), "document", FLOOR)  # type: ignore[union-attr]
    list(source.suggest([sentence_of("Ada left")]))


@pytest.mark.parametrize(
    ("inputs", "outputs", "told"),
    [
        (SPANS, ("logits",), "without its gliner_config.json"),
        (("input_ids", "attention_mask"), ("span_logits",), "a GLiNER2 model"),
        ((*SPANS, "labels_embeds"), ("logits",), "a bi-encoder GLiNER model"),
    ],
)
def test_a_gliner_graph_in_the_folder_of_a_token_classifier_is_told(
    changed: Changed, inputs: Sequence[str], outputs: Sequence[str], told: str
) -> None:
    folder = changed(without=["gliner_config.json"])
    (folder / "config.json").write_text('{"id2label": {"0": "O", "1": "B-PER"}}')
    write_graph(folder / "model.onnx", inputs, outputs)
    with pytest.raises(ModelError, match=told):
        load(str(folder))
