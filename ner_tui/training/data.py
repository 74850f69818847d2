"""Training text: sentences with tags, the targets they mean, and windows of them.

A *target* is a set of tags, one of which is right: a set that does not annotate MISC
writes `O` both for "no name" and for "a name of a kind we left out", so its `O` is the
target {O, B-MISC, I-MISC}. Targets are rows of a table shared by all sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ner_tui.domain.schemes import TagSpan, encode, split_tag
from ner_tui.domain.spelling import Spelling
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS, infer_format, read
from ner_tui.formats.files.utf8 import open_utf8
from ner_tui.formats.tagged import tag_spans
from ner_tui.training.recipe import RecipeSource, TrainingOptions

IGNORED = -100
"""The target of a word that is left out of the loss."""

TRAINED_SCHEME = "iob2"
"""The tags that models are trained on, whatever scheme a file is in."""

MAX_WORDS = 160
"""Longer sentences are cut: no window for training is larger, whatever the options say."""


@dataclass(frozen=True, slots=True)
class TrainingSentence:
    """Words and the target of each: a row of the table of targets, or `IGNORED`."""

    words: tuple[str, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """One set, ready to draw windows from."""

    source: RecipeSource
    documents: tuple[tuple[TrainingSentence, ...], ...]


Documents = list[list[tuple[list[str], list[str]]]]
"""Documents, each a list of sentences: words, and tags in IOB2. Sentences of one document follow each other."""
Reader = Callable[[Path], Documents]
"""Reads what is trained on or held against; raises ``InputError`` where that cannot be used."""


def read_sentences(path: Path, tags_as: Spelling | None = None) -> Documents:
    """Read the documents of an annotated file, each a list of sentences: words, and tags in IOB2.

    Args:
        tags_as: how its tags are spelled; None: as is found.

    Raises:
        InputError: the file cannot be read, breaks its format or has no tags.
    """
    source = open_utf8(str(path))
    inference = infer_format(source, tags_as=tags_as)
    # Records and standoff hold spans, which no scheme is needed for.
    tagged = FORMATS[inference.format].family == "columns"
    if inference.scheme is None and (tagged or inference.format == "text"):
        raise InputError(f"{inference.sentence}: no tags to learn from")
    documents: Documents = []
    for item in read(source, inference=inference):
        if isinstance(item, DocumentStart):
            documents.append([])
        elif isinstance(item, AnnotatedSentence) and item.sentence.tokens:
            tags = encode(tag_spans(item), len(item.sentence.tokens), TRAINED_SCHEME)
            documents[-1].append((item.sentence.words, tags))
    return [document for document in documents if document]


def labels_of(paths: Sequence[Path], read: Reader = read_sentences) -> tuple[str, ...]:
    """Collect the labels used in files, sorted.

    Raises:
        InputError: a file cannot be read, or no file marks a name.
    """
    tags = {tag for path in paths for document in read(path) for _, row in document for tag in row}
    labels = sorted({split_tag(tag)[1] for tag in tags} - {""})
    if not labels:
        raise InputError("the training files mark no name at all: nothing to learn")
    return tuple(labels)


def tag_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Name the tags of labels: O first, then the first and the further words of each in turn."""
    return ("O", *(tag for label in labels for tag in encode([TagSpan(0, 2, label)], 2, TRAINED_SCHEME)))


class Targets:
    """The table of targets: the tags themselves first, then the doubtful readings of `O`."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tuple(tags)
        self._rows: dict[frozenset[str], int] = {frozenset([tag]): i for i, tag in enumerate(tags)}

    def row(self, tag: str, annotated: Sequence[str] | None) -> int:
        """Find or make the row for a tag of the model's, of a set that annotates these labels (None: all)."""
        meant = {tag}
        if tag == "O" and annotated is not None:
            meant |= {other for other in self.tags[1:] if split_tag(other)[1] not in annotated}
        return self._rows.setdefault(frozenset(meant), len(self._rows))

    def table(self) -> list[list[bool]]:
        """Give, for each row, which tags it admits: rows x tags."""
        return [[tag in meant for tag in self.tags] for meant in self._rows]


