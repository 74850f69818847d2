"""Fine-tune a checkpoint on CoNLL files and leave a folder that every backend can read.

The folder::

    config.json  model.safetensors  tokenizer.json  tokenizer_config.json
    onnx/model_int8.onnx            (and onnx/model.onnx if asked)
    training.json                   the report: what was trained on, the figures

Besides what every checkpoint's config has, this one may have ``"token_types": "letter-shape-1"``
and has ``"temperature"``. The folder appears when all of it is written, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import fmean

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ner_tui.training.base import hush, keep_layers, load_base, load_tokenizer, make_encoder
from ner_tui.training.batches import Batch, WindowEncoder
from ner_tui.training.calibration import Calibration, calibrate
from ner_tui.training.data import Corpus, Targets, labels_of, load, load_text, tag_names
from ner_tui.training.distillation import read_teachers
from ner_tui.training.export import export
from ner_tui.training.folder import drafted, set_temperature, write_json
from ner_tui.training.loop import Hooks, TrainingProgress, autocast, fit, forward
from ner_tui.training.measure import Scored, accuracy, score_words, span_f1
from ner_tui.training.name_replacement import Names
from ner_tui.training.recipe import Recipe
from ner_tui.training.resuming import Keeper
from ner_tui.training.sample import windows
from ner_tui.training.vocabulary import keep_scripts


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a run made."""

    folder: Path
    tags: tuple[str, ...]
    words: int
    """Of the training sets."""
    accuracy: dict[str, float]
    """Share of words tagged right, per dev set, by the int8 graph; empty without dev sets."""
    calibration: Calibration | None
    """None without dev sets: the temperature is then 1."""


