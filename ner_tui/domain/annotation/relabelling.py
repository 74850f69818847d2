"""The labels of a whole project: added, described, recoloured, deleted, renamed and merged, each as one edit.

Such an edit has a part that is about the project itself, written down for document 0, and, where labels are merged,
a part for each document that has any. A label that is renamed takes everything along that carries it. A label that is
merged into another is gone from the list; what a model says later by its old name is taken as the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ner_tui.domain.annotation.edits import Alias, Decision, Edit, Item, LabelEntry, LabelRename, Rejection
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.labels import COLOUR_SLOTS, Label, LabelSet, label_name
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused


def add_label(labels: LabelSet, name: str, description: str = "") -> Edit:
    """Put a label at the end of the list."""
    name = label_name(name)
    if labels.find(name):
        raise EditRefused(f"there is a label {name} already")
    (label,) = labels.with_names([name]).labels[len(labels) :]
    listed = LabelEntry(replace(label, description=description.strip()), len(labels))
    return Edit(Verb.ADD_LABEL, (), (listed,))


def describe_label(labels: LabelSet, name: str, description: str) -> Edit:
    """Say what a label is for; empty text takes it back."""
    label = _require(labels, name)
    if label.description == description.strip():
        raise EditRefused("the description is as it was")
    at = labels.place(name)
    described = replace(label, description=description.strip())
    return Edit(Verb.DESCRIBE_LABEL, (LabelEntry(label, at),), (LabelEntry(described, at),))


def recolour_label(labels: LabelSet, name: str) -> Edit:
    """Give a label the next colour; after the last comes the first."""
    label, at = _require(labels, name), labels.place(name)
    return Edit(
        Verb.RECOLOUR_LABEL,
        (LabelEntry(label, at),),
        (LabelEntry(replace(label, slot=label.slot % COLOUR_SLOTS + 1), at),),
    )


def delete_label(labels: LabelSet, name: str) -> Edit:
    """Take a label that nothing carries off the list."""
    label = _require(labels, name)
    return Edit(Verb.DELETE_LABEL, (LabelEntry(label, labels.place(name)),), ())


def rename_label(labels: LabelSet, aliases: Mapping[str, str], old: str, new: str) -> Edit:
    """Call ``old`` by a name that nothing carries yet; its key, colour and place in the list stay."""
    label, new = _require(labels, old), label_name(new)
    if new == old:
        raise EditRefused("the name is as it was")
    if labels.find(new):
        raise EditRefused(f"there is a label {new} already: merge {old} into it")
    at = labels.place(old)
    removed, added = _redirect(aliases, old, new)
    return Edit(
        Verb.RENAME_LABEL,
        (LabelEntry(label, at), *removed),
        (LabelEntry(replace(label, name=new), at), *added, LabelRename(old, new)),
    )


def unlist_merged(labels: LabelSet, aliases: Mapping[str, str], old: str, new: str) -> Edit:
    """Take ``old`` off the list, to be taken as ``new`` from now on: the project's part of a merge."""
    label = _require(labels, old)
    _require(labels, new)
    if new == old:
        raise EditRefused("a label cannot be merged into itself")
    removed, added = _redirect(aliases, old, new)
    return Edit(Verb.MERGE_LABELS, (LabelEntry(label, labels.place(old)), *removed), added)


def merge_items(
    decisions: Iterable[Decision],
    rejections: Iterable[Rejection],
    suggestions: Iterable[Suggestion],
    old: str,
    new: str,
) -> Edit | None:
    """Give everything of one document that carries ``old`` the label ``new``; None if nothing does.

    Args:
        decisions: all of the document that carry either label, and so the others.
    """
    removed: list[Item] = []
    added: list[Item] = []
    decided = {decision.span for decision in decisions}
    for decision in decisions:
        if decision.span.label == old:
            removed.append(decision)
            added.append(replace(decision, span=_named(decision.span, new)))
    rejected = {rejection.span for rejection in rejections}
    for rejection in rejections:
        if rejection.span.label == old:
            removed.append(rejection)
            span = _named(rejection.span, new)
            # What a person decided is not rejected by a word that was about another label.
            if span not in rejected and span not in decided and _named(span, old) not in decided:
                added.append(Rejection(span))
    by_span = {suggestion.span: suggestion for suggestion in suggestions}
    for suggestion in by_span.values():
        if suggestion.span.label == old:
            same = replace(suggestion, span=_named(suggestion.span, new))
            other = by_span.get(same.span)
            removed.append(suggestion)
            if other is None:
                added.append(same)
            elif same.score > other.score:
                removed.append(other)
                added.append(same)
    return Edit(Verb.MERGE_LABELS, tuple(removed), tuple(added)) if removed else None


def _redirect(aliases: Mapping[str, str], old: str, new: str) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return what to take from and add to the aliases so that all that is taken as ``old`` is taken as ``new``."""
    removed = [Alias(said, label) for said, label in aliases.items() if label == old]
    added = [Alias(alias.said, new) for alias in removed]
    if old not in aliases:
        added.append(Alias(old, new))
    return tuple(removed), tuple(added)


def _require(labels: LabelSet, name: str) -> Label:
    label = labels.find(name)
    if label is None:
        raise EditRefused(f"there is no label {name}")
    return label


def _named(span: Span, label: str) -> Span:
    return Span(span.start, span.end, label)
