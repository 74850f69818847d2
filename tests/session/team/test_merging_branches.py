"""``merge`` of branches made at random, by git, and of dumps in which a merge went wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from merging import TEXT, Capture, Work, branch, dump, label, make_base, merge, spans, states

from ner_tui.cli import main
from ner_tui.domain.annotation.verbs import NeedsJoin
from ner_tui.errors import EditRefused
from ner_tui.session import Session
from ner_tui.session.transfer.rebuild import check_project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    make_base()
    return tmp_path


def random_work(seed: int) -> Work:
    random = Random(seed)

    def work(session: Session) -> None:
        for _ in range(6):
            word = random.choice(["Ada", "Oslo", "Bob", "Cy", "Rome", "Acme", "Kyiv"])
            start = TEXT.index(word)
            verb = random.choice(["label", "label", "remove", "confirm", "resize"])
            try:
                if verb == "label":
                    name = random.choice(["PER", "LOC"])
                    session.corrections.label(start, start + len(word), name, cursor=start)
                elif verb == "remove":
                    session.corrections.remove(start)
                elif verb == "resize":
                    session.corrections.resize(start, right=1)
                else:
                    session.corrections.confirm(start)
            except (EditRefused, NeedsJoin):
                pass

    return work


@pytest.mark.parametrize("seed", range(8))
def test_of_branches_made_at_random_nothing_is_lost_and_the_sides_can_change_places(seed: int, capfd: Capture) -> None:
    branch("start", random_work(seed))
    shutil.copy("start.jsonl", "base.jsonl")
    branch("ours", random_work(100 + seed), start="start")
    branch("theirs", random_work(200 + seed), start="start")
    sides = {name: spans([json.loads(each) for each in Path(f"{name}.jsonl").read_text().splitlines()])
             for name in ("base", "ours", "theirs")}  # fmt: skip
    code = main(["merge", "base.jsonl", "ours.jsonl", "theirs.jsonl", "-o", "one.jsonl"])
    assert main(["merge", "base.jsonl", "theirs.jsonl", "ours.jsonl", "-o", "other.jsonl"]) == code
    one, other = (
        [json.loads(line) for line in Path(name).read_text().splitlines()] for name in ("one.jsonl", "other.jsonl")
    )
    assert spans(one) == spans(other)
    contested = {
        (line["text"][each["start"] : each["end"]], each["label"]) for line in one for each in line.get("suggested", ())
    }
    for name in ("ours", "theirs"):
        added = sides[name].items() - sides["base"].items()
        assert added <= spans(one).items() | contested
    kept = sides["base"].items() & sides["ours"].items() & sides["theirs"].items()
    assert kept <= spans(one).items()
    assert states(one) == states(other)
    assert main(["load", "one.jsonl", "--project", "random.ner"]) == 0
    dump("random")
    assert Path("random.jsonl").read_text() == Path("one.jsonl").read_text(), "git sees no change where there is none"
    assert list(check_project(Path("random.ner"), [])) == []


def test_as_a_driver_of_git_it_merges_branches(folder: Path) -> None:
    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        settings = ("-c", "user.name=a", "-c", "user.email=a@b")
        return subprocess.run(["git", *settings, *arguments], capture_output=True, text=True, check=False)

    git("init", "-q", "-b", "main", ".")
    driver = f'"{sys.executable}" -m ner_tui merge %O %A %B'
    git("config", "merge.ner-tui.driver", driver)
    Path(".gitattributes").write_text("dump.jsonl merge=ner-tui\n")
    shutil.copy("base.jsonl", "dump.jsonl")
    git("add", ".gitattributes", "dump.jsonl")
    git("commit", "-qm", "base")
    for name, work in {"ours": label("Ada", "PER"), "theirs": label("Bob", "PER")}.items():
        branch(name, work)
        git("checkout", "-qb", name, "main")
        shutil.copy(f"{name}.jsonl", "dump.jsonl")
        git("commit", "-qam", name)
    merged = git("merge", "ours")
    assert merged.returncode == 0, merged.stdout + merged.stderr
    found = [json.loads(line) for line in Path("dump.jsonl").read_text().splitlines()]
    assert spans(found) == {"Ada": "PER", "Bob": "PER"}


def broken(lines: list[str]) -> dict[str, list[str]]:
    second = next(at for at, line in enumerate(lines) if '"kind":"sentence"' in line)
    return {
        "git left a conflict here": [*lines[:second], "<<<<<<< ours\n", *lines[second:]],
        "a second project begins here": [*lines, *lines],
        f"this sentence stands in line {second + 1}, too": [*lines[: second + 1], *lines[second:]],
        "has 3 sentences, and 4 are said to follow": [*lines[:second], *lines[second + 1 :]],
    }


@pytest.mark.parametrize("number", range(4))
def test_a_merge_that_went_wrong_is_told_with_its_line(number: int, capfd: Capture) -> None:
    lines = Path("base.jsonl").read_text().splitlines(keepends=True)
    told, content = list(broken(lines).items())[number]
    Path("broken.jsonl").write_text("".join(content))
    assert main(["load", "broken.jsonl", "--project", "new.ner"]) == 2
    error = capfd.readouterr().err
    assert told in error
    assert error.startswith("broken.jsonl:") or "broken.jsonl:" in error.splitlines()[-1]
    assert not Path("new.ner").exists()
    assert main(["merge", "base.jsonl", "broken.jsonl", "base.jsonl"]) == 2
    assert Path("broken.jsonl").read_text() == "".join(content)


def test_an_empty_base_is_no_base(capfd: Capture) -> None:
    branch("ours", label("Ada", "PER"))
    branch("theirs", label("Bob", "PER"))
    Path("base.jsonl").write_text("")
    assert spans(merge(capfd)) == {"Ada": "PER", "Bob": "PER"}
