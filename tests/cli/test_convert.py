"""``ner-tui convert``: the same bytes where nothing is asked for, other tags in place, and no loss in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ner_tui.cli import main

TWO = "# source\nAda  B-PER\nLovelace  I-PER\nleft  O\n \nNew B-LOC\nYork I-LOC"
HIPE = (
    "TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT\tMISC\n# hipe2022:document_id = a\n"
    "Ada\tB-pers\tB-pers.ind\t_\nleft\tO\tO\tNoSpaceAfter|EndOfSentence\nSo\tO\tO\t_\n"
)
FILES = {
    "two columns": ("a.conll", TWO.encode()),
    "CRLF and a byte order mark": ("a.conll", b"\xef\xbb\xbf" + TWO.replace("\n", "\r\n").encode()),
    "HIPE-2022": ("a.tsv", HIPE.encode()),
    "IOB1 with documents": ("a.txt", b"-DOCSTART- -X- O O\n\nAda NNP I-NP I-PER\nBob NNP I-NP B-PER\n\n\n"),
    "illegal tags": ("a.conll", b"Ada I-PER\nleft O\nBob B-PER\nLee I-ORG\n"),
    "CoNLL-U": ("a.conllu", ("1\tAda" + "\t_" * 7 + "\tNER=B-PER|SpaceAfter=No\n").encode()),
    "words alone": ("a.conll", b"Ada\nleft\n.\n"),
    "prose": ("a.txt", b"Ada left\r\nNew York.\n"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "raw"), FILES.values(), ids=FILES.keys())
def test_without_options_the_bytes_are_the_same(
    name: str, raw: bytes, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    Path(name).write_bytes(raw)
    assert main(["convert", name, "-o", "out"]) == 0
    assert Path("out").read_bytes() == raw
    assert main(["convert", name, "-o", "-"]) == 0
    out, err = capfdbinary.readouterr()
    assert out == raw
    assert err.startswith(f"{name}: read as ".encode())


def test_a_scheme_changes_the_tags_and_nothing_else() -> None:
    Path("a.conll").write_text(TWO, newline="")
    assert main(["convert", "a.conll", "-o", "a.conll", "--scheme", "bmes"]) == 0
    assert Path("a.conll").read_text() == TWO.replace("I-", "E-")
    assert main(["convert", "a.conll", "-o", "a.conll", "--scheme", "iob2"]) == 0
    assert Path("a.conll").read_text() == TWO


def test_a_scheme_makes_illegal_tags_legal() -> None:
    Path("a.conll").write_text("Ada I-PER\nleft O\nBob B-PER\nLee I-ORG\n")
    assert main(["convert", "a.conll", "-o", "b", "--scheme", "iob2"]) == 0
    assert Path("b").read_text() == "Ada B-PER\nleft O\nBob B-PER\nLee B-ORG\n"


def test_a_separator_is_put_between_all_columns() -> None:
    Path("a.conll").write_text("-DOCSTART- -X- O\n\n# New York\nAda  NNP B-PER\r\nleft VBD  O\n")
    assert main(["convert", "a.conll", "-o", "b", "--sep", "tab"]) == 0
    assert Path("b").read_bytes() == b"-DOCSTART-\t-X-\tO\n\n# New York\nAda\tNNP\tB-PER\r\nleft\tVBD\tO\n"


def test_a_column_is_chosen_by_number_or_name(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.tsv").write_text(HIPE)
    for column in ("3", "ne-fine-lit"):
        assert main(["convert", "a.tsv", "-o", "b", "--to", "conll", "--column", column, "--on-loss", "warn"]) == 0
        assert Path("b").read_text() == "Ada B-pers.ind\nleft O\n\nSo O\n\n"
    assert (
        "tags in column 3 (NE-FINE-LIT), IOB2; there are tags in column 2 (NE-COARSE-LIT) too" in capfd.readouterr().err
    )


def test_latin_1_stays_latin_1_in_place_and_becomes_utf_8_elsewhere(capfd: pytest.CaptureFixture[str]) -> None:
    raw = "Peña B-PER\nsalió O\n".encode("latin-1")
    Path("a.conll").write_bytes(raw)
    assert main(["convert", "a.conll", "-o", "b"]) == 2
    assert "name its encoding, such as --encoding latin-1" in capfd.readouterr().err
    assert main(["convert", "a.conll", "-o", "b", "--encoding", "latin-1", "--scheme", "bilou"]) == 0
    assert Path("b").read_bytes() == raw.replace(b"B-", b"U-")
    assert main(["convert", "a.conll", "-o", "c", "--encoding", "latin-1", "--to", "conll"]) == 0
    assert Path("c").read_text(encoding="utf-8") == "Peña B-PER\nsalió O\n\n"


def test_a_large_file_is_converted_a_piece_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.formats.files.source.LARGE", 10)
    Path("a.conll").write_text(TWO, newline="")
    assert main(["convert", "a.conll", "-o", "b"]) == 0
    assert Path("b").read_text() == TWO
    assert main(["convert", "a.conll", "-o", "b", "--scheme", "bmes", "--sep", "tab"]) == 0
    made = "# source\nAda\tB-PER\nLovelace\tE-PER\nleft\tO\n \nNew\tB-LOC\nYork\tE-LOC"
    assert Path("b").read_text() == made


def test_conll_u_keeps_its_columns_and_others_become_conll_u() -> None:
    row = b"# text = Ada\n1\tAda\tada\tPROPN\t_\tCase=Nom\t0\troot\t_\tSpaceAfter=No|name=B-PER\n\n"
    Path("a.conllu").write_bytes(row)
    assert main(["convert", "a.conllu", "-o", "b.conllu", "--to", "conllu", "--scheme", "bioes"]) == 0
    assert Path("b.conllu").read_bytes() == row.replace(b"B-PER", b"S-PER")
    Path("a.conll").write_text("Ada U-PER\nleft O\n. O\n")
    assert main(["convert", "a.conll", "-o", "c.conllu", "--to", "conllu"]) == 0
    unknown = "\t_" * 7
    assert Path("c.conllu").read_text() == (
        "# newdoc id = a.conll\n# sent_id = 1\n# text = Ada left .\n"
        f"1\tAda{unknown}\tNER=U-PER\n2\tleft{unknown}\tNER=O\n3\t.{unknown}\tNER=O\n\n"
    )


OVERLAP = '{"text": "Ada Lovelace left.", "label": [[0, 12, "PER"], [4, 12, "NAME"]]}\n'


def test_spans_that_overlap_are_listed_and_a_copy_of_the_file_loses_none(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.jsonl").write_text(OVERLAP)
    assert main(["convert", "a.jsonl", "-o", "b", "--to", "conll"]) == 1
    assert "lost: a.jsonl:1: NAME 'Lovelace'" in capfd.readouterr().err
    assert main(["convert", "a.jsonl", "-o", "b"]) == 0
    assert Path("b").read_text() == OVERLAP


def test_another_format_has_the_spans(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text(FILES["IOB1 with documents"][1].decode())
    assert main(["convert", "a.conll", "-o", "-", "--to", "jsonl", "--on-loss", "warn"]) == 0
    out, _ = capfd.readouterr()
    assert [span["label"] for span in json.loads(out)["spans"]] == ["PER", "PER"]


UNREAD = {
    "further columns": ("a.conll", FILES["IOB1 with documents"][1].decode(), "columns 2, 3"),
    "one of them": ("a.conll", "Ada NNP _ B-PER\nleft VBD - O\n", "column 2"),
    "comments": ("a.conll", TWO, "comments such as '# source'"),
    "other tags and flags": ("a.tsv", HIPE.replace("NoSpaceAfter|", "LED0.2|"), "columns 3, 4"),
    "CoNLL-U": (
        "a.conllu",
        "# sent_id = 7\n# text = Ada\n1\tAda\tada\tPROPN\t_\t_\t0\troot\t_\tNER=B-PER|Gloss=x\n\n",
        "columns LEMMA, UPOS, HEAD, DEPREL, MISC",
    ),
    "a table": ("a.csv", "Sentence #,Word,POS,Tag\n1,Ada,NNP,B-PER\n1,left,VBD,O\n", "column 3 (POS)"),
}


@pytest.mark.parametrize(("name", "text", "told"), UNREAD.values(), ids=UNREAD.keys())
def test_what_is_not_read_of_a_file_of_columns_is_a_loss(
    name: str, text: str, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text)
    for to in ("conll", "jsonl"):
        assert main(["convert", name, "-o", "out", "--to", to]) == 1
        assert f"lost: {name}: {told}, for which {to} has no place\n" in capfd.readouterr().err
        assert not Path("out").exists()
    assert main(["convert", name, "-o", "out", "--to", "jsonl", "--on-loss", "warn"]) == 0
    assert Path("out").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "a.conll": "# text = Ada left\nAda _ _ B-PER\nleft _ _ O\n",
        "b.tsv": "# global.columns = ID FORM NER MISC\n1\tAda\tB-PER\tSpaceAfter=No\n2\tleft\tO\t_\n",
        "c.conllu": "# newdoc id = c\n# text = Ada\n1\tAda" + "\t_" * 7 + "\tNER=B-PER|SpaceAfter=No\n\n",
        "d.csv": "sentence,word,pos,tag\n1,Ada,,B-PER\n1,left,_,O\n",
    }.items(),
)
def test_columns_that_say_nothing_more_are_no_loss(name: str, text: str) -> None:
    Path(name).write_text(text)
    assert main(["convert", name, "-o", "out", "--to", "jsonl"]) == 0


def test_a_file_of_conll_2003_keeps_its_columns_as_such() -> None:
    Path("a.txt").write_bytes(FILES["IOB1 with documents"][1])
    assert main(["convert", "a.txt", "-o", "out", "--to", "conll2003", "--scheme", "bioes"]) == 0
    assert Path("out").read_text() == FILES["IOB1 with documents"][1].decode().replace("I-PER", "S-PER").replace(
        "B-PER", "S-PER"
    )


LOSSES = {
    "a word with the separator": (
        "a.tsv",
        "New York\tB-LOC\nis\tO\nbig\tO\n",
        ["--to", "conll"],
        "a.tsv:1: 'New York' is",
    ),
    "a label with the separator": (
        "a.tsv",
        "Ada\tB-A B\nis\tO\nbig\tO\n",
        ["--to", "conll"],
        "a.tsv:1: 'B-A B' is written",
    ),
    "spans that IO makes one": (
        "a.conll",
        "Ada B-X\nBob B-X\nis O\n",
        ["--scheme", "io"],
        "a.conll:1: IO cannot keep two",
    ),
    "the same in another format": (
        "a.conll",
        "Ada B-X\nBob B-X\nis O\n",
        ["--scheme", "io", "--to", "conll"],
        "a.conll:1: IO",
    ),
    "a separator in a word, in place": (
        "a.tsv",
        "New York\tB-LOC\nis\tO\nbig\tO\n",
        ["--sep", "space"],
        "a.tsv:1: 'New York' is",
    ),
    "a column without anything in it": (
        "a.tsv",
        "Ada\t\tB-LOC\nis\tx\tO\nbig\tx\tO\n",
        ["--sep", "space"],
        "a.tsv:1: '' is",
    ),
}


@pytest.mark.parametrize(("name", "text", "options", "told"), LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize("out", ["b", "-"])
def test_a_loss_is_listed_and_nothing_written_unless_asked_for(
    name: str, text: str, options: list[str], told: str, out: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text)
    Path("b").write_text("as it was")
    assert main(["convert", name, "-o", out, *options]) == 1
    stdout, err = capfd.readouterr()
    assert f"lost: {told}" in err
    assert "nothing is written: one thing would be lost" in err
    assert (stdout, Path("b").read_text()) == ("", "as it was")
    assert main(["convert", name, "-o", out, *options, "--on-loss", "warn"]) == 0
    stdout, err = capfd.readouterr()
    assert f"lost: {told}" in err
    assert len((stdout if out == "-" else Path("b").read_text()).split("\n")) >= 4


MISTAKES = {
    "no such column": (["a.tsv", "--column", "9"], "there is no column '9': it has columns 1 to 4, called token"),
    "the column of the words": (["a.tsv", "--column", "token"], "column token holds the words"),
    "a column of prose": (["prose.txt", "--column", "2"], "prose.txt is no file of columns: there is none to choose"),
    "tags of prose": (["prose.txt", "--scheme", "io"], "has no tags that could be changed in place"),
    "a separator of CoNLL-U": (["a.conllu", "--sep", "space"], "whose separator is fixed"),
    "no such key": (["a.conllu", "--column", "NAME"], "MISC has no key 'NAME' (keys with tags: NER)"),
    "a broken file": (["broken.conll"], "broken.conll:2: 1 column where the others have 2"),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence_and_exit_code_2(
    arguments: list[str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("a.tsv").write_text(HIPE)
    Path("prose.txt").write_text("Ada left New York. " * 9)
    Path("a.conllu").write_bytes(FILES["CoNLL-U"][1])
    Path("broken.conll").write_text("Ada B-PER\nleft\nBob B-PER\nx O\n")
    assert main(["convert", *arguments, "-o", "out"]) == 2
    lines = [line for line in capfd.readouterr().err.split("\n") if line.startswith("ner-tui: ")]
    assert len(lines) == 1
    assert words in lines[0]
    assert not Path("out").exists()


def test_control_characters_of_a_file_do_not_reach_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.tsv").write_text("New\x1b[2J York\tB-LOC\nis\tO\nbig\tO\n")
    assert main(["convert", "a.tsv", "-o", "b", "--to", "conll", "--on-loss", "warn"]) == 0
    assert "\x1b" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    {
        "b.jsonl": "b.jsonl holds conll, and its name says otherwise: call it .conll, or choose --to prodigy or",
        "b.CSV.gz": "b.CSV.gz holds conll, and its name says otherwise: call it .conll, or choose --to csv\n",
        "b.conll --to csv": "b.conll holds csv, and its name says otherwise: call it .csv, or choose --to conll\n",
        "b.json --to jsonl": "",
        "b.tsv --scheme bioes": "",
        "b.conll --to conll2003": "",
        "b.train --to prodigy": "",
        "b": "",
        "b.jsonl/": "",
        "-": "",
    }.items(),
)
def test_a_name_of_another_format_is_told(options: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.conll").write_text("Ada B-PER\nleft O\n")
    assert main(["convert", "a.conll", "-o", *options.split()]) == 0
    said = capsys.readouterr().err
    assert told in said
    assert ("name says otherwise" in said) == bool(told)


def test_a_copy_may_be_called_as_its_source_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text("Ada B-PER\nleft O\n")
    assert main(["convert", "a.csv", "--from", "conll", "-o", "b.csv", "--scheme", "bioes"]) == 0
    assert "name says otherwise" not in capsys.readouterr().err
