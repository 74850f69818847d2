"""Patterns as a suggestion source: what they match is suggested, and nothing is said of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.patterns.pattern_set import PatternSet
from ner_tui.patterns.reading import PatternFile, read_patterns

if TYPE_CHECKING:
    from ner_tui.predictors.base import SuggestedPart

SOURCE = "patterns"
"""The name of the source in a project: all files together are one, so that others take their place."""
OWN = "own patterns"
"""The name of the source of those that were made in a project."""
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
        self._run = PredictionRun(SOURCE, name or "no patterns", self._patterns.version, f"{RULE};{','.join(only)}")
        self._quiet: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def made(cls, terms: Sequence[tuple[str, str]]) -> PatternSource:
        """Return a source of strings of words with their labels, which no file has."""
        found = cls(())
        for words, label in terms:
            found._patterns.add_term(words.split(), label)
        found.labels = found._patterns.labels
        version = sha256(repr(tuple(terms)).encode()).hexdigest()
        found._run = PredictionRun(OWN, "patterns made here", version, RULE)
        return found

    @property
    def run(self) -> PredictionRun:
        """As in ``SuggestionSource``; another one when other words have gone quiet."""
        if not self._quiet:
            return self._run
        quiet = sha256(repr(sorted(self._quiet)).encode()).hexdigest()
        return replace(self._run, settings=f"{self._run.settings};quiet {quiet[:16]}")

    def hush(self, words: Iterable[tuple[str, str]]) -> None:
        """Suggest certain words with a certain label no longer, and all others again."""
        self._quiet = frozenset(words)

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in ``SuggestionSource``.

        Raises:
            FormatError: an expression takes too long.
        """
        found = self._patterns.find(block, self._wanted)
        yield (
            block,
            [
                tuple(Suggestion(span, 1.0, 1.0) for span in spans if not self._is_quiet(sentence, span))
                for sentence, spans in zip(block, found, strict=True)
            ],
        )

    def _is_quiet(self, sentence: Sentence, span: Span) -> bool:
        if not self._quiet:
            return False
        text = sentence.text[span.start - sentence.start : span.end - sentence.start]
        return (" ".join(text.split()), span.label) in self._quiet

    def close(self) -> None:
        """As in ``SuggestionSource``."""
