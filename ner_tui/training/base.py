"""The model a run starts from: any encoder or token classifier, given the tags and, if asked, letter shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging
from transformers.utils.hub import cached_file

from ner_tui.domain.label_map import tag_labels
from ner_tui.domain.schemes import split_tag
from ner_tui.errors import ModelError
from ner_tui.predictors import checkpoint_limits as limits
from ner_tui.predictors.checkpoint import OFFSET_POSITIONS, Checkpoint, pickled
from ner_tui.predictors.letter_shape_embedding import KEY, add_letter_shapes, takes_token_types
from ner_tui.predictors.published import SEES_PADDING
from ner_tui.predictors.shapes import LATEST, TABLES
from ner_tui.training.batches import WindowEncoder

MAX_PIECES = 512
"""Sub-tokens of a window, for models that could take more."""

NOISE = 0.02
"""Standard deviation of new weights, and of the noise that lets the rows of new token types part."""

_ATTENTION_DROPOUT = "attention_probs_dropout_prob"


def load_base(
    base: str | Path,
    tags: Sequence[str],
    *,
    letter_shapes: bool,
    seed: int,
    attention_dropout: float | None = None,
    allow_pickle: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> PreTrainedModel:
    """Load a checkpoint with a head for these tags; of its own head the rows of tags with these names are kept.

    Args:
        base: a folder or the name of a model.
        tags: the model's tags in the order of its outputs.
        letter_shapes: make room for the latest letter shapes: as token types, or as rows added to the words' where a
            family has no token types. A base that was trained with some keeps those in any case.
        seed: fixes a new head and new rows.
        attention_dropout: of BERT's kin; None leaves the base's own.
        allow_pickle: read pickled weights where there are no others.
        tell: takes which labels of the base the model will not have.

    Raises:
        ModelError: there is no such checkpoint.
    """
    torch.manual_seed(seed)
    refuse_dangers(base)
    try:
        config = AutoConfig.from_pretrained(base, trust_remote_code=False)
        known = config.id2label
        changed = {}
        if attention_dropout is not None and hasattr(config, _ATTENTION_DROPOUT):
            changed[_ATTENTION_DROPOUT] = attention_dropout
        model: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
            base,
            trust_remote_code=False,
            **changed,
            num_labels=len(tags),
            id2label=dict(enumerate(tags)),
            label2id={tag: i for i, tag in enumerate(tags)},
            ignore_mismatched_sizes=True,
            dtype=torch.float32,
            use_safetensors=_safe(base, allow_pickle=allow_pickle),
            weights_only=True,
            # Exporting to ONNX needs the plain form of attention, and at these lengths it costs nothing.
            attn_implementation="eager",
        )
    except (OSError, ValueError) as error:
        raise ModelError(f"{base}: not a checkpoint to start from: {error}") from error
    if [known.get(i) for i in range(len(known))] != list(tags):
        if len(known) == len(tags):
            _forget_head(model)
        _keep_rows(model, {tag: number for number, tag in known.items()}, tags, _files_of(base))
        _tell_what_is_left_out(known.values(), tags, tell)
    table = LATEST if letter_shapes else TABLES.get(str(getattr(config, "token_types", None)))
    if table:
        if takes_token_types(model):
            _widen_token_types(model, table.rows)
        else:
            add_letter_shapes(model, table.rows, _files_of(base))
        model.config.token_types = table.name
    return model


def keep_layers(model: PreTrainedModel, layers: Sequence[int]) -> None:
    """Take out all but some of a model's layers.

    Args:
        model: it is changed.
        layers: those that are kept, from 1.

    Raises:
        ModelError: there is no such layer, or the model has none that can be taken out.
    """
    encoder = getattr(model.base_model, "encoder", None) or getattr(model.base_model, "transformer", None)
    there = getattr(encoder, "layer", None)
    if encoder is None or not isinstance(there, torch.nn.ModuleList):
        raise ModelError(f"layers of a {model.config.model_type} model cannot be taken out")
    if not all(1 <= layer <= len(there) for layer in layers):
        raise ModelError(f"the recipe keeps the layers {', '.join(map(str, layers))}, but the base has {len(there)}")
    encoder.layer = torch.nn.ModuleList(there[layer - 1] for layer in layers)
    model.config.num_hidden_layers = len(layers)


def load_classifier(spec: str | Path, *, allow_pickle: bool = False, outputs: int | None = None) -> PreTrainedModel:
    """Load a token classifier as it is, head and all.

    Args:
        spec: a folder or the name of a model.
        allow_pickle: read pickled weights where there are no others.
        outputs: how many the head has, where the config may name more or fewer tags.

    Raises:
        ModelError: there is none, or it has no head for tags.
    """
    refuse_dangers(spec)
    try:
        model, loading = AutoModelForTokenClassification.from_pretrained(
            spec,
            trust_remote_code=False,
            dtype=torch.float32,
            use_safetensors=_safe(spec, allow_pickle=allow_pickle),
            weights_only=True,
            attn_implementation="eager",
            output_loading_info=True,
            **({} if outputs is None else {"num_labels": outputs}),
        )
    except (OSError, ValueError) as error:
        raise ModelError(f"{spec}: not a checkpoint that can be read: {error}") from error
    if any(name.startswith("classifier") for name in loading["missing_keys"]):
        raise ModelError(f"{spec}: has no trained head for tags: it is not a token classifier")
    checked: PreTrainedModel = model
    if KEY in loading["unexpected_keys"]:
        table = TABLES.get(str(getattr(checked.config, "token_types", None)), LATEST)
        add_letter_shapes(checked, table.rows, _files_of(spec))
    return checked


def _files_of(spec: str | Path) -> list[Path]:
    """Return the files a checkpoint's weights are in, of one from the hub as they were fetched."""
    if Path(spec).is_dir():
        weights = Checkpoint(Path(spec), str(spec), {}).weights("safetensors")
        return list(weights.files) if weights else []
    path = cached_file(spec, "model.safetensors", _raise_exceptions_for_missing_entries=False)
    return [Path(path)] if path else []


