"""Letter shapes for torch models: as token types where the family has them, as rows added to the words where not.

A family without token types gets ``letter_shapes.weight`` beside its own weights: a row for each shape, added to the
embeddings of the word's sub-tokens. The row of shape 0 is nothing, so whoever leaves shapes out says, as with
token types, that the text has no capitals.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from transformers import PreTrainedModel

NAME = "letter_shapes"
KEY = f"{NAME}.weight"
"""The rows' name among the weights of a checkpoint."""
NOISE = 0.01
"""Standard deviation of new rows: a fraction of the words' own."""


def takes_token_types(model: PreTrainedModel) -> bool:
    """Tell whether the model has an input for token types."""
    return int(getattr(model.config, "type_vocab_size", 0) or 0) > 0


def has_letter_shapes(model: PreTrainedModel) -> bool:
    """Tell whether the model has rows that are added to its words."""
    return hasattr(model, NAME)


def add_letter_shapes(model: PreTrainedModel, count: int, files: Sequence[Path] = ()) -> None:
    """Give a model rows: those in files of weights as far as they are there, new ones for the rest.

    Args:
        model: it is changed.
        count: how many shapes there are.
        files: safetensors of its checkpoint.
    """
    words = model.get_input_embeddings()
    assert isinstance(words, torch.nn.Embedding)
    rows = torch.nn.Embedding(count, words.embedding_dim, padding_idx=0)
    with torch.no_grad():
        rows.weight.mul_(NOISE)
        for path in files:
            with safe_open(path, framework="pt") as weights:
                if KEY in weights.keys():  # noqa: SIM118 - it is no mapping
                    known = weights.get_tensor(KEY)
                    rows.weight[: len(known)] = known
    setattr(model, NAME, rows)


def run(
    model: PreTrainedModel, ids: torch.Tensor, mask: torch.Tensor | None, types: torch.Tensor | None, **asked: bool
) -> Any:
    """Run a model on a batch, its letter shapes or token types fed in the way it takes them.

    Args:
        model: any family.
        ids: sub-tokens, (windows, sub-tokens), like the next two.
        mask: 1 where there is no padding; None: there is none.
        types: letter shapes or token types; None: all are 0.
        asked: what else the model is to give, such as ``output_hidden_states``.
    """
    inputs: dict[str, Any] = {} if mask is None else {"attention_mask": mask}
    if types is not None and has_letter_shapes(model):
        rows: torch.nn.Embedding = getattr(model, NAME)
        return model(inputs_embeds=model.get_input_embeddings()(ids) + rows(types), **inputs, **asked)
    if types is not None and takes_token_types(model):
        inputs["token_type_ids"] = types
    return model(input_ids=ids, **inputs, **asked)
