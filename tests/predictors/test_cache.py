"""Fast copies: made once, used as long as the checkpoint is the same, never in the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import ner_tui.predictors
from ner_tui.domain.document import Sentence
from ner_tui.errors import InputError, ModelError
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.cache import FastCopy, copies, fast_copy, remove

pytest.importorskip("torch")
pytest.importorskip("onnx")

import ner_tui.training.fastcopy
from ner_tui.training.fastcopy import make_fast_copy

Make = Callable[..., list[Sentence]]
TEXT = "Hugging Face Inc. is a company based in New York City. The Manhattan Bridge is in the City."


@pytest.fixture(scope="module")
def made(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, FastCopy]:
    """A checkpoint folder, a cache and the copy made there."""
    folder, cache = tmp_path_factory.mktemp("some") / "model", tmp_path_factory.mktemp("cache")
    shutil.copytree(tiny_checkpoint, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ner_tui.predictors.cache, "copies_folder", lambda: cache)
        patch.setattr(ner_tui.training.fastcopy, "copies_folder", lambda: cache)
        return folder, cache, make_fast_copy(str(folder), TEXT)


@pytest.fixture
def checkpoint(made: tuple[Path, Path, FastCopy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkpoint, to change, with its copy in a cache of its own."""
    cache = tmp_path / "cache"
    shutil.copytree(made[1], cache)
    shutil.copytree(made[0], tmp_path / "model")
    for module in (ner_tui.predictors.cache, ner_tui.training.fastcopy):
        monkeypatch.setattr(module, "copies_folder", lambda: cache)
    return tmp_path / "model"


def precision(spec: Path) -> str:
    predictor = load(str(spec))
    predictor.close()
    return predictor.info.precision


def test_a_checkpoint_is_used_through_its_copy_from_then_on(checkpoint: Path) -> None:
    predictor = load(str(checkpoint))
    assert (predictor.info.name, predictor.info.precision) == (str(checkpoint), "int8")


def test_the_copy_says_nearly_what_the_checkpoint_says(
    checkpoint: Path, transformer: Predictor, sentences: Make, int8_slack: float
) -> None:
    block = sentences(TEXT)
    (fast,), (exact,) = (list(p.predict(block, "document")) for p in (load(str(checkpoint)), transformer))
    assert np.allclose(fast.probabilities, exact.probabilities, atol=0.2 * int8_slack)
    assert load(str(checkpoint)).info.tags == transformer.info.tags


def test_how_far_its_tags_are_those_of_fp32_is_kept_with_it(made: tuple[Path, Path, FastCopy]) -> None:
    copy = made[2]
    assert 0.5 < copy.equal_tags <= 1
    assert copy.words == 20
    assert copy.size > 1_000


