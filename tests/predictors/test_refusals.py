"""Folders that cannot be used, and what is said of each: one sentence, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import ner_tui.predictors
from ner_tui.errors import ModelError
from ner_tui.predictors import load

torch = pytest.importorskip("torch")

Alter = Callable[[Path], object]
Altered = Callable[[Path, Alter], str]
Configured = Callable[..., Alter]


def without(*names: str) -> Alter:
    def alter(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return alter


def with_text(name: str, text: str) -> Alter:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def without_head(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    save_file({k: v for k, v in weights.items() if not k.startswith("classifier")}, folder / "model.safetensors")


def pickled(folder: Path) -> None:
    from safetensors.torch import load_file

    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def sharded(*shards: str) -> Alter:
    def change(folder: Path) -> None:
        (folder / "model.safetensors").rename(folder / "model-00001.safetensors")
        index = {"weight_map": {f"weight{i}": name for i, name in enumerate(shards)}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without("config.json"), "no config.json"),
        (without("model.safetensors"), "no weights"),
        (without("vocab.txt"), "no tokenizer"),
        (with_text("config.json", "{"), "config.json: is not valid JSON"),
        (with_text("config.json", "[]"), "holds no settings"),
        (with_text("model.safetensors", "nothing of the kind"), "not whole"),
        (without_head, "not a trained token classifier"),
        (pickled, "--allow-pickle"),
        (sharded("../model-00001.safetensors"), "not a file beside it"),
        (sharded("model-00002.safetensors"), "is missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_folder_with_something_missing_or_damaged(
    tiny_checkpoint: Path, altered: Altered, change: Alter, reason: str
) -> None:
    folder = altered(tiny_checkpoint, change)
    with pytest.raises(ModelError, match=reason) as caught:
        load(folder)
    assert "\n" not in str(caught.value)
    assert folder in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"architectures": ["BertForSequenceClassification"]}, "not a token classifier"),
        ({"architectures": ["BertModel"]}, "ner-tui train --base"),
        ({"token_types": "letter-shape-9"}, "letter-shape-2"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"id2label": {"0": "O", "2": "B-PER"}}, "id2label"),
        ({"id2label": ["O"]}, "id2label"),
        ({"id2label": {"0": 1}}, "id2label"),
        ({"id2label": None, "label2id": None}, "--model-tags"),
        ({"id2label": {"0": "O", "1": "B-PER"}}, "9"),
        ({"max_position_embeddings": 4}, "sub-tokens at a time"),
    ],
)
def test_a_config_that_makes_no_sense(
    tiny_onnx: Path, altered: Altered, configured: Configured, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        load(altered(tiny_onnx, configured(**changes)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without("tokenizer.json"), "no tokenizer.json"),
        (with_text("tokenizer.json", "{}"), "not a tokenizer"),
        (with_text("onnx/model.onnx", "nothing of the kind"), "not a model that can be run"),
    ],
)
def test_an_export_with_something_missing_or_damaged(
    tiny_onnx: Path, altered: Altered, change: Alter, reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        load(altered(tiny_onnx, change))


def test_pickled_weights_are_read_when_that_is_asked_for(tiny_checkpoint: Path, altered: Altered) -> None:
    assert load(altered(tiny_checkpoint, pickled), allow_pickle=True).info.precision == "fp32"


def test_safetensors_come_before_onnx_and_onnx_serves_without_torch(
    tiny_checkpoint: Path, tiny_onnx: Path, altered: Altered, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes((tiny_checkpoint / "model.safetensors").read_bytes())

    folder = altered(tiny_onnx, both)
    exact, graph = (load(str(path)).info.file_hash for path in (tiny_checkpoint, tiny_onnx))
    assert load(folder).info.file_hash == exact
    monkeypatch.setattr(ner_tui.predictors, "torch_installed", lambda: False)
    assert load(folder).info.file_hash == graph


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    def unreachable(*_: object, **__: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", unreachable)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))


@pytest.mark.usefixtures("no_network")
def test_without_torch_a_checkpoint_is_refused_with_what_to_install(
    tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ner_tui.predictors, "torch_installed", lambda: False)
    for spec in (str(tiny_checkpoint), "dbmdz/bert-large-cased-finetuned-conll03-english"):
        with pytest.raises(ModelError, match=r'pip install "ner-tui\[transformer\]"'):
            load(spec)


@pytest.mark.usefixtures("no_network")
def test_a_hub_name_without_a_network_says_what_to_do_instead() -> None:
    with pytest.raises(ModelError, match=r"cannot be reached.*give \./bert-of-nobody"):
        load("nobody/bert-of-nobody")


@pytest.mark.parametrize("spec", ["./missing", "/no/such/folder", "a/b/c", "https://example.org/x", "..", "~nobody/x"])
def test_a_path_that_is_not_there_is_no_hub_name(spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError):
        load(spec)


def test_a_file_is_not_a_folder(tiny_checkpoint: Path) -> None:
    with pytest.raises(ModelError, match="give the folder"):
        load(str(tiny_checkpoint / "model.safetensors"))


def graph_with_weights_at(folder: Path, location: str) -> None:
    """Write a graph whose one table of weights is in another file."""
    onnx = pytest.importorskip("onnx")
    table = onnx.TensorProto(
        name="table", dims=[163, 9], data_type=onnx.TensorProto.FLOAT, data_location=onnx.TensorProto.EXTERNAL
    )
    table.external_data.add(key="location", value=location)
    ids, mask = (
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["b", "n"])
        for name in ("input_ids", "attention_mask")
    )
    logits = onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["b", "n", 9])
    node = onnx.helper.make_node("Gather", ["table", "input_ids"], ["logits"])
    graph = onnx.helper.make_graph([node], "tiny", [ids, mask], [logits], [table])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    (folder / "onnx" / "model.onnx").write_bytes(model.SerializeToString())


def test_weights_beside_the_graph_are_read_and_are_part_of_its_hash(tiny_onnx: Path, altered: Altered) -> None:
    def change(folder: Path) -> None:
        graph_with_weights_at(folder, "model.onnx_data")
        np.ones((163, 9), dtype=np.float32).tofile(folder / "onnx" / "model.onnx_data")

    folder = altered(tiny_onnx, change)
    first = load(folder).info.file_hash
    np.zeros((163, 9), dtype=np.float32).tofile(Path(folder) / "onnx" / "model.onnx_data")
    assert load(folder).info.file_hash != first


@pytest.mark.parametrize("how", ["..", "absolute", "symbolic link"])
def test_weights_outside_the_folder_are_refused(tiny_onnx: Path, tmp_path: Path, altered: Altered, how: str) -> None:
    secret = tmp_path / "secret.bin"
    np.ones((163, 9), dtype=np.float32).tofile(secret)

    def change(folder: Path) -> None:
        if how == "symbolic link":
            (folder / "onnx" / "model.onnx_data").symlink_to(secret)
        place = {"..": "../../secret.bin", "absolute": str(secret), "symbolic link": "model.onnx_data"}
        graph_with_weights_at(folder, place[how])

    with pytest.raises(ModelError, match="not a model that can be run"):
        load(altered(tiny_onnx, change))


def test_a_model_that_returns_what_is_not_a_number_is_a_model_error(
    tiny_onnx: Path, altered: Altered, sentences: Callable[..., list[object]]
) -> None:
    def change(folder: Path) -> None:
        graph_with_weights_at(folder, "model.onnx_data")
        np.full((163, 9), np.nan, dtype=np.float32).tofile(folder / "onnx" / "model.onnx_data")

    predictor = load(altered(tiny_onnx, change))
    with pytest.raises(ModelError, match="not numbers"):
        list(predictor.predict(sentences("New York"), "document"))  # type: ignore[arg-type]


def test_code_beside_a_checkpoint_is_not_run(tiny_checkpoint: Path, altered: Altered, configured: Configured) -> None:
    def change(folder: Path) -> None:
        trap = "raise SystemExit('run')\n"
        (folder / "modeling_trap.py").write_text(trap, encoding="utf-8")
        classes = {"AutoConfig": "modeling_trap.C", "AutoModelForTokenClassification": "modeling_trap.M"}
        configured(auto_map=classes, model_type="trap")(folder)

    with pytest.raises(ModelError):
        load(altered(tiny_checkpoint, change))
