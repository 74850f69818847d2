"""Parts that are done, joined to what one run would have written."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from ner_tui.domain.scheme_inference import infer_scheme
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.formats.files.folders import FileNames, filled_folder
from ner_tui.formats.files.inputs import refuse_output
from ner_tui.formats.losses import lost_metadata
from ner_tui.session.parts.marks import Mark, PartJob
from ner_tui.session.transfer.outputs import without_file

Done = Sequence[tuple[PartJob, Mark]]
"""Parts with their marks, in order."""
_MARK = re.compile(rb'^([=-])("(?:[^" \t\\]|\\.)*")\n', re.MULTILINE)
"""See ``labelling.document_mark``."""


@dataclass(slots=True)
class _Document:
    name: str
    is_empty: bool
    """Whether it has no sentence."""


def join_file(done: Done, out: str) -> None:
    """Put the parts of an output in its place, in order.

    Raises:
        InputError: it cannot be written, or a part is not any more what was written.
    """
    with atomic_writer(out) as stream:
        for job, mark in done:
            stream.write(_text(job, mark).decode())


def join_folder(done: Done, folder: str, names: FileNames, tell: Callable[[str], None]) -> None:
    """Put the documents of each file into a folder, a file for each, named as one run would name them.

    Raises:
        InputError: as in ``join_file``.
    """
    files = [list(parts) for _, parts in groupby(done, key=lambda each: each[0].file.path)]
    found = [list(_documents(parts)) for parts in files]
    # One run names the files of single documents first.
    single = [_single(parts, documents, folder, names) for parts, documents in zip(files, found, strict=True)]
    for target in single:
        if target is not None:
            refuse_output(target)
    for parts, documents, target in zip(files, found, single, strict=True):
        if target is not None:
            with atomic_writer(target) as stream:
                for _, text in _pieces(parts):
                    stream.write(text.decode())
        elif documents:
            _write_documents(parts, documents, folder, names, tell)


def _single(parts: Done, documents: Sequence[_Document], folder: str, names: FileNames) -> Path | None:
    """Return where the only document of a file goes; None if it has none or several."""
    if len(documents) != 1:
        return None
    [document], [(job, _), *_] = documents, parts
    return Path(folder, names.take(document.name, FORMATS[job.fmt].extension))


def _write_documents(
    parts: Done, documents: Sequence[_Document], folder: str, names: FileNames, tell: Callable[[str], None]
) -> None:
    [(job, _), *_] = parts
    pieces = groupby(_pieces(parts), key=lambda piece: piece[0])
    with filled_folder(folder) as files:
        for at, texts in pieces:
            if not documents[at].is_empty:
                path = Path(files.path(names.take(documents[at].name, FORMATS[job.fmt].extension)))
                with path.open("wb") as stream:
                    stream.writelines(text for _, text in texts)
    if empty := sum(document.is_empty for document in documents):
        tell(without_file(empty))


def _documents(parts: Done) -> Iterator[_Document]:
    """Yield the documents of a file; those of a file that was cut are named by how many precede them."""
    number = 0
    for job, mark in parts:
        for kind, found in _MARK.findall(_text(job, mark)):
            number += 1
            path, name = job.file.path, json.loads(found)
            if name == path or re.fullmatch(rf"{re.escape(path)}#\d+", name):
                name = path if number == 1 else f"{path}#{number}"
            yield _Document(name, kind == b"-")


def _pieces(parts: Done) -> Iterator[tuple[int, bytes]]:
    """Yield what is written, piece by piece, each with the number of its document, counted from 0."""
    number = -1
    for job, mark in parts:
        text = _text(job, mark)
        at = 0
        for found in _MARK.finditer(text):
            if at < found.start():
                yield number, text[at : found.start()]
            number, at = number + 1, found.end()
            yield number, b""
        if at < len(text):
            yield number, text[at:]


def _text(job: PartJob, mark: Mark) -> bytes:
    try:
        raw = job.text.read_bytes()
    except OSError as error:
        raise InputError(f"{job.text} cannot be read: {error.strerror or error}: run the same command again") from error
    if sha256(raw).hexdigest() != mark.output:
        raise InputError(f"{job.text} is not what was written there: run the same command again")
    return raw


def remarks(done: Done, most: int = 5) -> Iterator[str]:
    """Yield what a person should know of the parts, a sentence each, with lines of the files that were read."""
    for path, parts in groupby(done, key=lambda each: each[0].file.path):
        before, rest, records = 0, 0, 0
        shown, keys, fmt = list[str](), dict[str, None](), ""
        for job, mark in parts:
            fmt, records = job.fmt, records + mark.lost_records
            keys |= dict.fromkeys(mark.lost_keys)
            shown += [f"{path}:{before + line}: {reason}" for line, reason in mark.problems]
            rest += mark.more_problems
            shown += mark.told
            before += mark.lines
        yield from shown[:most]
        if (rest := rest + max(0, len(shown) - most)) > 0:
            yield f"and {rest:,} more of {path}"
        if records:
            yield f"lost: {lost_metadata(path, fmt, records, keys)}"


def without_tags(done: Done) -> Iterator[str]:
    """Yield a sentence on each sentence that no model could read."""
    for path, parts in groupby(done, key=lambda each: each[0].file.path):
        before = 0
        for _, mark in parts:
            for each in mark.failed:
                yield f"{path}:{before + each.line}: written without tags, {each.reason}: {each.text}"
            before += mark.lines


def other_schemes(done: Done) -> Iterator[str]:
    """Yield a sentence on each file whose tags are of another scheme than its beginning says."""
    for path, parts in groupby(done, key=lambda each: each[0].file.path):
        pairs: Counter[tuple[str, str]] = Counter()
        scheme = None
        for job, mark in parts:
            scheme = job.file.inference.scheme
            pairs.update({(before, tag): n for before, tag, n in mark.tags})
        if pairs and scheme is not None and (found := infer_scheme(pairs)) != scheme:
            yield f"{path}: its beginning was taken for {scheme}, and all of its tags are {found}: say --scheme {found}"


def forget(folders: Iterable[str]) -> None:
    """Delete the parts of outputs that are in their places."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
