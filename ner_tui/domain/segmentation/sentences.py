"""Sentences of raw text.

A blank line ends a sentence, and so does a line break that was meant (``line_breaks``). Within a line a sentence ends
behind full stops, question and exclamation marks and what closes with them (quotes, brackets, emoticons), and, where a
capital follows, behind what nobody goes on after: an address, a time stamp, a drawn line, ``Best regards,``.
Abbreviations need no care here: a full stop that belongs to one is part of its token.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation import character_kinds as kinds
from ner_tui.domain.segmentation import line_breaks
from ner_tui.domain.segmentation.abbreviations import SENTENCE_STARTERS, SIGN_OFFS
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.domain.segmentation.word_rules import ADDRESS, EMOTICON
from ner_tui.domain.spans import Token, make_token

LONGEST: Final = 1000
"""Tokens: a longer sentence is cut, so that text without any full stop is still read a piece at a time."""

_WINDOW: Final = 1 << 16
"""Characters of a paragraph that are looked at together, unless a sentence is longer."""
_AROUND: Final = 1 << 12
"""Characters of a long paragraph on either side of a sentence's end that are taken into account when it is decided."""
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*")
_CLOSING: Final = frozenset("\"')]}" + kinds.CLOSING_QUOTE)
_OPENING: Final = frozenset("([")
_QUOTES: Final = frozenset("\"'" + kinds.CLOSING_QUOTE)
_MOST_CLOSING: Final = 12
"""Tokens looked at behind a stop; without a limit, a long row of stops would take quadratic time."""
_GOES_ON: Final = frozenset(",;:")
_IDEOGRAPHS: Final = frozenset((kinds.HAN, kinds.HIRAGANA, kinds.KATAKANA, kinds.HANGUL))
_HALVES: Final = frozenset(("AM", "PM", "am", "pm"))
"""Halves of the day, which follow a time."""
_DATE: Final = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\Z")
_TIME: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\Z")
_BEGINNING: Final = frozenset("0123456789*=_~#-")
"""First characters of drawn lines and dates."""
_MARKS: Final = re.compile(
    r"(?P<stop>[.?!…。]+)|(?P<comma>,)|(?P<bracket>[)\]])|(?P<drawn>[*=_~#]{3,}+|[-=_*]{4,}+)"
    rf"|(?P<address>{ADDRESS}|>)|(?P<stamp>(?i:[ap]\.?m\.?)|{_TIME.pattern})|(?P<emoticon>{EMOTICON})"
)
"""Tokens that can be the last of a sentence, each with the name of its rule."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text while it is split."""

    folded: str
    tokens: Sequence[Token]
    words: list[str]
    """The tokens' folded texts."""

    def gap(self, index: int) -> str:
        """Return the text between token ``index`` and the one before it."""
        return self.folded[self.tokens[index - 1].end : self.tokens[index].start]

    def is_new(self, index: int) -> bool:
        """Whether token ``index`` is separate from the one before it and begins with a capital, a digit or a symbol."""
        return bool(self.gap(index)) and not self.words[index][0].islower() and self.words[index][0] not in ".,;:?!)]}"

    def is_capital(self, index: int) -> bool:
        """Whether token ``index`` is separate from the one before it and begins with a capital."""
        return bool(self.gap(index)) and self.words[index][0].isupper()


def _after_stop(text: _Text, first: int, last: int) -> int | None:
    """After full stops, question and exclamation marks, and the quotes, brackets and emoticons that follow them."""
    words, stop = text.words, text.words[last]
    if last == first or (stop == "." and last == first + 1 and (words[first].isdigit() or len(words[first]) == 1)):
        return None
    start, quoted = last + 1, False
    limit = min(len(words), start + _MOST_CLOSING)
    while start < limit:
        gap, word = text.gap(start), words[start]
        if "\n" in gap:
            break
        if word in _CLOSING and (not gap or word not in _QUOTES):
            quoted = quoted or word in _QUOTES
        elif (rule := _rule(word)) != "emoticon" and not (rule == "stop" and (word == "." or not gap)):
            break
        start += 1
    if start == len(words) or words[start] in _GOES_ON:
        return None
    gap, head = text.gap(start), words[start][0]
    if not gap:
        # In Chinese and Japanese a bracket can open right behind the stop.
        inner = min(start + (head in _OPENING), len(words) - 1)
        ideograph = words[inner][0] in _IDEOGRAPHS
        fits = head.isalpha() if stop[-1] in "?!" else head.isupper()
        return start if ideograph or fits or stop[-1] == kinds.FULL_STOP else None
    if head.islower() and (quoted or stop.startswith(("..", kinds.ELLIPSIS))):
        return None
    return start


