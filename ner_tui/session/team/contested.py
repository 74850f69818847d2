"""Contested places in a dump: what each reader says of them, as suggestions that a person has to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ner_tui.domain.annotation.suggestions import CONTESTED, FLOOR, Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session.transfer.dumped_suggestions import written_suggestion

_LEAST = -1.0
"""The margin of what is contested most."""


def contested(readings: Mapping[str, Sequence[Span]], sureness: float = 0.0) -> Iterator[dict[str, object]]:
    """Yield the suggestions of a conflict as a dump has them, one for each span of each reader.

    The score is the share of readers who have exactly this span: the text shows what most of them say.

    Args:
        readings: the spans of each reader in the group, by name; offsets from the sentence's start.
        sureness: 0 to 1; of several conflicts, the least sure comes first.
    """
    number = Counter(span for spans in readings.values() for span in spans)
    said = [(span, reader) for reader, spans in readings.items() for span in spans]
    margin = round(_LEAST + sureness * (CONTESTED - _LEAST), 6)
    for span, reader in sorted(said):
        share = max(number[span] / len(readings), FLOOR)
        yield written_suggestion(Suggestion(span, round(share, 4), margin, model=reader), 0)
