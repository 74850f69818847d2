"""The painter: one row of a document, or the labels under it, as a strip of styled cells.

A decision is solid, a suggestion underlined, a doubtful one underlined twice, one below the threshold italic, its label
in brackets; a conflict has a ``≠``. The label is under the first cell of its span or, where there is no such row, its
key in small before the span: in the space there, in the gutter at the beginning of a row, else in a cell put in for it;
what is below the threshold has none. Beside the rows of the current sentence there is a bar, and its text has a
shade of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ner_tui.app.glyphs import printable
from ner_tui.app.layout import LayoutRow
from ner_tui.app.widgets.moves import Range
from ner_tui.app.widgets.row_layout import GUTTER
from ner_tui.domain.labels import COLOUR_SLOTS, LabelSet

if TYPE_CHECKING:
    from ner_tui.session import DrawnSpan

SLOTS = range(1, COLOUR_SLOTS + 1)
"""The colour slots of labels."""
UNIT = "▌"
"""Stands at the left of the rows of the current sentence."""
Keys = dict[int, tuple[str, Style]]
"""What stands before spans, with how it looks, by where they begin."""
_SMALL = dict(zip("0123456789abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_MORE = "⁺"
"""Stands for a label with no key that there is in small."""


@dataclass(frozen=True, slots=True)
class RowStyle:
    """The styles of a document under the theme of the moment; entity styles by colour slot, from 0."""

    page: Style
    unit: Style
    """What the current sentence has over the page."""
    gutter: Style
    stand_in: Style
    cursor: Style
    selection: Style
    decided: tuple[Style, ...]
    suggested: tuple[Style, ...]
    doubtful: tuple[Style, ...]
    ink: tuple[Style, ...]


def row_style(component: Callable[..., Style], page: Style) -> RowStyle:
    """Return the styles that a theme has for components of the document view.

    Args:
        component: returns the style of a component class; with ``partial`` without what it has of its parents.
        page: the style of the view itself.
    """

    def slots(kind: str) -> tuple[Style, ...]:
        return tuple(component(f"entity--{kind}-{slot}") for slot in SLOTS)

    suggested = slots("suggested")
    return RowStyle(
        page=page,
        unit=component("document--unit", partial=True),
        gutter=component("document--gutter"),
        stand_in=component("document--stand-in", partial=True),
        cursor=component("document--cursor"),
        selection=component("document--selection"),
        decided=slots("decided"),
        suggested=suggested,
        doubtful=tuple(style + Style(underline2=True, bold=True) for style in suggested),
        ink=slots("ink"),
    )


class Marked(NamedTuple):
    """What of a row is marked: what is drawn of it depends on that besides what is known of it."""

    cursor: Range | None
    selection: Range | None
    unit: Range | None
    """The part of the row that is of the current sentence."""


class Painter:
    """Draws rows in given looks."""

    def __init__(self, labels: LabelSet, looks: RowStyle) -> None:
        self._looks = looks
        self._slots = {label.name: label.slot - 1 for label in labels}
        self._small = {label.name: _small(label.key) for label in labels}

    def text(
        self,
        row: LayoutRow,
        spans: Sequence[DrawnSpan],
        gutter: str,
        marked: Marked,
        width: int,
        *,
        keys: Keys | None = None,
    ) -> Strip:
        """Draw the text of ``row``.

        Args:
            keys: what stands before the spans, as ``keys`` returned it; the row as ``with_keys`` did then.
        """
        looks = self._looks
        keys = keys or {}
        insets = {offset - 1: key for offset, key in keys.items() if row.has_space(offset)}
        segments = self._gutter(gutter, in_unit=marked.unit is not None, key=keys.get(row.start))
        cursor, selection, unit = marked
        (on, off), (first, last), (begin, stop) = cursor or (0, 0), selection or (0, 0), unit or (0, 0)
        for start, end in _pieces(row, spans, marked, insets):
            style = self._style(spans, start)
            inside = begin <= start < stop
            if inside and style.bgcolor == looks.page.bgcolor:
                style += looks.unit
            chosen = looks.cursor if on <= start < off else looks.selection if first <= start < last else None
            if start in insets:
                shown, small = insets[start]
                small = small + looks.unit if inside else small
                segments.append(Segment(shown, small + looks.selection if chosen else small))
                continue
            if start in keys and row.has_cell(start):
                segments.append(Segment(*keys[start]))
            for shown, stand_in in row.shown(start, end):
                look = self._standing_in(style) if stand_in else style
                segments.append(Segment(shown, look + chosen if chosen else look))
        return _filled(segments, width, looks.page)

    def _gutter(self, signs: str, *, in_unit: bool, key: tuple[str, Style] | None = None) -> list[Segment]:
        looks, cells = self._looks, GUTTER - 1 if key else GUTTER
        signs = set_cell_size(f"{UNIT if in_unit else ' '}{signs}", cells)
        return [Segment(signs, looks.page if signs.isspace() else looks.gutter), *([Segment(*key)] if key else [])]

    def labels(self, row: LayoutRow, spans: Sequence[DrawnSpan], width: int, *, in_unit: bool = False) -> Strip:
        """Draw the labels of the spans that begin in ``row``, each under its span's first cell."""
        named = [drawn for drawn in spans if self._is_named(row, drawn, spans)]
        places = [(GUTTER + row.column(drawn.span.start), drawn) for drawn in named]
        segments = self._gutter("", in_unit=in_unit)
        used = GUTTER
        for number, (column, drawn) in enumerate(places):
            following = places[number + 1][0] if number + 1 < len(places) else width + 1
            words = _fit(list(_names(drawn, spans)), following - column - 1)
            style = self._looks.ink[self._slots.get(drawn.span.label, 0)]
            if drawn.kind in ("decided", "conflict"):
                style += Style(bold=True)
            # The space before a label has its style, which shows nothing there and saves the terminal a change.
            segments.append(Segment(" " * (column - used) + words, style))
            used = column + cell_len(words)
        return _filled(segments, width, self._looks.page)

    def _is_named(self, row: LayoutRow, drawn: DrawnSpan, spans: Sequence[DrawnSpan]) -> bool:
        """Whether the span begins in the row and no decision there speaks for it."""
        begins = row.start <= drawn.span.start < max(row.end, row.start + 1)
        return begins and (drawn.kind != "conflict" or _over(drawn, spans, "decided") is None)

    def keys(self, row: LayoutRow, spans: Sequence[DrawnSpan]) -> Keys:
        """Return the keys of the spans that begin in the row, by where these begin."""
        found: Keys = {}
        for drawn in spans:
            if drawn.kind != "below" and self._is_named(row, drawn, spans):
                found.setdefault(drawn.span.start, self._inset(drawn, spans))
        return found

    def _inset(self, drawn: DrawnSpan, spans: Sequence[DrawnSpan]) -> tuple[str, Style]:
        style = self._looks.ink[self._slots.get(drawn.span.label, 0)]
        if drawn.kind == "conflict" or _over(drawn, spans, "conflict") is not None:
            return "≠", style + Style(bold=True)
        small = self._small.get(drawn.span.label, _MORE)
        return small, style + Style(reverse=True) if drawn.doubtful else style

    def _style(self, spans: Sequence[DrawnSpan], offset: int) -> Style:
        """Return how the character at ``offset`` looks; a decision goes before a suggestion."""
        looks, found = self._looks, self._looks.page
        for drawn in spans:
            if drawn.span.start <= offset < drawn.span.end:
                slot = self._slots.get(drawn.span.label, 0)
                if drawn.kind == "decided":
                    return looks.decided[slot]
                if drawn.kind == "below":
                    found = looks.ink[slot] + Style(italic=True)
                    continue
                found = (looks.doubtful if drawn.doubtful else looks.suggested)[slot]
        return found

    def _standing_in(self, style: Style) -> Style:
        """Return the look of a stand-in; its colour is for the page and could not be read on a block."""
        solid = style.bgcolor != self._looks.page.bgcolor
        return style + Style(italic=True) if solid else style + self._looks.stand_in


