"""From a text with spans of other tools to sentences, tokens and spans, with a problem for each span that does not fit.

Ours begin and end with tokens, are in one sentence and disjoint; those of other tools, here called marks, need not be.
So a token that a mark cuts is cut, sentences that a mark joins are joined, a mark loses the white space at its edges,
and of marks that overlap the longest is kept, decisions before suggestions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.counting import counted
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source, is_large
from ner_tui.formats.files.source_part import SourcePart
from ner_tui.formats.standoff.fitting import Issue, Issues, disjoint, named_mark, trimmed
from ner_tui.formats.standoff.offset_spans import (
    MarkedText,
    OffsetRange,
    OffsetSpan,
    OffsetUnit,
    find_offset_unit,
    has_two_units,
    in_code_points,
    quoted,
)

_Item = TypeVar("_Item")


def read_marked(
    source: Source,
    inference: Inference,
    texts: Callable[[], Iterator[MarkedText]],
    *,
    differing: Callable[[Source], Iterator[MarkedText]] | None = None,
    beside: Source | None = None,
    in_code_points_only: bool = False,
) -> Iterator[StreamItem]:
    """Yield a document for each text.

    Args:
        source: where the marks are, for errors and problems.
        texts: yields the texts. Where offsets may be UTF-16 units all of them are looked at before the first is passed
            on: in a small file all are held, and a large one is read twice.
        differing: yields those of the texts of ``source`` alone in which the units may differ, to be read in place of
            all of them the first time; of a part of a file, also those of all of it, whose units are its own.
        beside: where the texts are, if not in ``source``.
        in_code_points_only: what is known of the format's offsets.

    Raises:
        FormatError: an offset is outside its text, or the text there is not what the source says.
        InputError: there is no text at all.
    """
    unit, held = OffsetUnit(), None
    if not in_code_points_only and has_two_units(beside or source):
        held = None if is_large(source) else _held(texts())
        unit = find_offset_unit(iter(held) if held is not None else differing(source) if differing else texts())
        is_open = not unit.settled and (held is None or any(map(_has_cuts_in_units, held)))
        if isinstance(source, SourcePart) and differing and is_open:
            unit = find_offset_unit(differing(source.whole))._replace(notice="")
    is_empty = True
    for documents, text in enumerate(texts() if held is None else held, 1):
        is_empty = is_empty and not text.text
        name = text.name or (source.path if documents == 1 else f"{source.path}#{documents}")
        yield DocumentStart(name, text.origin, text.line, text.metadata)
        if documents == 1 and unit.notice:
            yield Problem(source.path, unit.line, unit.notice)
        if inference.ignore_tags:
            text.marks, text.notes, text.problems, text.remarks = [], (), [], []
        yield from (Problem(source.path, line, reason, lost=True) for line, reason in text.problems)
        yield from (Problem(source.path, line, reason) for line, reason in text.remarks)
        yield from placed(source.path, in_code_points(source.path, text, unit))
    if is_empty and not isinstance(source, SourcePart):
        raise InputError(f"{source.path} holds no text: there is nothing to annotate in it")


def _has_cuts_in_units(text: MarkedText) -> bool:
    """Whether the words or sentences of a text are where its source's units say."""
    return not (text.cuts_are_code_points or (text.tokens is None and text.sentences is None))


def _held(texts: Iterator[MarkedText]) -> list[MarkedText] | None:
    """Return all texts; None where one is broken: its error is raised when reading reaches it."""
    try:
        return list(texts)
    except FormatError:
        return None


def require_placeable(path: str, text: MarkedText) -> None:
    """Refuse a text whose own tokens or sentences are none; how its marks are placed is not found out.

    Raises:
        FormatError: they overlap, or are outside the text.
    """
    if text.text and text.sentences is not None:
        _tokens_and_bounds(path, text)
    elif text.text and text.tokens is not None:
        _checked_tokens(path, text, text.tokens)


