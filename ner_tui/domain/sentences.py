from __future__ import annotations

import re
from collections.abc import Sequence

from ner_tui.domain.spans import Token

_BLANK = re.compile(r"\n[^\S\n]*\n")
_CLOSERS = frozenset("\"')]}”’»›」』）】")
_QUOTES = frozenset("\"'”’»")
_OPENERS = frozenset("\"'([{“‘«‹「『（【*<>-–—•·#@~+=_|")
_STOP = re.compile(r"[.!?…。]+\Z")
_EMOTICON = re.compile(r"[:;=8xX<(>].*[)(\]\[DPpOo3|*:;]+\Z|\^_*\^|[xX]D+\Z")
P = dict(dot_lower=True, ell_upper=True, ell_lower=False, bang_lower=True, emo=True, two=True)


def split_sentences(text: str, tokens: Sequence[Token]) -> list[int]:
    n = len(tokens)
    starts = [0] if tokens else []
    w = [text[a:b] for a, b in tokens]
    i = 0
    while i < n - 1:
        t = w[i]
        cut = False
        j = i + 1
        gap = text[tokens[i].end : tokens[j].start]
        if "\n" in gap:
            cut = True
        elif t[-1] in ".!?…。" and len(t.strip(".!?…。")) == 0:
            q = False
            while j < n:
                g = text[tokens[j - 1].end : tokens[j].start]
                if "\n" in g:
                    break
                if w[j] in _CLOSERS and (not g or w[j] in ")]}”»"):
                    q = q or w[j] in _QUOTES
                elif _EMOTICON.match(w[j]) and len(w[j]) > 1:
                    pass
                else:
                    break
                j += 1
            if j < n:
                g = text[tokens[j - 1].end : tokens[j].start]
                c = w[j][0]
                lower = c.islower()
                first = starts[-1]
                if "\n" in g:
                    cut = True
                elif not g and not (c.isupper() or t == "。"):
                    cut = False
                elif t == "." and i - first == 1 and (w[first].isdigit() or len(w[first]) == 1):
                    cut = False
                elif t == ".":
                    cut = not lower or (P["dot_lower"] and not q)
                elif t[-1] in "!?":
                    cut = not lower or (P["bang_lower"] and not q)
                else:
                    cut = (P["ell_upper"] if not lower else P["ell_lower"]) and not c in ".,;:?!"
                if w[j] in (",", ";", ":"):
                    cut = False
            else:
                break
        elif P["emo"] and _EMOTICON.match(t) and len(t) > 1 and len(w[j])>0 and not w[j][0].islower():
            cut = True
        if cut:
            starts.append(j)
            i = j - 1
        i += 1
        if cut:
            i = j
    return starts
