"""The votes that a gold project keeps: what each reader said, beside what was decided in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ner_tui.domain.evaluation.following import Following, ReaderFigures
from ner_tui.domain.schemes import TagSpan
from ner_tui.session.transfer.project_stream import AT_ONCE, annotated_sentences
from ner_tui.store.file.connection import damage_as_error
from ner_tui.store.project import BLIND, READERS, Project

VOTES = "votes"
"""The key, among a sentence's metadata, of each reader's spans: ``{"ana": [[start, end, label]]}``, with the offsets
of the document's text. Where nobody has a span, and where not all confirmed the sentence, there is none."""


def readers_of(project: Project) -> tuple[str, ...]:
    """Return between whose readings a person chooses: those who voted, and whose dumps were merged since."""
    with damage_as_error(project.path):
        return tuple(map(str, json.loads(project.setting(READERS) or "[]")))


def voters_at(project: Project, document: int, start: int, end: int) -> frozenset[str]:
    """Return whose votes the sentences have that start in ``[start, end)``."""
    known = project.metadata.of_sentences(document, start, end).values()
    votes = [votes for each in known if isinstance(votes := each.get(VOTES), Mapping)]
    return frozenset(str(name) for each in votes for name in each)


def following(project: Project) -> Iterator[Following | None]:
    """Yield None while sentences are counted, then how those who voted compare with what is settled by now.

    A conflict that waits for an answer does not count, and neither do other spans of its sentence.
    """
    readers, names = readers_of(project), tuple[str, ...]()
    found = Following([])
    for document in list(project.content.documents()):
        sentences = annotated_sentences(project, document.id, metadata=project.metadata)
        while some := list(islice(sentences, AT_ONCE)):
            for sentence in some:
                votes = sentence.metadata.get(VOTES)
                if not isinstance(votes, Mapping):
                    continue
                if not names:
                    names = tuple(name for name in readers if name in votes)
                    found.readers += [ReaderFigures(name) for name in _shown(project, names)]
                if not any(each.contested for each in sentence.suggestions):
                    gold = [TagSpan(span.start, span.end, span.label) for span in sentence.spans]
                    found.add(gold, [[TagSpan(*span) for span in votes.get(name, ())] for name in names])
            yield None
    yield found


def _shown(project: Project, names: Sequence[str]) -> Sequence[str]:
    """Return what readers are called before a person."""
    return [f"annotator {number}" for number, _ in enumerate(names, 1)] if project.setting(BLIND) == "yes" else names
