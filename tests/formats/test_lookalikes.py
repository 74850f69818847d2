"""Lookalikes: what is neither read nor prose is named with the next step, and prose is prose."""

# ruff: noqa: E501

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import EncodingError, FormatError
from ner_tui.formats import SUFFIXES, Source, infer_format, may_hold_texts, open_source
from ner_tui.formats.files.paths import expand
from ner_tui.formats.lookalikes import KINDS

SAMPLES = {
    "rasa-json": '{\n "rasa_nlu_data": {"common_examples": [{"text": "hi", "intent": "greet", "entities": []}]}}',
    "rasa-yaml": 'version: "3.1"\n\nnlu:\n# so\n- intent: greet\n  examples: |\n    - hi [Eva](person)\n',
    "rasa-markdown": "<!-- x -->\n## intent:greet\n- hi\n- hello [Eva](person)\n",
    "opennlp": "<START:person> Eva Kim <END> left <START:location> Rome <END> .\n",
    "muc": 'So <ENAMEX TYPE="PERSON">Eva Kim</ENAMEX> left.\n',
    "inline": "<PER>Eva Kim</PER> left <LOC>Rome</LOC>.\n",
    "slashes": "Eva/PERSON Kim/PERSON left/O Rome/LOCATION ./O\nIt/O rained/O ./O\n",
    "bars": "Eva|NNP|B-PER left|VBD|O Rome|NNP|B-LOC .|.|O\n",
    "webanno-tsv": "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Eva\n1-1\t0-3\tEva\t\n",
    "git-lfs": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    "rtf": "{\\rtf1\\ansi Eva left.}",
    "html": "<!DOCTYPE html>\n<html><body>Eva left.</body></html>\n",
    "xml": '<?xml version="1.0"?>\n<TEI><text>Eva left.</text></TEI>\n',
    "sentences": "B-PER I-PER\tEva Kim\nO O\tIt rained\n",
    "markdown-table": "| word | tag |\n|---|:--|\n| Eva | B-PER |\n| left | O |\n",
    "json": '{"name": "thing", "version": "1.0.0", "scripts": {"test": "x"}}\n',
    "python": "TRAIN_DATA = [('Eva left.', {'entities': [(0, 3, 'PER')]}),\n ('So.', {'entities': []})]\n",
}
PROSE = {
    "a slash in many words": "He/she and his/her either/or TCP/IP and/or N/A, 10/12 or 3/4 of www.x.example/A/B were there.\n",
    "bars in a line": "Home | News | Contact\n\nEva | left | Rome and went home.\n",
    "a bracket at the beginning": "[1] Eva Kim left Rome. [2] It rained.\n",
    "quotes at the beginning": "('tis the season', she said, 'to be jolly')\n",
    "a list in prose": "[Eva, Kim] left.\n['So', she said.]\n",
    "a brace at the beginning": "{Eva} left {Rome}.\n",
    "a heading": "## Intent\n\n- so\n- it is\n\nnlu: a word\n",
    "START in capitals": "Press <START> to begin, <END> to end. START and END.\n",
    "tags of HTML": "Eva <b>left</b> <html> Rome & <xml>. <I>So</I> <B>it</B> <i>is</i>.\n",
    "a tag in capitals": "Write <TITLE>Rome</TITLE> between <BODY> and <P>.\n",
    "versions": "version 3 is here\nversion https is not\n",
    "capitals": "A/B TEST\n",
}


def source_of(text: str, path: str = "x.txt") -> Source:
    return Source(path, "", text, "utf-8", False, "\n")


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind != "webanno-tsv"])
@pytest.mark.parametrize("path", ["x.txt", "x.md", "stdin"])
def test_what_is_not_read_is_named_with_the_next_step(kind: str, path: str) -> None:
    source = source_of(SAMPLES[kind], path)
    with pytest.raises(FormatError) as raised:
        infer_format(source)
    assert raised.value.reason.startswith(f"this looks like {KINDS[kind].name}")
    assert KINDS[kind].step in raised.value.reason
    assert raised.value.line == (3 if kind == "rasa-yaml" else 2 if kind == "rasa-markdown" else 1)
    assert infer_format(source, "text").format == "text"


@pytest.mark.parametrize("kind", ["slashes", "opennlp", "rasa-markdown", "python"])
def test_what_is_called_columns_and_is_not_is_named_too(kind: str) -> None:
    with pytest.raises(FormatError) as raised:
        infer_format(source_of(SAMPLES[kind], "x.conll"))
    assert raised.value.reason.startswith(f"this looks like {KINDS[kind].name}")


