"""Verbs: what each correcting key does, as pure functions from a neighbourhood to an edit.

Each raises ``EditRefused`` with the reason where it makes no sense. A decision that another one is laid over is
trimmed, or removed if nothing is left of it; a suggestion goes whole, for what would be left of it nobody has
suggested. The edit's notice says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ner_tui.domain.annotation.draft import Draft
from ner_tui.domain.annotation.edits import Decision, Edit, Item, Rejection
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.annotation.suggestions import DOUBTS, TO_ANSWER, Alternative, Suggestion, SuggestionState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused


class NeedsJoin(Exception):
    """The edit crosses a sentence boundary of raw text: ask once, then call the verb with ``join=True``."""


def label(
    context: Neighbourhood, start: int, end: int, name: str, *, cursor: int, join: bool = False, verb: Verb = Verb.LABEL
) -> Edit:
    """Decide that ``[start, end)``, whole tokens, is a ``name``; what it is laid over is trimmed or removed."""
    tokens = context.tokens
    if all(token.start != start for token in tokens) or all(token.end != end for token in tokens):
        # Whoever asks has other words in mind than those that stand here.
        raise EditRefused("an entity begins and ends with a token: these words are others by now")
    return _place(context, Span(start, end, name), None, verb, cursor, join)


def relabel(context: Neighbourhood, offset: int, name: str, *, cursor: int) -> Edit:
    """Give the span at ``offset`` another label; a suggestion that is given its own label is accepted."""
    item = _item_at(context, offset)
    if isinstance(item, Decision) and item.span.label == name:
        raise EditRefused(f"it is {name} already")
    verb = Verb.RELABEL if item.span.label != name else Verb.ACCEPT
    return _place(context, replace(item.span, label=name), item, verb, cursor)


def accept(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Decide the suggestion at ``offset`` as it stands."""
    suggestion = context.suggestion_at(offset)
    if suggestion is None:
        raise EditRefused("no suggestion here to accept")
    return _place(context, suggestion.span, suggestion, Verb.ACCEPT, cursor)


