"""spaCy DocBin: told where spaCy is missing; where it is there, the same documents for it as for us."""

# ruff: noqa: E501

from __future__ import annotations

import importlib.util
import io
import zlib
from pathlib import Path
from typing import Any

import pytest

from ner_tui.cli import main
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import WriteOptions, docbin, infer_format, open_source, read, write
from ner_tui.formats.files.encodings import BINARY

FILE = Path(__file__).parent / "files_of_others" / "two.spacy"
"""Written by spaCy 3.8: “Eva Kim was in  Rome.” with PER and LOC and its sentences set, and “It rained.” with neither."""
needs_spacy = pytest.mark.skipif(importlib.util.find_spec("spacy") is None, reason="spaCy is not installed")


def items_of(path: Path) -> list[StreamItem]:
    source = open_source(str(path))
    return list(read(source, inference=infer_format(source)))


def spans(items: list[StreamItem]) -> list[list[str]]:
    found = [item for item in items if isinstance(item, AnnotatedSentence)]
    return [
        [item.sentence.text[span.start - item.sentence.start : span.end - item.sentence.start] + "/" + span.label for span in item.spans]
        for item in found
    ]  # fmt: skip


def test_its_bytes_are_characters_and_become_the_same_bytes() -> None:
    source = open_source(str(FILE))
    assert source.encoding == BINARY
    assert source.text.encode(BINARY) == FILE.read_bytes()


def test_without_spacy_it_is_named_with_the_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ner_tui.formats.standoff.extras.find_spec", lambda _: None)
    (tmp_path / "odd").write_bytes(FILE.read_bytes())
    for path in (FILE, tmp_path / "odd"):
        with pytest.raises(InputError, match=r"is a DocBin of spaCy, for which .* pip install 'ner-tui\[spacy\]'"):
            infer_format(open_source(str(path)))


def test_without_spacy_none_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ner_tui.formats.standoff.extras.find_spec", lambda _: None)
    (tmp_path / "a.conll").write_text("Ada B-PER\n")
    assert main(["convert", str(tmp_path / "a.conll"), "--to", "spacy", "-o", str(tmp_path / "b.spacy")]) == 2
    assert "spacy is written by spaCy itself, for which a package is missing" in capsys.readouterr().err
    assert not (tmp_path / "b.spacy").exists()


def test_a_file_that_is_called_text_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.conll").write_text("Ada B-PER\n")
    assert main(["convert", str(tmp_path / "a.conll"), "--to", "spacy", "-o", str(tmp_path / "b.jsonl")]) == 2
    said = capsys.readouterr().err
    assert "b.jsonl: spacy is no text: call the file .spacy, or choose --to spacy-jsonl\n" in said
    assert not (tmp_path / "b.jsonl").exists()


