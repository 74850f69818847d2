"""Documents with all their sentences, for the writers of formats with a document a record.

A record has a text of its own, so where sentences are left out, as in an export of the confirmed ones alone, offsets
are counted in what is left. A sentence with metadata of its own was a record or a row in its source, and is one again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, DocumentStart, Metadata, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.tagged import exported_spans


@dataclass(frozen=True, slots=True)
class WholeDocument:
    """A document of a stream."""

    name: str
    origin: Origin
    sentences: tuple[AnnotatedSentence, ...]
    """They partition ``text``."""
    metadata: Metadata = field(default_factory=lambda: NO_METADATA)

    @property
    def text(self) -> str:
        """The text of all sentences."""
        return "".join(item.sentence.text for item in self.sentences)

    @property
    def tokens(self) -> Iterator[Token]:
        """The tokens of all sentences in order."""
        return (token for item in self.sentences for token in item.sentence.tokens)

    @property
    def spans(self) -> Iterator[Span]:
        """Decisions and open suggestions, ascending, for formats that do not tell them apart."""
        return (span for item in self.sentences for span in exported_spans(item))

    @property
    def confirmed(self) -> bool:
        """Whether a person has confirmed every sentence, and nothing is open."""
        return all(item.status == "confirmed" and not item.suggestions for item in self.sentences)


def documents(items: Iterable[StreamItem], *, whole: bool = False) -> Iterator[WholeDocument]:
    """Yield the documents of a stream that have sentences, each when it is complete.

    Args:
        whole: keep sentences with metadata of their own in their document.
    """
    head: DocumentStart | None = None
    sentences: list[AnnotatedSentence] = []
    end = 0
    for item in items:
        alone = not whole and isinstance(item, AnnotatedSentence) and bool(item.metadata)
        if isinstance(item, DocumentStart) or alone:
            if head is not None and sentences:
                yield WholeDocument(head.name, head.origin, tuple(sentences), head.metadata)
            sentences, end = [], 0
        if isinstance(item, DocumentStart):
            head = item
        elif isinstance(item, AnnotatedSentence) and alone and head is not None:
            metadata = {**head.metadata, **item.metadata}
            yield WholeDocument(head.name, head.origin, (_alone(item),), metadata)
        elif isinstance(item, AnnotatedSentence):
            sentences.append(_moved(item, end - item.sentence.start))
            end += len(item.sentence.text)
    if head is not None and sentences:
        yield WholeDocument(head.name, head.origin, tuple(sentences), head.metadata)


def _alone(item: AnnotatedSentence) -> AnnotatedSentence:
    """Return a sentence as the text of a record: from offset 0, without the line end that parts it from the next."""
    moved = _moved(item, -item.sentence.start)
    sentence = moved.sentence
    text = sentence.text.removesuffix("\n")
    return replace(moved, sentence=Sentence(0, text, sentence.tokens, sentence.line))


def only_document(items: Iterable[StreamItem], what: str) -> Iterator[WholeDocument]:
    """Yield the one document of a stream, for formats of one document a file, or nothing where none has a text.

    Args:
        what: the format, for the message.

    Raises:
        FormatError: there is another one; raised when it is complete.
    """
    name = ""
    for document in documents(items):
        if name:
            reason = f"{what} is one document, and {name} is there already: -o FOLDER/ gives each a file"
            raise FormatError(document.name, 1, reason)
        name = document.name
        yield document


def _moved(item: AnnotatedSentence, by: int) -> AnnotatedSentence:
    """Return a sentence with all its offsets ``by`` further on."""
    if not by:
        return item
    sentence = item.sentence
    tokens = tuple(Token(token.start + by, token.end + by) for token in sentence.tokens)
    return replace(
        item,
        sentence=Sentence(sentence.start + by, sentence.text, tokens, sentence.line),
        spans=tuple(_moved_span(span, by) for span in item.spans),
        suggestions=tuple(_moved_suggestion(suggestion, by) for suggestion in item.suggestions),
        notes=tuple(Note(note.start + by, note.end + by, note.text) for note in item.notes),
    )


def _moved_span(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.label)


def _moved_suggestion(suggestion: Suggestion, by: int) -> Suggestion:
    alternatives = tuple(replace(each, start=each.start + by, end=each.end + by) for each in suggestion.alternatives)
    return replace(suggestion, span=_moved_span(suggestion.span, by), alternatives=alternatives)
