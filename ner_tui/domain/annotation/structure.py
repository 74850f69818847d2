"""Structure: tokens split and merged, sentence boundaries moved, where the tokenizer was wrong; and notes.

Only raw text can be cut anew: the tokens and sentences of a token format are its own. Spans never change here, so an
edit that would leave one with half a token, or across two sentences, is refused with the reason. A rejection goes, and
so does a suggestion too faint to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ner_tui.domain.annotation.draft import Draft
from ner_tui.domain.annotation.edits import Decision, Edit, Note, Rejection, SentenceBoundary, TokenBoundary, place_of
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.errors import EditRefused


def split_token(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Make two tokens of the one around ``offset``."""
    _require_text(context)
    if not any(token.start < offset < token.end for token in context.tokens):
        raise EditRefused("there is no token to split here")
    draft = Draft(context, added=[TokenBoundary(offset)])
    draft.touch(cursor)
    return draft.edit(Verb.SPLIT_TOKEN, cursor)


def merge_tokens(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Make one token of the one at ``offset`` and the next."""
    _require_text(context)
    at = _token_at(context, offset)
    if at + 1 == len(context.tokens):
        raise EditRefused("there is no token after this one")
    here, following = context.tokens[at], context.tokens[at + 1]
    if here.end != following.start:
        raise EditRefused("white space stands between: no token holds any")
    if context.sentence_at(here.start) != context.sentence_at(following.start):
        raise EditRefused("a sentence begins between them: join the sentences first")
    if any(here.end in place_of(each) for each in _seen(context)):
        raise EditRefused("an entity begins or ends between them: change it first")
    hidden = [each for each in _hidden(context) if here.end in place_of(each)]
    draft = Draft(context, removed=[TokenBoundary(here.end), *hidden])
    draft.touch(cursor)
    return draft.edit(Verb.MERGE_TOKENS, cursor)


def move_boundary(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Start a sentence at the token at ``offset``, or, where one starts there, join it to the one before."""
    _require_text(context)
    token = context.tokens[_token_at(context, offset)]
    sentence = context.sentence_at(token.start)
    draft = Draft(context)
    if sentence.tokens[0] == token:
        before = [each for each in context.sentences if each.start < sentence.start]
        if not before:
            raise EditRefused("this is the first sentence")
        draft.join(before[-1], [sentence.start])
        return draft.edit(Verb.JOIN_SENTENCES, cursor)
    if any(each.span.start < token.start < each.span.end for each in _seen(context)):
        raise EditRefused("an entity would lie across the boundary: change it first")
    state = context.sentence_state(sentence)
    draft.removed.extend(each for each in _hidden(context) if each.span.start < token.start < each.span.end)
    draft.added.append(SentenceBoundary(token.start))
    draft.swap_state(state, replace(state, status="in progress"))
    draft.added.append(replace(state, start=token.start, status="in progress", flagged=False))
    return draft.edit(Verb.SPLIT_SENTENCE, cursor)


def note(context: Neighbourhood, start: int, end: int, text: str, *, cursor: int) -> Edit:
    """Put a note on ``[start, end)``, in place of the one that is there; empty text takes it away."""
    old = [each for each in context.notes if (each.start, each.end) == (start, end)]
    new = [Note(start, end, text)] if text.strip() else []
    if old == new:
        raise EditRefused("the note is as it was" if new else "there is no note here")
    return Draft(context, removed=[*old], added=[*new]).edit(Verb.NOTE if new else Verb.REMOVE_NOTE, cursor)


def _require_text(context: Neighbourhood) -> None:
    if context.origin == "tokens":
        raise EditRefused("the tokens and sentences of a CoNLL file are its own")


def _token_at(context: Neighbourhood, offset: int) -> int:
    for at, token in enumerate(context.tokens):
        if token.start <= offset < token.end:
            return at
    raise EditRefused("there is no token here")


def _seen(context: Neighbourhood) -> Iterator[Decision | Suggestion]:
    yield from context.decisions
    yield from (each for each in context.suggestions if not each.below_threshold)


def _hidden(context: Neighbourhood) -> Iterator[Rejection | Suggestion]:
    """Yield the spans that nobody sees, which are no reason to refuse."""
    yield from context.rejections
    yield from (each for each in context.suggestions if each.below_threshold)
