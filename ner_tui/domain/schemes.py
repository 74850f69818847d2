"""Tag schemes: IO, IOB1, IOB2, BIOES, BILOU and BMES as tables, and the loops over them.

This is the only module that knows what prefixes mean. A tag is ``O`` or a prefix, ``-`` and a label: ``B-PER``; what
sources write otherwise is read into those by ``spelling``. Inside the program there are only spans; tags exist in files
and in models.

Reading needs no scheme: a prefix means the same in all of them, and illegal sequences are read as conlleval reads
them (an entity starts at a tag that begins one, and at any tag whose label is not the running one).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, repeat
from typing import Literal, NamedTuple

from ner_tui.errors import InputError

Role = Literal["begin", "inside", "end", "single", "outside"]
Repair = Literal["conlleval", "discard"]

UNNAMED = "ENTITY"
"""The label of tags that name none: a bare ``B`` or ``I``."""

EDGE = ""
"""Stands before the first and after the last tag of a sentence; as a tag it is read as outside."""

OUTSIDE = frozenset({"O", "o", "_", "-", EDGE})
"""The tags of tokens in no span."""
_ROLES: Mapping[str, Role] = {
    "B": "begin", "I": "inside", "M": "inside", "E": "end", "L": "end", "S": "single", "U": "single", "O": "outside",
    "": "inside",
}  # fmt: skip
LETTERS = frozenset(_ROLES) - {"O", ""}
"""The prefixes of labels."""
_LEADS: Mapping[str, str] = {f"{prefix}-": prefix for prefix in LETTERS}
"""What a tag with a label begins with: the prefix that it has."""


class TagSpan(NamedTuple):
    """A labelled run of tokens ``[start, end)``, counted in tokens of one sentence."""

    start: int
    end: int
    label: str


class TagProblem(NamedTuple):
    """A place where tags break their scheme."""

    token: int
    """The token, counted from 0, whose tag cannot stand where it stands."""
    reason: str


class CannotEncode(ValueError):
    """Spans that a scheme has no tags for."""


class Scheme(NamedTuple):
    """What a scheme writes, and which tags may follow each other in it."""

    title: str
    """The one name that is printed."""
    one: str
    """Prefix of a span of one token."""
    shape: tuple[str, str, str]
    """Prefixes of the first, each middle and the last token of a longer span."""
    touching: str | None
    """First prefix of a span right after another of its label; empty: as always; None: the two would read as one."""
    same: Mapping[str, str]
    """Prefix: the prefixes that may follow it with the same label."""
    other: Mapping[str, str]
    """Prefix: those that may follow it with another label, or ``O``; the edges of a sentence count as ``O``."""
    bare: str = ""
    """The prefix that a label without one stands for; empty: it needs one."""


SCHEMES: Mapping[str, Scheme] = {
    "iob2": Scheme(
        "IOB2", one="B", shape=("B", "I", "I"), touching="",
        same={"B": "BI", "I": "BI"},
        other={"O": "OB", "B": "OB", "I": "OB"},
    ),
    "iob1": Scheme(
        "IOB1", one="I", shape=("I", "I", "I"), touching="B",
        same={"B": "BI", "I": "BI"},
        other={"O": "OI", "B": "OI", "I": "OI"},
    ),
    "bioes": Scheme(
        "BIOES", one="S", shape=("B", "I", "E"), touching="",
        same={"B": "IE", "I": "IE", "E": "BS", "S": "BS"},
        other={"O": "OBS", "B": "", "I": "", "E": "OBS", "S": "OBS"},
    ),
    "bilou": Scheme(
        "BILOU", one="U", shape=("B", "I", "L"), touching="",
        same={"B": "IL", "I": "IL", "L": "BU", "U": "BU"},
        other={"O": "OBU", "B": "", "I": "", "L": "OBU", "U": "OBU"},
    ),
    "bmes": Scheme(
        "BMES", one="S", shape=("B", "M", "E"), touching="",
        same={"B": "ME", "M": "ME", "E": "BS", "S": "BS"},
        other={"O": "OBS", "B": "", "M": "", "E": "OBS", "S": "OBS"},
    ),
    "io": Scheme(
        "IO", one="I", shape=("I", "I", "I"), touching=None,
        same={"I": "I"},
        other={"O": "OI", "I": "OI"},
        bare="I",
    ),
}  # fmt: skip
"""Scheme by the name that options use. The order settles ties when a scheme is inferred."""

_ALIASES = {"bio": "iob2", "bio2": "iob2", "iob": "iob1", "bio1": "iob1", "iobes": "bioes", "biluo": "bilou"}
_ALIASES |= {"biloue": "bilou", "bmeso": "bmes", "bmewo": "bmes"}


def scheme_named(name: str) -> str:
    """Return the key in ``SCHEMES`` for a name as people write it: any case, aliases such as BIO or BILUO.

    Raises:
        InputError: there is no such scheme.
    """
    key = name.lower().replace("-", "")
    key = _ALIASES.get(key, key)
    if key not in SCHEMES:
        raise InputError(f"there is no tag scheme {name!r}: choose one of {', '.join(SCHEMES)}")
    return key


def prefix_role(prefix: str) -> Role:
    """Return what a prefix says of its token; the empty one, of a bare label, says inside."""
    return _ROLES[prefix]


@lru_cache(maxsize=4096)
def split_tag(tag: str) -> tuple[str, str]:
    """Split a tag into (prefix, label): only the first ``-`` splits, so ``B-date-of-birth`` keeps its label whole.

    Returns:
        ``("O", "")`` for the spellings of outside (``O``, ``o``, ``_``, ``-`` and nothing), ``("", "PER")`` for a
        label without a prefix, ``("B", UNNAMED)`` for a prefix without a label.
    """
    if tag in OUTSIDE:
        return "O", ""
    prefix = _LEADS.get(tag[:2])
    if prefix is not None:
        return prefix, tag[2:] or UNNAMED
    if tag in _ROLES:
        return tag, UNNAMED
    return "", tag


def is_usual(tag: str) -> bool:
    """Whether a tag is spelled as `encode` spells it: ``O``, or a prefix, a hyphen and a label."""
    prefix, label = split_tag(tag)
    return tag == (prefix if prefix == "O" else f"{prefix}-{label}")


def decode(tags: Sequence[str]) -> list[TagSpan]:
    """Return the spans of one sentence's tags, in any scheme, illegal sequences as conlleval reads them."""
    spans: list[TagSpan] = []
    start, running, end = 0, "", 0
    # Most tags are O, and no Python code runs for them.
    for index in [index for index, tag in enumerate(tags) if tag != "O"]:
        prefix, label = split_tag(tags[index])
        role = _ROLES[prefix]
        if running and (index > end or label != running or role in ("begin", "single")):
            spans.append(TagSpan(start, end, running))
            running = ""
        if not running:
            start, running = index, label
        end = index + 1
        if running and role in ("end", "single"):
            spans.append(TagSpan(start, end, running))
            running = ""
    if running:
        spans.append(TagSpan(start, end, running))
    return spans