def test_the_old_name_reads_the_json_that_it_meant(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Ada left.", "entities": [[0, 3, "PER"]]}\n')
    source = open_source(str(tmp_path / "a.jsonl"))
    assert infer_format(source, "spacy").format == "spacy-jsonl"
    assert spans(list(read(source, "spacy"))) == [["Ada/PER"]]


def test_text_called_so_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.spacy").write_text("Ada left.\n")
    with pytest.raises(InputError, match=r"a\.spacy:1: this is no DocBin of spaCy"):
        items_of(tmp_path / "a.spacy")


def test_the_first_sentence_begins_at_the_first_token_be_that_white_space() -> None:
    assert docbin._known([True, False, True]) == [True, False, True]
    assert docbin._known([False, True, False, True]) == [True, False, False, True]
    assert docbin._known([False, False]) == [True, False]


@needs_spacy
def test_what_spacy_wrote_is_read() -> None:
    items = items_of(FILE)
    assert [item for item in items if isinstance(item, Problem)] == []
    sentences = [item.sentence for item in items if isinstance(item, AnnotatedSentence)]
    assert [sentence.text for sentence in sentences] == ["Eva Kim was in  Rome.", "It rained."]
    assert sentences[0].words == ["Eva", "Kim", "was", "in", "Rome", "."]
    assert spans(items) == [["Eva Kim/PER", "Rome/LOC"], []]


@needs_spacy
def test_what_we_write_spacy_reads_alike(tmp_path: Path) -> None:
    tokens: Any = importlib.import_module("spacy.tokens")
    vocab: Any = importlib.import_module("spacy.vocab")
    first, second, third = tmp_path / "a.jsonl", tmp_path / "b.spacy", tmp_path / "c.jsonl"
    first.write_text(
        '{"text": "  😀 Eva Kim left.\\n\\nShe is in  Rome.\\t\\n", "label": [[4, 11, "PER"], [30, 34, "LOC"]]}\n'
        '{"text": "Łódź", "label": []}\n'
    )
    assert main(["convert", str(first), "--to", "spacy", "-o", str(second)]) == 0
    docs = list(tokens.DocBin().from_disk(second).get_docs(vocab.Vocab()))
    assert [doc.text for doc in docs] == ["  😀 Eva Kim left.\n\nShe is in  Rome.\t\n", "Łódź"]
    assert [(each.text, each.label_) for each in docs[0].ents] == [("Eva Kim", "PER"), ("Rome", "LOC")]
    assert [sentence.text for sentence in docs[0].sents] == ["  😀 Eva Kim left.\n\n", "She is in  Rome.\t\n"]
    assert main(["convert", str(second), "--to", "doccano", "-o", str(third)]) == 0
    assert third.read_bytes() == first.read_bytes()
    for options in ([], ["--to", "spacy"]):
        assert main(["convert", str(second), "-o", str(tmp_path / "d.spacy"), *options]) == 0
        assert (tmp_path / "d.spacy").read_bytes() == second.read_bytes()


@needs_spacy
def test_what_it_holds_besides_entities_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokens: Any = importlib.import_module("spacy.tokens")
    vocab: Any = importlib.import_module("spacy.vocab")
    doc = tokens.Doc(vocab.Vocab(), words=["Eva", "left"])
    doc.ents = [tokens.Span(doc, 0, 1, label="PER", kb_id="Q1")]
    doc.spans["sc"] = [tokens.Span(doc, 0, 2, label="X")]
    tagged = tokens.Doc(doc.vocab, words=["Bo", "left"], tags=["NNP", "VBD"], lemmas=["", "leave"])
    tagged.cats = {"sport": 1.0}
    tagged.user_data["id"] = 7
    tokens.DocBin(docs=[doc, tagged, tagged], store_user_data=True).to_disk(tmp_path / "a.spacy")
    told = [item.reason for item in items_of(tmp_path / "a.spacy") if isinstance(item, Problem) and item.lost]
    assert told == ["the id Q1 of PER is left out", "left out: 1 span of the group sc"]
    assert main(["convert", str(tmp_path / "a.spacy"), "--to", "conll", "-o", str(tmp_path / "a.conll")]) == 1
    said = "a.spacy: TAG, LEMMA, cats, user_data, for which conll has no place"
    assert said in capsys.readouterr().err


@needs_spacy
@pytest.mark.parametrize("how", ["cut", "garbage", "much"])
def test_what_is_broken_is_refused_in_one_sentence(how: str, tmp_path: Path) -> None:
    raw = FILE.read_bytes()
    head = zlib.decompress(raw)[:40]
    data = {
        "cut": raw[:-20], "garbage": zlib.compress(head + b"\xc1" * 50), "much": zlib.compress(head + bytes(1 << 27))
    }  # fmt: skip
    (tmp_path / "a.spacy").write_bytes(data[how])
    with pytest.raises(InputError, match=r"a\.spacy:1: this is no whole DocBin") as raised:
        items_of(tmp_path / "a.spacy")
    assert "\n" not in str(raised.value)


@needs_spacy
def test_a_sentence_without_words_is_part_of_the_text_and_begins_none_for_spacy() -> None:
    tokens: Any = importlib.import_module("spacy.tokens")
    vocab: Any = importlib.import_module("spacy.vocab")
    items: list[StreamItem] = [DocumentStart("a", "text")]
    for start, text, end in ((0, "Ada.", 4), (4, " \t", 4), (6, "Bo.", 9)):
        items.append(AnnotatedSentence(Sentence(start, text, (Token(start, end),) if start < end else ())))
    out = io.StringIO()
    write(items, out, WriteOptions("spacy"))
    (doc,) = tokens.DocBin().from_bytes(out.getvalue().encode(BINARY)).get_docs(vocab.Vocab())
    assert doc.text == "Ada. \tBo."
    assert [sentence.text for sentence in doc.sents] == ["Ada. \t", "Bo."]
