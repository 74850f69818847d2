"""The texts that new users meet first: what each of them is there to show, and the slips planted in the CoNLL one."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from ner_tui.domain.schemes import validate
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem
from ner_tui.formats import SUFFIXES, infer_format, open_source, read
from ner_tui.formats.files.paths import expand

SAMPLES = Path(__file__).parents[1] / "sample_texts"
TEXTS = sorted(SAMPLES.glob("*.txt"))
FILES = sorted(SAMPLES.iterdir())


class Slip(NamedTuple):
    """A wrong tag in ``reports.conll`` that a reviewer should find."""

    line: int
    """Counted from 1."""
    words: str
    tags: str
    """As the file has them."""
    right: str


SLIPS = (
    Slip(80, "Per Lindqvist", "O B-PER", "B-PER I-PER"),
    Slip(97, "Latvian Football Federation", "B-MISC B-ORG I-ORG", "B-ORG I-ORG I-ORG"),
    Slip(138, "Kalev Tallinn 98", "B-ORG I-ORG I-ORG", "B-ORG I-ORG O"),
    Slip(198, "Wednesday", "B-MISC", "O"),
    Slip(246, "Lisbon", "B-PER", "B-LOC"),
    Slip(277, "South Africa", "B-LOC B-LOC", "B-LOC I-LOC"),
    Slip(286, "Rui Magalhaes", "O O", "B-PER I-PER"),
)


def text_of(name: str) -> str:
    return (SAMPLES / name).read_bytes().decode("utf-8")


def rows_of(name: str) -> list[list[str]]:
    return [line.split(" ") if line else [] for line in text_of(name).split("\n")]


def test_opening_the_folder_takes_every_file_in_it() -> None:
    inputs = expand([str(SAMPLES)], SUFFIXES)
    assert inputs.files == tuple(map(str, FILES))
    assert inputs.left_out == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_utf8_with_unix_line_ends(path: Path) -> None:
    source = open_source(str(path))
    assert (source.encoding, source.had_bom, source.newline) == ("utf-8", False, "\n")
    assert source.text.endswith("\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_read_as_what_it_is_without_a_problem(path: Path) -> None:
    source = open_source(str(path))
    inference = infer_format(source)
    assert inference.format == ("conll" if path.suffix == ".conll" else "text")
    items = list(read(source, inference=inference))
    assert not [item for item in items if isinstance(item, Problem)]
    assert any(isinstance(item, AnnotatedSentence) and item.sentence.tokens for item in items)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_the_sentences_of_a_text_are_its_text_unchanged(path: Path) -> None:
    items = read(open_source(str(path)))
    assert "".join(i.sentence.text for i in items if isinstance(i, AnnotatedSentence)) == text_of(path.name)


@pytest.mark.parametrize("name", ["Hugging Face Inc.", "New York City", "DUMBO", "Manhattan Bridge"])
def test_the_news_names_the_places_of_the_original_recipe(name: str) -> None:
    assert name in text_of("news_01.txt")


@pytest.mark.parametrize(
    ("sample", "first", "second"),
    [
        ("news_01.txt", "Councilwoman Teresa", "Lindqvist-Moore"),
        ("news_02.txt", "Frankfurt", "am Main"),
        ("report.txt", "Professor Hugh", "McAllister"),
    ],
)
def test_an_entity_crosses_a_line_break_within_its_sentence(sample: str, first: str, second: str) -> None:
    items = read(open_source(str(SAMPLES / sample)))
    sentences = [item.sentence.text for item in items if isinstance(item, AnnotatedSentence)]
    assert any(f"{first}\n{second}" in sentence for sentence in sentences)


def test_the_report_is_long() -> None:
    assert 1_500 <= len(text_of("report.txt").split()) <= 2_500


@pytest.mark.parametrize(
    ("what", "piece"),
    [
        ("Japanese", "東京駅"),
        ("Chinese", "北京大学"),
        ("Korean", "삼성전자"),
        ("Arabic", "القاهرة"),
        ("Hebrew", "תל אביב"),
        ("a family of emoji joined into one", "👨‍👩‍👧‍👦"),
        ("a flag of two letters", "🇯🇵"),
        ("a flag of tag characters", "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
        ("combining marks", "Sa\u0303o Tome\u0301"),
        ("a no-break space inside a name", "Buenos\u00a0Aires"),
        ("a narrow no-break space", "La\u202fPlata"),
        ("a zero-width space", "Wien\u200bMitte"),
        ("a soft hyphen", "soft\u00adhyphenated"),
        ("an ideographic space", "渋谷\u3000Hachikō"),
        ("full-width letters", "ＦＵＪＩＴＳＵ"),
    ],
)
def test_the_page_of_scripts_holds(what: str, piece: str) -> None:
    assert piece in text_of("scripts_and_emoji.txt"), what


def test_the_page_of_scripts_is_not_normalised() -> None:
    text = text_of("scripts_and_emoji.txt")
    assert not unicodedata.is_normalized("NFC", text)
    assert not unicodedata.is_normalized("NFD", text)


def test_the_conll_sample_holds_two_documents_of_25_sentences() -> None:
    items = list(read(open_source(str(SAMPLES / "reports.conll"))))
    assert sum(isinstance(item, DocumentStart) for item in items) == 2
    assert sum(isinstance(item, AnnotatedSentence) for item in items) == 25


def test_the_conll_sample_is_told_as_four_columns_of_iob2() -> None:
    inference = infer_format(open_source(str(SAMPLES / "reports.conll")))
    assert (inference.columns, inference.tag_column, inference.scheme) == (frozenset({4}), 3, "iob2")


def test_the_conll_sample_has_four_columns_and_legal_iob2() -> None:
    rows = rows_of("reports.conll")
    assert {len(row) for row in rows if row} == {4}
    for is_sentence, lines in groupby(rows, key=bool):
        if is_sentence:
            assert validate([row[3] for row in lines], "iob2") == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.words)
def test_the_conll_sample_has_a_slip_for_the_reviewer(slip: Slip) -> None:
    words = slip.words.split()
    rows = rows_of("reports.conll")[slip.line - 1 :][: len(words)]
    assert [row[0] for row in rows] == words
    assert [row[3] for row in rows] == slip.tags.split()
    assert slip.tags != slip.right
    assert validate(slip.right.split(), "iob2") == []
