"""Tokens of raw text: words and punctuation.

The cut is that of the Universal Dependencies English Web Treebank: clitics (``do|n't``, ``John|'s``), punctuation, and
most hyphens (``New|York|-|based``) are tokens; numbers, web addresses, mail addresses, file names, emoticons, ``U.S.``
and runs of one mark (``...``) are one token each. A full stop stays with an abbreviation, unless it also ends the
sentence. Han characters and Hiragana are a token each, so that any name can be selected; Katakana and Hangul go by
runs, Thai, Lao, Khmer and Myanmar by consonant with its vowels and marks. Emoji sequences and letters with combining
marks are never cut.

Every character is in a token except white space and what is invisible (``kinds.INVISIBLE``, and ``kinds.GLUE`` and
``kinds.JOINER`` with nothing before them); a token holds no white space and nothing ``INVISIBLE``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final

from ner_tui.domain.segmentation import abbreviations
from ner_tui.domain.segmentation.character_kinds import fold
from ner_tui.domain.segmentation.word_rules import ANY, CAPITAL, IN_WORD, RULES
from ner_tui.domain.spans import Token, make_token

_STOPPED: Final = frozenset({"dotted", "initials"})
"""Rules whose match may end in the full stop of its sentence."""
_SPLIT_FURTHER: Final = frozenset({"plain", "word"}) | _STOPPED

_CLITIC: Final = re.compile(r"(?:(?<=.)n['`]t|['`](?:s|m|d|re|ve|ll))\Z", re.IGNORECASE)
_CONTRACTIONS: Final[dict[str, tuple[int, ...]]] = {
    word.replace("|", ""): tuple(len(part) for part in word.split("|"))
    for word in (
        "can|not wan|na gon|na got|ta du|n|no lem|me gim|me out|ta d'|ye i|m i|ve you|re they|re that|s "
        "what|s he|s she|s ca|nt wo|nt do|nt does|nt did|nt is|nt are|nt was|nt were|nt have|nt has|nt had|nt would|nt "
        "could|nt should|nt must|nt ai|nt"
    ).split()
}
"""Words written together without an apostrophe, and the lengths of their parts."""
_LONGEST_CONTRACTION: Final = max(map(len, _CONTRACTIONS))

_GAP: Final = r"(?:[^\S\n]{1,3}|[^\S\n]{0,3}\n[^\S\n]{0,20})"
"""A space or a line break, never a blank line: what follows that says nothing about the word."""
_NUMBER_NEXT: Final = re.compile(rf"{_GAP}?[0-9]")
_CAPITAL_NEXT: Final = re.compile(rf"{_GAP}[{CAPITAL}]")
_NOTHING_NEXT: Final = re.compile(r"[\"'”]?(?:\s*+\Z|[^\S\n]*+\n[^\S\n]*+\n)")
_TITLE_NEXT: Final = re.compile(rf"[\"'”]?{_GAP}(?P<word>[A-Z][a-z]{{0,15}})(?![{IN_WORD}-])")


@cache
def _scanner() -> re.Pattern[str]:
    """Build one expression of all rules; neighbours with the same beginnings are tried only where those stand.

    Compiling it takes some 15 ms, which importing this module should not.
    """
    parts = []
    for beginning, rules in groupby(RULES, key=lambda rule: rule[1]):
        names = "|".join(f"(?P<{name}>{pattern})" for name, _, pattern in rules)
        parts.append(names if beginning == ANY else f"(?={beginning})(?:{names})")
    return re.compile(f"(?={ANY})(?:{'|'.join(parts)})")


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, ascending and disjoint; offsets are code points."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for match in _scanner().finditer(folded):
        start, end = match.span()
        rule = match.lastgroup
        if rule in _SPLIT_FURTHER:
            stop = rule in _STOPPED and folded[end - 1] == "." and not _keeps_stop(folded, start, end)
            word = folded[start : end - stop]
            if "'" in word or "`" in word or (len(word) <= _LONGEST_CONTRACTION and word.lower() in _CONTRACTIONS):
                found.extend(_parts(word, start))
            else:
                found.append((start, end - stop))
            if stop:
                found.append((end - 1, end))
        else:
            found.append((start, end))
    return list(map(make_token, found))


def _parts(word: str, start: int) -> Iterator[tuple[int, int]]:
    """Cut the clitics off a word that begins at ``start``."""
    lengths = _CONTRACTIONS.get(word.lower())
    if lengths is None:
        lengths = _clitics(word) if "'" in word or "`" in word else (len(word),)
    for length in lengths:
        yield start, start + length
        start += length


def _clitics(word: str) -> tuple[int, ...]:
    lengths: list[int] = []
    end = len(word)
    # Three characters are the longest clitic; the lookbehind wants one more to stay.
    while (match := _CLITIC.search(word[max(0, end - 4) : end])) and (start := max(0, end - 4) + match.start()) > 0:
        lengths.append(end - start)
        end = start
    return (end, *reversed(lengths))


def _keeps_stop(folded: str, start: int, end: int) -> bool:
    """Whether the full stop at ``end - 1`` belongs to the word before it, and does not end the sentence."""
    word = folded[start : end - 1]
    if word in abbreviations.BEFORE_A_NUMBER and _NUMBER_NEXT.match(folded, end):
        return True
    if word in abbreviations.BEFORE_A_NAME or word.lower() in abbreviations.BEFORE_MORE:
        return _NOTHING_NEXT.match(folded, end) is None
    if len(word) == 1:
        return word.isupper() and _CAPITAL_NEXT.match(folded, end) is not None and not _ends_sentence(folded, end)
    if word in abbreviations.AFTER_ALL and _CAPITAL_NEXT.match(folded, end):
        return False
    known = "." in word or word in abbreviations.CAPITALISED or word.lower() in abbreviations.ANY_CASE
    return known and not _ends_sentence(folded, end)


def _ends_sentence(folded: str, end: int) -> bool:
    following = _TITLE_NEXT.match(folded, end)
    starts = following is not None and following["word"] in abbreviations.SENTENCE_STARTERS
    return starts or _NOTHING_NEXT.match(folded, end) is not None
