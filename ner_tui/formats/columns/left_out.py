"""What a file of columns holds beside words, tags, sentences and documents: its own form alone has a place for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from ner_tui.formats.base import Inference
from ner_tui.formats.columns.column_layout import BLANKS, cut, is_blank, is_document_mark
from ner_tui.formats.columns.conllu_reader import COLUMNS, FORM, MISC
from ner_tui.formats.columns.sentence_reader import is_comment
from ner_tui.formats.files.source import Source

_NOTHING = frozenset({"", "_", "-"})
_CARRIED = re.compile(r"SpaceAfter=No|NoSpaceAfter|EndOfSentence|Spaces(?:After|Before)=.*")
"""What is read of a word's flags beside its tag."""
_MADE = re.compile(r"#\s*(?:text\s*=|global\.columns\s*=)")
"""Comments that tell again what the lines below them hold."""
_CONLLU_NAMES = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
_SHOWN = 40
"""Characters of a comment that are told."""
_COMMENT = re.compile(rf"^(?!{_MADE.pattern})#", re.MULTILINE)
"""What may be a comment that tells something else."""


def of_columns(source: Source, inference: Inference) -> list[str]:
    """Return what is in a file of CoNLL that other formats have no place for, a phrase for each kind."""
    width = max(inference.columns, default=0)
    further = {at for at in range(width) if at not in (inference.word_column, inference.tag_column)}
    has_comments = _has_comments(source)
    if not further and not has_comments:
        return []

    def cells(line: str) -> list[str]:
        parts = cut(line, inference.separator)
        if inference.word_column > 0 and parts[0].isdecimal():
            # It counts the words.
            parts[0] = ""
        if inference.misc_column is not None and inference.misc_column < len(parts):
            parts[inference.misc_column] = _rest_of(parts[inference.misc_column])
        return parts

    def comment(line: str) -> bool:
        return line[0] == "#" and is_comment(cut(line, inference.separator), inference)

    lines = (line for line in source.lines() if line.rstrip("\r") != inference.header)
    columns, remark = _found(lines, further, cells, comment, has_comments)
    return _phrases([str(at + 1) for at in sorted(columns)], remark)


def of_conllu(source: Source, inference: Inference) -> list[str]:
    """Return the same of a file of CoNLL-U."""

    def cells(line: str) -> list[str]:
        parts = line.rstrip("\r").split("\t")
        return [*parts[:MISC], _rest_of(parts[MISC], inference.key)] if len(parts) == COLUMNS else []

    further = {*range(FORM + 1, COLUMNS)}
    columns, remark = _found(source.lines(), further, cells, lambda line: line[0] == "#", _has_comments(source))
    return _phrases([_CONLLU_NAMES[at] for at in sorted(columns)], remark)


def _has_comments(source: Source) -> bool:
    """Whether there may be a comment: to find that out is far quicker than to take every line apart."""
    return any(_COMMENT.search(section) for section in source.sections())


def _found(
    lines: Iterable[str],
    further: set[int],
    cells: Callable[[str], Sequence[str]],
    is_remark: Callable[[str], bool],
    has_remarks: bool,
) -> tuple[set[int], str]:
    """Return which of some columns hold anything, and the first comment; looks no further than that takes.

    Args:
        has_remarks: whether there may be a comment that is worth telling.
    """
    found, remark = set[int](), ""
    for line in _telling(lines):
        if is_remark(line):
            remark = remark or ("" if _MADE.match(line) else line)
        elif found != further:
            row = cells(line)
            found |= {at for at in further - found if at < len(row) and row[at].strip(BLANKS) not in _NOTHING}
        if (remark or not has_remarks) and found == further:
            break
    return found, remark.rstrip("\r")


def _telling(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not is_blank(line) and not is_document_mark(line))


def _rest_of(flags: str, key: str = "") -> str:
    """Return what of a word's flags is not read."""
    rest = (flag for flag in flags.strip(BLANKS).split("|") if not _CARRIED.fullmatch(flag))
    return "|".join(flag for flag in rest if not (key and flag.startswith(f"{key}=")))


def _phrases(columns: Sequence[str], remark: str) -> list[str]:
    return [*columns_named(columns), *([f"comments such as {remark[:_SHOWN]!r}"] if remark else [])]


def columns_named(names: Sequence[str]) -> list[str]:
    """Return a phrase with the names of some columns, or nothing if there are none."""
    return [f"{'column' if len(names) == 1 else 'columns'} {', '.join(names)}"] if names else []
