"""Rows of figures as a table, as JSON, and as a plot."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.speed import Row

_LEFT, _WIDTH, _LINE, _TOP = 560, 330, 26, 34
_SPAN = 10.0
"""Times better or worse than the bar that the plot has room for."""


def show(rows: Iterable[Row], *, as_json: bool = False, plot: Path | None = None) -> None:
    """Print rows as they are measured, or one JSON object in the end; draw them into a file."""
    measured: list[Row] = []
    if not as_json:
        print(f"{'':72}{'ours':>12}{'peer':>12}{'ratio':>8}{'bar':>9}")
    for row in rows:
        measured.append(row)
        if not as_json:
            cells = f"{row.ours:12,.3f}{row.peer:12,.3f}{row.ratio:8.3f}{_bar(row):>9}"
            print(f"{row.name + ', ' + row.unit:72}{cells}{'' if row.met else '  not met'}", flush=True)
    if plot:
        plot.write_text(drawn(measured), encoding="utf-8")
    if as_json:
        found = {row.name: {"ours": row.ours, "peer": row.peer, "ratio": row.ratio} for row in measured}
        print(json.dumps(found, indent=2))
    else:
        print(f"{os.cpu_count()} processors; load of the machine at the end: {os.getloadavg()[0]:.1f}")


def _bar(row: Row) -> str:
    return f"{'≥' if row.more_is_better else '≤'} {row.bar:.3g}"


def drawn(rows: Iterable[Row]) -> str:
    """Return an SVG in which each row reaches from its bar, the line in the middle, to its ratio: right is better."""
    marks = []
    middle = _LEFT + _WIDTH / 2
    y = _TOP
    for row in rows:
        margin = row.ratio / row.bar if row.more_is_better else row.bar / row.ratio
        length = max(-1.0, min(1.0, math.log(margin, _SPAN))) * _WIDTH / 2
        colour = "#2e7d32" if row.met else "#c62828"
        x = min(middle, middle + length)
        marks.append(
            f'<text x="{_LEFT - 12}" y="{y + 15}" text-anchor="end">{escape(row.name)}</text>'
            f'<rect x="{x:.1f}" y="{y + 3}" width="{max(abs(length), 1):.1f}" height="16" fill="{colour}"/>'
            f'<text x="{_LEFT + _WIDTH + 12}" y="{y + 15}">{row.ratio:.2f} ({escape(_bar(row))})</text>'
        )
        y += _LINE
    width, height = _LEFT + _WIDTH + 150, y + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" fill="#222">\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text x="{_LEFT - 12}" y="20" text-anchor="end" font-weight="bold">ours beside the peer</text>'
        f'<text x="{middle}" y="20" text-anchor="middle" fill="#555">worse ← the bar → better, to ten times</text>'
        f'<text x="{_LEFT + _WIDTH + 12}" y="20" fill="#555">ratio (bar)</text>\n'
        + "\n".join(marks)
        + f'\n<line x1="{middle}" x2="{middle}" y1="{_TOP - 4}" y2="{y}" stroke="#222"/>\n</svg>\n'
    )