def _after_emoticon(text: _Text, first: int, last: int) -> int | None:
    return last + 1 if text.is_new(last + 1) else None


def _after_address(text: _Text, first: int, last: int) -> int | None:
    """After an address: ``Mail: a@b.org Next``, ``Ann <a@b.org> Next``, one web address after another."""
    if text.words[last] == ">" and not _is_address(text.words[last - 1]):
        return None
    both_links = "://" in text.words[last] and "://" in text.words[last + 1]
    return last + 1 if both_links or text.is_capital(last + 1) else None


def _after_stamp(text: _Text, first: int, last: int) -> int | None:
    """After a time stamp, as in the head of a mail: ``02/13/2001 08:02 PM Next``."""
    time = last if _TIME.match(text.words[last]) else last - 1
    dated = time > first and _TIME.match(text.words[time]) and _DATE.match(text.words[time - 1])
    ends = dated and text.is_capital(last + 1) and text.words[last + 1] not in _HALVES
    return last + 1 if ends else None


def _after_drawn(text: _Text, first: int, last: int) -> int | None:
    return last + 1 if text.gap(last + 1) and not text.words[last + 1][0].islower() else None


def _after_comma(text: _Text, first: int, last: int) -> int | None:
    """After the end of a letter: ``Best regards, Ann``."""
    phrase = " ".join(text.words[first:last]).lower() if last - first <= 3 else ""
    ends = phrase in SIGN_OFFS and text.is_capital(last + 1) and text.words[last + 1] not in SENTENCE_STARTERS
    return last + 1 if ends else None


def _after_bracket(text: _Text, first: int, last: int) -> int | None:
    """After brackets that come before a sentence, as ``(Reuters) The``."""
    opened = text.words[first] in _OPENING and not any(word in _CLOSING for word in text.words[first:last])
    return last + 1 if opened and text.is_new(last + 1) else None


_RULES: Final[dict[str, Callable[[_Text, int, int], int | None]]] = {
    "stop": _after_stop,
    "emoticon": _after_emoticon,
    "address": _after_address,
    "stamp": _after_stamp,
    "drawn": _after_drawn,
    "comma": _after_comma,
    "bracket": _after_bracket,
}
"""Rule to function of (text, first token of the sentence, token that may be its last): where the next one begins."""


def _rule(word: str) -> str | None:
    match = _MARKS.fullmatch(word)
    return match.lastgroup if match else None


def _is_address(word: str) -> bool:
    return _rule(word) == "address" and word != ">"


def split_sentences(text: str, tokens: Sequence[Token]) -> list[int]:
    """Return the index of the first token of each sentence, ascending, beginning with 0; nothing without tokens."""
    folded = kinds.fold(text)
    view = _Text(folded, tokens, [folded[token.start : token.end] for token in tokens])
    starts = [0] if tokens else []
    for last in _possible_ends(view):
        if last < starts[-1]:
            continue
        while last - starts[-1] >= LONGEST:
            starts.append(starts[-1] + LONGEST)
        start = _next_start(view, starts[-1], last) if last + 1 < len(tokens) else None
        if start is not None:
            starts.append(start)
    return starts


