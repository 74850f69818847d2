"""Where a document is cut into sentences and words, for formats with a text of their own.

Words and sentences that would be found again in the text need no place in a file. What is cut otherwise, as by a corpus
with words of its own or by a person who joined two sentences, is written beside the text, or told where it cannot be.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ner_tui.domain.spans import Span, Token
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.standoff.whole_documents import WholeDocument


def words_differ(document: WholeDocument) -> bool:
    """Whether other words would be found in the text of a document with its spans; looks no further than to the first.

    Where a span begins or ends within a word, that is cut, as ``placing`` does it.
    """
    from ner_tui.domain.segmentation.sentences import segment

    found = (token for sentence in segment(document.text) for token in sentence.tokens)
    expected = document.tokens
    for token in _cut(found, list(document.spans)):
        if next(expected, None) != token:
            return True
    return next(expected, None) is not None


def sentences_differ(document: WholeDocument) -> bool:
    """Whether other sentences would be found in the text of a document, with its own tokens and spans."""
    from ner_tui.domain.segmentation.sentences import split_sentences

    tokens = list(document.tokens)
    found = [tokens[first].start for first in split_sentences(document.text, tokens)[1:]]
    spans = list(document.spans)
    return [start for start in found if not _is_within(start, spans)] != starts_after_first(document)


def starts_after_first(document: WholeDocument) -> list[int]:
    """Return where the sentences of a document begin that are not its first."""
    return [item.sentence.start for item in document.sentences[1:]]


def tell_cuts(document: WholeDocument, options: WriteOptions) -> None:
    """Tell what of a document's words and sentences would not be found again in its text, for formats without a place.

    Raises:
        FormatError: there is something, and ``options`` take no losses.
    """
    if words_differ(document):
        what = "words"
    elif sentences_differ(document):
        what = "sentences"
    else:
        return
    reason = f"its {what} are others than would be found in its text: {options.fmt} has no place for them"
    if (report := options.lossy or options.tell) is None:
        raise FormatError(document.name, 1, reason)
    report(f"{document.name}: {reason}")


def _cut(tokens: Iterable[Token], spans: Sequence[Span]) -> Iterator[Token]:
    """Yield tokens, cut at the edges of spans."""
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    for token in tokens:
        inner = edges[bisect_right(edges, token.start) : bisect_left(edges, token.end)]
        if inner:
            yield from (Token(*piece) for piece in pairwise([token.start, *inner, token.end]))
        else:
            yield token


def _is_within(offset: int, spans: Sequence[Span]) -> bool:
    """Whether an offset is between the edges of one of some disjoint spans."""
    at = bisect_left(spans, offset, key=lambda span: span.start)
    return at > 0 and offset < spans[at - 1].end
