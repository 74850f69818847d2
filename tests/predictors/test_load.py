"""The door: what loading imports, and what the bundled model says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ner_tui.domain.document import Sentence
from ner_tui.predictors import BUNDLED_MODELS, load
from ner_tui.predictors.suggesting import suggest

bundled = pytest.mark.skipif(
    not all((folder / "config.json").is_file() for folder in BUNDLED_MODELS.values()),
    reason="the bundled models are not in this tree",
)
each_bundled = pytest.mark.parametrize("name", BUNDLED_MODELS)


def modules_after(statement: str) -> set[str]:
    report = f"{statement}; import sys; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_importing_the_package_imports_no_backend() -> None:
    heavy = {"numpy", "onnxruntime", "tokenizers", "torch", "transformers", "huggingface_hub"}
    assert not heavy & modules_after("import ner_tui.predictors")


def test_an_onnx_model_is_loaded_and_run_without_torch(tiny_onnx: Path) -> None:
    statement = f"from ner_tui.predictors import load; list(load({str(tiny_onnx)!r}).wordpieces('New York'))"
    assert not {"torch", "transformers"} & modules_after(statement)


@bundled
@each_bundled
def test_a_bundled_model_reads_the_original_recipe(name: str, sentences: Callable[..., list[Sentence]]) -> None:
    text = (
        "Hugging Face Inc. is a company based in New York City. ",
        "Its headquarters are in DUMBO, therefore very close to the Manhattan Bridge.",
    )
    found = [item for items in suggest(load(name), sentences(*text)) for item in items]
    named = {("".join(text)[item.span.start : item.span.end], item.span.label) for item in found}
    assert ("New York City", "LOC") in named
    assert any(name.startswith("Hugging Face") and label == "ORG" for name, label in named)


@bundled
@each_bundled
def test_a_bundled_model_says_what_it_is(name: str) -> None:
    info = load(name).info
    assert (info.name, info.precision) == (BUNDLED_MODELS[name].name, "int8")
    assert set(info.tags) == {"O", *(f"{prefix}-{label}" for prefix in "BI" for label in ("PER", "ORG", "LOC", "MISC"))}
