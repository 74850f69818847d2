"""Files of columns that are edited in place: what holds for any file, scheme and spelling of tags."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inplace import UD, changed, relabel, relabelled, source_of, spans_of, with_spans
from thoroughness import examples

from ner_tui.domain.schemes import SCHEMES, TagSpan, decode, encode
from ner_tui.domain.spelling import Spelling
from ner_tui.domain.stream import AnnotatedSentence, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Inference, Source, infer_format, read
from ner_tui.formats.columns.inplace_edit import in_scheme, rewrite

WORDS = ["a", "#", "-", "O", "B-X", "\u00a0", "\u2028", "\u0085", "\u200b", "#x", "0", "1", "é", "\ufeff"]
LABELS = ["X", "Y-z", "O"]
TAGS = ["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)]


@st.composite
def files(draw: st.DrawFn, tags: st.SearchStrategy[str] | None = None) -> tuple[str, str]:
    """Draw the text of a file of two to five columns, with what surrounds sentences in real ones, and its scheme."""
    scheme = draw(st.sampled_from(list(SCHEMES)))
    separator = draw(st.sampled_from([" ", "\t", "  "]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    middle = draw(st.lists(st.sampled_from(["_", "NN", "x"]), max_size=2))
    after = draw(st.lists(st.sampled_from(["_", "x"]), max_size=1)) if separator == "\t" else []
    text = ""
    for number in range(draw(st.integers(1, 4))):
        text += "".join(draw(st.lists(st.sampled_from([end, f" {end}", f"\t{end}", f"# a comment{end}"]), max_size=2)))
        size = draw(st.integers(2, 5))
        found = [TagSpan(1, 2, "X")] if number == 0 else draw(spans(size, scheme))
        cells = encode(found, size, scheme) if tags is None else [draw(tags) for _ in range(size)]
        words = ["first", *(draw(st.sampled_from(WORDS)) for _ in cells[1:])]
        text += "".join(
            f"{separator.join([w, *middle, tag, *after])}{end}" for w, tag in zip(words, cells, strict=True)
        )
        text += end * draw(st.integers(1, 2))
    return (text.rstrip("\r\n") if draw(st.booleans()) else text), scheme


@st.composite
def spans(draw: st.DrawFn, size: int, scheme: str = "iob2") -> list[TagSpan]:
    drawn: list[TagSpan] = []
    at = 0
    while at < size:
        end = min(size, at + draw(st.integers(1, 3)))
        label = draw(st.sampled_from(["", *LABELS]))
        touching = drawn and drawn[-1].end == at and drawn[-1].label == label
        if label and not (scheme == "io" and touching):
            drawn.append(TagSpan(at, end, label))
        at = end
    return drawn


def opened(text: str) -> tuple[Source, Inference, list[StreamItem]]:
    source = source_of(text)
    inference = infer_format(source)
    return source, inference, list(read(source, inference=inference))


@settings(deadline=None, max_examples=examples(200))
@given(files() | files(st.sampled_from(TAGS)))
def test_saving_without_an_edit_is_the_identity(file: tuple[str, str]) -> None:
    source, inference, items = opened(file[0])
    assert "".join(rewrite(source, inference, items)) == file[0]


@settings(deadline=None, max_examples=examples(200))
@given(st.data(), files() | files(st.sampled_from(TAGS)))
def test_an_edited_sentence_reads_as_it_was_edited_and_the_others_keep_their_bytes(
    data: st.DataObject, file: tuple[str, str]
) -> None:
    source, inference, items = opened(file[0])
    before = spans_of(items)
    at = data.draw(st.integers(0, len(before) - 1))
    sentence = [item for item in items if isinstance(item, AnnotatedSentence)][at].sentence
    new = data.draw(spans(len(sentence.tokens), inference.scheme or "iob2"))
    made = "".join(rewrite(source, inference, with_spans(items, at, new)))
    back = source_of(made)
    assert spans_of(list(read(back, inference=inference))) == [*before[:at], new, *before[at + 1 :]]
    lines = range(sentence.line, sentence.line + 20)
    theirs = set(before[at]) ^ set(new)
    touched = {token for span in theirs for token in range(max(span.start - 1, 0), span.end + 1)}
    differing = [n for n, (a, b) in enumerate(zip(file[0].split("\n"), made.split("\n"), strict=True), 1) if a != b]
    assert set(differing) <= set(lines)
    if not any(isinstance(item, Problem) for item in items):
        assert len(differing) <= len(touched)


@settings(deadline=None, max_examples=examples(200))
@given(files(), st.sampled_from(list(SCHEMES)))
def test_from_scheme_to_scheme_and_back_is_the_identity(file: tuple[str, str], scheme: str) -> None:
    text = file[0]
    source, inference, items = opened(text)
    own = inference.scheme or ""
    if "io" in (own, scheme) or any(isinstance(item, Problem) for item in items):
        return
    made = source_of("".join(in_scheme(source, inference, scheme)))
    assert spans_of(list(read(made, inference=inference))) == spans_of(items)
    assert "".join(in_scheme(made, inference, own)) == text


@settings(max_examples=examples(500))
@given(st.integers(1, 12).flatmap(lambda size: st.tuples(spans(size), st.just(size))), st.sampled_from(list(SCHEMES)))
def test_decode_takes_encode_back_in_every_scheme(drawn: tuple[list[TagSpan], int], scheme: str) -> None:
    found, size = drawn
    if scheme != "io":
        assert decode(encode(found, size, scheme)) == found


SPELLINGS = st.tuples(
    st.sampled_from(["O", "o", "_", "-", "0", "NONE", "Other"]), st.sampled_from("-_"), st.booleans(), st.booleans()
).map(lambda drawn: Spelling(drawn[0], joiner=drawn[1], lower=drawn[2], suffix=drawn[3]))


@st.composite
def spelled_files(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a file whose tags are in one of the spellings, before the words or behind them, and its scheme."""
    scheme = draw(st.sampled_from([name for name in SCHEMES if name not in ("io", "iob1")]))
    spelling, separator = draw(SPELLINGS), draw(st.sampled_from([" ", "\t", "  "]))
    first, end = draw(st.booleans()), draw(st.sampled_from(["\n", "\r\n"]))
    text = ""
    for number in range(draw(st.integers(1, 3))):
        size = draw(st.integers(4, 6))
        found = [TagSpan(0, 1, "LOC"), TagSpan(1, 4, "PER")] if number == 0 else draw(spans(size))
        words = ["Oslo", "Ada", *(draw(st.sampled_from(["a", "#", "-", "#x", "0", "é", "."])) for _ in range(size - 2))]
        cells = map(spelling.spell, encode(found, size, scheme))
        rows = ((cell, word) if first else (word, cell) for word, cell in zip(words, cells, strict=True))
        text += "".join(f"{separator.join(row)}{end}" for row in rows) + end
    return text, scheme


