"""The registry: which format a source is of, and raw text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import StringIO

import pytest

from ner_tui.domain.spans import Span
from ner_tui.domain.spelling import PLAIN
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import (
    FORMATS,
    READERS,
    WRITERS,
    Source,
    WriteOptions,
    format_of_name,
    infer_format,
    misnamed,
    read,
    write,
)


def source_of(text: str, path: str) -> Source:
    return Source(path, "", text, "utf-8", False, "\n")


def test_raw_text_is_one_document_whose_sentences_are_the_text() -> None:
    text = "Ada left New York.\r\n\r\nShe did.  \n"
    start, *sentences = read(source_of(text, "x.txt"))
    assert start == DocumentStart("x.txt", "text")
    assert "".join(item.sentence.text for item in sentences if isinstance(item, AnnotatedSentence)) == text


def test_a_person_says_how_to_read() -> None:
    source = source_of("EU B-ORG\nwins O\n", "x.conll")
    assert infer_format(source).format == "conll"
    assert infer_format(source, "text").format == "text"


@pytest.mark.parametrize(
    ("path", "fmt", "reason"),
    [
        ("x.txt", "xml", f"x.txt: there is no format 'xml': choose one of {', '.join(READERS)}"),
        ("x.jsonl", None, "x.jsonl:1: this is no record of jsonl, which has 'text': its keys are none"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_can(path: str, fmt: str | None, reason: str) -> None:
    with pytest.raises(InputError) as raised:
        infer_format(source_of("{}", path), fmt)
    assert str(raised.value) == reason


def test_every_format_can_be_read_or_written() -> None:
    assert {*READERS, *WRITERS} == set(FORMATS)


def written(fmt: str, *items: StreamItem) -> str | None:
    """Return what is written; None where a package is missing that it takes."""
    out = StringIO()
    try:
        write(iter(items), out, WriteOptions(fmt, "iob2", "\t", lambda told: None))
    except InputError:
        return None
    return out.getvalue()


@pytest.mark.parametrize("fmt", WRITERS)
def test_sentences_are_written_alike_in_parts_where_the_registry_says_so(fmt: str) -> None:
    text = "Ada left Oslo.\n"
    head, one, two = read(source_of(text + "Bob saw it.\n", "x.txt"))
    assert isinstance(one, AnnotatedSentence)
    one = replace(one, spans=(Span(0, 3, "PER"),))
    before = DocumentStart("", "tokens")
    # What is written of a head alone stands in the output already.
    begin = written(fmt, before) or ""
    parts = [written(fmt, head, one), written(fmt, before, two)]
    whole = (written(fmt, head, one, two) or "nothing").replace(begin, "")
    joined = "".join(filter(None, parts)).replace(begin, "")
    assert (joined == whole) == FORMATS[fmt].by_sentence


def test_the_registry_loads_no_format() -> None:
    code = "import sys, ner_tui.formats; print(*(m for m in sys.modules if m.startswith('ner_tui.formats.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(loaded) == [
        f"ner_tui.formats.{name}"
        for name in (
            *(
                "base",
                "files",
                "files.beside",
                "files.compression",
                "files.encodings",
                "files.inputs",
                "files.line_ends",
            ),
            *("files.project_files", "files.raw_bytes", "files.remote", "files.source", "registry"),
        )
    ]


@pytest.mark.parametrize(
    ("path", "default", "expected"),
    [
        ("a.conllu", "conll", "conllu"), ("a.conll", "jsonl", "conll"), ("a.JSONL", "conll", "jsonl"),
        ("a.unknown", "prodigy", "prodigy"), ("a", "hf", "hf"), ("a.jsonl.gz", "conll", "jsonl"),
        ("a.json", "gliner", "gliner"), ("a.ann", "conll", "brat"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_says_what_is_written(path: str, default: str, expected: str) -> None:
    assert format_of_name(path, default) == expected


def test_a_name_of_several_formats_asks_for_one() -> None:
    with pytest.raises(InputError, match=r"a\.json may be .* or .*: choose one with --to"):
        format_of_name("a.json", "conll")


def test_what_somebody_chooses_to_write_is_said_in_words_that_differ() -> None:
    choices = [FORMATS[fmt].choice for fmt in WRITERS]
    assert len(set(choices)) == len(choices)
    assert all(len(choice.split()) > 1 for choice in choices)


@pytest.mark.parametrize(
    ("fmt", "path", "told"),
    [
        ("prodigy", "a.csv", "a.csv holds prodigy, and its name says otherwise: call it .jsonl, or choose --to csv"),
        ("text", "a.conllu", "a.conllu holds text, and its name says otherwise: choose --to conllu"),
        ("jsonl", "a.jsonl", ""),
        ("conll2003", "a.conll", ""),
        ("conllu", "a.conll", ""),
        ("conll", "a.unknown", ""),
    ],
)
def test_a_name_that_is_of_other_formats_is_told_with_the_step(fmt: str, path: str, told: str) -> None:
    assert misnamed(fmt, path) == told


@pytest.mark.parametrize("text", ['{"tokens": ["a"], "ner_tags": ["B-PER"]}\n', '{"text": "a"}\n'])
def test_of_records_no_column_can_be_chosen(text: str) -> None:
    for fmt in ("hf", None):
        with pytest.raises(InputError, match="is no file of columns: there is none to choose"):
            infer_format(source_of(text, "x.jsonl"), fmt, column="2")


def test_records_without_tags_are_not_read_as_tags_that_a_person_spells() -> None:
    with pytest.raises(InputError, match="is no file of columns"):
        infer_format(source_of('{"text": "a"}\n', "x.jsonl"), "hf", tags_as=PLAIN)
