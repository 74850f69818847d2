"""Inference: how a source writes its tags, from how often they occur: how they are spelled, and in which scheme.

A source of any size is counted sentence by sentence, so nothing of it has to be held. What can be read in two ways is
not guessed: it is a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from ner_tui.domain.schemes import EDGE, LETTERS, OUTSIDE, SCHEMES, objection, split_tag
from ner_tui.domain.spelling import Spelling, TagParts, leading, trailing

_FILLERS = frozenset({"0", "[pad]", "[cls]", "[sep]", "[unk]", "[mask]", "<pad>", "<s>", "</s>", "<unk>"})
"""What is outside wherever it occurs, folded: a number, and the names of what a model puts between words."""
_OUTSIDE_NAMES = _FILLERS | {"other", "none", "outside", "out", "null", "nil", "x"}
"""What some sources call outside, folded; ``X`` is what BERT's first recipes gave all but the first piece of a word."""
_LABELS_TOO = frozenset({"other", "x"})
"""Those of them that are labels where labels stand without prefixes."""
_SLIPS = 0.1
"""The share of tags that may be spelled otherwise than the rest."""
_USUAL_LABELS = frozenset(
    ("per", "pers", "person", "loc", "location", "org", "organization", "organisation", "misc", "gpe", "date", "time")
)
"""Labels, folded, that show by themselves that what is joined to them is a prefix."""
_FIRSTS = frozenset("BI")
_SINGLES = frozenset("SU")


class AmbiguousTags(ValueError):
    """Tags that can be read in two ways."""

    def __init__(self, reason: str, *choices: str) -> None:
        super().__init__(reason)
        self.choices = choices
        """What ``spelling.spelling_of`` takes for each way, as people write it."""


class InferredTags(NamedTuple):
    """How the tags of a source are written."""

    scheme: str
    """A key of ``SCHEMES``."""
    spelling: Spelling
    told: str
    """What is taken for what, in a few words; empty where tags are read as they stand."""


def infer_tags(counts: Mapping[tuple[str, str], int], given: Spelling | None = None) -> InferredTags:
    """Return the spelling and the scheme of a source.

    Args:
        counts: how often each pair of ``transitions`` occurs, of the tags as they stand.
        given: the spelling, if somebody knows it.

    Raises:
        AmbiguousTags: they can be read in two ways.
    """
    tags: Counter[str] = Counter()
    for (_, tag), n in counts.items():
        tags[tag] += n
    spelling = given or find_spelling(tags)
    pairs = counts
    if not spelling.is_literal:
        read: Counter[tuple[str, str]] = Counter()
        for (before, tag), n in counts.items():
            read[spelling.normal(before), spelling.normal(tag)] += n
        pairs = read
    scheme = infer_scheme(pairs)
    if scheme != "io":
        spelling = spelling._replace(bare=False)
    return InferredTags(scheme, spelling, describe(spelling, tags))


def describe(spelling: Spelling, tags: Mapping[str, int]) -> str:
    """Say in a few words what is taken for what: outside, and one tag of each other way to write one."""
    outside = sorted(tag for tag in tags if tag != EDGE and tag != "O" and spelling.normal(tag) in OUTSIDE)
    ways: dict[tuple[object, ...], str] = {}
    for tag in sorted(tags, key=lambda tag: (-tags[tag], tag)):
        made = spelling.normal(tag)
        if made != tag and made != "O" and not spelling.bare:
            parts = trailing(tag) if spelling.suffix else leading(tag)
            ways.setdefault((parts.joiner, parts.lower) if parts else (), f"{tag} read as {made}")
    return ", ".join([*ways.values(), *([f"{' and '.join(outside)} read as outside"] if outside else [])])


def find_spelling(tags: Mapping[str, int]) -> Spelling:
    """Return how most tags of a source are written, from how often each occurs.

    Raises:
        AmbiguousTags: they can be read in two ways.
    """
    names = {tag: n for tag, n in tags.items() if tag.casefold() in _OUTSIDE_NAMES}
    spans = {tag: n for tag, n in tags.items() if tag not in OUTSIDE and tag not in names}
    way = _find_way(spans)
    labels = {way.normal(tag).partition("-")[2] for tag in spans}
    outsides = _find_outsides(tags, names, labels, way)
    outside = {tag: n for tag, n in tags.items() if tag != EDGE and (tag in OUTSIDE or tag in outsides)}
    return way._replace(outside=max(outside, key=lambda tag: outside[tag], default="O"), outsides=outsides)


