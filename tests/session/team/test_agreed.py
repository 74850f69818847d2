"""Of sides made at random: what all agree on is decided, nothing else is, and nothing that anyone said is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, closing
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.cli import main
from ner_tui.domain.schemes import TagSpan, encode
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import InputError
from ner_tui.formats import open_source, read
from ner_tui.session.team.adjudicating import AdjudicationReport, adjudicate
from ner_tui.session.team.sides import SideOptions
from ner_tui.session.transfer.dumping import dump
from ner_tui.store.project import Project

SIZE = 3
"""Characters of an atom, the least that a word is made of: each is another, and numbered through a document."""


class Said(NamedTuple):
    """A span over atoms."""

    document: int
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Part:
    """A sentence as a side has it."""

    document: int
    words: list[range]
    """The atoms of each word; words follow each other."""
    said: frozenset[Said]
    confirmed: bool = True

    @property
    def atoms(self) -> range:
        return range(self.words[0].start, self.words[-1].stop)

    @property
    def texts(self) -> list[str]:
        return ["".join(f"{chr(97 + self.document)}{atom:02}" for atom in word) for word in self.words]

    def spans(self) -> list[TagSpan]:
        starts = {word.start: at for at, word in enumerate(self.words)}
        ends = {word.stop: at for at, word in enumerate(self.words, 1)}
        return sorted(TagSpan(starts[each.start], ends[each.end], each.label) for each in self.said)


@dataclass(frozen=True)
class Side:
    parts: list[Part]
    is_dump: bool

    @property
    def said(self) -> set[Said]:
        return {span for part in self.parts for span in part.said}

    def words_of(self, span: Said) -> str:
        """Return the words of a span, as they are listed."""
        words = [
            text
            for part in self.parts
            if part.document == span.document
            for word, text in zip(part.words, part.texts, strict=True)
            if span.start <= word.start < span.end
        ]
        return f"{span.label} “{' '.join(words)}”"

    def counts(self, document: int, atoms: range) -> bool:
        """Whether it has these atoms, all of them confirmed where it says what is."""
        held = {
            atom
            for part in self.parts
            if part.document == document and (part.confirmed or not self.is_dump)
            for atom in part.atoms
        }
        return held.issuperset(atoms)

    def write(self, name: str) -> str:
        path = Path(f"{name}.jsonl" if self.is_dump else f"{name}.conll")
        path.write_text("".join(self._dumped(name) if self.is_dump else self._columns()))
        return str(path)

    def _columns(self) -> Iterator[str]:
        for at, part in enumerate(self.parts):
            if at and part.document != self.parts[at - 1].document:
                yield "-DOCSTART- O\n\n"
            tags = encode(part.spans(), len(part.words), "iob2")
            yield "".join(f"{word} {tag}\n" for word, tag in zip(part.texts, tags, strict=True)) + "\n"

    def _dumped(self, name: str) -> Iterator[str]:
        lines: list[dict[str, object]] = [{"kind": "project", "version": 1, "annotator": name}]
        lines += [
            {"kind": "label", "name": label, "key": label.lower(), "slot": 1, "description": ""} for label in "XY"
        ]
        source = {"path": f"{name}.conll", "format": "conll", "encoding": "utf-8", "bom": False, "scheme": "iob2"}
        lines.append({"kind": "source", "sha256": "0" * 64, **source})
        for document in sorted({part.document for part in self.parts}):
            parts = [part for part in self.parts if part.document == document]
            lines.append({"kind": "document", "name": f"{name}.conll#{document}", "origin": "tokens", "source": 1,
                          "sentences": len(parts)})  # fmt: skip
            for part in parts:
                text, tokens = " ".join(part.texts) + "\n" * (part is not parts[-1]), list[list[int]]()
                for word in part.texts:
                    start = tokens[-1][1] + 1 if tokens else 0
                    tokens.append([start, start + len(word)])
                spans = [
                    [tokens[span.start][0], tokens[span.end - 1][1], span.label, "person"] for span in part.spans()
                ]
                status = {"status": "confirmed"} if part.confirmed else {}
                lines.append({"kind": "sentence", "line": 1, "text": text, "tokens": tokens, "spans": spans, **status})
        yield from (json.dumps(line) + "\n" for line in lines)


def disjoint(spans: Sequence[Said]) -> frozenset[Said]:
    """Return spans without those that overlap one before them."""
    kept: list[Said] = []
    for span in spans:
        if all(span.document != each.document or span.end <= each.start or each.end <= span.start for each in kept):
            kept.append(span)
    return frozenset(kept)


@st.composite
def sides(draw: st.DrawFn) -> list[Side]:
    """Return what two to four annotators make of one or two documents."""
    lengths = [draw(st.lists(st.integers(1, 6), min_size=2, max_size=4)) for _ in range(draw(st.integers(1, 2)))]
    everywhere = [
        Said(document, start, end, label)
        for document, each in enumerate(lengths)
        for start in range(sum(each))
        for end in range(start + 1, min(start + 3, sum(each)) + 1)
        for label in "XY"
    ]
    some = st.lists(st.sampled_from(everywhere), max_size=6)
    common = draw(some)
    others_words, others_sentences, misses = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())

    def side() -> Side:
        is_dump = draw(st.booleans())
        said = disjoint([*draw(st.lists(st.sampled_from(common), max_size=2) if common else some),
                         *([] if draw(st.booleans()) else draw(some)), *common])  # fmt: skip
        parts: list[Part] = []
        for document, each in enumerate(lengths):
            own = [span for span in said if span.document == document]
            edges = {0, *(sum(each[:at]) for at in range(1, len(each) + 1))}
            if others_sentences:
                edges = {edge for edge in edges if edge in (0, sum(each)) or draw(st.integers(0, 3))}
            cut = list(edges) + [edge for span in own for edge in (span.start, span.end)]
            cut += [edge for edge in range(sum(each)) if not others_words or draw(st.booleans())]
            own = [span for span in own if not any(span.start < edge < span.end for edge in edges)]
            words = [range(*each) for each in pairwise(sorted(set(cut)))]
            bounds = sorted(edges)
            made = [
                Part(
                    document,
                    [word for word in words if low <= word.start < high],
                    frozenset(span for span in own if low <= span.start < high),
                    draw(st.integers(0, 4)) > 0,
                )
                for low, high in pairwise(bounds)
            ]
            if misses and len(made) > 1 and draw(st.booleans()):
                del made[draw(st.integers(0, len(made) - 1))]
            parts += made
        return Side(parts, is_dump)

    return [side() for _ in range(draw(st.integers(2, 4)))]


class Gold(NamedTuple):
    """A sentence of the project that is made."""

    document: int
    atoms: range
    decided: set[Said]
    contested: dict[str, set[Said]]
    is_confirmed: bool

    def overlaps(self, span: Said) -> bool:
        same = span.document == self.document
        return same and span.start < self.atoms.stop and span.end > self.atoms.start


def atoms_of(text: str, before: int, start: int, end: int) -> tuple[int, int]:
    """Return the atoms at ``text[start:end]``, of which so many stand before the text."""
    passed = [len("".join(text[:at].split())) for at in (start, end)]
    assert not any(number % SIZE for number in passed)
    return before + passed[0] // SIZE, before + passed[1] // SIZE


def gold_of(lines: Sequence[dict[str, object]]) -> Iterator[Gold]:
    for line in lines:
        if line["kind"] != "sentence":
            continue
        text = str(line["text"])
        document, before = ord(text[0]) - 97, int(text[1:SIZE])

        def said(start: int, end: int, label: str, at: tuple[str, int, int] = (text, document, before)) -> Said:
            return Said(at[1], *atoms_of(at[0], at[2], start, end), label)

        contested: dict[str, set[Said]] = {}
        for each in line.get("suggested", ()):  # type: ignore[attr-defined]
            contested.setdefault(each["model"], set()).add(said(each["start"], each["end"], each["label"]))
        yield Gold(
            document,
            range(*atoms_of(text, before, 0, len(text))),
            {said(*span[:3]) for span in line.get("spans", ())},  # type: ignore[attr-defined]
            contested,
            line.get("status") == "confirmed",
        )


def exported() -> set[Said]:
    assert main(["export", "gold.ner", "--to", "conll", "-o", "gold.conll"]) == 0
    found = set()
    for item in read(open_source("gold.conll"), "conll"):
        if isinstance(item, AnnotatedSentence):
            text, base = item.sentence.text, item.sentence.start
            document, before = ord(text[0]) - 97, int(text[1:SIZE])
            found |= {
                Said(document, *atoms_of(text, before, span.start - base, span.end - base), span.label)
                for span in item.spans
            }
    return found


def made(paths: Sequence[str]) -> AdjudicationReport | None:
    try:
        return adjudicate(paths, SideOptions(), Path("gold.ner"), blind=False)
    except InputError as error:
        if "have no text in common" not in str(error):
            raise
        return None


def groups(spans: Iterable[Said]) -> int:
    """Return how many groups of overlapping spans there are."""
    number = end = 0
    for span in sorted(spans):
        number += span.start >= end
        end = max(end, span.end)
    return number


@settings(max_examples=examples(240))
@given(sides())
def test_what_all_agree_on_is_decided_and_nothing_else_is(sides: list[Side]) -> None:
    names = [f"side{at}" for at in range(len(sides))]
    with TemporaryDirectory() as folder, chdir(folder):
        report = made([side.write(name) for name, side in zip(names, sides, strict=True)])
        texts = {tuple((part.document, atom) for part in side.parts for atom in part.atoms) for side in sides}
        same_texts = len(texts) == 1
        if report is None:
            assert not same_texts
            return
        with closing(Project.open(Path("gold.ner"), read_only=True)) as project:
            out = StringIO()
            dump(project, out)
        gold = list(gold_of([json.loads(line) for line in out.getvalue().splitlines()]))
        written = exported()
    decided = {span for sentence in gold for span in sentence.decided}
    assert written == decided
    agreed = set.intersection(*(side.said for side in sides))
    assert decided <= agreed
    for sentence in gold:
        here = [{span for span in side.said if sentence.overlaps(span)} for side in sides]
        counts = all(side.counts(sentence.document, sentence.atoms) for side in sides)
        assert counts or not (sentence.decided or sentence.contested or sentence.is_confirmed)
        if sentence.is_confirmed:
            assert all(said == sentence.decided for said in here), "a sentence without a conflict"
        if counts and same_texts:
            assert sentence.decided == set.intersection(*here)
        for name, side, said in zip(names, sides, here, strict=True):
            contested = sentence.contested.get(name, set())
            assert contested <= said
            if not same_texts and not (sentence.decided or sentence.contested or sentence.is_confirmed):
                continue
            for span in said - sentence.decided - contested if counts else ():
                listed = [each for each in report.not_placed if each.startswith(f"{name}: ")]
                assert any(each.endswith(side.words_of(span)) for each in listed)
    conflicts = [set().union(*sentence.contested.values()) for sentence in gold]
    assert (report.agreed, report.conflicts) == (len(decided), sum(map(groups, conflicts)))
