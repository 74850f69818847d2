"""Prose is prose: whatever words stand where in its lines, it is read as text; and files of tokens are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.domain.schemes import SCHEMES, TagSpan, encode
from ner_tui.domain.spelling import Spelling
from ner_tui.formats import Source, infer_format
from ner_tui.formats.columns.tag_evidence import may_be_annotated


def read_as(text: str, path: str = "x.txt") -> str:
    return infer_format(Source(path, "", text, "utf-8", False, "\n")).format


PROSE = {
    "a long line with I in it": "So " * 40 + "I " * 3 + "went home and that was all there was to it.\n",
    "two paragraphs with as many words": "So then I went home.\n\nAnd then I came back.\n",
    "lines that end with I": "You and I\nShe and I\nThey and I\nWe and I\n",
    "kings": "Charles I\nJames I\nGeorge I\nElizabeth I\n",
    "roads": "Take I-95\nTake I-80\nTake I-5\n",
    "aeroplanes": "The B-52\nThe B-17\nThe B-1\n",
    "boats": "A U-boat\nThe U-boat\nMy U-boat\n",
    "mail": "Your e-mail\nMy e-mail\nHer e-mail\n",
    "songs": "Oh I do\nOh I can\nOh I am\nOh I will\n",
    "results": "Arsenal 0\nChelsea 2\nLeeds 0\nEverton 0\n",
    "nothing but zeros": "Arsenal 0\nChelsea 0\nLeeds 0\n",
    "others": "one another\nthe other\nany other\nno other\n",
    "a numbered list": "1 apples\n2 pears\n3 plums\n4 figs\n",
    "a line about words, labels and tags": "The word on the label and the tag.\nThe word was on the label and a tag.\n",
    "initials": "Ann B\nBob S\nCy E\nDi M\n",
    "a list by TAB": "Chapter\tI\nChapter\tII\nChapter\tIII\n",
    "one word": "I\n",
    "two lines of one word": "I\nO\n",
    "Polish": "Ona i on\nOn i ona\nOni i one\nPies i kot\n",
    "vitamins": "Take VITAMIN-B\nEat VITAMIN-B\nNeed VITAMIN-B\n",
}


@pytest.mark.parametrize("text", PROSE.values(), ids=list(PROSE))
def test_prose_is_text(text: str) -> None:
    assert read_as(text) == "text"


WORDS = st.sampled_from(
    "I O B S E a o i u z e I'm I-95 B-52 U-boat S-bahn e-mail T-shirt i-phone 0 1 12 the of and went other none Other "
    "Word tag label Ada Rome . , ! ? - _ – # * A/B He It's tag- B_side M_1".split()
)


@settings(max_examples=examples(400))
@given(st.lists(st.lists(WORDS, min_size=1, max_size=14), min_size=1, max_size=6))
def test_sentences_of_any_words_are_text(sentences: list[list[str]]) -> None:
    """In prose the number of words differs from line to line, and each line ends as sentences do."""
    lines = [" ".join(["This", *words, *["x"] * at, "here."]) for at, words in enumerate(sentences, 1)]
    for text in ("\n".join(lines), "\n\n".join(lines), " ".join(lines)):
        assert read_as(text + "\n") == "text"


@settings(max_examples=examples(200))
@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_lines_of_as_many_words_are_text_unless_a_column_is_of_tags(lines: list[list[str]]) -> None:
    rows = [["so", *words, "now"] for words in lines]
    assert read_as("".join(" ".join(row) + "\n" for row in rows)) in ("text", "conll")
    assert all(read_as(f"{' '.join(row)}.\n") == "text" for row in rows)


@st.composite
def token_files(draw: st.DrawFn) -> str:
    """Draw a file of a few lines of tokens, in any scheme and spelling, tags first or last."""
    scheme = draw(st.sampled_from([name for name in SCHEMES if name != "io"]))
    outside, joiner = draw(st.sampled_from(["O", "o", "0", "OTHER", "_"])), draw(st.sampled_from("-_"))
    spelling = Spelling(outside, joiner=joiner, lower=draw(st.booleans()), suffix=draw(st.booleans()))
    size, before = draw(st.integers(3, 12)), draw(st.integers(0, 2))
    separator, first = draw(st.sampled_from(["\t", " "])), draw(st.booleans())
    tags = encode([TagSpan(before, min(before + 2, size), "PER")], size + 1, scheme)
    words = draw(st.lists(st.sampled_from(["Ada", "left", "Rome", ".", "I", "so", "1"]), min_size=size + 1))
    rows = [[word, spelling.spell(tag)] for word, tag in zip(words, tags, strict=False)]
    return "".join(separator.join(row[::-1] if first else row) + "\n" for row in rows)


@settings(max_examples=examples(200))
@given(token_files())
def test_tokens_are_columns_whatever_the_file_is_called(text: str) -> None:
    assert read_as(text) == "conll"


@pytest.mark.parametrize(
    ("cells", "lines", "may_be"),
    [
        ([], 0, True),
        (["B-PER", "O", "O"], 3, True),
        (["_", "_", ""], 3, True),
        (["left", "it", "so"], 3, False),
        (["O"], 9, False),
    ],
)
def test_a_column_may_be_one_of_tags_where_nearly_all_lines_have_one_or_nothing_yet(
    cells: list[str], lines: int, may_be: bool
) -> None:
    assert may_be_annotated(cells, lines) is may_be