def load(source: RecipeSource, targets: Targets, read: Reader = read_sentences) -> Corpus:
    """Read a set and turn its tags into targets.

    Raises:
        InputError: it cannot be read, or has a label that is not among the model's.
    """
    found = read(source.path)
    _refuse_other_labels(source.path, found, targets.tags)
    documents = []
    for document in found:
        sentences: list[TrainingSentence] = []
        for words, tags in document:
            rows = [
                IGNORED
                if source.ignore_prefix and word.startswith(source.ignore_prefix)
                else targets.row(tag, source.annotated)
                for word, tag in zip(words, tags, strict=True)
            ]
            for start in range(0, len(words), MAX_WORDS):
                cut = slice(start, start + MAX_WORDS)
                sentences.append(TrainingSentence(tuple(words[cut]), tuple(rows[cut])))
        documents.append(tuple(sentences))
    return Corpus(source, tuple(documents))


def _refuse_other_labels(path: Path, documents: Documents, tags: Sequence[str]) -> None:
    known = list(dict.fromkeys(split_tag(tag)[1] for tag in tags[1:]))
    there = {split_tag(tag)[1] for document in documents for _, row in document for tag in row} - {""}
    if other := sorted(there.difference(known)):
        raise InputError(
            f"{path}: its label {', '.join(other)} is not among those to learn ({', '.join(known)}): name all with "
            f"--labels {','.join([*known, *other])}"
        )


def load_text(source: RecipeSource) -> Corpus:
    """Read text whose tags, if it has any, are not looked at; a folder's files one after the other.

    Raises:
        InputError: a file cannot be read or breaks its format.
    """
    documents: list[list[TrainingSentence]] = []
    paths = sorted(source.path.iterdir()) if source.path.is_dir() else [source.path]
    for path in paths:
        opened = open_utf8(str(path))
        for item in read(opened, inference=infer_format(opened)):
            if isinstance(item, DocumentStart):
                documents.append([])
            elif isinstance(item, AnnotatedSentence) and item.sentence.tokens:
                words = tuple(item.sentence.words[:MAX_WORDS])
                documents[-1].append(TrainingSentence(words, (IGNORED,) * len(words)))
    return Corpus(source, tuple(map(tuple, documents)))


def windows(sentences: Sequence[TrainingSentence], sizes: Iterator[int]) -> Iterator[TrainingSentence]:
    """Join consecutive sentences into windows, each at most the next size in words and at least one sentence."""
    words: list[str] = []
    rows: list[int] = []
    size = next(sizes)
    for sentence in sentences:
        if words and len(words) + len(sentence.words) > size:
            yield TrainingSentence(tuple(words), tuple(rows))
            words, rows = [], []
            size = next(sizes)
        words.extend(sentence.words)
        rows.extend(sentence.targets)
    if words:
        yield TrainingSentence(tuple(words), tuple(rows))


def epoch_windows(
    corpora: Sequence[Corpus],
    options: TrainingOptions,
    random: Random,
    replace_names: Callable[[TrainingSentence, Random], TrainingSentence] | None = None,
) -> list[TrainingSentence]:
    """Draw the windows of one epoch: every sentence of every set once, or of a share of the set's windows.

    Args:
        corpora: the sets.
        options: the settings.
        random: what all is drawn from.
        replace_names: puts other names into a window.
    """
    sizes = _sizes(options.window_words, random)
    drawn: list[TrainingSentence] = []
    for corpus in corpora:
        source = corpus.source
        for document in corpus.documents:
            if source.kind == "messages":
                found = _message_windows(document, options.alone, sizes, random)
            else:
                found = windows(document, sizes)
            for window in found:
                if source.share < 1 and random.random() >= source.share:
                    continue
                if replace_names and source.replace_names and random.random() < options.replace_names:
                    window = replace_names(window, random)
                drawn.append(window)
    return [_recase(window, options.recase, random) for window in drawn]


def _sizes(choices: Sequence[int], random: Random) -> Iterator[int]:
    while True:
        yield random.choice(choices)


def _message_windows(
    messages: Sequence[TrainingSentence], alone: float, sizes: Iterator[int], random: Random
) -> Iterator[TrainingSentence]:
    """Leave some messages alone; of the rest, half keep the file's order and half are shuffled."""
    lots: tuple[list[TrainingSentence], list[TrainingSentence]] = ([], [])
    for message in messages:
        if random.random() < alone:
            yield message
        else:
            random.choice(lots).append(message)
    random.shuffle(lots[1])
    for lot in lots:
        yield from windows(lot, sizes)


def _recase(window: TrainingSentence, share: float, random: Random) -> TrainingSentence:
    """Lower- or upper-case a whole window now and then: headlines and hasty messages exist."""
    if random.random() >= share:
        return window
    change = random.choice((str.lower, str.upper))
    return TrainingSentence(tuple(change(word) for word in window.words), window.targets)
