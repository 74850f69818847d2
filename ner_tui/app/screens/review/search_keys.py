"""The keys of the search: a query while it is typed, its hits, a list of them all, and fixing all of a span's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from ner_tui.app.hit_order import HitOrder
from ner_tui.app.screens.review.base import ReviewBase, ScreenPart
from ner_tui.app.sliced_stream import SlicedStream
from ner_tui.app.widgets.find_bar import FindBar
from ner_tui.domain.annotation.query import Query, parse
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from ner_tui.app.screens.fix_all import Fixed
    from ner_tui.app.screens.found_places import LabelHits
    from ner_tui.session import Place
    from ner_tui.session.search import Hit


class SearchKeys(ReviewBase):
    """The actions of the finding keys."""

    _query = Query()
    _typed = ""
    """The query as it was typed, to be offered again."""
    _bar: FindBar | None = None
    _from: tuple[int, int] = (0, 0)
    """Document and offset where the search began."""
    _search: SlicedStream[Hit] | None = None
    _hits: HitOrder | None = None
    """The order of the hits, while they are gone through."""

    async def action_find(self) -> None:
        """Ask what to look for; it returns when what is typed next goes there, and not into the text."""
        if self._bar is None:
            self._from = (self.session.document.id, self.view.cursor)
            self._bar = FindBar(self._typed)
            self.add_class("-finding")
            await self.mount(self._bar)
            self.set_focus(self._bar.line)

    async def action_find_next(self, step: int) -> None:
        """Go to the next or previous hit, in whatever document; past the last one begins again."""
        if self._query.empty:
            await self.action_find()
        else:
            self._next_hit(step)

    def _next_hit(self, step: int) -> None:
        if self._hits is None or self._query.pattern is None:
            # What is marked has changed since, and with it what is found.
            self._go_through_hits()
        here = (self.session.document.id, self.view.cursor)

        def ended(error: str) -> None:
            nothing = "no other hit" if self._on_hit() else f"nothing found for {self._typed}"
            self.messages.tell(error or nothing)

        def arrived(place: tuple[int, int]) -> None:
            turned = place <= here if step > 0 else place >= here
            end = "the beginning" if step > 0 else "the end"
            self.messages.tell(f"from {end} of the project again" if turned else "")

        found = self.session.search.all_round(self._query, *here, step)
        self._look_for(self._elsewhere(found), ended, arrived)

    async def action_find_list(self) -> None:
        """List the hits in all documents."""
        if self._query.empty:
            await self.action_find()
            return
        from ner_tui.app.screens.found_places import SearchResultsScreen

        self.app.push_screen(SearchResultsScreen(self.session, self._query, self._typed), self._found)

    def _found(self, result: Place | LabelHits | None) -> None:
        """Go to the hit that was chosen, or have all of them labelled."""
        from ner_tui.app.screens.fix_all import FixAllScreen, FixAllStart
        from ner_tui.app.screens.found_places import LabelHits

        if isinstance(result, LabelHits):
            begin = FixAllStart(self._typed, 0, 0, None, False, self._query)
            self.app.push_screen(FixAllScreen(self.session, begin), self._fixed)
        else:
            if result is not None:
                self._go_through_hits()
            self.go_to(result)

    def action_fix_all(self) -> None:
        """List every other occurrence of the words here, to label them alike."""
        from ner_tui.app.screens.fix_all import FixAllScreen, FixAllStart

        document, cursor = self.session.document, self.view.cursor
        drawn = document.span_at(cursor)
        chosen = self.view.selection or (drawn and (drawn.span.start, drawn.span.end)) or self.view.token
        if chosen is None:
            self.messages.tell("there are no words here")
            return
        start, end = chosen
        whole = drawn is not None and (drawn.span.start, drawn.span.end) == chosen
        label = drawn.span.label if drawn and whole else None
        settled = drawn is not None and whole and drawn.kind == "decided"
        begin = FixAllStart(document.words(start, end), document.id, start, label, settled)
        self.app.push_screen(FixAllScreen(self.session, begin), self._fixed)

    def _fixed(self, result: Fixed | None) -> None:
        if result is None:
            return
        if result.changed:
            self.view.repaint(0, self.session.document.length)
            self.list_documents()
            self.recount(self.session.document.id)
            self.moved()
        self.go_to(result.place)
        if result.notice:
            self.messages.tell(result.notice)

    # The order of the hits

    def order_words(self) -> str:
        """Return which hit it is of how many, if hits are gone through."""
        if self._hits is None:
            return super().order_words()
        return self._hits.words(self.session.document.id, self.view.token or (0, 0))

    @property
    def in_order(self) -> bool:
        """Whether hits are gone through, or the queue."""
        return self._hits is not None or super().in_order

    def step(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hit, or place of the queue."""
        if self._hits is None:
            super().step(step)
        else:
            self._next_hit(step)

    def after_decision(self) -> None:
        """Go on to the next hit if something was decided on one."""
        if self._hits is None:
            super().after_decision()
        elif self._on_hit() or self._query.pattern is None:
            told = self.messages.notice
            self._next_hit(1)
            self.messages.tell(" · ".join(filter(None, (told, self.messages.notice))))

    def leave_order(self) -> bool:
        """Go through hits, or the queue, no longer; whether that was so."""
        if self._hits is None:
            return super().leave_order()
        self._hits.stop()
        self._hits = None
        self.view.highlight(None)
        self.invalidate(ScreenPart.STATUS)
        return True

    def _go_through_hits(self) -> None:
        """Have the keys go from hit to hit from now on."""
        if self._hits is None:
            super().leave_order()
        else:
            self._hits.stop()
        hits = self.session.search.hits(self._query)
        self._hits = HitOrder(self, hits, lambda: self.invalidate(ScreenPart.STATUS))
        self._show_hits()

    # The bar

    @on(Input.Changed)
    def _typed_more(self, message: Input.Changed) -> None:
        self._stop()
        self._typed = message.value
        try:
            self._query = parse(message.value)
        except NerTuiError as refused:
            self._query = Query()
            self._show_hits()
            self._say(str(refused), trouble=True)
            return
        self._show_hits()
        if self._query.empty:
            self._return()
            self._say("")
            return
        document, offset = self._from
        if document != self.session.document.id:
            document, offset = self.session.document.id, self.view.cursor
            self._from = (document, offset)

        def ended(error: str) -> None:
            if not error:
                self._return()
            self._say(error or "not in this document; tab looks in all", trouble=True)

        self._look_for(self.session.search.in_document(self._query, offset), ended, lambda _: self._say(""))

    @on(FindBar.Wanted)
    async def _wanted(self, message: FindBar.Wanted) -> None:
        if message.what in ("next", "previous"):
            if not self._query.empty:
                await self.action_find_next(1 if message.what == "next" else -1)
            return
        self._stop()
        await self._close_bar()
        if message.what == "back":
            self._return()
            self.leave_order()
            self._query = Query()
            self.view.highlight(None)
        elif message.what == "list":
            await self.action_find_list()
        elif not self._query.empty:
            self._go_through_hits()
            if not self._on_hit():
                self._next_hit(1)

    def _on_hit(self) -> bool:
        token = self.view.token
        try:
            return token is not None and bool(self.session.search.within(self._query, *token))
        except NerTuiError:
            return True

    async def _close_bar(self) -> None:
        """Take the bar away; it is gone when this returns, so that another can be opened at once."""
        if self._bar is not None:
            bar, self._bar = self._bar, None
            self.remove_class("-finding")
            self.view.focus()
            await bar.remove()

    def _return(self) -> None:
        if (self.session.document.id, self.view.cursor) != self._from:
            self.go(*self._from)

    def _say(self, words: str, *, trouble: bool = False) -> None:
        if self._bar is not None:
            self._bar.say(words, trouble=trouble)

    # Looking

    def _look_for(
        self, hits: Iterator[Hit | None], ended: Callable[[str], None], arrived: Callable[[tuple[int, int]], None]
    ) -> None:
        """Go to the first of ``hits``; ``ended`` is called if there is none, ``arrived`` with its place."""
        self._stop()

        def take(found: list[Hit]) -> bool:
            self._stop()
            self.go(found[0].document, found[0].start)
            arrived((found[0].document, found[0].start))
            return False

        self._search = SlicedStream(self, hits, take, ended)
        self._search.resume()

    def _elsewhere(self, hits: Iterator[Hit | None]) -> Iterator[Hit | None]:
        """Leave out the hits inside the token that the cursor stands on: going there would not move it."""
        token, document = self.view.token or (0, 0), self.session.document.id
        for hit in hits:
            inside = hit is not None and hit.document == document and token[0] <= hit.start < token[1]
            yield None if inside else hit

    def _stop(self) -> None:
        if self._search is not None:
            self._search.stop()
            self._search = None

    def _show_hits(self) -> None:
        query = self._query
        if query.empty:
            self.view.highlight(None)
            return

        def found(start: int, end: int) -> list[tuple[int, int]]:
            try:
                return self.session.search.within(query, start, end)
            except NerTuiError:
                return []

        self.view.highlight(found)
