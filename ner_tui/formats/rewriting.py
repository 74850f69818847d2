"""Files written again with other spans and nothing else changed, whatever format they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import inplace_edit
from ner_tui.formats.files.source import Source
from ner_tui.formats.registry import FORMATS

_Rewrite = Callable[[Source, Inference, Iterable[StreamItem] | None], Iterator[str]]


def is_records(fmt: str) -> bool:
    """Whether a format is one of JSON records whose spans can be changed in place."""
    return FORMATS[fmt].family == "records" and "w" in FORMATS[fmt].use


def can_rewrite_binary(fmt: str, scheme: str | None) -> bool:
    """Whether a source of a format, read with tags of a scheme or without, is no text, and its spans can be changed."""
    return fmt == "spacy" or (fmt == "parquet" and scheme is not None)


def can_rewrite(inference: Inference) -> bool:
    """Whether the spans of a source so read can be changed in place."""
    binary = can_rewrite_binary(inference.format, inference.scheme)
    return binary or inplace_edit.can_rewrite(inference) or is_records(inference.format)


def rewrite(
    source: Source, inference: Inference, new: Iterable[StreamItem], *, with_states: bool = False
) -> Iterator[str]:
    """Yield the text of ``source`` with the spans of ``new``, piece by piece.

    Args:
        inference: how the source is read, its spans included.
        new: its documents, all of them and in its order. Of columns, decisions and open suggestions are written;
            records tell them apart, and have those suggestions that ``new`` has.
        with_states: write what a person has confirmed, flagged and noted too, where the format has it.

    Raises:
        InputError: the spans of such a source cannot be changed in place.
        FormatError: the documents are not those of the source, or a span cannot be written.
    """
    if can_rewrite_binary(inference.format, inference.scheme):
        module = import_module(f"ner_tui.formats.{FORMATS[inference.format].module}_rewriting")
        whole: Iterator[str] = module.rewrite(source, inference, new)
        return whole
    if not is_records(inference.format):
        return inplace_edit.rewrite(source, inference, new)
    return _rewrite(inference, with_states=with_states)(source, inference, new)


def checked(source: Source, inference: Inference) -> Iterator[str]:
    """Yield the text of a source of records as it is, piece by piece, each piece when it is known that it can be read.

    Raises:
        FormatError: a record is broken.
    """
    return _rewrite(inference, with_states=False)(source, inference, None)


def _rewrite(inference: Inference, *, with_states: bool) -> _Rewrite:
    module = import_module(f"ner_tui.formats.{FORMATS[inference.format].module}")
    found: _Rewrite = getattr(module, "rewrite_all", module.rewrite) if with_states else module.rewrite
    return found
