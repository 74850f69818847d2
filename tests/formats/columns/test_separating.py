"""Another separator between columns: every cell is kept, and what cannot be is told."""

from __future__ import annotations

import pytest

from ner_tui.errors import InputError
from ner_tui.formats import Source, infer_format
from ner_tui.formats.columns.separating import with_separator


def separated(text: str, separator: str, path: str = "x.conll") -> tuple[str, list[str]]:
    source, told = Source(path, "", text, "utf-8", False, "\n"), list[str]()
    return "".join(with_separator(source, infer_format(source), separator, told.append)), told


@pytest.mark.parametrize(
    ("text", "separator", "made"),
    [
        ("Ada NNP B-PER\nsaw VBD O\n", "\t", "Ada\tNNP\tB-PER\nsaw\tVBD\tO\n"),
        ("Ada  NNP   B-PER\n\nsaw VBD O", "\t", "Ada\tNNP\tB-PER\n\nsaw\tVBD\tO"),
        ("Ada\tNNP\tB-PER\nsaw\tVBD\tO\n", " ", "Ada NNP B-PER\nsaw VBD O\n"),
        ("-DOCSTART- -X- O\n\nAda NNP B-PER\n", "\t", "-DOCSTART-\t-X-\tO\n\nAda\tNNP\tB-PER\n"),
        ("# a b\nAda\tNNP\tB-PER\n", " ", "# a b\nAda NNP B-PER\n"),
        ("token tag\nAda B-PER\nsaw O\n", "\t", "token\ttag\nAda\tB-PER\nsaw\tO\n"),
        ("Ada B-PER\r\nsaw O\r\n", "\t", "Ada\tB-PER\r\nsaw\tO\r\n"),
    ],
)
def test_cells_are_kept_and_other_lines_stay(text: str, separator: str, made: str) -> None:
    assert separated(text, separator) == (made, [])


def test_a_cell_that_holds_the_separator_or_is_empty_where_blanks_separate_is_told() -> None:
    made, told = separated("New York\tNNP\tB-LOC\nwon\t\tO\n", " ")
    assert made == "New_York NNP B-LOC\nwon _ O\n"
    assert told == ["x.conll:1: 'New York' is written as 'New_York'", "x.conll:2: '' is written as '_'"]


def test_formats_whose_separator_is_fixed_are_refused() -> None:
    with pytest.raises(InputError, match="is text, whose separator is fixed: choose a format with --to"):
        separated("Ada left Rome.\n", "\t", "x.txt")
