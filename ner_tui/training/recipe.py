"""What a training run is made of: the sets, and the settings of the loop.

A recipe file is TOML; paths in it are relative to a data folder given by whoever runs it::

    seed = 1
    labels = ["MISC", "PER", "ORG", "LOC"]     # order of the tags; absent: from the data
    scripts = ["LATIN"]                        # whose letters the vocabulary keeps; absent: all
    layers = [2, 4, 6]                         # of the base, from 1, that are kept; absent: all

    [options]                                  # fields of TrainingOptions
    epochs = 3

    [[train]]                                  # one table per set: fields of RecipeSource
    path = "btc-train.conll"
    annotated = ["PER", "ORG", "LOC"]
    kind = "messages"

    [[names]]                                  # lists of names to put in the places of others: LABEL TAB name
    path = "names.tsv"

    [[teacher]]                                # models whose word counts too: fields of Teacher
    path = "teacher"
    match = [[4, 2], [8, 4], [12, 6]]

    [[unlabelled]]                             # text, or sets whose tags are not read, for teachers to label
    path = "letters.txt"

    [[dev]]                                    # for the temperature and the figures; the best epoch is kept
    path = "btc-dev.conll"
    annotated = ["PER", "ORG", "LOC"]
    kind = "messages"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from ner_tui.config.toml_file import parse, read_text
from ner_tui.errors import InputError

SourceKind = Literal["documents", "messages"]


@dataclass(frozen=True, slots=True)
class RecipeSource:
    """One file or project (.ner) and how to read its silence."""

    path: Path
    annotated: tuple[str, ...] | None = None
    """Labels whose absence means something: `O` of this set says nothing about the others. None: all."""
    kind: SourceKind = "documents"
    """`documents`: neighbours belong together; `messages`: each sentence stands alone, or among strangers."""
    ignore_prefix: str = ""
    """Words that start with this are left out of the loss; empty: none are."""
    share: float = 1.0
    """Share of the windows of an epoch that are read: for a large set of little use."""
    replace_names: bool = True
    """Names of this set may be replaced, and replace others: its spans are whole names of their kind."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """A checkpoint that a student learns from."""

    path: Path
    """Its folder."""
    match: tuple[tuple[int, int], ...] = ()
    """Pairs of its layers and the student's, from 1: the student's states are to be the teacher's."""


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Settings of the training loop; the defaults suit an encoder of base size (some 100 M parameters)."""

    epochs: int = 3
    learning_rate: float = 5e-5
    """The highest, after the warm-up. Small encoders like more: 2e-4 for 20 M parameters."""
    batch_pieces: int = 1024
    """Sub-tokens of a batch, padding included."""
    weight_decay: float = 0.01
    head_learning_rate: float | None = None
    """The highest for what is new, the head and letter shapes; None: as for all else."""
    warm_up: float = 0.06
    """Share of the steps over which the learning rate rises from 0; then it falls linearly to 0."""
    clip_norm: float = 1.0
    average_last: float = 0.0
    """Share of the steps at the end whose weights are averaged; 0: the last weights are the model."""
    window_words: tuple[int, ...] = (0, 20, 60, 160, 160)
    """Window sizes in words, drawn evenly per window; 0 is one sentence. The largest is the size for prediction."""
    alone: float = 0.5
    """Share of the messages of an epoch that stand alone; the others share windows with strangers."""
    recase: float = 0.05
    """Share of the windows turned to lower or upper case as a whole."""
    replace_names: float = 0.0
    """Share of the windows whose names are replaced by others of their kind (`ner_tui.training.name_replacement`)."""
    letter_shapes: bool = False
    """Feed letter shapes (`ner_tui.predictors.shapes`)."""
    attention_dropout: float | None = None
    """Dropout of attention, where the base's family has it; None: the base's own. 0 saves a tenth of the time."""
    distillation: float = 0.7
    """Share of the loss that is how far the tags' probabilities are from the teachers', where there are teachers."""
    distillation_temperature: float = 2.0
    """What logits are divided by for that: teachers also say which wrong tags are nearly right."""
    hidden_weight: float = 0.3
    """Weight of how far the matched layers' states are from the teachers', each channel in units of its spread."""
    bf16: bool = True
    """Autocast matrix products to bfloat16 on processors that have them; weights and optimiser stay float32."""
    patience: int | None = None
    """Epochs without a better F1 on the dev sets after which the run ends; None: it runs to its end."""
    threads: int | None = None
    """Threads of torch; None leaves its default."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything but the base and the folder to write."""

    train: tuple[RecipeSource, ...]
    dev: tuple[RecipeSource, ...] = ()
    names: tuple[Path, ...] = ()
    """Lists of names that replace others."""
    teachers: tuple[Teacher, ...] = ()
    unlabelled: tuple[RecipeSource, ...] = ()
    """Text that is learnt from by what teachers say of it."""
    scripts: tuple[str, ...] = ()
    """Scripts whose pieces are kept in the vocabulary, as Unicode calls them; none: it stays as it is."""
    layers: tuple[int, ...] = ()
    """Layers of the base that are kept, from 1; none: all."""
    labels: tuple[str, ...] | None = None
    """Labels in the order of the tags; None: those of the data, sorted."""
    options: TrainingOptions = TrainingOptions()


