"""The tags of a model as they are read: however ``id2label`` spells them, inside they are ``O``, ``B-PER``, …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ner_tui.domain.scheme_inference import AmbiguousTags, describe, find_spelling
from ner_tui.errors import ModelError
from ner_tui.predictors.model_tags import tags_of


def standard_tags(name: str, tags: Sequence[str]) -> tuple[str, ...]:
    """Return a model's tags in their order as ``schemes.encode`` writes them; labels without prefixes stay so.

    Args:
        name: of the model.
        tags: as its config or a person names them.

    Raises:
        ModelError: they can be read in two ways.
    """
    try:
        return tuple(find_spelling(Counter(tags)).normalised(list(tags)))
    except AmbiguousTags as question:
        raise ModelError(f"{name}: {question}: name its tags with --model-tags O,B-PER,…") from question


def spelling_remark(config: Mapping[str, object], tags: Sequence[str]) -> str:
    """Say what of a model's tags is taken for what; empty where they are read as they stand.

    Args:
        config: its ``config.json``.
        tags: as they are read; a person may have named them otherwise.
    """
    try:
        named = tags_of("", config, None, len(tags))
        spelling = find_spelling(Counter(named))
    except (ModelError, AmbiguousTags):
        return ""
    if list(tags) == list(named) or list(tags) != spelling.normalised(list(named)):
        return ""
    told = describe(spelling, Counter(named))
    return f"of its tags, {told}; --model-tags says otherwise" if told else ""
