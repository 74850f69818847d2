"""The training loop: batches in, better weights in the model; it reads and writes nothing but a state to go on from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from time import monotonic
from typing import Any

import torch
from transformers import PreTrainedModel

from ner_tui.domain.counting import counted
from ner_tui.predictors.letter_shape_embedding import run
from ner_tui.training.batches import Batch, Encoded, WindowEncoder, bucket
from ner_tui.training.data import IGNORED, Corpus, TrainingSentence, epoch_windows
from ner_tui.training.distillation import PROJECTIONS, TeacherOutputs
from ner_tui.training.recipe import TrainingOptions
from ner_tui.training.resuming import Keeper
from ner_tui.training.weight_average import AveragedWeights

_NEW = ("classifier", "letter_shapes", "token_type_embeddings", PROJECTIONS)
"""Parts of the names of weights that a base of another task does not bring, or not for this use."""

FEW = 100
"""Steps below which a new head mostly has not learnt to say anything but O."""


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """Where a run stands; reported after every step."""

    epoch: int
    """From 1."""
    step: int
    steps: int
    """Of the whole run."""
    loss: float
    """Of this step."""
    seconds: float
    """That this took since the run began; after an interruption reckoned from what was done since."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a run tells, asks and leaves on the way; nothing of it changes how a step is done."""

    progress: Callable[[TrainingProgress], None] = lambda _: None
    """Is called after each step."""
    judge: Callable[[str], float] | None = None
    """Says how good the weights are that the model has just now, given their name; the best are kept."""
    keeper: Keeper | None = None
    """Holds the state a run goes on from."""
    tell: Callable[[str], None] = lambda _: None
    """Takes what there is to say of the run, a line at a time."""


def fit(
    model: PreTrainedModel,
    encoder: WindowEncoder,
    corpora: Sequence[Corpus],
    table: torch.Tensor,
    options: TrainingOptions,
    hooks: Hooks = Hooks(),
    replace_names: Callable[[TrainingSentence, Random], TrainingSentence] | None = None,
    teach: Callable[[Sequence[TrainingSentence]], TeacherOutputs] | None = None,
) -> None:
    """Fine-tune a token-classification model in place.

    Args:
        model: gives logits of shape (windows, sub-tokens, tags).
        encoder: how windows become sub-tokens.
        corpora: the sets to train on.
        table: which tags each target admits; bool, (targets, tags).
        options: the settings; `options.seed` fixes windows, batches and dropout.
        hooks: who is told and asked.
        replace_names: puts other names into a window (`ner_tui.training.name_replacement`).
        teach: has teachers read windows (`ner_tui.training.distillation`); all epochs then have the same ones.

    Raises:
        InputError: the keeper's states are of another run, or cannot be written.
    """
    torch.manual_seed(options.seed)
    random = Random(options.seed)
    if teach:
        windows = epoch_windows(corpora, options, random, replace_names)
        teacher_outputs = teach(windows)
        teacher_outputs.attach(model)
        encoded = encoder.encode(windows)
        epochs = [_batches(encoded, encoder, options, random) for _ in range(options.epochs)]
    else:
        teacher_outputs = None
        epochs = [
            _batches(encoder.encode(epoch_windows(corpora, options, random, replace_names)), encoder, options, random)
            for _ in range(options.epochs)
        ]
    batches = [(epoch, batch) for epoch, drawn in enumerate(epochs, 1) for batch in drawn]
    ends = set(accumulate(map(len, epochs)))
    steps = _TrainingRun(model, options, len(batches), teacher_outputs)
    _tell_if_few(len(batches), options.epochs, hooks.tell)
    state = hooks.keeper.last() if hooks.keeper else None
    if state:
        steps.restore(state)
        hooks.tell(f"going on where an earlier run was interrupted, after step {steps.step:,} of {len(batches):,}")
    began, first = monotonic(), steps.step
    model.train()
    for epoch, batch in batches[steps.step :]:
        if steps.is_stuck():
            hooks.tell(f"ended before epoch {epoch}: no better F1 for {counted(options.patience or 0, 'epoch')}")
            break
        loss = steps.take(batch, table)
        seconds = (monotonic() - began) / (steps.step - first) * steps.step
        hooks.progress(TrainingProgress(epoch, steps.step, len(batches), loss, seconds))
        if steps.step in ends and hooks.judge:
            steps.judge(hooks.judge, f"epoch {epoch}")
        if hooks.keeper and (steps.step in ends or hooks.keeper.is_due()):
            hooks.keeper.keep(steps.step, steps.state())
    steps.finish(hooks.judge)
    if teacher_outputs:
        teacher_outputs.detach(model)


