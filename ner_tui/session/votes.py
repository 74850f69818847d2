"""The votes that a gold project keeps: what each reader said, beside what was decided in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ner_tui.domain.evaluation.following import Following, ReaderFigures
from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.session.transfer.project_stream import AT_ONCE, annotated_sentences
from ner_tui.store.file.connection import damage_as_error
from ner_tui.store.project import BLIND, READERS, Project

VOTES = "votes"
"""The key, among a sentence's metadata, of each reader's spans: ``{"ana": [[start, end, label]]}``, with the offsets
of the document's text. Where nobody has a span, and where not all confirmed the sentence, there is none."""


def readers_of(project: Project) -> tuple[str, ...]:
    """Return the readers of a gold project; nobody in any other."""
    with damage_as_error(project.path):
        return tuple(map(str, json.loads(project.setting(READERS) or "[]")))


def following(project: Project) -> Iterator[Following | None]:
    """Yield None while sentences are counted, then how the readers compare with what is settled by now.

    A conflict that waits for an answer does not count, and neither do other spans of its sentence.
    """
    names = readers_of(project)
    shown = [f"annotator {number}" for number in range(1, len(names) + 1)] if project.setting(BLIND) == "yes" else names
    found = Following([ReaderFigures(name) for name in shown])
    for document in list(project.content.documents()):
        sentences = annotated_sentences(project, document.id, metadata=project.metadata)
        while some := list(islice(sentences, AT_ONCE)):
            for sentence in some:
                _count(found, names, sentence)
            yield None
    yield found


def _count(found: Following, names: Sequence[str], sentence: AnnotatedSentence) -> None:
    votes = sentence.metadata.get(VOTES)
    if not isinstance(votes, Mapping) or any(each.contested for each in sentence.suggestions):
        return
    gold = [TagSpan(span.start, span.end, span.label) for span in sentence.spans]
    found.add(gold, [[TagSpan(*span) for span in votes.get(name, ())] for name in names])
