"""The HTML of a report: pieces of a page that holds all it needs, runs nothing and fetches nothing.

Everything of a project is put in as text: escaped, with a visible stand-in for what a browser would obey or not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.labels import COLOUR_SLOTS, LabelSet
from ner_tui.domain.printable import printable, printable_lines
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do for the page: nothing but apply its own styles."""
_SIGNS = {"confirmed": "✓", "in progress": "…"}

_STYLE = """\
:root { color-scheme: light dark; --page: #fff; --ink: #1b1d21; --soft: #5a5f69; --rule: #d5d8de; --flag: #8a4b00; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181d; --ink: #e4e6ea; --soft: #a3a9b4; --rule: #3a3f49; --flag: #ffb454; }
}
body { background: var(--page); color: var(--ink); font: 1rem/1.7 system-ui, sans-serif; margin: 2rem auto;
  max-width: 52rem; padding: 0 1rem; }
h1, h2 { line-height: 1.3; overflow-wrap: anywhere; }
h2 { border-top: 1px solid var(--rule); margin-top: 2.5rem; padding-top: 1rem; }
a { color: inherit; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--rule); padding: .15rem .8rem .15rem 0; text-align: right; }
th:first-child, td:first-child { overflow-wrap: anywhere; text-align: left; }
.soft, .sign { color: var(--soft); }
.text { overflow-wrap: anywhere; white-space: pre-wrap; }
.text, mark, li { unicode-bidi: isolate; }
mark { background: color-mix(in srgb, var(--entity) 20%, transparent); border-bottom: 2px solid var(--entity);
  border-radius: 3px; color: inherit; padding: .05em .15em; }
mark.suggested { background: none; border-bottom-style: dashed; }
mark b { font-size: .7em; font-weight: 600; letter-spacing: .03em; margin-left: .35em; opacity: .85; }
.flagged { background: color-mix(in srgb, var(--flag) 12%, transparent); }
.flag { color: var(--flag); }
sup a { text-decoration: none; }
@media print { body { max-width: none; } h2 { break-after: avoid; } }
"""


def shown(text: str) -> str:
    """Return text for a line of the page."""
    return escape(printable(text))


def _shown_lines(text: str) -> str:
    return escape(printable_lines(text))


def head(title: str, colours: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the beginning of the page.

    Args:
        title: of the page.
        colours: of each slot, on light and on dark pages, as CSS has them.
    """
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" '
    yield f'content="no-referrer">\n<title>{shown(title)}</title>\n<style>\n{_STYLE}'
    for slot, (light, dark) in enumerate(colours, 1):
        yield f".e{slot} {{ --entity: {light}; }}\n"
        yield f"@media (prefers-color-scheme: dark) {{ .e{slot} {{ --entity: {dark}; }} }}\n"
    yield f"</style>\n</head>\n<body>\n<h1>{shown(title)}</h1>\n"


def foot(told: str) -> str:
    """Return the end of the page, with a sentence that says what it is."""
    return f'<footer class="soft"><p>{shown(told)}</p></footer>\n</body>\n</html>\n'


def table(headers: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    """Yield a table; the cells are HTML."""
    yield f"<table>\n<tr>{''.join(f'<th>{shown(each)}</th>' for each in headers)}</tr>\n"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n"
    yield "</table>\n"


def label_cell(name: str, labels: LabelSet) -> str:
    """Return a label as it is marked in the text."""
    return f'<mark class="e{slot_of(name, labels)}">{shown(name)}</mark>'


def slot_of(name: str, labels: LabelSet) -> int:
    """Return the colour slot of a label; one that the project does not list has the last."""
    found = labels.find(name)
    return found.slot if found else COLOUR_SLOTS


def sentence(item: AnnotatedSentence, labels: LabelSet, notes: Mapping[int, Sequence[int]]) -> Iterator[str]:
    """Yield a sentence with its spans.

    Args:
        item: the sentence.
        labels: of the project.
        notes: the numbers of the notes that are put behind an offset.
    """
    signs = ""
    if item.status in _SIGNS:
        signs = f'<span class="sign" title="{item.status}">{_SIGNS[item.status]} </span>'
    if item.flagged:
        signs += '<span class="flag" title="flagged">⚑ </span>'
    yield f'<span class="flagged">{signs}' if item.flagged else f"<span>{signs}"
    marks: list[tuple[Span, Suggestion | None]] = [(span, None) for span in item.spans]
    marks += [(each.span, each) for each in item.suggestions]
    at, base, text = item.sentence.start, item.sentence.start, item.sentence.text
    edges = sorted(notes)

    def plain(start: int, end: int) -> Iterator[str]:
        """Yield text outside spans, the numbers of notes in it."""
        for edge in [each for each in edges if start < each <= end]:
            yield _shown_lines(text[start - base : edge - base]) + _references(notes[edge])
            start = edge
        yield _shown_lines(text[start - base : end - base])

    for span, suggestion in sorted(marks, key=lambda mark: mark[0]):
        yield from plain(at, span.start)
        inside = _shown_lines(text[span.start - base : span.end - base])
        slot = slot_of(span.label, labels)
        if suggestion is None:
            yield f'<mark class="e{slot}">{inside}<b>{shown(span.label)}</b></mark>'
        else:
            score = f"{suggestion.score:.2f}"
            yield f'<mark class="e{slot} suggested" title="suggested, {score}">{inside}'
            yield f"<b>{shown(span.label)} {score}?</b></mark>"
        yield "".join(_references(notes[edge]) for edge in edges if span.start < edge <= span.end)
        at = span.end
    yield from plain(at, base + len(text))
    yield "</span>"


def _references(numbers: Sequence[int]) -> str:
    return "".join(f'<sup id="r{number}"><a href="#n{number}">[{number}]</a></sup>' for number in numbers)


def note(number: int, words: str, text: str) -> str:
    """Return a note as an item of a list, with the words that it is on."""
    back = f'<a href="#r{number}">[{number}]</a>'
    return f'<li id="n{number}">{back} “{shown(words)}”: {_shown_lines(text)}</li>\n'
