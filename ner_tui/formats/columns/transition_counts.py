"""How often each pair of neighbouring tags occurs in a file: what its scheme and spelling are inferred from."""

from __future__ import annotations

import sys
from collections import Counter

from ner_tui.domain.schemes import transitions
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import SentenceLines
from ner_tui.formats.columns.plain import may_be_plain, transitions_by_piece
from ner_tui.formats.columns.sentence_reader import read_sentences
from ner_tui.formats.files.source import Source


def count_transitions(source: Source, inference: Inference) -> Counter[tuple[str, str]]:
    """Count the pairs of neighbouring tags in all sentences of a file, see ``schemes.transitions``."""
    pairs: Counter[tuple[str, str]] = Counter()
    quickly = None
    # To load numpy takes as long as to count some megabytes without it.
    if "numpy" in sys.modules and may_be_plain(inference):
        from ner_tui.formats.columns.word_arrays import WordArrays

        quickly = WordArrays(inference).transitions
    for piece, found in transitions_by_piece(source, inference, quickly):
        if found is not None:
            pairs.update(found)
            continue
        for sentence in read_sentences(source.with_text(piece), inference, skip_broken=True):
            if isinstance(sentence, SentenceLines):
                pairs.update(transitions(sentence.tags))
    return pairs
