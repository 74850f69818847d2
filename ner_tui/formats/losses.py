"""What a format has no place for: taken out of a stream before it is written, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ner_tui.domain.annotation.combining import likeliest
from ner_tui.domain.counting import counted
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.formats.files.compression import suffix_of
from ner_tui.formats.registry import FORMATS, SUFFIXES
from ner_tui.formats.standoff.offset_spans import short_name

_SHOWN = 8
"""Keys of metadata that are named."""


def without_losses(
    items: Iterable[StreamItem],
    fmt: str,
    lose: Callable[[str], None],
    path: str,
    *,
    with_suggestions: bool,
    lose_metadata: Callable[[int, Sequence[str]], None] | None = None,
) -> Iterator[StreamItem]:
    """Yield a stream as a format can hold it, and tell at its end what had to be left out, a sentence for each kind.

    Args:
        fmt: a key of ``FORMATS``.
        lose: takes the sentences.
        path: of what is written, to begin them with.
        with_suggestions: write open suggestions also where the format cannot tell them from decisions.
        lose_metadata: takes of how many records metadata are lost, and under which keys; None: ``lose`` takes it.
    """
    entry = FORMATS[fmt]
    keeps_suggestions = entry.keeps_suggestions or with_suggestions
    if entry.keeps_metadata and entry.keeps_notes and keeps_suggestions and entry.keeps_overlaps:
        return iter(items)
    told = lose_metadata or (lambda records, keys: lose(lost_metadata(path, fmt, records, keys)))
    return _without_losses(items, fmt, lose, told, path, keeps_suggestions=keeps_suggestions)


def _without_losses(
    items: Iterable[StreamItem],
    fmt: str,
    lose: Callable[[str], None],
    lose_metadata: Callable[[int, Sequence[str]], None],
    path: str,
    *,
    keeps_suggestions: bool,
) -> Iterator[StreamItem]:
    keeps_metadata, keeps_notes = FORMATS[fmt].keeps_metadata, FORMATS[fmt].keeps_notes
    keeps_overlaps = FORMATS[fmt].keeps_overlaps
    suggestions = records = notes = others = 0
    keys: dict[str, None] = {}
    for item in items:
        if isinstance(item, AnnotatedSentence | DocumentStart) and item.metadata and not keeps_metadata:
            lost = [key for key, value in item.metadata.items() if not names_file(key, value)]
            records += bool(lost)
            keys.update(dict.fromkeys(lost))
            item = replace(item, metadata=NO_METADATA)
        if isinstance(item, AnnotatedSentence) and not keeps_suggestions and item.suggestions:
            suggestions += len(item.suggestions)
            item = replace(item, suggestions=())
        if isinstance(item, AnnotatedSentence) and not keeps_overlaps and len(item.suggestions) > 1:
            shown = likeliest(item.suggestions)
            others += len(item.suggestions) - len(shown)
            item = replace(item, suggestions=tuple(shown))
        if isinstance(item, AnnotatedSentence) and not keeps_notes:
            notes += len(item.notes)
        yield item
    if suggestions:
        told = f"{counted(suggestions, 'suggestion')}, which {fmt} cannot tell from decisions"
        lose(f"{path}: {told}: left out (--with-suggestions writes them like decisions)")
    if others:
        lose(f"{path}: {counted(others, 'suggestion')} where another model's is likelier, for which {fmt} has no place")
    if notes:
        lose(f"{path}: {counted(notes, 'note')}, for which {fmt} has no place")
    if keys:
        lose_metadata(records, list(keys))


def lost_metadata(path: str, fmt: str, records: int, keys: Iterable[str]) -> str:
    """Return what is to be told of metadata for which a format has no place."""
    listed = list(keys)
    named = ", ".join(map(short_name, listed[:_SHOWN])) + (" …" if len(listed) > _SHOWN else "")
    return f"{path}: metadata of {counted(records, 'record')}, for which {fmt} has no place: {named}"


def names_file(key: str, value: object) -> bool:
    """Whether metadata are the name of a document's file, as records are written with: other formats hold none."""
    named = key in ("source", "document") and isinstance(value, str)
    return named and suffix_of(str(value).partition("#")[0]) in SUFFIXES
