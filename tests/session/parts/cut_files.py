"""Files that are cut, and what is read of their parts beside what is read of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ner_tui.domain.blocks import blocks
from ner_tui.domain.stream import AnnotatedSentence, StreamItem, by_document
from ner_tui.formats import infer_format, open_source, read
from ner_tui.session.parts.planning import PlannedFile, ReadingOptions, plan_file
from ner_tui.session.parts.reading import read_part

WORDS = "Ada met Bob in New York City He left London with people of Łódź".split()


def planned(path: str, encoding: str | None = None) -> PlannedFile:
    return plan_file(path, ReadingOptions(encoding), lambda told: None)


def words_of(items: Sequence[StreamItem]) -> list[list[list[list[str]]]]:
    """The words of the sentences of the blocks of the documents."""
    return [
        [
            [s.words for s in block]
            for block in blocks(item.sentence for item in rest if isinstance(item, AnnotatedSentence))
        ]
        for _, rest in by_document(items)
    ]


def assert_parts_are_the_file(path: str) -> PlannedFile:
    """Return a plan in which each block and each document of the file is that of one part."""
    plan = planned(path)
    assert [part.start for part in plan.parts] == [0, *(part.end for part in plan.parts[:-1])]
    assert plan.size == Path(path).stat().st_size
    source = open_source(path)
    whole = words_of(list(read(source, inference=infer_format(source), ignore_tags=True)))
    joined: list[list[list[list[str]]]] = []
    for part in plan.parts:
        found = words_of(list(read(read_part(plan, part), inference=plan.inference, ignore_tags=True)))
        if part.inside:
            joined[-1] += found.pop(0)
        joined += found
    assert joined == whole
    return plan
