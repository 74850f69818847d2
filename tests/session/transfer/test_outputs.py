"""What an export writes: decisions, files as they were opened but for what was corrected, a file for each document."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS, WRITERS, infer_format, open_source
from ner_tui.session import ExportReport, Session, SessionOptions, WriteRequest, open_session, output_formats
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.store.project import Project

FOUR = (
    "# source: here\n-DOCSTART- -X- O O\n\nAda  NNP I-NP I-PER\nsaw VBD I-VP O\r\nYork NNP I-NP I-LOC\n \n\n"
    "Bob NNP I-NP I-PER\nleft VBD I-VP O"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sit(*paths: str) -> Session:
    return open_session(paths, SessionOptions(project="p.ner"))


def suggest(start: int, end: int, label: str, document: int = 1) -> None:
    project = Project.open(Path("p.ner"))
    with project.transaction():
        project.items.suggestion_table.add(document, [Suggestion(Span(start, end, label), 0.9, 0.8, (), 1)])
        project.items.restate(document, 0, 1 << 20)
    project.close()


def export(session: Session, out: str, **request: object) -> ExportReport:
    report = session.writing.exporting(out, WriteRequest(**request)).run()  # type: ignore[arg-type]
    assert report is not None
    return report


def files_in(folder: str) -> dict[str, str]:
    return {file.name: file.read_bytes().decode() for file in sorted(Path(folder).iterdir())}


def test_open_suggestions_stay_out_unless_they_are_asked_for_and_are_counted_either_way() -> None:
    Path("a.txt").write_text("Ada saw Bob. She left York.")
    session = sit("a.txt")
    session.corrections.label(0, 3, "PER", cursor=0)
    suggest(8, 11, "PER")
    suggest(22, 26, "LOC")
    report = export(session, "decided", fmt="conll")
    assert Path("decided").read_text() == "Ada B-PER\nsaw O\nBob O\n. O\n\nShe O\nleft O\nYork O\n. O\n\n"
    assert str(report) == "1 decision in 2 sentences to decided; 2 open suggestions left out"
    report = export(session, "both", fmt="conll", with_suggestions=True)
    assert Path("both").read_text() == "Ada B-PER\nsaw O\nBob B-PER\n. O\n\nShe O\nleft O\nYork B-LOC\n. O\n\n"
    assert str(report) == "1 decision and 2 open suggestions in 2 sentences to both"
    session.corrections.confirm(0)
    report = export(session, "confirmed", fmt="conll", only_confirmed=True)
    assert Path("confirmed").read_text().split("\n\n")[1:] == [""]
    assert str(report).endswith("; 1 sentence that is not confirmed and 1 open suggestion left out")


def test_a_file_that_was_opened_comes_back_with_what_was_corrected_and_nothing_else() -> None:
    Path("a.conll").write_bytes(FOUR.encode())
    session = sit("a.conll")
    suggest(4, 7, "ORG")
    for out in ("same.conll", "same/"):
        export(session, out)
    session.corrections.relabel(0, "ORG")
    for out in ("new.conll", "new/"):
        export(session, out)
    changed = FOUR.replace("Ada  NNP I-NP I-PER", "Ada  NNP I-NP I-ORG")
    assert Path("same.conll").read_bytes().decode() == files_in("same")["a.conll"] == FOUR
    assert Path("new.conll").read_bytes().decode() == files_in("new")["a.conll"] == changed
    export(session, "more.conll", with_suggestions=True)
    assert Path("more.conll").read_bytes().decode() == changed.replace("saw VBD I-VP O", "saw VBD I-VP B-ORG")


def test_it_comes_back_in_its_own_bytes_even_if_the_file_on_the_disk_is_another_by_then() -> None:
    raw = b"\xff\xfe" + "Łódź\tB-LOC\r\nleft\tO\r\n".encode("utf-16-le")
    Path("a.conll").write_bytes(raw)
    session = sit("a.conll")
    Path("a.conll").unlink()
    session.corrections.relabel(0, "ORG")
    export(session, "out.conll")
    assert Path("out.conll").read_bytes() == raw.replace("LOC".encode("utf-16-le"), "ORG".encode("utf-16-le"))


def test_a_project_without_a_copy_of_the_file_has_its_words_and_tags_and_says_so() -> None:
    Path("a.conll").write_bytes(FOUR.encode())
    sit("a.conll").close()
    assert main(["dump", "p.ner", "-o", "p.jsonl"]) == 0
    Path("a.conll").unlink()
    assert main(["load", "p.jsonl", "--project", "q.ner"]) == 0
    session = open_session([], SessionOptions(project="q.ner"))
    for out in ("out.conll", "out/"):
        (told,) = export(session, out).changes
        assert "without a copy of" in told
    assert Path("out.conll").read_text().startswith("Ada I-PER\nsaw O\nYork I-LOC\n")
    assert list(files_in("out")) == ["a.conll"]


@pytest.mark.parametrize("request_", [{"fmt": "conll"}, {"scheme": "iob2"}, {"separator": " "}])
def test_a_format_a_scheme_or_a_separator_writes_words_and_tags_alone(request_: dict[str, str]) -> None:
    Path("a.conll").write_bytes(FOUR.encode())
    export(sit("a.conll"), "out.conll", **request_)
    tags = "I" if "fmt" in request_ or "separator" in request_ else "B"
    assert Path("out.conll").read_text() == (f"Ada {tags}-PER\nsaw O\nYork {tags}-LOC\n\nBob {tags}-PER\nleft O\n\n")


def test_what_the_file_has_no_place_for_is_refused_with_the_next_step() -> None:
    Path("a.conll").write_bytes("Peña B-PER\n".encode("latin-1"))
    session = open_session(["a.conll"], SessionOptions(project="p.ner", read=ReadOptions(encoding="latin-1")))
    session.corrections.relabel(0, "人")
    with pytest.raises(InputError, match="has no character '人': use another label, or a format with --to"):
        export(session, "out.conll")
    export(session, "out.conll", fmt="conll")
    assert Path("out.conll").read_text(encoding="utf-8") == "Peña B-人\n\n"


def test_files_with_tags_that_become_one_are_told_to_lose_what_else_they_hold() -> None:
    Path("a.conll").write_text("Ada B-PER\n")
    Path("b.conll").write_text("# b\nBob B-PER\n")
    report = export(sit("a.conll", "b.conll"), "out.conll")
    assert Path("out.conll").read_text() == "Ada B-PER\n\n-DOCSTART- O\n\nBob B-PER\n\n"
    assert report.changes == ["2 files become one, with the words and tags alone: a folder gets each as it was"]


def test_a_folder_gets_a_file_for_each_document_in_any_format_and_for_a_file_with_tags_that_file() -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text("Ada left.")
    Path("in/b.txt").write_text("Bob left.")
    Path("a.conll").write_text("# head\nEve B-PER\n\n-DOCSTART- O\n\nIda B-PER\n")
    session = sit("in", "a.conll")
    export(session, "brat/", fmt="brat")
    assert files_in("brat") == {
        "a-2.ann": "T1\tPER 0 3\tEve\n", "a-2-2.ann": "T1\tPER 0 3\tIda\n", "a-2-2.txt": "Ida", "a-2.txt": "Eve",
        "a.ann": "", "a.txt": "Ada left.", "b.ann": "", "b.txt": "Bob left.",
    }  # fmt: skip
    export(session, "mixed/")
    assert files_in("mixed") == {
        "a.conll": "Ada O\nleft O\n. O\n\n", "b.conll": "Bob O\nleft O\n. O\n\n",
        "a-2.conll": Path("a.conll").read_text(),
    }  # fmt: skip


def test_a_document_of_which_nothing_is_written_gets_no_file_and_is_told() -> None:
    Path("a.txt").write_text("Ada left.")
    Path("b.txt").write_text("Bob left. He sang.")
    session = sit("a.txt", "b.txt")
    session.open(2)
    session.corrections.confirm(10)
    for fmt, written in (("brat", {"b.ann": "", "b.txt": "He sang."}), (None, {"b.conll": "He O\nsang O\n. O\n\n"})):
        report = export(session, f"{fmt}/", fmt=fmt, only_confirmed=True)
        assert files_in(f"{fmt}") == written
        assert report.changes == ["1 document without a sentence to write gets no file"]


def test_an_export_that_is_cancelled_leaves_what_was_there() -> None:
    Path("a.txt").write_text("Ada left. Bob saw it. She came.")
    Path("out.conll").write_text("before")
    asked = iter((False, True))
    running = sit("a.txt").writing.exporting("out.conll", WriteRequest("conll"))
    assert running.run(lambda _: None, lambda: next(asked)) is None
    assert Path("out.conll").read_text() == "before"


def test_formats_to_write_in_are_told_with_what_they_are_and_how_their_files_end() -> None:
    told = {each.name: (each.extension, each.choice) for each in output_formats()}
    assert next(iter(told)) == "conll"
    assert set(told) == set(WRITERS)
    assert all(suffix.startswith(".") and suffix != choice for suffix, choice in told.values())
    assert told["conll"] == (".conll", FORMATS["conll"].choice)


def test_a_document_of_several_sentences_is_written_in_order_into_its_file() -> None:
    Path("a.txt").write_text("Ada left. Bob saw it. She came.")
    export(sit("a.txt"), "out/", fmt="conll")
    assert files_in("out") == {"a.conll": "Ada O\nleft O\n. O\n\nBob O\nsaw O\nit O\n. O\n\nShe O\ncame O\n. O\n\n"}


def test_a_folder_in_which_one_document_cannot_be_written_gets_none() -> None:
    Path("a.txt").write_text("Ada left.")
    Path("b.txt").write_text("Bob left.")
    session = sit("a.txt", "b.txt")
    session.open(2)
    session.corrections.label(0, 3, "a b", cursor=0)
    with pytest.raises(InputError, match="holds white space, which brat cannot write"):
        export(session, "new/out/", fmt="brat")
    assert not Path("new").exists()


def test_the_files_that_were_opened_are_not_written_over() -> None:
    Path("a.conll").write_text("Ada B-PER\n")
    with pytest.raises(InputError, match=r"a\.conll is one of the files that are read"):
        export(sit("a.conll"), ".")
    assert Path("a.conll").read_text() == "Ada B-PER\n"


def test_documents_without_a_confirmed_sentence_leave_no_mark_in_a_file_of_several() -> None:
    for name in ("a", "b", "c"):
        Path(f"{name}.txt").write_text("Ada left.")
    session = sit("a.txt", "b.txt", "c.txt")
    session.open(2)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.confirm(0)
    export(session, "all.conll", fmt="conll", only_confirmed=True)
    assert Path("all.conll").read_text() == "Ada B-PER\nleft O\n. O\n\n"
    session.open(3)
    session.corrections.confirm(0)
    export(session, "all.conll", fmt="conll", only_confirmed=True)
    assert Path("all.conll").read_text().split("-DOCSTART- O\n\n") == [
        "Ada B-PER\nleft O\n. O\n\n",
        "Ada O\nleft O\n. O\n\n",
    ]


def test_a_name_of_another_format_is_told() -> None:
    Path("a.txt").write_text("Ada left.")
    session = sit("a.txt")
    (wrong,) = export(session, "out.csv", fmt="conll").changes
    assert wrong == "out.csv holds conll, and its name says otherwise: call it .conll, or choose --to csv"
    assert export(session, "out.csv", fmt="csv").changes == []
    assert export(session, "out.tsv").changes == []


@pytest.mark.parametrize(
    ("source", "out", "fmt"),
    [
        ("a.txt", "x.jsonl", "jsonl"),
        ("a.txt", "x.csv.gz", "csv"),
        ("a.txt", "x.conllu", "conllu"),
        ("a.txt", "x.tsv", "conll"),
        ("a.txt", "x", "conll"),
        ("a.conll", "x.jsonl", "jsonl"),
        ("a.conll", "x.conll", "conll"),
        ("a.jsonl", "x.conll", "conll"),
        ("a.jsonl", "x.jsonl", "doccano"),
        ("a.jsonl", "x.json", "doccano"),
        ("a.jsonl", "x", "doccano"),
    ],
)
def test_the_name_of_an_output_says_its_format_where_nobody_does(source: str, out: str, fmt: str) -> None:
    Path("a.txt").write_text("Ada left.")
    Path("a.conll").write_text("Ada B-PER\nleft O\n")
    Path("a.jsonl").write_text('{"text": "Ada left", "label": [[0, 3, "PER"]]}\n')
    export(sit(source), out)
    assert infer_format(open_source(out), fmt if fmt == "conll" else None).format == fmt


def test_a_name_of_several_formats_is_asked_about() -> None:
    Path("a.txt").write_text("Ada left.")
    with pytest.raises(InputError, match=r"x.json may be cas-json, .* or jsonl: choose one with --to"):
        export(sit("a.txt"), "x.json")
    assert not Path("x.json").exists()
