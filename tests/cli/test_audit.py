"""``audit`` as a person runs it: places, the likeliest first, exit codes, and one object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ner_tui.cli import main
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.session import SessionOptions, open_session

Capture = pytest.CaptureFixture[str]
SENTENCES = (
    "Angela/B-PER Merkel/I-PER visited/O Paris/B-LOC on/O Monday/O ./O",
    "Officials/O in/O Berlin/B-LOC said/O Angela/B-PER Merkel/I-PER will/O travel/O to/O London/B-LOC ./O",
    "Microsoft/B-ORG opened/O an/O office/O in/O Madrid/B-LOC ./O",
    "The/O president/O of/O France/B-LOC met/O Tony/B-PER Blair/I-PER in/O Rome/B-LOC ./O",
)


@pytest.fixture(autouse=True)
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with two errors: London is a person, and Tony Blair nothing."""
    monkeypatch.chdir(tmp_path)
    text = "\n\n".join("\n".join(word.replace("/", " ") for word in each.split()) for each in SENTENCES * 3) + "\n"
    lines = text.split("\n")
    lines[lines.index("London B-LOC")] = "London B-PER"
    at = lines.index("Tony B-PER")
    lines[at : at + 2] = ["Tony O", "Blair O"]
    Path("gold.conll").write_text("\n".join(lines))
    return tmp_path / "gold.conll"


def objects(capfd: Capture, *arguments: str, code: int) -> list[dict[str, Any]]:
    assert main(["audit", "gold.conll", "--json", "--model", "fast", *arguments]) == code
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_errors_come_out_with_their_lines(capfd: Capture) -> None:
    found = objects(capfd, code=1)
    label, missing = sorted(found[:2], key=lambda each: each["kind"])
    assert (label["kind"], missing["kind"]) == ("label", "missing")
    assert [span["label"] for span in (*label["given"], *label["proposed"])] == ["PER", "LOC"]
    assert label["given"][0]["text"] == "London"
    assert missing["given"] == []
    assert missing["proposed"] == [{"start": 5, "end": 7, "label": "PER", "text": "Tony Blair"}]
    lines = Path("gold.conll").read_text().split("\n")
    for each in found:
        assert lines[each["line"] - 2] == "" or each["line"] == 1
        assert lines[each["end_line"] - 1] == ". O"
        assert lines[each["line"] - 1 + each["start"]].split()[0] in ("London", "Tony", *map(first, each["given"]))
        assert each["file"] == "gold.conll"
    chances = [each["probability"] for each in found]
    assert chances == sorted(chances, reverse=True)


def first(span: dict[str, Any]) -> str:
    return str(span["text"]).split()[0]


def test_people_read_file_and_line_and_what_should_stand_there(capfd: Capture) -> None:
    assert main(["audit", "gold.conll", "--model", "fast"]) == 1
    out, err = capfd.readouterr()
    number = Path("gold.conll").read_text().split("\n").index("London B-PER") + 1
    assert f"gold.conll:{number}: " in out
    assert "PER “London” → LOC" in out
    assert "no entity → PER “Tony Blair”" in out
    assert "judged by fast" in err
    assert err.count("read as conll") == 1


def test_of_a_text_the_words_are_told_as_they_stand_there(capfd: Capture) -> None:
    text = "Angela Merkel, (she)\nsaid, flew to Lon-\ndon with Tony  O'Blair's aide.\n"
    start = text.index("Tony")
    record = {"text": text, "spans": [{"start": start, "end": start + len("Tony  O'Blair"), "label": "LOC"}]}
    Path("raw.jsonl").write_text(json.dumps(record) + "\n")
    assert main(["audit", "raw.jsonl", "--model", "fast", "--at-least", "0"]) == 1
    out = capfd.readouterr().out
    assert "“Tony  O'Blair”" in out
    (line,) = [each for each in out.splitlines() if "LOC “Tony  O'Blair”" in each][:1]
    assert "Lon- don with [Tony  O'Blair" in line
    assert main(["audit", "raw.jsonl", "--json", "--model", "fast", "--at-least", "0"]) == 1
    found = [json.loads(each) for each in capfd.readouterr().out.splitlines()]
    assert all(span["text"] in text for each in found for span in each["given"] + each["proposed"])


def test_without_findings_the_exit_code_is_0(capfd: Capture) -> None:
    assert objects(capfd, "--at-least", "1", code=0) == []


def test_the_output_goes_to_a_file_whole_and_never_over_the_input(capfd: Capture) -> None:
    assert objects(capfd, "-o", "found.jsonl", code=1) == []
    assert all("probability" in json.loads(line) for line in Path("found.jsonl").read_text().splitlines())
    before = Path("gold.conll").read_bytes()
    assert main(["audit", "gold.conll", "--model", "fast", "-o", "gold.conll"]) == 2
    assert Path("gold.conll").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.conll"], "missing.conll"),
        (["gold.conll", "--model", "none"], "needs a model"),
        (["plain.txt"], "nothing is annotated"),
    ],
)
def test_what_cannot_be_audited_is_told_in_a_sentence(capfd: Capture, arguments: list[str], words: str) -> None:
    Path("plain.txt").write_text("Ada left.\n")
    assert main(["audit", *arguments]) == 2
    out, err = capfd.readouterr()
    assert (out, words in err, "Traceback" in err) == ("", True, False)


def test_what_is_found_is_kept_in_a_project_to_be_gone_through_there(capfd: Capture) -> None:
    alone = objects(capfd, code=1)
    found = objects(capfd, "--project", "gold.ner", code=1)
    assert [(each["kind"], each["probability"]) for each in found] == [
        (each["kind"], each["probability"]) for each in alone
    ]
    session = open_session([], SessionOptions(project="gold.ner", annotator="ada"))
    kept = [entry.why for entry in session.queue.entries(DoubtFilter(reason="error"))]
    session.close()
    assert len(kept) == len(found)
    assert {words.split(" ", 1)[1] for words in kept[:2]} == {"PER → LOC", "no entity → PER"}


def test_an_audit_that_fails_leaves_no_project_behind_and_one_that_was_there_as_it_is(
    capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("plain.conll").write_text("Ada O\nleft O\n")
    before = {path.name for path in Path().iterdir()}
    command = ["audit", "plain.conll", "--project", "p.ner", "--model", "fast"]
    assert main(command) == 2
    assert "nothing is annotated" in capfd.readouterr().err
    assert {path.name for path in Path().iterdir()} == before
    open_session(["plain.conll"], SessionOptions(project="p.ner", annotator="ada")).close()
    assert main(command) == 2
    session = open_session([], SessionOptions(project="p.ner", annotator="ada"))
    assert session.row().sentences == 1
    session.close()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ner_tui.session.possible_errors.ErrorAudit.run", interrupted)
    assert main(["audit", "gold.conll", "--project", "q.ner", "--model", "fast"]) == 130
    assert not list(Path().glob("q.ner*"))


def test_where_it_may_not_write_is_said_before_a_project_is_made(capfd: Capture) -> None:
    assert main(["audit", "gold.conll", "--model", "fast", "--project", "p.ner", "-o", "gold.conll"]) == 2
    assert "one of the files that are read" in capfd.readouterr().err
    assert not Path("p.ner").exists()


def test_a_project_has_a_list_of_its_own(capfd: Capture) -> None:
    objects(capfd, "--project", "gold.ner", code=1)
    assert main(["audit", "gold.ner", "--project", "other.ner", "--model", "fast"]) == 2
    assert "z q in ner-tui review" in capfd.readouterr().err
