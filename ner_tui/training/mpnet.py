"""MPNet written out for export: onnxruntime's own operators where transformers' code would become a dozen each.

The bias of attention depends on how far two sub-tokens are apart alone. It is looked up once, by distance, and given to
every layer. There is no mask: a window is read by itself, without padding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from ner_tui.predictors.letter_shape_embedding import NAME

FAMILY = "mpnet"
"""The ``model_type`` of what can be written out."""


class ExportableMPNet(torch.nn.Module):
    """A token classifier of the family: sub-tokens and letter shapes in, logits and hidden states out."""

    def __init__(self, model: PreTrainedModel, layers: Sequence[int]) -> None:
        """
        Args:
            model: in float32.
            layers: whose states are asked for, from 1; 0 are the embeddings.
        """
        super().__init__()
        modules: Any = model
        self._embeddings = modules.mpnet.embeddings
        self._layers = modules.mpnet.encoder.layer
        self._classifier = modules.classifier
        self._shapes = getattr(modules, NAME, None)
        self._asked = tuple(layers)
        self._heads = model.config.num_attention_heads
        # The first position that is used is behind the padding id.
        self._first = self._embeddings.padding_idx + 1
        self._farthest = model.config.max_position_embeddings
        encoder = modules.mpnet.encoder
        distances = torch.arange(-self._farthest, self._farthest + 1)
        with torch.no_grad():
            by_distance = encoder.relative_attention_bias(encoder.relative_position_bucket(distances)).T.contiguous()
        self.register_buffer("position_bias", by_distance)

    def forward(self, ids: torch.Tensor, types: torch.Tensor | None = None) -> tuple[torch.Tensor, ...]:
        """Return the logits, the last layer's states and those of the layers that are asked for."""
        places = torch.arange(ids.shape[1])
        words = self._embeddings.word_embeddings(ids)
        if self._shapes is not None and types is not None:
            words = words + self._shapes(types)
        total = words + self._embeddings.position_embeddings.weight[self._first :][places]
        states = self._embeddings.LayerNorm(total)
        far = places[None, :] - places[:, None] + self._farthest
        assert isinstance(self.position_bias, torch.Tensor)
        bias = self.position_bias[:, far][None]
        kept = [states]
        for layer in self._layers:
            states = self._layer(layer, states, bias)
            kept.append(states)
        return (self._classifier(states), states, *(kept[layer] for layer in self._asked))

    def _layer(self, layer: Any, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        attention, inner, outer = layer.attention, layer.intermediate.dense, layer.output
        own = attention.attn
        mixed = _Attention.apply(own.q(states), own.k(states), own.v(states), bias, self._heads)  # type: ignore[no-untyped-call]
        states = attention.LayerNorm(own.o(mixed) + states)
        wide = _BiasGelu.apply(torch.nn.functional.linear(states, inner.weight), inner.bias)  # type: ignore[no-untyped-call]
        result: torch.Tensor = outer.LayerNorm(outer.dense(wide) + states)
        return result


class _Attention(torch.autograd.Function):
    """Attention whose scores are added to, as one operator."""

    @staticmethod
    def forward(
        ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bias: torch.Tensor, heads: int
    ) -> torch.Tensor:
        def split(each: torch.Tensor) -> torch.Tensor:
            return each.view(*each.shape[:-1], heads, -1).transpose(1, 2)

        scores = split(query) @ split(key).transpose(-1, -2) / math.sqrt(query.shape[-1] // heads)
        return ((scores + bias).softmax(-1) @ split(value)).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(g: Any, query: Any, key: Any, value: Any, bias: Any, heads: int) -> Any:
        none = g.op("prim::Constant")
        none.setType(torch.OptionalType.ofTensor())
        inputs = (query, key, value, none, none, bias)
        return g.op("com.microsoft::MultiHeadAttention", *inputs, num_heads_i=heads).setType(query.type())


class _BiasGelu(torch.autograd.Function):
    """A sum and a GELU as one operator."""

    @staticmethod
    def forward(ctx: Any, values: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.gelu(values + bias)

    @staticmethod
    def symbolic(g: Any, values: Any, bias: Any) -> Any:
        return g.op("com.microsoft::BiasGelu", values, bias).setType(values.type())
