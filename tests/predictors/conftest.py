"""Sentences, and checkpoints with something changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.domain.spans import Token
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor

Alter = Callable[[Path], None]
Altered = Callable[[Path, Alter], str]


@pytest.fixture(scope="session")
def sentences() -> Callable[..., list[Sentence]]:
    """Texts to the consecutive sentences of one document."""

    def make(*texts: str) -> list[Sentence]:
        found, start = [], 0
        for text in texts:
            tokens = tuple(Token(token.start + start, token.end + start) for token in tokenize(text))
            found.append(Sentence(start, text, tokens))
            start += len(text)
        return found

    return make


@pytest.fixture(scope="session")
def transformer(tiny_checkpoint: Path) -> Iterator[Predictor]:
    """The tiny model under torch."""
    predictor = load(str(tiny_checkpoint))
    yield predictor
    predictor.close()


@pytest.fixture(scope="session")
def onnx(tiny_onnx: Path) -> Iterator[Predictor]:
    """The tiny model under onnxruntime."""
    predictor = load(str(tiny_onnx))
    yield predictor
    predictor.close()


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """Copy a checkpoint and change the copy."""

    def copy(checkpoint: Path, change: Alter) -> str:
        folder = tmp_path / "altered"
        shutil.copytree(checkpoint, folder)
        change(folder)
        return str(folder)

    return copy


@pytest.fixture(scope="session")
def configured() -> Callable[..., Alter]:
    """A change of config.json: keys to values, None to take a key away."""

    def with_changes(**changes: object) -> Alter:
        def change(folder: Path) -> None:
            path = folder / "config.json"
            config = json.loads(path.read_text(encoding="utf-8")) | changes
            path.write_text(json.dumps({k: v for k, v in config.items() if v is not None}), encoding="utf-8")

        return change

    return with_changes
