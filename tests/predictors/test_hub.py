"""Hub names: what is asked for of a repository, by the names of its files; the hub is a folder here."""

from __future__ import annotations

import fnmatch
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub
import pytest

import ner_tui.predictors
from ner_tui.errors import ModelError
from ner_tui.predictors import hub, load_model
from ner_tui.predictors.base import PromptedModel

MODELS = Path(__file__).parent / "gliner" / "models"
Publish = Callable[..., list[str]]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Have files be those of someone/model; return the list of those that are downloaded."""

    def with_files(*names: str) -> list[str]:
        fetched: list[str] = []
        siblings = [SimpleNamespace(rfilename=name) for name in names]

        def download(_: str, *, revision: str, allow_patterns: Sequence[str], ignore_patterns: str | None) -> str:
            assert revision == "abc"
            for name in names:
                wanted = any(fnmatch.fnmatch(name, pattern) for pattern in allow_patterns)
                if wanted and not (ignore_patterns and fnmatch.fnmatch(name, ignore_patterns)):
                    fetched.append(name)
                    (tmp_path / "hub" / name).parent.mkdir(parents=True, exist_ok=True)
                    if (MODELS / "span" / Path(name).name).is_file():
                        shutil.copy(MODELS / "span" / Path(name).name, tmp_path / "hub" / name)
            return str(tmp_path / "hub")

        info = SimpleNamespace(siblings=siblings, sha="abc")
        monkeypatch.setattr(huggingface_hub.HfApi, "model_info", lambda *_, **__: info)
        monkeypatch.setattr(hub, "snapshot_download", download)
        return fetched

    return with_files


SETTINGS = ("gliner_config.json", "tokenizer.json", "tokenizer_config.json", "config.json")


@pytest.mark.parametrize(
    ("graphs", "chosen"),
    [
        (["onnx/model_int8.onnx", "onnx/model.onnx", "onnx/model_q4.onnx"], ["onnx/model.onnx"]),
        (["model.onnx", "model.onnx_data", "onnx/model.onnx"], ["model.onnx", "model.onnx_data"]),
        (["onnx/model_quantized.onnx", "pytorch_model.bin"], ["onnx/model_quantized.onnx"]),
    ],
)
@pytest.mark.parametrize("torch", [True, False])
def test_of_a_gliner_one_graph_is_fetched_and_torch_is_not_needed(
    publish: Publish, monkeypatch: pytest.MonkeyPatch, graphs: Sequence[str], chosen: Sequence[str], torch: bool
) -> None:
    monkeypatch.setattr(ner_tui.predictors, "torch_installed", lambda: torch)
    fetched = publish("README.md", *SETTINGS, *graphs)
    hub.download("someone/model", allow_pickle=False, torch=torch)
    assert sorted(fetched) == sorted([*SETTINGS, *chosen])


def test_a_gliner_of_the_hub_is_opened_here_and_not_in_a_child(publish: Publish) -> None:
    publish(*SETTINGS, "onnx/model.onnx")
    model = load_model("someone/model", isolated=True)
    assert isinstance(model, PromptedModel)
    assert model.info.name == "someone/model"
    model.close()


def test_of_a_gliner_without_a_graph_it_is_said_how_one_is_made(publish: Publish) -> None:
    fetched = publish(*SETTINGS, "pytorch_model.bin")
    with pytest.raises(ModelError, match=r'from_pretrained\("someone/model"\)\.export_to_onnx'):
        load_model("someone/model")
    assert fetched == []


def test_any_other_checkpoint_needs_torch_before_it_is_fetched(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ner_tui.predictors, "torch_installed", lambda: False)
    fetched = publish("config.json", "model.safetensors")
    with pytest.raises(ModelError, match=r'pip install "ner-tui\[transformer\]"'):
        load_model("someone/model")
    assert fetched == []
