"""How scorers read the tags that we write, for ``roundtrip``."""

from __future__ import annotations

import io
from collections.abc import Sequence

from roundtrip_reading import items_of, spans_of
from seqeval.scheme import IOB2, Entities

from ner_tui.domain.schemes import TagSpan
from ner_tui.formats import (
    Inference,
    Source,
    WriteOptions,
    write,
)


def _written_tags(source: Source, inference: Inference) -> tuple[list[list[str]], list[list[TagSpan]]]:
    """Return the tags of our IOB2 as a plain loop reads them, and our spans."""
    out = io.StringIO(newline="")
    items = items_of(source, inference)
    write(items, out, WriteOptions("conll", "iob2", "\t", lambda _: None, lambda _: None))
    blocks = [block.split("\n") for block in out.getvalue().split("\n\n") if block]
    tags = [[line.split("\t")[1] for line in block] for block in blocks if not block[0].startswith("-DOCSTART-")]
    return tags, spans_of(items)


def seqeval_spans(source: Source, inference: Inference) -> bool:
    tags, spans = _written_tags(source, inference)
    found = Entities(tags, IOB2).entities
    return [[TagSpan(e.start, e.end, e.tag) for e in sentence] for sentence in found] == spans


def conlleval_spans(source: Source, inference: Inference) -> bool:
    tags, spans = _written_tags(source, inference)
    return list(map(_chunks, tags)) == spans


def _chunks(tags: Sequence[str]) -> list[TagSpan]:
    """Return the chunks of a sentence by the rules of conlleval.pl."""
    chunks: list[TagSpan] = []
    start, running = 0, ""
    prior, prior_label = "O", ""
    for at, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        ends = prior in "BI" and (prefix in "BO" or prior_label != label)
        begins = prefix == "B" or (prefix == "I" and (prior == "O" or prior_label != label))
        if ends and running:
            chunks.append(TagSpan(start, at, running))
            running = ""
        if begins:
            start, running = at, label
        prior, prior_label = prefix, label
    return chunks
