"""Reading CoNLL: the dialects people have, what is told of them, and what cannot be read."""

from __future__ import annotations

import pytest
from conll_texts import source_of

from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem
from ner_tui.errors import InputError
from ner_tui.formats import infer_format, read

FIRST = [
    (["EU", "rejects", "German", "call"], ["ORG EU", "MISC German"]),
    (["Peter", "Blackburn"], ["PER Peter Blackburn"]),
]
"""The two sentences that most of the samples hold, as words and spans."""


def sentences_of(text: str, path: str = "x.txt", fmt: str | None = None) -> list[tuple[list[str], list[str]]]:
    """Read words, and spans as their label and text."""
    found = []
    whole = ""
    for item in read(source_of(text, path), fmt):
        whole = "" if isinstance(item, DocumentStart) else whole
        if isinstance(item, AnnotatedSentence):
            assert item.sentence.start == len(whole)
            whole += item.sentence.text
            assert item.sentence.words == [whole[token.start : token.end] for token in item.sentence.tokens]
            found.append((item.sentence.words, [f"{s.label} {whole[s.start : s.end]}" for s in item.spans]))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "EU B-ORG\nrejects O\nGerman B-MISC\ncall O\n\nPeter B-PER\nBlackburn I-PER\n",
        "EU\tB-ORG\nrejects\tO\nGerman\tB-MISC\ncall\tO\n\nPeter\tB-PER\nBlackburn\tI-PER",
        "EU I-ORG\r\nrejects O\r\nGerman I-MISC\r\ncall O\r\n\r\nPeter I-PER\r\nBlackburn I-PER\r\n",
        "EU   U-ORG\nrejects  O \nGerman U-MISC\ncall    O\n \t\n\n\nPeter  B-PER\nBlackburn L-PER\n\n\n",
        "\nEU S-ORG\nrejects O\nGerman S-MISC\ncall O\n\t\nPeter B-PER\nBlackburn E-PER\n",
        "EU ORG\nrejects O\nGerman MISC\ncall O\n\nPeter PER\nBlackburn PER\n",
        "EU NNP I-NP I-ORG\nrejects VBZ I-VP O\nGerman JJ I-NP I-MISC\ncall NN I-NP O\n\n"
        "Peter NNP I-NP I-PER\nBlackburn NNP I-NP I-PER\n",
        "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\nGerman JJ B-NP B-MISC\ncall NN I-NP O\n\n"
        "Peter NNP B-NP B-PER\nBlackburn NNP I-NP I-PER\n",
        "# newdoc id = a\n# text = EU rejects\n1\tEU\tB-ORG\t-\tann\n2\trejects\tO\n3\tGerman\tB-MISC\t-\tann\n"
        "4\tcall\tO\n\n# text = Peter Blackburn\n1\tPeter\tB-PER\t-\tann\n2\tBlackburn\tI-PER\t-\tann\n",
        "#\thttp://example.org\n1\tEU\tB-ORG\tB-LOC\n2\trejects\tO\tO\n3\tGerman\tB-MISC\tO\n4\tcall\tO\tO\n\n"
        "1\tPeter\tB-PER\tO\n2\tBlackburn\tI-PER\tO\n",
        "# id 1b2c\tdomain=en\nEU _ _ B-ORG\nrejects _ _ O\nGerman _ _ B-MISC\ncall _ _ O\n\n"
        "# id 1b2d\tdomain=en\nPeter _ _ B-PER\nBlackburn _ _ I-PER\n",
        "# global.columns = id form upos ner misc\n"
        "1\tEU\tPROPN\tB-ORG\t_\n2\trejects\tVERB\tO\t_\n3\tGerman\tADJ\tB-MISC\t_\n"
        "4\tcall\tNOUN\tO\t_\n\n1\tPeter\tPROPN\tB-PER\t_\n2\tBlackburn\tPROPN\tI-PER\t_\n",
        "-DOCSTART- -X- -X- -X- O\n\nEU EU NE I-NC I-ORG\nrejects reject VVFIN I-VC O\nGerman German ADJA I-NC I-MISC\n"
        "call call NN I-NC O\n\nPeter Peter NE I-NC I-PER\nBlackburn Blackburn NE I-NC I-PER\n\n",
        "No.\tTOKEN \tNE-TAG\tNE-EMB\t\n#\t001\thttps://x.example\thttp://y.example\t\n0\t\tO\tO\t\n"
        "1\tEU\tB-ORG\tO\t\n2\trejects\tO\tO\t\n3\tGerman\tB-MISC\tO\t\n4\tcall\tO\tO\t\n0\t\tO\tO\t\n"
        "1\tPeter\tB-PER\tO\t\n2\tBlackburn\tI-PER\tO\t\n",
        "EU B-ORG\nrejects O\nGerman S-MISC\ncall O\n\nPeter B-PER\nBlackburn E-PER\n",
        "EU\tb-ORG\nrejects\to\nGerman\tb-MISC\ncall\to\n\nPeter\tb-PER\nBlackburn\ti-PER\n",
        "EU O S-ORG\nrejects O O\nGerman O S-MISC\ncall O O\n\nPeter O B-PER\nBlackburn O E-PER\n",
        "EU\t B-ORG\nrejects\tO \nGerman\t B-MISC \ncall\tO\n\nPeter\tB-PER\nBlackburn\tI-PER\n",
        "## sign: EU\n## 0-wiki\t<EU:ORG> rejects\nEU\tB-ORG\nrejects\tO\nGerman\tB-MISC\ncall\tO\n\n"
        "## 1-wiki\t<Peter Blackburn:PER>\nPeter\tB-PER\nBlackburn\tI-PER\n",
        "# webanno.custom.X | value \n#id=1\n#text=EU rejects\n1-1\tEU\tB-ORG\n1-2\trejects\tO\n"
        "1-3\tGerman\tB-MISC\n1-4\tcall\tO\n\n#id=2\n#text=Peter Blackburn\n2-1\tPeter\tB-PER\n2-2\tBlackburn\tI-PER\n",
        "###MEDLINE:123\n\nEU\tB-ORG\nrejects\tO\nGerman\tB-MISC\ncall\tO\n\nPeter\tB-PER\nBlackburn\tI-PER\n",
    ],
    ids=[
        "two columns by space", "by TAB without a final line end", "CRLF and IOB1", "runs of spaces, blank lines",
        "a leading blank line and one of TAB", "IO without prefixes", "CoNLL-2003 as published", "CoNLL-2003 in IOB2",
        "counted words, ragged lines", "two levels", "unused columns, comments with TAB", "CoNLL-U Plus",
        "CoNLL-2003 in German",
        "neat", "illegal beside legal", "small prefixes", "an empty level before the tags", "blanks around tags",
        "KLUE: comments with TAB and the columns of a word", "counted with the sentence", "MEDLINE",
    ],
)  # fmt: skip
def test_the_dialects_read_alike(text: str) -> None:
    assert sentences_of(text) == FIRST


