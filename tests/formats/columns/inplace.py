"""Files of columns and their edited sentences, to be written in place."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.formats import Source, infer_format, read
from ner_tui.formats.columns.inplace_edit import rewrite
from ner_tui.formats.tagged import tag_spans, text_spans

UD = "_\t_\t_\t_\t_\t_\t_"


def source_of(text: str, path: str = "x.conll") -> Source:
    return Source(path, "", text, "utf-8", False, "\n")


def relabelled(items: list[StreamItem], before: str, after: str) -> list[StreamItem]:
    """Give every span of one label another one."""
    return [
        replace(item, spans=tuple(replace(s, label=after) if s.label == before else s for s in item.spans))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]


def with_spans(items: list[StreamItem], at: int, spans: list[TagSpan]) -> list[StreamItem]:
    """Give the sentence number ``at`` other spans."""
    sentences = [n for n, item in enumerate(items) if isinstance(item, AnnotatedSentence)]
    item = items[sentences[at]]
    assert isinstance(item, AnnotatedSentence)
    new = replace(item, spans=text_spans(spans, item.sentence.tokens))
    return [new if n == sentences[at] else old for n, old in enumerate(items)]


def spans_of(items: list[StreamItem]) -> list[list[TagSpan]]:
    return [tag_spans(item) for item in items if isinstance(item, AnnotatedSentence)]


def changed(before: str, after: str) -> list[tuple[str, str]]:
    return [pair for pair in zip_longest(before.split("\n"), after.split("\n"), fillvalue="") if pair[0] != pair[1]]


def relabel(
    text: str, before: str = "PER", after: str = "ORG", path: str = "x.conll", column: str | None = None
) -> str:
    """Read, relabel, rewrite; and back, which has to give the same text."""
    source = source_of(text, path)
    inference = infer_format(source, column=column)
    items = list(read(source, inference=inference))
    assert "".join(rewrite(source, inference, items)) == text
    made = "".join(rewrite(source, inference, relabelled(items, before, after)))
    back = source_of(made, path)
    again = infer_format(back, column=column)
    assert "".join(rewrite(back, again, relabelled(list(read(back, inference=again)), after, before))) == text
    return made
