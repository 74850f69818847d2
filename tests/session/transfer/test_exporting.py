"""Exporting: what is written of a project is all that is known of it, whatever its sentences look like."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from importlib.util import find_spec
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.annotation.edits import Decision, Note, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence, Status
from ner_tui.domain.schemes import SCHEMES, CannotEncode, encode
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.errors import FormatError
from ner_tui.formats import WRITERS, WriteOptions, write
from ner_tui.formats.tagged import tag_spans
from ner_tui.session.transfer import project_stream
from ner_tui.session.transfer.project_stream import ExportReport, annotated
from ner_tui.store.project import Project
from ner_tui.store.sources import NewSource

LABELS = ("PER", "LOC", "a-b")
WORDS = st.one_of(
    st.sampled_from(["a", "Ada", "#", "# x", "-DOCSTART-", "-", "a b", " ", "\u00a0", "é\u0301", "w" * 300]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\t\r\0"), min_size=1, max_size=4),
)
GAPS = st.sampled_from([" "] * 6 + ["", "  ", "\t", "\u00a0"])


@st.composite
def sentences(draw: st.DrawFn) -> list[AnnotatedSentence]:
    """Draw the sentences of a document with what a person and a model say of them."""
    made, start = list[AnnotatedSentence](), 0
    for size in draw(st.lists(st.integers(1, 6), min_size=1, max_size=5)):
        text, tokens = draw(st.sampled_from(["", "", " "])), list[Token]()
        alone = draw(st.booleans())
        for at in range(size):
            word = draw(WORDS)
            tokens.append(Token(start + len(text), start + len(text) + len(word)))
            text += word + ("" if at == size - 1 else " " if alone else draw(GAPS))
        text += draw(st.sampled_from(["\n", "\n", " ", "", "\n\n"]))
        spans, suggested, at = list[Span](), list[Suggestion](), 0
        while at < size:
            end = min(size, at + draw(st.integers(1, 3)))
            kind = draw(st.sampled_from(["", "", "file", "model"]))
            span = Span(tokens[at].start, tokens[end - 1].end, draw(st.sampled_from(LABELS)))
            if kind == "file":
                spans.append(span)
            elif kind:
                suggested.append(Suggestion(span, 0.9, 0.8, (), 1))
            at = end
        notes = (Note(tokens[0].start, tokens[0].end, "why?"),) if draw(st.booleans()) else ()
        status: Status = draw(st.sampled_from(get_args(Status)))
        sentence = Sentence(start, text, tuple(tokens), len(made) + 1)
        made.append(AnnotatedSentence(sentence, tuple(spans), tuple(suggested), status, status == "confirmed", notes))
        start += len(text)
    return made


def stored(items: list[AnnotatedSentence]) -> Project:
    """Put sentences and what is known of them into a project."""
    project = Project.scratch()
    source = project.content.add_source(NewSource("/x.conll", "", "utf-8", False, "conll", "iob2", ""))
    document = project.content.add_document(source, "x", "tokens")
    project.content.add_sentences(document, [item.sentence for item in items])
    for item in items:
        for span in item.spans:
            project.items.put(document, Decision(span, "person"))
        project.items.suggestion_table.add(document, item.suggestions)
        if item.status != "untouched":
            project.items.put(document, SentenceState(item.sentence.start, item.status, item.flagged))
        for note in item.notes:
            project.items.put(document, note)
    project.items.restate(document, 0, items[-1].sentence.end)
    return project


def export(items: list[AnnotatedSentence], *, only_confirmed: bool = False) -> list[AnnotatedSentence]:
    project = stored(items)
    try:
        found = annotated(project, ExportReport(), only_confirmed=only_confirmed, with_suggestions=True)
        return [item for item in found if isinstance(item, AnnotatedSentence)]
    finally:
        project.close()


def plain(item: AnnotatedSentence) -> AnnotatedSentence:
    s = item.sentence
    return replace(item, sentence=Sentence(s.start, s.text, s.tokens, s.line))


def written(items: list[AnnotatedSentence], options: WriteOptions) -> str:
    """Write sentences, or say why they cannot be."""
    out = io.StringIO(newline="")
    try:
        write([DocumentStart("x", "tokens"), *items], out, options)
    except (FormatError, ValueError) as error:
        return f"{out.getvalue()}{type(error).__name__}: {error}"
    return out.getvalue()


@settings(max_examples=examples(60), deadline=None)
@given(sentences(), st.integers(1, 3))
def test_what_is_read_of_a_project_is_what_was_put_there(items: list[AnnotatedSentence], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project_stream, "AT_ONCE", at_once)
        found = export(items)
    assert [item.sentence.words for item in found] == [item.sentence.words for item in items]
    # Standing is a matter of the store's: confirmed sentences have no open suggestions.
    open_ones = [item if item.status != "confirmed" else replace(item, suggestions=()) for item in items]
    assert [plain(item) for item in found] == open_ones


_AT_HAND = [name for name in WRITERS if name != "spacy" or find_spec("spacy")]


def _beside(_: str) -> io.StringIO:
    return io.StringIO()


@settings(max_examples=examples(60), deadline=None)
@given(
    sentences(), st.sampled_from(_AT_HAND), st.sampled_from(sorted(SCHEMES)), st.sampled_from(" \t"), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_every_format_is_the_same_as_from_sentences_made_at_once(
    items: list[AnnotatedSentence], fmt: str, scheme: str, separator: str, lossy: bool, only_confirmed: bool
) -> None:
    found = export(items, only_confirmed=only_confirmed)
    told: tuple[list[str], list[str]] = ([], [])
    texts = [
        written(some, WriteOptions(fmt, scheme, separator, tell.append, tell.append if lossy else None, beside=_beside))
        for some, tell in zip((found, list(map(plain, found))), told, strict=True)
    ]
    assert texts[0] == texts[1]
    assert told[0] == told[1]


@settings(max_examples=examples(60), deadline=None)
@given(sentences())
def test_json_lists_each_token(items: list[AnnotatedSentence]) -> None:
    """As ``json`` writes it, but for the escapes of what a terminal may act on."""
    text = "".join(item.sentence.text for item in items)
    tokens = [token for item in items for token in item.sentence.tokens]
    own = [{"start": start, "end": end} for start, end in tokens]
    prodigy = [
        {"text": text[start:end], "start": start, "end": end, "id": at, "ws": text[end : end + 1].isspace()}
        for at, (start, end) in enumerate(tokens)
    ]
    for fmt, expected in (("jsonl", own), ("prodigy", prodigy)):
        line = written(items, WriteOptions(fmt))
        record = json.loads(line)
        assert record["text"] == text
        assert record["tokens"] == expected
        assert unescaped(json.dumps(record, ensure_ascii=False)) + "\n" == unescaped(line)


def unescaped(line: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), line)


@settings(max_examples=examples(100), deadline=None)
@given(sentences(), st.sampled_from(["conll", "conll2003"]), st.sampled_from(sorted(SCHEMES)), st.sampled_from(" \t"))
def test_columns_are_each_word_with_its_tag(
    items: list[AnnotatedSentence], fmt: str, scheme: str, separator: str
) -> None:
    """Of the sentences that columns can hold."""
    middle = separator.join(["", "_", "_", ""]) if fmt == "conll2003" else separator
    for item in items:
        text = written([item], WriteOptions(fmt, scheme, separator))
        words = item.sentence.words
        try:
            tags = encode(tag_spans(item), len(words), scheme)
        except CannotEncode:
            assert "cannot keep two adjacent" in text
            continue
        if "Error: " not in text:
            lines = [f"{word}{middle}{tag}\n" for word, tag in zip(words, tags, strict=True)]
            assert text.removeprefix("-DOCSTART- -X- O O\n\n".replace(" ", separator)) == "".join([*lines, "\n"])
        else:
            assert any(separator in word or word.upper().startswith(("-DOCSTART", "#")) for word in words)