def _possible_ends(text: _Text) -> Iterator[int]:
    """Yield the tokens that can be the last of a sentence, and the last of all: not words within a line."""
    words, tokens = text.words, text.tokens
    ends = [not word.isalpha() or word in _HALVES for word in words]
    begin = [word[0] in _BEGINNING for word in words[1:]]
    if "\n" in text.folded:
        gaps = [text.folded[before.end : after.start] for before, after in pairwise(tokens)]
        begin = [begins or "\n" in gap for begins, gap in zip(begin, gaps, strict=True)]
    possible = (at for at, (here, there) in enumerate(zip(ends, begin, strict=False)) if here or there)
    return chain(possible, [len(words) - 1] if words else [])


def _next_start(text: _Text, first: int, last: int) -> int | None:
    """Return where the next sentence begins if the one that begins at ``first`` ends with token ``last``, or None."""
    following = last + 1
    word, gap = text.words[last], text.gap(following)
    if gap != " " and (position := gap.find("\n")) >= 0:
        blank = gap.find("\n", position + 1) >= 0
        if blank or line_breaks.ends_sentence(text.folded, text.tokens[last].end + position):
            return following
    if not word.isalpha() or word in _HALVES:
        rule = _rule(word)
        start = _RULES[rule](text, first, last) if rule else None
        if start is not None:
            return start
    if _must_begin(text, first, following):
        return following
    return following if following - first >= LONGEST else None


def _must_begin(text: _Text, first: int, start: int) -> bool:
    """Whether token ``start`` cannot continue a sentence: a drawn line, the time stamp after a name."""
    word = text.words[start]
    if word[0] not in _BEGINNING or not text.gap(start):
        return False
    if _rule(word) == "drawn":
        return True
    return bool(
        _DATE.match(word)
        and start + 1 < len(text.words)
        and _TIME.match(text.words[start + 1])
        and (text.words[start - 1][0].isupper() or text.words[start - 1] == ">" or _is_address(text.words[start - 1]))
    )


def segment(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a raw text, which partition it, without reading much further than where they end.

    White space before the first token belongs to the first sentence. Text without a token is one sentence without
    tokens; an empty text has no sentence.
    """
    pending: tuple[int, tuple[Token, ...]] | None = None
    line = counted = 0
    for block_start, block in _paragraphs(text):
        for tokens in _token_groups(block, block_start):
            start = tokens[0].start if pending else 0
            if pending:
                line += text.count("\n", counted, pending[1][0].start)
                counted = pending[1][0].start
                yield Sentence(pending[0], text[pending[0] : start], pending[1], line + 1)
            pending = start, tokens
    if pending:
        line += text.count("\n", counted, pending[1][0].start)
        yield Sentence(pending[0], text[pending[0] :], pending[1], line + 1)
    elif text:
        yield Sentence(0, text, ())


def _token_groups(paragraph: str, base: int) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each sentence of a paragraph at offset ``base``, reading a window of it at a time.

    A window begins with sentences that are known already, and what is close to its end is left to the next one, so
    that each end is decided with the text on both sides of it.
    """
    begun = at = 0
    size = _WINDOW
    while at < len(paragraph):
        window = paragraph[begun : at + size]
        is_last = begun + len(window) == len(paragraph)
        tokens = tokenize(window)
        firsts = split_sentences(window, tokens)
        starts = [begun + tokens[first].start for first in firsts]
        known = bisect_left(starts, at)
        if begun < at and at not in starts[known : known + 1]:
            # In another window a sentence can end elsewhere; the end that was found first counts.
            begun = at
            continue
        ready = len(starts) if is_last else bisect_right(starts, begun + len(window) - _AROUND) - 1
        if ready <= known and not is_last:
            size *= 2
            continue
        shift = base + begun
        for first, end in zip(firsts[known:ready], [*firsts[known + 1 :], len(tokens)], strict=False):
            group = tuple(tokens[first:end])
            yield tuple([make_token((start + shift, end + shift)) for start, end in group]) if shift else group
        if is_last:
            return
        at, size = starts[ready], _WINDOW
        begun = starts[bisect_left(starts, at - _AROUND)]


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a text with their offsets; the blank lines after one belong to it."""
    start = 0
    for match in _BLANK_LINE.finditer(text):
        yield start, text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield start, text[start:]
