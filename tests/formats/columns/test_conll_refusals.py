"""Reading CoNLL: what breaks the format is told with file and line, and what was taken for what."""

from __future__ import annotations

import pytest
from conll_texts import source_of

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.errors import FormatError
from ner_tui.formats import Inference, infer_format, read


def test_reading_is_lazy() -> None:
    items = read(source_of("EU B-ORG\n\nwins O\n\nPeter B-PER\nbad\n"))
    assert isinstance(next(items), DocumentStart)
    assert isinstance(next(items), AnnotatedSentence)
    with pytest.raises(FormatError):
        list(items)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "EU B-ORG\nrejects\nGerman B-MISC\n",
            "x.conll:2: 1 column where the others have 2: add what is missing, or read it with --from text",
        ),
        (
            "EU B-ORG\nNew York B-LOC\nwins O\nall O\n",
            "x.conll:2: 3 columns where the others have 2: a word with a space in it needs a file separated by TAB",
        ),
        (
            "token,label\nEU,B-ORG\nwins,O\n10,000,O\n",
            "x.conll:1: the columns are parted by ',': say --from csv",
        ),
        (
            "EU\u00a0B-ORG\nwins\u00a0O\n\nPeter\u00a0B-PER\n",
            "x.conll:1: the columns are parted by '\\xa0': put a TAB there",
        ),
        (
            "d 0 0 EU NNP (TOP* - (ORG) (A0)\nd 0 1 wins VBZ * - * (V*)\nd 0 2 it PRP *) - * *\n",
            "x.conll:1: the entities are brackets such as (PERSON*), as in CoNLL-2012, which are not read: turn "
            "them into tags",
        ),
        (
            "EU|NNP|B-ORG wins|VBZ|O\nAll|DT|O is|VBZ|O well|JJ|O\n",
            "x.conll:1: a line holds a whole sentence, with | before each tag: put each word and its tag on a line of "
            "their own",
        ),
        (
            "EU NNP\nrejects VBZ\n",
            "x.conll:1: no column of this file holds tags such as O or B-PER, as conll has: try --from text",
        ),
    ],
)
def test_what_breaks_the_format_is_told_with_file_and_line(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as raised:
        list(read(source_of(text, "x.conll")))
    assert str(raised.value) == sentence


def test_a_short_line_is_found_out_whatever_the_file_is_called() -> None:
    with pytest.raises(FormatError, match=r"^x\.txt:2: 1 column where the others have 2"):
        list(read(source_of("EU B-ORG\nrejects\nGerman B-MISC\n")))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("EU I-ORG\nwins O\nall O\n", "x.txt: read as conll, 2 columns by space, tags in column 2, IOB1"),
        ("EU\tU-ORG\nwins\tO\n", "x.txt: read as conll, 2 columns by TAB, tags in column 2, BILOU"),
        (
            "1\tEU\tB-ORG\n2\twins\tO\n",
            "x.txt: read as conll, 3 columns by TAB, words in column 2, tags in column 3, IOB2",
        ),
        ("EU\nwins\n.\n", "x.txt: read as conll, one column: words without tags"),
    ],
)
def test_the_inference_is_told(text: str, told: str) -> None:
    assert infer_format(source_of(text)).sentence == told


@pytest.mark.parametrize(
    "text",
    [
        "You and I\n",
        "Take Vitamin B-12\n",
        "EU\n",
        "Hugging Face opened an office in New York City.\n\nIt is near the Manhattan Bridge. So am I\n",
        "香港特別行政區政府\n今天宣布新措施\n市民反應熱烈\n",
        "# Title\n\n- one\n- two\n",
        "-- \nAda\n",
    ],
)
def test_prose_is_not_taken_for_columns(text: str) -> None:
    assert infer_format(source_of(text)) == Inference("text", "x.txt: read as raw text")
