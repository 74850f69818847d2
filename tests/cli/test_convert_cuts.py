"""``ner-tui convert``: words and sentences come back from every format, or what of them is lost is told."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.cli import main
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import FORMATS, WRITERS, infer_format, open_source, read

PACKAGES = {"spacy": "spacy", "parquet": "pyarrow", "xmi": "cassis", "cas-json": "cassis"}
WRITTEN = [fmt for fmt in WRITERS if fmt not in PACKAGES or find_spec(PACKAGES[fmt])]

CUT_BY_A_CORPUS = "Mr. B-PER\nO'Brien-Lee I-PER\nsaid O\n. O\n\" O\n\ndon't O\n. O\nSo O\n\nU.S. B-LOC\n"
_TEXT = "Mr. Lee left. He is here"
CUT_BY_A_PERSON = {
    "text": _TEXT,
    "spans": [{"start": 4, "end": 7, "label": "PER"}],
    "sentences": [{"start": 0, "end": 17}, {"start": 17, "end": len(_TEXT)}],
}
FILES = {"a.conll": CUT_BY_A_CORPUS, "a.jsonl": json.dumps(CUT_BY_A_PERSON) + "\n"}
Cut = list[tuple[list[str], list[tuple[str, str]]]]


def cut(path: str, fmt: str) -> Cut:
    """Return the words and the spans of each sentence of a file."""
    source = open_source(path)
    found: Cut = []
    for item in read(source, inference=infer_format(source, fmt)):
        if isinstance(item, AnnotatedSentence) and item.sentence.words:
            text, start = item.sentence.text, item.sentence.start
            spans = [(text[span.start - start : span.end - start], span.label) for span in item.spans]
            found.append((item.sentence.words, spans))
    return found


def assert_comes_back_or_is_told(path: str, own: str, fmt: str) -> None:
    there = Path(f"there{FORMATS[fmt].extension}")
    there.unlink(missing_ok=True)
    if main(["convert", path, "-o", str(there), "--to", fmt]) == 0:
        assert cut(str(there), fmt) == cut(path, own)
    else:
        assert not there.exists()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("fmt", WRITTEN)
def test_words_and_sentences_come_back_or_it_is_told(path: str, fmt: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(path).write_text(FILES[path])
    assert_comes_back_or_is_told(path, Path(path).suffix[1:], fmt)
    told = capsys.readouterr().err
    assert ("others than would be found in its text" in told) == (not Path(f"there{FORMATS[fmt].extension}").exists())


def test_formats_of_records_keep_them() -> None:
    for path, text in FILES.items():
        Path(path).write_text(text)
        for fmt in ("prodigy", "doccano", "spacy-jsonl", "label-studio", "jsonl", "hf", "gliner"):
            assert main(["convert", path, "-o", "there.json", "--to", fmt]) == 0


@pytest.mark.parametrize("fmt", ["prodigy", "doccano", "spacy-jsonl", "label-studio"])
def test_what_would_be_found_again_is_not_written(fmt: str) -> None:
    Path("a.txt").write_text("Ada left. It rained.")
    assert main(["convert", "a.txt", "-o", "there.json", "--to", fmt]) == 0
    assert '"sents"' not in Path("there.json").read_text()


@pytest.mark.parametrize("fmt", ["prodigy", "doccano", "spacy-jsonl", "label-studio"])
def test_what_others_keep_under_these_keys_is_metadata(fmt: str) -> None:
    Path("a.jsonl").write_text('{"text": "Ada left", "sents": "two", "id": 1}\n')
    assert main(["convert", "a.jsonl", "-o", "there.json", "--to", fmt]) == 0
    assert main(["convert", "there.json", "--from", fmt, "-o", "back.jsonl", "--to", "jsonl"]) == 0
    assert json.loads(Path("back.jsonl").read_text())["meta"] == {"sents": "two", "id": 1}


def test_notes_without_a_place_are_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    note = {"start": 4, "end": 8, "text": "really?"}
    Path("a.jsonl").write_text(json.dumps({"text": "Ada left", "notes": [note]}) + "\n")
    for fmt, told in (("conll", "for which conll has no place"), ("brat", "on something else than a span")):
        assert main(["convert", "a.jsonl", "-o", "there.ann", "--to", fmt]) == 1
        assert f"1 note{', ' if fmt == 'conll' else ' '}{told}" in capsys.readouterr().err
        assert not Path("there.ann").exists()


_WORD = st.text(st.sampled_from("ab.,'-1é🎈"), min_size=1, max_size=4)
_SENTENCE = st.lists(st.tuples(_WORD, st.sampled_from(["O", "O", "B-X"])), min_size=1, max_size=4)


@given(document=st.lists(_SENTENCE, min_size=1, max_size=4), fmt=st.sampled_from(WRITTEN))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(150))
def test_whatever_a_corpus_calls_words_and_sentences(document: list[list[tuple[str, str]]], fmt: str) -> None:
    lines = ("".join(f"{word} {tag}\n" for word, tag in sentence) for sentence in document)
    Path("a.conll").write_text("\n".join(lines))
    if infer_format(open_source("a.conll"), "conll").tag_column == 1:
        assert_comes_back_or_is_told("a.conll", "conll", fmt)