@settings(deadline=None, max_examples=examples(150))
@given(st.data(), spelled_files(), st.sampled_from([name for name in SCHEMES if name != "io"]))
def test_tags_of_every_spelling_are_edited_and_converted_in_place(
    data: st.DataObject, file: tuple[str, str], scheme: str
) -> None:
    text, own = file
    source, inference, items = opened(text)
    assert inference.scheme == own
    assert "".join(rewrite(source, inference, items)) == text
    before = spans_of(items)
    assert before[0] == [TagSpan(0, 1, "LOC"), TagSpan(1, 4, "PER")]
    made = source_of("".join(in_scheme(source, inference, scheme)))
    assert spans_of(list(read(made, inference=inference))) == before
    assert "".join(in_scheme(made, inference, own)) == text
    at = data.draw(st.integers(0, len(before) - 1))
    sentence = [item for item in items if isinstance(item, AnnotatedSentence)][at].sentence
    new = data.draw(spans(len(sentence.tokens)))
    edited = source_of("".join(rewrite(source, inference, with_spans(items, at, new))))
    assert spans_of(list(read(edited, inference=inference))) == [*before[:at], new, *before[at + 1 :]]
    theirs = {token for span in {*before[at], *new} for token in range(span.start, span.end)}
    assert len(changed(text, edited.text)) <= len(theirs)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ada B_PER\nLee E_PER\nleft O\nOslo S_LOC\n", [("Ada B_PER", "Ada B_ORG"), ("Lee E_PER", "Lee E_ORG")]),
        ("Ada b-PER\nLee l-PER\nleft o\nOslo u-LOC\n", [("Ada b-PER", "Ada b-ORG"), ("Lee l-PER", "Lee l-ORG")]),
        ("Ada PER-B\nLee PER-I\nleft 0\nOslo LOC-B\n", [("Ada PER-B", "Ada ORG-B"), ("Lee PER-I", "Lee ORG-I")]),
        ("B-PER\tAda\r\nO\tleft\r\nB-LOC\tOslo\r\n", [("B-PER\tAda\r", "B-ORG\tAda\r")]),
        ("B-PER\tAda\nNONE\tleft\nB-LOC\tOslo\n", [("B-PER\tAda", "B-ORG\tAda")]),
    ],
    ids=["by _", "small BILOU", "prefixes behind, 0 for O", "tags first", "tags first, NONE for O"],
)
def test_a_relabel_keeps_the_spelling(text: str, lines: list[tuple[str, str]]) -> None:
    assert changed(text, relabel(text)) == lines


@pytest.mark.parametrize(("spelled", "made"), [("PER-B", "0"), ("B_PER", "0"), ("b-PER", "0")])
def test_a_span_that_goes_is_written_as_the_file_writes_outside(spelled: str, made: str) -> None:
    text = f"Ada {spelled}\nleft 0\nso 0\n"
    source, inference, items = opened(text)
    assert "".join(rewrite(source, inference, with_spans(items, 0, []))) == text.replace(spelled, made)


def test_in_conll_u_tags_keep_their_spelling() -> None:
    text = f"1\tAda\t{UD}\tNER=PER-B\n2\tLee\t{UD}\tNER=PER-E\n3\tleft\t{UD}\tNER=0\n4\tso\t{UD}\tNER=0\n\n"
    made = relabel(text, path="x.conllu")
    assert [line.split("\t")[-1] for line in made.split("\n") if line] == ["NER=ORG-B", "NER=ORG-E", "NER=0", "NER=0"]


@pytest.mark.parametrize("label", ["_", "o", "B-X"])
def test_a_label_that_would_be_read_as_something_else_in_a_file_of_bare_labels_is_refused(label: str) -> None:
    source = source_of("Ada PER\nsaw O\nBo LOC\n")
    inference = infer_format(source)
    items = relabelled(list(read(source, inference=inference)), "PER", label)
    with pytest.raises(FormatError, match=rf"^x\.conll:1: these spans cannot be written in IO \(labels .*{label}"):
        list(rewrite(source, inference, items))
