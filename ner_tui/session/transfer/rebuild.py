"""Checking a project against what it was made from, and making it again from that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ner_tui.errors import InputError, NerTuiError, ProjectError
from ner_tui.formats import FORMATS, Source
from ner_tui.session.transfer.adding import FileAdding, ReadOptions
from ner_tui.session.transfer.asked_for import AskedFor, asked_for, kept_tag_names
from ner_tui.session.transfer.copies import copy_suggestions, give_suggestions
from ner_tui.store.content import NewSource
from ner_tui.store.file.connection import damage_as_error
from ner_tui.store.file.creation import making
from ner_tui.store.integrity.journal_replay import Rebuilding
from ner_tui.store.integrity.verifying import Fault
from ner_tui.store.project import Project

_LOADED = "loaded from a dump, which has no journal"
_NAMED = 3
"""Sources of one kind that are named at the most."""


def check_project(path: Path, notices: list[str]) -> Iterator[Fault]:
    """Yield what is wrong in a project: in its file, and where its state is not what its sources and journal tell.

    Args:
        notices: takes sentences about what could not be checked.

    Raises:
        ProjectError: it is no project, or cannot be opened.
    """
    project, new = Project.open(path, to_check=True), Project.scratch()
    try:
        with damage_as_error(path), project.snapshot():
            faults = False
            for fault in project.faults():
                # In a file that is damaged or of another version nothing more can be asked for.
                faults = faults or fault.kind in ("file", "tables")
                yield fault
            if not faults:
                try:
                    with new.transaction():
                        yield from _rebuild(project, new, notices)
                except ProjectError as error:
                    yield Fault("journal", "project", str(error))
    finally:
        project.close()
        new.close()


def rebuild(path: Path, target: Path, notices: list[str]) -> Iterator[Fault]:
    """Make a project again from its sources and its journal alone in a new file; yield where it comes out otherwise.

    Args:
        notices: takes sentences about what was taken as it is.

    Raises:
        InputError: there is a file at ``target`` already.
        ProjectError: the project cannot be read, or the new one not be written.
    """
    if target.exists():
        raise InputError(f"{target} is there already: name a new file with -o")
    project = Project.open(path, to_check=True)
    try:
        with making(target) as new, damage_as_error(path), project.snapshot(), new.transaction():
            yield from _rebuild(project, new, notices)
    finally:
        project.close()


def _rebuild(project: Project, new: Project, notices: list[str]) -> Iterator[Fault]:
    """Make the project again in ``new`` and yield what differs."""
    work = project.rebuild_into(new)
    work.begin()
    loaded = int(project.setting("loaded") or 0)
    taken, names = set[int](), dict[str, list[str]]()
    sources = [(asked_for(project, identifier), identifier, source) for identifier, source in project.content.sources()]
    for how, identifier, source in sorted(sources, key=lambda each: (each[0].after, each[1])):
        # A label that was renamed before a file was read keeps its old name in that file.
        closings = (work.placed(head.id)[0] for head in project.content.documents_of(identifier))
        yield from work.carry_out(max(how.after, *closings, 0))
        if reason := _read_source(project, new, work, identifier, source, how, loaded):
            taken.add(identifier)
            names.setdefault(reason, []).append(source.path)
    notices += [_taken(project, reason, paths) for reason, paths in names.items()]
    yield from work.carry_out()
    work.finish()
    for identifier, source in project.content.sources():
        # In the names that labels have in the end: replaying says nothing of suggestions.
        if identifier in taken:
            copy_suggestions(project, new, identifier)
        elif FORMATS[source.format].keeps_suggestions and (text := project.content.source_text(identifier)):
            with suppress(NerTuiError):
                give_suggestions(new, identifier, source, _stored_file(project, source, text))
    yield from work.differences()


def _read_source(
    project: Project,
    new: Project,
    work: Rebuilding,
    identifier: int,
    source: NewSource,
    how: AskedFor,
    loaded: int,
) -> str:
    """Read a source into its documents; return why they are to be taken as they are, or nothing."""
    heads = project.content.documents_of(identifier)
    placed = {head.id: work.placed(head.id) for head in heads}
    text = project.content.source_text(identifier)
    reason = ""
    if any(head.id <= loaded and not placed[head.id][0] for head in heads):
        reason = _LOADED
    elif identifier in {each.source for each in project.bulk_insert.unread()}:
        reason = "not read to the end yet"
    elif not text:
        reason = "the project has no copy of the file"
    else:
        options = ReadOptions(source.format, source.encoding, how.ignore_tags, text=how.text, tags_as=how.tags_as)
        adding = FileAdding(new, options, lambda: 0.0, "")
        file = _stored_file(project, source, text)
        try:
            adding.read_again(file, source.scheme, [(head.id, placed[head.id][1]) for head in heads])
        except NerTuiError as error:
            reason = str(error)
        else:
            for head in heads:
                work.was_read(head.id, placed[head.id][0])
    if reason:
        for head in heads:
            work.copy_document(head.id)
    return reason


def _taken(project: Project, reason: str, paths: Sequence[str]) -> str:
    """Return a sentence on sources that are taken as they are, all for one reason."""
    if reason == _LOADED:
        # They need not be on this computer: a dump brings names and texts.
        shown = [Path(path).name for path in paths[:_NAMED]]
        reason += f"; to hold them against that one, write another: ner-tui dump {project.path} -o FILE"
    else:
        shown = list(paths[:_NAMED])
    more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
    return f"{', '.join(shown)}{more}: taken as {'it is' if len(paths) == 1 else 'they are'}: {reason}"


def _stored_file(project: Project, source: NewSource, text: str) -> Source:
    return Source(source.path, source.hash, text, source.encoding, source.had_bom, "\n", kept_tag_names(project))
