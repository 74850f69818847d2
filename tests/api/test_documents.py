"""Documents made by hand, read and written; projects and scores from Python."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest

import ner_tui
from ner_tui import Document, EditRefused, InputError, ProjectError
from ner_tui.formats import WRITERS
from ner_tui.store.project import Project

TEXT = "Ada lives in London. She met Bob Ito."
SPANS = [(0, 3, "PER"), (13, 19, "LOC"), (29, 36, "PER")]
NEEDED = {"parquet": "pyarrow", "spacy": "spacy", "xmi": "cassis", "cas-json": "cassis"}


@pytest.fixture
def gold() -> Document:
    return Document.from_text(TEXT, SPANS, name="a.txt")


def spans_of(document: Document) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in document.spans]


def test_a_text_is_cut_into_sentences_and_keeps_its_spans(gold: Document) -> None:
    assert gold.text == TEXT
    assert spans_of(gold) == SPANS
    assert [len(item.sentence.tokens) for item in gold.sentences] == [5, 5]
    assert [entity.words for entity in gold.entities] == [(0, 1), (3, 4), (7, 9)]
    assert [entity.score for entity in gold.entities] == [None] * 3


def test_a_span_that_cuts_a_word_cuts_it_and_of_two_that_overlap_the_longer_stays() -> None:
    document = Document.from_text("Londoner", [(0, 6, "LOC")])
    assert document.words == ["London", "er"]
    assert "begins or ends within the word" in document.problems[0].reason
    document = Document.from_text(TEXT, [(0, 3, "PER"), (0, 9, "MISC")])
    assert spans_of(document) == [(0, 9, "MISC")]
    assert document.problems[0].lost


def test_a_span_outside_its_text_is_refused() -> None:
    with pytest.raises(InputError, match="is no stretch of a text of 3 characters"):
        Document.from_text("Ada", [(0, 4, "PER")])


def test_words_come_with_tags_of_any_scheme() -> None:
    words = ["Ada", "King", "left", "Rome"]
    for tags in (["B-PER", "I-PER", "O", "B-LOC"], ["B-PER", "L-PER", "O", "U-LOC"]):
        document = Document.from_words(words, tags)
        assert document.tags("bioes") == ["B-PER", "E-PER", "O", "S-LOC"]
    with pytest.raises(InputError, match="4 words and 1 tags"):
        Document.from_words(words, ["O"])
    with pytest.raises(InputError, match="there is no tag scheme 'xyz'"):
        document.tags("xyz")


@pytest.mark.parametrize("fmt", WRITERS)
def test_every_format_is_written_and_read_by_path_and_by_open_file(fmt: str, gold: Document, tmp_path: Path) -> None:
    if fmt in NEEDED:
        pytest.importorskip(NEEDED[fmt])
    path = tmp_path / ("out.ann" if fmt == "brat" else "out.x")
    ner_tui.write([gold], path, fmt, on_loss=lambda _: None)
    documents = list(ner_tui.read(path, fmt))
    labels = [[entity.label for entity in document.entities] for document in documents]
    assert [label for some in labels for label in some] == ["PER", "LOC", "PER"]
    if fmt not in ("brat", "xmi"):
        with io.BytesIO() as file:
            ner_tui.write([gold], file, fmt, on_loss=lambda _: None)
            file.seek(0)
            again = list(ner_tui.read(file, fmt))
        assert [document.entities for document in again] == [document.entities for document in documents]


def test_a_file_that_is_open_as_text_is_read_and_written(gold: Document, tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w+", encoding="utf-8") as file:
        # Its name says the format.
        ner_tui.write([gold], file)
        file.seek(0)
        (found,) = ner_tui.read(file)
    assert (found.name, spans_of(found)) == ("a.txt", SPANS)
    with pytest.raises(InputError, match="is no text: give a file that is open for bytes"):
        ner_tui.write([gold], io.StringIO(), "parquet")


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Ada left.")
    (tmp_path / "a.conll").write_text("Bob B-PER\n\n")
    assert [document.words for document in ner_tui.read(tmp_path)] == [["Bob"], ["Ada", "left", "."]]


def test_what_is_lost_is_an_error_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    record = next(ner_tui.read(io.StringIO('{"text": "Ada left.", "id": 7}'), "jsonl"))
    assert dict(record.metadata) == {"id": 7}
    out = tmp_path / "out.conll"
    out.write_text("before")
    with pytest.raises(InputError, match="metadata of 1 record"):
        ner_tui.write([record], out)
    assert out.read_text() == "before"
    ner_tui.write([record], tmp_path / "out.jsonl")


def test_what_was_read_with_a_guess_is_told_with_the_document(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Ada I-PER\nleft O\nBob B-PER\n")
    (document,) = ner_tui.read(tmp_path / "a.conll")
    assert [problem.line for problem in document.problems] == [1]


def test_a_project_is_never_written_over(gold: Document, tmp_path: Path) -> None:
    path = tmp_path / "p.ner"
    ner_tui.write([gold], tmp_path / "a.jsonl")
    ner_tui.open_project(path, str(tmp_path / "a.jsonl")).close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="is a project"):
        ner_tui.write([gold], path)
    assert path.read_bytes() == before


@pytest.fixture
def project(gold: Document, tmp_path: Path) -> Path:
    ner_tui.write([gold, Document.from_text("Eve left Rome.", name="b.txt")], tmp_path / "a.jsonl")
    ner_tui.open_project(tmp_path / "p.ner", str(tmp_path / "a.jsonl"), annotator="me").close()
    return tmp_path / "p.ner"


def test_edits_are_those_of_the_keys_and_on_disk_when_they_return(project: Path) -> None:
    with ner_tui.open_project(project, annotator="ada") as opened:
        assert opened.names == ["a.txt", "b.txt"]
        opened.label(0, 3, "PER", document="b.txt")
        opened.label(9, 13, "LOC", document=1)
        opened.relabel(0, "ORG")
        opened.remove(13)
        opened.note(0, 3, "who?")
        opened.flag(0)
        opened.confirm(0)
        other = Project.open(project, read_only=True)
        try:
            entries = [entry.annotator for entry in other.journal.steps(0, other.journal.last())]
        finally:
            other.close()
        assert entries == ["ada"] * 7
        first, second = opened.documents()
        assert spans_of(first) == [(0, 3, "ORG"), (29, 36, "PER")]
        assert (first.sentences[0].status, first.sentences[0].flagged) == ("confirmed", True)
        assert first.sentences[0].notes[0].text == "who?"
        assert spans_of(second) == [(0, 3, "PER"), (9, 13, "LOC")]
    with ner_tui.open_project(project) as opened:
        while opened.undo():
            pass
        assert spans_of(opened.document()) == SPANS
        assert opened.redo()


def test_an_edit_that_makes_no_sense_is_refused_and_changes_nothing(project: Path) -> None:
    with ner_tui.open_project(project) as opened:
        with pytest.raises(EditRefused, match=r"\[0, 2\) does not begin and end with a token, as \[0, 3\) does"):
            opened.label(0, 2, "PER")
        with pytest.raises(EditRefused, match="no suggestion here to accept"):
            opened.accept(5)
        with pytest.raises(EditRefused, match="it would join two sentences"):
            opened.label(13, 24, "LOC")
        with pytest.raises(InputError, match="there is no document 2: there are 2"):
            opened.document(2)
        with pytest.raises(InputError, match=r"no document is called 'c\.txt'"):
            opened.flag(0, document="c.txt")
        assert spans_of(opened.document()) == SPANS
        assert not opened.undo()


def test_one_session_changes_a_project_and_others_look_at_it(project: Path) -> None:
    with ner_tui.open_project(project):
        with pytest.raises(ProjectError):
            ner_tui.open_project(project)
        with ner_tui.open_project(project, read_only=True) as second:
            assert len(list(second.documents())) == 2
            with pytest.raises(EditRefused, match="read-only"):
                second.flag(0)


def test_a_project_is_exported_as_by_the_command(project: Path, tmp_path: Path) -> None:
    with ner_tui.open_project(project) as opened:
        opened.confirm(0)
        report = opened.export(tmp_path / "out.conll", only_confirmed=True)
    assert (report.sentences, report.unconfirmed_left_out) == (1, 2)
    assert (tmp_path / "out.conll").read_text().startswith("Ada B-PER\nlives O\n")


def test_there_is_no_project_without_texts(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist: give texts"):
        ner_tui.open_project(tmp_path / "new.ner")
    assert not list(tmp_path.iterdir())


def test_scores_are_those_of_files_projects_and_documents_alike(gold: Document, project: Path, tmp_path: Path) -> None:
    wrong = Document.from_text(TEXT, [(0, 3, "PER"), (13, 19, "ORG")], name="a.txt")
    eve = Document.from_text("Eve left Rome.")
    ner_tui.write([wrong, eve], tmp_path / "wrong.conll")
    for ours in ([gold, eve], project, tmp_path / "a.jsonl"):
        for theirs in ([wrong, eve], tmp_path / "wrong.conll"):
            scores = ner_tui.score(ours, theirs)
            assert (scores.micro.precision, scores.micro.recall) == (1 / 2, 1 / 3)
            assert scores.confusion["LOC", "ORG"] == 1
    with pytest.raises(InputError, match="both must have the same tokens"):
        ner_tui.score([gold], [eve])


def test_strict_scores_count_legal_spans_alone(tmp_path: Path) -> None:
    (tmp_path / "gold").write_text("Ada B-PER\nleft O\nBob B-PER\n")
    (tmp_path / "found").write_text("Ada I-PER\nleft O\nBob B-PER\n")
    assert ner_tui.score(tmp_path / "gold", tmp_path / "found").micro.recall == 1
    assert ner_tui.score(tmp_path / "gold", tmp_path / "found", strict=True).micro.recall == 0.5


@pytest.mark.parametrize("package", ["datasets", "spacy"])
def test_a_library_that_is_missing_is_named(package: str, gold: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.api.libraries.find_spec", lambda name: None)
    convert = getattr(ner_tui, f"to_{package}")
    with pytest.raises(InputError, match=f"{package} is not installed: pip install {package}"):
        list(convert([gold]))


def test_documents_go_to_datasets_and_back(gold: Document) -> None:
    pytest.importorskip("datasets")
    words = Document.from_words(["Ada", "left", "Rome"], ["B-PER", "O", "B-LOC"], name="w")
    dataset = ner_tui.to_datasets([words, words])
    assert dataset.features["ner_tags"].feature.names[0] == "O"
    assert dataset[1]["tokens"] == ["Ada", "left", "Rome"]
    assert next(ner_tui.from_datasets(dataset)).tags()[:3] == ["B-PER", "O", "B-LOC"]
    (text,) = ner_tui.from_datasets(ner_tui.to_datasets([gold]))
    assert (text.text, spans_of(text)) == (TEXT, SPANS)


def test_documents_go_to_spacy_and_back(gold: Document) -> None:
    pytest.importorskip("spacy")
    (doc,) = ner_tui.to_spacy([gold])
    assert [entity.text for entity in doc.ents] == ["Ada", "London", "Bob Ito"]
    assert [entity.label_ for entity in doc.ents] == ["PER", "LOC", "PER"]
    assert len(list(doc.sents)) == 2
    (back,) = ner_tui.from_spacy([doc])
    assert (back.text, spans_of(back), back.words) == (TEXT, SPANS, gold.words)


def test_no_bytes_of_a_model_or_text_are_lost_where_a_file_is_compressed(gold: Document, tmp_path: Path) -> None:
    ner_tui.write([gold], tmp_path / "a.jsonl.gz")
    assert (tmp_path / "a.jsonl.gz").read_bytes()[:2] == b"\x1f\x8b"
    (found,) = ner_tui.read(tmp_path / "a.jsonl.gz")
    assert zlib.crc32(found.text.encode()) == zlib.crc32(TEXT.encode())
