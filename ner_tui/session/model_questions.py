"""Asking: what the model says of each word of one place, every label with its probability, and its sub-tokens.

Projects keep the best readings only. This loads the model once more and has it read the place as it was predicted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.errors import ModelError, ProjectError
from ner_tui.session.place import PredictionOptions
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.predictors.base import FloatArray, Predictor

_LEAST = 0.0005
"""Probability of a label below which it is left out."""


@dataclass(frozen=True, slots=True)
class WordAnswer:
    """What the model says of a word."""

    text: str
    shares: tuple[tuple[str | None, float], ...]
    """(label, probability), the most probable first; None for no entity. Those that are left out are tiny."""
    pieces: tuple[str, ...]
    """The sub-tokens that the model reads it as, such as ``lo`` and ``##dz``; empty where that cannot be said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says of a place."""

    model: str
    """Name and precision."""
    words: tuple[WordAnswer, ...]


class ModelQuestion:
    """A question for a worker thread; it reads the project through a connection of its own."""

    def __init__(self, project: Path, options: PredictionOptions, document: int, start: int, end: int) -> None:
        self._project = project
        self._options = options
        self._document = document
        self._start = start
        self._end = end

    def run(self) -> Answer:
        """Load the model and ask it.

        Raises:
            ModelError: the model cannot be loaded, or failed.
            ProjectError: the project cannot be read.
        """
        from ner_tui.predictors.base import PromptedModel

        project = Project.open(self._project, read_only=True)
        try:
            if self._options.load is None:
                raise ModelError("there is no model to ask: suggestions are those of patterns alone")
            predictor = self._options.load()
            try:
                if isinstance(predictor, PromptedModel):
                    raise ModelError(
                        f"{predictor.info.name} scores whole spans for the labels it is asked for, and says nothing of "
                        "single words: its readings of the place are all there is"
                    )
                words = tuple(self._words(project, predictor))
                return Answer(f"{predictor.info.name} ({predictor.info.precision})", words)
            finally:
                predictor.close()
        finally:
            project.close()

    def _words(self, project: Project, predictor: Predictor) -> Iterator[WordAnswer]:
        from ner_tui.domain.tag_chain import TagColumns

        block = project.predictions.block_at(self._document, self._start)
        if block is None:
            raise ProjectError("this place is not in the project any more; close the page and look again")
        sentences = list(project.content.sentences(self._document, block.start, block.end))
        columns = TagColumns.of(predictor.info.tags, self._options.label_map)
        aliases = project.label_list.aliases
        names = [aliases.get(label, label) for label in columns.labels]
        of_tags = [names[number] if number >= 0 else None for number, _ in columns.columns]
        for sentence, found in zip(sentences, predictor.predict(sentences, self._options.context), strict=True):
            for number, token in enumerate(sentence.tokens):
                if token.start < self._end and self._start < token.end:
                    text = sentence.text[token.start - sentence.start : token.end - sentence.start]
                    row = found.probabilities[number]
                    yield WordAnswer(text, _shares(row, of_tags), _pieces(predictor, text))


def _shares(row: FloatArray, of_tags: list[str | None]) -> tuple[tuple[str | None, float], ...]:
    sums: dict[str | None, float] = {}
    for label, share in zip(of_tags, row, strict=True):
        sums[label] = sums.get(label, 0.0) + float(share)
    kept = [(label, share) for label, share in sums.items() if share >= _LEAST]
    return tuple(sorted(kept, key=lambda pair: -pair[1]))


def _pieces(predictor: Predictor, text: str) -> tuple[str, ...]:
    """Return the sub-tokens of a word, without the special ones that stand around every text."""
    found = [piece.text for piece in predictor.wordpieces(text)]
    return tuple(found[1:-1]) if len(found) > 2 else ()
