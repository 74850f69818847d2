r"""WebAnno TSV 3: what INCEpTION and WebAnno export, a text with its tokens and the annotations of several layers.

A sample, its tabs drawn as wide spaces::

    #FORMAT=WebAnno TSV 3.3
    #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value


    #Text=Ann Lee lives in Oslo.
    1-1    0-3      Ann      *[1]    PER[1]
    1-2    4-7      Lee      *[1]    PER[1]
    1-3    8-13     lives    _       _
    1-4    14-16    in       _       _
    1-5    17-21    Oslo     *       LOC
    1-6    21-22    .        _       _

The head names layers: spans (``T_SP``), relations (``T_RL``), chains (``T_CH``), each with a column for each of its
features. A blank line and the text of the sentence (several ``#Text=`` where it has line ends) stand before its
tokens, ``1-2.1`` is a part of token 2. Offsets are UTF-16 units. ``_`` is no annotation, ``*`` one whose feature is
empty, ``|`` stands between several on the same place, and what has the same number in brackets is one annotation.
Between sentences stand a line end and blanks, as many as offsets say. Reserved characters have a ``\`` before them.

Read: the text, its tokens and sentences, and of the layers the one that names entities: ``NamedEntity``, else one with
a feature called value, label or the like. What is on other layers and in other features is left out and told. A token
whose form is not what the text has at its place is told, and the text counts.

Written: version 3.3, one document; decisions and open suggestions alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.standoff.given_sentences import sentences_at
from ner_tui.formats.standoff.label_features import LABEL_FEATURES, NAMED_ENTITY
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, quoted, short_name
from ner_tui.formats.standoff.placing import read_marked
from ner_tui.formats.standoff.webanno_text import (
    HEAD,
    TEXT,
    SentenceUnits,
    TextOfUnits,
    TokenUnit,
    unescaped_text,
    utf16_units,
)

_BUILT_IN = "de.tudarmstadt.ukp.dkpro.core."
_UNIT = re.compile(r"\d{1,9}-\d{1,9}(\.\d{1,9})?", re.ASCII)
_PLACE = re.compile(r"(\d{1,12})-(\d{1,12})", re.ASCII)
_STACKED = re.compile(r"((?:\\.|[^\\|])*)(?:\||$)", re.DOTALL)
_NUMBER = re.compile(r"(?<!\\)\[(\d+)\]$", re.ASCII)
_ESCAPED = re.compile(r"\\(->|[\\\[\]|_;tn*])")


@dataclass(frozen=True, slots=True)
class _Column:
    """A feature of a layer."""

    kind: str
    """``SP``, ``RL`` or ``CH``."""
    layer: str
    feature: str
    """Empty for a layer without any."""

    @property
    def title(self) -> str:
        """What people know it by."""
        layer = short_name(self.layer.rpartition(".")[2])
        return f"{layer} ({short_name(self.feature)})" if self.feature else layer


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a file that begins as all of them do; see ``base.Format.infer``."""
    head = next(source.lines(), "").rstrip("\r")
    if not head.startswith(HEAD):
        if sure:
            raise FormatError(source.path, 1, f"this is no WebAnno TSV, which begins with {HEAD}3.3")
        return None
    version = head.removeprefix(HEAD)
    if not version.startswith("3."):
        raise FormatError(source.path, 1, f"WebAnno TSV {quoted(version)} is not read: export it as version 3 or XMI")
    columns = _columns(source)
    at = _label_column(columns)
    layer = f"labels from {columns[at].title}" if at is not None else "no layer of it names entities"
    others = [column.title for number, column in enumerate(columns) if number != at]
    more = ", ".join(others[:8]) + (" …" if len(others) > 8 else "")
    what = f"{source.path}: read as {name}, WebAnno TSV {short_name(version)}, {layer}"
    return Inference(name, what + (f"; not read: {more}" if others else ""))


def _columns(source: Source) -> list[_Column]:
    columns: list[_Column] = []
    for line in islice(source.lines(), 1, None):
        if not line.startswith("#T_"):
            break
        kind, _, rest = line.rstrip("\r")[3:].partition("=")
        layer, *features = [part for part in rest.split("|") if part] or [""]
        columns += [_Column(kind, layer, feature) for feature in features or [""]]
    return columns


