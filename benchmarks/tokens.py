"""Measure tokens and sentences of raw text against a Universal Dependencies treebank.

    python -m benchmarks.tokens TREEBANK.conllu [--json] [--differences N]

Documents are rebuilt from ``SpaceAfter=No``: ``# newdoc`` begins a document, ``# newpar`` stands behind a blank line,
other sentences are joined by one space. The words of a multiword token count where they concatenate to its surface,
otherwise the surface counts. A token or a sentence is right where its start and its end are. Where sentencex and
spaCy are installed, their figures stand beside ours.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# Run as a file, Python puts this folder on the path in place of the repository's root.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ner_tui.domain.segmentation.sentences import split_sentences
from ner_tui.domain.segmentation.tokens import tokenize

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gold:
    """A document of the treebank: its text, and ``[start, end)`` of its tokens and sentences."""

    text: str
    tokens: list[Range]
    sentences: list[Range]


@dataclass(frozen=True, slots=True)
class Found:
    """What a program finds in a text; None where it has no opinion."""

    tokens: list[Range] | None
    sentences: list[Range] | None


@dataclass(frozen=True, slots=True)
class Score:
    """Percentages."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a program reaches; None where it has no opinion."""

    program: str
    tokens: Score | None
    sentences: Score | None
    characters_per_second: int
    """Code points, tokens and sentences together."""


@dataclass(slots=True)
class _Builder:
    """A document while its sentences are being read."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    tokens: list[Range] = field(default_factory=list)
    sentences: list[Range] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def add_sentence(self, words: list[tuple[str, list[str], bool]], paragraph: bool) -> bool:
        """Append a sentence of (surface, words, space after) and return whether a space follows it."""
        if self.parts and paragraph:
            self.add("\n\n")
        first, space = self.length, False
        for index, (surface, parts, space_after) in enumerate(words):
            if index and space:
                self.add(" ")
            start = self.length
            self.add(surface)
            for part in parts if "".join(parts) == surface else [surface]:
                self.tokens.append((start, start + len(part)))
                start += len(part)
            space = space_after
        self.sentences.append((first, self.length))
        return space

    def gold(self) -> Gold:
        return Gold("".join(self.parts), self.tokens, self.sentences)


def read_treebank(lines: Iterable[str]) -> Iterator[Gold]:
    """Yield the documents of a CoNLL-U file."""
    document, space, paragraph = _Builder(), False, False
    words: list[tuple[str, list[str], bool]] = []
    covered = 0
    for raw in lines:
        line = raw.rstrip("\n")
        if line.startswith("#"):
            if line.startswith("# newdoc"):
                if document.parts:
                    yield document.gold()
                document, space = _Builder(), False
            elif line.startswith("# newpar"):
                paragraph = True
        elif line:
            columns = line.split("\t")
            number, form, space_after = columns[0], columns[1], "SpaceAfter=No" not in columns[9].split("|")
            if "-" in number:
                covered = int(number.split("-")[1])
                words.append((form, [], space_after))
            elif "." not in number and int(number) <= covered:
                words[-1][1].append(form)
            elif "." not in number:
                words.append((form, [form], space_after))
        elif words:
            if space and not paragraph:
                document.add(" ")
            space = document.add_sentence(words, paragraph)
            words, covered, paragraph = [], 0, False
    if words:
        if space and not paragraph:
            document.add(" ")
        document.add_sentence(words, paragraph)
    if document.parts:
        yield document.gold()


def ours(text: str) -> Found:
    """Tokens and sentences of this project."""
    tokens = tokenize(text)
    starts = split_sentences(text, tokens)
    ends = [*starts[1:], len(tokens)] if starts else []
    return Found(
        [(start, end) for start, end in tokens],
        [(tokens[first].start, tokens[end - 1].end) for first, end in zip(starts, ends, strict=True)],
    )


def sentencex() -> Callable[[str], Found]:
    """The sentencex package, which splits sentences only."""
    segment: Callable[[str, str], list[str]] = importlib.import_module("sentencex").segment

    def find(text: str) -> Found:
        found, position = [], 0
        for piece in segment("en", text):
            if stripped := piece.strip():
                start = text.index(stripped, position)
                position = start + len(stripped)
                found.append((start, position))
        return Found(None, found)

    return find


def spacy() -> Callable[[str], Found]:
    """spaCy's rules for English, which need no model."""
    nlp: Any = importlib.import_module("spacy").blank("en")
    nlp.add_pipe("sentencizer")

    def find(text: str) -> Found:
        document = nlp(text)
        sentences = []
        for sentence in document.sents:
            inked = [token for token in sentence if not token.is_space]
            if inked:
                sentences.append((inked[0].idx, inked[-1].idx + len(inked[-1])))
        return Found([(token.idx, token.idx + len(token)) for token in document if not token.is_space], sentences)

    return find


