"""The writer of CoNLL-U: a word a line, with its tag in MISC, and there what follows it if not one space."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, pairwise
from typing import TextIO

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.columns.column_writer import written_tags
from ner_tui.formats.columns.spacing import escaped, is_spacing

_KEY = "NER"
_UNKNOWN = "\t_" * 7
"""From LEMMA to DEPS."""
_UNFIT_IN_FORM = re.compile(r"[\t\n]")
_UNFIT_IN_MISC = re.compile(r"[\t\r\n|]|^ +| +\Z")
_GLUED = "|SpaceAfter=No"


class _Writer:
    """Writes sentence by sentence, each when it is known what follows it."""

    def __init__(self, out: TextIO, options: WriteOptions) -> None:
        self._out = out
        self._options = options
        self._name = ""
        self._begun = False
        self._number = 0
        self._held: AnnotatedSentence | None = None

    def document(self, name: str) -> None:
        """Begin a document."""
        self.end()
        self._name, self._begun = name, False

    def sentence(self, item: AnnotatedSentence) -> None:
        """Take a sentence with tokens.

        Raises:
            FormatError: one before it would not be read back as it is, and the options name nobody to report to.
        """
        if self._held is not None:
            before = item.sentence.text[: item.sentence.tokens[0].start - item.sentence.start]
            self._write(self._held, _after(self._held) + before, "\n")
        self._held = item

    def end(self) -> None:
        """End a document."""
        if self._held is not None:
            self._write(self._held, _after(self._held), "")
            self._held = None

    def _write(self, item: AnnotatedSentence, after: str, usual: str) -> None:
        """Write a sentence.

        Args:
            after: what follows its last word.
            usual: what follows a word without a flag.
        """
        self._number += 1
        words = self._words(item)
        gaps = self._gaps(item)
        head = [f"# sent_id = {self._number}", f"# text = {_text(words, gaps)}"]
        if not self._begun:
            self._begun = True
            # Of the names of documents, paths, only line ends cannot stand there.
            head.insert(0, f"# newdoc id = {' '.join(self._name.split())}")
            sentence = item.sentence
            before = self._spacing(item, sentence.text[: sentence.tokens[0].start - sentence.start], "")
            if before:
                gaps[0] += f"|SpacesBefore={escaped(before)}"
        after = self._spacing(item, after, usual)
        if after != usual:
            gaps[-1] += (_GLUED if not after else "") + f"|SpacesAfter={escaped(after)}"
        rows = zip(count(1), words, self._tags(item), gaps, strict=False)
        lines = [f"{number}\t{word}{_UNKNOWN}\t{_KEY}={tag}{gap}" for number, word, tag, gap in rows]
        self._out.write("\n".join([*head, *lines, "\n"]))

    def _words(self, item: AnnotatedSentence) -> list[str]:
        words = item.sentence.words
        if _UNFIT_IN_FORM.search("".join(words)) is None:
            return words
        made = [_UNFIT_IN_FORM.sub("_", word) for word in words]
        for word, now in zip(words, made, strict=True):
            if word != now:
                self._report_loss(item, word, now, only_a_word=True)
        return made

    def _tags(self, item: AnnotatedSentence) -> list[str]:
        if not item.spans and not item.suggestions:
            return ["O"] * len(item.sentence.words)
        tags = written_tags(item, self._name, self._options)
        made = [_UNFIT_IN_MISC.sub("_", tag) for tag in tags]
        for tag, now in sorted(set(zip(tags, made, strict=True))):
            if tag != now:
                self._report_loss(item, tag, now)
        return made

    def _gaps(self, item: AnnotatedSentence) -> list[str]:
        """Return the flag in MISC for the gap behind each word but the last, with its bar; empty for one space."""
        tokens, text, base = item.sentence.tokens, item.sentence.text, item.sentence.start
        gaps = [text[token.end - base : following.start - base] for token, following in pairwise(tokens)]
        if gaps.count(" ") == len(gaps):
            return [""] * len(tokens)
        return [*(self._gap_flag(item, gap) for gap in gaps), ""]

    def _gap_flag(self, item: AnnotatedSentence, gap: str) -> str:
        if not gap:
            return _GLUED
        gap = self._spacing(item, gap, " ")
        return "" if gap == " " else f"|SpacesAfter={escaped(gap)}"

    def _spacing(self, item: AnnotatedSentence, gap: str, instead: str) -> str:
        """Return what is written of what stands between two words: ``instead`` of text that is in no word."""
        if gap == instead or is_spacing(gap):
            return gap
        self._report_loss(item, gap, instead)
        return instead

    def _report_loss(self, item: AnnotatedSentence, what: str, made: str, *, only_a_word: bool = False) -> None:
        report = self._options.lossy or (self._options.tell if only_a_word else None)
        line = item.sentence.line
        if report is None:
            raise FormatError(self._name, line, f"CoNLL-U cannot hold {what!r}: choose --to jsonl")
        report(f"{self._name}:{line}: {what!r} is written as {made!r}")


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write decisions and open suggestions in ``options.scheme``; a document without a word has no place."""
    writer = _Writer(out, options)
    for item in items:
        if isinstance(item, DocumentStart):
            writer.document(item.name)
        elif isinstance(item, AnnotatedSentence) and item.sentence.tokens:
            writer.sentence(item)
    writer.end()


def _after(item: AnnotatedSentence) -> str:
    return item.sentence.text[item.sentence.tokens[-1].end - item.sentence.start :]


def _text(words: Sequence[str], gaps: Sequence[str]) -> str:
    return "".join(_pieces(words, gaps)) if any(gaps) else " ".join(words)


def _pieces(words: Sequence[str], gaps: Sequence[str]) -> Iterator[str]:
    for word, gap in zip(words[:-1], gaps, strict=False):
        yield word if gap == _GLUED else f"{word} "
    yield words[-1]
