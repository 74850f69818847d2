"""Structure: tokens split and merged, sentence boundaries moved, where the tokenizer was wrong; and notes.

Only raw text can be cut anew: the tokens and sentences of a token format are its own. Spans never change here, so an
edit that would leave one with half a token, or across two sentences, is refused with the reason.
"""

from __future__ import annotations

from dataclasses import replace

from ner_tui.domain.annotation.draft import Draft
from ner_tui.domain.annotation.edits import Boundary, Decision, Edge, Edit, Note, Rejection
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.errors import EditRefused


def split_token(hood: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Make two tokens of the one around ``offset``."""
    _require_text(hood)
    if not any(token.start < offset < token.end for token in hood.tokens):
        raise EditRefused("there is no token to split here")
    draft = Draft(hood, added=[Edge(offset)])
    draft.touch(cursor)
    return draft.edit("split token", cursor)


def merge_tokens(hood: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Make one token of the one at ``offset`` and the next."""
    _require_text(hood)
    at = _token_at(hood, offset)
    if at + 1 == len(hood.tokens):
        raise EditRefused("there is no token after this one")
    here, following = hood.tokens[at], hood.tokens[at + 1]
    if here.end != following.start:
        raise EditRefused("white space stands between: no token holds any")
    if hood.sentence_at(here.start) != hood.sentence_at(following.start):
        raise EditRefused("a sentence begins between them: join the sentences first")
    if _cuts_a_span(hood, here.end):
        raise EditRefused("an entity begins or ends between them: change it first")
    draft = Draft(hood, removed=[Edge(here.end)])
    draft.touch(cursor)
    return draft.edit("merge tokens", cursor)


def move_boundary(hood: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Start a sentence at the token at ``offset``, or, where one starts there, join it to the one before."""
    _require_text(hood)
    token = hood.tokens[_token_at(hood, offset)]
    sentence = hood.sentence_at(token.start)
    draft = Draft(hood)
    if sentence.tokens[0] == token:
        before = [each for each in hood.sentences if each.start < sentence.start]
        if not before:
            raise EditRefused("this is the first sentence")
        draft.join(before[-1], [sentence.start])
        return draft.edit("join sentences", cursor)
    spans: list[Decision | Suggestion] = [*hood.decisions, *hood.suggestions]
    if any(each.span.start < token.start < each.span.end for each in spans):
        raise EditRefused("an entity would lie across the boundary: change it first")
    mark = hood.mark(sentence)
    draft.added.append(Boundary(token.start))
    draft.swap_mark(mark, replace(mark, status="in progress"))
    draft.added.append(replace(mark, start=token.start, status="in progress", flagged=False))
    return draft.edit("split sentence", cursor)


def note(hood: Neighbourhood, start: int, end: int, text: str, *, cursor: int) -> Edit:
    """Put a note on ``[start, end)``, in place of the one that is there; empty text takes it away."""
    old = [each for each in hood.notes if (each.start, each.end) == (start, end)]
    new = [Note(start, end, text)] if text.strip() else []
    if old == new:
        raise EditRefused("the note is as it was" if new else "there is no note here")
    return Draft(hood, removed=[*old], added=[*new]).edit("note" if new else "remove note", cursor)


def _require_text(hood: Neighbourhood) -> None:
    if hood.origin == "tokens":
        raise EditRefused("the tokens and sentences of a CoNLL file are its own")


def _token_at(hood: Neighbourhood, offset: int) -> int:
    for at, token in enumerate(hood.tokens):
        if token.start <= offset < token.end:
            return at
    raise EditRefused("there is no token here")


def _cuts_a_span(hood: Neighbourhood, offset: int) -> bool:
    items: list[Decision | Suggestion | Rejection] = [*hood.decisions, *hood.suggestions, *hood.rejections]
    return any(offset in item.place for item in items)
