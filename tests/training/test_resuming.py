"""A run that was interrupted goes on and ends as one that was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")

import torch

from ner_tui.errors import InputError
from ner_tui.training.base import load_base, load_tokenizer, make_encoder
from ner_tui.training.data import Targets, load, tag_names
from ner_tui.training.finetune import train
from ner_tui.training.loop import Hooks, TrainingProgress, fit
from ner_tui.training.recipe import Recipe, RecipeSource, TrainingOptions
from ner_tui.training.resuming import KEPT, Keeper

OPTIONS = TrainingOptions(
    epochs=2, learning_rate=1e-3, batch_pieces=64, window_words=(0,), average_last=0.9, bf16=False, letter_shapes=True
)


class Interrupted(Exception):
    pass


def stop_at(step: int) -> Callable[[TrainingProgress], None]:
    def progress(at: TrainingProgress) -> None:
        if at.step == step:
            raise Interrupted

    return progress


@pytest.fixture
def run(tiny_base: Path, small_set: Path) -> Callable[..., dict[str, Any]]:
    """Trains the tiny model anew with given hooks and returns its weights."""
    tags = tag_names(["PER", "LOC", "ORG"])
    targets = Targets(tags)
    corpus = load(RecipeSource(small_set), targets)

    def begin(hooks: Hooks, judged: list[float] | None = None, options: TrainingOptions = OPTIONS) -> dict[str, Any]:
        model = load_base(tiny_base, tags, letter_shapes=True, seed=3)
        encoder = make_encoder(model, load_tokenizer(tiny_base))
        if judged is not None:
            hooks = replace(hooks, judge=lambda _: judged.pop(0))
        fit(model, encoder, [corpus], torch.tensor(targets.table()), options, hooks)
        return {name: value.clone() for name, value in model.state_dict().items()}

    return begin


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.mark.thorough
def test_it_ends_as_a_run_in_one_go(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    whole = run(Hooks())
    with pytest.raises(Interrupted):
        run(Hooks(progress=stop_at(7), keeper=Keeper(tmp_path, "a", every=0)))
    steps: list[int] = []
    told: list[str] = []
    keeper = Keeper(tmp_path, "a", every=0)
    resumed = run(Hooks(progress=lambda at: steps.append(at.step), keeper=keeper, tell=told.append))
    assert steps[0] == 7
    assert any("going on where an earlier run was interrupted, after step 6 of" in line for line in told)
    assert same(resumed, whole)


def test_the_best_weights_are_kept_across_an_interruption(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    first = run(Hooks(), judged=[0.9, 0.1, 0.2])
    assert not same(first, run(Hooks(), judged=[0.1, 0.2, 0.3]))
    steps: list[int] = []
    run(Hooks(progress=lambda at: steps.append(at.step)))
    with pytest.raises(Interrupted):
        run(Hooks(stop_at(steps[-1] - 1), keeper=Keeper(tmp_path, "a", every=0)), judged=[0.9])
    assert same(first, run(Hooks(keeper=Keeper(tmp_path, "a")), judged=[0.1, 0.2]))


@pytest.mark.thorough
def test_a_run_ends_after_epochs_that_brought_nothing_better_interrupted_or_not(
    run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    options = replace(OPTIONS, epochs=6, average_last=0.0, patience=2)
    told: list[str] = []
    judged = [0.5, 0.6, 0.6, 0.4, 0.9, 0.9]
    kept = run(Hooks(keeper=Keeper(tmp_path, "a"), tell=told.append), judged, options)
    assert judged == [0.9, 0.9]
    assert told[-1] == "ended before epoch 5: no better F1 for 2 epochs"
    assert same(kept, run(Hooks(keeper=Keeper(tmp_path, "a")), [], options))


def test_two_states_are_kept_and_a_damaged_one_is_passed_over(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "states", "a")
    assert keeper.last() is None
    for step in range(1, 5):
        keeper.keep(step, {"step": step})
    kept = sorted((tmp_path / "states").iterdir())
    assert len(kept) == KEPT
    kept[-1].write_bytes(kept[-1].read_bytes()[:100])
    state = keeper.last()
    assert state is not None
    assert state["step"] == 3
    keeper.forget()
    assert not (tmp_path / "states").exists()


def test_a_state_of_another_run_is_refused(tmp_path: Path) -> None:
    Keeper(tmp_path, "a").keep(1, {"step": 1})
    with pytest.raises(InputError, match="unfinished run of another recipe"):
        Keeper(tmp_path, "b").last()


@pytest.mark.thorough
def test_nothing_is_left_beside_what_was_trained(tiny_base: Path, small_set: Path, tmp_path: Path) -> None:
    recipe = Recipe(
        train=(RecipeSource(small_set),),
        dev=(RecipeSource(small_set),),
        options=replace(OPTIONS, epochs=2, batch_pieces=0),
    )
    told: list[str] = []
    train(recipe, tiny_base, tmp_path / "out", tell=told.append)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert "steps are too few" in told[0]
    assert [line.partition(",")[0] for line in told[1:]] == ["epoch 1", "epoch 2", "average"]
    assert "small precision " in told[1]
