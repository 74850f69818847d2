"""Which columns hold tags, and whether that shows a file to be one of tokens: by what the cells are, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ner_tui.domain.scheme_inference import AmbiguousTags, find_spelling
from ner_tui.domain.schemes import OUTSIDE, SCHEMES, UNNAMED, split_tag
from ner_tui.domain.spelling import Spelling, leading, spelling_of, trailing

MOST = 0.6
"""The share of lines that must agree: a file with some broken lines is still one of columns."""
_NEARLY_ALL = 0.9
"""The share that must where nothing else tells columns from prose."""
_MOSTLY = 0.5
"""The share of words that are in no span, at the least, where labels do not tell tags from words."""
_LEAST_OUTSIDE = 0.2
_MOST_CHUNKS = 0.9
_MOST_BARE_LABELS = 64
_LONGEST_LINE = 300
"""Characters of lines that may be tokens with what is known of them."""
_FEW_COLUMNS = 4
"""Lines of prose seldom have as few words."""
_ENOUGH = 10
"""Lines in which prose does not repeat itself by chance."""
_LONGEST_WORD = 80
_MOST_ODD = 0.01
_EMPTY = ("", "_", "-")
_CAPITALS = ("O", "OTHER", "NONE", "OUTSIDE")
"""What is called outside in a way that prose is not written."""
# The chunk column of CoNLL-2003 looks like a column of tags, but for these labels.
_CHUNKS = frozenset({"NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC", "VC", "PC"})
_PUNCTUATION = frozenset(".!?,。!？、")


def is_tag(cell: str) -> bool:
    """Whether a cell reads as a tag whatever the column it stands in: ``O``, or a prefix with its label."""
    return cell not in _EMPTY and split_tag(cell)[0] != ""


def may_be_tag(cell: str) -> bool:
    """Whether a cell can be a tag in some spelling."""
    return is_tag(cell) or leading(cell) is not None or trailing(cell) is not None


class TagEvidence(NamedTuple):
    """What the cells of a column are, as tags; shares of all its cells."""

    tags: float = 0
    """Those with a prefix of one scheme, or outside."""
    outside: float = 0
    labels: frozenset[str] = frozenset()
    """Behind prefixes."""
    are_chunks: bool = False
    is_sure: bool = True
    """Whether there is one reading of them."""
    bare_labels: int = 0
    """How many different cells are no tags but labels, if those are tags without prefixes; 0: they are none."""

    @property
    def holds_tags(self) -> bool:
        """Whether most cells are tags with prefixes, and none of chunks."""
        return self.tags > MOST and not self.are_chunks

    @property
    def names_entities(self) -> bool:
        """Whether nearly all cells are tags, of which some are no words of prose, as U-boat and B-52 are."""
        labels = [label for label in self.labels - {UNNAMED} if label[:1].isalpha()]
        return self.tags >= _NEARLY_ALL and any(self.outside or label.isupper() for label in labels)

    @property
    def is_annotation(self) -> bool:
        """Whether nearly all cells are tags, or a few labels among many that are outside."""
        tagged = self.names_entities or (self.tags >= _NEARLY_ALL and self.outside >= _MOSTLY)
        return tagged or self.bare_labels > 0


def tag_evidence(cells: Sequence[str]) -> TagEvidence:
    """Look at the cells of a column."""
    counts = Counter(cells)
    if not counts:
        return TagEvidence()
    spelling, is_sure = _spelling(counts)
    parts: Counter[tuple[str, str]] = Counter()
    for cell, n in counts.items():
        if cell not in _EMPTY and cell not in spelling.outsides:
            parts[split_tag(spelling.normal(cell))] += n
    labelled = Counter({part: n for part, n in parts.items() if part[0] not in ("O", "")})
    outside = parts["O", ""]
    if any(label != UNNAMED for _, label in labelled):
        # Beside labels, what is empty, a number or a word is outside; a prefix without one is the word I or a letter.
        labelled = Counter({part: n for part, n in labelled.items() if part[1] != UNNAMED})
        outside += sum(counts[cell] for cell in (*_EMPTY, *spelling.outsides))
    of_scheme = max(sum(n for (prefix, _), n in labelled.items() if prefix in s.other) for s in SCHEMES.values())
    named = sum(n for (_, label), n in labelled.items())
    chunks = sum(n for (_, label), n in labelled.items() if label in _CHUNKS)
    return TagEvidence(
        (of_scheme + outside) / len(cells),
        outside / len(cells),
        frozenset(label for _, label in labelled),
        bool(named) and chunks >= named * _MOST_CHUNKS,
        is_sure,
        _count_bare_labels(counts, spelling, len(cells)),
    )


def _spelling(counts: Mapping[str, int]) -> tuple[Spelling, bool]:
    try:
        return find_spelling(counts), True
    except AmbiguousTags as question:
        # It is asked when the scheme is inferred.
        return spelling_of(question.choices[0].split(",")), False


def _count_bare_labels(counts: Mapping[str, int], spelling: Spelling, size: int) -> int:
    """Return how many labels without prefixes there are: a few among many that are outside."""
    enough = sum(counts.get(name, 0) for name in _CAPITALS) > size * _LEAST_OUTSIDE
    labels = [cell for cell in counts if cell not in OUTSIDE and cell not in spelling.outsides]
    if not enough and spelling.outsides:
        # Other words for outside are words of prose too, and 0 is a number.
        named = sum(counts[cell] for cell in spelling.outsides)
        enough = named >= size * _MOSTLY and bool(labels) and all(map(str.isupper, (label[:1] for label in labels)))
    return len(labels) + 1 if size > 2 and enough and len(labels) < _MOST_BARE_LABELS else 0


def shows_tokens(
    evidence: TagEvidence, widths: Mapping[int, int], counts: Collection[int], lines: Sequence[str], *, by_space: bool
) -> bool:
    """Whether a file is one of tokens, whatever its name.

    Args:
        evidence: of its column of tags.
        widths: how many lines have each number of columns.
        counts: the numbers of columns that lines with a word have.
        lines: those of words.
        by_space: whether blanks separate the columns, as they do the words of prose.
    """
    regular = sum(n for width, n in widths.items() if width in counts) / len(lines)
    few_columns = min(counts) <= _FEW_COLUMNS
    if regular < (MOST if few_columns else _NEARLY_ALL) or sorted(map(len, lines))[len(lines) // 2] > _LONGEST_LINE:
        return False
    if by_space and not few_columns and len(lines) < min(counts):
        return False
    if not evidence.is_sure and (len(lines) < _ENOUGH or regular < _NEARLY_ALL or not evidence.outside):
        return False
    if evidence.names_entities:
        return len(lines) > 1
    # A word such as I, or the letters in a list, may be at the end of lines too: most words are in no span.
    return len(lines) > 2 and regular >= _NEARLY_ALL and evidence.is_annotation


def may_be_annotated(cells: Sequence[str], lines: int) -> bool:
    """Whether the cells of as many lines may be those of a column of tags, which may be empty yet."""
    if len(cells) < lines * MOST:
        return False
    evidence = tag_evidence(cells)
    empty = sum(cell in _EMPTY for cell in cells)
    return evidence.tags + empty / max(len(cells), 1) > MOST or evidence.bare_labels > 0 or not cells


def looks_tokenised(words: Sequence[str]) -> bool:
    """Whether lines of one column look like words: hardly one is long or has a space, some are punctuation alone."""
    odd = sum(len(word) >= _LONGEST_WORD or " " in word for word in words)
    return len(words) > 2 and not _PUNCTUATION.isdisjoint(words) and odd <= len(words) * _MOST_ODD
