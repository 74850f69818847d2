"""What is written of WebAnno TSV; see ``webanno_tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TextIO

from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.standoff.label_features import NAMED_ENTITY
from ner_tui.formats.standoff.offset_spans import utf16_offsets
from ner_tui.formats.standoff.webanno_text import HEAD, TEXT, escaped_text
from ner_tui.formats.standoff.whole_documents import WholeDocument, only_document

_TO_ESCAPE = re.compile(r"->|[\\\[\]|_;\t\n*]")


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write the one document when it is complete; scheme and separator do not count."""
    for document in only_document(items, "a file of WebAnno TSV"):
        out.writelines(_lines(document, options))


def _lines(document: WholeDocument, options: WriteOptions) -> Iterator[str]:
    text = document.text
    units = utf16_offsets(text)
    spans = sorted(document.spans)
    sentences = [item.sentence for item in document.sentences if item.sentence.tokens]
    yield f"{HEAD}3.3\n#T_SP={NAMED_ENTITY}|identifier|value\n\n"
    firsts = [sentence.tokens[0].start for sentence in sentences]
    if not firsts or text[: firsts[0]].strip(" "):
        reason = "has text before its first word that WebAnno TSV has no place for, other than blanks"
        if options.lossy is None:
            raise FormatError(document.name, 1, f"the document {reason}")
        options.lossy(f"{document.name}: it {reason}")
    at = number = 0
    for count, (sentence, (start, end)) in enumerate(zip(sentences, pairwise([*firsts, len(text)]), strict=True), 1):
        own = text[start:end]
        bare = own.rstrip()
        gap = own[len(bare) :]
        # Line end and blanks are what offsets say of a gap; any other is part of the sentence's text.
        own = bare if end < len(text) and (not gap or gap == "\n" + " " * (len(gap) - 1)) else own
        yield "\n" + "".join(f"{TEXT}{escaped_text(line)}\n" for line in own.split("\n"))
        for index, token in enumerate(sentence.tokens, 1):
            while at < len(spans) and spans[at].end <= token.start:
                at += 1
            span = spans[at] if at < len(spans) and spans[at].start <= token.start else None
            number += span is not None and span.start == token.start and token.end < span.end
            form = " ".join(re.split("[\t\n\r]", text[token.start : token.end]))
            yield f"{count}-{index}\t{units[token.start]}-{units[token.end]}\t{form}\t{_cells(span, token, number)}\n"


def _cells(span: Span | None, token: Token, number: int) -> str:
    if span is None:
        return "_\t_\t"
    one = "" if (span.start, span.end) == token else f"[{number}]"
    return f"*{one}\t{_TO_ESCAPE.sub(_escaped, span.label)}{one}\t"


def _escaped(found: re.Match[str]) -> str:
    return "\\" + {"\t": "t", "\n": "n"}.get(found[0], found[0])
