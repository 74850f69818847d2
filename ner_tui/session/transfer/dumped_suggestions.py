"""What files suggest, as a dump holds it: objects whose offsets count from the start of their sentence."""

from __future__ import annotations

from dataclasses import replace

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.checked_values import LARGEST, CheckedObject
from ner_tui.domain.spans import Span

_KEYS = frozenset({"start", "end", "label", "score", "margin", "model", "alternatives"})


def written_suggestion(said: Suggestion, base: int) -> dict[str, object]:
    """Return a suggestion of a sentence that begins at ``base``."""
    return {
        "start": said.span.start - base,
        "end": said.span.end - base,
        "label": said.span.label,
        "score": said.score,
        "margin": said.margin,
        "model": said.model,
        "alternatives": [
            {"start": each.start - base, "end": each.end - base, "label": each.label, "score": each.score}
            for each in said.alternatives
        ],
    }


def read_suggestion(line: CheckedObject, value: object, base: int, size: int) -> Suggestion:
    """Return a suggestion of a sentence of ``size`` characters that begins at ``base``.

    Raises:
        FormatError: it is not what ``written_suggestion`` gives.
    """
    given = replace(line, value=line.mapping(value, "a suggestion"))
    given.check_keys("a suggestion", _KEYS, _KEYS)
    start, end, label, score = _reading(given, "a suggestion", base, size)
    readings = (replace(line, value=line.mapping(each, "a reading")) for each in given.items("alternatives"))
    others = tuple(Alternative(*_reading(each, "a reading", base)) for each in readings)
    margin = given.probability(given.value["margin"], "the margin of a suggestion", -1)
    if not label or not given.text("model"):
        raise line.error("a suggestion needs a label, and the name of a model")
    return Suggestion(Span(start, end, label), score, margin, others, model=given.text("model"))


def _reading(given: CheckedObject, what: str, base: int, size: int | None = None) -> tuple[int, int, str | None, float]:
    """Return start, end, label and score of one reading of a place; with ``size``, it has to begin in that text."""
    start, end = (given.offset(given.value.get(key), f"the {key} of {what}") for key in ("start", "end"))
    is_place = 0 <= base + start <= base + end < LARGEST
    if not is_place or (size is not None and not (0 <= start < size and start < end)):
        raise given.error(f"{what} at [{start}, {end}] is not inside the text")
    label = given.value.get("label")
    score = given.probability(given.value.get("score"), f"the score of {what}")
    return base + start, base + end, None if label is None else given.string(label, f"the label of {what}"), score
