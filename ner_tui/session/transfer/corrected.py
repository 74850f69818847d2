"""Files of tokens as they were opened, with what was corrected in them: nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from shutil import copyfileobj
from tempfile import TemporaryFile

from ner_tui.domain.stream import StreamItem
from ner_tui.errors import EncodingError
from ner_tui.formats import FORMATS, Inference, Source
from ner_tui.formats.columns.inplace_edit import can_rewrite, rewrite
from ner_tui.formats.files.source import newline_of
from ner_tui.formats.files.writing_back import require_exact, with_byte_order_mark
from ner_tui.session.transfer.file_import import infer_from_beginning
from ner_tui.session.transfer.outputs import opened
from ner_tui.store.content import NewSource
from ner_tui.store.project import Project


def has_tags(stored: NewSource) -> bool:
    """Whether a file of a project was read with tags that can be changed in place, as far as its head tells."""
    return stored.scheme is not None and FORMATS[stored.format].module.startswith("columns.")


def as_opened(project: Project, source: int, stored: NewSource) -> tuple[Source, Inference] | None:
    """Return a file as it was read, from the project's copy, and how it is read; None if its tags cannot be changed."""
    if not has_tags(stored):
        return None
    text = project.content.source_text(source)
    file = Source(stored.path, stored.hash, text, stored.encoding, stored.had_bom, newline_of(text))
    inference = infer_from_beginning(file, stored.format)
    return (file, inference) if can_rewrite(inference) else None


def write_corrected(
    file: Source, inference: Inference, sentences: Iterable[StreamItem], path: Callable[[], str]
) -> None:
    """Write a file with other spans, in its encoding.

    Args:
        path: returns where to, ``-`` for standard output, when it is sure that the spans can be written.

    Raises:
        FormatError: its tokens or sentences were changed, or a span of ``sentences`` cannot be written in it; nothing
            is written then.
        EncodingError: its encoding lacks a character, or does not write back what it reads; nothing is written then.
        InputError: the output cannot be written.
    """
    require_exact(file)
    with TemporaryFile("w+", encoding=file.encoding, newline="") as waiting:
        try:
            waiting.writelines(with_byte_order_mark(file, rewrite(file, inference, sentences)))
            waiting.seek(0)
        except UnicodeEncodeError as error:
            char = error.object[error.start]
            raise EncodingError(f"{file.path}: {file.encoding} has no character {char!r}") from error
        with opened(path(), file.encoding) as out:
            copyfileobj(waiting, out)
