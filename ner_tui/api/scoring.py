"""Predictions held against gold annotations of the same words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ner_tui.api.advice import advised
from ner_tui.api.documents import Document, streamed
from ner_tui.domain.evaluation.scoring import Scores
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence, aligned
from ner_tui.domain.evaluation.strict import strict_decode
from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import StreamItem
from ner_tui.formats import infer_format, open_source
from ner_tui.formats.files.project_files import is_project
from ner_tui.formats.tag_lines import stream_sentences, tagged_sentences

Side = str | os.PathLike[str] | Iterable[Document]
"""A file, a project (what is decided in it), or documents (what is decided and suggested in them)."""


def score(gold: Side, predicted: Side, *, strict: bool = False) -> Scores:
    """Return how predictions compare with gold annotations; figures are in ``micro``, ``label("PER")`` and others.

    Args:
        gold: what is right.
        predicted: the same words in the same sentences.
        strict: count only spans that are legal in the file's scheme, as seqeval's strict mode does.

    Raises:
        InputError: they are not of the same words, or one cannot be read; says where.
    """
    names = _name(gold, "gold"), _name(predicted, "predicted")
    ours, theirs = (_sentences(side, name, strict) for side, name in zip((gold, predicted), names, strict=True))
    scores = Scores()
    with advised((), "ner_tui.read takes that, and score takes the documents that it gives"):
        for one, other in aligned(ours, theirs, names):
            scores.add(one.spans, other.spans, len(one.words))
    return scores


def _name(side: Side, otherwise: str) -> str:
    return os.fspath(side) if isinstance(side, str | os.PathLike) else otherwise


def _sentences(side: Side, name: str, strict: bool) -> Iterator[TaggedSentence]:
    if not isinstance(side, str | os.PathLike):
        yield from _tagged(streamed(side), name)
    elif is_project(name):
        from ner_tui.session.transfer.project_stream import ExportReport, annotated
        from ner_tui.store.project import Project

        project = Project.open(Path(name), read_only=True)
        try:
            yield from _tagged(annotated(project, ExportReport()), name)
        finally:
            project.close()
    else:
        source = open_source(name)
        inference = infer_format(source)
        for sentence in tagged_sentences(source, inference, lambda _: None):
            yield _strict(sentence, inference.scheme) if strict and inference.scheme and sentence.tags else sentence


def _tagged(items: Iterable[StreamItem], name: str) -> Iterator[TaggedSentence]:
    for item in stream_sentences(items):
        if isinstance(item, TaggedSentence):
            yield item if item.path else TaggedSentence(name, item.words, item.lines, (), item.spans, item.confirmed)


def _strict(sentence: TaggedSentence, scheme: str) -> TaggedSentence:
    spans: list[TagSpan] = strict_decode(sentence.tags, scheme)
    return TaggedSentence(sentence.path, sentence.words, sentence.lines, sentence.tags, spans, sentence.confirmed)
