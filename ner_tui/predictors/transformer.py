"""The ``transformer`` backend: transformers and torch, for any token-classification checkpoint.

Safetensors only unless pickled weights are asked for, and code from a checkpoint is never run. The weights are used in
fp32, on a graphics processor where torch finds one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import torch
from tokenizers import Tokenizer
from transformers import CONFIG_MAPPING, AutoModelForTokenClassification, AutoTokenizer, PreTrainedModel
from transformers.utils import logging as transformers_logging

from ner_tui.errors import ModelError
from ner_tui.predictors.base import TrainedOn
from ner_tui.predictors.checkpoint import VOCABULARIES, Checkpoint
from ner_tui.predictors.checkpoint_limits import needs_code
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.forward import FloatArray, ModelInputs
from ner_tui.predictors.letter_shape_embedding import KEY, add_letter_shapes, run
from ner_tui.predictors.weights import Weights
from ner_tui.predictors.windowed import WindowedPredictor

_HEADS = ("classifier", "score")
"""How the names of a head's weights begin."""
BATCH_PIECES = 320
"""Sub-tokens of a batch, padding included: about one window. A large model takes a second or more for it, the first
results should not wait for others, and larger batches are hardly faster."""


def open_transformer(
    checkpoint: Checkpoint,
    weights: Weights,
    model_tags: Sequence[str] | None = None,
    trained_on: TrainedOn | None = None,
    threads: int | None = None,
) -> WindowedPredictor:
    """Load a checkpoint folder with transformers.

    Args:
        checkpoint: its folder; nothing outside it is read, and nothing downloaded.
        weights: safetensors or, if the caller has permission for that, pickled ones.
        model_tags: names of the tags in the order of the outputs, for a config that has none.
        trained_on: what the model saw in training; None: what its files say.
        threads: how many processors torch uses in this process; None: as it is set.

    Raises:
        ModelError: a file is missing or damaged, the model is not a token classifier, or tags have no names.
    """
    tags = checkpoint.tags(model_tags, weights.outputs)
    checkpoint.refuse_dangers(weights)
    if "auto_map" in checkpoint.config and checkpoint.config.get("model_type") not in CONFIG_MAPPING:
        raise needs_code(checkpoint.name, checkpoint.config)
    if threads:
        torch.set_num_threads(threads)
    # Advice for developers, and progress bars, have no place in a terminal that is drawn on.
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer, pad_id = checkpoint_tokenizer(checkpoint)
        model = _model(checkpoint, weights, tags)
    return WindowedPredictor(
        checkpoint,
        weights,
        tokenizer,
        _forward(model, checkpoint),
        tags,
        precision="fp32",
        pad_id=pad_id,
        batch_pieces=BATCH_PIECES,
        trained_on=trained_on,
    )


def checkpoint_tokenizer(checkpoint: Checkpoint) -> tuple[Tokenizer, int]:
    """Return the checkpoint's tokenizer and the id that fills windows up.

    Raises:
        ModelError: there is none, or it is damaged or cannot tell words apart.
    """
    folder = checkpoint.folder
    if not any((folder / name).is_file() for name in VOCABULARIES):
        raise ModelError(
            f"{checkpoint.name}: there is no tokenizer (tokenizer.json, vocab.txt or the like); "
            "copy those files from the checkpoint it was made from"
        )
    with reported_as(f"{checkpoint.name}: the tokenizer cannot be loaded"):
        wrapped = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    backend = getattr(wrapped, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise ModelError(f"{checkpoint.name}: its tokenizer cannot tell which sub-token belongs to which word")
    return backend, wrapped.pad_token_id or 0


def _model(checkpoint: Checkpoint, weights: Weights, tags: Sequence[str]) -> PreTrainedModel:
    with reported_as(f"{checkpoint.name}: the model cannot be loaded"):
        model, report = AutoModelForTokenClassification.from_pretrained(
            checkpoint.folder,
            trust_remote_code=False,
            local_files_only=True,
            use_safetensors=weights.kind == "safetensors",
            weights_only=True,
            dtype=torch.float32,
            num_labels=len(tags),
            ignore_mismatched_sizes=True,
            output_loading_info=True,
        )
    for key, given, asked in sorted(report.get("mismatched_keys", ())):
        if str(key).startswith(_HEADS):
            # Of pickled weights this is known only when they are read.
            raise ModelError(
                f"{checkpoint.name}: there are names for {len(tags)} tags, the classifier has {given[0]} outputs: name "
                "all of them in order with --model-tags O,B-PER,…"
            )
        raise ModelError(
            f"{checkpoint.name}: config.json does not fit the weights: {key} is {tuple(given)}, not {tuple(asked)}"
        )
    absent = sorted(map(str, report.get("missing_keys", ())))
    if absent:
        raise ModelError(
            f"{checkpoint.name}: the weights lack {absent[0]}, so this is not a trained token classifier; "
            "`ner-tui train --base` can make one from an encoder"
        )
    classifier: PreTrainedModel = model
    table = checkpoint.letter_shapes
    if table and KEY in report.get("unexpected_keys", ()) and weights.kind == "safetensors":
        with reported_as(f"{checkpoint.name}: the model cannot be loaded"):
            add_letter_shapes(classifier, table.rows, weights.files)
    classifier.to("cuda" if torch.cuda.is_available() else "cpu")
    classifier.eval()
    return classifier


def _forward(model: PreTrainedModel, checkpoint: Checkpoint) -> Callable[[ModelInputs], FloatArray]:
    def forward(inputs: ModelInputs) -> FloatArray:
        with reported_as(f"{checkpoint.name}: the model failed"), torch.inference_mode():
            ids, mask, types = (torch.from_numpy(values).to(model.device) for values in inputs)
            found = run(model, ids, mask, types if checkpoint.letter_shapes else None)
            logits: FloatArray = found.logits.float().cpu().numpy()
        return logits

    return forward
