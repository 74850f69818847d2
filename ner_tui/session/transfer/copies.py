"""What projects have of files beside decisions, had again: a copy of the text, and what files suggest."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import time

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import overlaps
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source
from ner_tui.session.transfer.asked_for import asked_for
from ner_tui.session.transfer.file_import import FileReader, infer_from_beginning, keep_source
from ner_tui.session.transfer.reanchoring import packed
from ner_tui.store.content import NewSource
from ner_tui.store.project import Project


def take_copy(project: Project, source: int, stored: NewSource, file: Source) -> None:
    """Keep the text of ``file``, which is the one that was read; inside a transaction.

    Raises:
        NerTuiError: it cannot be read as it was.
    """
    keep_source(project, stored.path, file, inference_again(project, source, stored, file))


def inference_again(project: Project, source: int, stored: NewSource, file: Source) -> Inference:
    """Return how a file of a project is to be read, which is how it was read.

    Raises:
        NerTuiError: it cannot be read so.
    """
    asked = asked_for(project, source)
    return replace(infer_from_beginning(file, stored.format, asked.text, asked.tags_as), scheme=stored.scheme)


def give_suggestions(project: Project, source: int, stored: NewSource, file: Source) -> None:
    """Store what a file suggests in documents that are there without that; inside a transaction.

    Suggestions that were answered are left out: a person decided or rejected something that overlaps them, which
    retires them whole. So are those that no longer stand on whole words of a sentence.

    Raises:
        NerTuiError: it cannot be read as it was.
    """
    documents = deque(project.content.documents_of(source))
    inference = inference_again(project, source, stored, file)
    reader = FileReader(file, inference, asked_for(project, source).ignore_tags)
    for _, sentences in reader.documents():
        said = [suggestion for each in sentences for suggestion in packed(each).suggestions]
        if not documents:
            return
        document = documents.popleft().id
        length = project.content.length(document)
        if placed := list(_unanswered(project, document, length, _on_words(project, document, said))):
            project.predictions.add_given(document, 0, length, placed, Path(file.path).name, time=time())


def copy_suggestions(project: Project, new: Project, source: int) -> None:
    """Store what a file of a project suggests in another one that has its documents without that."""
    for document in project.content.documents_of(source):
        length = project.content.length(document.id)
        if said := given_suggestions(project, document.id, 0, length):
            new.predictions.add_given(document.id, 0, length, said, "", time=time(), named=True)


def given_suggestions(project: Project, document: int, start: int, end: int) -> list[Suggestion]:
    """Return what files suggest of what begins in ``[start, end)``, with the names that labels have now, ascending."""
    runs, named = project.predictions.given_runs(), project.label_list.in_current_names
    return project.items.suggestion_table.of_runs(document, start, end, runs, named)


def _on_words(project: Project, document: int, suggestions: Iterable[Suggestion]) -> Iterable[Suggestion]:
    """Yield the suggestions that begin and end with words of one sentence."""
    starts, ends = dict[int, int](), dict[int, int]()
    for number, sentence in enumerate(project.content.sentences(document)):
        starts.update((token.start, number) for token in sentence.tokens)
        ends.update((token.end, number) for token in sentence.tokens)
    for each in suggestions:
        if each.span.start in starts and starts[each.span.start] == ends.get(each.span.end):
            yield each


def _unanswered(
    project: Project, document: int, length: int, suggestions: Iterable[Suggestion]
) -> Iterable[Suggestion]:
    """Yield the suggestions that overlap nothing that a person decided or rejected."""
    known = project.items.known(document, 0, length, suggestions=False)
    answers = [each.span for each in known.decisions if each.by_person]
    answers += [each.span for each in known.rejections]
    is_answered = overlaps(answers)
    return (each for each in suggestions if not is_answered(each.span))