def test_a_copy_needs_neither_torch_nor_a_child_process(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner_tui.predictors, "torch_installed", lambda: False)
    assert load(str(checkpoint), isolated=True).info.precision == "int8"


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "vocab.txt", "tokenizer_config.json"])
def test_a_copy_of_files_that_changed_is_not_used(checkpoint: Path, name: str) -> None:
    assert precision(checkpoint) == "int8"
    content = (checkpoint / name).read_bytes()
    # As long as it was, and with its old time: what a careless copy leaves behind.
    state = (checkpoint / name).stat()
    (checkpoint / name).write_bytes(content.replace(b"6", b"7") if name != "vocab.txt" else content[::-1])
    if (checkpoint / name).read_bytes() == content:
        (checkpoint / name).write_bytes(content + b"\n")
    os.utime(checkpoint / name, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert fast_copy(str(checkpoint), checkpoint) is None
    (checkpoint / name).write_bytes(content)
    assert precision(checkpoint) == "int8"


def test_the_same_files_elsewhere_share_the_copy(checkpoint: Path, tmp_path: Path) -> None:
    shutil.copytree(checkpoint, tmp_path / "elsewhere")
    assert precision(tmp_path / "elsewhere") == "int8"


def test_files_are_hashed_once(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert precision(checkpoint) == "int8"

    def refuse(_: Path) -> str:
        raise AssertionError("hashed again")

    monkeypatch.setattr(ner_tui.predictors.cache, "key_of", refuse)
    assert precision(checkpoint) == "int8"


def test_a_hub_name_finds_its_copy_without_asking_the_hub(checkpoint: Path) -> None:
    (copy,) = copies()
    note = {**json.loads((copy.folder / "fast-copy.json").read_text()), "spec": "someone/model"}
    (copy.folder / "fast-copy.json").write_text(json.dumps({**note, "source": str(checkpoint)}))
    assert load("someone/model").info.name == "someone/model"


def test_a_damaged_copy_is_no_hindrance(checkpoint: Path) -> None:
    (copy,) = copies()
    (copy.folder / "onnx" / "model_int8.onnx").write_bytes(b"not a graph")
    assert precision(checkpoint) == "fp32"
    (copy.folder / "fast-copy.json").write_text("{")
    assert list(copies()) == []
    assert precision(checkpoint) == "fp32"


def test_making_it_again_makes_nothing(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner_tui.training.fastcopy, "export", None)
    assert make_fast_copy(str(checkpoint)).folder == next(copies()).folder


def test_another_text_is_compared_without_making_it_again(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner_tui.training.fastcopy, "export", None)
    assert make_fast_copy(str(checkpoint), "New York City").words == 3


def test_a_copy_can_be_taken_away(checkpoint: Path) -> None:
    folder = next(copies()).folder
    assert remove(str(checkpoint)).folder == folder
    assert not folder.exists()
    assert precision(checkpoint) == "fp32"
    with pytest.raises(InputError, match="no fast copy"):
        remove(str(checkpoint))


def test_a_checkpoint_that_names_no_tags_can_have_a_copy(checkpoint: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    config["id2label"] = {str(number): f"LABEL_{number}" for number in range(9)}
    (checkpoint / "config.json").write_text(json.dumps({**config, "label2id": None}))
    make_fast_copy(str(checkpoint), TEXT)
    tags = ["O", *"ABCDEFGH"]
    assert load(str(checkpoint), model_tags=tags).info.precision == "int8"
    with pytest.raises(ModelError, match="--model-tags"):
        load(str(checkpoint))


@pytest.mark.parametrize(
    ("spec", "said"),
    [("bundled", "already"), ("./nowhere", "no such folder"), ("onnx", "used as it is"), ("empty", "config.json")],
)
def test_what_cannot_have_a_copy_is_refused_in_a_sentence(
    spec: str, said: str, tiny_onnx: Path, checkpoint: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    named = {"onnx": str(tiny_onnx), "empty": str(tmp_path / "empty")}
    with pytest.raises(ModelError, match=said):
        make_fast_copy(named.get(spec, spec))


def test_weights_that_are_damaged_leave_nothing_behind(checkpoint: Path, tmp_path: Path) -> None:
    (checkpoint / "model.safetensors").write_bytes(b"\0" * 64)
    before = sorted((tmp_path / "cache").iterdir())
    with pytest.raises(ModelError):
        make_fast_copy(str(checkpoint), TEXT)
    assert sorted((tmp_path / "cache").iterdir()) == before


def test_what_a_killed_process_left_is_cleared_after_a_day(checkpoint: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "cache" / ".old.1", tmp_path / "cache" / ".new.2"
    for draft in (old, new):
        draft.mkdir()
    os.utime(old, (0, 0))
    remove(str(checkpoint))
    make_fast_copy(str(checkpoint), TEXT)
    assert (old.exists(), new.exists()) == (False, True)


def test_running_a_model_writes_and_sends_nothing(tiny_onnx: Path, tmp_path: Path) -> None:
    """onnxruntime would leave a device's id in the cache folder and send events."""
    statement = f"from ner_tui.predictors import load; list(load({str(tiny_onnx)!r}).wordpieces('New York'))"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    subprocess.run([sys.executable, "-c", statement], env={**environment, **home}, check=True)
    assert list(tmp_path.rglob("*")) == []