def kept_marks(path: str, text: MarkedText) -> list[OffsetSpan]:
    """Return the marks of a text that are read as spans, at the offsets that these have, ascending.

    Args:
        text: as ``in_code_points`` returns it.
    """
    content, marks = text.text, [mark for mark in text.marks if mark.start < mark.end]
    if text.tokens is None and all(content[m.start].isalnum() and content[m.end - 1].isalnum() for m in marks):
        # Letters and digits are in tokens: nothing is cut off.
        return disjoint(marks, content, [])
    tokens = _tokens(path, text)
    return _kept(text, tokens, [token.start for token in tokens], [])


def _kept(text: MarkedText, tokens: Sequence[Token], starts: Sequence[int], issues: Issues) -> list[OffsetSpan]:
    marks = [fitted for mark in text.marks if (fitted := trimmed(mark, text.text, tokens, starts, issues))]
    return disjoint(marks, text.text, issues)


def placed(path: str, text: MarkedText) -> Iterator[StreamItem]:
    """Yield the sentences of a text, problems before them.

    Args:
        path: where its marks are, for problems.
        text: as ``in_code_points`` returns it.
    """
    if not text.text:
        yield AnnotatedSentence(Sentence(0, "", (), text.line), status=text.status)
        return
    tokens, bounds = _tokens_and_bounds(path, text)
    issues = list[Issue]()
    starts = [token.start for token in tokens]
    kept = _kept(text, tokens, starts, issues)
    tokens = _cut_at_marks(tokens, starts, kept, text, issues)
    bounds = _without_inner(bounds, kept, text, issues)
    yield from _annotated_sentences(path, text, tokens, bounds, kept, issues)


def _tokens_and_bounds(path: str, text: MarkedText) -> tuple[list[Token], list[int]]:
    """Return the tokens, and where the sentences begin, the first one at 0."""
    from ner_tui.domain.segmentation.sentences import segment, split_sentences

    if text.sentences is not None:
        tokens = _tokens(path, text)
        return tokens, _checked_bounds(path, text, text.sentences, tokens)
    if text.tokens is not None:
        tokens = _tokens(path, text)
        return tokens, [0, *(tokens[first].start for first in split_sentences(text.text, tokens)[1:])]
    tokens, bounds = [], []
    for sentence in segment(text.text):
        bounds.append(sentence.start)
        tokens += sentence.tokens
    return tokens, bounds


def _tokens(path: str, text: MarkedText) -> list[Token]:
    from ner_tui.domain.segmentation.tokens import tokenize

    return tokenize(text.text) if text.tokens is None else _checked_tokens(path, text, text.tokens)


def _checked_tokens(path: str, text: MarkedText, tokens: list[Token]) -> list[Token]:
    """Return the tokens that are not white space, which is a token in spaCy."""
    end = 0
    for token in tokens:
        if not end <= token.start < token.end:
            raise FormatError(path, text.line, f"the token [{token.start}, {token.end}) does not follow offset {end}")
        end = token.end
    if end > len(text.text):
        raise FormatError(
            path, text.line, f"a token ends at {end}, in a text of {counted(len(text.text), 'character')}"
        )
    return [token for token in tokens if not text.text[token.start : token.end].isspace()]


def _checked_bounds(
    path: str, text: MarkedText, sentences: Sequence[OffsetRange], tokens: Sequence[Token]
) -> list[int]:
    end, starts = 0, [token.start for token in tokens]
    for sentence in sentences:
        if sentence.start != end or sentence.end <= end:
            place = f"the sentence [{sentence.start}, {sentence.end})"
            raise FormatError(path, text.line, f"{place} does not begin where the last one ended, at {end}")
        end = sentence.end
        first = bisect_left(starts, sentence.start)
        if tokens and (first == len(tokens) or starts[first] >= end):
            reason = f"no token begins in the sentence [{sentence.start}, {end})"
            raise FormatError(path, text.line, reason)
        last = bisect_left(starts, end) - 1
        if tokens and tokens[last].end > end:
            reason = f"the sentence [{sentence.start}, {end}) ends within a token"
            raise FormatError(path, text.line, reason)
    if end != len(text.text):
        raise FormatError(path, text.line, f"the sentences end at {end}, the text at {len(text.text)}")
    return [sentence.start for sentence in sentences]


