"""The two GLiNER models of the tests, and sentences whose tokens are words as GLiNER counts them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ner_tui.domain.annotation.suggestions import FLOOR, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Token
from ner_tui.predictors.base import Context
from ner_tui.predictors.gliner.model import Gliner
from ner_tui.predictors.gliner.settings import Settings

MODELS = Path(__file__).parent / "models"
KINDS = ("span", "token")

Ask = Callable[..., list[tuple[Suggestion, ...]]]


@pytest.fixture(params=KINDS)
def folder(request: pytest.FixtureRequest) -> Path:
    """A model that scores spans, and one that scores words."""
    return MODELS / str(request.param)


@pytest.fixture
def model(folder: Path) -> Iterator[Gliner]:
    """The model of the folder, loaded."""
    opened = Gliner(Settings.read(folder, folder.name))
    yield opened
    opened.close()


@pytest.fixture
def ask(model: Gliner) -> Ask:
    """Ask the model for labels, given by name or with a description, in sentences of one document."""

    def asked(
        block: Sequence[Sentence],
        labels: Sequence[str | Label],
        threshold: float = FLOOR,
        context: Context = "document",
        label_map: str = "",
    ) -> list[tuple[Suggestion, ...]]:
        named = [label if isinstance(label, Label) else Label(label, "", 0) for label in labels]
        source = model.source(named, LabelMap.parse(label_map), context, threshold)
        ((_, found),) = source.ahead([block])
        return found

    return asked


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Copy a model, with some of its settings changed (None takes one away) and some files deleted."""

    def copy(kind: str = "span", without: Sequence[str] = (), **settings: object) -> Path:
        folder = tmp_path / kind
        shutil.copytree(MODELS / kind, folder)
        path = folder / "gliner_config.json"
        config = json.loads(path.read_text(encoding="utf-8")) | settings
        path.write_text(json.dumps({k: v for k, v in config.items() if v is not None}), encoding="utf-8")
        for name in without:
            (folder / name).unlink()
        return folder

    return copy


def sentence_of(text: str, start: int = 0) -> Sentence:
    """Return a sentence whose tokens are the words that the gliner package splits a text into."""
    words = (match.span() for match in re.finditer(r"\w+(?:[-_]\w+)*|\S", text))
    return Sentence(start, text, tuple(Token(start + first, start + end) for first, end in words))
