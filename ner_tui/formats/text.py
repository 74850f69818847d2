r"""Raw text, one document a file: its text is the decoded file, unchanged, and its tokens and sentences are found here.

Read only. A sample::

    Hugging Face opened an office in New York City. It is near the
    Manhattan Bridge.
"""

from __future__ import annotations

from collections.abc import Iterator

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take any source."""
    return Inference(name, f"{source.path}: read as raw text")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the document and its sentences, all undecided."""
    from ner_tui.domain.segmentation.sentences import segment

    yield DocumentStart(source.path, "text")
    for sentence in segment(source.text):
        yield AnnotatedSentence(sentence)