def _find_way(spans: Mapping[str, int]) -> Spelling:
    """Return how tags other than outside are written."""
    # A small letter is a prefix where it is one of several, and else a label.
    small = {tag for tag in spans if tag.islower() and tag.upper() in LETTERS} if "b" in spans else set[str]()
    letters = {tag: n for tag, n in spans.items() if tag in LETTERS or tag in small}
    if sum(letters.values()) * 2 > sum(spans.values()):
        is_lower = sum(spans[tag] for tag in small) * 2 > sum(letters.values())
        return Spelling(nameless=True, lower=is_lower, exact=not small)
    front = {tag: parts for tag in spans if (parts := leading(tag)) is not None}
    rest = {tag: n for tag, n in spans.items() if tag not in front and tag not in LETTERS}
    back = {tag: parts for tag in spans if (parts := trailing(tag)) is not None}
    # Where a label is one letter its tag has the look of both: the rest tells.
    in_front = sum(spans[tag] for tag in front) >= sum(spans[tag] for tag in back)
    if back and not in_front and _are_suffixes(back, spans):
        return _majority(back, spans, bare=False, suffix=True)
    if front and _are_prefixes(front, rest, spans):
        _require_one_way(front, {tag: back[tag] for tag in back if tag not in front}, spans)
        return _majority(front, spans, bare=sum(rest.values()) * 2 > sum(spans.values()), suffix=False)
    if back and _are_suffixes(back, spans):
        return _majority(back, spans, bare=False, suffix=True)
    # Labels that would be read as prefixes with other labels are labels all the same.
    return Spelling(bare=bool(rest or front), exact=not any(split_tag(tag)[0] for tag in front))


def _require_one_way(front: Mapping[str, TagParts], back: Mapping[str, TagParts], spans: Mapping[str, int]) -> None:
    """Raise ``AmbiguousTags`` where some tags have their prefix in front, and not few have it behind."""
    many = sum(spans[tag] for tag in back) > _SLIPS * sum(spans.values())
    if many and (_has_two_letters(back) or _is_usual(back)):
        one, other = (max(parts, key=lambda tag: spans[tag]) for parts in (front, back))
        reason = f"{one} and {other} stand side by side, with the prefix in front and behind"
        raise AmbiguousTags(reason, f"B{front[one].joiner}PER", f"PER{back[other].joiner}B")


def _are_prefixes(front: Mapping[str, TagParts], rest: Mapping[str, int], spans: Mapping[str, int]) -> bool:
    """Whether what stands in front of labels is prefixes: ``E_MAIL`` alone is a label."""
    letters = {parts.letter for parts in front.values()}
    standard = any(not parts.lower and parts.joiner == "-" for parts in front.values())
    few = sum(rest.values()) <= _SLIPS * sum(spans.values())
    if any(split_tag(tag)[0] in _FIRSTS for tag in front) or _has_two_letters(front) or _is_usual(front):
        return True
    if not {parts.label for parts in front.values()}.isdisjoint(rest) or (few and not letters.isdisjoint(_FIRSTS)):
        return True
    if rest or not letters <= _SINGLES:
        return standard and not rest
    if not standard:
        tag, parts = next(iter(front.items()))
        read = f"{parts.letter}-{parts.label}"
        begin = f"{'b' if parts.lower else 'B'}{parts.joiner}PER"
        raise AmbiguousTags(f"{tag} may be the tag {read} or a label of its own", begin, "PER")
    return True


def _is_usual(parts: Mapping[str, TagParts]) -> bool:
    return any(each.label.casefold() in _USUAL_LABELS for each in parts.values())


def _has_two_letters(parts: Mapping[str, TagParts]) -> bool:
    """Whether a label has several prefixes, of which one may be the first of a span."""
    by_label: dict[str, set[str]] = {}
    for each in parts.values():
        by_label.setdefault(each.label, set()).add(each.letter)
    return any(len(letters) > 1 and not letters.isdisjoint(_FIRSTS) for letters in by_label.values())


