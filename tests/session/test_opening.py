"""Opening: new, known, changed and vanished files, and the projects that hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.session.transfer.adding import ReadOptions

CONLL = "Ada B-PER\nLovelace I-PER\nsaw O\nNew B-LOC\nYork I-LOC\n. O\n\nShe O\nleft O\n. O\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sit(*paths: str, **options: object) -> Session:
    return open_session(paths, SessionOptions(**options))  # type: ignore[arg-type]


def write(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


def marks(session: Session) -> list[tuple[str, str]]:
    text = session.document.text
    return [(m.span.label, text[m.span.start : m.span.end]) for m in session.document.spans(0, len(text))]


def test_tags_of_a_file_are_decisions_and_its_sentences_untouched() -> None:
    session = sit(write("a.conll", CONLL))
    assert marks(session) == [("PER", "Ada Lovelace"), ("LOC", "New York")]
    assert session.document.sentence_state(0).status == "untouched"
    assert session.document.text == "Ada Lovelace saw New York .\nShe left ."


def test_ignored_tags_leave_the_words_undecided() -> None:
    session = sit(write("a.conll", CONLL), read=ReadOptions(ignore_tags=True))
    assert marks(session) == []


def test_what_a_person_said_in_an_exported_file_is_taken_in_with_it() -> None:
    session = sit(write("a.txt", "Ada met Bob. Bob left."), project="old.ner")
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.note(0, 3, "who?", cursor=0)
    session.corrections.confirm(0)
    session.corrections.flag(13)
    session.writing.exporting("a.jsonl", WriteRequest("jsonl")).run()
    session.close()
    session = sit("a.jsonl", project="new.ner")
    document = session.document
    assert marks(session) == [("PER", "Ada")]
    assert [note.text for note in document.notes(0, 3)] == ["who?"]
    assert document.sentence_state(0).status == "confirmed"
    assert document.sentence_state(13).flagged


def test_the_same_files_resume_where_the_person_stopped() -> None:
    write("a.txt", "Ada met Bob.")
    write("b.txt", "Bob met Eve.")
    session = sit("a.txt", "b.txt")
    session.open(2)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.remember_cursor(8)
    session.close()
    session = sit("a.txt", "b.txt")
    assert (session.document.name, session.document.cursor, marks(session)) == ("b.txt", 8, [("PER", "Bob")])


def test_new_paths_are_added_and_announced() -> None:
    sit(write("a.txt", "Ada met Bob.")).close()
    session = sit("a.txt", write("b.txt", "Bob met Eve."))
    assert [row.name for row in session.rows()] == ["a.txt", "b.txt"]
    assert "1 new file was added to annotations.ner" in session.notices


def test_a_project_is_opened_by_its_name_alone() -> None:
    sit(write("a.conll", CONLL), project="p.ner").close()
    session = sit(project="p.ner")
    assert marks(session) == [("PER", "Ada Lovelace"), ("LOC", "New York")]


def test_a_project_that_does_not_exist_is_not_made_out_of_nothing() -> None:
    with pytest.raises(InputError, match=r"p\.ner does not exist: name what to review"):
        sit(project="p.ner")
    assert not Path("p.ner").exists()


def test_a_project_that_holds_none_of_the_paths_is_refused_without_add() -> None:
    sit(write("a.txt", "Ada met Bob.")).close()
    write("b.txt", "Bob met Eve.")
    with pytest.raises(InputError, match="--add"):
        sit("b.txt")
    assert len(sit("b.txt", add=True).rows()) == 2


def test_a_changed_file_is_read_anew_with_what_was_decided_in_place() -> None:
    session = sit(write("a.txt", "Ada met Bob in York. Nobody saw Eve."))
    session.corrections.label(8, 11, "PER", cursor=8)
    session.corrections.label(32, 35, "PER", cursor=32)
    session.corrections.note(8, 11, "which Bob?", cursor=8)
    session.corrections.note(32, 35, "which Eve?", cursor=32)
    session.corrections.confirm(0)
    session.close()
    write("a.txt", "It rained.\n\nAda met Bob in York. Nobody saw Mallory.")
    session = sit("a.txt")
    assert marks(session) == [("PER", "Bob")]
    assert session.document.sentence_state(session.document.text.index("Bob")).status == "confirmed"
    assert any("not placed: PER “Eve” (line 1 before)" in notice for notice in session.notices)
    assert [note.text for note in session.document.notes(0, 60)] == ["which Bob?"]
    assert any("not placed: the note “which Eve?”" in notice for notice in session.notices)
    assert session.corrections.undo() is None


def test_a_file_that_is_gone_is_read_from_the_project() -> None:
    session = sit(write("a.txt", "Ada met Bob."))
    session.close()
    Path("a.txt").unlink()
    session = sit("a.txt")
    assert session.document.text == "Ada met Bob."
    assert any("gone" in notice for notice in session.notices)


def test_one_stands_in_the_first_of_the_files_that_are_named_unless_one_was_in_another_of_them() -> None:
    names = [write(name, f"Ada met {name}.") for name in ("a.txt", "b.txt", "c.txt")]
    session = sit(*names, project="p.ner")
    session.open(3)
    session.close()
    for paths, stands_in in (
        (("b.txt",), 2),
        (("a.txt", "b.txt"), 2),
        (("c.txt", "a.txt"), 3),
        (("a.txt", "b.txt"), 1),
    ):
        session = sit(*paths, project="p.ner")
        assert session.document.id == stands_in
        session.close()


def test_a_failed_opening_leaves_no_project_behind() -> None:
    Path("bad.txt").write_bytes(b"caf\xe9 Ada")
    with pytest.raises(InputError, match="--encoding"):
        sit("bad.txt")
    assert not Path("annotations.ner").exists()


def test_one_unreadable_file_does_not_keep_the_others_away() -> None:
    Path("bad.txt").write_bytes(b"caf\xe9 Ada")
    session = sit("bad.txt", write("a.txt", "Ada met Bob."))
    assert [row.name for row in session.rows()] == ["a.txt"]
    assert any(notice.startswith("left out: bad.txt") for notice in session.notices)


def test_files_of_a_folder_that_are_not_taken_are_told(tmp_path: Path) -> None:
    Path("in/sub").mkdir(parents=True)
    write("in/a.txt", "Ada met Bob.")
    assert sit("in").notices == ["in/a.txt: read as raw text"]
    for name in ("b.md", "c.md", "sub/d.md", "sub/e.md", "empty.txt"):
        write(f"in/{name}", "" if name == "empty.txt" else "Eve")
    told, *readings = sit("in", "in/b.md", project="other.ner").notices
    assert told.startswith("left out of in: c.md, empty.txt, sub/d.md and 1 more; a folder's files are read if they ")
    assert readings == ["in/a.txt: read as raw text", "in/b.md: read as raw text"]


def test_what_is_to_be_looked_at_is_told_before_how_files_were_read() -> None:
    session = sit(write("a.conll", "Ada B-PER\nmet O\nBo I-LOC\n"))
    fault, reading = session.notices
    assert "I-LOC cannot follow O" in fault
    assert reading == "a.conll: read as conll, 2 columns by space, tags in column 2, IOB2"
    session.corrections.relabel(0, "ORG")
    session.close()
    write("a.conll", "Eve B-PER\nmet O\n")
    assert sit("a.conll").notices[0].startswith("a.conll changed since it was read")


def test_labels_keep_their_keys_whatever_file_comes_first() -> None:
    session = sit(write("a.conll", "York B-LOC\nRoses B-TEAM\n"))
    assert [(label.key, label.name) for label in session.labels] == [
        ("1", "PER"),
        ("2", "ORG"),
        ("3", "LOC"),
        ("4", "MISC"),
        ("5", "TEAM"),
    ]


def test_an_export_of_an_opened_file_is_that_file_with_the_correction_and_says_how_many_of_each(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    session = sit(write("a.conll", CONLL))
    session.corrections.relabel(0, "ORG")
    report = session.writing.exporting("out.conll", WriteRequest()).run()
    assert report is not None
    assert Path("out.conll").read_text() == CONLL.replace("-PER", "-ORG")
    assert (report.decisions, report.suggestions) == (2, 0)


def test_only_confirmed_writes_confirmed_sentences_alone() -> None:
    session = sit(write("a.conll", CONLL))
    session.corrections.confirm(30)
    session.writing.exporting("out.conll", WriteRequest(only_confirmed=True)).run()
    assert Path("out.conll").read_text() == "She O\nleft O\n. O\n\n"


def test_the_next_sentence_to_review_is_found_across_documents() -> None:
    session = sit(write("a.txt", "Ada met Bob."), write("b.txt", "Bob left. Eve too."))
    session.corrections.confirm(0)
    place = session.next_places.open_sentence(0)
    assert place is not None
    assert (place.document, place.offset) == (2, 0)


def test_a_project_is_told_of_once_and_keeps_its_theme() -> None:
    session = sit(write("a.txt", "Ada met Bob."))
    assert session.introduce()
    assert not session.introduce()
    assert session.theme == ""
    session.theme = "dark"
    session.close()
    again = sit("a.txt")
    assert again.theme == "dark"
    assert not again.introduce()
    again.close()


def test_documents_have_an_order_with_two_ends() -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(name, "Ada met Bob.")
    session = sit("a.txt", "b.txt", "c.txt")
    session.open(2)
    assert (session.step_document(1), session.step_document(-1)) == (3, 1)
    session.open(3)
    assert session.step_document(1) is None
    session.close()
    assert sit().document.name == "c.txt", "it is opened where the person stopped"


@pytest.mark.parametrize("name", ["a.conllu", "a.parquet"])
def test_a_file_in_which_nothing_stands_is_refused_and_leaves_the_project_as_it_was(name: str) -> None:
    sit(write("b.txt", "Ada met Bob."), project="p.ner").close()
    if name == "a.parquet":
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        empty = pa.array([[], []], type=pa.list_(pa.string()))
        pq.write_table(pa.table({"tokens": empty, "ner_tags": empty}), name)
    else:
        write(name, "# text = Ada\n\n")
    for project in ("p.ner", "new.ner"):
        with pytest.raises(InputError, match=rf"^{name} holds no words: there is nothing to annotate in it$"):
            sit(name, project=project, add=True)
    session = sit("b.txt", project="p.ner")
    assert [row.name for row in session.rows()] == ["b.txt"]
    session.close()
