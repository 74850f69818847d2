"""Where the cursor goes, by token, row and edge, and what is selected. Pure state over a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.layout import TextLayout

if TYPE_CHECKING:
    from ner_tui.session import OpenDocument, TokenIndex

Range = tuple[int, int]


class Moves:
    """The cursor, which is a token by number, and the selection, which runs from an anchor token to it."""

    def __init__(self, document: OpenDocument, layout: TextLayout) -> None:
        self.use(document, layout)
        self.number = 0
        """The token under the cursor."""
        self._elsewhere: Range | None = None
        """The token under the cursor where it is not in memory."""
        self._anchor: int | None = None
        self._column: int | None = None

    def use(self, document: OpenDocument, layout: TextLayout) -> None:
        """Move over another layout, or another document, from now on."""
        self._document = document
        self._layout = layout
        self._column = None

    def renumber(self, token: Range | None, anchor: int | None) -> None:
        """Stay on ``token``, the selection running from the one at ``anchor``: they have other numbers now.

        A token that is not in memory any more is still where the cursor is, until it moves.
        """
        if token is None:
            return
        held = self._document.stretch
        self.number = self._tokens.at(token[0])
        self._elsewhere = None if held.start <= token[0] < held.end else token
        self._anchor = None if anchor is None else self._tokens.at(anchor)

    @property
    def _tokens(self) -> TokenIndex:
        # The document's own, asked for each time: splitting a token gives it another index.
        return self._document.tokens

    @property
    def token(self) -> Range | None:
        """The token under the cursor as ``[start, end)``; None if there are no tokens."""
        if self._elsewhere is not None:
            return self._elsewhere
        tokens, number = self._document.tokens, self.number
        return (tokens.starts[number], tokens.ends[number]) if tokens.starts else None

    @property
    def offset(self) -> int:
        """Where the token under the cursor starts; 0 if there is none."""
        return token[0] if (token := self.token) is not None else 0

    @property
    def anchor(self) -> int | None:
        """Where the token starts that the selection runs from; None if nothing is selected."""
        return None if self._anchor is None or not len(self._tokens) else self._tokens[self._anchor].start

    @property
    def selection(self) -> Range | None:
        """The selected stretch of whole tokens, or None."""
        if self._anchor is None or not len(self._tokens):
            return None
        first, last = sorted((self._anchor, self.number))
        return self._tokens[first].start, self._tokens[last].end

    @property
    def selected(self) -> int:
        """How many tokens are selected."""
        return 0 if self._anchor is None else abs(self._anchor - self.number) + 1

    def stand_on(self, offset: int) -> None:
        """Go to the token at ``offset``, or the one before; nothing is selected then."""
        self._anchor = None
        self._go(self._tokens.at(offset))

    def move_to(self, offset: int) -> None:
        """Go to the token at ``offset``, or the one before; a selection goes along."""
        self._go(self._tokens.at(offset))

    def by_token(self, step: int) -> None:
        """Go ``step`` tokens on."""
        self._go(self.number + step)

    def extend(self, step: int) -> None:
        """Go ``step`` tokens on and select what lies between."""
        if self._anchor is None:
            self._anchor = self.number
        self._go(self.number + step)

    def by_row(self, step: int) -> None:
        """Go ``step`` rows on, to the nearest token below or above where the cursor stood."""
        if not len(self._tokens):
            return
        here, column = self._layout.locate(self.offset)
        column = column if self._column is None else self._column
        target = min(max(here + step, 0), len(self._layout) - 1)
        start, end = self._layout.bounds(target)
        number = self._tokens.at(self._layout.offset(target, column))
        if not start <= self._tokens[number].start < end:
            number = self._in_next_row(start, end, step)
            target = self._layout.row_of(self._tokens[number].start)
            near = self._tokens.at(self._layout.offset(target, column))
            number = near if self._layout.row_of(self._tokens[near].start) == target else number
        self._go(number)
        self._column = column

    def to_edge(self, step: int) -> None:
        """Go to the first (-1) or last (1) token of the row."""
        start, end = self._layout.bounds(self._layout.row_of(self.offset))
        last = self._tokens.at(max(start, end - 1))
        self._go(last if step > 0 else min(self._first_in(start), last))

    def by_sentence(self, step: int) -> None:
        """Go to the last (1) or first (-1) token of the sentence; from there to that of the next or previous one."""
        document, here = self._document, self.number
        if not len(self._tokens):
            return
        start, end = document.sentence_range(self.offset)
        self._go(self._tokens.at(end - 1) if step > 0 else self._first_in(start))
        if self.number == here and (start if step < 0 else document.length - end) > 0:
            start, end = document.sentence_range(end if step > 0 else start - 1)
            self._go(self._tokens.at(end - 1) if step > 0 else self._first_in(start))

    def by_word(self, step: int) -> None:
        """Go to the last (1) or first (-1) token between white space; from there on to the next word's."""
        tokens, number = self._tokens, self.number
        beyond = len(tokens) if step > 0 else -1
        while (number := number + step) != beyond:
            left, right = sorted((number, number + step))
            if right == len(tokens) or left < 0 or tokens.ends[left] < tokens.starts[right]:
                break
        self._go(number)

    def to_end(self, step: int) -> None:
        """Go to the first (-1) or last (1) token of the document."""
        self._go(len(self._tokens) if step > 0 else 0)

    def select(self, stretch: Range | None) -> None:
        """Select the tokens of ``stretch``, the cursor on the last one; or nothing, the cursor staying."""
        self._anchor = None
        if stretch is not None:
            self._anchor = self._tokens.at(stretch[0])
            self._go(self._tokens.at(stretch[1] - 1))

    def select_tokens(self, anchor: int, number: int) -> None:
        """Select from token ``anchor`` to token ``number``, where the cursor goes."""
        self._anchor = anchor
        self._go(number)

    def _first_in(self, start: int) -> int:
        """Return the first token that starts at or after ``start``."""
        number = self._tokens.first_from(start)
        if number < len(self._tokens) and self._tokens[number].start < start:
            number += 1
        return number

    def _in_next_row(self, start: int, end: int, step: int) -> int:
        """Return the nearest token beyond an empty row, or the last one on that side."""
        if step > 0:
            return min(self._first_in(end), len(self._tokens) - 1)
        return self._tokens.at(max(0, start - 1))

    def _go(self, number: int) -> None:
        self.number = min(max(number, 0), max(0, len(self._tokens.starts) - 1))
        self._elsewhere = None
        self._column = None