def _cut_at_marks(
    tokens: list[Token], starts: Sequence[int], marks: Iterable[OffsetSpan], text: MarkedText, issues: Issues
) -> list[Token]:
    """Return the tokens, cut where a mark begins or ends in one."""
    cuts: dict[int, list[int]] = {}
    for mark in marks:
        for edge in (mark.start, mark.end):
            at = bisect_right(starts, edge) - 1
            if at >= 0 and tokens[at].start < edge < tokens[at].end:
                cuts.setdefault(at, []).append(edge)
                word = quoted(text.text[tokens[at].start : tokens[at].end])
                if text.tokens is not None:
                    reason = f"{named_mark(mark, text.text)} cuts the token {word}, which is read as several"
                elif text.text[edge - 1 : edge + 1].isalnum():
                    reason = f"{named_mark(mark, text.text)} begins or ends within the word {word}"
                else:
                    continue
                if not issues or issues[-1].reason != reason:
                    issues.append(Issue(mark.start, mark.line, reason))
    if not cuts:
        return tokens
    pieces: list[Token] = []
    for at, token in enumerate(tokens):
        edges = [token.start, *sorted({*cuts.get(at, ())}), token.end]
        pieces += [Token(start, end) for start, end in pairwise(edges)]
    return pieces


def _without_inner(bounds: list[int], marks: Iterable[OffsetSpan], text: MarkedText, issues: Issues) -> list[int]:
    """Return the offsets where sentences begin without those within a mark."""
    dropped: set[int] = set()
    for mark in marks:
        within = bounds[bisect_right(bounds, mark.start) : bisect_left(bounds, mark.end)]
        if within and text.sentences is not None:
            issues.append(Issue(mark.start, mark.line, f"{named_mark(mark, text.text)} joins two sentences"))
        dropped.update(within)
    return [bound for bound in bounds if bound not in dropped] if dropped else bounds


def _annotated_sentences(
    path: str, text: MarkedText, tokens: list[Token], bounds: list[int], marks: list[OffsetSpan], issues: Issues
) -> Iterator[StreamItem]:
    spans = [Span(mark.start, mark.end, mark.label) for mark in marks if mark.score is None]
    suggestions = [
        Suggestion(Span(mark.start, mark.end, mark.label), mark.score, mark.margin, mark.alternatives, model=mark.model)
        for mark in marks
        if mark.score is not None
    ]
    # A note at the very end of the text is one on its last character: behind that no sentence begins.
    last = max(len(text.text) - 1, 0)
    notes = sorted(
        (replace(note, start=min(note.start, last)) for note in text.notes), key=lambda note: (note.start, note.end)
    )
    given = {sentence.start: sentence for sentence in text.sentences or ()}
    issues.sort(key=lambda problem: problem.offset)
    t = s = g = n = p = counted = 0
    line = text.line
    for start, end in zip(bounds, [*bounds[1:], len(text.text)], strict=True):
        # A problem at the very end of the text belongs to its last sentence.
        reach = end if end < len(text.text) else end + 1
        p, here = _before(issues, p, reach, lambda problem: problem.offset)
        yield from (Problem(path, problem.line, problem.reason, problem.lost) for problem in here)
        t, words = _before(tokens, t, end, lambda token: token.start)
        s, decided = _before(spans, s, end, lambda span: span.start)
        g, suggested = _before(suggestions, g, end, lambda suggestion: suggestion.span.start)
        n, noted = _before(notes, n, end, lambda note: note.start)
        state = given.get(start) or OffsetRange(start, end, text.status)
        if text.has_lines and words:
            line, counted = line + text.text.count("\n", counted, words[0].start), words[0].start
        sentence = Sentence(start, text.text[start:end], tuple(words), line)
        yield AnnotatedSentence(
            sentence, tuple(decided), tuple(suggested), state.status, state.flagged, tuple(noted), state.metadata
        )  # fmt: skip


def _before(items: Sequence[_Item], first: int, end: int, start: Callable[[_Item], int]) -> tuple[int, Sequence[_Item]]:
    """Return the number behind the last item that begins before ``end``, and the items from ``first`` up to it."""
    if first == len(items):
        return first, ()
    last = bisect_left(items, end, first, key=start)
    return last, items[first:last]
