"""Parts that are done, joined: what gets into files and folders, and what is told with lines of the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from labelled_parts import PARTED, done, jobs, made, worker, written
from small_parts import make_parts_small

from ner_tui.errors import InputError
from ner_tui.session.parts.joining import forget, join_file, join_folder, other_schemes, remarks, without_tags
from ner_tui.session.parts.tries import FailedSentence
from ner_tui.session.transfer.outputs import file_names
from ner_tui.store.project import Project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=300, landmark_every=5, block_words=40)
    Path("parts").mkdir()


def test_a_part_that_was_changed_by_others_is_not_joined_and_is_done_again() -> None:
    written("a", range(5))
    (job,) = jobs("a")
    found = done([job])
    job.text.write_text(job.text.read_text().replace("PER", "LOC"))
    with pytest.raises(InputError, match="not what was written there"):
        join_file(found, "out.conll")
    assert not Path("out.conll").exists()
    assert worker().do(job)[1]
    job.text.unlink()
    with pytest.raises(InputError, match="run the same command again"):
        join_file(found, "out.conll")


def test_documents_get_files_of_their_own_whatever_part_they_are_in() -> None:
    one, two = written("a", range(40)), written("b", range(3))
    documents = [Path("a.conll").read_text(), "", Path("b.conll").read_text()]
    Path("many.conll").write_text("".join(PARTED + each for each in documents))
    told: list[str] = []
    join_folder(done(jobs("many", "b", by_document=True)), "out", file_names(told.append), told.append)
    texts = {path.name: path.read_text().replace(PARTED, "") for path in Path("out").iterdir()}
    assert texts == {"many.conll": one, "many-3.conll": two, "b.conll": two}
    assert [each for each in told if "sentence" in each] == ["1 document without a sentence to write gets no file"]


def test_files_of_one_document_keep_their_names_whatever_documents_of_others_are_called() -> None:
    one, two, three = written("a", range(40)), written("b", range(3)), written("many-2", range(5))
    Path("many.conll").write_text("".join(PARTED + Path(f"{name}.conll").read_text() for name in ("a", "b")))
    told: list[str] = []
    join_folder(done(jobs("many", "many-2", by_document=True)), "out", file_names(told.append), told.append)
    texts = {path.name: path.read_text().replace(PARTED, "") for path in Path("out").iterdir()}
    assert texts == {"many.conll": one, "many-2-2.conll": two, "many-2.conll": three}
    assert told == ["many.conll#2 is written as many-2-2.conll: there is another many-2.conll"]


def test_a_document_of_one_sentence_without_a_word_gets_a_file_and_one_of_no_sentence_does_not() -> None:
    records = [{"text": "Ada left."}, {"text": ""}, {"text": "Ada.", "sentences": []}]
    Path("a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    told: list[str] = []
    join_folder(done(jobs("a.jsonl", by_document=True)), "out", file_names(told.append), told.append)
    texts = {path.name: path.read_text().replace(PARTED, "") for path in Path("out").iterdir()}
    assert texts == {
        "a.conll": "Ada\tB-PER\nleft\tO\n.\tO\n\n", "a-2.conll": "", "a-3.conll": "Ada\tB-PER\n.\tO\n\n",
    }  # fmt: skip
    assert told == []


def test_documents_are_numbered_over_all_parts_of_their_file() -> None:
    texts = [written("a", range(at, at + 3)) for at in range(40)]
    Path("a.conll").write_text("".join(PARTED + text.replace("B-PER", "O") for text in texts))
    some = jobs("a", by_document=True)
    assert len(some) > 5
    join_folder(done(some), "out", file_names(print), print)
    found = {path.name: path.read_text().replace(PARTED, "") for path in Path("out").iterdir()}
    assert found == {f"a-{at}.conll" if at > 1 else "a.conll": text for at, text in enumerate(texts, 1)}


def test_a_document_keeps_a_name_of_its_own() -> None:
    names = ["x", "y.txt", "a.jsonl#first", "aXjsonl#9"]
    Path("a.jsonl").write_text("".join(json.dumps({"text": "Ada.", "name": name}) + "\n" for name in names))
    join_folder(done(jobs("a.jsonl", by_document=True)), "out", file_names(print), print)
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "a.jsonl#first.conll", "aXjsonl-9.conll", "x.conll", "y.conll",
    ]  # fmt: skip


def test_nothing_is_written_where_one_of_the_files_would_be_in_the_place_of_a_project() -> None:
    written("a", range(5)), written("b", range(5))
    some = done(jobs("a", "b", by_document=True))
    Path("out").mkdir()
    Project.open(Path("out/b.conll"), create=True).close()
    before = Path("out/b.conll").read_bytes()
    with pytest.raises(InputError, match=r"out/b\.conll is a project: choose another place"):
        join_folder(some, "out", file_names(print), print)
    assert [path.name for path in Path("out").iterdir()] == ["b.conll"]
    assert Path("out/b.conll").read_bytes() == before


def test_what_is_told_of_parts_has_the_lines_of_their_files() -> None:
    written("a", range(60)), written("b", range(2))
    one, two, *_, other = jobs("a", "b")
    guess = tuple((line, "a guess") for line in (1, 2))
    found = [made(one, problems=guess), made(two, problems=guess, told=("no place for notes",)), made(other)]
    assert list(remarks(found)) == [
        "a.conll:1: a guess", "a.conll:2: a guess", "a.conll:11: a guess", "a.conll:12: a guess", "no place for notes",
    ]  # fmt: skip
    assert list(remarks([*found, made(other, told=("lost",) * 7)]))[5:] == ["lost"] * 5 + ["and 2 more of b.conll"]
    assert list(remarks(found, 4))[4:] == ["and 1 more of a.conll"]
    assert list(remarks([*found, made(other, more_problems=1_200)]))[5:] == ["and 1,200 more of b.conll"]
    failed = (FailedSentence(3, "Ada left", "no memory"),)
    assert list(without_tags([made(one), made(two, failed=failed), made(other, failed=failed)])) == [
        "a.conll:13: written without tags, no memory: Ada left",
        "b.conll:3: written without tags, no memory: Ada left",
    ]


def test_metadata_that_are_lost_are_told_of_the_whole_file() -> None:
    written("a", range(60)), written("b", range(2))
    one, two, *_, other = jobs("a", "b")
    found = [made(one, lost_records=2, lost_keys=("id", "x")), made(two, lost_records=3, lost_keys=("y", "id"))]
    assert list(remarks([*found, made(other, lost_records=1, lost_keys=("z",))])) == [
        "lost: a.conll: metadata of 5 records, for which conll has no place: id, x, y",
        "lost: b.conll: metadata of 1 record, for which conll has no place: z",
    ]


def test_parts_are_forgotten_also_if_somebody_has_taken_some_away() -> None:
    Path("parts/00000.part").write_text("Ada")
    forget(["gone", "parts"])
    assert not Path("parts").exists()


def test_tags_of_another_scheme_are_told_of_the_whole_file() -> None:
    Path("a.conll").write_text("".join(f"Ada\tB-PER\nKo\tI-PER\nleft{at}\tO\n\n" for at in range(90)))
    one, two, *_ = jobs("a")
    as_begun = (("B-PER", "I-PER", 2), ("O", "B-PER", 2))
    assert one.file.inference.scheme == "iob2"
    assert list(other_schemes([made(one, tags=as_begun), made(two, tags=as_begun)])) == []
    assert list(other_schemes([made(one), made(two)])) == []
    further = (("B-PER", "E-PER", 3), ("O", "S-PER", 2))
    (told,) = other_schemes([made(one, tags=further), made(two, tags=further)])
    assert told.startswith("a.conll: its beginning was taken for iob2")
    assert "say --scheme bioes" in told
