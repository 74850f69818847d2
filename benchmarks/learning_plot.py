"""The plot of corrections against sentences: without learning, with it, and with other learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 400, 260, 56, 36, 34, 110
"""Of each stream's part, in pixels: the whole of it, and what stands around its lines."""
_COLOURS = {"ner-tui": "#1565c0", "without learning": "#555"}
_OTHERS = ("#c62828", "#2e7d32", "#ef6c00", "#6a1b9a")
_FAINT = "#ddd"
_STEPS = (1, 2, 5)


def plotted(streams: Mapping[str, Mapping[str, Sequence[int]]]) -> str:
    """Return an SVG with a part for each stream.

    Args:
        streams: by the name of a stream and of who suggested, the corrections of each sentence.
    """
    parts = [_part(number * _WIDTH, name, lines) for number, (name, lines) in enumerate(streams.items())]
    width = _WIDTH * len(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}" '
        'font-family="sans-serif" font-size="11" fill="#222">\n'
        f'<rect width="{width}" height="{_HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _part(x: int, name: str, lines: Mapping[str, Sequence[int]]) -> str:
    sums = {who: list(accumulate(each)) for who, each in lines.items()}
    most, sentences = max(each[-1] for each in sums.values()), max(map(len, sums.values()))
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    base = _HEIGHT - _BOTTOM
    marks = [f'<text x="{x + _LEFT}" y="18" font-weight="bold">{escape(name)}: corrections by sentence</text>']
    step = _step(most)
    for value in range(0, most + 1, step):
        y = base - high * value / most
        marks.append(
            f'<path d="M{x + _LEFT} {y:.1f}h{wide}" stroke="{_FAINT}"/>'
            f'<text x="{x + _LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>'
        )
    for value in range(0, sentences + 1, _step(sentences)):
        at = x + _LEFT + wide * value / sentences
        marks.append(f'<text x="{at:.1f}" y="{base + 16}" text-anchor="middle">{value:,}</text>')
    others = iter(_OTHERS)
    heights: list[float] = []
    for who, each in sorted(sums.items(), key=lambda one: one[1][-1]):
        colour = _COLOURS.get(who) or next(others)
        points = " ".join(
            f"{x + _LEFT + wide * (number + 1) / sentences:.1f},{base - high * value / most:.1f}"
            for number, value in enumerate(each)
            if number % 4 == 3 or number == len(each) - 1
        )
        # Names that would stand over each other are moved apart, from below.
        y = min([base - high * each[-1] / most + 4, *(height - 13 for height in heights[-1:])])
        heights.append(y)
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"/>'
            f'<text x="{x + _LEFT + wide + 6}" y="{y:.1f}" fill="{colour}">{escape(who)}</text>'
        )
    return "\n".join(marks)


def _step(most: int) -> int:
    """Return a round number of which some four are in the most."""
    power = 1
    while True:
        for each in _STEPS:
            if most / (each * power) <= 5:
                return each * power
        power *= 10