class _TrainingRun:
    """A model on its way: the optimiser, the average and the best weights so far."""

    def __init__(
        self, model: PreTrainedModel, options: TrainingOptions, steps: int, teacher_outputs: TeacherOutputs | None
    ) -> None:
        self._model = model
        self._options = options
        self._teacher_outputs = teacher_outputs
        self._optimizer = torch.optim.AdamW(_groups(model, options), lr=options.learning_rate, fused=True)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: _rate(step, steps, options.warm_up)
        )
        self._average = AveragedWeights(model, first=steps - round(steps * options.average_last))
        self._best: tuple[float, dict[str, torch.Tensor]] | None = None
        self._since_best = 0
        self.step = 0

    def take(self, batch: Batch, table: torch.Tensor) -> float:
        """Do a step and return its loss."""
        loss = self._loss(batch, table)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), self._options.clip_norm)
        self._optimizer.step()
        self._schedule.step()
        self._optimizer.zero_grad()
        self.step += 1
        self._average.take(self.step)
        return loss.item()

    def _loss(self, batch: Batch, table: torch.Tensor) -> torch.Tensor:
        options, teacher_outputs = self._options, self._teacher_outputs
        with autocast(options.bf16):
            if teacher_outputs is None:
                return partial_loss(forward(self._model, batch), batch.targets, table)
            output = run(self._model, batch.ids, batch.mask, batch.types, output_hidden_states=True)
            told = partial_loss(output.logits, batch.targets, table)
            apart, strange = teacher_outputs.loss(self._model, output, batch.rows, options)
        return (1 - options.distillation) * told + options.distillation * apart + options.hidden_weight * strange

    def judge(self, judge: Callable[[str], float], name: str) -> None:
        """Have the weights judged, and keep a copy of them if there were no better ones."""
        self._model.eval()
        score = judge(name)
        self._model.train()
        self._since_best = 0 if self._best is None or score > self._best[0] else self._since_best + 1
        if self._best is None or score >= self._best[0]:
            self._best = score, {name: value.detach().clone() for name, value in self._model.state_dict().items()}

    def is_stuck(self) -> bool:
        """Whether so many epochs have brought nothing better that the run is to end."""
        return self._options.patience is not None and self._since_best >= self._options.patience

    def finish(self, judge: Callable[[str], float] | None) -> None:
        """Leave the model with its average, or with better weights if there were any."""
        if self._average.give() and judge:
            self.judge(judge, "average")
        if self._best:
            self._model.load_state_dict(self._best[1])
        self._model.eval()

    def state(self) -> dict[str, Any]:
        """Return all that a run goes on from."""
        return {
            "step": self.step,
            "model": self._model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "average": self._average.state(),
            "best": self._best,
            "since_best": self._since_best,
            "random": torch.get_rng_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.step = state["step"]
        self._model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self._average.restore(state["average"])
        self._best = state["best"]
        self._since_best = state["since_best"]
        torch.set_rng_state(state["random"])


def _tell_if_few(steps: int, epochs: int, tell: Callable[[str], None]) -> None:
    if steps < FEW:
        more = -(-FEW * epochs // max(steps, 1))
        short = "1 step is" if steps == 1 else f"{steps} steps are"
        tell(f"{short} too few to learn new labels from: more sentences, or --epochs {more}, make {FEW}")


def forward(model: PreTrainedModel, batch: Batch) -> torch.Tensor:
    """Run the model on a batch: logits (windows, sub-tokens, tags)."""
    logits: torch.Tensor = run(model, batch.ids, batch.mask, batch.types).logits
    return logits


def partial_loss(logits: torch.Tensor, targets: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """Give the mean over words of -log of the probability of the tags each target admits; 0 without any.

    Args:
        logits: (windows, sub-tokens, tags).
        targets: rows of the table or `IGNORED`; (windows, sub-tokens).
        table: bool, (targets, tags). A row that admits one tag gives plain cross-entropy.
    """
    seen = targets != IGNORED
    if not seen.any():
        return logits.sum() * 0
    logs = torch.log_softmax(logits[seen].float(), dim=-1)
    admitted = logs.masked_fill(~table[targets[seen]], float("-inf"))
    return -torch.logsumexp(admitted, dim=-1).mean()


def _batches(
    encoded: Sequence[Encoded], encoder: WindowEncoder, options: TrainingOptions, random: Random
) -> list[Batch]:
    return [encoder.batch(windows) for windows in bucket(encoded, options.batch_pieces, random)]


def _rate(step: int, steps: int, warm_up: float) -> float:
    """Rise linearly from 0 to 1 over the warm-up, then fall linearly to 0 at the end."""
    rise = max(1, round(steps * warm_up))
    return (step + 1) / rise if step < rise else max(0.0, (steps - step) / max(1, steps - rise))


def _groups(model: PreTrainedModel, options: TrainingOptions) -> list[dict[str, Any]]:
    """Decay matrices and leave biases and norms, which only shift and scale; what is new may have its own rate."""
    groups: dict[tuple[bool, bool], dict[str, Any]] = {
        (new, matrix): {
            "params": [],
            "weight_decay": options.weight_decay if matrix else 0.0,
            "lr": options.head_learning_rate if new and options.head_learning_rate else options.learning_rate,
        }
        for new in (False, True)
        for matrix in (False, True)
    }
    for name, weights in model.named_parameters():
        if weights.requires_grad:
            groups[any(part in name for part in _NEW), weights.ndim > 1]["params"].append(weights)
    return [group for group in groups.values() if group["params"]]


def autocast(bf16: bool) -> AbstractContextManager[object]:
    """Have matrix products done in bfloat16, if asked and the processor has them.

    Without AVX-512 torch works them out element by element: a step takes sixty times that of float32.
    """
    has_products = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return torch.autocast("cpu", dtype=torch.bfloat16) if bf16 and has_products else nullcontext()
