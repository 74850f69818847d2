"""Patterns as a suggestion source: what they match is suggested, and nothing is said of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.patterns.pattern_set import PatternSet
from ner_tui.patterns.reading import PatternFile, read_patterns

if TYPE_CHECKING:
    from ner_tui.predictors.base import SuggestedPart

SOURCE = "patterns"
"""The name of the source in a project: all files together are one, so that others take their place."""
RULE = "longest match first, 1"
"""How patterns are matched, in words that change when that does."""


class PatternSource:
    """The patterns of some files as a suggestion source."""

    def __init__(self, files: Sequence[PatternFile], only: Sequence[str] = ()) -> None:
        """Read the files; no files are patterns that match nothing.

        Args:
            only: if given, the project's own label set: other labels are not suggested.

        Raises:
            FormatError: something in one is not supported, with the line.
            InputError: one cannot be read.
        """
        self._patterns: PatternSet = read_patterns(files)
        labels = self._patterns.labels
        self._wanted = frozenset(only) if only else None
        self.labels = tuple(label for label in labels if not only or label in only)
        """As in ``SuggestionSource``."""
        self.unmapped = tuple(label for label in labels if only and label not in only)
        """As in ``SuggestionSource``."""
        names = [Path(file.path).name for file in files]
        name = ", ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} more files"
        self.run = PredictionRun(SOURCE, name or "no patterns", self._patterns.version, f"{RULE};{','.join(only)}")
        """As in ``SuggestionSource``."""

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in ``SuggestionSource``.

        Raises:
            FormatError: an expression takes too long.
        """
        found = self._patterns.find(block, self._wanted)
        yield block, [tuple(Suggestion(span, 1.0, 1.0) for span in spans) for spans in found]

    def close(self) -> None:
        """As in ``SuggestionSource``."""