HIPE = (
    "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNE-NESTED\tMISC\n# hipe2022:document_id = a\n"
    "EU\tB-org\t_\tB-org.adm\tO\t_\nwins\tO\t_\tO\tO\tNoSpaceAfter\n"
    ".\tO\t_\tO\tO\tEndOfSentence\nSo\tO\t_\tO\tO\t_\n\n"
    "# hipe2022:document_id = b\nTOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNE-NESTED\tMISC\n"
    "Ada\tB-pers\t_\tO\tO\t_\n"
)


def test_hipe_2022_has_names_flags_and_several_levels() -> None:
    items = list(read(source_of(HIPE, "x.tsv")))
    assert [item.name for item in items if isinstance(item, DocumentStart)] == ["x.tsv", "x.tsv#2"]
    texts = [item.sentence.text for item in items if isinstance(item, AnnotatedSentence)]
    assert texts == ["EU wins.\n", "So", "Ada"]


@pytest.mark.parametrize(
    ("column", "spans", "told"),
    [
        (None, ["org EU"], "tags in column 2 (NE-COARSE-LIT), IOB2; there are tags in column 4 (NE-FINE-LIT) too"),
        ("4", ["org.adm EU"], "tags in column 4 (NE-FINE-LIT), IOB2; there are tags in column 2 (NE-COARSE-LIT) too"),
        (
            "ne-nested",
            [],
            "tags in column 5 (NE-NESTED), IOB2; there are tags in column 2 (NE-COARSE-LIT), 4 (NE-FINE-LIT)",
        ),
    ],
)
def test_of_several_columns_of_tags_a_person_chooses(column: str | None, spans: list[str], told: str) -> None:
    source = source_of(HIPE, "x.tsv")
    inference = infer_format(source, column=column)
    assert told in inference.sentence
    first = next(item for item in read(source, inference=inference) if isinstance(item, AnnotatedSentence))
    assert [f"{s.label} {first.sentence.text[s.start : s.end]}" for s in first.spans] == spans


