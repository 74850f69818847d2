"""What a project that was made of a dump lacks, had again from the file: a copy of its text, and its suggestions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import time

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.formats import FORMATS
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source
from ner_tui.session.transfer.asked_for import asked_for
from ner_tui.session.transfer.file_import import FileReader, infer_from_beginning, keep_source
from ner_tui.session.transfer.reanchoring import packed
from ner_tui.store.content import NewSource
from ner_tui.store.project import Project


def take_copy(project: Project, source: int, stored: NewSource, file: Source, *, suggested: bool = True) -> None:
    """Keep the text of ``file``, which is the one that was read, and what it suggests; inside a transaction.

    Args:
        suggested: take what it suggests, too.

    Raises:
        NerTuiError: it cannot be read as it was, though its text is kept.
    """
    inference = infer_from_beginning(file, stored.format, tags_as=asked_for(project, source).tags_as)
    inference = replace(inference, scheme=stored.scheme)
    keep_source(project, stored.path, file, inference)
    if suggested:
        give_suggestions(project, source, file, inference)


def give_suggestions(project: Project, source: int, file: Source, inference: Inference) -> None:
    """Store what a file suggests in documents that are there without that; inside a transaction.

    Suggestions that were answered are known by what was decided or rejected in their places; those that no longer
    stand on whole words of a sentence are left out.

    Raises:
        NerTuiError: it cannot be read as it was.
    """
    if not FORMATS[inference.format].keeps_suggestions:
        return
    documents = deque(project.content.documents_of(source))
    reader = FileReader(file, inference, asked_for(project, source).ignore_tags)
    for _, sentences in reader.documents():
        said = [suggestion for each in sentences for suggestion in packed(each).suggestions]
        if not documents:
            return
        document = documents.popleft().id
        if placed := list(_on_words(project, document, said)):
            length = project.content.length(document)
            project.predictions.add_given(document, 0, length, placed, Path(file.path).name, time=time())


def _on_words(project: Project, document: int, suggestions: Iterable[Suggestion]) -> Iterable[Suggestion]:
    """Yield the suggestions that begin and end with words of one sentence."""
    starts, ends = dict[int, int](), dict[int, int]()
    for number, sentence in enumerate(project.content.sentences(document)):
        starts.update((token.start, number) for token in sentence.tokens)
        ends.update((token.end, number) for token in sentence.tokens)
    for each in suggestions:
        if each.span.start in starts and starts[each.span.start] == ends.get(each.span.end):
            yield each
