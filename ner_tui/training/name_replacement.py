"""Names that take the places of others of their kind: a model is to read the context, not to know the names by heart.

The other names are those of the training sets and those of lists: files of lines ``LABEL TAB name``. What is put in
is written as what was there is: lower case, capitals. A name that comes again in a window is renamed alike, a person's
last name by itself like the whole name before. Left as they are: names with digits or signs (``@ada``, addresses), and
names all in capitals that are short, which may be abbreviations, unless another abbreviation is there for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from ner_tui.domain.schemes import TagSpan, decode, encode
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.errors import InputError
from ner_tui.training.data import Targets, TrainingSentence

PERSON = "PER"
"""The label whose names are renamed by names of as many words, as are those without a list, and whose last word stands
for the whole."""
LISTED = 0.5
"""Share of the new names that come from lists, where there are any for the label."""
TRIES = 8
"""Draws until a name that is written as it has to be."""
SHORT = 4
"""Letters up to which a word in capitals may be an abbreviation."""

_Name = tuple[str, ...]


class Names:
    """Names by label, and windows in which they take each other's places."""

    def __init__(self, targets: Targets) -> None:
        """
        Args:
            targets: what the windows' targets mean.
        """
        self._targets = targets
        self._met: dict[str, list[_Name]] = {}
        self._listed: dict[str, list[_Name]] = {}

    def meet(self, sentences: Iterable[TrainingSentence]) -> None:
        """Take the names of a set; one that comes often is drawn often."""
        for sentence in sentences:
            for span in self._spans(sentence):
                name = sentence.words[span.start : span.end]
                if _is_plain(name):
                    self._met.setdefault(span.label, []).append(name)

    def read(self, path: Path) -> None:
        """Take the names of a list.

        Raises:
            InputError: it cannot be read, or a line is no label and name.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: cannot be read as a list of names: {error}") from error
        for number, line in enumerate(lines, 1):
            label, _, text = line.partition("\t")
            # Words as in the midst of a sentence, where the full stop of `Inc.` is its own.
            name = tuple(text[token.start : token.end] for token in tokenize(f"{text} is") if token.end <= len(text))
            if not label or not name:
                raise InputError(f"{path}:{number}: not a label, a tab and a name")
            self._listed.setdefault(label, []).append(name)

    def replace(self, window: TrainingSentence, random: Random) -> TrainingSentence:
        """Return a window with other names in it."""
        words: list[str] = []
        rows: list[int] = []
        known: dict[tuple[str, _Name], _Name] = {}
        end = 0
        for span in self._spans(window):
            words += window.words[end : span.start]
            rows += window.targets[end : span.start]
            old = window.words[span.start : span.end]
            new = self._other(old, span.label, known, random)
            tags = encode([TagSpan(0, len(new), span.label)], len(new), "iob2")
            words += new
            rows += [self._targets.row(tag, None) for tag in tags]
            end = span.end
        return TrainingSentence((*words, *window.words[end:]), (*rows, *window.targets[end:]))

    def _spans(self, sentence: TrainingSentence) -> list[TagSpan]:
        """Return the names; doubtful and ignored words are none."""
        tags = self._targets.tags
        return decode([tags[row] if 0 <= row < len(tags) else "O" for row in sentence.targets])

    def _other(self, old: _Name, label: str, known: dict[tuple[str, _Name], _Name], random: Random) -> _Name:
        key = label, tuple(word.lower() for word in old)
        if not _is_plain(old):
            return old
        if key not in known:
            known[key] = self._draw(old, label, random)
            if label == PERSON:
                known.setdefault((label, key[1][-1:]), known[key][-1:])
        return known[key]

    def _draw(self, old: _Name, label: str, random: Random) -> _Name:
        pools = [self._met.get(label), self._listed.get(label)]
        style = _style(old)
        for _ in range(TRIES):
            pool = pools[random.random() < LISTED] or pools[0] or pools[1]
            if not pool:
                break
            new = random.choice(pool)
            if label == PERSON and len(old) == 1:
                new = random.choice((new[:1], new[-1:], new[-1:]))
            if len(new) != len(old) and (label == PERSON or label not in self._listed):
                continue
            if style == "short" and _style(new) != "short":
                continue
            if style == "title" and _style(new) not in ("title", "short"):
                continue
            return tuple(map(str.lower if style == "lower" else str.upper, new)) if style in ("lower", "upper") else new
        return old


def _is_plain(name: Sequence[str]) -> bool:
    """Whether a name is one of letters."""
    return any(word[:1].isalpha() for word in name) and not any(
        any(sign in word for sign in "@#_/0123456789") for word in name
    )


def _style(name: Sequence[str]) -> str:
    text = "".join(name)
    if text == text.lower():
        return "lower"
    if text == text.upper():
        return "short" if max(map(len, name)) <= SHORT else "upper"
    return "title"
