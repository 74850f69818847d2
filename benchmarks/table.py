"""Rows of figures as a table, as JSON, and as a plot of ours beside other programs."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.speed import LIMIT, Row

_WIDTH, _EDGE, _BARS, _LONGEST, _LINE, _TOP = 820, 16, 250, 400, 20, 12
"""Of the plot, in pixels: its width, its margin, where bars begin, the longest one, a line's height, the first line."""
_OURS, _PEER, _FAINT = "#1565c0", "#b0bec5", "#666"
_UNITS = {"words/s": "words a second"}
"""How units are written out."""


def show(rows: Iterable[Row], *, as_json: bool = False, plot: Path | None = None) -> None:
    """Print rows as they are measured, or one JSON object in the end; draw them into a file."""
    measured: list[Row] = []
    if not as_json:
        print(f"{'':90}{'ours':>12}{'peer':>12}{'ratio':>8}{'bar':>9}")
    for row in rows:
        measured.append(row)
        if not as_json:
            cells = f"{row.ours:12,.3f}{row.peer:12,.3f}{row.ratio:8.3f}{_bar(row):>9}"
            print(f"{row.title + ', ' + row.unit:90}{cells}{'' if row.met else '  not met'}", flush=True)
    if plot:
        plot.write_text(drawn(measured), encoding="utf-8")
    if as_json:
        found = {row.title: {"ours": row.ours, "peer": row.peer, "ratio": row.ratio} for row in measured}
        print(json.dumps(found, indent=2))
    else:
        print(f"{os.cpu_count()} processors; load of the machine at the end: {os.getloadavg()[0]:.1f}")


def _bar(row: Row) -> str:
    return f"{'≥' if row.more_is_better else '≤'} {row.bar:.3g}"


def drawn(rows: Iterable[Row]) -> str:
    """Return an SVG: for each row with another program two bars, in its own unit, and the other rows as figures."""
    rows = list(rows)
    marks: list[str] = []
    y = _TOP
    for row in (row for row in rows if row.other_program):
        better = "more is better" if row.more_is_better else "less is better"
        marks.append(
            f'<text x="{_EDGE}" y="{y + 13}" font-weight="bold">{escape(row.name)}</text>'
            f'<text x="{_WIDTH - _EDGE}" y="{y + 13}" text-anchor="end" fill="{_FAINT}">{better}</text>'
        )
        most = max(row.ours, row.peer)
        for line, (name, figure, colour) in enumerate((("ner-tui", row.ours, _OURS), (row.peer_name, row.peer, _PEER))):
            at = y + 20 + line * _LINE
            length = max(figure / most * _LONGEST, 1)
            marks.append(
                f'<text x="{_BARS - 10}" y="{at + 13}" text-anchor="end">{escape(name)}</text>'
                f'<rect x="{_BARS}" y="{at + 1}" width="{length:.1f}" height="16" rx="2" fill="{colour}"/>'
                f'<text x="{_BARS + length + 8:.1f}" y="{at + 13}">{escape(in_words(figure, row.unit))}</text>'
            )
        y += 20 + 2 * _LINE + 12
    others = [row for row in rows if not row.other_program]
    if others:
        marks.append(f'<text x="{_EDGE}" y="{y + 13}" font-weight="bold">ner-tui alone</text>')
        y += 20
    for row in others:
        beside = "" if row.peer_name == LIMIT else f" ({row.peer_name}: {in_words(row.peer, row.unit)})"
        marks.append(
            f'<text x="{_BARS - 10}" y="{y + 13}" text-anchor="end">{escape(in_words(row.ours, row.unit))}</text>'
            f'<text x="{_BARS}" y="{y + 13}">{escape(row.name + beside)}</text>'
        )
        y += _LINE
    height = y + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="sans-serif" font-size="12" fill="#222">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(marks) + "\n</svg>\n"
    )


def in_words(figure: float, unit: str) -> str:
    """Return a figure to three digits with its unit, as people say it: ``0.2`` and ``s`` are ``0.200 s``."""
    if unit == "s" and figure < 0.1:
        figure, unit = 1000 * figure, "ms"
    digits = 2 if unit == "%" else max(0, 2 - math.floor(math.log10(figure))) if figure else 0
    rounded = round(figure, digits if figure < 1000 else 2 - math.floor(math.log10(figure)))
    return f"{rounded:,.{digits}f} {_UNITS.get(unit, unit)}".rstrip()
