"""The names of a model's tags: by ``id2label`` of its config, or as a person gives them, one for each output."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ner_tui.errors import ModelError
from ner_tui.predictors import checkpoint_limits as limits

LONGEST = 300
"""Characters of tags that a sentence has room for."""
_ANONYMOUS = re.compile(r"LABEL_\d+")


def tags_of(
    name: str, config: Mapping[str, object], model_tags: Sequence[str] | None, outputs: int | None
) -> tuple[str, ...]:
    """Return the tags in the order of the model's outputs.

    Args:
        name: of the model.
        config: its ``config.json``.
        model_tags: names given by a person; None: those of the config.
        outputs: how many the classifier has; None: that is not known yet.

    Raises:
        ModelError: the config names none, or only ``LABEL_0`` and so on, or numbers them otherwise than 0, 1, 2, …,
            and none are given; or their number is not that of the outputs.
    """
    if model_tags is not None:
        if outputs is not None and len(model_tags) != outputs:
            raise ModelError(f"{name}: --model-tags names {len(model_tags)} tags, the model has {outputs}")
        return tuple(model_tags)
    named = _numbered(name, config)
    if not named or all(_ANONYMOUS.fullmatch(tag) for tag in named.values()):
        count = outputs or len(named)
        what = f"its {count} tags" if count else "its tags"
        raise ModelError(f"{name}: the model does not name {what}; name them with --model-tags O,B-PER,…")
    if list(named) != list(range(len(named))) or outputs not in (None, len(named)):
        raise ModelError(f"{name}: {_difference(named, outputs)}")
    return tuple(named.values())


def _numbered(name: str, config: Mapping[str, object]) -> dict[int, str]:
    """Return the tags of ``id2label`` by their number, ascending."""
    given = config.get("id2label")
    if given is None:
        return {}
    try:
        if not isinstance(given, dict):
            raise ValueError
        by_id = {int(number): tag for number, tag in given.items()}
        if not 0 < len(by_id) <= limits.MAX_TAGS or len(by_id) != len(given):
            raise ValueError
        if not all(isinstance(tag, str) and len(tag) <= limits.MAX_TAG for tag in by_id.values()):
            raise ValueError
    except ValueError as error:
        raise ModelError(
            f"{name}: id2label in config.json does not name the tags 0, 1, 2, … (at most {limits.MAX_TAGS:,}); "
            "name them with --model-tags O,B-PER,…"
        ) from error
    return dict(sorted(by_id.items()))


def _difference(named: Mapping[int, str], outputs: int | None) -> str:
    """Say how the names and the outputs differ, and what to pass to mend it."""
    first, last = min(named), max(named)
    said = f"id2label in config.json names {len(named)} tags"
    if (first, last) != (0, len(named) - 1):
        said += f", numbered {first} to {last}"
    if outputs is not None:
        said += f", the classifier has {outputs} outputs"
    ready = ""
    if outputs == len(named):
        why, ready = "if they are in this order", ",".join(named.values())
    elif outputs is not None and first >= 0 and last < outputs <= limits.MAX_TAGS:
        why, ready = "if those without a name are outside", ",".join(named.get(each, "O") for each in range(outputs))
    if 0 < len(ready) <= LONGEST:
        return f"{said}: {why}, pass --model-tags {ready}"
    return f"{said}: name all of them in order with --model-tags O,B-PER,…"