def train(
    recipe: Recipe,
    base: str | Path,
    out: Path,
    progress: Callable[[TrainingProgress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
    *,
    keep_fp32: bool = False,
    teacher_cache: Path | None = None,
) -> TrainingReport:
    """Fine-tune, export, calibrate and write.

    A run that takes longer than some minutes keeps its state in a folder beside ``out``, and one that was interrupted
    goes on from there when it is begun again.

    Args:
        recipe: the sets and the settings.
        base: folder or name of an encoder or a token classifier.
        out: the folder to make; it must not exist, or be empty.
        progress: called after each step.
        tell: takes what was found on the way, a line at a time.
        keep_fp32: write the unquantised graph too.
        teacher_cache: folder for what teachers say, for other students to learn from too; None: it is not kept.

    Raises:
        InputError: a set cannot be used, or the folder cannot be written.
        ModelError: the base cannot be used.
    """
    hush()
    with drafted(out) as draft:
        # Everything that can be refused is refused before the loop, which may take hours.
        tags = tag_names(recipe.labels or labels_of([source.path for source in recipe.train]))
        targets = Targets(tags)
        corpora = [load(source, targets) for source in recipe.train]
        corpora += [load_text(source) for source in recipe.unlabelled]
        dev = [load(source, targets) for source in recipe.dev]
        table = torch.tensor(targets.table())
        if recipe.options.threads:
            torch.set_num_threads(recipe.options.threads)
        tokenizer = load_tokenizer(base)
        options = recipe.options
        model = load_base(
            base,
            tags,
            letter_shapes=options.letter_shapes,
            seed=options.seed,
            attention_dropout=options.attention_dropout,
        )
        if recipe.scripts:
            tokenizer = keep_scripts(model, tokenizer, recipe.scripts)
        if recipe.layers:
            keep_layers(model, recipe.layers)
        encoder = make_encoder(model, tokenizer)
        unfinished = out.with_name(f".{out.name}.unfinished")
        keeper = Keeper(unfinished, _key(recipe, base))
        judge = _Judge(model, encoder, dev, tags, recipe, tell) if dev else None
        names = _names(recipe, corpora, targets) if options.replace_names else None
        fit(
            model,
            encoder,
            corpora,
            table,
            options,
            Hooks(progress, judge, keeper),
            names.replace if names else None,
            partial(read_teachers, recipe.teachers, tags, folder=teacher_cache or unfinished / "teachers", tell=tell)
            if recipe.teachers
            else None,
        )
        scored = _write(draft, model, tokenizer, encoder, dev, table, recipe, keep_fp32)
        calibration = calibrate(scored) if scored else None
        report = TrainingReport(
            folder=out,
            tags=tags,
            words=sum(
                len(s.words)
                for corpus in corpora[: len(recipe.train)]
                for document in corpus.documents
                for s in document
            ),
            accuracy={each.name: accuracy([each]) for each in scored},
            calibration=calibration,
        )
        set_temperature(draft, calibration.temperature if calibration else 1.0)
        write_json(draft / "training.json", _as_json(recipe, base, report))
    keeper.forget()
    return report


def _names(recipe: Recipe, corpora: Sequence[Corpus], targets: Targets) -> Names:
    """Collect the names of the sets that may be replaced, and those of the recipe's lists."""
    names = Names(targets)
    for corpus in corpora:
        if corpus.source.replace_names:
            names.meet(sentence for document in corpus.documents for sentence in document)
    for path in recipe.names:
        names.read(path)
    return names


def _key(recipe: Recipe, base: str | Path) -> str:
    """Return what tells this run from others: all that what is learnt depends on."""
    files = [*(source.path for source in recipe.train), *recipe.names]
    sizes = [path.stat().st_size for path in files]
    whole = replace(recipe, options=replace(recipe.options, threads=None))
    return sha256(repr((whole, str(base), sizes)).encode()).hexdigest()


class _Judge:
    """Tells the F1 of spans on each dev set, and judges by their mean."""

    def __init__(
        self,
        model: PreTrainedModel,
        encoder: WindowEncoder,
        dev: Sequence[Corpus],
        tags: Sequence[str],
        recipe: Recipe,
        tell: Callable[[str], None],
    ) -> None:
        self._model = model
        self._encoder = encoder
        self._dev = dev
        self._tags = tags
        self._window = max(recipe.options.window_words)
        self._bf16 = recipe.options.bf16
        self._tell = tell

    def __call__(self, name: str) -> float:
        found = [span_f1(self._forward, self._encoder, corpus, self._tags, self._window) for corpus in self._dev]
        figures = ", ".join(
            f"{corpus.source.path.stem} {100 * f1:.2f}" for corpus, f1 in zip(self._dev, found, strict=True)
        )
        self._tell(f"{name}, F1 of spans: {figures}")
        return fmean(found)

    def _forward(self, batch: Batch) -> torch.Tensor:
        with torch.inference_mode(), autocast(self._bf16):
            return forward(self._model, batch).float()


def _write(
    draft: Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    encoder: WindowEncoder,
    dev: Sequence[Corpus],
    table: torch.Tensor,
    recipe: Recipe,
    keep_fp32: bool,
) -> list[Scored]:
    """Save the checkpoint and its graph; run the graph over the dev sets."""
    model.save_pretrained(draft)
    tokenizer.save_pretrained(draft)
    (draft / "onnx").mkdir()
    sample = windows(lambda text: tokenizer(text)["input_ids"])
    graph = export(model, draft / "onnx", sample, keep_fp32=keep_fp32)
    size = max(recipe.options.window_words)
    return [score_words(graph, encoder, corpus, table, size) for corpus in dev]


def _as_json(recipe: Recipe, base: str | Path, report: TrainingReport) -> dict[str, object]:
    """Describe a run without naming a folder of the machine it ran on."""
    return {
        "base": Path(base).name,
        "train": [source.path.name for source in recipe.train],
        "unlabelled": [source.path.name for source in recipe.unlabelled],
        "teachers": [teacher.path.name for teacher in recipe.teachers],
        "scripts": list(recipe.scripts),
        "layers": list(recipe.layers),
        "dev": [source.path.name for source in recipe.dev],
        "options": asdict(recipe.options),
        "tags": list(report.tags),
        "words": report.words,
        "accuracy": report.accuracy,
        "calibration": asdict(report.calibration) if report.calibration else None,
    }
