"""A project as training data: what was decided in the sentences that a person confirmed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ner_tui.domain.schemes import encode
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import InputError
from ner_tui.formats.tagged import tag_spans
from ner_tui.session.transfer.project_stream import annotated_sentences, require_read
from ner_tui.store.file.connection import damage_as_error
from ner_tui.store.project import Project
from ner_tui.training.data import TRAINED_SCHEME, Documents


def confirmed_sentences(path: Path, tell: Callable[[str], None]) -> Documents:
    """Read the confirmed sentences of a project with the spans that were decided in them.

    A document that has others in between comes in several parts: what follows them does not follow what precedes them.

    Args:
        path: of the project file.
        tell: takes how many sentences are left out, if any are.

    Raises:
        InputError: none is confirmed, or a file is not read to its end.
        ProjectError: it is no project, or cannot be read.
    """
    project = Project.open(path, read_only=True)
    try:
        with damage_as_error(path):
            require_read(project)
            parts, confirmed, others = _parts(project)
    finally:
        project.close()
    if not confirmed:
        raise InputError(f"{path}: no sentence is confirmed: confirm some with enter in `ner-tui review` first")
    if others:
        tell(f"{path}: its {confirmed:,} confirmed sentences are read; {others:,} that are not confirmed are left out")
    return parts


def _parts(project: Project) -> tuple[Documents, int, int]:
    """Return the parts of documents, and how many sentences with words are confirmed and are not."""
    parts: Documents = []
    confirmed = others = 0
    for document in list(project.content.documents()):
        parts.append([])
        for known in annotated_sentences(project, document.id):
            words = known.sentence.words
            if known.status == "confirmed" and words:
                confirmed += 1
                decided = AnnotatedSentence(known.sentence, known.spans)
                parts[-1].append((words, encode(tag_spans(decided), len(words), TRAINED_SCHEME)))
            elif words:
                others += 1
                parts.append([])
    return [part for part in parts if part], confirmed, others
