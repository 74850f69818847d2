"""From the words and tags of a file to documents with text and offsets: what the readers of token formats share.

The text of a document is its words joined by one space, or by what the source says, and a line end after each sentence
but the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, overload

from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import decode, validate
from ner_tui.domain.spans import Token, make_token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.formats.columns.sentence_batches import RowBatch, SentenceBatch
from ner_tui.formats.tagged import text_spans

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.labelled_texts import WordRows
    from ner_tui.domain.packing import PackedSentences

EMPTY_WORD = "_"
"""What an empty word is read as: a token is never empty."""


@dataclass(slots=True)
class SentenceLines:
    """The lines of one sentence."""

    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    """One for each word, or none at all in a source without them."""
    lines: Sequence[int] = ()
    """The line of each word, counted from 1, ascending."""
    gaps: Mapping[int, str] = field(default_factory=dict)
    """What follows a word, counted from 0, where it is not one space; an entry for the last one does not count."""
    cells: Sequence[Sequence[int]] | None = None
    """The lines that hold each word's tags, the one it was read from first; None: its own line."""
    before: str = ""
    """What precedes the first word, where the sentence begins a document."""
    after: str | None = None
    """What follows the last word; None: a line end, and nothing at the end of a document."""


class DocumentMark(NamedTuple):
    """A line that begins a document."""

    line: int


def sentence_problems(path: str, sentence: SentenceLines, scheme: str | None) -> Iterator[Problem]:
    """Yield what is read with a guess in a sentence: empty words, and tags that break the scheme if there is one."""
    if "" in sentence.words:
        for line in (line for line, word in zip(sentence.lines, sentence.words, strict=True) if not word):
            yield Problem(path, line, f"the word is empty, and read as {EMPTY_WORD}")
    if scheme is not None:
        for problem in validate(sentence.tags, scheme):
            yield Problem(path, sentence.lines[problem.token], problem.reason)


@overload
def assemble(path: str, items: Iterable[SentenceLines | DocumentMark], scheme: str | None) -> Iterator[StreamItem]: ...
@overload
def assemble(
    path: str, items: Iterable[SentenceLines | DocumentMark | SentenceBatch], scheme: str | None
) -> Iterator[StreamItem | PackedSentences]: ...
@overload
def assemble(
    path: str, items: Iterable[SentenceLines | DocumentMark | SentenceBatch | RowBatch], scheme: str | None
) -> Iterator[StreamItem | PackedSentences | WordRows]: ...
def assemble(
    path: str, items: Iterable[SentenceLines | DocumentMark | SentenceBatch | RowBatch], scheme: str | None
) -> Iterator[StreamItem | PackedSentences | WordRows]:
    """Yield documents, problems and sentences.

    Args:
        path: names the documents: itself the first, with ``#2`` and so on the others.
        scheme: what the tags are validated against; None leaves them out of account.
    """
    documents = 0
    offset = 0
    held: SentenceLines | None = None
    for item in items:
        following = None if isinstance(item, DocumentMark) else item
        if held is not None:
            # A sentence waits for what follows it: only then is it known whether a line end does.
            for made in _sentence(path, held, offset, scheme, last=following is None):
                if isinstance(made, AnnotatedSentence):
                    offset = made.sentence.end
                yield made
        if following is None or not documents:
            documents += 1
            offset = 0
            name = path if documents == 1 else f"{path}#{documents}"
            yield DocumentStart(name, "tokens", item.lines[0] if isinstance(item, SentenceLines) else item.line)
        if isinstance(item, SentenceBatch):
            packed = item.packed(offset, tagged=scheme is not None)
            offset = packed.end
            yield packed
        elif isinstance(item, RowBatch):
            yield item.rows
            # A space or a line end follows each word.
            offset += len(item.rows.characters) + len(item.rows.lengths)
        held = following if isinstance(following, SentenceLines) else None
    if held is not None:
        yield from _sentence(path, held, offset, scheme, last=True)


def sentence_text(words: list[str]) -> str:
    """Return the text of a sentence that another one of its document follows, of a source that has words alone."""
    return _text(_words(words), {}) + "\n"


def _sentence(
    path: str, sentence: SentenceLines, start: int, scheme: str | None, *, last: bool
) -> Iterator[StreamItem]:
    """Yield the problems of a sentence, then the sentence."""
    yield from sentence_problems(path, sentence, scheme)
    words = _words(sentence.words)
    before = "" if start else sentence.before
    after = ("" if last else "\n") if sentence.after is None else sentence.after
    tokens = tuple(_tokens(words, sentence.gaps, start + len(before)))
    spans = text_spans(decode(sentence.tags), tokens) if scheme is not None else ()
    text = before + _text(words, sentence.gaps) + after
    yield AnnotatedSentence(Sentence(start, text, tokens, sentence.lines[0]), spans)


def _words(words: list[str]) -> list[str]:
    return [word or EMPTY_WORD for word in words] if "" in words else words


def _tokens(words: list[str], gaps: Mapping[int, str], start: int) -> Iterator[Token]:
    if not gaps:
        starts = list(accumulate([len(word) + 1 for word in words], initial=start))
        return map(make_token, zip(starts[:-1], [start - 1 for start in starts[1:]], strict=True))
    return _spaced_tokens(words, gaps, start)


def _spaced_tokens(words: list[str], gaps: Mapping[int, str], start: int) -> Iterator[Token]:
    for at, word in enumerate(words):
        end = start + len(word)
        yield Token(start, end)
        start = end + len(gaps.get(at, " "))


def _text(words: list[str], gaps: Mapping[int, str]) -> str:
    if not gaps:
        return " ".join(words)
    return "".join([word + gaps.get(at, " ") for at, word in enumerate(words[:-1])]) + words[-1]
