"""``ner-tui models``: what can be used, and fast copies by command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ner_tui.cli import main, models
from ner_tui.predictors import BUNDLED_MODELS, cache

pytestmark = pytest.mark.skipif(
    not all((folder / "config.json").is_file() for folder in BUNDLED_MODELS.values()),
    reason="the bundled models are not in this tree",
)


@pytest.fixture(autouse=True)
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache" / "models"


def test_the_bundled_models_are_always_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines() if "comes with the program" in line] == list(BUNDLED_MODELS)
    assert "the default" in out
    assert "a hub name" in out
    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    for name in BUNDLED_MODELS:
        assert listed[name]["labels"] == ["MISC", "PER", "ORG", "LOC"]
        assert listed[name]["bytes"] < 82e6


def test_without_torch_it_is_said_what_other_models_need(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_checkpoint: Path
) -> None:
    monkeypatch.setattr(models, "torch_installed", lambda: False)
    monkeypatch.setattr(models, "find_spec", lambda _: None)
    assert main(["models"]) == 0
    assert "pip install" in capsys.readouterr().out
    assert main(["models", "add", str(tiny_checkpoint)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_copy_is_made_listed_used_and_taken_away(
    tiny_checkpoint: Path, copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    spec = str(tiny_checkpoint)
    assert main(["models", "add", spec, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert Path(made["folder"]).parent == copies
    assert (made["spec"], made["precision"]) == (spec, "int8")
    assert 0 < made["equal_tags"] <= 1
    assert made["words"] > 500

    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["fast_copies"] == [{**made, "used": True, "bytes": listed["fast_copies"][0]["bytes"]}]
    assert main(["models"]) == 0
    assert spec in capsys.readouterr().out

    (tmp_path / "a.txt").write_text("Ada met Bob.")
    assert main(["predict", str(tmp_path / "a.txt"), "--model", spec]) == 0
    assert len(capsys.readouterr().out.split("\n")) == 6

    assert main(["models", "remove", spec]) == 0
    assert list(cache.copies()) == []


@pytest.mark.thorough
def test_pickled_weights_are_read_once_if_that_is_allowed_and_the_copy_needs_no_leave(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    spec = tmp_path / "model"
    shutil.copytree(tiny_checkpoint, spec)
    torch.save(load_file(spec / "model.safetensors"), spec / "pytorch_model.bin")
    (spec / "model.safetensors").unlink()
    assert main(["models", "add", str(spec)]) == 2
    assert "--allow-pickle" in capsys.readouterr().err
    assert main(["models", "add", str(spec), "--allow-pickle"]) == 0
    (tmp_path / "a.txt").write_text("Ada met Bob.")
    assert main(["predict", str(tmp_path / "a.txt"), "--model", str(spec)]) == 0


@pytest.mark.parametrize("arguments", [["add", "./nowhere"], ["remove", "./nowhere"], ["add", "bundled"]])
def test_mistakes_are_told_in_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_tags_cannot_be_compared_on_a_text_that_is_empty(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "blank.txt").write_text(" \n\n")
    assert main(["models", "add", str(tiny_checkpoint), "--text", str(tmp_path / "blank.txt")]) == 2
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [["predict", "a.txt", "--model", ""], ["train", "a.conll", "-o", "x", "--base", " "], ["models", "info", ""]],
)
def test_an_empty_name_is_not_the_default(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert "it is empty: leave it out, or name a model" in capsys.readouterr().err