def remove(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Reject the suggestion at ``offset``, or else delete the decision there; both stay rejected."""
    item: Decision | Suggestion | None = context.suggestion_at(offset) or context.decision_at(offset)
    if item is None:
        raise EditRefused("no entity here to remove")
    draft = Draft(context, removed=[item], added=_unless_there(context, Rejection(item.span)))
    draft.touch(item.span.start)
    return draft.edit(Verb.REJECT if isinstance(item, Suggestion) else Verb.DELETE, cursor)


def resize(
    context: Neighbourhood, offset: int, *, left: int = 0, right: int = 0, cursor: int, join: bool = False
) -> Edit:
    """Move the edges of the span at ``offset`` by whole tokens.

    Args:
        left: tokens the start moves, negative to the left (extend), positive to the right (shrink).
        right: tokens the end moves, positive to the right (extend), negative to the left (shrink).
    """
    item = _item_at(context, offset)
    covered = [i for i, token in enumerate(context.tokens) if item.span.overlaps(token.start, token.end)]
    first, last = covered[0] + left, covered[-1] + right
    if first > last:
        raise EditRefused("one token is the least: remove the entity instead")
    if first < 0 or last >= len(context.tokens):
        raise EditRefused("the document ends here")
    span = Span(context.tokens[first].start, context.tokens[last].end, item.span.label)
    extends = left < 0 or right > 0
    if left:
        verb = Verb.EXTEND_LEFT if extends else Verb.SHRINK_LEFT
    else:
        verb = Verb.EXTEND_RIGHT if extends else Verb.SHRINK_RIGHT
    return _place(context, span, item, verb, cursor, join)


def confirm(context: Neighbourhood, offset: int, *, cursor: int, end: int | None = None, doubtful: bool = True) -> Edit:
    """Accept the open suggestions of the sentence at ``offset`` and confirm the sentence.

    Args:
        end: confirm, in one edit, all sentences whose every token stands in ``[offset, end)``, such as what is in
            sight.
        doubtful: accept what is doubtful, too; if not, a sentence where something is stays in progress. Where nothing
            else is left to accept or confirm, the edit is empty.
    """
    sentences = swept(context, offset, end)
    draft = Draft(context)
    for sentence in sentences:
        _confirm(draft, sentence, doubtful)
    if not draft.added and (doubtful or not any(context.doubtful_in(s.start, s.end) for s in sentences)):
        raise EditRefused("this is confirmed already")
    return draft.edit(Verb.CONFIRM, cursor)


def swept(context: Neighbourhood, offset: int, end: int | None) -> list[Sentence]:
    """Return the sentence at ``offset``, or those whose every token stands in ``[offset, end)``."""
    if end is None:
        return [context.sentence_at(offset)]
    inside = [s for s in context.sentences if s.tokens and s.tokens[0].start >= offset and s.tokens[-1].end <= end]
    if not inside:
        raise EditRefused("no sentence is in sight from its first to its last word")
    return inside


def completed(context: Neighbourhood, edit: Edit, offset: int) -> Edit:
    """Return ``edit``, which also confirms the sentence at ``offset`` if nothing doubtful is left there after it.

    Args:
        edit: changes no sentence boundary.
    """
    after = context.after(edit)
    sentence = after.sentence_at(offset)
    if after.doubtful_in(sentence.start, sentence.end) or after.sentence_state(sentence).status == "confirmed":
        return edit
    more = confirm(after, offset, cursor=edit.cursor)
    return replace(
        edit,
        removed=(*edit.removed, *(item for item in more.removed if item not in edit.added)),
        added=(*(item for item in edit.added if item not in more.removed), *more.added),
    )


def _confirm(draft: Draft, sentence: Sentence, doubtful: bool) -> None:
    context = draft.context
    wanted = [s for s in context.open_suggestions if sentence.start <= s.span.start < sentence.end]
    if not doubtful and context.doubtful_in(sentence.start, sentence.end):
        sure = [s for s in wanted if context.suggestion_state(s) not in DOUBTS]
        if sure:
            _accept_all(draft, sure)
            draft.touch(sentence.start)
        return
    state = context.sentence_state(sentence)
    _accept_all(draft, wanted)
    if state.status != "confirmed":
        draft.swap_state(state, replace(state, status="confirmed"))


def _accept_all(draft: Draft, suggestions: Iterable[Suggestion]) -> None:
    """Decide suggestions; of those that overlap, which a file may bring, the likeliest."""
    accepted: list[Span] = []
    for suggestion in sorted(suggestions, key=lambda each: (-each.score, each.span)):
        span = suggestion.span
        draft.removed.append(suggestion)
        if not any(other.overlaps(span.start, span.end) for other in accepted):
            accepted.append(span)
    draft.added.extend(Decision(span, "sweep") for span in sorted(accepted))


def take(context: Neighbourhood, alternative: Alternative, *, cursor: int) -> Edit:
    """Decide another reading of a place: its span, or that nothing is there."""
    seen = context.suggestions_over(alternative.start, alternative.end)
    over = [s for s in seen if context.suggestion_state(s) is not SuggestionState.CONFLICT]
    if alternative.label is not None:
        span = Span(alternative.start, alternative.end, alternative.label)
        return _place(context, span, over[0] if over else None, Verb.TAKE_ALTERNATIVE, cursor)
    items: list[Decision | Suggestion] = [*over, *context.decisions_over(alternative.start, alternative.end)]
    if not items:
        raise EditRefused("nothing is there already")
    draft = Draft(context, removed=[*items])
    for item in items:
        draft.added += _unless_there(context, Rejection(item.span))
    draft.touch(alternative.start)
    return draft.edit(Verb.TAKE_ALTERNATIVE, cursor)


def take_all(
    context: Neighbourhood,
    start: int,
    end: int,
    spans: Sequence[Span],
    *,
    cursor: int,
    verb: Verb = Verb.TAKE_ALTERNATIVE,
    instead: Sequence[Span] = (),
) -> Edit:
    """Decide that ``spans`` and nothing else stand in ``[start, end)``, whatever was suggested or decided there.

    What is not among them is rejected where no span of them retires it, and so is what was proposed ``instead``.
    """
    draft = Draft(context)
    draft.touch(start)
    gone: list[Decision | Suggestion] = [each for each in context.suggestions if each.span.overlaps(start, end)]
    gone += context.decisions_over(start, end)
    draft.removed += gone
    for refused in dict.fromkeys((*(item.span for item in gone), *instead)):
        if not any(span.overlaps(refused.start, refused.end) for span in spans):
            draft.added += _unless_there(context, Rejection(refused))
    draft.removed.extend(each for each in context.rejections if each.span in spans)
    draft.added += [Decision(span) for span in spans]
    return draft.edit(verb, cursor)


def settle(context: Neighbourhood, error: PossibleError, *, right: bool, cursor: int) -> Edit:
    """Decide a possible error: what is annotated is ``right``, or else what is proposed."""
    spans, instead = (error.given, error.proposed) if right else (error.proposed, error.given)
    verb = Verb.KEEP if right else Verb.TAKE_ALTERNATIVE
    return take_all(context, error.start, error.end, spans, cursor=cursor, verb=verb, instead=instead)


def flag(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Flag the sentence at ``offset`` to come back to, or take its flag off."""
    state = context.sentence_state(context.sentence_at(offset))
    draft = Draft(context)
    draft.swap_state(state, replace(state, flagged=not state.flagged))
    return draft.edit(Verb.UNFLAG if state.flagged else Verb.FLAG, cursor)


def _item_at(context: Neighbourhood, offset: int) -> Decision | Suggestion:
    """Return what a correction at ``offset`` is about: the decision, or else the suggestion."""
    item: Decision | Suggestion | None = context.decision_at(offset) or context.suggestion_at(offset)
    if item is None:
        raise EditRefused("no entity here")
    return item


def _place(
    context: Neighbourhood,
    span: Span,
    replaced: Decision | Suggestion | None,
    verb: Verb,
    cursor: int,
    join: bool = False,
) -> Edit:
    """Decide ``span`` in place of ``replaced``; make room for it, and join the sentences it crosses."""
    draft = Draft(context)
    boundaries = [s.start for s in context.sentences if span.start < s.start < span.end]
    if boundaries:
        _join(draft, boundaries, span, join)
    else:
        draft.touch(span.start)
    if replaced is not None:
        draft.removed.append(replaced)
    _make_room(draft, span, replaced)
    # A rejection of what a person now decides would hide nothing and only confuse a later reader.
    draft.removed.extend(r for r in context.rejections if r.span == span)
    draft.added.append(Decision(span))
    return draft.edit(verb, cursor)


def _make_room(draft: Draft, span: Span, replaced: Decision | Suggestion | None) -> None:
    context = draft.context
    for decision in context.decisions_over(span.start, span.end):
        if decision != replaced:
            _trim(draft, decision, span)
    # What a decision was laid over does not come forth when its edges move.
    former = span if replaced is None else replaced.span
    for suggestion in context.suggestions:
        if suggestion == replaced:
            continue
        if not (suggestion.span.overlaps(span.start, span.end) or suggestion.span.overlaps(former.start, former.end)):
            continue
        draft.removed.append(suggestion)
        same = (suggestion.span.start, suggestion.span.end) == (span.start, span.end)
        if not same and context.suggestion_state(suggestion) in TO_ANSWER:
            draft.notices.append(f"replaced {_name(context, suggestion.span)}")


def _trim(draft: Draft, item: Decision, over: Span) -> None:
    draft.removed.append(item)
    rest = item.span.without(over.start, over.end)
    inside = rest and [t for t in draft.context.tokens if rest.start <= t.start and t.end <= rest.end]
    if inside:
        draft.added.append(Decision(Span(inside[0].start, inside[-1].end, item.span.label)))
    draft.notices.append(f"{'trimmed' if inside else 'removed'} {_name(draft.context, item.span)}")


def _join(draft: Draft, boundaries: Iterable[int], span: Span, join: bool) -> None:
    if draft.context.origin == "tokens":
        raise EditRefused("it would cross a sentence boundary, and the sentences of a CoNLL file are its own")
    if not join:
        raise NeedsJoin
    draft.join(draft.context.sentence_at(span.start), boundaries)
    draft.notices.append("joined the sentences")


def _unless_there(context: Neighbourhood, rejection: Rejection) -> list[Item]:
    return [] if rejection in context.rejections else [rejection]


def _name(context: Neighbourhood, span: Span) -> str:
    return named(span, context.text(span.start, span.end))


def named(span: Span, text: str, most: int = 40) -> str:
    """Return a span as it is told, such as ``PER “Ada”``, its text cut to so many characters."""
    return f"{span.label} “{text if len(text) <= most else text[: most - 1] + '…'}”"
