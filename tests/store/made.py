"""Projects that are made on the spot, of sentences that are written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.store.content import NewSource
from ner_tui.store.predictions import PredictionRun, SentenceBlock
from ner_tui.store.project import Project


def sentences(*texts: str) -> Iterator[Sentence]:
    """Make consecutive sentences, a line each; words and signs are their tokens."""
    start = 0
    for line, text in enumerate(texts, 1):
        tokens = tuple(Token(start + m.start(), start + m.end()) for m in re.finditer(r"\w+|[^\w\s]", text))
        yield Sentence(start, text, tokens, line)
        start += len(text)


def source(path: str = "/a.txt", text: str = "") -> NewSource:
    return NewSource(path, "0" * 64, "utf-8", False, "text", None, text)


def project_of(*documents: Iterable[str], origin: Origin = "text") -> Project:
    """Make a project of documents with ids from 1; each is a block for predictions."""
    project = Project.scratch()
    owner = project.content.add_source(source())
    for number, texts in enumerate(documents, 1):
        document = project.content.add_document(owner, f"d{number}", origin)
        made = list(sentences(*texts))
        words = project.content.add_sentences(document, made)
        project.predictions.add_blocks(document, [SentenceBlock(document, 0, made[-1].end, words)])
    return project


def predict(
    project: Project, document: int, *spans: Span, model: str = "m", score: float = 0.9, margin: float = 0.9
) -> int:
    """Have a model say that spans are there, and nothing else, in all of a document; return the run."""
    run = project.predictions.begin(PredictionRun(model, model, "1", ""), time=1.0)
    block = project.predictions.block_at(document, 0)
    assert block is not None
    said = [Suggestion(span, score, margin, (), run) for span in spans]
    assert project.predictions.save(block, project.content.document(document).revision, run, said)
    return run
