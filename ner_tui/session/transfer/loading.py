"""A new project made of a dump, each line of which is checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from time import time
from typing import cast, get_args

from ner_tui.domain.annotation.edits import Alias, Decision, Note, Rejection, SentenceState, Source, place_of
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Origin, Sentence, Status
from ner_tui.domain.labels import Label, LabelSet
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import NO_METADATA, Metadata
from ner_tui.errors import InputError, NerTuiError
from ner_tui.session.own_patterns import OwnPattern, put_own_patterns
from ner_tui.session.transfer.adding import PIPED
from ner_tui.session.transfer.asked_for import AskedFor, keep_asked_for, keep_tag_names, spelling_shown
from ner_tui.session.transfer.copies import take_copy
from ner_tui.session.transfer.dump_lines import DumpLine, dump_lines
from ner_tui.session.transfer.dumped_suggestions import read_suggestion
from ner_tui.session.transfer.file_import import open_for
from ner_tui.session.transfer.loaded_document import LoadedDocument
from ner_tui.store.content import NewSource
from ner_tui.store.file.creation import making
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import ANNOTATOR, READERS, Project


def load(path: str, target: Path) -> int:
    """Make a new project of a dump and return how many sentences it has.

    Raises:
        InputError: the dump cannot be read, or there is a file at ``target`` already.
        FormatError: a line of the dump is not what ``dump`` writes; nothing is left at ``target``.
    """
    if target.exists():
        raise InputError(f"{target} is there already: name a new project with --project")
    lines = dump_lines(path)
    first = next(lines)
    with making(target) as project:
        return _store(project, first, lines, target.resolve().parent)


def load_into(project: Project, path: str, folder: Path) -> int:
    """Put a dump into a project, which has its labels and tag names then, and return how many sentences it has.

    Args:
        folder: what the paths of its sources are relative to.

    Raises:
        InputError, FormatError: see ``load``.
    """
    lines = dump_lines(path)
    return _store(project, next(lines), lines, folder)


def _store(project: Project, first: DumpLine, lines: Iterator[DumpLine], folder: Path) -> int:
    with project.transaction():
        if "tag_names" in first.value:
            names = [first.string(name, "a name of a tag") for name in first.items("tag_names")]
            keep_tag_names(project, names)
        if "annotator" in first.value:
            project.set_setting(ANNOTATOR, first.text("annotator"))
        if readers := [first.string(name, "a name of a reader") for name in first.items("readers")]:
            project.set_setting(READERS, json.dumps(readers, ensure_ascii=False))
        return _ProjectBuilder(project, folder).take(lines)


def _metadata(line: DumpLine) -> Metadata:
    return line.mapping(line.value["metadata"], "'metadata'") if "metadata" in line.value else NO_METADATA


def _asked_for(line: DumpLine) -> AskedFor:
    """Return how a source was read when it was dumped."""
    tags_as = tuple(line.string(each, "an example of tags") for each in line.items("tags_as"))
    try:
        spelling_shown(tags_as)
    except InputError as error:
        raise line.error(f"'tags_as' shows no spelling: {error}") from error
    return AskedFor(0, line.switch("ignore_tags"), line.text() if "text" in line.value else None, tags_as)


class _ProjectBuilder:
    """Puts a dump's lines into a new project."""

    def __init__(self, project: Project, folder: Path) -> None:
        self._project = project
        self._folder = folder
        self._labels: list[Label] = []
        self._patterns: list[OwnPattern] = []
        self._sources: list[int] = []
        self._files: list[tuple[int, NewSource]] = []
        """Sources that may be on this disk."""
        self._sentences = 0
        self._last: LoadedDocument | None = None
        """The one that was read last, of which it is not sure yet that it is whole."""

    def take(self, lines: Iterator[DumpLine]) -> int:
        """Take all lines and return how many sentences there were."""
        line = next(lines, None)
        while line is not None:
            if line.kind == "document":
                self._require_whole()
                line = self._document(line, lines)
                continue
            if line.kind == "label":
                self._label(line)
            elif line.kind == "alias":
                self._project.label_list.put(Alias(line.text("said"), line.text("label")))
            elif line.kind == "pattern":
                self._patterns.append(OwnPattern(line.text("words"), line.text("label")))
            elif line.kind == "source":
                self._source(line)
            elif line.kind == "project":
                raise line.error("a second project begins here: these are two dumps, one behind the other")
            else:
                raise line.error(f"a {line.kind} cannot stand here")
            line = next(lines, None)
        self._require_whole()
        if self._labels:
            self._project.labels = LabelSet(tuple(self._labels))
        put_own_patterns(self._project, self._patterns)
        # No journal has the edits that made these.
        self._project.set_setting("loaded", str(max((d.id for d in self._project.content.documents()), default=0)))
        for identifier, source in self._files:
            # The file's own text belongs to the project if it is still the file that was read.
            with suppress(NerTuiError):
                found = open_for(self._project, source.path, source.encoding)
                if found.sha256 == source.hash:
                    take_copy(self._project, identifier, source, found)
        return self._sentences

    def _require_whole(self) -> None:
        if self._last is not None:
            self._last.require_whole()

    def _label(self, line: DumpLine) -> None:
        # Not every name that a file brought could be given by a person.
        name = line.text("name")
        if not name.strip():
            raise line.error("a label needs a name")
        if any(each.name == name for each in self._labels):
            raise line.error(f"there are two labels {name}")
        self._labels.append(Label(name, line.text("key"), line.number("slot"), line.text("description")))

    def _source(self, line: DumpLine) -> None:
        try:
            path = line.text("path")
            path = path if path.startswith(PIPED) else str((self._folder / path).resolve())
            # A dump may name anything; what is no file, such as a device, might never end.
            is_file = Path(path).is_file()
        except (OSError, ValueError) as error:
            raise line.error("'path' is no path that a file could have") from error
        scheme = line.value["scheme"]
        if scheme is not None and not isinstance(scheme, str):
            raise line.error("'scheme' has to be text or null")
        source = NewSource(
            path, line.text("sha256"), line.text("encoding"), line.switch("bom"), line.text("format"), scheme, ""
        )
        if self._project.content.source(path) is not None:
            raise line.error(f"there are two sources {path}")
        identifier = self._project.content.add_source(source)
        self._sources.append(identifier)
        asked = _asked_for(line)
        if asked != AskedFor():
            keep_asked_for(self._project, identifier, asked)
        if is_file:
            self._files.append((identifier, source))

    def _document(self, line: DumpLine, lines: Iterator[DumpLine]) -> DumpLine | None:
        """Take a document with its sentences and return the line after them."""
        number = line.number("source")
        if not 1 <= number <= len(self._sources):
            raise line.error(f"there is no source {number}")
        origin = cast(Origin, line.choice("origin", get_args(Origin)))
        document = LoadedDocument(
            self._project.content.add_document(self._sources[number - 1], line.text("name"), origin)
        )
        self._project.metadata.put_document(document.id, _metadata(line))
        following: list[DumpLine] = []

        def sentences() -> Iterator[Sentence]:
            for each in lines:
                if each.kind != "sentence":
                    following.append(each)
                    return
                yield self._sentence(each, document)

        document.head = line
        cut, labelled = [], False
        for block in blocks(sentences()):
            words = self._project.content.add_sentences(document.id, block)
            self._project.audits.add(document.id, (sentence.start for sentence in block if sentence.tokens))
            end = block[-1].end
            # An item is stored after the words that it is on. The last sentence may be empty.
            while document.items and (place_of(document.items[0])[0] < end or end == document.end):
                item = document.items.pop(0)
                self._project.items.put(document.id, item)
                labelled = labelled or (isinstance(item, Decision) and item.source == "file")
            # The sentence that did not fit into the block is known by then.
            said = [each for each in document.suggestions if each.span.start < end]
            if said:
                document.suggestions = document.suggestions[len(said) :]
                self._project.predictions.add_given(document.id, block[0].start, end, said, "", time=time(), named=True)
            cut.append(SentenceBlock(document.id, block[0].start, end, words))
        self._last = document
        if labelled:
            self._project.bulk_insert.note_labels(document.id)
        self._project.predictions.add_blocks(document.id, cut)
        return following[0] if following else None

    def _sentence(self, line: DumpLine, document: LoadedDocument) -> Sentence:
        base, text = document.end, line.text("text")
        edges = [(start, end) for start, end in cast("Iterator[list[int]]", line.rows("tokens", int, int))]
        if any(not 0 <= start < end <= len(text) for start, end in edges):
            raise line.error("a token is not inside the text")
        if any(end > following for (_, end), (following, _) in pairwise(edges)):
            raise line.error("tokens have to ascend and not overlap")
        self._items(line, document, text, edges)
        document.suggestions += [read_suggestion(line, each, base, len(text)) for each in line.items("suggested")]
        if metadata := _metadata(line):
            self._project.metadata.put(document.id, [(base, metadata)])
        document.end += len(text)
        document.note(line, text)
        self._sentences += 1
        return Sentence(base, text, tuple(Token(base + s, base + e) for s, e in edges), line.number("line"))

    def _items(self, line: DumpLine, document: LoadedDocument, text: str, edges: list[tuple[int, int]]) -> None:
        base, starts, ends = document.end, {start for start, _ in edges}, {end for _, end in edges}
        items = document.items
        if "status" in line.value or "flagged" in line.value:
            status = line.choice("status", get_args(Status)) if "status" in line.value else "untouched"
            items.append(SentenceState(base, cast(Status, status), line.switch("flagged")))
        swept = {(start, end) for start, end in cast("Iterator[list[int]]", line.rows("swept", int, int))}
        last = 0
        for start, end, label, source in cast(
            "Iterator[tuple[int, int, str, str]]", line.rows("spans", int, int, str, str)
        ):
            if start not in starts or end not in ends or not last <= start < end or not label:
                raise line.error(f"the span [{start}, {end}] does not stand on tokens of its own")
            if source not in ("file", "person"):
                raise line.error(f"a span is decided by file or person, not by {source!r}")
            if (start, end) in swept and source == "person":
                swept.remove((start, end))
                source = "sweep"
            items.append(Decision(Span(base + start, base + end, label), cast(Source, source)))
            last = end
        if swept:
            start, end = min(swept)
            raise line.error(f"[{start}, {end}] is swept, and no span that a person decided")
        seen: set[tuple[object, ...]] = set()
        for start, end, label in cast("Iterator[tuple[int, int, str]]", line.rows("rejected", int, int, str)):
            # A sentence may have been split since within what was rejected.
            if not (0 <= start < len(text) and start < end) or (start, end, label) in seen:
                raise line.error(f"[{start}, {end}] is not inside the text, or rejected twice")
            seen.add((start, end, label))
            items.append(Rejection(Span(base + start, base + end, label)))
        for start, end, words in cast("Iterator[tuple[int, int, str]]", line.rows("notes", int, int, str)):
            # At the end of a text the next sentence begins, if this one is not empty.
            if not 0 <= start < max(len(text), 1) or not start <= end or (start, end) in seen:
                raise line.error(f"[{start}, {end}] is no place for a note, or has two")
            seen.add((start, end))
            items.append(Note(base + start, base + end, words))
