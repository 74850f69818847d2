"""What the corrections that ``keystrokes`` counts cost in four other tools, in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """What the same work costs elsewhere, in presses; a mouse gesture counts 2.

    The single costs are those of the table of keystrokes per correction that the annotation tools' own sources and
    documentation give: SLATE's label mode, Prodigy's ``ner.correct``, doccano, and DALPHI's ``ner_complete``.
    """

    relabel: float
    add: float
    """A span of one token."""
    add_token: float
    """Each further token of a span that is added."""
    resize: float
    """A boundary moved by one token."""
    resize_token: float
    """Each further token."""
    delete: float
    delete_token: float
    """Each further token of the span, where it has to be selected first."""
    relabel_token: float
    confirm_sentence: float
    confirm_document: float
    move: str
    """``keys``: by lines and tokens with counts; ``spans``: a press for each span on the way; ``mouse``: in the
    gestures already."""


PEERS = {
    "SLATE": Peer(3, 2, 1, 4, 1, 1, 1, 1, 0, 1, "keys"),
    "Prodigy ner.correct": Peer(5, 3, 0, 5, 0, 2, 0, 0, 1, 0, "mouse"),
    "doccano": Peer(4, 3, 0, 5, 0, 2, 0, 0, 0, 2, "mouse"),
    "DALPHI": Peer(1, 3, 1, 1, 1, 1, 0, 0, 0, 1, "spans"),
}


@dataclass(frozen=True)
class Correction:
    """One corrected span, for the peers' counts."""

    kind: str
    """``added``, ``removed``, ``relabelled``, ``re-bounded`` or both of the last two."""
    tokens: int
    steps: int
    """Tokens its boundaries moved by."""
    relabelled: bool
    sentence: int
    token: int
    """Where it is: sentence of the set, token of the sentence."""
    spans_before: int
    """Spans between the correction before and this one."""


def peer_presses(peer: Peer, work: Sequence[Correction], sentences: int, documents: int) -> float:
    """Return what the same corrections cost in another tool, confirming and moving included."""
    total = peer.confirm_sentence * sentences + peer.confirm_document * documents
    last = (0, 0)
    for each in work:
        if each.kind == "added":
            total += peer.add + peer.add_token * (each.tokens - 1)
        elif each.kind == "removed":
            total += peer.delete + peer.delete_token * (each.tokens - 1)
        else:
            if each.steps:
                total += peer.resize + peer.resize_token * (each.steps - 1)
            if each.relabelled:
                total += peer.relabel + peer.relabel_token * (each.tokens - 1)
        if peer.move == "keys":
            down = each.sentence - last[0]
            across = abs(each.token - last[1]) if not down else each.token
            total += sum(min(steps, len(str(steps)) + 1) for steps in (down, across))
            last = (each.sentence, each.token)
        elif peer.move == "spans" and each.kind != "added":
            total += each.spans_before + 1
    return total
