"""Checks of annotated files: what is wrong or odd in their sentences.

Nothing is kept of a sentence but two hashes and its place, so a corpus of any size can be checked.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.scheme_inference import count_broken
from ner_tui.domain.schemes import SCHEMES, Repair, repair, split_tag, transitions, validate

CheckKind = Literal["tag", "columns", "label", "word", "duplicate", "conflict", "schemes", "reading"]
KINDS: dict[CheckKind, str] = {
    "tag": "tags that break the scheme",
    "columns": "lines with too few or too many columns",
    "label": "labels that are not in the list",
    "word": "words with spaces, control or invisible characters, or none at all",
    "duplicate": "sentences that occurred before",
    "conflict": "sentences that occurred before with other labels",
    "schemes": "files of mixed schemes",
    "reading": "places that were read with a guess, or not at all",
}
"""What is looked for, as people read it."""

_LEAST_MIXED = 2
"""Sentences that must be right in another scheme before a file counts as mixed: one is a slip."""
_JOINERS = frozenset("\u200c\u200d")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Something wrong or odd at one place."""

    path: str
    line: int
    """Counted from 1."""
    kind: CheckKind
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """Where a sentence occurred first, and a hash of how it was labelled; None in a file without labels."""

    path: str
    line: int
    spans: int | None


class Earlier:
    """The sentences of all files checked so far, as hashes of their words."""

    def __init__(self) -> None:
        self._first: dict[int, _Occurrence] = {}

    def compare_with_earlier(self, sentence: TaggedSentence, *, labelled: bool) -> Iterator[CheckFinding]:
        """Remember a sentence, and yield a finding if it occurred before.

        Args:
            labelled: it has labels, or could have them.
        """
        path, line = sentence.path, sentence.lines[0]
        now = _Occurrence(path, line, hash(tuple(sentence.spans)) if labelled else None)
        first = self._first.setdefault(hash(tuple(sentence.words)), now)
        if first is now:
            return
        place = f"line {first.line}" if first.path == path else f"{first.path}:{first.line}"
        if None in (first.spans, now.spans) or first.spans == now.spans:
            yield CheckFinding(path, line, "duplicate", f"the same sentence as at {place}")
        else:
            yield CheckFinding(path, line, "conflict", f"the same sentence is labelled differently at {place}")


@dataclass
class FileCheck:
    """The check of one file, sentence by sentence."""

    path: str
    scheme: str | None
    """A key of ``SCHEMES`` that the tags are held against; None: the file has no tags."""
    labelled: bool
    """Whether the format has labels, in tags or otherwise."""
    labels: frozenset[str] | None
    """The labels there may be; None for any."""
    seen: Earlier
    sentences: int = 0
    words: int = 0
    spans: int = 0
    _transitions: Counter[tuple[str, str]] = field(default_factory=Counter)
    _mixed: dict[str, list[int]] = field(default_factory=dict)
    """Of the sentences that break the scheme: those right in another one, by that, as [number, line of the first]."""
    _wrong: int = 0
    """Sentences that break the scheme."""

    def sentence(self, sentence: TaggedSentence) -> Iterator[CheckFinding]:
        """Yield what is wrong with a sentence, by line."""
        self.sentences += 1
        self.words += len(sentence.words)
        self.spans += len(sentence.spans)
        yield from sorted(self._findings(sentence), key=lambda finding: finding.line)

    def _findings(self, sentence: TaggedSentence) -> Iterator[CheckFinding]:
        for at, word in enumerate(sentence.words):
            if reason := word_problem(word):
                yield CheckFinding(self.path, sentence.lines[at], "word", reason)
        yield from self._tags(sentence)
        if self.labels is not None:
            for span in sentence.spans:
                if span.label not in self.labels:
                    known = ", ".join(sorted(self.labels))
                    line = sentence.lines[span.start]
                    yield CheckFinding(self.path, line, "label", f"{span.label} is not among the labels {known}")
        if sentence.words:
            yield from self.seen.compare_with_earlier(sentence, labelled=self.labelled)

    def _tags(self, sentence: TaggedSentence) -> Iterator[CheckFinding]:
        tags = sentence.tags
        if self.scheme is None or tags.count("O") == len(tags):
            return
        self._transitions.update(transitions(tags))
        problems = validate(tags, self.scheme)
        if not problems:
            return
        self._wrong += 1
        for name in SCHEMES:
            if not validate(tags, name):
                self._mixed.setdefault(name, [0, sentence.lines[0]])[0] += 1
        for problem in problems:
            yield CheckFinding(self.path, sentence.lines[problem.token], "tag", problem.reason)

    @property
    def broken(self) -> dict[str, int]:
        """How many tags so far break each scheme, by its key."""
        return count_broken(self._transitions)

    def finish(self) -> Iterator[CheckFinding]:
        """Yield the findings about the file, after its last sentence."""
        if self.scheme is None or not self._mixed:
            return
        order = list(SCHEMES)
        name, (number, line) = min(self._mixed.items(), key=lambda item: (-item[1][0], order.index(item[0])))
        if number >= _LEAST_MIXED and number * 2 >= self._wrong:
            title, other = SCHEMES[self.scheme].title, SCHEMES[name].title
            broken = counted(number, f"sentence breaks {title} but is", f"sentences break {title} but are")
            yield CheckFinding(self.path, line, "schemes", f"{broken} right in {other}, from here on")


def word_problem(word: str) -> str:
    """Return what is odd about the characters of a word; empty if nothing is."""
    if word.isascii() and word.isprintable() and word and " " not in word:
        return ""
    if not word:
        return "the word is empty"
    for at, character in enumerate(word):
        reason = _character_problem(word, at, character)
        if reason:
            return f"the word holds {reason} (U+{ord(character):04X}) at character {at + 1} of {len(word)}"
    return ""


def _character_problem(word: str, at: int, character: str) -> str:
    if character == _REPLACEMENT:
        return "the stand-in of a character that was lost"
    if character.isprintable() and character != " ":
        return ""
    category = unicodedata.category(character)
    if category == "Zs":
        return "a space"
    if category in ("Zl", "Zp"):
        return "a line separator"
    if category == "Cf":
        return "" if _belongs(word, at, character) else "an invisible character"
    return "a control character" if category == "Cc" else ""


def _belongs(word: str, at: int, character: str) -> bool:
    """Whether a joiner or a tag is part of how a word is written, as in Persian, Hindi or emoji."""
    inside = 0 < at < len(word) - 1
    if character in _JOINERS:
        return inside and not word[at - 1].isascii() and not word[at + 1].isascii()
    return "\U000e0020" <= character <= "\U000e007f" and "\U0001f3f4" in word[:at]


def repaired_tags(tags: Sequence[str], scheme: str, how: Repair) -> dict[int, str]:
    """Return the tags of a sentence that a repair changes, by index; see ``schemes.repair``.

    A tag that says the same in another spelling, such as ``o`` or a lower-case prefix, stays.

    Raises:
        CannotEncode: see ``schemes.encode``.
    """
    if not validate(tags, scheme):
        return {}
    right = repair(tags, scheme, how)
    return {at: new for at, (old, new) in enumerate(zip(tags, right, strict=True)) if not _alike(old, new, scheme)}


def _alike(old: str, new: str, scheme: str) -> bool:
    (prefix, label), (new_prefix, new_label) = split_tag(old), split_tag(new)
    return label == new_label and (prefix or SCHEMES[scheme].bare or "?") == new_prefix
