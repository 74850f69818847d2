"""What the state machine opens, and what somebody else does to it."""

from __future__ import annotations

import json
from collections.abc import Callable

LABELS = ("PER", "ORG", "LOC", "GENE", "PERSON")
_TEXT = (
    "Ada Lovelace met Bob in New York-City. They took a train to Bath Spa.\n\nNobody saw Ada there. Bob's dog did.\n"
)
_WORDS = (
    ("Nadia", "PER"), ("lives", ""), ("in", ""), ("New", "LOC"), ("York", "+LOC"), (".", ""), None,
    ("She", ""), ("met", ""), ("Ada", "PER"), ("Bob", "PER"), ("of", ""), ("Acme", "ORG"), ("Ltd", "+ORG"), None,
    ("Bath", "LOC"), ("is", ""), ("far", ""), None,
)  # fmt: skip


def _columns(begin: str, inside: str, line_end: str = "\n", *, separator: str = " ", documents: bool = False) -> bytes:
    lines = ["-DOCSTART- O", ""] if documents else []
    for number, each in enumerate(_WORDS):
        if each is None:
            lines.append("")
            if documents and number == 6:
                lines += ["-DOCSTART- O", ""]
            continue
        word, label = each
        tag = (inside + label[1:] if label.startswith("+") else begin + label) if label else "O"
        lines.append(f"{word}{separator}{tag}")
    return (line_end.join(lines) + line_end).encode()


def _own() -> bytes:
    text = "Hugging Face opened in Paris. Ada came."
    record = {
        "name": "news", "text": text,
        "spans": [
            {"start": 0, "end": 12, "label": "ORG"},
            {"start": 23, "end": 28, "label": "LOC", "source": "suggested", "model": "m", "score": 0.7, "margin": 0.2},
            {"start": 30, "end": 33, "label": "PER", "source": "suggested", "model": "m", "score": 0.9, "margin": 0.9},
        ],
    }  # fmt: skip
    other = {
        "name": "more",
        "text": "Bob left Bath.",
        "meta": {"id": 7},
        "spans": [{"start": 9, "end": 13, "label": "LOC"}],
    }
    return "".join(json.dumps(each) + "\n" for each in (record, other)).encode()


def _prodigy() -> bytes:
    text = "Ada met Bob."
    edges = [(0, 3), (4, 7), (8, 11), (11, 12)]
    tokens = [{"text": text[s:e], "start": s, "end": e, "id": at, "ws": e in (3, 7)} for at, (s, e) in enumerate(edges)]
    spans = [{"start": 0, "end": 3, "label": "PER", "token_start": 0, "token_end": 0}]
    return (json.dumps({"text": text, "tokens": tokens, "spans": spans, "answer": "accept"}) + "\n").encode()


def _table() -> bytes:
    rows = ["sentence,word,tag"]
    sentence = 1
    for each in _WORDS:
        if each is None:
            sentence += 1
        else:
            word, label = each
            rows.append(
                f"{sentence},{word},{('I-' + label[1:] if label[0] == '+' else 'B-' + label) if label else 'O'}"
            )
    return ("\n".join(rows) + "\n").encode()


FILES: dict[str, bytes] = {
    "prose.txt": _TEXT.encode(),
    "iob2.conll": _columns("B-", "I-", documents=True),
    # Their first spans are inside of nothing.
    "iob1.conll": _columns("I-", "I-", "\r\n"),
    "loose.conll": b"# about\nNadia  x B-PER\nlives x O\nin x O\nParis x I-ORG\n. x O\n\t\n\nShe x O\nBob x B-PER",
    "bare.conll": b"Nadia\nlives\nin\nParis\n.\n\nShe\nsings\n.\n",
    "own.jsonl": _own(),
    "prodigy.jsonl": _prodigy(),
    "words.csv": _table(),
}
"""Files by name, each of another kind."""


def _without(lines: list[bytes], at: int) -> bytes:
    return b"".join(lines[:at] + lines[at + 1 :])


def _twice(lines: list[bytes], at: int) -> bytes:
    return b"".join(lines[: at + 1] + lines[at:])


def _relabelled(lines: list[bytes], at: int) -> bytes:
    return b"".join([*lines[:at], lines[at].replace(b"PER", b"GENE").replace(b"LOC", b"PER"), *lines[at + 1 :]])


def _reworded(lines: list[bytes], at: int) -> bytes:
    return b"".join([*lines[:at], lines[at].replace(b"Ada", b"Eve").replace(b"lives", b"works"), *lines[at + 1 :]])


def _more(lines: list[bytes], at: int) -> bytes:
    """Put the first lines at the end once more."""
    return b"".join([*lines, b"" if lines[-1].endswith(b"\n") else b"\n", *lines[: at + 1]])


Change = Callable[[list[bytes], int], bytes | None]
CHANGES: dict[str, Change] = {
    "drop a line": _without,
    "double a line": _twice,
    "change labels": _relabelled,
    "change words": _reworded,
    "append": _more,
    "remove": lambda lines, at: None,
}
"""What somebody else does to the line of a number; None: the file is gone."""
PUT_BACK = "put back"
"""What they do to have a file be what it was in the beginning."""
