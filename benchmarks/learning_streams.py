"""The streams that learning is replayed on: sentences of a file with what is right in them, in an order."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import infer_format, open_source, read

NEWS = ("PER", "ORG", "LOC", "MISC")

WordSpan = tuple[int, int, str]


@dataclass(frozen=True, eq=False)
class Stream:
    """A file to replay."""

    path: Path
    is_known: bool
    """Whether the model knows its labels."""
    sentences: int = 400
    dropped: tuple[str, ...] = ()
    """Labels that count as nothing."""

    @property
    def labels(self) -> list[str]:
        """The project's."""
        there = {label for _, spans in self.gold for _, _, label in spans}
        return [label for label in NEWS if label in there] + sorted(there.difference(NEWS))

    @property
    def label_map(self) -> LabelMap:
        """Drops the model's labels that the stream does not have."""
        return LabelMap(tuple((label, "") for label in NEWS if label not in self.labels))

    @cached_property
    def gold(self) -> list[tuple[tuple[str, ...], tuple[WordSpan, ...]]]:
        """The words of each sentence and its spans, in words."""
        source = open_source(str(self.path))
        found: list[tuple[tuple[str, ...], tuple[WordSpan, ...]]] = []
        for item in read(source, inference=infer_format(source)):
            if isinstance(item, AnnotatedSentence) and item.sentence.tokens and len(found) < self.sentences:
                starts = {token.start: number for number, token in enumerate(item.sentence.tokens)}
                ends = {token.end: number + 1 for number, token in enumerate(item.sentence.tokens)}
                spans = tuple(
                    (starts[s.start], ends[s.end], s.label) for s in item.spans if s.label not in self.dropped
                )
                found.append((tuple(item.sentence.words), spans))
        return found


def shuffled(stream: Stream, seed: int) -> Stream:
    """Return a stream in another order."""
    other = replace(stream)
    gold = list(stream.gold)
    random.Random(seed).shuffle(gold)
    # What is worked out once and kept.
    other.__dict__["gold"] = gold
    return other


def streams(data: Path) -> list[Stream]:
    """Return those of the issue's table that are there."""
    without_misc = ("MISC",)
    listed = [
        Stream(data / "crossner-music.conll", is_known=False),
        Stream(data / "crossner-literature.conll", is_known=False),
        Stream(data / "uner-ewt-dev.conll", True, 400, without_misc),
        Stream(data / "btc-dev.conll", True, 400, without_misc),
        Stream(data / "wnut17-dev.conll", True, 400, without_misc),
        Stream(data / "conll2003-testa.conll", True, 1_000),
    ]
    return [stream for stream in listed if stream.path.is_file()]
