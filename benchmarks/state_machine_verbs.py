"""What a person can do at a place of the open document, for the state machine."""

from __future__ import annotations

from collections.abc import Callable

from ner_tui.domain.annotation.occurrences import Matching
from ner_tui.domain.annotation.suggestions import Alternative
from ner_tui.session import Session

Verb = Callable[[Session, int, str], object]


def _word(session: Session, offset: int) -> tuple[int, int]:
    return session.document.tokens[session.document.tokens.at(offset)]


VERBS: dict[str, Verb] = {
    "label": lambda s, at, name: s.corrections.label(*_word(s, at), name, cursor=at),
    "label two": lambda s, at, name: s.corrections.label(
        _word(s, at)[0], _word(s, _word(s, at)[1] + 1)[1], name, cursor=at, join=True
    ),
    "relabel": lambda s, at, name: s.corrections.relabel(at, name),
    "extend": lambda s, at, _: s.corrections.resize(at, right=1, join=True),
    "extend left": lambda s, at, _: s.corrections.resize(at, left=-1, join=True),
    "shrink": lambda s, at, _: s.corrections.resize(at, right=-1),
    "shrink left": lambda s, at, _: s.corrections.resize(at, left=1),
    "accept": lambda s, at, _: s.corrections.accept(at),
    "remove": lambda s, at, _: s.corrections.remove(at),
    "confirm": lambda s, at, _: s.corrections.confirm(at),
    "confirm all": lambda s, at, _: s.corrections.confirm_in_sight(at, s.document.length),
    "take": lambda s, at, name: s.corrections.take(at, Alternative(*_word(s, at), name, 0.5)),
    "take nothing": lambda s, at, _: s.corrections.take(at, Alternative(*_word(s, at), None, 0.5)),
    "split token": lambda s, at, _: s.corrections.split_token(at, at + 1),
    "merge tokens": lambda s, at, _: s.corrections.merge_tokens(at),
    "move boundary": lambda s, at, _: s.corrections.move_boundary(at),
    "note": lambda s, at, name: s.corrections.note(*_word(s, at), f"{name}?", cursor=at),
    "remove note": lambda s, at, _: s.corrections.note(*_word(s, at), "", cursor=at),
    "flag": lambda s, at, _: s.corrections.flag(at),
    "fix all": lambda s, at, name: s.concordance.label(list(s.concordance.occurrences(_text(s, at), Matching())), name),
    "unfix all": lambda s, at, _: s.concordance.label(list(s.concordance.occurrences(_text(s, at), Matching())), None),
}
"""By the name that a failure is printed with: what does it at an offset, with a label."""


def _text(session: Session, offset: int) -> str:
    return session.document.text[slice(*_word(session, offset))]
