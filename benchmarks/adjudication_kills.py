"""Kill one long adjudication at random moments: nothing that was drawn as settled may be gone.

    python benchmarks/adjudication_kills.py [--kills N] [--seed S] [--json]

Three annotators' files with a conflict in each sentence become one project. Each round opens it on a pseudo-terminal,
takes readings by random digits, now and then takes an answer back, and is killed (``SIGKILL``) after a random time. An
answer is acknowledged when the next conflict was drawn after it. After each kill the project has to be sound, to hold
every answer of this round and of all rounds before, and to show the next conflict when it is opened again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL

from sessions import TIME_LIMIT, TerminalSession

from ner_tui.session import SessionOptions, open_session
from ner_tui.session.team.adjudicating import adjudicate
from ner_tui.session.team.sides import SideOptions
from ner_tui.session.transfer.rebuild import check_project

LONGEST = 6.0
"""Seconds after the first conflict was drawn within which a session is killed."""
CONFLICTS_A_DOCUMENT = 50
CONFLICTS_A_ROUND = 200
"""More than can be settled before a session is killed."""
TAKEN = {"1": "ORG", "2": "PER", "3": None, "0": None}
"""What digits take: of equally many readers the reading that comes first in order, what is nothing last."""
_CONFLICT = re.compile(rb"\[name(\d+)x ")


@dataclass
class Result:
    """What became of an adjudication."""

    rounds: int = 0
    settled: int = 0
    """Conflicts that were drawn as settled."""
    taken_back: int = 0
    lost: int = 0
    other: int = 0
    """Conflicts that hold something else than what was answered."""
    faults: list[str] = field(default_factory=list)


def prepare(folder: Path, conflicts: int) -> None:
    """Make a project of annotators who agree on the first word of each sentence, and differ in the third."""
    paths = []
    for annotator, tag in {"ana": "B-PER", "bo": "B-ORG", "cy": "O"}.items():
        lines = list[str]()
        for number in range(conflicts):
            if number % CONFLICTS_A_DOCUMENT == 0:
                lines += ["-DOCSTART- O", ""]
            lines += ["Ada B-PER", "met O", f"name{number}x {tag}", ". O", ""]
        path = folder / f"{annotator}.conll"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        paths.append(str(path))
    adjudicate(paths, SideOptions(), folder / "p.ner", blind=False)


def found(folder: Path) -> dict[int, str | None]:
    """Return what is decided of each conflict that is settled, by its number."""
    answers: dict[int, str | None] = {}
    with closing(open_session([], SessionOptions(str(folder / "p.ner"), read_only=True))) as session:
        for document in session.document_ids():
            opened = session.open(document)
            decided = {
                opened.text[mark.span.start : mark.span.end]: mark.span.label
                for mark in opened.spans(0, opened.length)
                if mark.kind == "decided"
            }
            for match in re.finditer(r"name(\d+)x", opened.text):
                if session.adjudication.conflict_at(match.start()) is None:
                    answers[int(match[1])] = decided.get(match[0])
    return answers


def shown(session: TerminalSession, at: int, until: float, *, but: int | None = None) -> int | None:
    """Read until a conflict is drawn later than ``at``, and return its number; None: it was not, in time.

    Args:
        but: the one that was drawn before, and may be drawn once more.
    """
    while time.monotonic() < until:
        numbers = [int(number) for number in _CONFLICT.findall(session.text(at))]
        if numbers and numbers[-1] != but:
            return numbers[-1]
        session.read(min(0.02, max(0.0, until - time.monotonic())))
    return None


def kill_one(folder: Path, dice: random.Random, answers: dict[int, str | None], result: Result) -> int | None:
    """Go on with the adjudication until it is killed; return the conflict that may or may not be settled then."""
    session = TerminalSession(folder)
    here = shown(session, 0, time.monotonic() + TIME_LIMIT)
    if here is None:
        session.end(SIGKILL)
        raise TimeoutError("no conflict was drawn")
    end, before = time.monotonic() + dice.uniform(0, LONGEST), None
    while True:
        at = len(session.drawn)
        back = before is not None and dice.random() < 0.1
        key = "u" if back else dice.choice(list(TAKEN))
        session.press(key)
        following = shown(session, at, end, but=here)
        doubtful = before if back else here
        if following is None:
            break
        if back and before is not None:
            answers.pop(before, None)
            result.taken_back += 1
            here, before = following, None
        else:
            answers[here] = TAKEN[key]
            here, before = following, here
    session.end(SIGKILL)
    return doubtful


def examine(folder: Path, answers: dict[int, str | None], doubtful: int | None, result: Result) -> None:
    """Look at what is left, and take over what was not acknowledged."""
    result.faults += [str(fault) for fault in check_project(folder / "p.ner", [])]
    there = found(folder)
    for number, label in answers.items():
        if number != doubtful:
            result.lost += number not in there
            result.other += number in there and there[number] != label
    if extra := set(there) - set(answers) - {doubtful}:
        result.faults.append(f"settled without an answer: {sorted(extra)}")
    answers.clear()
    answers.update(there)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="of one adjudication (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    dice, result, answers = random.Random(arguments.seed), Result(), dict[int, str | None]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, CONFLICTS_A_ROUND * arguments.kills)
        for number in range(arguments.kills):
            try:
                doubtful = kill_one(folder, dice, answers, result)
                examine(folder, answers, doubtful, result)
            except Exception as error:
                result.faults.append(f"round {number}: {type(error).__name__}: {error}")
            result.rounds += 1
            result.settled = len(answers)
            if sys.stderr.isatty() or number % 10 == 9:
                done = f"{number + 1} of {arguments.kills}: {result.settled} settled, {result.lost} lost"
                print(done, file=sys.stderr, flush=True)
    if arguments.json:
        print(json.dumps(vars(result)))
    else:
        settled = f"{result.settled} conflicts settled, {result.taken_back} answers taken back"
        bad = f"{result.lost} lost, {result.other} settled otherwise, {len(result.faults)} faults"
        print(f"{result.rounds} kills of one adjudication: {settled}, {bad}")
        for fault in result.faults[:5]:
            print(f"  {fault}")
    return 1 if result.lost or result.other or result.faults else 0


if __name__ == "__main__":
    sys.exit(main())
