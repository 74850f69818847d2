r"""Dumps: a project's texts and all that a person knows of them as JSON Lines, for git.

A line is an object with its keys in alphabetical order, and the lines have one order only, so two dumps differ where
the projects do::

    {"kind":"project","version":1}
    {"kind":"label","description":"people","key":"1","name":"PER","slot":1}
    {"kind":"alias","label":"PER","said":"PERSON"}
    {"encoding":"utf-8","bom":false,"format":"text","kind":"source","path":"a.txt","scheme":null,"sha256":"…"}
    {"kind":"document","name":"a.txt","origin":"text","sentences":1,"source":1}
    {"kind":"sentence","line":1,"spans":[[0,3,"PER","person"]],"status":"confirmed","text":"Ada.\n","tokens":[[0,3],…]}

Sources are numbered from 1 in their order, and a path under the folder of the dump's project is written relative to
it. Offsets are code points from the sentence's start, half-open. A sentence has ``spans`` (start, end, label, and who
decided: ``file`` or ``person``), ``rejected`` (start, end, label), ``notes`` (start, end, text), ``status`` and
``flagged`` only where there is something to say; ``swept`` are those of the spans (start, end) that a person accepted
with others, by a key that confirms. So have a source ``ignore_tags`` if it was opened without its tags, ``text`` (of a
table, the column) and ``tags_as`` (how tags are spelled) if a person named them, and the project ``tag_names``, those
of tags that are numbers, ``annotator``, whose it is, and ``readers``, between whose readings a person chooses. A
document says how many ``sentences`` follow: a merge may have doubled some. ``metadata``, of a document or of a
sentence, is what its source says of it beside. ``suggested`` is what a file brought as suggestions, a list of objects
with start, end, label, score, margin, the model's name and other readings; what a model of the program suggests is not
in a dump: it can be had again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO, TypeVar

from ner_tui.domain.annotation.edits import Decision, Note, Rejection, SentenceState, place_of
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.session.transfer.asked_for import asked_for, kept_tag_names
from ner_tui.session.transfer.copies import given_suggestions
from ner_tui.session.transfer.dumped_suggestions import written_suggestion
from ner_tui.session.transfer.project_stream import require_read
from ner_tui.store.content import NewSource, StoredDocument
from ner_tui.store.project import ANNOTATOR, READERS, Project
from ner_tui.store.tables.predicates import BEYOND

VERSION = 1
"""Of the lines; another one is refused."""
Item = TypeVar("Item", Decision, Rejection, Note, Suggestion)
_BATCH = 1 << 20
"""Characters of a document whose items are asked for at a time."""


def dump(project: Project, out: TextIO) -> int:
    """Write everything a person knows of a project and return how many sentences there are."""
    sentences = 0
    with project.snapshot():
        require_read(project)
        for line in _lines(project):
            sentences += line["kind"] == "sentence"
            out.write(dumped(line))
    return sentences


def dumped(line: Mapping[str, object]) -> str:
    """Return an object as a line of a dump."""
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def head_lines(project: Project) -> Iterator[dict[str, object]]:
    """Yield what a dump says of the project itself."""
    names, annotator = kept_tag_names(project), project.setting(ANNOTATOR)
    yield (
        {"kind": "project", "version": VERSION}
        | ({"tag_names": list(names)} if names else {})
        | ({"annotator": annotator} if annotator else {})
        | ({"readers": json.loads(readers)} if (readers := project.setting(READERS)) else {})
    )
    for label in project.labels:
        yield {
            "kind": "label", "name": label.name, "key": label.key, "slot": label.slot, "description": label.description
        }  # fmt: skip
    for said, name in sorted(project.label_list.aliases.items()):
        yield {"kind": "alias", "said": said, "label": name}


def _lines(project: Project) -> Iterator[dict[str, object]]:
    yield from head_lines(project)
    folder, numbers, saved = project.path.resolve().parent, {}, project.content.saved_hashes()
    for number, (identifier, source) in enumerate(project.content.sources(), 1):
        numbers[identifier] = number
        # Whoever loads it has the file as it was saved.
        yield source_line(project, identifier, replace(source, hash=saved.get(identifier, source.hash)), folder)
    for document in project.content.documents():
        yield from document_lines(project, document, numbers[document.source])


def source_line(project: Project, identifier: int, source: NewSource, folder: Path) -> dict[str, object]:
    """Return what a dump says of a source; its path is relative to ``folder`` where it is under that."""
    asked = asked_for(project, identifier)
    how = {"ignore_tags": asked.ignore_tags, "text": asked.text, "tags_as": list(asked.tags_as)}
    return _source(source, folder) | {key: value for key, value in how.items() if value}


def document_lines(project: Project, document: StoredDocument, source: int) -> Iterator[dict[str, object]]:
    """Yield a document and its sentences; ``source`` is the number that its source has in the dump."""
    head = {
        "kind": "document",
        "name": document.name,
        "origin": document.origin,
        "source": source,
        "sentences": project.content.count_sentences(document.id, 0, BEYOND),
    }
    metadata = project.metadata.of_document(document.id)
    yield head | ({"metadata": metadata} if metadata else {})
    yield from _sentences(project, document.id)


def _source(source: NewSource, folder: Path) -> dict[str, object]:
    path = Path(source.path)
    return {
        "kind": "source",
        "path": path.relative_to(folder).as_posix() if path.is_relative_to(folder) else source.path,
        "sha256": source.hash,
        "encoding": source.encoding,
        "bom": source.had_bom,
        "format": source.format,
        "scheme": source.scheme,
    }


def _sentences(project: Project, document: int) -> Iterator[dict[str, object]]:
    batch: list[Sentence] = []
    for sentence in project.content.sentences(document):
        batch.append(sentence)
        if sentence.end - batch[0].start >= _BATCH:
            yield from _with_items(project, document, batch)
            batch = []
    yield from _with_items(project, document, batch)


def _with_items(project: Project, document: int, batch: list[Sentence]) -> Iterator[dict[str, object]]:
    if not batch:
        return
    low, high = batch[0].start, batch[-1].end
    # An empty sentence at the end of a document has a place of its own.
    high += high == batch[-1].start
    items = project.items.known(document, low, high, suggestions=False)
    decisions = _by_sentence(batch, [d for d in items.decisions if d.span.start >= low])
    rejections, notes = _by_sentence(batch, items.rejections), _by_sentence(batch, items.notes)
    states = {state.start: state for state in items.states}
    metadata = project.metadata.of_sentences(document, low, high)
    suggested = _by_sentence(batch, given_suggestions(project, document, low, high))
    for at, sentence in enumerate(batch):
        line = _sentence(sentence, decisions[at], rejections[at], notes[at], states.get(sentence.start))
        if suggested[at]:
            line["suggested"] = [written_suggestion(each, sentence.start) for each in suggested[at]]
        yield line | ({"metadata": metadata[sentence.start]} if sentence.start in metadata else {})


def _sentence(
    sentence: Sentence,
    decisions: list[Decision],
    rejections: list[Rejection],
    notes: list[Note],
    mark: SentenceState | None,
) -> dict[str, object]:
    base = sentence.start
    line: dict[str, object] = {
        "kind": "sentence",
        "line": sentence.line,
        "text": sentence.text,
        "tokens": [[token.start - base, token.end - base] for token in sentence.tokens],
    }
    if decisions:
        line["spans"] = [
            [d.span.start - base, d.span.end - base, d.span.label, "person" if d.by_person else "file"]
            for d in decisions
        ]
        if swept := [[d.span.start - base, d.span.end - base] for d in decisions if d.source == "sweep"]:
            line["swept"] = swept
    if rejections:
        line["rejected"] = sorted([r.span.start - base, r.span.end - base, r.span.label] for r in rejections)
    if notes:
        line["notes"] = [[note.start - base, note.end - base, note.text] for note in notes]
    if mark is not None:
        line["status"] = mark.status
        if mark.flagged:
            line["flagged"] = True
    return line


def _by_sentence(batch: list[Sentence], items: list[Item]) -> list[list[Item]]:
    found: list[list[Item]] = [[] for _ in batch]
    at = 0
    for item in items:
        start = item.span.start if isinstance(item, Suggestion) else place_of(item)[0]
        while at + 1 < len(batch) and batch[at + 1].start <= start:
            at += 1
        found[at].append(item)
    return found