def clip(stretch: Range | None, start: int, end: int) -> Range | None:
    """Return what of ``stretch`` is in ``[start, end)``."""
    if stretch is None or stretch[0] >= end or stretch[1] <= start:
        return None
    return max(stretch[0], start), min(stretch[1], end)


def with_keys(row: LayoutRow, keys: Keys, width: int) -> LayoutRow:
    """Return ``row`` with a cell for each of ``keys`` that has no other place, as far as ``width`` cells go."""
    return row.with_cells([o for o in keys if o > row.start and not row.has_space(o)], width)


def _small(key: str) -> str:
    return _SMALL.get(key[-1:], _MORE)


def _pieces(
    row: LayoutRow,
    spans: Sequence[DrawnSpan],
    marked: Iterable[Range | None],
    insets: dict[int, tuple[str, Style]],
) -> Iterator[Range]:
    """Yield the stretches of the row that look the same throughout; ``marked`` look otherwise than the rest."""
    edges = [row.start, row.end, *insets, *(offset + 1 for offset in insets)]
    for stretch in marked:
        edges += stretch or ()
    for drawn in spans:
        edges += (drawn.span.start, drawn.span.end)
    return pairwise(sorted({min(max(edge, row.start), row.end) for edge in edges}))


def _over(drawn: DrawnSpan, spans: Sequence[DrawnSpan], kind: str) -> DrawnSpan | None:
    """Return the first of ``spans`` that is of this kind and overlaps ``drawn``."""
    start, end = drawn.span.start, drawn.span.end
    return next((other for other in spans if other.kind == kind and other.span.overlaps(start, end)), None)


def _names(drawn: DrawnSpan, spans: Sequence[DrawnSpan]) -> Iterator[str]:
    """Yield what could stand under the span, the fullest first."""
    name = printable(drawn.span.label)
    if drawn.kind == "suggested":
        asked = f"{name}{'??' if drawn.doubtful else '?'}"
        yield f"{asked} {score(drawn.score)}"
        yield asked
    elif drawn.kind == "below":
        yield f"({name} {score(drawn.score)})"
        yield f"({name})"
    elif drawn.kind == "conflict":
        yield f"≠{name}"
    else:
        conflict = _over(drawn, spans, "conflict")
        if conflict is not None:
            if conflict.span.label != drawn.span.label:
                yield f"{name}≠{printable(conflict.span.label)}"
            yield f"{name}≠"
    yield name


def score(value: float | None, margin: float | None = None) -> str:
    """Return a probability in two digits, such as ``.91``, and a margin behind it if one is given.

    All of the screen writes both so; of each, None is nothing.
    """
    written = []
    for each in (value, margin):
        if each is not None and abs(each) >= 0.995:
            written.append(f"{each:.1f}")
        elif each is not None:
            written.append(f"{'-' if each <= -0.005 else ''}{abs(each):.2f}".replace("0.", ".", 1))
    return ", margin ".join(written)


def _fit(words: list[str], room: int) -> str:
    for each in words:
        if cell_len(each) <= room:
            return each
    return set_cell_size(words[-1], max(room, 1)).rstrip() or words[-1][:1]


def _filled(segments: list[Segment], width: int, style: Style) -> Strip:
    return Strip(segments).adjust_cell_length(width, style).simplify()