def _label_column(columns: Sequence[_Column]) -> int | None:
    """Return which column has the labels of entities; None: none of them."""
    for wanted in (lambda layer: layer == NAMED_ENTITY, lambda layer: not layer.startswith(_BUILT_IN)):
        own = [at for at, column in enumerate(columns) if column.kind == "SP" and wanted(column.layer)]
        for name in LABEL_FEATURES:
            for at in own:
                if columns[at].feature.lower() == name:
                    return at
        if len({columns[at].layer for at in own}) == len(own) == 1 and columns[own[0]].feature:
            return own[0]
    return None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the document; see ``base.Format.read``."""
    return read_marked(source, inference, lambda: iter([_marked(source)]))


def _marked(source: Source) -> MarkedText:
    columns = _columns(source)
    java = next(source.lines(), "").rstrip("\r") in (f"{HEAD}3.0", f"{HEAD}3.1")
    annotations = _Annotations(source.path, columns)
    sentences = list(_sentences(source, len(columns), annotations, java=java))
    if not sentences:
        return MarkedText(1, "", [])
    made, told = TextOfUnits(source.path, utf16_units), ""
    try:
        made.build(sentences)
        is_sound = not made.misfits
    except FormatError:
        # Tools that are not written in Java count characters, now and then.
        is_sound = False
    if not is_sound and any(max(text, default="") > "\uffff" for each in sentences for text in each.texts):
        other = TextOfUnits(source.path, len)
        try:
            other.build(sentences)
        except FormatError:
            other.misfits = [(0, "")]
        if not other.misfits:
            made, told = other, "offsets count an emoji as one, where UTF-16 units are usual: read as code points"
            is_sound = True
    if not is_sound:
        # It is built once more to be told what is wrong with it.
        made = TextOfUnits(source.path, utf16_units)
        made.build(sentences)
    marks, problems = annotations.marks(made)
    marked = MarkedText(sentences[0].line, made.text, marks, origin="tokens", tokens=made.tokens)
    marked.sentences = sentences_at(made.starts, made.text, made.tokens)
    marked.problems = problems
    marked.remarks = [*([(1, told)] if told else []), *made.misfits]
    return marked


def _sentences(source: Source, columns: int, annotations: _Annotations, *, java: bool) -> Iterator[SentenceUnits]:
    """Yield the sentences, each with its texts and units, and note what is annotated."""
    sentence: SentenceUnits | None = None
    for number, line in enumerate(source.lines(), 1):
        line = line.removesuffix("\r")
        if line.startswith("#") and (sentence is None or not sentence.units):
            if line.startswith(TEXT):
                sentence = sentence or SentenceUnits(number)
                sentence.texts.append(unescaped_text(line[len(TEXT) :], java=java))
        elif not line:
            if sentence is not None and sentence.units:
                yield sentence
                sentence = None
        else:
            unit, cells = _unit(source.path, number, line, columns)
            if sentence is None:
                reason = f"{quoted(line)} is a token of no sentence: a line with {TEXT} has to stand before it"
                raise FormatError(source.path, number, reason)
            if unit.is_part and not sentence.units:
                raise FormatError(source.path, number, "a part of a token stands before all tokens of its sentence")
            sentence.units.append(unit)
            annotations.take(unit, cells)
    if sentence is not None and sentence.units:
        yield sentence


def _unit(path: str, number: int, line: str, columns: int) -> tuple[TokenUnit, list[str]]:
    cells = line.split("\t")
    kind = _UNIT.fullmatch(cells[0])
    place = _PLACE.fullmatch(cells[1]) if len(cells) > 1 else None
    if kind is None or place is None:
        raise FormatError(path, number, f"{quoted(line)} is no line of a token, such as 1-2, TAB, 4-7, TAB, Lee")
    if len(cells) < 3 + columns:
        has = counted(len(cells), "column")
        reason = f"{has}, where the layers of the head make {3 + columns}: add _ for what is missing"
        raise FormatError(path, number, reason)
    start, end = int(place[1]), int(place[2])
    # A part may be a place between two characters, where something without length is annotated.
    if start > end or (start == end and kind[1] is None):
        raise FormatError(path, number, f"the token {quoted(cells[2])} ends at {end}, not behind its start at {start}")
    return TokenUnit(number, start, end, cells[2], kind[1] is not None), cells[3 : 3 + columns]


class _Annotations:
    """Collects the annotations of a file, unit by unit."""

    def __init__(self, path: str, columns: Sequence[_Column]) -> None:
        self._path, self._columns = path, columns
        self._at = _label_column(columns)
        self._numbered: dict[str, int] = {}
        self._found: list[list[int]] = []
        self._labels: list[str | None] = []
        self._left: Counter[int] = Counter()
        self._first: dict[int, int] = {}
        self._met: set[tuple[int, str]] = set()

    def take(self, unit: TokenUnit, cells: Sequence[str]) -> None:
        """Note what is on a unit."""
        for at, cell in enumerate(cells):
            if cell == "_" or not cell:
                continue
            for found in _STACKED.finditer(cell):
                if not found[1]:
                    continue
                number = _NUMBER.search(found[1])
                value = found[1][: number.start()] if number else found[1]
                if at == self._at:
                    self._span(unit, value, number[1] if number else "")
                elif value not in ("*", "_") or not self._is_own_layer(at):
                    self._leave(at, unit.line, number[1] if number else "")

    def _is_own_layer(self, at: int) -> bool:
        return self._at is not None and self._columns[at].layer == self._columns[self._at].layer

    def _span(self, unit: TokenUnit, value: str, number: str) -> None:
        label = None if value == "*" else _ESCAPED.sub(_unescaped, value)
        at = self._numbered.get(number) if number else None
        if at is not None:
            self._found[at][1] = max(unit.end, self._found[at][1])
            return
        if number:
            self._numbered[number] = len(self._found)
        self._found.append([unit.start, unit.end, unit.line])
        self._labels.append(label)

    def _leave(self, at: int, line: int, number: str) -> None:
        if number and (at, number) in self._met:
            return
        self._met.add((at, number))
        self._left[at] += 1
        self._first.setdefault(at, line)

    def marks(self, made: TextOfUnits) -> tuple[list[OffsetSpan], list[tuple[int, str]]]:
        """Return the spans, and the lines of what is none."""
        marks, problems = [], []
        for (start, end, line), label in zip(self._found, self._labels, strict=True):
            if label is None or not label.strip():
                problems.append((line, "an annotation without a label is left out"))
            else:
                place = made.place(start, end, line)
                marks.append(OffsetSpan(*place, label, line, made.text[slice(*place)]))
        for at, count in self._left.items():
            what = counted(count, "annotation")
            problems.append((self._first[at], f"{what} of {self._columns[at].title} left out"))
        return marks, sorted(problems, key=lambda problem: problem[0])


def _unescaped(found: re.Match[str]) -> str:
    return {"t": "\t", "n": "\n"}.get(found[1], found[1])


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write the one document when it is complete; see ``webanno_writer``."""
    from ner_tui.formats.standoff import webanno_writer

    webanno_writer.write(items, out, options)
