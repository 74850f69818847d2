"""The annotator of ``keystrokes``: who knows gold, and presses what the screen offers for it."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot

from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.widgets.jump_codes import assign, first_key, words_with_key
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.formats import open_source, read
from ner_tui.session import Place, Session
from ner_tui.session.drawn_spans import DrawnSpan
from ner_tui.session.open_document import OpenDocument

READINGS = ["t"], ["z", "2"], ["z", "3"]
"""The keys that take the readings of a place but for the first, the likeliest first."""
REPEATS = 8
"""How often a moving key is pressed in a row at the most."""


@dataclass
class Gold:
    """A gold file's spans by document and sentence."""

    documents: list[list[tuple[int, int, tuple[Span, ...]]]] = field(default_factory=list)
    """For each document its sentences: (start, end, spans)."""

    @classmethod
    def read(cls, path: Path) -> Gold:
        gold = cls()
        for item in read(open_source(str(path))):
            if isinstance(item, DocumentStart):
                gold.documents.append([])
            elif isinstance(item, AnnotatedSentence):
                gold.documents[-1].append((item.sentence.start, item.sentence.end, item.spans))
        return gold


def canonical(source: Path, out: Path, sentences: int | None) -> None:
    """Write a gold file as two columns with a space between, ``-DOCSTART-`` between documents."""
    lines: list[str] = []
    done = 0
    for block in source.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line]
        if not rows:
            continue
        if rows[0][0] == "-DOCSTART-":
            if lines:
                lines += ["-DOCSTART- O", ""]
            continue
        lines += [f"{row[0].replace(' ', '_')} {row[-1]}" for row in rows]
        lines.append("")
        done += 1
        if done == sentences:
            break
    if lines[-2:] == ["-DOCSTART- O", ""]:
        lines = lines[:-2]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