def load_recipe(path: Path, data: Path) -> Recipe:
    """Read a recipe file.

    Args:
        path: the TOML file.
        data: the folder its paths are relative to.

    Raises:
        InputError: the file cannot be read, is not TOML, or has a key that is not in this module.
    """
    try:
        table = parse(path, read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not a TOML file: {error}") from error
    known = {"seed", "labels", "layers", "scripts", "options", "train", "dev", "names", "teacher", "unlabelled"}
    _known(path, "the recipe", table, known)
    labels = table.get("labels")
    train = _sources(path, data, table.get("train", []))
    if not train:
        raise InputError(f"{path}: names no set to train on: a [[train]] table with a path is needed")
    return Recipe(
        train=train,
        dev=_sources(path, data, table.get("dev", [])),
        names=tuple(source.path for source in _sources(path, data, table.get("names", []))),
        teachers=tuple(_teacher(path, data, each) for each in table.get("teacher", [])),
        unlabelled=_sources(path, data, table.get("unlabelled", [])),
        scripts=tuple(table.get("scripts", ())),
        layers=tuple(table.get("layers", ())),
        labels=None if labels is None else tuple(labels),
        options=_options(path, table.get("options", {}), table.get("seed", TrainingOptions().seed)),
    )


def _options(path: Path, table: dict[str, Any], seed: Any) -> TrainingOptions:
    _known(path, "[options]", table, {field.name for field in fields(TrainingOptions)} - {"seed"})
    if "window_words" in table:
        table = table | {"window_words": tuple(table["window_words"])}
    options = TrainingOptions(**table, seed=seed)
    for field in fields(TrainingOptions):
        value, default = getattr(options, field.name), field.default
        # None stands for a number here; a whole number does where a fraction may stand.
        kinds = (int, float) if isinstance(default, float | None) else (type(default),)
        if not isinstance(value, kinds) and value is not default:
            raise InputError(f"{path}: {field.name} = {value!r} is not of the right kind; an example: {default}")
    return options


def _sources(path: Path, data: Path, tables: list[dict[str, Any]]) -> tuple[RecipeSource, ...]:
    return tuple(_source(path, data, table) for table in tables)


def _source(path: Path, data: Path, table: dict[str, Any]) -> RecipeSource:
    _known(path, "a set", table, {field.name for field in fields(RecipeSource)})
    if "path" not in table:
        raise InputError(f"{path}: a set has no path")
    kind = table.get("kind", "documents")
    if kind not in get_args(SourceKind):
        raise InputError(f"{path}: kind {kind!r} of a set is not one of: {', '.join(get_args(SourceKind))}")
    return RecipeSource(
        path=data / table["path"],
        annotated=tuple(table["annotated"]) if "annotated" in table else None,
        kind=kind,
        ignore_prefix=table.get("ignore_prefix", ""),
        share=table.get("share", 1.0),
        replace_names=table.get("replace_names", True),
    )


def _teacher(path: Path, data: Path, table: dict[str, Any]) -> Teacher:
    _known(path, "a teacher", table, {field.name for field in fields(Teacher)})
    if "path" not in table:
        raise InputError(f"{path}: a teacher has no path")
    pairs = table.get("match", [])
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(at, int) for at in pair) for pair in pairs
    ):
        raise InputError(f"{path}: match = {pairs!r} is not of the right kind; an example: [[12, 6]]")
    return Teacher(data / table["path"], tuple((theirs, ours) for theirs, ours in pairs))


def _known(path: Path, where: str, table: dict[str, Any], keys: set[str]) -> None:
    unknown = sorted(set(table) - keys)
    if unknown:
        raise InputError(f"{path}: {where} has no key {unknown[0]!r}; known keys: {', '.join(sorted(keys))}")
