"""Writing CoNLL-U: whatever the text between the words is, reading what was written gives it back."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import SCHEMES
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, WriteOptions, read, write

UD = "_\t" * 7


def of_tokens(text: str, tokens: list[tuple[int, int]], *spans: Span, start: int = 0) -> AnnotatedSentence:
    return AnnotatedSentence(Sentence(start, text, tuple(Token(*token) for token in tokens)), spans)


def written(items: list[StreamItem], told: list[str] | None = None, scheme: str = "iob2") -> str:
    out, tell = io.StringIO(newline=""), None if told is None else told.append
    write(items, out, WriteOptions("conllu", scheme, tell=tell, lossy=tell))
    return out.getvalue()


def back(text: str) -> list[StreamItem]:
    return list(read(Source("x.conllu", "", text, "utf-8", False, "\n")))


def kept(items: list[StreamItem]) -> list[tuple[int, str, tuple[Token, ...], tuple[Span, ...]] | None]:
    """Return what must come back: the texts, tokens and spans of sentences, None where a document begins."""
    return [
        (item.sentence.start, item.sentence.text, item.sentence.tokens, item.spans)
        if isinstance(item, AnnotatedSentence)
        else None
        for item in items
    ]


def test_words_have_their_tags_in_misc_and_documents_and_sentences_their_comments() -> None:
    items: list[StreamItem] = [
        DocumentStart("a.txt", "text"),
        of_tokens("Ada left.\n", [(0, 3), (4, 8), (8, 9)], Span(0, 3, "PER")),
        of_tokens("So", [(10, 12)], start=10),
        DocumentStart("b.txt", "text"),
        of_tokens("x", [(0, 1)]),
    ]
    text = written(items)
    assert text == (
        f"# newdoc id = a.txt\n# sent_id = 1\n# text = Ada left.\n1\tAda\t{UD}NER=B-PER\n"
        f"2\tleft\t{UD}NER=O|SpaceAfter=No\n3\t.\t{UD}NER=O\n\n"
        f"# sent_id = 2\n# text = So\n1\tSo\t{UD}NER=O\n\n"
        f"# newdoc id = b.txt\n# sent_id = 3\n# text = x\n1\tx\t{UD}NER=O\n\n"
    )
    assert kept(back(text)) == kept(items)


def test_other_spacing_than_one_space_and_a_line_end_is_said_as_udpipe_says_it() -> None:
    text = written([
        DocumentStart("a", "text"),
        of_tokens(" Ada\t |left.", [(1, 4), (7, 12)]),
        of_tokens("So\n", [(12, 14)], start=12),
    ])  # fmt: skip
    assert [line.split("\t")[-1] for line in text.split("\n") if "\t" in line] == [
        r"NER=O|SpacesAfter=\t\s\p|SpacesBefore=\s", "NER=O|SpaceAfter=No|SpacesAfter=", r"NER=O|SpacesAfter=\n"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "told", "row"),
    [
        (of_tokens("a\tb", [(0, 3)]), r"doc:1: 'a\tb' is written as 'a_b'", "1\ta_b"),
        (of_tokens("a", [(0, 1)], Span(0, 1, "X|Y ")), "doc:1: 'B-X|Y ' is written as 'B-X_Y_'", "NER=B-X_Y_"),
        (of_tokens("a b c", [(0, 1), (4, 5)]), "doc:1: ' b ' is written as ' '", "# text = a c\n"),
    ],
    ids=["a TAB in a word", "a bar and a blank in a label", "text in no word"],
)
def test_what_cannot_be_written_is_told(item: AnnotatedSentence, told: str, row: str) -> None:
    sentences: list[str] = []
    assert row in written([DocumentStart("doc", "tokens"), item], sentences)
    assert sentences == [told]
    with pytest.raises(FormatError, match=r"doc:1: CoNLL-U cannot hold .*: choose --to jsonl"):
        written([DocumentStart("doc", "tokens"), item])


def test_spaces_in_words_are_no_loss() -> None:
    items: list[StreamItem] = [DocumentStart("a", "tokens"), of_tokens("10 000 _", [(0, 6), (7, 8)])]
    assert kept(back(written(items))) == kept(items)


def test_a_document_without_a_word_is_left_out() -> None:
    assert written([DocumentStart("a", "text"), AnnotatedSentence(Sentence(0, "\n", ()))]) == ""


@st.composite
def streams(draw: st.DrawFn) -> list[StreamItem]:
    """Draw documents of sentences whose words and spacing are anything that a file can hold."""
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\t\n")
    word = st.one_of(st.sampled_from(["_", "#", "SpacesAfter=\\n", "1-2", "NER=B-X"]), st.text(letters, min_size=1))
    gap = st.one_of(st.sampled_from(["", " ", "\n"]), st.text(" \t\r\n|\\\u00a0\u2028\x0b-#", max_size=3))
    label = st.sampled_from(["PER", "a-b", "O", "x=y", "a b", "Ä"])
    items: list[StreamItem] = []
    for _ in range(draw(st.integers(1, 3))):
        items.append(DocumentStart("x", "text"))
        start = 0
        for nth in range(draw(st.integers(1, 3))):
            text = draw(gap) if nth == 0 else ""
            tokens, spans = list[Token](), list[Span]()
            for _ in range(draw(st.integers(1, 4))):
                now = draw(word)
                tokens.append(Token(start + len(text), start + len(text) + len(now)))
                text += now + draw(gap)
            at = 0
            while at < len(tokens):
                end = min(len(tokens), at + draw(st.integers(1, 2)))
                if draw(st.booleans()):
                    spans.append(Span(tokens[at].start, tokens[end - 1].end, draw(label)))
                at = end
            items.append(AnnotatedSentence(Sentence(start, text, tuple(tokens)), tuple(spans)))
            start += len(text)
    return items


@settings(deadline=None)
@given(streams(), st.sampled_from([name for name in SCHEMES if name != "io"]))
def test_read_takes_write_back(items: list[StreamItem], scheme: str) -> None:
    text = written(items, scheme=scheme)
    assert kept(back(text)) == kept(items)