@pytest.mark.parametrize("tag", ["O", "B-Y-z"])
def test_words_of_which_some_are_o_are_no_tags_before_a_column_of_one_tag(tag: str) -> None:
    text = "".join(f"{word} {tag}\n" for word in ("blood", "group", "#", "O"))
    inference = infer_format(source_of(text, "x.conll"))
    assert (inference.word_column, inference.tag_column) == (0, 1)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("He B-VGNN O\nin B-CCP O\nRome I-CCP B-LOC\n", 2),
        ("He O O\nin O O\nRome B-LOC I-LOC\n", 1),
        ("He\tO\tO\tx\nin\tO\tO\tx\nRome\tB-LOC\tB-PER\tx\n", 1),
        ("1\tHe\tO\tO\n2\tin\tO\tO\n3\tRome\tB-LOC\tB-PER\n", 2),
        ("He\tO\tO\nin\tO\tO\nRome\tO\tB-LOC\n", 2),
    ],
    ids=["chunks of any language", "gold and predicted", "levels before other columns", "levels", "an empty level"],
)
def test_the_column_to_read_is_found(text: str, column: int) -> None:
    assert infer_format(source_of(text)).tag_column == column


@pytest.mark.parametrize(
    "text",
    [
        "B-PER\tAda\nI-PER\tLee\nO\tleft\nB-LOC\tRome\nO\t.\n",
        "B_PER Ada\nE_PER Lee\nO left\nS_LOC Rome\nO .\n",
        "0\tleft\n\nB-PER\tAda\nI-PER\tLee\n0\tleft\nB-LOC\tRome\n0\t.\n",
        "PER\tAda\nPER\tLee\nO\tleft\nLOC\tRome\nO\t.\n",
        "1\tB-PER\tAda\n2\tI-PER\tLee\n3\tO\tleft\n4\tB-LOC\tRome\n5\tO\t.\n",
        "B-PER Ada NNP\nI-PER Lee NNP\nO left VBD\nB-LOC Rome NNP\nO . .\n",
        "1\tAda\tPER-B\n2\tLee\tPER-I\n3\tleft\t-\n4\tRome\tLOC-B\n5\t.\t-\n",
        "Ada PER\nLee PER\nleft OTHER\nRome LOC\n. OTHER\n",
        "Ada PER\nLee PER\nleft 0\nRome LOC\n. 0\nso 0\n",
        "Ada B-PER\nLee I-PER\nleft _\nRome B-LOC\n. _\n",
    ],
    ids=[
        "by TAB", "by space, joined by _", "0 for O", "without prefixes", "counted words", "before further columns",
        "prefixes behind, - for O", "OTHER for O", "0 for O, without prefixes", "_ for O",
    ],
)  # fmt: skip
def test_tags_before_words_and_other_spellings_read_alike(text: str) -> None:
    found = [span for _, spans in sentences_of(text) for span in spans]
    assert found == ["PER Ada Lee", "LOC Rome"]


def test_a_column_of_bare_labels_or_chunks_can_be_chosen() -> None:
    source = source_of("He PRP B-NP O\nwins VBZ B-VP O\nall DT B-NP O\n", "x.conll")
    items = read(source, inference=infer_format(source, column="3"))
    first = next(item for item in items if isinstance(item, AnnotatedSentence))
    assert [span.label for span in first.spans] == ["NP", "VP", "NP"]


def test_one_column_is_words_without_tags() -> None:
    text = "Peter\nleft\n.\n\nEU\n"
    assert sentences_of(text) == [(["Peter", "left", "."], []), (["EU"], [])]
    assert sentences_of("Peter\n\nEU\n", "x.conll") == [(["Peter"], []), (["EU"], [])]
    text = "#\tn-tv.de\n1\tPeter\n2\tleft\n\n#\thttp://x.example\t[2010]\t\n1\tEU\n"
    assert sentences_of(text, "x.tsv") == [(["Peter", "left"], []), (["EU"], [])]


def test_a_named_column_of_tags_may_be_empty_yet() -> None:
    text = "TOKEN\tNE-COARSE-LIT\tMISC\nPeter\t_\t_\nleft\t_\t_\n"
    assert sentences_of(text, "x.tsv") == [(["Peter", "left"], [])]
    inference = infer_format(source_of(text, "x.tsv"))
    assert (inference.tag_column, inference.spelling.outside) == (1, "_")


