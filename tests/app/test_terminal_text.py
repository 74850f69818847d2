"""What a terminal sends is taken apart alike in whatever pieces it comes; what was pasted is never a key."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.app import terminal_text
from ner_tui.app.terminal_text import BEGIN, END, Pasted, TerminalText, Typed


def taken(*pieces: bytes) -> tuple[str, list[str]]:
    """Return what was typed, but for the marks that a reader of keys is given, and what was pasted."""
    text, typed, pasted = TerminalText(), "", []
    for piece in pieces:
        for part in text.feed(piece):
            if isinstance(part, Typed):
                typed += part.text
            else:
                pasted.append(part.text)
    return typed.replace(f"{BEGIN}{END}", ""), pasted


@pytest.mark.parametrize(
    ("sent", "typed", "pasted"),
    [
        (b"abc", "abc", []),
        (b"\xff1", "\ufffd1", []),
        (b"a\x1b[200~bc\x1b[201~d", "ad", ["bc"]),
        (b"\x1b[200~\x1b[200~x\x1b[201~\x1b", "\x1b", ["\x1b[200~x"]),
        (b"\x1b[200~\xc3\x28\x00q\x1b[201~", "", ["\ufffd(q"]),
        (b"\x1b[200~\x1b[31mN\x1b[201~l", "l", ["\x1b[31mN"]),
        (b"\x1b[200~\x1b[201~", "", [""]),
        ("łé🙂".encode(), "łé🙂", []),
    ],
)
def test_bytes_are_keys_or_were_pasted(sent: bytes, typed: str, pasted: list[str]) -> None:
    assert taken(sent) == (typed, pasted)
    assert taken(*(sent[at : at + 1] for at in range(len(sent)))) == (typed, pasted)


@given(
    st.lists(st.sampled_from([b"\x1b", b"[200~", b"[201~", b"N", b"\xff", "ł".encode(), b"\x1b[2", b"00~"])),
    st.lists(st.integers(0, 40)),
)
def test_pieces_make_no_difference(parts: list[bytes], cuts: list[int]) -> None:
    sent = b"".join(parts)
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    assert taken(*(sent[low:high] for low, high in pairwise(places))) == taken(sent)


def test_a_paste_without_an_end_is_ended_by_whoever_waits_for_it() -> None:
    text = TerminalText()
    assert [*text.feed(b"\x1b[200~abc\x1b[2")][1:] == []
    assert text.pasting
    assert text.end_paste() == Pasted("abc\x1b[2")
    assert [*text.feed(b"l")] == [Typed("l")]


def test_of_a_huge_paste_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_text, "MOST", 100)
    assert taken(BEGIN.encode(), *[b"x" * 40] * 50, END.encode(), b"l") == ("l", ["x" * 100])