def test_webanno_under_a_name_of_columns_is_named() -> None:
    assert infer_format(source_of(SAMPLES["webanno-tsv"])).format == "webanno-tsv"
    with pytest.raises(FormatError, match=r"this looks like WebAnno TSV under another name.*--from webanno-tsv"):
        infer_format(source_of(SAMPLES["webanno-tsv"], "x.conll"))


@pytest.mark.parametrize("before", ["", "\n", "\n \n\n"])
def test_the_line_that_tells_is_named(before: str) -> None:
    with pytest.raises(FormatError) as raised:
        infer_format(source_of(f"{before}<html>\n<p>Eva left.</p></html>\n", "x.txt"))
    assert raised.value.line == before.count("\n") + 1


@pytest.mark.parametrize("path", ["x.json", "x.jsonl"])
def test_settings_are_named_with_their_keys(path: str) -> None:
    with pytest.raises(FormatError, match=r"such as a manifest or settings \(its keys are name, version, scripts\)"):
        infer_format(source_of(SAMPLES["json"], path))


@pytest.mark.parametrize("text", PROSE.values(), ids=list(PROSE))
def test_prose_is_prose(text: str) -> None:
    assert infer_format(source_of(text)).format == "text"


@pytest.mark.parametrize(
    "text", ['<doc><s><name type="PER">Eva</name> left.</s></doc>', '<TEI xmlns="x">\n<p>Eva</p></TEI>']
)
def test_xml_without_a_declaration_is_named(text: str) -> None:
    with pytest.raises(FormatError, match="this looks like XML other than UIMA's"):
        infer_format(source_of(text))


@pytest.mark.parametrize("path", ["x.txt", "x.conll", "x.tsv"])
@pytest.mark.parametrize(
    "lines", ["Eva Kim left\tB-PER I-PER O\nBo\tB-PER\nIt rained\tO O\n", "B-PER I-PER\tEva Kim\nO O\tIt rained\n"]
)
def test_sentences_with_their_tags_beside_them_are_named(lines: str, path: str) -> None:
    with pytest.raises(FormatError, match=r"a line (holds a whole|for each) sentence"):
        infer_format(source_of(lines, path))


def test_labels_may_hold_blanks() -> None:
    assert infer_format(source_of("Dune\tB-creative work\nwon\tO\nEva\tB-PER\n")).format == "conll"


def test_archives_and_documents_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("a.xmi", "x")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\n")
    with pytest.raises(
        EncodingError, match=r"export\.zip is a ZIP archive, no text: unpack it, and name what is in it"
    ):
        open_source(str(tmp_path / "export.zip"))
    with pytest.raises(EncodingError, match=r"a\.pdf is a PDF, no text"):
        open_source(str(tmp_path / "a.pdf"))


def test_the_json_of_a_folder_is_read_and_its_settings_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text('[{"text": "Eva left.", "label": [[0, 3, "PER"]]}]')
    (tmp_path / "b.json").write_text('{"text": "Bo left."}')
    (tmp_path / "package.json").write_text(SAMPLES["json"])
    (tmp_path / "tsconfig.json").write_text('{ // so\n "a": 1}')
    found = expand([str(tmp_path)], SUFFIXES, may_hold_texts)
    assert [Path(path).name for path in found.files] == ["a.json", "b.json"]
    assert [Path(path).name for path in found.left_out] == ["package.json", "tsconfig.json"]
    assert main(["check", str(tmp_path)]) == 0
    assert "package.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "record", ['{"text": "Eva", "ner": [[0, 3, "PER"]]}', '{"text": "Eva", "entities": [["PER", 0, 3]]}']
)
def test_texts_of_a_folder_whose_spans_are_not_read_are_not_passed_over(
    tmp_path: Path, record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(record)
    (tmp_path / "b.txt").write_text("Bo left.")
    assert expand([str(tmp_path)], SUFFIXES, may_hold_texts).left_out == ()
    assert main(["check", str(tmp_path)]) == 1
    assert "a.json:1: reading: '" in capsys.readouterr().out


def test_a_list_of_python_on_standard_input_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAMPLES["python"].encode())))
    assert main(["convert", "-", "--to", "jsonl", "-o", "-"]) == 2
    assert capsys.readouterr().err.startswith("ner-tui: stdin:1: this looks like a value of Python, such as a list")