@pytest.mark.parametrize("mark", ["-DOCSTART-", "-DOCSTART- O", "-DOCSTART- -X- -X- O", "--DOCSTART-- O", "#DOCSTART"])
@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["blank line", "no blank line"])
def test_documents_begin_at_their_marks(mark: str, gap: str) -> None:
    text = f"{mark}{gap}EU B-ORG\n\nwins O\n\n{mark}{gap}Peter B-PER\nwins O\n"
    items = list(read(source_of(text)))
    starts = [item for item in items if isinstance(item, DocumentStart)]
    second = text.split("\n").index(mark, 1) + 1
    assert starts == [DocumentStart("x.txt", "tokens", 1), DocumentStart("x.txt#2", "tokens", second)]
    texts = [item.sentence.text for item in items if isinstance(item, AnnotatedSentence)]
    assert texts == ["EU\n", "wins", "Peter wins"]


def test_sentences_before_the_first_mark_are_a_document_too() -> None:
    items = list(read(source_of("EU B-ORG\nwins O\n\n-DOCSTART- O\n\nPeter B-PER\n")))
    assert [item.name for item in items if isinstance(item, DocumentStart)] == ["x.txt", "x.txt#2"]


@pytest.mark.parametrize(
    "word", ["#", "#tag", "@x", "1\u00a00", "\u2028", "a\u0085b", "\u200b", "\x1c", "\ufeffa", "-", "O", '"', "e\u0301"]
)
@pytest.mark.parametrize("separator", [" ", "\t"])
def test_words_of_odd_characters_stay_as_they_are(word: str, separator: str) -> None:
    text = f"{word} B-X\n{word} I-X\nplain O\n\n{word} O\n".replace(" ", separator)
    assert sentences_of(text) == [([word, word, "plain"], [f"X {word} {word}"]), ([word], [])]


def test_by_tab_a_word_may_hold_spaces() -> None:
    assert sentences_of("New York\tB-LOC\nis\tO\nbig\tO\n") == [(["New York", "is", "big"], ["LOC New York"])]


def test_a_comment_is_told_from_the_word_by_its_columns() -> None:
    text = "# a comment\n# 1\n# O\nEU B-ORG\n# another comment of words\nwins O\n#\n"
    assert sentences_of(text) == [(["#", "EU", "wins"], ["ORG EU"])]


def test_an_empty_word_is_kept_in_its_place_and_told() -> None:
    items = list(read(source_of("EU\tB-ORG\n\tO\nwins\tO\n")))
    assert items[1] == Problem("x.txt", 2, "the word is empty, and read as _")
    assert sentences_of("EU\tB-ORG\n\tO\nwins\tO\n") == [(["EU", "_", "wins"], ["ORG EU"])]


def test_illegal_tags_are_told_before_their_sentence_and_read_as_conlleval_reads_them() -> None:
    text = "EU B-ORG\nwins O\n\nsays O\nPeter I-PER\nBlackburn I-PER\n"
    kinds = [type(item).__name__ for item in read(source_of(text))]
    assert kinds == ["DocumentStart", "AnnotatedSentence", "Problem", "AnnotatedSentence"]
    problem = next(item for item in read(source_of(text)) if isinstance(item, Problem))
    assert str(problem) == "x.txt:5: I-PER cannot follow O in IOB2"
    assert sentences_of(text)[1] == (["says", "Peter", "Blackburn"], ["PER Peter Blackburn"])


def test_tags_can_be_ignored() -> None:
    items = list(read(source_of("says O\nPeter I-PER\nwins B-X\n"), ignore_tags=True))
    assert [type(item).__name__ for item in items] == ["DocumentStart", "AnnotatedSentence"]
    assert items[1].spans == ()  # type: ignore[union-attr]


def test_sentences_know_their_lines() -> None:
    items = list(read(source_of("\n# x\nEU B-ORG\nwins O\n\n\nPeter B-PER\n")))
    assert [item.sentence.line for item in items if isinstance(item, AnnotatedSentence)] == [3, 7]


def test_columns_that_a_comment_names_can_be_asked_for_by_name() -> None:
    source = source_of("# global.columns = FORM NER\t GOLD\nAda\tB-PER\tO\nleft\tO\tO\nOslo\tO\tB-LOC\n\n", "a.conll")
    found = {name: infer_format(source, "conll", column=name).tag_column for name in ("ner", "GOLD", "3")}
    assert found == {"ner": 1, "GOLD": 2, "3": 2}
    with pytest.raises(InputError, match=r"there is no column 'X': it has columns 1 to 3, called form ner gold"):
        infer_format(source, "conll", column="X")
