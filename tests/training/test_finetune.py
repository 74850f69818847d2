"""From a CoNLL file to a checkpoint folder with an int8 graph."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")

import torch
import transformers

from ner_tui.errors import InputError, ModelError
from ner_tui.predictors import load as load_model
from ner_tui.training.base import load_base, load_classifier, load_tokenizer, make_encoder
from ner_tui.training.data import Targets, load, tag_names, windows
from ner_tui.training.fastcopy import make_fast_copy
from ner_tui.training.finetune import TrainingReport, train
from ner_tui.training.loop import TrainingProgress, forward
from ner_tui.training.recipe import Recipe, RecipeSource, TrainingOptions

if TYPE_CHECKING:
    import numpy

OPTIONS = TrainingOptions(
    epochs=20,
    learning_rate=3e-3,
    batch_pieces=128,
    window_words=(0, 20),
    average_last=0.5,
    letter_shapes=True,
    bf16=False,
    threads=1,
)


@pytest.fixture(scope="module")
def steps() -> list[TrainingProgress]:
    return []


@pytest.fixture(scope="module")
def report(
    tiny_base: Path, small_set: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[TrainingProgress]
) -> Iterator[TrainingReport]:
    threads = torch.get_num_threads()
    recipe = Recipe(train=(RecipeSource(small_set),), dev=(RecipeSource(small_set),), options=OPTIONS)
    yield train(recipe, tiny_base, tmp_path_factory.mktemp("out") / "model", steps.append, keep_fp32=True)
    torch.set_num_threads(threads)


def test_the_loss_falls_and_every_step_is_reported(report: TrainingReport, steps: list[TrainingProgress]) -> None:
    assert [each.step for each in steps] == list(range(1, steps[-1].steps + 1))
    assert steps[-1].loss < steps[0].loss / 2


def test_tags_come_from_the_data(report: TrainingReport) -> None:
    assert report.tags == ("O", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-PER", "I-PER")
    assert report.accuracy["small"] > 0.9


def test_the_folder_is_a_checkpoint(report: TrainingReport) -> None:
    files = {path.relative_to(report.folder).as_posix() for path in report.folder.rglob("*") if path.is_file()}
    assert {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "onnx/model_int8.onnx",
        "onnx/model.onnx",
        "training.json",
    } <= files
    config = json.loads((report.folder / "config.json").read_text())
    assert config["token_types"] == "letter-shape-2"
    assert config["type_vocab_size"] == 5
    assert report.calibration is not None
    assert config["temperature"] == report.calibration.temperature
    assert config["id2label"]["1"] == "B-LOC"
    tokenizer = json.loads((report.folder / "tokenizer.json").read_text())
    assert tokenizer["truncation"] is None
    assert tokenizer["padding"] is None


def test_no_folder_of_this_machine_is_written(report: TrainingReport, tiny_base: Path) -> None:
    for name in ("config.json", "tokenizer_config.json", "training.json"):
        text = (report.folder / name).read_text()
        assert str(tiny_base.parent) not in text
        assert str(report.folder.parent) not in text


@pytest.mark.parametrize(("name", "tolerance"), [("model.onnx", 1e-3), ("model_int8.onnx", 0.5)])
def test_the_graph_agrees_with_the_checkpoint(
    report: TrainingReport, small_set: Path, name: str, tolerance: float
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    model: Any = load_base(report.folder, report.tags, letter_shapes=True, seed=1)
    model.eval()
    encoder = make_encoder(model, load_tokenizer(report.folder))
    corpus = load(RecipeSource(small_set), Targets(report.tags))
    drawn = [window for document in corpus.documents for window in windows(document, repeat(20))]
    session = onnxruntime.InferenceSession(str(report.folder / "onnx" / name))
    for window in encoder.encode(drawn):
        batch = encoder.batch([window])
        values = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
        inputs = {given.name: values[given.name].numpy() for given in session.get_inputs()}
        logits, hidden = session.run(["logits", "last_hidden_state"], inputs)
        with torch.no_grad():
            expected = forward(model, batch)
        assert hidden.shape == (*batch.ids.shape, 32)
        assert difference(logits, expected, batch.mask) < tolerance


def difference(logits: numpy.ndarray, expected: torch.Tensor, mask: torch.Tensor) -> float:
    return float((torch.from_numpy(logits) - expected)[mask.bool()].abs().max())


def test_a_trained_checkpoint_can_be_trained_on(report: TrainingReport, small_set: Path, tmp_path: Path) -> None:
    recipe = Recipe(train=(RecipeSource(small_set),), options=replace(OPTIONS, epochs=1, learning_rate=1e-5))
    again = train(recipe, report.folder, tmp_path / "again")
    assert again.calibration is None
    config = json.loads((again.folder / "config.json").read_text())
    assert config["temperature"] == 1.0
    assert not (again.folder / "onnx" / "model.onnx").exists()


def test_without_shapes_the_config_is_plain(tiny_base: Path, small_set: Path, tmp_path: Path) -> None:
    recipe = Recipe(train=(RecipeSource(small_set),), options=replace(OPTIONS, epochs=1, letter_shapes=False))
    config = json.loads((train(recipe, tiny_base, tmp_path / "plain").folder / "config.json").read_text())
    assert "token_types" not in config
    assert config["type_vocab_size"] == 2


def test_of_a_head_the_rows_of_the_same_tags_are_kept(report: TrainingReport) -> None:
    kept: Any = load_base(report.folder, report.tags, letter_shapes=True, seed=1)
    other: Any = load_base(report.folder, tag_names(["PER", "ORG", "LOC"]), letter_shapes=True, seed=1)
    trained: Any = load_classifier(report.folder)
    assert torch.equal(kept.classifier.weight, trained.classifier.weight)
    assert not torch.equal(other.classifier.weight, trained.classifier.weight)
    for tag in ("O", "B-PER", "I-LOC"):
        new, old = other.config.label2id[tag], trained.config.label2id[tag]
        assert torch.equal(other.classifier.weight[new], trained.classifier.weight[old])
        assert other.classifier.bias[new] == trained.classifier.bias[old]
    fewer: Any = load_base(report.folder, tag_names(["PER", "NEW"]), letter_shapes=True, seed=1)
    assert torch.equal(fewer.classifier.weight[1], trained.classifier.weight[trained.config.label2id["B-PER"]])
    assert fewer.classifier.weight[3].abs().max() < 0.2
    assert other.config.id2label[1] == "B-PER"
    encoders = zip(kept.base_model.parameters(), other.base_model.parameters(), strict=True)
    assert all(torch.equal(ours, theirs) for ours, theirs in encoders)


def test_a_fast_copy_has_the_same_graph(
    report: TrainingReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    copy = make_fast_copy(str(report.folder), "Anbe co.").folder
    assert (copy / "onnx" / "model_int8.onnx").read_bytes() == (report.folder / "onnx" / "model_int8.onnx").read_bytes()
    config = json.loads((copy / "config.json").read_text())
    assert config["token_types"] == "letter-shape-2"
    assert report.calibration is not None
    assert config["temperature"] == report.calibration.temperature
    assert not (copy / "model.safetensors").exists()


def test_words_of_byte_level_vocabularies_begin_with_a_space_as_they_do_in_text(
    byte_level: Callable[..., Path], small_set: Path, tmp_path: Path
) -> None:
    base = byte_level(tmp_path / "base", space=False)
    tokens = load_tokenizer(base).backend_tokenizer.encode(["ab", "c"], is_pretokenized=True).tokens
    assert tokens == ["<s>", "Ġ", "a", "b", "Ġ", "c", "</s>"]
    recipe = Recipe(train=(RecipeSource(small_set),), options=replace(OPTIONS, epochs=1, letter_shapes=False))
    folder = train(recipe, base, tmp_path / "model").folder
    assert json.loads((folder / "config.json").read_text())["trained_on"] == "words"
    predictor = load_model(str(folder))
    assert predictor.info.remarks == ()
    assert "split words" in predictor.info.window_rule


def test_a_model_that_no_graph_can_be_made_of_is_kept_and_measured_as_it_is(
    tiny_base: Path, small_set: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(tiny_base, tmp_path / "base")
    words = json.loads((tmp_path / "base" / "config.json").read_text())["vocab_size"]
    config = transformers.FNetConfig(
        vocab_size=words, hidden_size=32, num_hidden_layers=1, intermediate_size=64, max_position_embeddings=64
    )
    transformers.FNetModel(config).save_pretrained(tmp_path / "base")
    sets = (RecipeSource(small_set),)
    options = replace(OPTIONS, epochs=1, letter_shapes=False)
    told: list[str] = []
    capfd.readouterr()
    report = train(Recipe(train=sets, dev=sets, options=options), tmp_path / "base", tmp_path / "out", tell=told.append)
    assert capfd.readouterr().out == ""
    assert not report.has_graph
    assert any("no ONNX graph can be made of a model of the type 'fnet'" in line for line in told)
    assert report.spans["small"].support > 10
    assert not (report.folder / "onnx").exists()
    assert load_model(str(report.folder)).info.precision == "fp32"


def test_an_encoder_is_no_token_classifier(tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ModelError, match="not a token classifier; `ner-tui train --base` can make one"):
        make_fast_copy(str(tiny_base))
    with pytest.raises(ModelError, match="no trained head"):
        load_classifier(tiny_base)
    assert not any(tmp_path.iterdir())


def test_a_full_folder_is_refused_before_training(tiny_base: Path, small_set: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(InputError, match="exists already"):
        train(Recipe(train=(RecipeSource(small_set),)), tiny_base, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_base_that_is_none_is_refused_and_leaves_nothing(small_set: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty"):
        train(Recipe(train=(RecipeSource(small_set),)), tmp_path / "empty", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_labels_of_the_recipe_keep_their_order() -> None:
    assert tag_names(["PER", "LOC"]) == ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


@pytest.mark.parametrize("setting", [{"num_labels": 10**9}, {"vocab_size": 10**12}, {"attn_implementation": "a/b"}])
def test_a_base_is_looked_at_as_closely_as_a_model(
    tiny_base: Path, small_set: Path, tmp_path: Path, setting: dict[str, object]
) -> None:
    shutil.copytree(tiny_base, tmp_path / "base")
    config = tmp_path / "base" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text(encoding="utf-8")) | setting), encoding="utf-8")
    with pytest.raises(ModelError, match=r"num_labels|not whole|names code"):
        train(Recipe(train=(RecipeSource(small_set),)), tmp_path / "base", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_labels_of_a_base_that_are_not_learnt_are_told(tiny_base: Path, tmp_path: Path) -> None:
    told: list[str] = []
    model = load_base(tiny_base, tag_names(["PER", "LOC", "DRUG"]), letter_shapes=False, seed=1, tell=told.append)
    model.save_pretrained(tmp_path)
    assert told == []
    for labels in ["DRUG", "DOSE"], ["DRUG", "LOC", "PER", "DOSE"]:
        load_base(tmp_path, tag_names(labels), letter_shapes=False, seed=1, tell=told.append)
    assert told == ["labels of the base that are not learnt, and that the model will not know: PER, LOC"]
