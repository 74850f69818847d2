"""Text that wants to be obeyed, and how to tell from what a terminal got whether it was."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

CANARY = "KANARI"
"""Stands in every payload, so that what is shown can be asked for it."""
COLOUR = "38;2;13;37;42"
"""A colour that nothing but a payload asks for."""
MARKUP = f"[bold]MARKUP[/bold]{CANARY}"

WORDS = {
    "colour": f"\x1b[{COLOUR}m{CANARY}",
    "clear": f"\x1b[2J\x1b[9;9H\x1b[?1049l{CANARY}",
    "reset": f"\x1bc{CANARY}\x1b(0",
    "title": f"\x1b]0;{CANARY}\x07",
    "clipboard": f"\x1b]52;c;S0FOQVJJ\x07{CANARY}",
    "hyperlink": f"\x1b]8;;http://kanari.example\x1b\\{CANARY}\x1b]8;;\x1b\\",
    "device control": f"\x1bPq#0;2;0;0;0{CANARY}\x1b\\\x1b_G{CANARY}\x1b\\\x1b^{CANARY}\x1b\\",
    "answer back": f"\x1b[c\x1b[6n\x05{CANARY}",
    "c1": f"\x9b31m{CANARY}\x9d52;c;S0FO\x9c\x90q\x84",
    "controls": f"{CANARY}\x01\x07\x08\x0b\x0c\x0e\x0f\x1c\x1d\x1f\x7f",
    "over": f"{CANARY}\rover",
    "next line": f"{CANARY}\x85\u2028\u2029",
    "markup": MARKUP,
    "unclosed": f"[/]{CANARY}[/nothing][",
    "click": f"[@click=app.quit]{CANARY}[/]",
    "link": f"[link=http://kanari.example]{CANARY}[/link]",
    "markdown": f"**{CANARY}**[x](http://kanari.example)`#`<b>&#27;&rlm;",
    "bidi": f"\u202e{CANARY}\u2066x\u2069\u202c\u200f\u061c",
    "unseen": f"{CANARY}\u200b\u2060\ufeff\u00ad\u200d\u034f\u3164\u115f\u2800",
    "tags": f"{CANARY}\U000e0041\U000e0042\U000e007f",
    "selectors": f"{CANARY}\ufe0f\U000e0100",
    "marks": CANARY + "\u0301" * 500,
    "homoglyph": f"\u041a\u0410NARI{CANARY}",
    "path": f"../../{CANARY}",
}
"""Payloads that are single words: no blank, tab or line feed."""
LABELS = (
    "../../x",
    "[bold]x",
    "[/]",
    "\x1b]52;c;S0FO\x07",
    f"\x1b[{COLOUR}mX",
    "\u202eGRO",
    "\u041eRG",
    "A\u0301\u200b",
)
"""Names of labels; the last but one looks like ORG."""
NAME = f"\x1b]0;{CANARY}\x07\n[bold]MARKUP[bold]\u202e\x1b[{COLOUR}m"
"""A name of a file, without suffix."""

_STYLE = re.compile(r"\x1b\[[0-9;:]*m")
_SCREEN = re.compile(r"\x1b\[(?:[0-9;:]*m|\d+;\d+H|\?(?:2026|25)[hl])|\x1b\]22;[a-z-]*\x07")
"""What draws a screen: styles, places, the cursor, a drawing's beginning and end, and the pointer's shape."""
_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def obeyed(sent: str, *, screen: bool = False) -> list[str]:
    """Return what a terminal would obey in ``sent``, or hide, but for what the program itself sends.

    Args:
        screen: ``sent`` was drawn by the app; else it was printed, and only styles and line ends may be in it.
    """
    rest = (_SCREEN if screen else _STYLE).sub("", sent).replace("\r\n", "\n")
    odd = [f"U+{ord(each):04X}" for each in rest if unicodedata.category(each) in _OBEYED and each not in "\n\t"]
    return [*re.findall(rf"\x1b\[[0-9;]*{COLOUR}m", sent), *odd]


def taken_for_markup(shown: str) -> list[str]:
    """Return the lines in which the word of ``MARKUP`` is there without the bracket before it, but for cut ones.

    The keys of labels, which stand between its tokens, are left out of account. In a column that is too narrow a line
    ends with the bracket, and the next one begins with the word.
    """
    lines = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]", "", shown).split("\n")
    return [
        line
        for before, line in pairwise(["", *lines])
        if (found := re.search(r"(?<=[^\]…])MARKUP", line))
        and not (not line[: found.start()].strip() and re.search(r"\[bold\] *\r?$", before))
    ]
