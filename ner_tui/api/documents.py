"""Documents as values: a text with its sentences, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.schemes import decode, encode, scheme_named
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import (
    NO_METADATA,
    AnnotatedSentence,
    DocumentStart,
    Metadata,
    Problem,
    StreamItem,
    by_document,
)
from ner_tui.errors import InputError
from ner_tui.formats.columns.assembly import EMPTY_WORD

_BLANK = (AnnotatedSentence(Sentence(0, "", ())),)
"""Those of an empty text: a record of it is written like any other."""


class Entity(NamedTuple):
    """A span of a document with all that one mostly wants to know of it."""

    start: int
    """Offset of the first character in the document's text, in code points."""
    end: int
    """Offset after the last character."""
    label: str
    text: str
    score: float | None
    """Probability that exactly this span with this label is there, 0 to 1; None where it is decided."""
    words: tuple[int, int]
    """The numbers of its first word and of the word after its last, counted from 0 over the document."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text, its sentences and tokens, what is decided of them and what is suggested."""

    sentences: tuple[AnnotatedSentence, ...] = ()
    """In order; their texts together are that of the document."""
    name: str = ""
    """What people call it, such as the path of its file."""
    origin: Origin = "text"
    """``text``: it was tokenised here; ``tokens``: it came with tokens of its own."""
    metadata: Metadata = field(default_factory=lambda: NO_METADATA, hash=False)
    """What its source says of it beside text and spans."""
    problems: tuple[Problem, ...] = ()
    """What was read with a guess or left out, such as one of two spans that overlap."""

    @classmethod
    def from_text(cls, text: str, spans: Iterable[Span | tuple[int, int, str]] = (), *, name: str = "") -> Document:
        """Return a text cut into sentences and tokens, with decisions.

        Args:
            text: of any kind; an empty one has a sentence without words.
            spans: as (start, end, label), in code points. A token that one cuts is cut, and of those that overlap the
                longest is kept, which ``problems`` says.
            name: what people call it.

        Raises:
            FormatError: a span is no stretch of the text.
        """
        from ner_tui.domain.segmentation.sentences import segment

        given = sorted((start, end, label) for start, end, label in map(_parts, spans))
        if not given:
            return cls(tuple([AnnotatedSentence(sentence) for sentence in segment(text)]) or _BLANK, name)
        from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, OffsetUnit, in_code_points
        from ner_tui.formats.standoff.placing import placed

        marks, where = [OffsetSpan(start, end, label, 1) for start, end, label in given], name or "the text"
        marked = in_code_points(where, MarkedText(1, text, marks), OffsetUnit())
        (document,) = collected([DocumentStart(name, "text"), *placed(where, marked)])
        return document

    @classmethod
    def from_words(cls, words: Sequence[str], tags: Sequence[str] = (), *, name: str = "") -> Document:
        """Return one sentence of words, with a space between them in its text.

        Args:
            words: whatever they hold; an empty one becomes ``_``.
            tags: one for each word, in any scheme that is known, such as ``B-PER``; empty: nothing is decided.
            name: what people call it.

        Raises:
            InputError: there are more or fewer tags than words.
        """
        if tags and len(tags) != len(words):
            raise InputError(f"there are {len(words):,} words and {len(tags):,} tags: give one for each word")
        if not words:
            return cls(_BLANK, name, "tokens")
        shown = [word or EMPTY_WORD for word in words]
        starts = list(accumulate([len(word) + 1 for word in shown], initial=0))
        tokens = tuple([Token(start, start + len(word)) for start, word in zip(starts, shown, strict=False)])
        spans: tuple[Span, ...] = ()
        if tags:
            from ner_tui.formats.tagged import text_spans

            spans = text_spans(decode(list(tags)), tokens)
        return cls((AnnotatedSentence(Sentence(0, " ".join(shown), tokens), spans),), name, "tokens")

    @property
    def text(self) -> str:
        """The text of all sentences."""
        return "".join([item.sentence.text for item in self.sentences])

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of all sentences, as (start, end)."""
        return tuple([token for item in self.sentences for token in item.sentence.tokens])

    @property
    def words(self) -> list[str]:
        """The tokens' texts."""
        return [word for item in self.sentences for word in item.sentence.words]

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is decided, ascending."""
        return tuple([span for item in self.sentences for span in item.spans])

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What is suggested and nobody has answered, ascending, with scores and other readings."""
        return tuple([suggestion for item in self.sentences for suggestion in item.suggestions])

    @property
    def entities(self) -> list[Entity]:
        """What is decided and what is suggested, ascending."""
        found, before = list[Entity](), 0
        for item in self.sentences:
            found += _entities(item, before)
            before += len(item.sentence.tokens)
        return found

    def tags(self, scheme: str = "iob2") -> list[str]:
        """Return a tag for each word of ``words``, decisions and suggestions alike.

        Args:
            scheme: ``iob2``, ``iob1``, ``bioes``, ``bilou``, ``bmes`` or ``io``.

        Raises:
            InputError: there is no such scheme.
            CannotEncode: two spans stand side by side that the scheme cannot keep apart.
        """
        from ner_tui.formats.tagged import tag_spans

        known = scheme_named(scheme)
        tags = [encode(tag_spans(item), len(item.sentence.tokens), known) for item in self.sentences]
        return [tag for some in tags for tag in some]

    def stream(self) -> Iterator[StreamItem]:
        """Yield it as writers take it: its head, then its sentences."""
        yield DocumentStart(self.name, self.origin, metadata=self.metadata)
        yield from self.sentences


def _parts(span: Span | tuple[int, int, str]) -> tuple[int, int, str]:
    return (span.start, span.end, span.label) if isinstance(span, Span) else span


def _entities(item: AnnotatedSentence, before: int) -> list[Entity]:
    """Return the entities of a sentence; ``before`` words of the document stand before it."""
    known: list[tuple[Span, float | None]] = [(span, None) for span in item.spans]
    known += [(suggestion.span, suggestion.score) for suggestion in item.suggestions]
    if not known:
        return []
    base, text = item.sentence.start, item.sentence.text
    starts = {token.start: at for at, token in enumerate(item.sentence.tokens, before)}
    ends = {token.end: at for at, token in enumerate(item.sentence.tokens, before + 1)}
    return [
        Entity(s.start, s.end, s.label, text[s.start - base : s.end - base], score, (starts[s.start], ends[s.end]))
        for s, score in sorted(known, key=lambda each: each[0])
    ]


def collected(items: Iterable[StreamItem]) -> Iterator[Document]:
    """Yield the documents of a stream, each when it is complete."""
    for head, rest in by_document(items):
        sentences, problems = list[AnnotatedSentence](), list[Problem]()
        for item in rest:
            if isinstance(item, AnnotatedSentence):
                sentences.append(item)
            else:
                problems.append(item)
        yield Document(tuple(sentences), head.name, head.origin, head.metadata, tuple(problems))


def streamed(documents: Iterable[Document]) -> Iterator[StreamItem]:
    """Yield documents as the stream that writers take."""
    for document in documents:
        yield from document.stream()
