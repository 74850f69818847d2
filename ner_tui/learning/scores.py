"""What all voters say together of the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from ner_tui.learning.lessons import FloatArray, TagTable, WordSpan
from ner_tui.learning.prior import UNKNOWN


def joined(
    prior: FloatArray,
    logits: FloatArray | None,
    hits: Iterable[tuple[WordSpan, float]],
    table: TagTable,
    *,
    knows: bool,
) -> FloatArray:
    """Return what all voters say together, words x tags.

    Args:
        prior: the model's log probabilities.
        logits: what the head adds; None: there is none.
        hits: of the memory.
        table: the tags.
        knows: whether the model knows any of the labels.
    """
    scores = prior.copy() if logits is None else prior + logits
    if logits is None and not knows:
        # Nothing is known of the words but what is remembered.
        scores[:, 0] = -UNKNOWN
    for (first, end, label), more in hits:
        column = table.begin(label)
        # Without another voter a string that was decided is likelier than not to be that again.
        more = more if logits is not None else more - 2 * UNKNOWN
        scores[first, column] += more
        scores[first + 1 : end, column + 1] += more
    return scores