def begins_span(before: str, tag: str) -> bool:
    """Whether ``decode`` begins a span at a tag, from the one before it, that of an edge included."""
    (prior, running), (prefix, label) = split_tag(before), split_tag(tag)
    if prefix == "O":
        return False
    return (
        prior == "O" or label != running or _ROLES[prefix] in ("begin", "single") or _ROLES[prior] in ("end", "single")
    )


def encode(spans: Iterable[TagSpan], n_tokens: int, scheme: str) -> list[str]:
    """Return one tag a token; the inverse of ``decode``.

    Args:
        spans: ascending and disjoint, inside ``[0, n_tokens)``.
        scheme: a key of ``SCHEMES``.

    Raises:
        CannotEncode: the scheme has no way to keep two of the spans apart.
        ValueError: the spans are not ascending, disjoint and inside the sentence.
    """
    rules = SCHEMES[scheme]
    tags = ["O"] * n_tokens
    end, label = 0, ""
    for span in spans:
        if not (end <= span.start < span.end <= n_tokens and span.label):
            raise ValueError(f"{span} does not fit after token {end} of {n_tokens}")
        tags[span.start : span.end] = [f"{prefix}-{span.label}" for prefix in _prefixes(rules, span.end - span.start)]
        if span.start == end and span.label == label:
            if rules.touching is None:
                raise CannotEncode(f"{rules.title} cannot keep two adjacent {label} apart")
            if rules.touching:
                tags[span.start] = f"{rules.touching}-{label}"
        end, label = span.end, span.label
    return tags


def merged(spans: Iterable[TagSpan]) -> list[TagSpan]:
    """Return spans with those that touch and have one label made one."""
    made: list[TagSpan] = []
    for span in spans:
        touching = made and made[-1].end == span.start and made[-1].label == span.label
        made.append(TagSpan(made.pop().start, span.end, span.label) if touching else span)
    return made


def _prefixes(rules: Scheme, length: int) -> list[str]:
    first, middle, last = rules.shape
    return [rules.one] if length == 1 else [first, *[middle] * (length - 2), last]


def validate(tags: Sequence[str], scheme: str) -> list[TagProblem]:
    """List the places of one sentence where its tags break ``scheme``."""
    if tags.count("O") == len(tags) or not any(map(objection, (EDGE, *tags), (*tags, EDGE), repeat(scheme))):
        return []
    last = len(tags) - 1
    reasons = (objection(before, tag, scheme) for before, tag in transitions(tags))
    return [TagProblem(min(token, last), reason) for token, reason in enumerate(reasons) if reason]


def transitions(tags: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each tag of a sentence with the one before it, the edges of the sentence included as ``EDGE``."""
    return pairwise((EDGE, *tags, EDGE))


@lru_cache(maxsize=4096)
def objection(before: str, tag: str, scheme: str) -> str:
    """Say why ``tag`` cannot follow ``before``; empty if it can."""
    rules = SCHEMES[scheme]
    (prior, prior_label), (prefix, label) = split_tag(before), split_tag(tag)
    prior, prefix = prior or rules.bare, prefix or rules.bare
    if not prefix:
        return f"{tag} has no prefix, and {rules.title} needs one"
    if prefix not in rules.other:
        return f"{tag} is not a tag of {rules.title}"
    if prior not in rules.other:
        # The tag before has been complained of already.
        return ""
    follows = rules.same if label and label == prior_label else rules.other
    if prefix in follows[prior]:
        return ""
    if tag == EDGE:
        return f"{before} cannot end a sentence in {rules.title}"
    return f"{tag} cannot {f'follow {before}' if before != EDGE else 'begin a sentence'} in {rules.title}"


def repair(tags: Sequence[str], scheme: str, how: Repair) -> list[str]:
    """Return legal tags for one sentence.

    Args:
        how: ``conlleval`` keeps every span that ``decode`` reads; ``discard`` drops those with an illegal tag.

    Raises:
        CannotEncode: see ``encode``.
    """
    spans = decode(tags)
    if how == "discard":
        right = encode(spans, len(tags), scheme)
        spans = [s for s in spans if all(map(_alike, tags[s.start : s.end], right[s.start : s.end]))]
    return encode(spans, len(tags), scheme)


def _alike(tag: str, other: str) -> bool:
    (prefix, label), (other_prefix, other_label) = split_tag(tag), split_tag(other)
    return label == other_label and _ROLES[prefix] == _ROLES[other_prefix]