def score(pairs: list[tuple[list[Range], list[Range] | None]]) -> Score | None:
    """Compare the gold and the found ranges of each document."""
    right = wanted = made = 0
    for gold, found in pairs:
        if found is None:
            return None
        right += len(set(gold) & set(found))
        wanted += len(gold)
        made += len(found)
    precision, recall = 100 * right / max(made, 1), 100 * right / max(wanted, 1)
    return Score(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def measure(program: str, find: Callable[[str], Found], documents: list[Gold]) -> tuple[Figures, list[Found]]:
    """Run a program over the documents and score it."""
    began = time.perf_counter()
    found = [find(document.text) for document in documents]
    seconds = time.perf_counter() - began
    pairs = list(zip(documents, found, strict=True))
    tokens = score([(gold.tokens, mine.tokens) for gold, mine in pairs])
    sentences = score([(gold.sentences, mine.sentences) for gold, mine in pairs])
    return Figures(program, tokens, sentences, round(sum(len(gold.text) for gold in documents) / seconds)), found


def differences(documents: list[Gold], found: list[Found]) -> Counter[str]:
    """Count the stretches between common boundaries that gold and ours cut differently."""
    counts: Counter[str] = Counter()
    for gold, mine in zip(documents, found, strict=True):
        ours_by_start = sorted(set(mine.tokens or []) - set(gold.tokens))
        for start, end in sorted(set(gold.tokens) - set(mine.tokens or [])):
            touching = [(s, e) for s, e in ours_by_start if s < end and start < e]
            first = min([start, *(s for s, _ in touching)])
            last = max([end, *(e for _, e in touching)])
            cut = " ".join(gold.text[s:e] for s, e in gold.tokens if first <= s and e <= last)
            made = " ".join(gold.text[s:e] for s, e in mine.tokens or [] if first <= s and e <= last)
            counts[f"gold {cut!r:30} ours {made!r}"] += 1
    return counts


def table(rows: list[Figures]) -> str:
    """Format figures as aligned columns."""
    lines = [f"{'':10}{'token P':>9}{'R':>7}{'F1':>7}{'sent. P':>10}{'R':>7}{'F1':>7}{'characters/s':>15}"]
    for row in rows:
        tokens, sentences = columns(row.tokens), columns(row.sentences)
        lines.append(f"{row.program:10}  {tokens}   {sentences}{row.characters_per_second:>15,}")
    return "\n".join(lines)


def columns(score: Score | None) -> str:
    """Format three percentages, seven cells each."""
    values = (score.precision, score.recall, score.f1) if score else ()
    return "".join(f"{value:7.2f}" for value in values) or f"{'-':>7}" * 3


def main(arguments: list[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("treebank", type=Path, help="a CoNLL-U file")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    parser.add_argument("--differences", type=int, default=0, metavar="N", help="also print the N commonest")
    options = parser.parse_args(arguments)
    try:
        with options.treebank.open(encoding="utf-8") as lines:
            documents = list(read_treebank(lines))
    except OSError as error:
        parser.error(f"cannot read {options.treebank}: {error.strerror}")
    figures, found = measure("ner-tui", ours, documents)
    rows = [figures]
    for program, build in (("sentencex", sentencex), ("spaCy", spacy)):
        try:
            find = build()
        except ImportError:
            continue
        rows.append(measure(program, find, documents)[0])
    print(json.dumps([asdict(row) for row in rows], indent=2) if options.json else table(rows))
    for line, count in differences(documents, found).most_common(options.differences):
        print(f"{count:4} {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
