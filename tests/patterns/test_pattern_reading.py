"""Files of patterns: what they may be, and what is refused with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from patterns.matching import found_in, text_of

from ner_tui.errors import FormatError, InputError
from ner_tui.patterns.reading import PatternFile, read_patterns, with_labels

TEXT = "Ada met Bob Ray in New York."


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("names.txt", "Ada\n\n  Bob   Ray \r\n", [("Ada", "PER"), ("Bob Ray", "PER")]),
        ("names", "Ada", [("Ada", "PER")]),
        ("terms.csv", 'term,label\n"Ada",A\n\nNew York , B\n', [("Ada", "A"), ("New York", "B")]),
        ("terms.csv", 'Ada,A\n"Bob\nRay",B\n', [("Ada", "A"), ("Bob Ray", "B")]),
        ("terms.tsv", "Term\tLabel\nBob Ray\tA\n", [("Bob Ray", "A")]),
        ("p.jsonl", '{"label": "A", "pattern": "Ada", "id": "ada"}\n\n{"label":"B","regex":"N.*k"}', [
            ("Ada", "A"), ("New York", "B"),
        ]),
        ("p.ndjson", '{"label": "A", "pattern": [{"lower": "new"}, {"text": "York"}]}\n', [("New York", "A")]),
    ],
)  # fmt: skip
def test_files_of_patterns(tmp_path: Path, name: str, written: str, expected: list[tuple[str, str]]) -> None:
    (tmp_path / name).write_bytes(written.encode())
    patterns = read_patterns([PatternFile(str(tmp_path / name), "PER")])
    assert found_in(patterns, text_of(TEXT)) == expected


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ([{"LEMMA": "be"}], "the token attribute 'LEMMA' is not supported; there are ORTH, LOWER, SHAPE"),
        ([{"_": {"x": 1}}], "the token attribute '_' is not supported"),
        ([{"TEXT": {"FUZZY": "x"}}], "ORTH with 'FUZZY' is not supported; there are REGEX, IN, NOT_IN"),
        ([{"TEXT": {"REGEX": "("}}], "this expression cannot be read"),
        ([{"TEXT": {"REGEX": 3}}], "the expression of ORTH is 3 where a text is needed"),
        ([{"TEXT": {}}], "'TEXT' says nothing"),
        ([{"LOWER": 3}], "LOWER is 3 where a text is needed"),
        ([{"LOWER": {"IN": "x"}}], 'IN of LOWER is "x" where a list is needed'),
        ([{"LENGTH": {"IN": ["x"]}}], 'LENGTH is "x" where a whole number is needed'),
        ([{"LENGTH": True}], "LENGTH is true where a whole number is needed"),
        ([{"IS_TITLE": "yes"}], 'IS_TITLE is "yes" where true or false is needed'),
        ([{"IS_TITLE": {"IN": [True]}}], "IS_TITLE with 'IN' is not supported: give true or false"),
        ([{"OP": "~"}], 'OP is "~" where one of'),
        ([{"OP": "{3,2}"}], "OP is"),
        ([{"OP": "{,}"}], "OP is"),
        ([{"OP": "{101}"}], "OP is"),
        ([{"OP": "{60}"}, {"OP": "{60}"}], "a pattern of more than 100 tokens is not supported"),
        (["San"], 'a token of the pattern is "San" where an object is needed'),
        ([], "'pattern' is an empty list where a text or a list of tokens is needed"),
        (7, "'pattern' is 7 where a text or a list of tokens is needed"),
        ("  ", "a term without a word"),
        ("a " * 101, "a term of more than 100 words"),
    ],
)
def test_what_is_not_supported_is_refused_with_file_and_line(tmp_path: Path, pattern: object, why: str) -> None:
    file = tmp_path / "p.jsonl"
    file.write_text(f"\n{json.dumps({'label': 'X', 'pattern': pattern})}\n")
    with pytest.raises(FormatError) as refused:
        read_patterns([PatternFile(str(file))])
    assert str(refused.value).startswith(f"{file}:2: {why}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "written", "why"),
    [
        ("p.jsonl", "{", "1: this is no object of JSON"),
        ("p.jsonl", "[" * 100_000, "1: this is no object of JSON"),
        ("p.jsonl", "\n[1]", "2: a pattern is an object of JSON, one a line"),
        ("p.jsonl", '{"pattern": "x"}', "1: the record has no 'label'"),
        ("p.jsonl", '{"label": "", "pattern": "x"}', "1: "),
        ("p.jsonl", '{"label": "A", "text": "x"}', "1: a pattern has a key 'pattern', or 'regex'"),
        ("p.jsonl", '{"label": "A", "regex": "["}', "1: this expression cannot be read"),
        ("t.csv", "a,A\nb\n", "2: a row is a term and its label, this has 1 cell"),
        ("t.csv", "a,A\nb,\n", "2: a row is a term and its label"),
        ("t.csv", 'a,A\n"b,B\n', "2: this is no table"),
        ("t.txt", "a\n" + "b " * 101, "2: a term of more than 100 words: a list has a term a line"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, name: str, written: str, why: str) -> None:
    (tmp_path / name).write_text(written)
    with pytest.raises(FormatError) as refused:
        read_patterns([PatternFile(str(tmp_path / name), "PER")])
    assert str(refused.value).startswith(f"{tmp_path / name}:{why}")


def test_labels_go_to_the_lists_of_terms_in_order() -> None:
    files = with_labels(["a.txt", "b.jsonl", "c.txt.gz"], ["PER", "ORG"])
    assert [(file.path, file.label) for file in files] == [("a.txt", "PER"), ("b.jsonl", ""), ("c.txt.gz", "ORG")]
    assert [file.label for file in with_labels(["a.txt", "b.csv", "c"], ["PER"])] == ["PER", "", "PER"]


@pytest.mark.parametrize(
    ("paths", "labels", "why"),
    [
        (["a.txt"], [], "a.txt is a list of terms, which have no labels in it: name theirs with --label LABEL"),
        (["a.txt", "b.txt", "c.txt"], ["A", "B"], "c.txt is a list of terms"),
        (["a.jsonl"], ["A"], "--label is for a list of terms: --patterns has 0 lists, --label 1 label"),
        (["a.txt"], ["A", "B"], "--label is for a list of terms: --patterns has 1 list, --label 2 labels"),
        (["a.txt"], [" "], "--label: "),
        (["gone.txt"], [], "gone.txt does not exist"),
        (["a.txt", "gone"], ["A", "B", "C"], "--label is for a list of terms: --patterns has 2 lists"),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    paths: list[str], labels: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt", "c.txt"):
        Path(name).write_text("aspirin\n")
    with pytest.raises(InputError, match=why):
        with_labels(paths, labels)
