"""Fine-tune a checkpoint on annotated files or projects and leave a folder that every backend can read.

The folder::

    config.json  model.safetensors  tokenizer.json  tokenizer_config.json
    onnx/model_int8.onnx            (and onnx/model.onnx if asked)
    training.json                   the report: what was trained on, the figures

Besides what every checkpoint's config has, this one may have ``"token_types": "letter-shape-2"``
and has ``"temperature"``, and ``"trained_on": "words"`` where its vocabulary does not tell.
The folder appears when all of it is written, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from statistics import fmean

import torch
from tokenizers.models import WordPiece
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ner_tui.domain.evaluation.scoring import ScoreFigures
from ner_tui.errors import InputError, ModelError
from ner_tui.predictors.faults import reported_as
from ner_tui.training.base import hush, keep_layers, load_base, load_tokenizer, make_encoder
from ner_tui.training.base_folder import opened_base
from ner_tui.training.batches import Batch, WindowEncoder
from ner_tui.training.calibration import Calibration, calibrate
from ner_tui.training.data import Corpus, Reader, Targets, labels_of, load, load_text, read_sentences, tag_names
from ner_tui.training.distillation import read_teachers
from ner_tui.training.export import export
from ner_tui.training.folder import drafted, set_config, write_json
from ner_tui.training.loop import Hooks, TrainingProgress, autocast, fit, forward
from ner_tui.training.measure import Forward, GraphForward, accuracy, score_words, span_figures
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
    """Share of words tagged right, per dev set; empty without dev sets."""
    spans: dict[str, ScoreFigures]
    """Of exact spans, likewise."""
    calibration: Calibration | None
    """None without dev sets: the temperature is then 1."""
    has_graph: bool
    """Whether there is an int8 graph; the figures are the graph's then, and else the checkpoint's."""


def train(
    recipe: Recipe,
    base: str | Path,
    out: Path,
    progress: Callable[[TrainingProgress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
    *,
    keep_fp32: bool = False,
    teacher_cache: Path | None = None,
    allow_pickle: bool = False,
    read: Reader = read_sentences,
) -> TrainingReport:
    """Fine-tune, export, calibrate and write.

    A run keeps its state in a folder beside ``out`` after each epoch and every few minutes, and one that was
    interrupted goes on from there when it is begun again.

    Args:
        recipe: the sets and the settings.
        base: folder or name of an encoder or a token classifier, or of a bundled model.
        out: the folder to make; it must not exist, or be empty.
        progress: called after each step.
        tell: takes what was found on the way, a line at a time.
        keep_fp32: write the unquantised graph too.
        allow_pickle: read pickled weights of the base where there are no others.
        read: how annotated sets are read.
        teacher_cache: folder for what teachers say, for other students to learn from too; None: it is not kept.

    Raises:
        InputError: a set cannot be used, or the folder cannot be written.
        ModelError: the base cannot be used.
    """
    hush()
    if recipe.options.patience is not None and not recipe.dev:
        raise InputError("--patience ends a run by what dev sets say: give some with --dev FILE")
    if recipe.labels is None:
        read = cache(read)
    # Everything that can be refused is refused before the loop, which may take hours; files before the base, which
    # may take seconds.
    with ExitStack() as opened:
        draft = opened.enter_context(drafted(out))
        tags = tag_names(recipe.labels or labels_of([source.path for source in recipe.train], read))
        targets = Targets(tags)
        sets = [load(source, targets, read) for source in recipe.train]
        corpora = [*sets, *(load_text(source) for source in recipe.unlabelled)]
        dev = [load(source, targets, read) for source in recipe.dev]
        checkpoint = opened.enter_context(opened_base(base, allow_pickle=allow_pickle))
        table = torch.tensor(targets.table())
        options = recipe.options
        if options.threads:
            torch.set_num_threads(options.threads)
        tokenizer = load_tokenizer(checkpoint)
        model = load_base(
            checkpoint,
            tags,
            letter_shapes=options.letter_shapes,
            seed=options.seed,
            attention_dropout=options.attention_dropout,
            allow_pickle=allow_pickle,
            tell=tell,
        )
        if recipe.scripts:
            tokenizer = keep_scripts(model, tokenizer, recipe.scripts)
        if recipe.layers:
            keep_layers(model, recipe.layers)
        encoder = make_encoder(model, tokenizer)
        unfinished = unfinished_folder(out)
        keeper = Keeper(unfinished, _key(recipe, base, [*sets, *dev]))
        judge = _Judge(model, encoder, dev, tags, recipe, tell) if dev else None
        names = _names(recipe, corpora, targets) if options.replace_names else None
        fit(
            model,
            encoder,
            corpora,
            table,
            options,
            Hooks(progress, judge, keeper, tell),
            names.replace if names else None,
            partial(read_teachers, recipe.teachers, tags, folder=teacher_cache or unfinished / "teachers", tell=tell)
            if recipe.teachers
            else None,
        )
        graph = _write(draft, model, tokenizer, keep_fp32, tell)
        run = GraphForward(graph) if graph else _torch_forward(model, bf16=False)
        scored = [score_words(run, encoder, corpus, table, tags, max(options.window_words)) for corpus in dev]
        calibration = calibrate(scored) if scored else None
        report = TrainingReport(
            folder=out,
            tags=tags,
            words=sum(len(s.words) for corpus in sets for document in corpus.documents for s in document),
            accuracy={each.name: accuracy([each]) for each in scored},
            spans={each.name: each.spans for each in scored},
            calibration=calibration,
            has_graph=graph is not None,
        )
        set_config(draft, temperature=calibration.temperature if calibration else 1.0)
        if not isinstance(tokenizer.backend_tokenizer.model, WordPiece):
            set_config(draft, trained_on="words")
        write_json(draft / "training.json", _as_json(recipe, base, report))
    keeper.forget()
    return report


def unfinished_folder(out: Path) -> Path:
    """Return where a run that is to make a folder keeps its state until it is done."""
    return out.with_name(f".{out.name}.unfinished")


def _names(recipe: Recipe, corpora: Sequence[Corpus], targets: Targets) -> Names:
    """Collect the names of the sets that may be replaced, and those of the recipe's lists."""
    names = Names(targets)
    for corpus in corpora:
        if corpus.source.replace_names:
            names.meet(sentence for document in corpus.documents for sentence in document)
    for path in recipe.names:
        names.read(path)
    return names


