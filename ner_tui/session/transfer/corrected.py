"""Files as they were opened, with what was corrected in them: nothing else changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ner_tui.domain.stream import StreamItem
from ner_tui.formats import FORMATS, Source
from ner_tui.formats.columns.inplace_edit import INPLACE_MODULES
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.line_ends import newline_of
from ner_tui.formats.files.writing_back import as_in_file, is_exact, missing_character, require_exact
from ner_tui.formats.rewriting import can_rewrite_binary, is_records, rewrite
from ner_tui.session.transfer.asked_for import asked_for, kept_tag_names
from ner_tui.session.transfer.file_import import infer_from_beginning
from ner_tui.session.transfer.outputs import opened
from ner_tui.store.content import NewSource
from ner_tui.store.project import Project


def has_tags(stored: NewSource) -> bool:
    """Whether a file of a project was read with tags, or spans of records, that can be changed in place."""
    if is_records(stored.format) or can_rewrite_binary(stored.format, stored.scheme):
        return True
    return stored.scheme is not None and FORMATS[stored.format].module in INPLACE_MODULES


def as_read(project: Project, source: int, stored: NewSource) -> Source:
    """Return a file as it was read, from the project's copy, whatever it was saved as since."""
    text = project.content.source_text(source)
    names = kept_tag_names(project)
    newline = "\n" if stored.encoding == BINARY else newline_of(text)
    file = Source(stored.path, stored.hash, text, stored.encoding, stored.had_bom, newline, names)
    # A project keeps lines that end in a carriage return alone as others.
    return file if is_exact(file) else replace(file, newline="\r")


def write_corrected(
    project: Project, source: int, stored: NewSource, sentences: Iterable[StreamItem], path: str
) -> None:
    """Write a file of a project with other spans, in its encoding, to ``path`` or to standard output for ``-``.

    It is made from the project's copy: what is on the disk by then may be another.

    Args:
        source: the id of the file, one that ``has_tags``.
        sentences: all of its sentences.

    Raises:
        FormatError: a label or a pair of spans cannot be written in it.
        EncodingError: its encoding lacks a character, or does not write back what it reads.
        InputError: ``path`` cannot be written.
    """
    file = as_read(project, source, stored)
    require_exact(file)
    inference = infer_from_beginning(file, stored.format, tags_as=asked_for(project, source).tags_as)
    try:
        with opened(path, file.encoding) as out:
            out.writelines(as_in_file(file, rewrite(file, inference, sentences, with_states=True)))
    except UnicodeEncodeError as error:
        raise missing_character(path, file, error) from error
