"""Which line breaks end a sentence: those of lists, tables, headlines and lines that were ended by hand.

In wrapped prose a line goes on until the next word no longer fits. Where the first word of the next line would have
fitted, somebody meant the break.
"""

from __future__ import annotations

import re
from typing import Final

from ner_tui.domain.kinds import HAN, HANGUL, HIRAGANA, KATAKANA

_NARROWEST: Final = 40
"""Characters: nobody wraps prose narrower, so a break in a shorter line is meant."""
_NARROWEST_IDEOGRAPHS: Final = 20
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+•·–—▪◦‣§]|\(?(?:[0-9]{1,3}|[A-Za-z]|[ivx]{1,5})[.)]|#{1,6})[ \t]")
_TABLE: Final = re.compile(r"\S(?:[^\S\n]*\t|[^\S\n]{3,}|[^\S\n]*\|)[^\S\n]*\S")
_QUOTED: Final = re.compile(r"[>\s]*")
_FIRST_WORD: Final = re.compile(r"\S{0,80}")
_UNFINISHED: Final = re.compile(
    r"(?:[,;&(–—-]|(?<![A-Za-z])(?i:a|an|the|of|in|on|at|to|for|from|by|with|and|or|but|nor|as|than|that|which|who|"
    r"whose|is|are|was|were|be|been|has|have|had|will|would|can|could|may|should|not|no|its|his|her|their|our|my|your|"
    r"this|these|those|into|over|under|between|about|after|before|during|against|de|van|von|mr|mrs|dr|st)\.?)\s*\Z"
)


def is_meant(folded: str, position: int) -> bool:
    """Whether the line break at ``position``, where ``folded`` holds a newline, ends a sentence."""
    line_start = folded.rfind("\n", 0, position) + 1
    next_end = folded.find("\n", position + 1)
    next_end = len(folded) if next_end < 0 else next_end
    if _ITEM.match(folded, position + 1, next_end):
        return True
    if _TABLE.search(folded, line_start, position) or _TABLE.search(folded, position + 1, next_end):
        return True
    first = _QUOTED.match(folded, position + 1, next_end)
    word = _FIRST_WORD.match(folded, first.end() if first else position + 1, next_end)
    if word is None or not word[0] or word[0][0].islower():
        return False
    if _UNFINISHED.search(folded, max(line_start, position - 20), position):
        return False
    previous_start = folded.rfind("\n", 0, max(line_start - 1, 0)) + 1
    length = len(folded[line_start:position].rstrip())
    ideographs = word[0][0] in (HAN, HIRAGANA, KATAKANA, HANGUL)
    width = max(length, line_start - 1 - previous_start, next_end - position - 1)
    if ideographs:
        # Lines end a character or two early where a mark may not stand at an end.
        return length + 3 <= max(width, _NARROWEST_IDEOGRAPHS)
    return length + 1 + len(word[0]) <= max(width, _NARROWEST)
