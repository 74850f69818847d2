"""Which line breaks end a sentence: those of lists, tables, headlines and lines that were ended by hand.

In wrapped prose a line goes on until the next word no longer fits. Where the first word of the next line would have
fitted, somebody meant the break.
"""

from __future__ import annotations

import re
from typing import Final

from ner_tui.domain.segmentation.character_kinds import EM_DASH, EN_DASH, HAN, HANGUL, HIRAGANA, KATAKANA, SYMBOL

_NARROWEST: Final = 40
"""Characters: nobody wraps prose narrower, so a break in a shorter line ends a sentence."""
_NARROWEST_IDEOGRAPHS: Final = 20
_ITEM: Final = re.compile(
    rf"[ \t]*(?:[-*+{EN_DASH}{EM_DASH}{SYMBOL}]|\(?(?:[0-9]{{1,3}}|[A-Za-z]|[ivx]{{1,5}})[.)]|#{{1,6}})[ \t]"
)
_TABLE: Final = re.compile(r"\S(?:[^\S\n]{3,}+|[ ]{0,2}\t[^\S\n]*+|[^\S\n]*+\|[^\S\n]*+)\S")
_OPENING: Final = re.compile(r"[>\s]*+(?P<word>\S{1,80})")
"""The first word of a line, behind the marks of quoted mail."""
_CONTINUES: Final = (
    "a an the of in on at to for from by with and or but nor as than that which who whose is are was were be been has "
    "have had will would can could may should not no its his her their our my your this these those into over under "
    "between about after before during against de van von mr mrs dr st"
).split()
_UNFINISHED: Final = re.compile(
    rf"(?:[,;&({EN_DASH}{EM_DASH}-]|(?<![A-Za-z])(?i:{'|'.join(_CONTINUES)})\.?)\s*\Z",
)
"""A line that ends like this continues in the next one, however short it is."""


def _is_table(line: str) -> bool:
    # Most lines have nothing that separates columns; to see that takes less time than to try at each character.
    if "|" not in line and "   " not in line and line.isprintable():
        return False
    return _TABLE.search(line) is not None


def ends_sentence(folded: str, position: int) -> bool:
    """Whether the line break at ``position``, where ``folded`` holds a newline, ends a sentence."""
    line_start = folded.rfind("\n", 0, position) + 1
    next_end = folded.find("\n", position + 1)
    next_end = len(folded) if next_end < 0 else next_end
    if _ITEM.match(folded, position + 1, next_end):
        return True
    if _is_table(folded[line_start:position]) or _is_table(folded[position + 1 : next_end]):
        return True
    opening = _OPENING.match(folded, position + 1, next_end)
    word = opening["word"] if opening else ""
    if not word or word[0].islower():
        return False
    # Twenty characters hold the longest of these words and some white space.
    if _UNFINISHED.search(folded, max(line_start, position - 20), position):
        return False
    previous_start = folded.rfind("\n", 0, max(line_start - 1, 0)) + 1
    length = len(folded[line_start:position].rstrip())
    ideographs = word[0] in (HAN, HIRAGANA, KATAKANA, HANGUL)
    width = max(length, line_start - 1 - previous_start, next_end - position - 1)
    if ideographs:
        # Lines end a character or two early where a mark may not stand at an end.
        return length + 3 <= max(width, _NARROWEST_IDEOGRAPHS)
    return length + 1 + len(word) <= max(width, _NARROWEST)
