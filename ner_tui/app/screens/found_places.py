"""The pages that list the hits of a query in all documents, and all notes and flags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType

from ner_tui.app.glyphs import printable
from ner_tui.app.screens.place_list import PlaceList, T
from ner_tui.session import Place

if TYPE_CHECKING:
    from ner_tui.domain.annotation.query import Query
    from ner_tui.session import Session
    from ner_tui.session.concordance import Occurrence
    from ner_tui.session.search import Remark


R = TypeVar("R")


class FoundPlaces(PlaceList[T, "Place | R"], Generic[T, R]):
    """A page whose result is the place to go to, or something else to do."""

    def action_visit(self) -> None:
        """Close and go to the place on the current line."""
        row = self.list.current
        if row is not None:
            self.leave(Place(row.document, row.start))


@dataclass(frozen=True, slots=True)
class LabelHits:
    """All hits are to be labelled."""


class SearchResultsScreen(FoundPlaces["Occurrence", LabelHits]):
    """Lists hits; its result is the one to go to, or that all are to be labelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop", "stop searching", show=False),
        Binding("m", "label_all", "label them all", show=False),
    ]

    def __init__(self, session: Session, query: Query, typed: str) -> None:
        hints = ("m labels all", "label_all"), ("x stops", "stop"), ("esc closes", "cancel")
        super().__init__(f"Found: {printable(typed)[:60]}", ("enter goes there", "visit"), *hints)
        self._session = session
        self._query = query

    def action_label_all(self) -> None:
        """Close, to choose a label for all of them."""
        self.leave(LabelHits())

    def stream(self) -> Iterator[Occurrence | None]:
        """Yield the hits."""
        for hit in self._session.search.hits(self._query):
            yield None if hit is None else self._session.search.line(hit)

    def show(self, found: list[Occurrence]) -> None:
        """List hits."""
        self.list.add(found)

    def tell(self) -> None:
        """Say how many there are."""
        self.head.show([(f" {self.trouble or f'{self.number} found'}", "bar--alert" if self.trouble else "bar--dim")])

    def action_stop(self) -> None:
        """Look no further."""
        self.halt()
        self.tell()


class RemarkScreen(FoundPlaces["Remark", Place]):
    """Lists notes and flags; its result is the place to go to. What is typed after / narrows them down."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f", "flags", "flags or notes only", show=False)]
    _KINDS = ("notes and flags", "notes", "flags")

    def __init__(self, session: Session) -> None:
        hints = ("enter goes there", "visit"), ("f kind", "flags"), ("esc closes", "cancel")
        super().__init__("Notes and flags", *hints)
        self._session = session
        self._kind = 0

    def stream(self) -> Iterator[Remark | None]:
        """Yield the notes and flags."""
        for remark in self._session.search.remarks():
            wanted = self._kind == 0 or (self._kind == 1) == bool(remark.note)
            yield remark if wanted else None

    def show(self, found: list[Remark]) -> None:
        """List some."""
        self.list.add([each.place for each in found], remarks=[each.note or "⚑" for each in found])

    def tell(self) -> None:
        """Say how many there are."""
        none = self.over and not self.list.rows
        help_ = "; N writes a note on an entity or sentence, f flags a sentence" if none else ""
        self.head.show([(f" {self.number} {self._KINDS[self._kind]}{help_}", "bar--dim")])

    def action_flags(self) -> None:
        """List notes and flags, only notes, or only flags."""
        self._kind = (self._kind + 1) % len(self._KINDS)
        self.look()
