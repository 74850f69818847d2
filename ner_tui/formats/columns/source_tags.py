"""How the tags of a source are written: inferred, with the question to the person where there are two ways."""

from __future__ import annotations

from collections.abc import Mapping

from ner_tui.domain.scheme_inference import AmbiguousTags, InferredTags, infer_tags
from ner_tui.domain.spelling import Spelling
from ner_tui.formats.base import AmbiguousSpelling


def source_tags(path: str, pairs: Mapping[tuple[str, str], int], given: Spelling | None = None) -> InferredTags:
    """Return the scheme and the spelling of a source; what is told begins with the words that join it to a sentence.

    Args:
        pairs: how often each pair of ``transitions`` occurs, tags as they stand.
        given: the spelling, if a person said so.

    Raises:
        AmbiguousSpelling: its tags can be read in two ways.
    """
    try:
        found = infer_tags(pairs, given)
    except AmbiguousTags as question:
        one, other = question.choices
        raise AmbiguousSpelling(f"{path}: {question}: say --tags-as {one}, or --tags-as {other}") from question
    return found._replace(told=f" ({found.told})" if found.told else "")
