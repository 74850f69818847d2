"""What a project decided, as patterns: each string once with each of its labels, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.backing_up import back_up
from ner_tui.session.transfer.decided_patterns import write_patterns

RECORDS = [
    {"text": "Ada met Bo in New\nYork.", "spans": [{"start": 14, "end": 22, "label": "LOC"}]},
    {"text": "Then New York met Ada.", "spans": [
        {"start": 18, "end": 21, "label": "PER"},
        {"start": 5, "end": 13, "label": "ORG", "source": "suggested", "model": "m", "score": 0.9, "margin": 0.8},
    ]},
]  # fmt: skip


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in RECORDS))
    session = open_session(["a.jsonl"], SessionOptions(project="p.ner", annotator="ada"))
    session.corrections.label(0, 3, "PER", cursor=0)
    yield session
    session.close()


def patterns(session: Session, **options: bool) -> list[tuple[str, str]]:
    wanted = {"only_confirmed": False, "with_suggestions": False} | options
    report = write_patterns(session._project, "out.jsonl", **wanted)
    assert report.path == "out.jsonl"
    return [(each["label"], each["pattern"]) for each in map(json.loads, Path("out.jsonl").read_text().splitlines())]


def test_each_string_is_there_once_in_the_order_of_the_text(session: Session) -> None:
    assert patterns(session) == [("PER", "Ada"), ("LOC", "New York")]


def test_suggestions_count_where_they_are_asked_for(session: Session) -> None:
    assert patterns(session, with_suggestions=True) == [("PER", "Ada"), ("LOC", "New York"), ("ORG", "New York")]


def test_only_what_is_confirmed_counts_where_that_is_asked_for(session: Session) -> None:
    assert patterns(session, only_confirmed=True) == []
    session.open(session.document_ids()[-1])
    session.corrections.confirm(0)
    assert patterns(session, only_confirmed=True)[-1] == ("PER", "Ada")


@pytest.mark.parametrize("out", ["out/", "a.jsonl"])
def test_patterns_are_one_file_and_never_in_the_place_of_a_source(session: Session, out: str) -> None:
    before = Path("a.jsonl").read_bytes()
    with pytest.raises(InputError, match="patterns are one file" if out.endswith("/") else r"a\.jsonl"):
        write_patterns(session._project, out, only_confirmed=False, with_suggestions=False)
    assert Path("a.jsonl").read_bytes() == before
    assert not Path("out").exists()


def test_a_backup_of_an_open_project_has_the_last_edit_and_takes_the_place_of_nothing_that_is_read(
    session: Session,
) -> None:
    session.corrections.label(8, 10, "PER", cursor=8)
    Path("link.ner").symlink_to("copy.ner")
    back_up(Path("p.ner"), "link.ner")
    Path("folder").mkdir()
    copy = open_session([], SessionOptions(project="copy.ner", annotator="ada"))
    assert copy.row().spans == session.row().spans == 4
    copy.close()
    for out in ("-", "new/", "folder", "a.jsonl", "p.ner"):
        before = [(path.name, path.read_bytes()) for path in sorted(Path().glob("*.*")) if path.name != "p.ner-shm"]
        with pytest.raises(InputError):
            back_up(Path("p.ner"), out)
        assert before == [
            (path.name, path.read_bytes()) for path in sorted(Path().glob("*.*")) if path.name != "p.ner-shm"
        ]