def _safe(spec: str | Path, *, allow_pickle: bool) -> bool:
    """Tell whether safetensors are to be read, and not pickled weights.

    Raises:
        ModelError: there are pickled weights alone, and they are not allowed.
    """
    checkpoint = Checkpoint(Path(spec), str(spec), {})
    if not checkpoint.folder.is_dir() or checkpoint.weights("safetensors") or not checkpoint.weights("pickle"):
        return True
    if not allow_pickle:
        raise ModelError(pickled(checkpoint.name))
    return False


def refuse_dangers(base: str | Path) -> None:
    """Refuse a folder as predicting does; what comes from the hub has no say in what is run here."""
    folder = Path(base)
    if not (folder / "config.json").is_file():
        return
    checkpoint = Checkpoint(folder, str(base), limits.read_json(folder / "config.json"))
    if weights := checkpoint.weights("safetensors") or checkpoint.weights("pickle"):
        checkpoint.refuse_dangers(weights)
    else:
        limits.refuse_code(checkpoint.name, folder, checkpoint.config)


def load_tokenizer(base: str | Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a checkpoint, ready for words already split.

    Raises:
        ModelError: there is none, or only one that cannot tell words apart.
    """
    # Transformers reads the model's settings for the tokenizer too.
    refuse_dangers(base)
    try:
        # Byte-level vocabularies glue words unless told that each begins after a space.
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            base, trust_remote_code=False, add_prefix_space=True
        )
    except (OSError, ValueError) as error:
        raise ModelError(f"{base}: no tokenizer: {error}") from error
    if not tokenizer.is_fast:
        raise ModelError(f"{base}: its tokenizer cannot tell which sub-token belongs to which word")
    # Tokenizers of no family in particular do not listen to that.
    pieces = tokenizer.backend_tokenizer.pre_tokenizer
    if isinstance(pieces, ByteLevel):
        pieces.add_prefix_space = True
    return tokenizer


def make_encoder(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> WindowEncoder:
    """Join tokenizer and model limits into a `WindowEncoder`."""
    backend: Tokenizer = tokenizer.backend_tokenizer
    positions = int(getattr(model.config, "max_position_embeddings", MAX_PIECES) or MAX_PIECES)
    # RoBERTa's kin number positions from after the padding id.
    offset = (model.config.pad_token_id or 0) + 1 if model.config.model_type in OFFSET_POSITIONS else 0
    return WindowEncoder(
        backend,
        letter_shapes=TABLES.get(str(getattr(model.config, "token_types", None))),
        max_pieces=min(MAX_PIECES, positions - offset),
        pad_id=tokenizer.pad_token_id or 0,
        sees_padding=model.config.model_type in SEES_PADDING,
    )


def hush() -> None:
    """Keep transformers' load reports and progress bars off the terminal: callers draw their own."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _forget_head(model: PreTrainedModel) -> None:
    """Begin the head anew: one of the same size was loaded whose outputs mean other tags."""
    head = getattr(model, "classifier", None)
    if isinstance(head, torch.nn.Linear):
        torch.nn.init.normal_(head.weight, std=NOISE)
        torch.nn.init.zeros_(head.bias)


def _keep_rows(model: PreTrainedModel, rows: Mapping[str, int], tags: Sequence[str], files: Sequence[Path]) -> None:
    """Give the head the rows that the checkpoint's own has for tags of the same names.

    Args:
        model: it is changed.
        rows: the checkpoint's tags and their numbers.
        tags: the model's.
        files: safetensors of the checkpoint.
    """
    head = getattr(model, "classifier", None)
    if not isinstance(head, torch.nn.Linear):
        return
    with torch.no_grad():
        for path in files:
            with safe_open(path, framework="pt") as weights:
                for key in {"classifier.weight", "classifier.bias"} & set(weights.keys()):
                    given, taken = weights.get_tensor(key), getattr(head, key.partition(".")[2])
                    for number, tag in enumerate(tags):
                        if rows.get(tag, len(given)) < len(given):
                            taken[number] = given[rows[tag]]


def _tell_what_is_left_out(known: Iterable[str], tags: Sequence[str], tell: Callable[[str], None]) -> None:
    """Tell which labels of a base's head are not learnt; the names of an encoder's outputs stand for none."""
    learnt = tag_labels(tags)
    labels = tag_labels(tag for tag in known if split_tag(tag)[0])
    if absent := [label for label in labels if label not in learnt]:
        tell(f"labels of the base that are not learnt, and that the model will not know: {', '.join(absent)}")


def _widen_token_types(model: PreTrainedModel, rows: int) -> None:
    """Give the token-type embedding a row per shape; one that was not trained begins as row 0 plus a little noise."""
    embeddings = getattr(model.base_model, "embeddings", None)
    old = getattr(embeddings, "token_type_embeddings", None)
    if embeddings is None or not isinstance(old, torch.nn.Embedding):
        raise ModelError(f"a {model.config.model_type} model has no token types to feed letter shapes to")
    known = TABLES.get(str(getattr(model.config, "token_types", None)))
    trained = min(known.rows, rows) if known else 0
    if trained == old.num_embeddings == rows:
        return
    new = torch.nn.Embedding(rows, old.embedding_dim)
    with torch.no_grad():
        new.weight.copy_(old.weight[0].expand_as(new.weight) + NOISE * torch.randn_like(new.weight))
        new.weight[:trained] = old.weight[:trained]
    embeddings.token_type_embeddings = new
    model.config.type_vocab_size = rows
