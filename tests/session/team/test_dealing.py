"""``deal`` as a person runs it: a project for each, gone on with, and the annotator's name wherever records go."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.team.dealing import _spread
from ner_tui.session.team.dealing import deal as dealt
from ner_tui.store.project import Project

Capture = pytest.CaptureFixture[str]


def write(folder: str, numbers: range) -> None:
    random = Random(5)
    Path(folder).mkdir(exist_ok=True)
    for number in numbers:
        words = [random.choice(["Ada", "left", "Oslo", "with", "Bob"]) for _ in range(random.randint(40, 90))]
        Path(folder, f"d{number:02}.txt").write_text(f"{number} {' '.join(words)}.\n")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write("texts", range(24))
    return tmp_path


def deal(*more: str, annotators: str = "ana,bo,cy", paths: str = "texts") -> int:
    return main(["deal", paths, "--annotators", annotators, "-o", "team", *more])


def held(name: str) -> dict[str, int]:
    with closing(Project.open(Path(f"team/{name}.ner"), read_only=True)) as project:
        return {Path(each.name).name: each.words for each in project.content.documents()}


def test_everybody_gets_a_project_with_documents_of_their_own_and_shared_ones(capfd: Capture) -> None:
    assert deal("--overlap", "20%", "--labels", "PER,LOC") == 0
    hands = [held(name) for name in ("ana", "bo", "cy")]
    shared = set.intersection(*map(set, hands))
    assert set.union(*map(set, hands)) == {f"d{number:02}.txt" for number in range(24)}
    assert sum(len(hand) - len(shared) for hand in hands) + len(shared) == 24
    sums = [sum(hand.values()) for hand in hands]
    assert max(sums) - min(sums) <= 0.02 * max(sums)
    words = sum(hands[0][name] for name in shared)
    everything = words + sum(sum(hand.values()) - words for hand in hands)
    assert abs(words / everything - 0.2) < 0.03
    orders = [tuple(name for name in hand if name in shared) for hand in hands]
    assert len(set(orders)) > 1
    assert "ana" in capfd.readouterr().out
    with closing(Project.open(Path("team/ana.ner"), read_only=True)) as project:
        assert project.labels.names == ("PER", "LOC")
        assert project.setting("annotator") == "ana"


@pytest.mark.parametrize(
    ("own", "shared", "order"),
    [("abcd", "WX", "abWcdX"), ("ab", "WXYZ", "aWXbYZ"), ("abc", "", "abc"), ("", "WX", "WX"), ("a", "WX", "aWX")],
)
def test_what_is_shared_lies_at_even_distances_among_the_rest(own: str, shared: str, order: str) -> None:
    assert "".join(_spread(own, shared)) == order  # type: ignore[arg-type]


def test_each_hand_is_told_in_documents_and_words() -> None:
    hands = dealt(["texts"], ["ana", "bo"], Path("team"), 0.25, SessionOptions(), 3, print)
    both = held("ana").items() & held("bo").items()
    for hand in hands:
        mine = held(hand.annotator)
        assert (hand.documents, hand.words, hand.new_documents) == (len(mine), sum(mine.values()), len(mine))
        assert hand.shared == sum(words for _, words in both)
    write("texts", range(24, 28))
    again = dealt(["texts"], ["ana", "bo"], Path("team"), 0.0, SessionOptions(), 3, print)
    assert sum(hand.new_documents for hand in again) == 4
    assert [hand.shared for hand in again] == [hand.shared for hand in hands]


def test_files_that_nobody_gets_are_told_with_the_reason(capfd: Capture) -> None:
    Path("texts/bad.txt").write_bytes(b"caf\xe9 Ada\n")
    Path("texts/notes.md").write_text("Ada left.\n")
    assert deal() == 0
    told = capfd.readouterr().err
    assert "left out: texts/bad.txt is not text in utf-8" in told
    assert "left out of texts: notes.md; a folder's files are read if" in told


def test_who_gets_no_document_is_told_with_what_to_do(capfd: Capture) -> None:
    write("few", range(2))
    assert deal(annotators="ana,bo,cy", paths="few") == 0
    (told,) = [line for line in capfd.readouterr().err.splitlines() if "no document" in line]
    (nobody,) = [name for name in ("ana", "bo", "cy") if not held(name)]
    assert told.startswith(f"{nobody} got no document")
    assert "deal more files" in told
    # What is advised helps.
    assert deal(annotators="ana,bo,cy", paths="texts") == 0
    assert held(nobody)
    assert "no document" not in capfd.readouterr().err


@pytest.mark.thorough
def test_with_more_documents_it_goes_on_where_it_was(capfd: Capture) -> None:
    assert deal("--overlap", "25%") == 0
    before = {name: held(name) for name in ("ana", "bo", "cy")}
    session = open_session([], SessionOptions("team/ana.ner"))
    assert session.annotator == "ana"
    session.corrections.label(0, 1, "PER", cursor=0)
    session.close()
    write("texts", range(24, 36))
    assert deal("--overlap", "25%") == 0
    after = {name: held(name) for name in before}
    assert all(before[name].items() <= after[name].items() for name in before)
    assert len(set.union(*map(set, after.values()))) == 36
    sums = [sum(hand.values()) for hand in after.values()]
    assert max(sums) - min(sums) <= 0.02 * max(sums)
    session = open_session([], SessionOptions("team/ana.ner"))
    assert session.row().spans == 1
    assert session.corrections.undo() is not None
    session.close()
    assert main(["check", "team/ana.ner"]) == 0
    capfd.readouterr()
    assert deal() == 0
    assert "nothing new" in capfd.readouterr().err
    assert {name: held(name) for name in before} == after


def test_who_joins_later_gets_what_is_shared_and_nobodys_own() -> None:
    deal("--overlap", "25%", annotators="ana,bo")
    shared = set(held("ana")) & set(held("bo"))
    write("texts", range(24, 30))
    assert deal("--overlap", "25%", annotators="ana,bo,cy") == 0
    alone = (set(held("ana")) | set(held("bo"))) - shared
    assert shared <= set(held("cy"))
    assert not (set(held("cy")) & alone & {f"d{number:02}.txt" for number in range(24)})


def test_documents_of_one_file_are_dealt_too_and_no_part_is_saved_over_it(capfd: Capture) -> None:
    Path("many.conll").write_text(
        "".join(f"-DOCSTART- O\n\nAda B-PER\nnumber{at} O\n\n" for at in range(8)), encoding="utf-8"
    )
    assert deal(annotators="ana,bo", paths="many.conll") == 0
    assert len(held("ana")) == len(held("bo")) == 4
    capfd.readouterr()
    assert main(["export", "team/ana.ner"]) == 0
    assert capfd.readouterr().out.count("Ada B-PER") == 4
    assert deal(annotators="ana,bo", paths="many.conll") == 0
    session = open_session([], SessionOptions("team/ana.ner"))
    with pytest.raises(Exception, match="gone from the disk"):
        session.writing.save_extent()
    session.close()


def test_all_documents_of_a_file_in_another_order_are_written_in_that_order(capfd: Capture) -> None:
    texts = [f"Ada met number{at}." for at in range(8)]
    Path("many.jsonl").write_text("".join(json.dumps({"id": at, "text": text}) + "\n" for at, text in enumerate(texts)))
    assert deal("--overlap", "100%", annotators="ana,bo", paths="many.jsonl") == 0
    capfd.readouterr()
    assert main(["export", "team/ana.ner", "--to", "doccano", "-o", "ana.jsonl"]) == 0
    written = [json.loads(line) for line in Path("ana.jsonl").read_text().splitlines()]
    assert sorted(each["id"] for each in written) == list(range(8)) != [each["id"] for each in written]
    assert all(each["text"] == texts[each["id"]] for each in written)
    capfd.readouterr()
    assert main(["export", "team/ana.ner"]) == 0
    assert capfd.readouterr().out.count("Ada O\nmet O\n") == 8


def test_the_annotators_name_is_in_dumps_and_records(capfd: Capture) -> None:
    deal()
    session = open_session([], SessionOptions("team/bo.ner"))
    session.corrections.confirm(0)
    session.close()
    capfd.readouterr()

    def output(*arguments: str) -> str:
        assert main([*arguments]) == 0
        return capfd.readouterr().out

    dumped = output("dump", "team/bo.ner")
    assert json.loads(dumped.splitlines()[0])["annotator"] == "bo"
    assert json.loads(output("export", "team/bo.ner", "--to", "jsonl").splitlines()[0])["annotator"] == "bo"
    assert json.loads(output("export", "team/bo.ner", "--to", "prodigy").splitlines()[0])["_annotator_id"] == "bo"
    tasks = json.loads(output("export", "team/bo.ner", "--to", "label-studio"))
    assert tasks[0]["annotations"][0]["completed_by"] == "bo"
    Path("dump.jsonl").write_text(dumped)
    assert main(["load", "dump.jsonl", "--project", "again.ner"]) == 0
    assert output("dump", "again.ner").splitlines()[0] == dumped.splitlines()[0]


def test_patterns_suggest_in_every_project_and_guidelines_lie_beside_them() -> None:
    Path("towns.txt").write_text("Oslo\n")
    Path("guide.md").write_text("# Guide\n")
    assert deal("--patterns", "towns.txt", "--label", "LOC", "--guidelines", "guide.md", "--labels", "PER,LOC") == 0
    session = open_session([], SessionOptions("team/cy.ner"))
    assert session.row().suggestions > 0
    assert session.guidelines.read() == "# Guide\n"
    session.close()


@pytest.mark.parametrize("annotators", ["ana", "ana,ANA", "ana,../bo", "ana,.b"])
def test_names_that_are_none_of_projects_are_refused(annotators: str, capfd: Capture) -> None:
    assert deal(annotators=annotators) == 2
    assert capfd.readouterr().err.count("\n") == 1
    assert not Path("team").exists()
