"""Records of any documents come back as they were, in each format of records."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_texts import JSON_FORMATS, written

from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import SCHEMES
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.formats import Source, read


@st.composite
def streams(draw: st.DrawFn) -> list[StreamItem]:
    """Draw documents of raw text, cut here, with spans of whole tokens in one sentence."""
    words = st.one_of(
        st.sampled_from(
            ["Ada", "New", "York.", "So?", "\n\n", "😀", "U.S.", "don't", "北京", "\\n", '"', "\u2028", "é"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4),
    )
    items: list[StreamItem] = []
    for number in range(draw(st.integers(1, 3))):
        text = " ".join(draw(st.lists(words, min_size=1, max_size=12)))
        items.append(DocumentStart("x.jsonl" if not number else f"x.jsonl#{number + 1}", "text", number + 1))
        for sentence in segment(text):
            made, at, tokens = [], 0, sentence.tokens
            while at < len(tokens):
                end = min(len(tokens), at + draw(st.integers(1, 3)))
                if label := draw(st.sampled_from(["", "", "PER", "a-b c", "O"])):
                    made.append(Span(tokens[at].start, tokens[end - 1].end, label))
                at = end
            placed = Sentence(sentence.start, sentence.text, tokens, number + 1)
            items.append(AnnotatedSentence(placed, tuple(made)))
    return items


def kept(items: list[StreamItem], *, whole: bool) -> list[tuple[str, list[Span], list[Token]]]:
    """Return the text, the spans and, if they are ``whole``, the tokens of each document."""
    found: list[tuple[str, list[Span], list[Token]]] = []
    for item in items:
        if isinstance(item, DocumentStart):
            found.append(("", [], []))
        elif isinstance(item, AnnotatedSentence):
            text, spans, tokens = found[-1]
            found[-1] = (text + item.sentence.text, [*spans, *item.spans], [*tokens, *item.sentence.tokens * whole])
    return found


@settings(deadline=None)
@given(streams(), st.sampled_from([fmt for fmt in JSON_FORMATS if fmt != "hf"]))
def test_read_takes_write_back(items: list[StreamItem], fmt: str) -> None:
    source = Source("x.jsonl", "", written(items, fmt), "utf-8", False, "\n")
    back = list(read(source, fmt))
    whole = fmt in ("jsonl", "prodigy")
    assert kept(back, whole=whole) == kept(items, whole=whole)
    assert not any(isinstance(item, Problem) and "UTF-16" not in item.reason for item in back)
    if fmt == "jsonl":
        assert [item for item in back if not isinstance(item, Problem)] == items
    assert written(back, fmt) == source.text


@settings(deadline=None)
@given(streams(), st.sampled_from([scheme for scheme in SCHEMES if scheme != "io"]))
def test_read_takes_hugging_face_back_sentence_by_sentence(items: list[StreamItem], scheme: str) -> None:
    text = written(items, "hf", scheme)
    if not text:
        return
    source = Source("x.jsonl", "", text, "utf-8", False, "\n")
    back = list(read(source, "hf"))
    assert [json.loads(line)["ner_tags"] for line in written(back, "hf", scheme).splitlines()] == [
        json.loads(line)["ner_tags"] for line in text.splitlines()
    ]
    words = [item.sentence.words for item in items if isinstance(item, AnnotatedSentence) and item.sentence.tokens]
    assert [item.sentence.words for item in back if isinstance(item, AnnotatedSentence)] == words


@pytest.mark.parametrize("fmt", JSON_FORMATS)
def test_what_is_written_holds_no_control_character(fmt: str) -> None:
    text = "a\x1b[31m \x9b2J \u202e \u2028 b"
    item = AnnotatedSentence(Sentence(0, text, (Token(0, 6), Token(7, 10), Token(len(text) - 1, len(text)))))
    out = written([DocumentStart("a\x1b", "tokens"), item], fmt)
    assert all(char.isprintable() or char == "\n" for char in out)
