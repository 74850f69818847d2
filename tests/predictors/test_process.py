"""A model in a child process: the same answers, and its death is a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from patience import HANGS

from ner_tui.domain.document import Sentence
from ner_tui.errors import ModelError
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.process import ChildPredictor

pytest.importorskip("torch")

Make = Callable[..., list[Sentence]]


@pytest.fixture(scope="module")
def child(tiny_checkpoint: Path) -> Iterator[ChildPredictor]:
    predictor = load(str(tiny_checkpoint), isolated=True)
    assert isinstance(predictor, ChildPredictor)
    yield predictor
    predictor.close()


@pytest.mark.thorough
def test_a_child_says_what_the_model_says_here(child: ChildPredictor, transformer: Predictor, sentences: Make) -> None:
    block = sentences("Hugging Face Inc. is in New York City. ", "It is a company.")
    assert child.info == transformer.info
    for theirs, ours in zip(child.predict(block, "document"), transformer.predict(block, "document"), strict=True):
        assert np.array_equal(theirs.probabilities, ours.probabilities)
        assert np.array_equal(theirs.unseen, ours.unseen)
    assert list(child.wordpieces("New York")) == list(transformer.wordpieces("New York"))


@pytest.mark.thorough
def test_a_request_left_half_read_does_not_disturb_the_next(child: ChildPredictor, sentences: Make) -> None:
    block = sentences(*["The company is in New York City. "] * 400)
    half = child.predict(block, "sentence")
    next(half)
    whole = list(child.predict(block[:2], "sentence"))
    assert len(whole) == 2
    del half
    assert len(list(child.predict(block[:3], "sentence"))) == 3


def test_an_onnx_model_needs_no_child(tiny_onnx: Path) -> None:
    assert not isinstance(load(str(tiny_onnx), isolated=True), ChildPredictor)


@pytest.mark.thorough
def test_what_is_wrong_with_a_folder_is_said_as_if_loaded_here(tmp_path: Path, tiny_checkpoint: Path) -> None:
    (tmp_path / "config.json").write_bytes((tiny_checkpoint / "config.json").read_bytes())
    (tmp_path / "vocab.txt").write_bytes((tiny_checkpoint / "vocab.txt").read_bytes())
    (tmp_path / "model.safetensors").write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(ModelError, match="not whole"):
        load(str(tmp_path), isolated=True)


@pytest.mark.thorough
def test_a_killed_child_is_a_model_error_now_and_later(tiny_checkpoint: Path, sentences: Make) -> None:
    child = ChildPredictor(str(tiny_checkpoint))
    threading.Timer(0.3, os.kill, (child.pid, signal.SIGKILL)).start()
    block = sentences(*["The company is in New York City. "] * 2_000)
    with pytest.raises(ModelError, match="killed"):
        _ = [list(child.predict(block, "sentence")) for _ in range(100)]
    with pytest.raises(ModelError, match="killed"):
        list(child.predict(block[:1], "sentence"))
    child.close()


@pytest.mark.thorough
def test_a_child_that_hangs_is_ended_and_told(tiny_checkpoint: Path, sentences: Make) -> None:
    child = ChildPredictor(str(tiny_checkpoint), answer_seconds=0.5)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ModelError, match="silent"):
        list(child.predict(sentences("New York"), "document"))
    with pytest.raises(ModelError, match="closed"):
        list(child.predict(sentences("New York"), "document"))


@pytest.mark.thorough
def test_a_child_ends_with_its_parent(tiny_checkpoint: Path) -> None:
    script = (
        "import os, sys; from ner_tui.predictors.process import ChildPredictor; "
        "print(ChildPredictor(sys.argv[1]).pid, flush=True); os._exit(9)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, tiny_checkpoint], capture_output=True, text=True, check=False
    )
    assert not result.stderr
    pid = int(result.stdout)
    deadline = time.monotonic() + HANGS
    while time.monotonic() < deadline:
        # A dead child of a dead parent is gone, or a zombie until init has seen it.
        status = Path(f"/proc/{pid}/stat")
        if (
            not status.exists()
            or status.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] == "Z"
        ):
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


@pytest.mark.thorough
def test_a_module_in_the_working_folder_is_not_imported(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise SystemExit\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    load(str(tiny_checkpoint), isolated=True).close()