class Annotator:
    """Presses keys until the open project says what gold says."""

    def __init__(self, pilot: Pilot[None], session: Session, gold: Gold) -> None:
        self.pilot = pilot
        self.session = session
        self.gold = gold
        self.presses: Counter[str] = Counter()
        self.first_document = session.rows()[0].id
        screen = pilot.app.screen
        assert isinstance(screen, ReviewScreen)
        self.screen = screen

    async def press(self, *keys: str) -> None:
        self.presses.update(keys)
        await self.pilot.press(*keys)

    async def mend(self, difference: Callable[[], list[str] | None]) -> None:
        """Press what mends the differences, one after the other."""
        last: tuple[object, list[str]] | None = None
        while (keys := difference()) is not None:
            place = (self.session.document.id, self.screen.view.cursor)
            if (place, keys) == last:
                said = self.screen.notice.text.strip()
                raise RuntimeError(f"{keys} at {self.session.document.text[place[1] :][:60]!r} did nothing: {said}")
            last = (place, keys)
            await self.press(*keys)

    async def work(self) -> None:
        """Correct and confirm until nothing is left.

        Labels are put within the text, so that more of it is in sight, and faint suggestions are shown: more is there
        to be taken.
        """
        if self.screen.view.roomy:
            await self.press("z", "k")
        await self.press("z", "f")
        whole = self.session.row()
        while self.session.row().confirmed < whole.sentences:
            before = self.session.row().confirmed
            await self.mend(self.first_difference)
            await self.sweep("space")
            if self.session.row().confirmed == before:
                # A sentence longer than the screen.
                await self.correct_sentence()
                await self.sweep("c")

    async def sweep(self, key: str) -> None:
        """Confirm what is right by now, and answer what was left alone: each answer goes on to the next."""
        await self.press(key)
        while self.screen.sweep is not None:
            drawn = self.session.document.span_at(self.screen.view.cursor)
            assert drawn is not None, "a sweep stops at what is no suggestion"
            await self.press("a" if drawn.span in self.spans() else "x")

    def spans(self) -> set[Span]:
        """Return the gold spans of the open document."""
        return {
            span for *_, spans in self.gold.documents[self.session.document.id - self.first_document] for span in spans
        }

    async def correct_sentence(self) -> None:
        sentence = self.session.document.sentence_at(self.screen.view.cursor)
        await self.mend(lambda: self.difference_in(sentence.start, sentence.end))

    def first_difference(self) -> list[str] | None:
        """Return the keys that mend the first difference among the sentences in sight whole, or None."""
        start, end = self.screen.view.visible_range()
        return self.difference_in(start, end)

    def difference_in(self, start: int, end: int) -> list[str] | None:
        document = self.session.document
        for low, high, spans in self.gold.documents[document.id - self.first_document]:
            if low < start or (document.text[low:high].rstrip() and low + len(document.text[low:high].rstrip()) > end):
                continue
            marks = document.spans(low, high)
            shown = [m for m in marks if m.kind in ("decided", "suggested")]
            right = {m.span for m in shown}
            for span in spans:
                if span not in right:
                    return self.make(span, [m for m in marks if m.span not in spans])
            for mark in shown:
                if mark.doubtful and not self.session.accepts_doubtful:
                    # The cursor will come by.
                    continue
                if mark.span not in spans:
                    return [*self.reach(mark.span.start, mark.span.end), "x"]
        return None

    def make(self, span: Span, marks: Sequence[DrawnSpan]) -> list[str]:
        """Return the cheapest keys that make ``span`` decided, from a mark that overlaps it or from nothing."""
        label = str(1 + self.session.labels.names.index(span.label))
        tokens = self.tokens(span.start, span.end)
        plans = [self.reach(span.start, span.end, plan) for plan in self.from_nothing(label, tokens)]
        blocked = [m for m in marks if m.span.overlaps(span.start, span.end)]
        if blocked:
            # A digit on a marked word relabels the mark, so a new span can begin on its unmarked words only.
            plans = []
        for mark in blocked:
            plans.append(self.reach(mark.span.start, mark.span.end, self.reshape(mark, span, label)))
            suggestion = self.session.document.suggestion_at(mark.span.start)
            for keys, reading in zip(READINGS, suggestion.alternatives if suggestion else (), strict=False):
                if (reading.start, reading.end, reading.label) == (span.start, span.end, span.label):
                    plans.append(self.reach(mark.span.start, mark.span.end, keys))
        return min(plans, key=len)

    def from_nothing(self, label: str, tokens: range) -> Iterator[list[str]]:
        yield [label, *(["e"] * (len(tokens) - 1))]

    def reshape(self, mark: DrawnSpan, span: Span, label: str) -> list[str]:
        """Return the keys that turn ``mark`` into ``span`` with the cursor inside it."""
        have, want = self.tokens(mark.span.start, mark.span.end), self.tokens(span.start, span.end)
        keys = [label] if mark.span.label != span.label else []
        grow_left, grow_right = have.start - want.start, want.stop - have.stop
        keys += ["E"] * max(grow_left, 0) + ["e"] * max(grow_right, 0)
        keys += ["S"] * max(-grow_left, 0) + ["s"] * max(-grow_right, 0)
        return keys or ["a"]

    def tokens(self, start: int, end: int) -> range:
        index = self.session.document.tokens
        return range(index.at(start), index.at(end - 1) + 1)

    def reach(self, start: int, end: int, then: Sequence[str] = ()) -> list[str]:
        """Return the cheapest keys that put the cursor on ``[start, end)``, and ``then`` after them.

        A new span grows from its first word, so that is where the cursor has to be if ``then`` begins with a digit and
        goes on to extend.
        """
        targets = self.tokens(start, end)
        if then and then[0].isdigit() and "e" in then and self.session.document.span_at(start) is None:
            targets = range(targets.start, targets.start + 1)
        ways = list(self.ways(targets))
        return [*min(ways, key=len), *then]

    def ways(self, targets: range) -> Iterator[list[str]]:
        view, document = self.screen.view, self.session.document
        here = view.moves.number
        yield _walk(here, targets)
        for key, step in (("w", 1), ("b", -1)):
            offset: int | None = view.cursor
            for presses in range(1, REPEATS):
                offset = self.session.next_places.span(offset, step) if offset is not None else None
                if offset is None:
                    break
                yield [key] * presses + _walk(document.tokens.at(offset), targets)
        for key, step in (("n", 1), ("p", -1)):
            place: Place | None = Place(document.id, view.cursor)
            for presses in range(1, REPEATS):
                place = self.session.next_places.doubtful(place.offset, step) if place is not None else None
                if place is None or place.document != document.id:
                    break
                yield [key] * presses + _walk(document.tokens.at(place.offset), targets)
        for key, step in (("j", 1), ("k", -1)):
            moves = copy.copy(view.moves)
            for presses in range(1, REPEATS):
                moves.by_row(step)
                yield [key] * presses + _walk(moves.number, targets)
                edge = copy.copy(moves)
                edge.to_edge(-1)
                yield [key] * presses + ["z", "a"] + _walk(edge.number, targets)
        for number in range(max(targets.start - 2, 0), targets.stop):
            token = document.tokens[number]
            word = document.words(token.start, token.end)
            key = first_key(word)
            for capital in {False, word[0].isupper() and len(key) == 1}:
                found = words_with_key(document, key, *view.visible_range(), capital=capital)
                words = [word for word in found if word != view.cursor]
                if token.start in words:
                    codes = {offset: code for code, offset in assign(words, view.cursor).items()}
                    code = codes.get(token.start, "") if len(words) > 1 else ""
                    yield ["r", key.upper() if capital else key, *code, *_walk(number, targets)]


def _walk(here: int, targets: range) -> list[str]:
    """Return the keys from a token to the nearest of ``targets``."""
    if here in targets:
        return []
    if here < targets.start:
        return ["l"] * (targets.start - here)
    return ["h"] * (here - targets.stop + 1)


def tokens_of(document: OpenDocument, span: Span) -> range:
    """Return the numbers of a span's tokens."""
    return range(document.tokens.at(span.start), document.tokens.at(span.end - 1) + 1)
