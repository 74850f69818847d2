"""Suggestion sources at work in a project, and which of what they said has to be said anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ner_tui.session.place import Place
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.predictors.base import SuggestionSource
    from ner_tui.session.learning import Learning

_Block = tuple[int, int]
"""Its document, and where it begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """A suggestion source at work in a project."""

    id: int
    source: SuggestionSource
    others: tuple[int, ...] = ()
    """Runs by other versions of it, whose suggestions stay."""
    beside_given: bool = True
    """Whether it is to predict in files that brought suggestions of their own, too."""

    @property
    def all(self) -> tuple[int, ...]:
        """Runs whose blocks count as predicted."""
        return (self.id, *self.others)


@dataclass(slots=True)
class LearningRun:
    """The model as a source that learns, and which blocks have what was learnt last."""

    source: Learning
    alone: Run
    """The model by itself, whose word counts while nothing is decided."""
    learnt: Run
    generation: int = 0
    """How often something else was learnt."""
    unlearnt: int = 0
    """The generation in which something was unlearnt last."""
    done: dict[_Block, int] = field(default_factory=dict)
    """The generation of each block that was predicted in this session."""
    held: dict[_Block, Sentence] = field(default_factory=dict)
    """Sentences of them in which suggestions stayed as they were, since a person was at work there."""

    @property
    def run(self) -> Run:
        """Who speaks now."""
        if self.source.lessons:
            return self.learnt
        return replace(self.alone, others=(self.learnt.id, *self.learnt.others))

    def refresh(self, cancelled: Callable[[], bool]) -> bool:
        """Learn anew if something else is decided; see `Learning.refresh`."""
        if not self.source.refresh(cancelled):
            return False
        self.generation += 1
        if self.source.has_unlearnt:
            self.unlearnt = self.generation
        return True

    def is_stale(self, block: SentenceBlock, runs: Collection[int], place: Place) -> bool:
        """Whether a block that these runs have predicted has to be predicted again, for a reader at a place."""
        generation = self.done.get(key := _key(block))
        if key in self.held and not _is_at(self.held[key], block, place):
            return True
        if generation is None and not self.generation:
            # In another session: what was learnt there may have been undone since.
            return self.learnt.id in runs and self.source.has_looked
        return bool(runs) and generation != self.generation

    def in_hand(
        self, project: Project, block: SentenceBlock, sentences: Sequence[Sentence], place: Place
    ) -> Sentence | None:
        """Return the sentence of a block in which a person is at work, so that its suggestions are to stay for now.

        None is where they may come from what was undone since.
        """
        known = self.done.get(_key(block))
        if known is None:
            known = 0 if self.learnt.id not in project.predictions.runs_of(block) else -1
        at = next((each for each in sentences if _is_at(each, block, place)), None)
        if at is None or known < self.unlearnt:
            return None
        return at if project.items.status_at(block.document, at.start) == "in progress" else None

    def note(self, block: SentenceBlock, held: Sentence | None = None) -> None:
        """Take note that a block was predicted, a sentence excepted that was held."""
        self.done[_key(block)] = self.generation
        if held is None:
            self.held.pop(_key(block), None)
        else:
            self.held[_key(block)] = held


def _key(block: SentenceBlock) -> _Block:
    return block.document, block.start


def _is_at(sentence: Sentence, block: SentenceBlock, place: Place) -> bool:
    return place.document == block.document and sentence.start <= place.offset < sentence.end