def _are_suffixes(back: Mapping[str, TagParts], spans: Mapping[str, int]) -> bool:
    """Whether what stands behind labels is prefixes: ``VITAMIN-B`` alone may be a label."""
    rest = sum(n for tag, n in spans.items() if tag not in back)
    if rest > _SLIPS * sum(spans.values()):
        return False
    if _is_usual(back):
        return True
    if {parts.letter for parts in back.values()}.isdisjoint(_FIRSTS):
        return False
    if len(back) > 1:
        return True
    tag, parts = next(iter(back.items()))
    begin = f"PER{parts.joiner}{'b' if parts.lower else 'B'}"
    raise AmbiguousTags(f"{tag} may be the tag {parts.letter}-{parts.label} or a label of its own", begin, "PER")


def _majority(parts: Mapping[str, TagParts], spans: Mapping[str, int], *, bare: bool, suffix: bool) -> Spelling:
    """Return the spelling that most tags with a prefix have."""
    votes: Counter[tuple[str, bool]] = Counter()
    for tag, each in parts.items():
        votes[each.joiner, each.lower] += spans[tag]
    joiner, lower = max(votes, key=lambda way: votes[way])
    exact = not suffix and set(votes) == {("-", False)}
    return Spelling(bare=bare and exact, joiner=joiner, lower=lower, suffix=suffix, exact=exact)


def _find_outsides(
    tags: Mapping[str, int], names: Mapping[str, int], labels: set[str], way: Spelling
) -> frozenset[str]:
    """Return which of the names that may mean outside do: fillers always, others where nothing else is outside."""
    zeros = frozenset(tag for tag in names if tag.casefold() in _FILLERS)
    others = {tag: n for tag, n in names.items() if tag not in zeros and tag not in labels}
    kinds = {tag.casefold() for tag in others}
    if not kinds:
        return zeros
    has_outside = bool(zeros) or any(tag in OUTSIDE and tag != EDGE for tag in tags)
    if has_outside and kinds <= _LABELS_TOO and (way.bare or (not labels and kinds == {"x"})):
        # A label like others, or the only one.
        return zeros
    is_most = not way.bare or sum(others.values()) >= max(n for tag, n in tags.items() if tag != EDGE)
    if not has_outside and len(kinds) == 1 and is_most:
        return zeros | frozenset(others)
    name = max(others, key=lambda tag: others[tag])
    example = way.spell("B-PER")
    usual = next((tag for tag in ("O", "o", "0", "_", "-") if tag in tags), "O")
    raise AmbiguousTags(f"{name} may be outside or a label", f"{example},{usual},{name}", f"{example},{usual}")


def infer_scheme(counts: Mapping[tuple[str, str], int]) -> str:
    """Return the key of the scheme that the fewest tags of a source break.

    Args:
        counts: how often each pair of ``transitions`` occurs, so a source of any size is counted sentence by
            sentence, as ``Counter.update(transitions(tags))``.

    IOB1 is out as soon as a span that follows none of its label starts with ``B``, however many start with ``I``:
    conlleval reads both alike, and IOB2 with slips is by far the commoner source of such a mixture. IO is in only
    where a label stands without a prefix: with prefixes it is IOB1 in which nothing touches.
    """
    fresh_begin = any(_starts_fresh(before, tag) for before, tag in counts)
    bare_label = any(split_tag(tag)[0] == "" for _, tag in counts)
    out = {name for name, barred in (("iob1", fresh_begin), ("io", not bare_label)) if barred}
    broken = count_broken(counts)
    return min((name for name in SCHEMES if name not in out), key=lambda name: broken[name])


def count_broken(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return how many tags break each scheme, by its key, from how often each pair of ``transitions`` occurs."""
    return {name: sum(n for pair, n in counts.items() if objection(*pair, name)) for name in SCHEMES}


def _starts_fresh(before: str, tag: str) -> bool:
    prefix, label = split_tag(tag)
    return prefix == "B" and split_tag(before)[1] != label