def _key(recipe: Recipe, base: str | Path, sets: Sequence[Corpus]) -> str:
    """Return what tells this run from others: all that what is learnt depends on."""
    whole = replace(recipe, options=replace(recipe.options, threads=None))
    digest = sha256(repr((whole, str(base), [path.stat().st_size for path in recipe.names])).encode())
    for corpus in sets:
        for document in corpus.documents:
            digest.update(repr(document).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def in_words(figures: ScoreFigures) -> str:
    """Return figures of spans as they are told, in per cent."""
    precision, recall, f1 = (100 * figures[at] for at in range(3))
    return f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}"


class _Judge:
    """Tells precision, recall and F1 of spans on each dev set, and judges by the mean F1."""

    def __init__(
        self,
        model: PreTrainedModel,
        encoder: WindowEncoder,
        dev: Sequence[Corpus],
        tags: Sequence[str],
        recipe: Recipe,
        tell: Callable[[str], None],
    ) -> None:
        self._run = _torch_forward(model, bf16=recipe.options.bf16)
        self._encoder = encoder
        self._dev = dev
        self._tags = tags
        self._window = max(recipe.options.window_words)
        self._tell = tell

    def __call__(self, name: str) -> float:
        found = [span_figures(self._run, self._encoder, corpus, self._tags, self._window) for corpus in self._dev]
        told = (f"{corpus.source.path.stem} {in_words(each)}" for corpus, each in zip(self._dev, found, strict=True))
        self._tell(f"{name}, spans: {'; '.join(told)}")
        return fmean(each.f1 for each in found)


def _torch_forward(model: PreTrainedModel, *, bf16: bool) -> Forward:
    def run(batch: Batch) -> torch.Tensor:
        with torch.inference_mode(), autocast(bf16):
            return forward(model, batch).float()

    return run


def _write(
    draft: Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    keep_fp32: bool,
    tell: Callable[[str], None],
) -> Path | None:
    """Save the checkpoint and its graph; return the graph, or None where there is no way to make one of its family."""
    model.save_pretrained(draft)
    tokenizer.save_pretrained(draft)
    folder = draft / "onnx"
    folder.mkdir()
    sample = windows(lambda text: tokenizer(text)["input_ids"])
    try:
        with reported_as(f"no ONNX graph can be made of a model of the type {model.config.model_type!r}"):
            return export(model, folder, sample, keep_fp32=keep_fp32)
    except ModelError as error:
        # What hours were spent on is there, and can be used with torch.
        rmtree(folder)
        tell(str(error))
        return None


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
        "spans": {name: figures._asdict() for name, figures in report.spans.items()},
        "calibration": asdict(report.calibration) if report.calibration else None,
    }
