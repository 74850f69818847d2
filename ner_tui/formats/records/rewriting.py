"""The spans of a file of JSON records changed in place: of the file, nothing else changes.

A record whose spans are as they are to be is passed on as it stands, and so is every span of others that stays, with
whatever keys it has. A span that gets another label has that put in place; one that is gone is taken out of its list,
and a new one is put into it, in the manner of its format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, StreamItem, by_document
from ner_tui.errors import FormatError
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.json_values import RawValue, lines_where, raw_values
from ner_tui.formats.records.record_edits import RecordEdits
from ner_tui.formats.records.records import Record, as_record, is_pair, records
from ner_tui.formats.standoff.fitting import disjoint
from ner_tui.formats.standoff.offset_spans import (
    JsonPath,
    MarkedText,
    OffsetSpan,
    OffsetUnit,
    find_offset_unit,
    has_two_units,
    in_code_points,
    may_differ,
    utf16_offsets,
)
from ner_tui.formats.standoff.placing import kept_marks, require_placeable


@dataclass(frozen=True, slots=True)
class NewSpan:
    """A span that a record is to have."""

    record: Record
    start: int
    end: int
    """Offsets in the units of the source."""
    label: str
    text: str
    """What it covers."""
    suggestion: Suggestion | None
    """None: it is decided."""
    number: int
    """How many new spans of the record are before it."""


def _as_they_are(record: Record, made: list[object]) -> list[object]:
    return made


@dataclass(frozen=True, slots=True)
class SpanShape:
    """How a format has its spans in a record."""

    parse: Callable[[Record], MarkedText]
    """All that is read of a record."""
    text: Callable[[Record], str]
    """Its text alone."""
    marks: Callable[[Record], list[OffsetSpan]]
    """Its spans alone, each with where it is."""
    made: Callable[[NewSpan], object]
    """Returns the value of a new one."""
    home: Callable[[Record], JsonPath]
    """Returns which list new ones go into; it need not be there."""
    wrapped: Callable[[Record, list[object]], list[object]] = _as_they_are
    """Returns what is to go there for the values of new ones."""
    is_read: Callable[[Record], bool] = lambda _: True
    """Whether a record is a document."""
    others: Callable[[Record, Sequence[AnnotatedSentence]], Mapping[str, object]] = lambda record, sentences: {}
    """Returns what is to be under further keys of a record whose sentences are these."""
    keeps_suggestions: bool = False
    """Whether suggestions stay when they are answered, as decisions are written elsewhere."""


@dataclass(slots=True)
class _Document:
    """The document of a record as it is to be."""

    text: str
    spans: list[Span]
    suggestions: dict[Span, Suggestion]
    sentences: list[AnnotatedSentence]


def rewritten(source: Source, new: Iterable[StreamItem] | None, shape: SpanShape) -> Iterator[str]:
    """Yield the text of ``source`` with the spans of ``new``, piece by piece.

    Args:
        new: its documents, all of them and in its order: each start with its sentences. Their suggestions are those
            that the file is to have. None: all stay, and that they can be read is all that is looked at.

    Raises:
        FormatError: the documents are not those of the source, or a record is broken.
    """
    unit = _unit(source, shape)
    if new is None:
        yield from _checked(source, shape, unit)
        return
    documents = _documents(new)
    for each in raw_values(source):
        yield each.before
        if each.value is None:
            continue
        record = as_record(source.path, each.line, each.value)
        if not shape.is_read(record):
            yield each.raw
            continue
        document = next(documents, None)
        if document is None:
            raise _changed(record)
        yield _rewritten_record(each, record, document, shape, unit)
    if next(documents, None) is not None:
        raise FormatError(source.path, 1, "records are missing here: the file has changed")


def _checked(source: Source, shape: SpanShape, unit: OffsetUnit) -> Iterator[str]:
    for each in raw_values(source):
        if each.value is not None and shape.is_read(record := as_record(source.path, each.line, each.value)):
            require_placeable(source.path, in_code_points(source.path, shape.parse(record), unit))
        yield each.before + each.raw


def _unit(source: Source, shape: SpanShape) -> OffsetUnit:
    """Return in which units the offsets of a source are, as ``placing.read_marked`` finds it."""
    if not has_two_units(source):
        return OffsetUnit()
    some = records(lines_where(source, may_differ))
    return find_offset_unit(shape.parse(record) for record in some if shape.is_read(record))


def _documents(items: Iterable[StreamItem]) -> Iterator[_Document]:
    for _, rest in by_document(items):
        sentences = [item for item in rest if isinstance(item, AnnotatedSentence)]
        yield _Document(
            "".join(item.sentence.text for item in sentences),
            [span for item in sentences for span in item.spans],
            {each.span: each for item in sentences for each in item.suggestions},
            sentences,
        )


def _rewritten_record(each: RawValue, record: Record, document: _Document, shape: SpanShape, unit: OffsetUnit) -> str:
    marks = shape.marks(record)
    others = shape.others(record, document.sentences)
    if not unit.utf16 and not others and _are_as_they_are_to_be(marks, document, shape):
        return each.raw
    if shape.text(record) != document.text:
        raise _changed(record)
    if unit.utf16 or not _are_of_whole_words(marks, document):
        kept = kept_marks(record.path, in_code_points(record.path, shape.parse(record), unit))
    else:
        # Nothing is cut off from them: the words that the record has, if it does, need not be read once more.
        marked = in_code_points(record.path, MarkedText(record.line, document.text, marks), unit)
        kept = disjoint(marked.marks, document.text, [])
    edits = RecordEdits(each.raw, each.value, (1,) if is_pair(each.value) else ())
    for key, value in others.items():
        edits.put((key,), value)
    _Change(record, document, shape, utf16_offsets(document.text) if unit.utf16 else None).make(
        kept, _twins(marks, kept), edits
    )
    return edits.text()


def _twins(marks: Iterable[OffsetSpan], kept: Iterable[OffsetSpan]) -> dict[JsonPath, list[OffsetSpan]]:
    """Return the decided marks that say once more what one that is read says, by where the label of this one is."""
    alike: dict[tuple[int, int, str], list[OffsetSpan]] = {}
    for mark in marks:
        if mark.score is None:
            alike.setdefault(mark[:3], []).append(mark)
    read = {mark.label_at for mark in kept}
    groups = (group for group in alike.values() if len(group) > 1)
    return {
        mark.label_at: [twin for twin in group if twin.label_at not in read]
        for group in groups
        for mark in group
        if mark.label_at in read
    }


def _are_of_whole_words(marks: Iterable[OffsetSpan], document: _Document) -> bool:
    tokens = [token for item in document.sentences for token in item.sentence.tokens]
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    return all(mark.start < mark.end and mark.start in starts and mark.end in ends for mark in marks)


def _are_as_they_are_to_be(marks: Sequence[OffsetSpan], document: _Document, shape: SpanShape) -> bool:
    decided = {mark[:3] for mark in marks if mark.score is None}
    if len(decided) != len(document.spans) or decided != {(s.start, s.end, s.label) for s in document.spans}:
        return False
    if shape.keeps_suggestions:
        return True
    suggested = {Span(*mark[:3]) for mark in marks if mark.score is not None}
    return suggested == document.suggestions.keys()


def _changed(record: Record) -> FormatError:
    return record.error("another record stands here: the file has changed")


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of the spans of a record."""

    record: Record
    document: _Document
    shape: SpanShape
    units: Sequence[int] | None
    """The offset in the source's units of each code point; None: it is the same."""

    def make(
        self, marks: Sequence[OffsetSpan], twins: Mapping[JsonPath, Sequence[OffsetSpan]], edits: RecordEdits
    ) -> None:
        """Have the record's ``marks`` become the document's spans, and their ``twins`` go where they do not stay."""
        wanted: dict[Span, Suggestion | None] = dict.fromkeys(self.document.spans)
        if not self.shape.keeps_suggestions:
            wanted |= self.document.suggestions
        there = {Span(*mark[:3]) for mark in marks if self._stays(mark, wanted)}
        missing = {(span.start, span.end): span for span in wanted if span not in there}
        removed: dict[JsonPath, list[int]] = {}
        for mark in marks:
            if self._stays(mark, wanted) or (mark.score is not None and self.shape.keeps_suggestions):
                continue
            span = missing.get((mark.start, mark.end))
            if span is not None and mark.score is None and wanted[span] is None:
                del missing[span.start, span.end]
                edits.put(mark.label_at, span.label)
            else:
                self._take_out(mark, removed)
            for twin in twins.get(mark.label_at, ()):
                self._take_out(twin, removed)
        self._put(sorted(missing.values()), wanted, marks, removed, edits)

    def _take_out(self, mark: OffsetSpan, removed: dict[JsonPath, list[int]]) -> None:
        """Add a mark to those that are ``removed``; of a value with several labels only the one that is gone."""
        alone = mark.label_at[:-1] == mark.at or len(self._value(mark.label_at[:-1])) == 1
        path = mark.at if alone else mark.label_at
        removed.setdefault(path[:-1], []).append(int(path[-1]))

    def _stays(self, mark: OffsetSpan, wanted: Mapping[Span, Suggestion | None]) -> bool:
        span = Span(*mark[:3])
        return span in wanted and (wanted[span] is None) is (mark.score is None)

    def _put(
        self,
        spans: Sequence[Span],
        wanted: Mapping[Span, Suggestion | None],
        marks: Sequence[OffsetSpan],
        removed: Mapping[JsonPath, list[int]],
        edits: RecordEdits,
    ) -> None:
        """Take out what is ``removed``, by list, and put ``spans`` among what is there, by their offsets."""
        home = self.shape.home(self.record)
        for path, numbers in removed.items():
            if path != home or not spans:
                edits.change_list(path, numbers, [])
        if spans:
            starts = sorted((mark.start, int(mark.at[-1])) for mark in marks if mark.at[:-1] == home)
            made = [self._made(span, wanted[span], number) for number, span in enumerate(spans)]
            wrapped = self.shape.wrapped(self.record, made)
            if wrapped is made:
                places = [self._place(span.start, starts) for span in spans]
            else:
                places = [len(self._value(home))] * len(wrapped)
            edits.change_list(home, removed.get(home, []), sorted(zip(places, wrapped, strict=True), key=_first))

    def _made(self, span: Span, suggestion: Suggestion | None, number: int) -> object:
        start, end = (self.units[span.start], self.units[span.end]) if self.units else (span.start, span.end)
        text = self.document.text[span.start : span.end]
        return self.shape.made(NewSpan(self.record, start, end, span.label, text, suggestion, number))

    def _value(self, path: JsonPath) -> list[object]:
        """Return the list at ``path``, an empty one if there is none."""
        value: object = self.record.value
        for key in path:
            if isinstance(value, dict):
                value = value.get(str(key))
            elif isinstance(value, list) and isinstance(key, int) and key < len(value):
                value = value[key]
        return value if isinstance(value, list) else []

    @staticmethod
    def _place(start: int, starts: Sequence[tuple[int, int]]) -> int:
        """Return before which value of its list a span that begins at ``start`` goes."""
        at = bisect_right(starts, start, key=_first)
        return starts[at][1] if at < len(starts) else max((number for _, number in starts), default=-1) + 1


def _first(pair: tuple[int, object]) -> int:
    return pair[0]
