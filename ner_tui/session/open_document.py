"""The document that is open: its text, and what is marked on any stretch of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import NamedTuple

from ner_tui.domain.annotation.edits import Note, SentenceState
from ner_tui.domain.annotation.suggestions import DOUBTS, Suggestion, SuggestionState
from ner_tui.domain.document import Origin, Sentence
from ner_tui.session.blind_mode import BlindMode
from ner_tui.session.drawn_spans import DRAWN, HIDDEN, ORDER, DrawnSpan, SentenceCounts
from ner_tui.session.fact_cache import FactCache
from ner_tui.session.faint_mode import FaintMode
from ner_tui.session.token_index import TokenIndex
from ner_tui.store.items import RangeItems
from ner_tui.store.project import Project

WHOLE = 200_000
"""Characters of the longest document of which all is kept in memory."""
HALF = 60_000
"""Characters on either side of the reader that are, of a longer one, a sentence at the least."""
COUNTED = 1_000_000
"""Characters of which the sentences are counted at the most to tell the number of one."""
MARGIN = 20_000
"""Characters from the reader to where the text in memory ends, at the least: more than a key moves by."""


class _Drawn(NamedTuple):
    """What is known of a range of the document."""

    spans: list[DrawnSpan]
    items: RangeItems
    problems: list[tuple[int, int, str]]


class OpenDocument:
    """A document in front of a person. Its text never changes; what is marked on it is read from the project.

    Of a long document a stretch around the reader is in memory, whole sentences, and moves along with ``show``.
    """

    def __init__(
        self, project: Project, document: int, blind_mode: BlindMode, faint_mode: FaintMode, facts: FactCache
    ) -> None:
        """Open a document.

        Args:
            project: that it belongs to.
            document: its id.
            blind_mode: whether suggestions are hidden.
            faint_mode: whether suggestions below the threshold are shown.
            facts: holds what was read of the project.
        """
        head = project.content.document(document)
        self._project = project
        self._blind_mode = blind_mode
        self._faint_mode = faint_mode
        self._facts = facts
        self._near: tuple[int, int] = (0, 0)
        """What is read in one go where a part of it is asked for."""
        self.id = document
        self.name: str = head.name
        self.origin: Origin = head.origin
        self.revision: int = head.revision
        self.cursor: int = head.cursor
        """Offset where the person stood when the document was last left."""
        self._numbered: tuple[int, int] = (0, 0)
        """The start of a sentence, and how many sentences stand before it."""
        self.length = project.content.length(document)
        """Characters of its text; grows while its file is read."""
        self._load(self.cursor)

    def _load(self, offset: int) -> None:
        """Take the text around ``offset`` into memory."""
        low, high = (0, self.length) if self.length <= WHOLE else (offset - HALF, offset + HALF)
        self.stretch = self._project.content.stretch(self.id, low, high)
        """The text in memory, and where it stands."""
        self.tokens = TokenIndex(self.stretch.edges)
        """The tokens in memory."""

    def show(self, offset: int) -> bool:
        """Have the text around ``offset`` in memory; whether that is another stretch of it now than before."""
        if self.holds(offset):
            return False
        start, end = self.stretch.start, self.stretch.end
        self._load(offset)
        return (self.stretch.start, self.stretch.end) != (start, end)

    def holds(self, offset: int) -> bool:
        """Whether the text around ``offset`` is in memory."""
        start, end = self.stretch.start, self.stretch.end
        return (start <= offset - MARGIN or not start) and (offset + MARGIN <= end or end >= self.length)

    def grow(self) -> None:
        """Take note of what was added to the end of the document."""
        self.length = self._project.content.length(self.id)

    @property
    def text(self) -> str:
        """The whole text; it takes the memory it takes."""
        return self.words(0, self.length)

    def words(self, start: int, end: int) -> str:
        """Return the text of ``[start, end)``."""
        held = self.stretch
        if held.start <= start and end <= held.end:
            return held.text[start - held.start : max(end, start) - held.start]
        read = self._project.content.stretch(self.id, start, end)
        return read.text[max(start - read.start, 0) : max(end - read.start, 0)]

    def line(self, offset: int) -> int:
        """Return the line of the source, counted from 1, where ``offset`` is; of tokens, that of their sentence."""
        held = self.stretch
        if not held.start <= offset < max(held.end, 1):
            held = self._project.content.stretch(self.id, offset, offset + 1)
        if not held.starts:
            return 1
        at = max(0, bisect_right(held.starts, offset) - 1)
        if self.origin == "tokens":
            return held.lines[at]
        # The line that is stored is that of the first word, and blank lines may stand before it.
        start = held.starts[at] - held.start
        first = start + len(held.text[start : start + MARGIN]) - len(held.text[start : start + MARGIN].lstrip())
        return held.lines[at] + held.text.count("\n", first, offset - held.start)

    def look_at(self, start: int, end: int) -> None:
        """Read what is known of ``[start, end)`` in one go when a part of it is asked for next."""
        self._near = (start, end)

    def covers(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` is read in one go, perhaps with more around it."""
        return self._near[0] <= start and end <= self._near[1]

    def _known(self, start: int, end: int) -> _Drawn:
        """Return what is known of ``[start, end)``, perhaps with what is known around it."""
        low, high = self._near
        if start < low or high < end:
            low, high = start, end
        return self._facts.get((self.id, low, high), self._read, low, high)

    def _read(self, start: int, end: int) -> _Drawn:
        known = self._project.items.known(self.id, start, end)
        spans = [DrawnSpan(decision.span, "decided") for decision in known.decisions]
        for suggestion, state in known.suggestions:
            if state in DRAWN:
                spans.append(DrawnSpan(suggestion.span, DRAWN[state], suggestion.score, state in DOUBTS))
            elif state is SuggestionState.SETTLED:
                spans.append(DrawnSpan(suggestion.span, "settled", suggestion.score))
        return _Drawn(
            sorted(spans, key=lambda drawn: (drawn.span.start, ORDER.index(drawn.kind))),
            known,
            self._project.doubts.problems(self.id, start, end),
        )

    def _hidden(self, offset: int) -> bool:
        """Whether blind mode hides what a model says of the sentence at ``offset``."""
        if not (self._blind_mode.is_on or self._blind_mode.place):
            return False
        state = self.sentence_state(offset)
        return self._blind_mode.reaches(self.id, state.start) and state.status == "untouched"

    def spans(self, start: int, end: int) -> list[DrawnSpan]:
        """Return what is drawn on ``[start, end)``, ascending; a conflict follows the decision it is about."""
        hidden = HIDDEN[self._blind_mode.is_on, self._faint_mode.is_on]
        found = [
            drawn
            for drawn in self._known(start, end).spans
            if drawn.span.start < end and start < drawn.span.end and drawn.kind not in hidden
        ]
        return [*filter(None, map(self._seen, found))] if self._blind_mode.is_on or self._blind_mode.place else found

    def _seen(self, drawn: DrawnSpan) -> DrawnSpan | None:
        """Return a span as it is drawn in blind mode, None if it is not."""
        if drawn.kind == "decided":
            return drawn
        status = self.sentence_state(drawn.span.start).status
        if drawn.kind == "settled":
            # What was decided unseen is compared with what the model said.
            return replace(drawn, kind="conflict") if status == "in progress" else None
        return None if self._hidden(drawn.span.start) else drawn

    def span_at(self, offset: int) -> DrawnSpan | None:
        """Return what is drawn at ``offset``: the decision, or else the suggestion."""
        found = self.spans(offset, offset + 1)
        for drawn in found:
            if drawn.kind != "conflict":
                return drawn
        return found[0] if found else None

    def suggestion_at(self, offset: int) -> Suggestion | None:
        """Return the suggestion to answer at ``offset``, with its alternatives."""
        return (
            None
            if self._hidden(offset)
            else self._facts.get((self.id, "at", offset, self._faint_mode.is_on), self._read_suggestion, offset)
        )

    def _read_suggestion(self, offset: int) -> Suggestion | None:
        for suggestion, state in self._known(offset, offset + 1).items.suggestions:
            faint = state is SuggestionState.BELOW_THRESHOLD
            if faint and not self._faint_mode.is_on:
                continue
            if state in DRAWN and suggestion.span.start <= offset < suggestion.span.end:
                return self._project.label_list.with_listed_readings(suggestion, self._facts.merged_labels)
        return None

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that owns the character at ``offset``."""
        return self._project.content.sentence_at(self.id, offset) or Sentence(0, "", ())

    def sentence_range(self, offset: int) -> tuple[int, int]:
        """Return ``[start, end)`` of the sentence that owns the character at ``offset``."""
        held = self.stretch
        after = bisect_right(held.starts, offset)
        if held.start <= offset < held.end and after < len(held.starts):
            return held.starts[after - 1], held.starts[after]
        return self._project.items.sentence_range(self.id, offset)

    def sentence_start(self, offset: int) -> int:
        """Return where the sentence that owns the character at ``offset`` starts."""
        held = self.stretch
        if held.start <= offset < held.end:
            return held.starts[bisect_right(held.starts, offset) - 1]
        return self._project.items.sentence_range(self.id, offset)[0]

    def sentence_number(self, offset: int) -> int | None:
        """Return which sentence, counted from 1, owns the character at ``offset``; None where counting takes long."""
        held = self.stretch
        (known, before), count = self._numbered, self._project.content.count_sentences
        if not held.start <= offset < held.end or abs(held.start - known) > COUNTED:
            return None
        if held.start != known:
            low, high = sorted((known, held.start))
            number = count(self.id, low, high)
            before += number if held.start > known else -number
            self._numbered = held.start, before
        return before + bisect_right(held.starts, offset)

    def sentence_starts(self, start: int, end: int) -> list[int]:
        """Return the offsets in ``[start, end)`` where a sentence starts."""
        held = self.stretch
        if not (held.start <= start and (end <= held.end or held.end >= self.length)):
            held = self._project.content.stretch(self.id, start, end)
        low, high = bisect_left(held.starts, start), bisect_left(held.starts, end)
        return held.starts[low:high]

    def sentence_state(self, offset: int) -> SentenceState:
        """Return how far a person has got with the sentence at ``offset``."""
        start = self.sentence_start(offset)
        for state in self._known(start, start + 1).items.states:
            if state.start == start:
                return state
        return SentenceState(start, "untouched")

    def reload_structure(self) -> None:
        """Read tokens and sentence boundaries again after an edit moved one; the text in memory stays the same."""
        self.revision = self._project.content.document(self.id).revision
        self._numbered = 0, 0
        read = self._project.content.stretch(self.id, self.stretch.start, self.stretch.end)
        # An edit of one sentence may have made it reach beyond what is in memory.
        same = (read.start, read.end) == (self.stretch.start, self.stretch.end)
        self.stretch = read._replace(text=self.stretch.text) if same else read
        self.tokens = TokenIndex(self.stretch.edges)

    def counts(self, start: int, end: int) -> SentenceCounts:
        """Return how much is decided and suggested in a sentence, ``[start, end)``; nothing where that is not read."""
        if not self.covers(start, end):
            return SentenceCounts(0, 0, 0)
        return self._facts.get((self.id, "counts", start, self._blind_mode.place), self._count, start, end)

    def _count(self, start: int, end: int) -> SentenceCounts:
        decided = suggested = doubtful = 0
        for drawn in self.spans(start, end):
            decided += drawn.kind == "decided"
            suggested += drawn.kind == "suggested"
            doubtful += drawn.kind == "conflict" or (drawn.kind == "suggested" and drawn.doubtful)
        return SentenceCounts(decided, suggested, doubtful)

    def notes(self, start: int, end: int) -> list[Note]:
        """Return the notes on what begins in ``[start, end)``, ascending."""
        return [note for note in self._known(start, end).items.notes if start <= note.start < end]

    def problems(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Return (start, end, what) for what was wrong in the source in ``[start, end)`` and nobody has answered."""
        return [problem for problem in self._known(start, end).problems if start <= problem[0] < end]

    def remarks(self, start: int, end: int) -> tuple[bool, bool]:
        """Whether a note, and whether a problem that nobody has answered, begins in ``[start, end)``."""
        known = self._known(start, end)
        if not known.items.notes and not known.problems:
            return False, False
        return bool(self.notes(start, end)), bool(self.problems(start, end))


def last_open(project: Project) -> int:
    """Return the id of the document that the person was in last, or else of the first."""
    kept, there = project.setting("document"), project.content.document_ids()
    return int(kept) if kept and int(kept) in there else there[0]
